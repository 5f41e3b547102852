"""Time in a question: which period its words name, and whether they ask for that period's rule or only tell of an
event.

A question's own time is a hint. "năm 2024 cấp nào công nhận 3 sao" wants the rule of 2024; "bao bì in trước tháng
1/2026 còn dùng được không" wants today's rule about something that happened then. Words are read folded, so typing
without diacritics reads alike.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from knowledge.errors import BadInput
from knowledge.text import fold, normalise
from knowledge.types import Period

# The two-tier local government began on 01/7/2025 (law 72/2025/QH15); until then there were districts.
DISTRICTS_ENDED = date(2025, 7, 1)
_FAR_PAST = date(2008, 1, 1)  # the first NTM resolution (26-NQ/TW) is of 2008


_OF_TODAY = re.compile(
    r"\b(?:con kip|kip (?:khong|ko|k|hong|hem|chua)|(?:con|may|bao nhieu) (?:may |bao nhieu )?(?:ngay|bua|hom) nua|"
    r"bao lau nua|tre chua|nop (?:\w+ ){0,2}(?:duoc|dc) chua|"
    r"(?:hom nay|bua nay|bay gio) (?:thi sao|(?:\w+ ){0,2}(?:nop|tre|con)))\b"
)


@dataclass(frozen=True)
class TimeReading:
    """`period` is what the words name, if anything; `event` says that only something in it happened then;
    `previous` asks for the rule before the present one without naming a date; `now` insists on today."""

    period: Period | None = None
    event: bool = False
    previous: bool = False
    now: bool = False
    words: str = ""  # those that name the period or ask for the rule before, folded


_DAY = r"(?P<d>\d{1,2})\s*[/.-]\s*(?P<m>\d{1,2})\s*[/.-]\s*(?P<y>20\d\d)"
_DAY_LONG = r"(?P<d>\d{1,2})\s+thang\s+(?P<m>\d{1,2})\s*(?:nam|[/.-])\s*(?P<y>20\d\d)"
_MONTH = r"(?:thang\s*)?(?P<m>\d{1,2})\s*(?:/|-|nam)\s*(?P<y>20\d\d)"
# A bare 2024 may be a year; "2000 sản phẩm" and "2024 hộ" are counts.
_COUNTED = r"(?!\s*(?:san pham|sp|chu the|ho|nguoi|dong|trieu|ty|to|xa|thon|mau|bo|ban|chiec|cai|kg|g|ml|m2|diem)\b)"
_YEAR = rf"(?:nam\s*(?P<y>20\d\d)|(?P<bare>20\d\d){_COUNTED})"
_POINTS = [re.compile(rf"(?<![\d/.-]){form}(?![\d/]|[.-]\d)") for form in (_DAY, _DAY_LONG, _MONTH, _YEAR)]
_SPAN = re.compile(r"(?<!\d)(20\d\d)\s*(?:-|–|—|den|toi)\s*(20\d\d)(?!\d)")

# A round of the programmes, as officers type it: "21-25", "2021-25"; not "21-25 triệu", "ngày 21-25/7".
_ROUND = re.compile(
    r"(?<![\d/.,-])(?:20)?(11|16|21|26)[-–](15|20|25|30)(?![\d%/.,-]|\s*(?:k?g|m?l|[cm]?m2?|ha|ngày|tháng|năm|tuổi|độ|sao|"
    r"điểm|người|hộ|xã|triệu|tỷ|đồng|ngay|thang|nam|tuoi|do|diem|nguoi|ho|xa|trieu|ty|dong)\b)",
    re.I,
)
_YEARS = 5  # of a round
_TO = re.compile(r"\s*(?:den|toi|-|–)\s*(?:het\s+)?(?:ngay\s+)?")
_BEFORE = re.compile(r"(?:truoc(?:\s+(?:ngay|thang|nam|thoi diem|moc))*)\s*$")
_AFTER = re.compile(r"(?:(?:tu|sau|ke tu)(?:\s+(?:ngay|thang|nam|khi))*)\s*$")
_DISTRICT = re.compile(
    r"(?:hoi|thoi|luc|khi|ngay)\s+(?:xua\s+)?(?:con|chua bo)\s+(?:cap\s+)?huyen|con cap huyen|"
    r"truoc khi (?:bo|sap xep|giai the|sap nhap)(?: cap)? (?:huyen|tinh|xa|don vi)"
)
_LAST_YEAR = re.compile(r"nam ngoai(?! (?:vung|tinh|xa|khu|pham vi|danh muc|dia ban|ranh gioi))|nam truoc(?! do)")
_LIES = re.compile(r"\bnằm\b", re.I)  # folded, "nằm ngoài" is last year
_PREVIOUS = re.compile(
    r"truoc day|truoc kia|hoi truoc|hoi xua|ngay (?:truoc|xua)|thoi truoc|luc truoc|xua kia|theo cu|kieu cu|truoc do|"
    r"\b(?:quy dinh|luat|bo|bo tieu chi|tieu chi|chi tieu|nghi dinh|quyet dinh|thong tu|quy trinh|thu tuc|phieu|"
    r"thang diem|chuan|khung|giai doan|khoa) (?:cu|truoc)\b(?! (?:khi|do|day|ngay|thang|nam|\d))"
)
_NOW = re.compile(r"hien nay|hien tai|hien gio|hien hanh|bay gio|bay h\b|lan nay|dang ap dung|moi nhat|nam nay|hom nay")
# The verb of the question is about now: the time belongs to the thing asked about.
_ABOUT_NOW = re.compile(
    r"\b(?:con|van)\s+(?:\w+\s+){0,3}?(?:dung|gia tri|hieu luc|han|duoc|dc|phai|ap dung|tinh|ban|in|luu hanh)|"
    r"(?:bay gio|gio|hien nay|hien|nay)\s+(?:\w+\s+){0,2}?(?:co|phai|con|thi|lam|xu ly|dung|duoc)|"
    r"(?:co\s+)?(?:phai|can)\s+(?:\w+\s+){0,2}?(?:doi|lam lai|in lai|nop lai|danh gia lai|bo|huy|thay)|"
    r"(?:khi nao|bao gio|luc nao|den bao gio)\s+(?:thi\s+)?het|het han|sap het|lam lai|danh gia lai|gia han|dung tiep|"
    r"chuyen tiep|xu ly (?:the nao|sao|ra sao)"
)


def full_years(text: str) -> str:
    """The text with rounds of five years written out: "21-25" is 2021-2025."""

    def written_out(match: re.Match[str]) -> str:
        first, last = int(match[1]), int(match[2])
        return f"20{first}-20{last}" if last - first + 1 == _YEARS else match[0]

    return _ROUND.sub(written_out, text)


def read_time(text: str, today: date) -> TimeReading:
    """The time that a question names; legal numbers must have been taken out of the text before."""
    words = _words(text)
    period = _period(words, today)
    now, about_now = bool(_NOW.search(words)), bool(_ABOUT_NOW.search(words))
    if period and period.start <= today <= period.end:
        return TimeReading(period, now=True, words=period.words)
    if period:
        return TimeReading(period, event=about_now, now=now, words=period.words)
    previous = _PREVIOUS.search(words)
    return TimeReading(previous=previous is not None, now=now or about_now, words=previous[0] if previous else "")


@lru_cache(maxsize=8192)
def told_time(heading: str, today: date) -> tuple[Period | None, bool]:
    """The time that a heading says its passage is about, from the first year it names to the last, "trước 22/5/2026"
    reaching back without end; and whether it says to tell of now."""
    words = _words(heading)
    period = _period(words, today)
    if period:
        points = [point for match in _POINTS[-1].finditer(words) if (point := _point(match))]
        since = _FAR_PAST if period.words.startswith("truoc") else period.start
        firsts, lasts = [since, *(point[0] for point in points)], [period.end, *(point[1] for point in points)]
        period = replace(period, start=min(firsts), end=max(lasts))
    return period, bool(_NOW.search(words))


def _words(text: str) -> str:
    return re.sub(r"\s+", " ", fold(_LIES.sub("...", normalise(text))))


def _period(words: str, today: date) -> Period | None:
    if span := _SPAN.search(words):
        first, last = int(span[1]), int(span[2])
        if first <= last:
            return Period(date(first, 1, 1), date(last, 12, 31), span[0])
    if bounded := _between(words):
        return bounded
    if found := _DISTRICT.search(words):
        last_day = DISTRICTS_ENDED - timedelta(days=1)
        return Period(last_day, last_day, found[0])
    for pattern in _POINTS:
        for match in pattern.finditer(words):
            if (point := _point(match)) is not None:
                return _around(words[: match.start()], point, match[0], today)
    if found := _LAST_YEAR.search(words):
        return Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31), found[0])
    return None


def _between(words: str) -> Period | None:
    """The days or months that "từ … đến …" bounds."""
    for pattern in _POINTS[:3]:
        for first, last in pairwise(pattern.finditer(words)):
            begins, ends = _point(first), _point(last)
            if begins and ends and begins[0] <= ends[1] and _TO.fullmatch(words[first.end() : last.start()]):
                return Period(begins[0], ends[1], words[first.start() : last.end()])
    return None


def _point(match: re.Match[str]) -> tuple[date, date] | None:
    parts = match.groupdict()
    year = int(parts["y"] or parts["bare"])
    month = int(parts["m"]) if parts.get("m") else 0
    try:
        if parts.get("d"):
            day = date(year, month, int(parts["d"]))
            return day, day
        if month:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
    except ValueError:
        return None
    return date(year, 1, 1), date(year, 12, 31)


def _around(before: str, point: tuple[date, date], words: str, today: date) -> Period:
    first, last = point
    if match := _BEFORE.search(before):
        # The rule asked for is the one that held just before; older ones are further questions.
        eve = max(first - timedelta(days=1), _FAR_PAST)
        return Period(eve, eve, match[0] + words)
    if (match := _AFTER.search(before)) and last < today:
        return Period(first, today, match[0] + words)
    return Period(first, last, words)


def days_in(words: str) -> list[tuple[date, int, int]]:
    """The full days that folded text names, with where each stands; none where two of them bound a span of time."""
    found = []
    for pattern in _POINTS[:2]:
        for match in pattern.finditer(words):
            if point := _point(match):
                found.append((point[0], match.start(), match.end()))
    found.sort(key=lambda one: one[1])
    spans = (words[one[2] : other[1]] for one, other in pairwise(found))
    return [] if any(_TO.fullmatch(between) for between in spans) else found


def stretches_in(words: str) -> list[tuple[date, date, int, int]]:
    """The days, months and years that folded text names by number, first and last day, with where each stands; finer
    ones first, and none where two of them bound a span of time."""
    found = [(day, day, start, end) for day, start, end in days_in(words)]
    if _between(words) or (not found and any(pattern.search(words) for pattern in _POINTS[:2])):
        return []
    for pattern in _POINTS[2:]:
        taken = [range(start, end) for *_, start, end in found]
        for match in pattern.finditer(words):
            if (point := _point(match)) and not any(match.end() - 1 in stretch for stretch in taken):
                found.append((*point, match.start(), match.end()))
    return found


def as_date(text: str) -> date:
    """A day written as YYYY-MM-DD or DD/MM/YYYY; raises BadInput in Vietnamese."""
    plain = text.strip()
    if match := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", plain):
        plain = f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
    try:
        return date.fromisoformat(plain)
    except ValueError:
        told = f"Ngày «{text.strip()[:40]}» chưa đúng. Hãy viết dạng 2026-05-22 hoặc 22/05/2026."
        raise BadInput(told) from None


def asks_how_today_stands(folded: str) -> bool:
    """Whether a folded question asks how today stands to a day that was named: "còn kịp không", "còn mấy bữa nữa"."""
    return _OF_TODAY.search(folded) is not None


def show(day: date | None) -> str:
    """A day as Vietnamese readers write it: 22/05/2026."""
    return f"{day.day:02}/{day.month:02}/{day.year}" if day else ""
