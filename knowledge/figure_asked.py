"""Which figure a question asks for ("bao nhiêu tiền", "mấy ngày", "lệ phí thế nào") and whether a text shows one.

The words of a question may all stand in a passage that tells everything about the matter but the sum, the term or the
share that was asked for.
"""

from __future__ import annotations

import re

from knowledge.figures import facts_of
from knowledge.measures import UNITS, unit_after
from knowledge.question import content_terms
from knowledge.text import fold, folded_syllables, normalise

MONEY = "đồng"
_TERM = frozenset({"phút", "ngày", "ngày làm việc", "tháng"})
LEVEL = "mức"  # a sum or a share of one: "mức đóng bảo hiểm"
_CONTACT = "liên hệ"

_HOW_MANY = re.compile(
    r"(?<!\w)(?:bao\s+nhiêu|bao\s+nhiu|bao\s+nhieu|mấy|may|nhiêu|nhiu|nhieu)(?!\w)(?!\s*(?:$|[,?.;]))", re.I
)
# Numbers that are names ("quyết định số mấy", "nhóm mấy") are no figures.
_NAME = re.compile(
    r"(?<!\w)(?:số|so|nhóm|nhom|bộ|bo|mẫu|mau|điều|dieu|khoản|khoan|tiêu chí|tieu chi|mục|muc|thứ|thu|ngày|ngay|tháng|"
    r"thang|năm|nam|khu vực|khu vuc)\s+$",
    re.I,
)
# "Mấy" that means some: "mấy cái hay bị hụt", "mấy điểm nào dễ ăn".
_SOME = re.compile(
    r"(?:mấy|may)\s+(?:(?:cái|cai|thứ|thu|món|mon|chỗ|cho|ông|ong|bà|ba|anh|chị|chi|đứa|dua)(?!\w)|"
    r"(?:\w+\s+){1,2}(?:nào|nao|gì|gi|j|mà|ma|này|nay|kia)(?!\w))",
    re.I,
)
_MONEY = re.compile(
    r"\b(?:tien|bao nhieu k|le phi|chi phi|phi|gia|luong|hoc phi|thu lao|nhuan but|hoa hong|phu cap|tro cap|boi duong|"
    r"muc (?:phat|thuong|chi|dong|thu)|phat (?:bao|may|nhieu)|thuong (?:bao|may)|ton (?:bao|may)|ton kem|bac)\b"
)
_SHARE = re.compile(r"phan tram|ty le|ti le|thue suat|%")
_LEVEL = re.compile(
    r"\bmuc (?:phi|ho tro|thuong|phat|thu|dong|huong|chi|luong|tro cap|phu cap)\b(?!.*\b(?:ai|nao|dau|gi|khong|chua)\b)"
)
_LASTS = re.compile(r"bao lau|mat may ngay|trong vong may")
_REACH = re.compile(r"\b(?:so dien thoai|sdt|so dt|dien thoai (?:cua|ben|so)|hotline|tong dai|email|so may cua)\b")
_PHONE = re.compile(r"(?<!\d)(?:0\d{2,4}[ .]?\d{3}[ .]?\d{3,4}|1[89]00[ .]?\d{2,4})(?!\d)|\w@\w")


def figure_asked(text: str) -> str | None:
    """The canonical unit of the figure that a question asks for, or the folded word that it counts; None where it asks
    for no figure or does not say of what."""
    text = normalise(text)
    folded = " ".join(folded_syllables(text)) + (" %" if "%" in text else "")
    if _REACH.search(folded):
        return _CONTACT
    plain = fold(text) == text.lower()
    for asks in _HOW_MANY.finditer(text):
        if _NAME.search(text[: asks.start()]) or _SOME.match(text, asks.start()):
            continue
        scale, spelt, _ = unit_after(text, asks.end(), plain=plain)
        if spelt:
            return UNITS[spelt][0]
        if scale > 1 or _MONEY.search(folded):
            return MONEY
        if words := content_terms(" ".join(text[asks.end() :].split()[:2])):
            return words[0]
    if _LASTS.search(folded):
        return "ngày"
    if _MONEY.search(folded) and re.search(r"bao nhieu|may|nhieu|the nao|sao|bao nhiu", folded):
        return MONEY
    if _SHARE.search(folded) and re.search(r"may|nhieu|\bnao\b|\bsao\b", folded):
        return "%"
    return LEVEL if _LEVEL.search(folded) else None


# The head of a table over bare sums: "| Kinh phí (triệu đồng) |".
_COLUMN_OF_SUMS = re.compile(r"^\|[^\n]*\([^)\n|]*đồng[^)\n|]*\)[^\n]*\n\|[^\n]*\n\|[^\n]*\d", re.MULTILINE)


def figure_shown(asked: str, text: str) -> bool:
    """Whether a text tells a figure of that unit."""
    if asked == _CONTACT:
        return _PHONE.search(text) is not None
    if asked == LEVEL or asked in UNITS:
        wanted = {MONEY, "%"} if asked == LEVEL else _TERM if asked in _TERM else {asked}
        headed = MONEY in wanted and _COLUMN_OF_SUMS.search(text) is not None
        return headed or any(fact.kind == "figure" and fact.unit in wanted for fact in facts_of(text))
    return re.search(rf"\d[\d.,]*\s+(?:\w+\s+)?{re.escape(asked)}\b", fold(text)) is not None
