"""What the officers' flows say: /hoso, /thoihan, /vanban, /chude."""

from __future__ import annotations

FLOW_COMMANDS = {
    "hoso": "danh mục hồ sơ: đánh dấu giấy đã có, tải bản Word",
    "thoihan": "tính ngày đến hạn, theo ngày làm việc",
    "vanban": "một văn bản còn hiệu lực không, thay văn bản nào",
    "chude": "đọc sổ tay theo chủ đề",
}

WEEKDAYS_SHORT = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
BACK = "◀️ Trở lại"
EARLIER_PAGE, LATER_PAGE, FAR_BACK, FAR_ON = "◀️", "▶️", "⏪", "⏩"
HANDBOOK_PAGE = "📖 Trang sổ tay"
NOTES_HEAD = "⚠️ Lưu ý"
PLACE = "{page}/{pages}"
OUTDATED = "Mục này không còn trong Sổ tay. Anh/chị gõ lại lệnh để xem danh sách mới."

# How a rule stands on a day
IN_FORCE = "✅ Ngày {day}: {number} đang áp dụng"
EARLIER = "🕘 Ngày {day}: {number} đã hết áp dụng"
SUSPENDED = "⏸ Ngày {day}: {number} đang bị ngưng hiệu lực"
LATER = "🕒 Ngày {day}: {number} chưa có hiệu lực"
UNKNOWN = "❔ Chưa rõ {number} có hiệu lực từ ngày nào"
SINCE, UNTIL = "từ {start}", "đến hết {end}"
NOW_INSTEAD = "Thay vào đó là {number}."
NOT_ANY_MORE, NOT_YET, NOT_KNOWN = "🕘 ", "🕒 ", "❔ "
RULE_UNKNOWN = "❔ {key} không có trong danh bạ văn bản"
CERTAINTY = {"một nguồn": "hiệu lực theo một nguồn", "chưa kiểm chứng": "hiệu lực chưa kiểm chứng"}

# /thoihan
DEADLINE_HEAD = "Tính ngày đến hạn"
DEADLINE_PICK = "Anh/chị cần tính mốc nào?"
DEADLINE_PICK_FROM = "Ngày bắt đầu: {day}. Anh/chị cần tính mốc nào?"
DEADLINE_TYPED = "Hoặc gõ luôn ngày bắt đầu, ví dụ «/thoihan 22/5/2026»."
DEADLINE_UNREAD = "Tôi chưa đọc được ngày «{words}». Anh/chị gõ ngày/tháng/năm, ví dụ «/thoihan 22/5/2026»."
DEADLINE_DAY = "Chọn ngày bắt đầu: {start}."
DEADLINE_FROM = "Tính từ {start}: {day}"
TODAY, YESTERDAY = "Hôm nay {day}", "Hôm qua {day}"
CALENDAR = "🗓 Chọn trên lịch"
OTHER_DAY, OTHER_STEP = "🗓 Ngày khác", "⏱ Mốc khác"
WORKING_DAYS, DAYS, MONTHS = "{number} ngày làm việc", "{number} ngày", "{number} tháng"
DAYS_BEFORE = "{number} ngày trước {day}"
COUNTED_FROM = "{span} từ {day}"
BEFORE_DAY = "trước {day}"
ROUND_THEN = "{then}: trước {day}"
ROUND_SOONER = "Nếu hồ sơ được đề nghị trước {day} thì vẫn vào đợt sớm hơn."
NOT_COUNTED = "không tính thứ Bảy, Chủ nhật"
NOT_COUNTED_TOO = "và {days}"
COUNTED_TOO = "có tính ngày làm bù {days}"
RESTING = "Ngày này là {why}; căn cứ không ghi việc dời ngày, nên Sổ tay không tự dời."
WEEKEND = "ngày cuối tuần"
BEFORE_RULE = "Ngày bắt đầu {day} thuộc lúc {number} chưa có hiệu lực, nên Sổ tay không tính hạn theo văn bản này."
AFTER_RULE = "Ngày bắt đầu {day} thuộc lúc {number} đã hết hiệu lực, nên Sổ tay không tính hạn theo văn bản này."
HOW_COUNTED = (
    "Cách đếm của Sổ tay: ngày liền sau ngày bắt đầu là ngày thứ nhất. Căn cứ không ghi cách đếm, "
    "nên kết quả có thể lệch 1 ngày."
)
HOW_WORKING = "Lịch hoán đổi, làm bù của Chính phủ đã biết: {first}–{last}."

