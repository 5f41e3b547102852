"""Units of measure and what officers count: their spellings, the canonical name and the factor that leads there."""

from __future__ import annotations

import re

from knowledge.numerals import SCALES
from knowledge.text import fold

# Canonical unit, factor, spellings.
_MEASURES: tuple[tuple[str, int, str], ...] = (
    ("tháng", 12, "năm"), ("tháng", 3, "quý"), ("tháng", 1, "tháng"), ("ngày", 7, "tuần"), ("ngày", 1, "ngày"),
    ("ngày làm việc", 1, "ngày làm việc"), ("phút", 60, "giờ|tiếng"), ("phút", 1, "phút"), ("%", 1, "%|％|phần trăm"),
    ("đồng", 1, "đồng|đ|vnđ|vnd|₫"), ("đồng", 1000, "k"), ("sao", 1, "sao|★|⭐|☆"), ("điểm", 1, "điểm"),
    ("mm", 1, "mm|milimét|mi-li-mét"), ("mm", 10, "cm|centimét|xăng-ti-mét"), ("mm", 1000, "m|mét"),
    ("mm", 10**6, "km|kilômét|ki-lô-mét|cây số"), ("m2", 1, "m2|m²|mét vuông"), ("m2", 10**4, "ha|hecta|héc-ta"),
    ("m2", 10**6, "km2|km²"), ("mg", 1, "mg|miligam"), ("mg", 10**3, "g|gam|gram"), ("mg", 10**5, "lạng"),
    ("mg", 10**6, "kg|ký|kilôgam|ki-lô-gam"), ("mg", 10**8, "tạ"), ("mg", 10**9, "tấn"), ("ml", 1, "ml|mililít"),
    ("ml", 10**3, "l|lít"), ("ml", 10**6, "m3|m³|mét khối"), ("°c", 1, "°c|ºc|độ c"), ("kcal", 1, "kcal"),
)  # fmt: skip
# What is counted: a figure carries it as its unit.
_COUNTED = (
    "bên|bản|bộ|bước|câu|chữ số|chữ|chỉ tiêu|cuộc|cơ sở|cấp|dòng|hạng mục|hạng|hợp phần|huyện|hồ sơ|hộ|khâu|ký tự|lần|"
    "lao động|loại|lượt|màu|mẫu|mục|mức|người|nguồn|nhãn|nhóm|nội dung|nước|phiếu|phần|sản phẩm|số|thôn|thành viên|"
    "thị trường|tiêu chí|tiêu chuẩn|trang|trường hợp|tài liệu|tỉnh|văn bản|vị trí|xã|ý|ảnh|điều kiện|đơn vị|đại lý|đợt"
)
UNITS: dict[str, tuple[str, int]] = {word: (word, 1) for word in _COUNTED.split("|")} | {
    spelling: (name, factor) for name, factor, spellings in _MEASURES for spelling in spellings.split("|")
}
MEASURED = frozenset(name for name, _, _ in _MEASURES)
_PLAIN = {fold(word): word for word in reversed(UNITS) if len(word) > 1 or not word.isalpha()} | {
    letter: letter for letter in "kgml"
}


_FOLLOWING = re.compile(
    r"\s*(?:(?P<sign>[%％★⭐☆₫])|(?P<one>[°º]?[^\W\d_]+(?:-[^\W\d_]+)*[23²³]?)(?:\s+(?P<two>[^\W\d_]+))?"
    r"(?:\s+(?P<three>[^\W\d_]+))?)"
)
_PLAIN_SCALES = {"nghin": "nghìn", "ngan": "nghìn", "trieu": "triệu", "ty": "tỷ", "ti": "tỷ"}


def unit_after(text: str, at: int, *, plain: bool) -> tuple[int, str, int]:
    """What stands behind a number: its scale (1: none), the spelling of its unit ("": none) and where they end.

    `plain` reads text typed without diacritics.
    """
    scale = 1
    while match := _FOLLOWING.match(text, at):
        if sign := match["sign"]:
            return scale, sign, match.end()
        one = match["one"].lower()
        if scale == 1 and (found := SCALES.get(_PLAIN_SCALES.get(one, one) if plain else one)):
            scale, at = found, match.end("one")
            continue
        words = [one, *(w.lower() for w in (match["two"], match["three"]) if w)]
        for used in range(len(words), 0, -1):
            spelt = " ".join(words[:used])
            spelt = _PLAIN.get(spelt, "") if plain else spelt
            if spelt in UNITS:
                return scale, spelt, match.end(("one", "two", "three")[used - 1])
        break
    return scale, "", at
