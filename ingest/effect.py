"""When a legal text says that it begins and ends to hold, and how plainly.

"Sau N ngày kể từ ngày D" is counted as the official gazettes do: D + N is the first day of effect; what ends "sau N
ngày" still holds on day D + N (so the register has it for the OCOP decisions of 2026).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.proposal import Plainness, Stated

_DAY_LONG = r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})"
_DAY_SHORT = r"(?:ngày\s+)?(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})"
DAY = re.compile(rf"{_DAY_LONG}|{_DAY_SHORT}", re.IGNORECASE)
SUBJECT = (
    r"(?:Bộ luật|Luật|Pháp lệnh|Nghị quyết(?: liên tịch)?|Nghị định|Quyết định|Chỉ thị|Thông tư(?: liên tịch)?|Kế hoạch"
    r"|Chương trình|Hướng dẫn|Quy định|Quy chế|Điều lệ|Đề án|Văn bản) này"
)
# What may stand before the subject of a clause: its number, the title of its article.
START = r"^(?:Điều\s+\d+[a-zđ]?\s?[.:]\s*(?:Hiệu lực[^.]{0,60}\.\s*|Điều khoản[^.]{0,60}\.\s*)?)?"
START += r"(?:\d+\s?[.)]\s*|[a-zđ]\)\s*|[-–+]\s*)?"
_AFTER = r"(?P<wait>\d{1,3})\s*(?:\([^)]{1,40}\)\s*)?ngày,?\s*(?:kể\s+)?(?:từ|tính từ)\s+"
_WHEN = (
    rf"(?:sau\s+{_AFTER})?(?:kể\s+)?(?:từ\s+|vào\s+)?"
    r"(?P<when>ngày\s+(?:ký|ban hành|thông qua|được\s+\w+\s+thông qua|công bố|đăng)"
    r"|.{0,20}?" + rf"(?:{_DAY_LONG}|{_DAY_SHORT})" + r"|năm(?:\s+\w+){0,4}?\s+(?P<year>\d{4}))"
)
EFFECT = re.compile(
    START + rf"(?P<subject>{SUBJECT})\s+(?:chính thức\s+)?có hiệu lực(?:\s+thi hành)?,?\s*(?P<rest>.*)$", re.IGNORECASE
)
_PART = re.compile(rf"(?:\bcủa|\btại)\s+{SUBJECT}\s+có hiệu lực(?: thi hành)?(?: kể)? từ", re.IGNORECASE)
_BUT = re.compile(r"\btrừ\b|ngoại trừ", re.IGNORECASE)
_UNTIL = re.compile(
    START + rf"(?P<subject>{SUBJECT})\s+(?:[^.;]{{0,120}}?)"
    r"(?P<how>hết hiệu lực(?: thi hành)?(?: kể)? từ|hết hiệu lực(?: thi hành)? (?:vào|sau)|đến hết|đến)"
    rf"\s+(?:(?:{_DAY_LONG}|{_DAY_SHORT})|năm\s+(?P<year>\d{{4}}))",
    re.IGNORECASE,
)
_DAY = timedelta(days=1)
_SENTENCE = 600


@dataclass(frozen=True)
class Effect:
    """The first and the last day on which a text holds."""

    effective: Stated
    expires: Stated


def read_day(text: str) -> date | None:
    """The first day named in a text; None for none, or for one that is in no calendar."""
    match = DAY.search(text)
    return _of(match.groups()) if match else None


def read_effect(lines: Sequence[str], signed: date | None) -> Effect:
    """The effect and expiry clauses among the lines of the main text."""
    found: list[tuple[date | None, Plainness, str]] = []
    partly = any(_PART.search(line) for line in lines)
    for line in lines:
        match = EFFECT.match(line)
        if match and (when := _first_day(match["rest"], signed)):
            day, plain = when
            doubt = partly or _BUT.search(match["rest"].split(". ")[0])
            found.append((day, "ngờ" if doubt or day is None else plain, line[:_SENTENCE]))
    days = {day for day, _, _ in found if day}
    if not found:
        effective = Stated()
    else:
        day, plain, sentence = next((one for one in found if one[0]), found[0])
        effective = Stated(day.isoformat() if day else "", plain if len(days) == 1 else "ngờ", sentence)
    return Effect(effective, _expiry(lines))


def last_day(text: str, effective: date | None) -> tuple[date | None, Plainness]:
    """The last day of what ends as `text` says ("kể từ ngày … này có hiệu lực", "sau 60 ngày kể từ …", a day)."""
    own = re.search(rf"{SUBJECT}\s+(?:chính thức\s+)?có hiệu lực", text, re.IGNORECASE)
    wait = re.search(rf"sau\s+{_AFTER}", text, re.IGNORECASE)
    day = read_day(text)
    if wait:
        start = day or (effective if own else None)
        return (start + timedelta(days=int(wait["wait"])), "suy ra") if start else (None, "ngờ")
    if day:
        until = re.search(r"(?:đến hết|đến|vào)\s+(?:ngày\s+)?$", text[: DAY.search(text).start()], re.IGNORECASE)  # type: ignore[union-attr]
        return day if until else day - _DAY, "rõ"
    if own:
        return (effective - _DAY, "rõ") if effective else (None, "ngờ")
    return (effective - _DAY, "suy ra") if effective else (None, "ngờ")


def _first_day(rest: str, signed: date | None) -> tuple[date | None, Plainness] | None:
    match = re.match(_WHEN, rest, re.IGNORECASE)
    if match is None:
        return None
    when = match["when"].lower()
    base = read_day(when)
    plain: Plainness = "rõ"
    if base is None and match["year"]:
        base, plain = date(int(match["year"]), 1, 1), "suy ra"
    elif base is None and re.match(r"ngày\s+(?:ký|ban hành)", when):
        base = signed
    elif base is None:
        base, plain = (signed, "ngờ") if "thông qua" in when else (None, "ngờ")
    if base and match["wait"]:
        return base + timedelta(days=int(match["wait"])), "suy ra"
    return base, plain


def _expiry(lines: Sequence[str]) -> Stated:
    for line in lines:
        match = _UNTIL.match(line)
        if match is None or not re.search(r"hiệu lực|áp dụng|thực hiện", match[0]):
            continue
        if match["year"]:
            day: date | None = date(int(match["year"]), 12, 31)
            if match["how"].endswith("từ"):
                day = date(int(match["year"]) - 1, 12, 31)
        else:
            day = read_day(match[0][match.start("how") - match.start() :])
            day = day - _DAY if day and match["how"].lower().endswith("từ") else day
        if day:
            plain: Plainness = "rõ" if "hiệu lực" in match[0] and not match["year"] else "suy ra"
            return Stated(day.isoformat(), "ngờ" if _BUT.search(line) else plain, line[:_SENTENCE])
    return Stated()


def _of(groups: tuple[str | None, ...]) -> date | None:
    parts = [int(part) for part in groups if part]
    try:
        return date(parts[2], parts[1], parts[0])
    except (ValueError, IndexError):
        return None
