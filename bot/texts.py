"""Every sentence that the bot says in its own name."""

from __future__ import annotations

DISCLOSURE = "🤖 Sổ tay là trợ lý máy (AI): câu trả lời do máy soạn từ văn bản, không phải ý kiến của cán bộ."

START = """Xin chào! Tôi là Sổ tay, trợ lý máy (AI) về xét, công nhận nông thôn mới và về OCOP: đánh giá sản phẩm, \
bao bì, câu chuyện, tên gọi.

Anh/chị cứ gõ câu hỏi như nhắn cho đồng nghiệp, có dấu hay không dấu đều được. Câu trả lời nào cũng kèm căn cứ; \
chỗ nào chưa có căn cứ, tôi nói rõ là chưa có.

Ví dụ:
• ocop 4 sao cần bao nhiêu điểm?
• hồ sơ OCOP gồm những gì?
• bao bì in trước tháng 1/2026 còn dùng được không?

Câu trả lời do máy soạn, chỉ để tham khảo; khi làm văn bản, anh/chị hãy đối chiếu với nguồn được dẫn. \
Xin đừng gửi số điện thoại, số căn cước hay bí mật của ai. Gõ /help để xem các lệnh."""

HELP_HEAD = "Cách dùng Sổ tay"
HELP = """Gõ câu hỏi về OCOP hoặc nông thôn mới, mỗi lần một việc. \
Hỏi tiếp ngắn gọn cũng được, ví dụ «còn 5 sao thì sao?».

Các lệnh:
{commands}

Sổ tay chỉ đọc được chữ, chưa nghe được tin nhắn thoại và chưa đọc được ảnh."""

NO_SOURCES = (
    "Chưa có câu trả lời nào để xem nguồn. Anh/chị hãy hỏi một câu trước, "
    "rồi gõ /nguon để xem nguyên văn các đoạn được dẫn."
)
LAST_WITHOUT_SOURCES = "Câu trả lời gần nhất không dẫn đoạn nào, vì Sổ tay chưa tìm được căn cứ cho câu đó."
SOURCES_HEAD = "Các đoạn làm căn cứ cho câu trả lời gần nhất"

EMPTY = "Tôi chưa thấy câu hỏi nào. Anh/chị hãy gõ nội dung cần hỏi, ví dụ: «Hồ sơ OCOP gồm những gì?»"
NO_WORDS = (
    "Tôi chỉ trả lời được câu hỏi bằng chữ. Anh/chị hãy gõ nội dung cần hỏi, ví dụ: «OCOP 4 sao cần bao nhiêu điểm?»"
)
VOICE = (
    "Tôi chưa nghe được tin nhắn thoại. Anh/chị hãy gõ câu hỏi bằng chữ; gõ không dấu cũng được. "
    "Bàn phím điện thoại thường có nút micro để đọc cho máy gõ giúp."
)
PHOTO = "Tôi chưa đọc được ảnh. Anh/chị hãy gõ lại nội dung cần hỏi, hoặc câu hỏi về tài liệu trong ảnh, bằng chữ."
DOCUMENT = (
    "Tôi chưa nhận tệp ở đây. Anh/chị hãy gõ câu hỏi bằng chữ; muốn bổ sung văn bản, xin liên hệ người quản trị Sổ tay."
)
OTHER = "Tôi chưa hiểu loại tin này. Anh/chị hãy gõ câu hỏi bằng chữ, hoặc gõ /help để xem cách dùng."
UNKNOWN_COMMAND = (
    "Không có lệnh «{command}». Gõ /help để xem các lệnh; còn câu hỏi thì anh/chị cứ gõ thẳng, không cần lệnh."
)

APOLOGY = (
    "Xin lỗi, Sổ tay đang gặp trục trặc nên chưa trả lời được. Tôi sẽ tự thử lại trong ít phút; "
    "nếu vẫn chưa thấy trả lời, anh/chị vui lòng gửi lại câu hỏi."
)

WORKING = "Đang tìm câu trả lời…"
EDITED = "✏️ Trả lời cho câu hỏi anh/chị vừa sửa"
GOOD, BAD = "👍 Hữu ích", "👎 Chưa đúng"
THANKS = "Cảm ơn anh/chị!"
SORRY = "Cảm ơn anh/chị. Câu trả lời chưa đúng ở điểm nào?"
THANKS_REASON = "Cảm ơn anh/chị, góp ý đã được ghi lại."
REASONS = ("Sai quy định", "Quy định cũ", "Thiếu ý", "Không đúng câu hỏi", "Khó hiểu")
BEFORE, AFTER = "◀️ Đoạn trước", "Đoạn sau ▶️"
GONE = "Câu trả lời này không còn được lưu. Anh/chị vui lòng hỏi lại."
PASSAGE_GONE = "Đoạn này không còn trong kho văn bản. Anh/chị vui lòng hỏi lại."
QUOTED_THEN = "Phần trích tại lúc trả lời; văn bản trong kho đã thay đổi."

WARNINGS_HEAD = "⚠️ Lưu ý"
CITATIONS_HEAD = "📖 Căn cứ"
SUGGESTIONS_HEAD = "Có thể anh/chị muốn hỏi"
OUT_OF_FORCE = "đã hết áp dụng"
NOT_YET = "chưa có hiệu lực"
PAGE = "trang {page}"
FROM = "từ {start}"
UNTIL = "đến {end}"
APPLIES = "áp dụng {span}"
LINK = "xem văn bản"

# What the person who runs the bot reads, in the log and in /v1/health.
WRONG_TOKEN = (
    "Telegram không nhận mã bot (SOTAY_TELEGRAM_TOKEN). Hãy lấy lại mã từ @BotFather rồi khởi động lại; "
    "phần còn lại của Sổ tay vẫn chạy."
)
UNREACHABLE = "Chưa nối được tới máy chủ Telegram; sẽ tự thử lại. Hãy kiểm tra mạng và SOTAY_TELEGRAM_API_URL."
CONFLICT = (
    "Một chương trình khác đang dùng cùng mã bot (Telegram báo 409). Hãy tắt chương trình kia; "
    "Sổ tay sẽ tự nhận lại tin, không mất tin nào."
)
DATABASE_TROUBLE = "Chưa ghi được tin nhắn Telegram vào cơ sở dữ liệu; sẽ thử lại, tin vẫn còn ở Telegram."
RUNNING = "Bot Telegram @{name} đang nhận tin."
STOPPED = "Bot Telegram đã dừng."

COMMANDS = {
    "start": "giới thiệu Sổ tay",
    "help": "cách dùng và các lệnh",
    "nguon": "nguyên văn các đoạn làm căn cứ cho câu trả lời gần nhất",
}