# /chude
CONTENTS_HEAD = "Sổ tay theo chủ đề"
CONTENTS_PICK = "Anh/chị muốn đọc phần nào?"
CONTENTS_TYPED = "Hoặc gõ luôn chữ trong tên trang, ví dụ «/chude hồ sơ»."
CONTENTS_FOUND = "Các trang có «{words}» trong tên:"
CONTENTS_MORE = "({shown} trang đầu trong {count}; gõ thêm chữ để thu hẹp.)"
CONTENTS_NONE = "Không có trang nào có «{words}» trong tên. Anh/chị chọn theo phần, hoặc gõ thẳng câu hỏi."
CHAPTERS = {
    "ocop": "OCOP: hồ sơ, trình tự, hạng sao",
    "bo-san-pham": "26 bộ sản phẩm và phiếu chấm",
    "bao-bi": "Bao bì, nhãn hàng hóa",
    "cau-chuyen": "Câu chuyện sản phẩm",
    "ten-goi": "Tên gọi, nhãn hiệu",
    "ntm": "Nông thôn mới",
    "ha-noi": "Hà Nội",
    "chung": "Cách hỏi, thuật ngữ, viết tắt",
}
CHAPTER = "{name} ({count})"
CHAPTERS_BACK = "◀️ Các phần"
PAGE_EARLIER = "🕘 đến {day}"
PAGE_LATER = "🕒 từ {day}"
PAGE_NOT = "🕘 không áp dụng"

# /hoso
DOSSIER_HEAD = "Danh mục hồ sơ"
DOSSIER_PICK = "Anh/chị làm hồ sơ nào?"
DOSSIER_TYPED = "Muốn đặt tên cho bộ hồ sơ, gõ ví dụ «/hoso mật ong Mỹ Đức»."
DOSSIER_NAME = "Hồ sơ: {name}"
CASE_PICK = "Trường hợp nào?"
CASES_BACK, PROCEDURES_BACK = "◀️ Trường hợp khác", "◀️ Các thủ tục"
SHEETS_BEGUN = "📂 Đang làm dở ({count})"
SHEETS_HEAD = "Các danh mục đang làm dở trong khung chat này"
SHEET_GONE = "Danh mục này không còn được lưu. Anh/chị gõ /hoso để lập danh mục mới."
SHEET_REMOVED = "Đã xóa danh mục."
HAD = "Đã có {had}/{count}"
TICKED, UNTICKED = "☑", "☐"
ITEMS = "{first}–{last}"
CONDITION = "nếu {condition}"
GROUNDS = "Căn cứ: {grounds}."
PRINT = "📄 Tải bản Word"
PRINTED = "{title}. Đã có {had}/{count}, lập ngày {day}. Bản do máy lập, anh/chị đối chiếu trước khi dùng."
CLEAR, REMOVE = "↺ Bỏ hết dấu", "🗑 Xóa danh mục"
REMOVE_ASK = "Xóa danh mục «{title}»? Các dấu đã đánh sẽ mất."
REMOVE_YES = "Xóa"

