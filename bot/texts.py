"""Every sentence that the bot says in its own name."""

from __future__ import annotations

from bot.flow_texts import FLOW_COMMANDS

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

NEW = "Đã quên câu chuyện vừa rồi. Mời anh/chị hỏi việc mới."
DAY_NONE = (
    "Tôi đang trả lời theo quy định hôm nay. Muốn hỏi theo quy định tại một ngày khác, anh/chị gõ ví dụ "
    "«/ngay 01/06/2024», hoặc kèm luôn câu hỏi: «/ngay 01/06/2024 cấp nào công nhận 3 sao»."
)
DAY_IS = "Tôi đang trả lời theo quy định tại ngày {day}. Gõ «/ngay hôm nay» để trở lại hiện tại."
DAY_SET = "Từ giờ tôi trả lời theo quy định tại ngày {day}. Gõ «/ngay hôm nay» để trở lại hiện tại."
DAY_CLEARED = "Đã trở lại quy định hôm nay."
DAY_UNREAD = "Tôi chưa đọc được ngày đó. Anh/chị gõ ngày/tháng/năm, ví dụ «/ngay 01/06/2024»."
LOCALITY_NONE = "Anh/chị chưa chọn địa phương. Gõ ví dụ «/diaphuong Hà Nội» để câu trả lời tính cả quy định của tỉnh."
LOCALITY_IS = "Địa phương đang chọn: {name}. Gõ «/diaphuong bỏ» để thôi."
LOCALITY_SET = "Đã chọn địa phương: {name}"
LOCALITY_CLEARED = "Đã thôi chọn địa phương: tôi trả lời theo quy định chung cả nước."
LOCALITY_UNREAD = "Tôi chưa biết địa phương «{name}». Anh/chị gõ tên tỉnh hoặc thành phố, ví dụ «/diaphuong Bắc Ninh»."

HOI_EMPTY = "Anh/chị gõ câu hỏi sau lệnh, ví dụ «/hoi hồ sơ OCOP gồm những gì», hoặc trả lời (reply) vào một câu hỏi."
SWITCH_IN_GROUP = "Lệnh /bat và /tat dùng trong nhóm."
SWITCH_ADMINS = "Chỉ quản trị viên của nhóm mới bật, tắt được Sổ tay."
SWITCHED_ON = "Sổ tay đã bật trong nhóm này. Gọi tôi bằng /hoi, bằng tên tôi, hoặc trả lời tin của tôi."
SWITCHED_OFF = "Sổ tay đã tắt trong nhóm này. Quản trị viên gõ /bat để bật lại."
GROUP_HELLO = (
    "Xin chào cả nhóm! Tôi là Sổ tay, trợ lý máy (AI) về OCOP và nông thôn mới. Tôi chỉ trả lời khi được gọi: "
    "gõ /hoi kèm câu hỏi, nhắc tên tôi, hoặc trả lời tin của tôi. Quản trị viên nhóm gõ /tat để tắt tôi."
)

SWITCHED_OFF_ALL = "Sổ tay đang tạm dừng để bảo trì. Anh/chị vui lòng quay lại sau."
CLOSED = {
    "invite": "Sổ tay chỉ phục vụ người được mời. Anh/chị xin mã mời của người quản trị rồi gõ «/start mã-mời».",
    "list": "Sổ tay chỉ phục vụ người có tên trong danh sách. Anh/chị gửi số {number} cho người quản trị để được thêm.",
}
TOO_MANY = "Anh/chị gửi hơn {limit} tin trong một phút. Xin chờ một phút rồi hỏi tiếp, tôi vẫn ở đây."
BAD_CODE = "Mã mời không đúng, đã hết lượt hoặc quá hạn. Anh/chị xin người quản trị mã khác."
JOINED = "Anh/chị đã được thêm với vai trò {role}."

