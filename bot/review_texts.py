"""What the bot says about reviewers, notices, gaps and quoting; the rest stands in `texts.py`."""

from __future__ import annotations

# Below an answer
ASK_REVIEWER, ASKED_REVIEWER = "🙋 Hỏi chuyên viên", "🙋 Đã gửi chuyên viên"
MORE, LESS = "⋯ Thêm", "⋯ Thu gọn"
COPY = "📋 Chép trích dẫn"
COPY_HEAD = "Chạm vào khung dưới đây để chép:"

# To who asked
SENT_ON = (
    "🙋 Tôi đã chuyển câu hỏi này cho chuyên viên (không kèm tên anh/chị; số điện thoại, số giấy tờ đã được che). "
    "Khi có trả lời, tôi gửi lại ngay tại đây."
)
SENT_BEFORE = "Câu này đã được gửi cho chuyên viên."
NOBODY = "Hiện chưa có chuyên viên nào nhận câu hỏi."
ENOUGH_TODAY = "Anh/chị đã gửi {limit} câu cho chuyên viên trong 24 giờ qua. Xin gửi tiếp vào ngày mai."
REPLY_HEAD = "👤 Chuyên viên trả lời"
REPLY_AGAIN = "👤 Chuyên viên đã xem lại câu trả lời"
REPLY_ABOUT = "Về câu hỏi: «{question}»"
REPLY_SOURCE = "Nguồn: {source}"
REPLY_FOOT = "Đây là lời của chuyên viên, không phải do máy soạn."

# To the reviewers
INQUIRY_HEAD = "🙋 Câu hỏi cần chuyên viên trả lời"
INQUIRY_ASKED = "Nguyên văn: {asked}"
INQUIRY_BEFORE = "Hỏi trước đó: {before}"
INQUIRY_LOCALITY = "Địa phương: {name}"
INQUIRY_REASON = "Lý do: {reason}"
REASON_ABSTAINED = "Sổ tay chưa có căn cứ để trả lời"
REASON_UNREGULATED = "văn bản không quy định, người hỏi cần ý kiến chuyên viên"
REASON_BAD = "người hỏi đánh giá câu trả lời chưa đúng{why}"
REASON_WISH = "người hỏi muốn chuyên viên xem lại"
INQUIRY_ANSWER = "Sổ tay đã trả lời:"
INQUIRY_SOURCES = "Căn cứ đã dẫn: {sources}"
INQUIRY_HOW = "👉 Anh/chị trả lời (reply) tin này; câu trả lời sẽ được chuyển tới người hỏi."
DONE_BY_ANOTHER = "✔️ Câu hỏi «{question}» đã có chuyên viên trả lời."
REVIEWERS_ONLY = "Việc này dành cho chuyên viên và người quản trị Sổ tay."
WORDS_ONLY = "Anh/chị hãy trả lời bằng chữ."
TOO_LONG = "Câu trả lời dài quá {limit} ký tự. Anh/chị hãy rút gọn."
ASKER_GONE = "Câu hỏi này không còn được lưu (người hỏi đã xóa hoặc quá hạn), nên không chuyển câu trả lời được."

# An answer on its way to everybody
DRAFT_HEAD = {
    "draft": "📝 Bản để dùng lại cho người khác (chưa ai thấy)",
    "approved": "✅ Đã duyệt cho mọi người",
    "withdrawn": "♻️ Tạm rút, cần xem lại",
    "private": "🚫 Không dùng cho người khác",
}
DELIVERED = "Đã chuyển câu trả lời tới người hỏi."
DRAFT_QUESTION, DRAFT_ANSWER, DRAFT_SOURCE = "Hỏi: ", "Đáp: ", "Nguồn: "
NO_SOURCE = "chưa có – nên thêm, ví dụ «khoản 6 Điều 7 Quyết định 26/2026/QĐ-TTg»"
UNKNOWN_SOURCE = "⚠️ Nguồn này không có trong danh bạ văn bản, nên Sổ tay không tự biết khi nào nó hết hiệu lực."
CLOSED_SOURCE = "⚠️ {number} hiện không có hiệu lực; câu trả lời chỉ nên nói về quy định trước đây."
SHOWN_AS = "Khi dẫn sẽ ghi: «{title}»"
WITHDRAWN_FOR = "Lý do: {reason}. Từ giờ câu này không được dùng để trả lời, cho đến khi anh/chị duyệt lại."
APPROVE, EDIT, ADD_SOURCE, KEEP_PRIVATE = "✅ Duyệt", "✏️ Sửa", "📎 Thêm nguồn", "🚫 Không dùng cho người khác"
EDIT_HOW = (
    "✏️ Anh/chị trả lời (reply) tin này với nội dung mới của câu trả lời. "
    "Muốn sửa cả câu hỏi, hãy viết dòng đầu «Hỏi: …» rồi xuống dòng."
)
SOURCE_HOW = (
    "📎 Anh/chị trả lời (reply) tin này với nguồn của câu trả lời, ví dụ «khoản 6 Điều 7 Quyết định 26/2026/QĐ-TTg»; "
    "nhiều nguồn cách nhau bằng dấu chấm phẩy."
)
CHANGED_SINCE = "Bản này đã được sửa hoặc xử lý; xin xem bản mới nhất bên dưới."
DRAFT_GONE = "Câu trả lời này không còn được lưu."
APPROVED_NOW = "Đã duyệt. Từ giờ người khác hỏi câu này sẽ nhận được câu trả lời."
PRIVATE_NOW = "Đã ghi: không dùng cho người khác."

# News that people asked for
WATCH = {"gap": "🔔 Báo tôi khi có câu trả lời", "change": "🔔 Báo tôi khi quy định này thay đổi"}
WATCHED = {"gap": "🔕 Thôi báo câu này", "change": "🔕 Thôi báo thay đổi"}
WATCHING = {
    "gap": "Tôi sẽ báo một lần khi có câu trả lời (chờ tối đa {days} ngày).",
    "change": "Tôi sẽ báo một lần khi quy định làm căn cứ thay đổi.",
}
WATCHING_NO_MORE = "Tôi thôi không báo nữa."
GAP_FILLED = "🔔 Câu anh/chị hỏi ngày {day} nay đã có câu trả lời"
RULE_CHANGED = "🔔 Quy định làm căn cứ cho câu trả lời ngày {day} đã thay đổi"
RULE_CHANGED_FOOT = "Anh/chị nên hỏi lại trước khi dùng câu trả lời cũ."
ASK_AGAIN = "❓ Hỏi lại câu này"

# /lohong
GAPS_HEAD = "🕳 {count} câu chưa trả lời được hoặc bị chê trong {days} ngày qua, {groups} nhóm"
GAPS_MORE = "… và {count} nhóm nữa; xem hết bằng lệnh «sotay gaps» trên máy chủ."
NO_GAPS = "Trong {days} ngày qua không có câu nào bỏ ngỏ hay bị chê."
REVIEWER_COMMANDS = {"lohong": "những câu chưa trả lời được hoặc bị chê, gom theo nhóm"}