# /vanban
INSTRUMENT_HEAD = "Tra hiệu lực văn bản"
INSTRUMENT_PICK = "Anh/chị cần xem văn bản nào?"
INSTRUMENT_TYPED = "Hoặc gõ số, ví dụ «/vanban 26/2026/QĐ-TTg», «/vanban nghị định 15», «/vanban nhãn hàng hóa»."
MAIN_INSTRUMENTS = (
    "26/2026/QĐ-TTg", "148/QĐ-TTg", "51/2025/QĐ-TTg", "18/2022/QĐ-TTg", "257/2025/QH15", "358/2025/NĐ-CP",
    "37/2026/NĐ-CP", "15/2018/NĐ-CP", "50/2005/QH11",
)  # fmt: skip
INSTRUMENT_LABEL = "{mark}{number} – {title}"
RESTS = "{number} (đang bị ngưng)"
INSTRUMENTS_BACK = "◀️ Văn bản khác"
INSTRUMENT_SEVERAL = "«{words}» có thể là một trong các văn bản sau. Anh/chị chọn:"
INSTRUMENT_TITLED = "Các văn bản có chữ «{words}» trong tên, còn hiệu lực trước:"
INSTRUMENT_NEAR = (
    "Tôi chưa thấy «{words}» trong danh bạ văn bản của Sổ tay. Không có trong danh bạ không có nghĩa là văn bản "
    "không tồn tại. Có phải anh/chị cần một trong các văn bản này?"
)
INSTRUMENT_NONE = (
    "Tôi chưa thấy «{words}» trong danh bạ văn bản của Sổ tay, cũng không thấy văn bản nào gần giống. Anh/chị gõ số "
    "đầy đủ, ví dụ «/vanban 26/2026/QĐ-TTg»; muốn bổ sung văn bản, xin liên hệ người quản trị."
)
SIGNED = "ký ngày {day}"
LOCAL = "Văn bản của địa phương: {place}"
OPEN_TEXT = "xem văn bản"
IN_FORCE_HEAD = "Thời gian hiệu lực"
UNTIL_NOW = "đến nay"
REPLACES, REPLACED_BY = "Thay thế: {numbers}", "Được thay bằng: {numbers}"
AMENDS, AMENDED_BY = "Sửa đổi: {numbers}", "Được sửa đổi bởi: {numbers}"
SUSPENDED_BY = "Bị ngưng hiệu lực bởi: {numbers}"
OFFICE_HEAD = "Cơ quan đã xác nhận"
PART_BY, PART_OF = (
    "{number} sửa đổi hoặc bãi bỏ một phần văn bản này",
    "Văn bản này sửa đổi hoặc bãi bỏ một phần {number}",
)
REPEALED_BY, REPEALS = "{number} bãi bỏ văn bản này", "Văn bản này bãi bỏ {number}"
HELD_PARTS = "Phần được Sổ tay dẫn: {parts}."
HELD_OWN = "Kho có toàn văn do cơ quan nạp."
HELD_NOT_OWN = "Kho chưa có toàn văn; các đoạn dưới đây do Sổ tay soạn, có dẫn căn cứ."
HELD_NOTHING = "Kho chưa có đoạn nào của hoặc về văn bản này."
CONFIDENCE = {
    "chắc chắn": "Độ tin về hiệu lực: chắc chắn",
    "một nguồn": "Độ tin về hiệu lực: mới có một nguồn",
    "chưa kiểm chứng": "Độ tin về hiệu lực: chưa kiểm chứng, cần đối chiếu văn bản gốc",
}
VERIFIED = "rà gần nhất ngày {day}"
FROM_OFFICE = "do cơ quan thêm vào danh bạ"
CHANGED_BY_OFFICE = "có điều chỉnh theo xác nhận của cơ quan"
ABOUT = "📖 Các đoạn về văn bản này ({count})"
ABOUT_HEAD = "Các đoạn về {number}"
PART = "{name} ({count})"
PART_PICK = "Anh/chị cần phần nào?"
PARTS_BACK = "◀️ Phần khác"
PART_NONE = "Cả văn bản"
OWN_TEXT = "📄 Toàn văn trong kho"
OWN_HEAD = "{number}: toàn văn trong kho"
