"""Figures, dates and instrument numbers of a text in one canonical form, so that two spellings of a fact compare equal.

03 = 3 = ba; 10.000 = 10 nghìn = mười nghìn; 36 tháng = 3 năm; 1/7/2025 = 01 tháng 7 năm 2025. "15 ngày làm việc" is not
"15 ngày". Markers `[1]`, the ordinals of a list and the places of a law (Điều 7, Mẫu số 02, Bộ 5) are no figures.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from knowledge.measures import MEASURED, UNITS, unit_after
from knowledge.numerals import SCALES, WORD, read_digits, read_words
from knowledge.text import any_of, fold

FactKind = Literal["figure", "date", "instrument", "link"]


@dataclass(frozen=True)
class Fact:
    """One fact in canonical form; `span` is where it stands in the NFC text.

    `value`: a figure's number in the base of its `unit` ("36" months), a date as `2025-07-01`, `2026-01`, `2026`,
    `--04-30` or `--04`, an instrument's number folded. `bound` is `<`, `<=`, `>`, `>=`, or "" where none is told.
    """

    kind: FactKind
    value: str
    unit: str = ""
    span: tuple[int, int] = (0, 0)
    bound: str = ""


_HALF = re.compile(r"\s+rưỡi(?!\w)")
_MORE = re.compile(r"\s*(?:điểm\s+)?(?:(trở lên|trở đi|tro len)|(trở xuống|tro xuong))(?!\w)", re.I)
_BEFORE = re.compile(
    r"(?<!\w)(?:(?P<le>không (?:quá|vượt quá|vượt|hơn|trên|muộn hơn|nhiều hơn|lớn hơn|cao hơn)|tối đa|nhiều nhất|"
    r"cao nhất|đến hết|đến|tới|chậm nhất|muộn nhất|den|toi da)|"
    r"(?P<ge>không (?:dưới|ít hơn|thấp hơn|nhỏ hơn|kém)|tối thiểu|ít nhất|thấp nhất|kể từ|từ|toi thieu|tu)|"
    r"(?P<lt>dưới|chưa (?:đến|tới|đủ|đạt)|ít hơn|nhỏ hơn|thấp hơn|duoi)|"
    r"(?P<gt>trên|hơn|vượt quá|vượt|quá|lớn hơn|nhiều hơn|cao hơn))"
    r"(?:\s+(?:là|được|có|chỉ|khoảng|mức|đạt|vào|ngày))*\s*:?\s*$"
    r"|(?P<sle><=|≤)\s*$|(?P<sge>>=|≥)\s*$|(?P<slt><)\s*$|(?P<sgt>>)\s*$",
    re.I,
)
_BEFORE_DATE = re.compile(
    r"(?<!\w)(?:(?P<lt>trước|truoc)|(?P<gt>sau)|(?P<ge>kể từ|bắt đầu từ|từ|tu)|"
    r"(?P<le>đến hết|đến|tới|hết|chậm nhất|muộn nhất|den))"
    r"(?:\s+(?:là|hết|ngày|tháng|năm|thời điểm|đầu|cuối|mốc|vào|ngay|thang|nam))*\s*\(?$",
    re.I,
)
_BOUNDS = {"le": "<=", "ge": ">=", "lt": "<", "gt": ">"}
_NAMED_BEFORE = re.compile(
    r"(?<!\w)(điểm|ngày|tháng|%)(?:\s+(?:tối đa|tối thiểu|cao nhất|chuẩn|đạt|được))*\s*:\s*$", re.I
)

_NOT_FIGURES = re.compile(
    r"\[\d+(?:\s*[,;]\s*\d+)*\]"  # markers
    r"|^[ \t]*(?:[-•*+–][ \t]+)?\d{1,2}(?:(?:\.\d{1,2})+[.):]?|[.)])(?=\s)",  # the ordinals of items and criteria
    re.M,
)
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s\])>]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\w@.])(?:[a-z0-9-]+\.)+(?:vn|com|net|org|io)(?!\w)"
    r"(?:/[^\s\])>]*)?",
    re.I,
)
_TAIL = r"[A-ZĐƯ][A-ZĐƯa-zđ]*\d{0,2}(?:[-&][A-ZĐƯ][A-ZĐƯa-zđ&]*\d{0,2})*"
_KIND = (
    r"quyết định|nghị định|thông tư(?:\s+liên tịch)?|nghị quyết|qđ|nđ|tt|nq|"
    r"quyet dinh|nghi dinh|thong tu|nghi quyet|qd|nd"
)
_INSTRUMENT = re.compile(
    rf"(?:(?<!\w)(?i:{_KIND}|luật|chỉ thị|công văn|kế hoạch)\s+(?i:số\s+|so\s+)?)?(?<![\w/.,])"
    rf"(?P<number>\d{{1,5}}[a-z]?(?:/\d{{4}})?/{_TAIL}(?:/{_TAIL})?|\d{{1,5}}-{_TAIL}/{_TAIL})"
    rf"|(?<!\w)(?P<kind>(?i:{_KIND}))\s+(?i:số\s+|so\s+)?(?P<serial>\d{{1,5}}(?:/\d{{4}})?)(?![\w/%-]|[.,]\d)"
    r"|(?<![\w/.,-])(?P<short>(?:1[3-9]|[2-9]\d|\d{3,5})/(?:19|20)\d\d)(?![\w/-])"
)
_ONE_PLACE = r"\d+(?:\.\d+)*[a-zđ]?"
_PLACES = re.compile(
    r"(?<!\w)(?P<kind>điều|khoản|mẫu|biểu(?:\s+mẫu)?|bộ(?:\s+sản phẩm)?|phiếu(?:\s+bộ)?|phụ lục|chương|mục|tiêu chí|"
    rf"chỉ tiêu|trang)\s+(?:số\s+)?(?P<list>{_ONE_PLACE}(?:(?:\s*[,–-]\s*|\s+(?:và|hoặc|đến)\s+){_ONE_PLACE}"
    rf"(?![/%]|\d|\s*(?:{any_of(UNITS)})(?!\w)))*)(?![\w/%]|[.,]\d|\s*(?:{any_of(UNITS)})(?!\w))",
    re.I,
)
_YEAR = r"(?:19|20)\d\d"
_NO_MORE = r"(?![\w/]|[.,]\d|-\d)"
_DATES = (
    re.compile(rf"(?<![\d/.,])(?P<d>\d{{1,2}})\s*[/.-]\s*(?P<m>\d{{1,2}})\s*[/.-]\s*(?P<y>{_YEAR}){_NO_MORE}"),
    re.compile(
        rf"(?<![\d/.,])(?P<d>\d{{1,2}})\s+(?:tháng|thang)\s+(?P<m>\d{{1,2}})\s*(?:,?\s*(?:năm|nam)\s+|[/-]\s*)(?P<y>{_YEAR}){_NO_MORE}",
        re.I,
    ),
    re.compile(
        rf"(?<![\w/.,])(?P<d>\d{{1,2}})\s+tháng\s+(?P<m>\d{{1,2}})(?![\d/]|[.,]\d|\s*(?:{any_of(UNITS)})(?!\w))", re.I
    ),
    re.compile(
        rf"(?<!\w)(?:tháng|thang)\s+(?P<m>\d{{1,2}})\s*(?:/|-|,?\s*(?:năm|nam)\s)\s*(?P<y>{_YEAR}){_NO_MORE}", re.I
    ),
    re.compile(rf"(?<!\w)(?:năm|nam)\s+(?P<y>{_YEAR}){_NO_MORE}", re.I),
    re.compile(rf"(?<![\w/.,])(?P<m>0?[1-9]|1[0-2])/(?P<y>{_YEAR}){_NO_MORE}"),
    re.compile(rf"(?<!\w)(?<!\d\s)tháng\s+(?P<m>\d{{1,2}})(?![\d/]|[.,]\d|\s*(?:{any_of(UNITS)})(?!\w))", re.I),
    re.compile(r"(?<![\w/.,-])(?P<d>\d{1,2})/(?P<m>\d{1,2})(?![\w/]|[.,]\d|\s*(?:điểm|số|tổng|thành viên|phần|sao))"),
    re.compile(
        rf"(?<![\w/.,])(?<![^\W\d_]-)(?P<y>{_YEAR})(?![\w/%]|[.,]\d|\s*(?:{any_of(UNITS)}|{any_of(SCALES)})(?!\w))",
        re.I,
    ),
)
_LINKISH = re.compile(r"://|www\.|@|\.(?:vn|com|net|org|io)(?!\w)", re.I)
_DIGIT = re.compile(r"\d")
_ACCENTED = re.compile(r"[À-ỹĐđ]")
_SHORT_DATE_CUE = re.compile(r"(?:ngày|trước|sau|từ|đến|tới|hết|đợt|mồng|mùng|vào|ngay|truoc|den|tu)\s*\(?$", re.I)
_DIGITS = re.compile(
    r"(?<![^\W_])(?<![^\W\d_][/-])(?<!\d[.,])\d{1,3}(?: \d{3})+(?=\s*(?:đồng|đ(?!\w)|vnđ))"
    r"|(?<![^\W_])(?<![^\W\d_][/-])(?<!\d[.,])\d+(?:[.,]\d+)*"
)
_STARS = re.compile(r"[★⭐]{1,5}|(?<![\w*])\*{3,5}(?![\w*])")
_WORDS = re.compile(rf"(?<!\w)(?<!thứ\s)(?:{WORD})(?:\s+(?:{WORD}))*(?!\w)", re.I)
# "năm" before these is five only when nothing speaks for a year.
_SCALED = re.compile(rf"(?<!\w)(?:{any_of(SCALES)})(?!\w)", re.I)
_YEAR_CUE = re.compile(r"(?:mỗi|hàng|hằng|trong|cả|theo|đầu|cuối|của|qua|nhiều|một|các|những|từng|số|\d)\s*$", re.I)
_JOINED = re.compile(r"\s*(?:[,/–—-]|và|hoặc|đến|tới|den|và dưới)\s*(?:dưới|<|duoi)?\s*", re.I)
_RANGE = re.compile(r"\s*(?:[–—-]|đến|tới|den)\s*(?:dưới|<|duoi)?\s*", re.I)


@lru_cache(maxsize=8192)
def facts_of(text: str) -> tuple[Fact, ...]:
    """The facts of a text in the order in which they stand; the same text always gives the same facts."""
    text = unicodedata.normalize("NFC", text)
    taken = bytearray(len(text))
    found: list[Fact] = []

    def take(matches: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
        for match in matches:
            start, end = match.span()
            if start < end and 1 not in taken[start:end]:
                yield match

    def block(match: re.Match[str]) -> None:
        taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())

    def keep(fact: Fact) -> None:
        start, end = fact.span
        taken[start:end] = b"\x01" * (end - start)
        found.append(fact)

    for match in take(_LINK.finditer(text)) if _LINKISH.search(text) else ():
        keep(Fact("link", match[0].rstrip(".,;").lower(), span=match.span()))
    if _DIGIT.search(text):
        for match in take(_NOT_FIGURES.finditer(text)):
            if not (match[0][-1].isdigit() and unit_after(text, match.end(), plain=False)[2] > match.end()):
                block(match)  # "69.9 điểm" opens with a figure, not with an ordinal
        for match in take(_INSTRUMENT.finditer(text)):
            if match["serial"] and "/" not in match["serial"] and unit_after(text, match.end(), plain=False)[1]:
                continue  # "quyết định 3 sao": a verb and a figure
            value = match["number"] or match["short"] or f"{match['kind']} {match['serial']}"
            keep(Fact("instrument", re.sub(r"\s+", " ", fold(value)), span=match.span()))
        for match in take(_PLACES.finditer(text)):
            block(match)
        for pattern in _DATES:
            for match in take(pattern.finditer(text)):
                if (value := _date(match, text)) is not None:
                    keep(Fact("date", value, span=match.span(), bound=_bound(_BEFORE_DATE, text, match.start())))
        plain = not _ACCENTED.search(text)
        for match in take(_DIGITS.finditer(text)):
            number = read_digits(match[0])
            if number is not None and (fact := _figure(number, match.span(), text, plain=plain)):
                keep(fact)
    for match in take(_STARS.finditer(text)):
        keep(Fact("figure", str(len(match[0])), "sao", match.span()))
    for match in take(_WORDS.finditer(text)):
        for fact in _in_words(match, text):
            keep(fact)
    found.sort(key=lambda fact: fact.span)
    return tuple(_joined(found, text))


def places_of(text: str) -> set[str]:
    """The places of laws and sheets that a text names, folded and spelt out one by one: `bộ 1–3` → bo 1, bo 2, bo 3."""
    found: set[str] = set()
    for match in _PLACES.finditer(unicodedata.normalize("NFC", text)):
        kind = fold(match["kind"]).split()[0].replace("phieu", "bo").replace("bieu", "mau")
        kind = "muc" if kind in ("tieu", "chi") else kind
        names = re.findall(r"[\d.]*\d[a-zđ]?|[–-]|đến", match["list"].lower())
        for n, name in enumerate(names):
            if name in ("–", "-", "đến"):
                first, last = names[n - 1], names[n + 1] if n + 1 < len(names) else ""
                if first.isdigit() and last.isdigit() and 0 < int(last) - int(first) < 100:
                    found |= {f"{kind} {i}" for i in range(int(first), int(last))}
            else:
                found.add(f"{kind} {name.lstrip('0') or '0'}")
    return found


def _figure(number: Fraction, span: tuple[int, int], text: str, *, plain: bool) -> Fact | None:
    """The figure whose digits or words stand at `span`, with what follows and what goes before; None inside a code."""
    start, end = span
    scale, spelt, stop = unit_after(text, end, plain=plain)
    if stop == end < len(text) and text[end].isalpha():
        return None
    end, number = stop, number * scale
    unit, factor = UNITS.get(spelt, ("", 1))
    if not unit and (named := _NAMED_BEFORE.search(text, max(0, start - 30), start)):
        unit, factor = UNITS[named[1].lower()]
    if half := _HALF.match(text, end):
        number, end = number + Fraction(1, 2), half.end()
    bound = _bound(_BEFORE, text, start)
    if more := _MORE.match(text, end):
        bound = ">=" if more[1] else "<="
    return Fact("figure", str(number * factor), unit, (start, end), bound)


def _in_words(match: re.Match[str], text: str) -> Iterator[Fact]:
    """Figures spelt out; a single word is one only before a unit, since "một", "năm", "chín" mean other things too."""
    at = match.start()
    words = [(w[0].lower(), at + w.start(), at + w.end()) for w in re.finditer(r"\S+", match[0])]
    while words:
        read = read_words([word for word, _, _ in words])
        if read is None:
            words = words[1:]
            continue
        number, used = read
        span = (words[0][1], words[used - 1][2])
        fact = _figure(number, span, text, plain=False)
        if fact and (used > 1 or _is_figure(words[0][0], fact, text)):
            yield fact
            while words and words[0][1] < fact.span[1]:
                words = words[1:]
        else:
            words = words[used:]


def _is_figure(word: str, fact: Fact, text: str) -> bool:
    before = text[max(0, fact.span[0] - 10) : fact.span[0]]
    if word == "năm":
        return fact.unit in MEASURED and not _YEAR_CUE.search(before)
    if word == "một":
        return fact.unit in MEASURED
    return bool(fact.unit)


def _bound(pattern: re.Pattern[str], text: str, start: int) -> str:
    match = pattern.search(text, max(0, start - 32), start)
    return _BOUNDS[(match.lastgroup or "")[-2:]] if match else ""


def _date(match: re.Match[str], text: str) -> str | None:
    parts = match.groupdict()
    year = parts.get("y")
    month = int(parts["m"]) if parts.get("m") else 0
    day = int(parts["d"]) if parts.get("d") else 0
    if (parts.get("m") and not 1 <= month <= 12) or (parts.get("d") and not 1 <= day <= 31):
        return None
    # "2/3 số phiếu", "4/5", "10 tháng 2 lần" are no days.
    unsure = day and not year and (day <= 12 or "/" not in match[0]) and match["m"][0] != "0"
    if unsure and not _SHORT_DATE_CUE.search(text, max(0, match.start() - 12), match.start()):
        return None
    if not month:
        return year
    return f"{year or '-'}-{month:02}" + (f"-{day:02}" if day else "")


def _joined(found: list[Fact], text: str) -> list[Fact]:
    """Facts of a range or a row (từ 70 đến dưới 90 điểm; 3, 4 sao; từ 22/5 đến 21/7/2026) share their unit or year."""
    facts = list(found)
    for n in range(len(facts) - 2, -1, -1):
        one, two = facts[n], facts[n + 1]
        between = text[one.span[1] : two.span[0]]
        if one.kind == "date" == two.kind and _JOINED.fullmatch(between):
            if one.value.startswith("--") and len(one.value) == 7 and len(two.value) == 10:
                facts[n] = replace(one, value=two.value[:4] + one.value[1:])
        elif one.kind == "figure" == two.kind:
            facts[n : n + 2] = _pair(one, two, between, text)
    return facts


def _pair(one: Fact, two: Fact, between: str, text: str) -> list[Fact]:
    if between.isspace() and not one.unit and _SCALED.search(text, *one.span) and _SCALED.search(text, *two.span):
        total = Fraction(one.value) + Fraction(two.value)  # 1 triệu 500 nghìn đồng
        return [replace(two, value=str(total), span=(one.span[0], two.span[1]), bound=one.bound)]
    if not one.unit and two.unit and _JOINED.fullmatch(between):
        factor = Fraction(two.value) / _raw(two, text)
        one = replace(one, value=str(Fraction(one.value) * factor), unit=two.unit)
    if _RANGE.fullmatch(between) and one.unit == two.unit:
        if Fraction(one.value) < Fraction(two.value):
            return [replace(one, bound=one.bound or ">="), replace(two, bound=two.bound or "<=")]
        return [replace(one, bound=""), replace(two, bound="")]  # 180 đến 120 ngày trước khi hết hạn
    return [one, two]


def _raw(fact: Fact, text: str) -> Fraction:
    """The number as written, before unit and scale."""
    digits = re.match(r"\d+(?:[.,]\d+)*", text[fact.span[0] : fact.span[1]])
    number = read_digits(digits[0]) if digits else None
    return number or Fraction(fact.value) or Fraction(1)