ADMINS_ONLY = "Lệnh này dành cho người quản trị Sổ tay."
ROLE_NAMES = {"user": "người dùng", "reviewer": "chuyên viên", "admin": "quản trị"}
ROLE_WORDS = {
    "nguoi_dung": "user", "nguoidung": "user", "user": "user",
    "chuyen_vien": "reviewer", "chuyenvien": "reviewer", "reviewer": "reviewer",
    "quan_tri": "admin", "quantri": "admin", "admin": "admin",
}  # fmt: skip
INVITE_UNREAD = (
    "Cách dùng: «/moi_nguoi [nguoi_dung | chuyen_vien | quan_tri] [số lượt]», ví dụ «/moi_nguoi chuyen_vien 3»."
)
INVITED = "Mã mời cho {uses} {role}, dùng trong 7 ngày:\n{link}\nHoặc gõ trong khung chat với bot: /start {code}"
PEOPLE_HEAD = "Những người đã được giao vai trò"
PEOPLE_NONE = "Chưa ai được giao vai trò. Gõ /moi_nguoi để tạo mã mời."
REMOVE_UNREAD = "Cách dùng: «/bo_nguoi số», với số lấy từ /nguoi."
REMOVED = "Đã bỏ vai trò của người số {number}."
FIGURES = """Số liệu Sổ tay
• Câu hỏi còn lưu: {asked} (trả lời {answered}, chưa có căn cứ {abstained}, hỏi lại {clarify})
• Đánh giá: {useful} hữu ích, {useless} chưa đúng
• Cuộc trò chuyện Telegram: {chats}
• Tin đang chờ xử lý: {waiting}; gác lại vì lỗi: {poison}
• Tin chờ gửi: {unsent}; không gửi được: {dead}"""
POWER_OFF = "Đã tắt Sổ tay với mọi người, trừ quản trị. Gõ /bat_bot để bật lại."
POWER_ON = "Sổ tay đã bật lại."
BROADCAST_EMPTY = "Cách dùng: «/thong_bao nội dung cần gửi cho mọi người»."
BROADCAST_PREVIEW = "Xem trước thông báo"
BROADCAST_YES = "Gửi cho {count} người"
BROADCAST_NO = "Không gửi"
BROADCAST_SENT = "Đang gửi thông báo cho {count} người."
BROADCAST_DROPPED = "Đã bỏ thông báo."
UPLOAD_TOO_LARGE = "Tệp «{name}» quá lớn: Telegram chỉ cho bot tải tệp đến 20 MB. Anh/chị nạp bằng lệnh «sotay ingest»."
UPLOAD_NOTHING = "không có gì để đọc."
UPLOAD_STATUS = {
    "read": "đã đọc và đưa vào kho, {passages} đoạn.",
    "unchanged": "đã có trong kho, không thay đổi.",
    "refused": "không nhận: {reason}.",
    "failed": "không đọc được: {reason}.",
}
UPLOADED = "Tệp «{name}»: {report}"

PRIVATE_ONLY = "Lệnh này dùng trong khung chat riêng với tôi, để người khác không thấy dữ liệu của anh/chị."
DATA = "Toàn bộ dữ liệu Sổ tay đang giữ về anh/chị."
ERASE_ASK = (
    "Tôi sẽ xóa mọi câu hỏi, câu trả lời, đánh giá, lựa chọn và vai trò của anh/chị. Việc này không lấy lại được. "
    "Nếu không làm gì, câu hỏi cũng tự xóa sau {days} ngày. Anh/chị có chắc không?"
)
ERASE_YES, ERASE_NO = "Xóa hết", "Thôi, giữ lại"
ERASED = "Đã xóa {count} câu hỏi và mọi dữ liệu khác về anh/chị."
ERASE_KEPT = "Không xóa gì."

ADMIN_COMMANDS = {
    "moi_nguoi": "tạo mã mời",
    "nguoi": "những người đã có vai trò",
    "bo_nguoi": "bỏ vai trò của một người",
    "thongke": "số liệu",
    "thong_bao": "gửi thông báo cho mọi người",
    "tat_bot": "tạm dừng Sổ tay với mọi người",
    "bat_bot": "bật lại Sổ tay",
}

COMMANDS = {
    "start": "giới thiệu Sổ tay",
    "help": "cách dùng và các lệnh",
    "hoi": "đặt câu hỏi (trong nhóm)",
    "nguon": "nguyên văn các đoạn làm căn cứ cho câu trả lời gần nhất",
    "moi": "quên câu chuyện vừa rồi, hỏi việc mới",
    "ngay": "hỏi theo quy định tại một ngày",
    "diaphuong": "chọn tỉnh, thành phố của anh/chị",
    **FLOW_COMMANDS,
    "dulieu": "xem dữ liệu Sổ tay giữ về anh/chị",
    "xoa": "xóa dữ liệu về anh/chị",
}
