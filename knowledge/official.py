"""An answer in the form of an official letter: plain text, every ground named in full and its validity told.

`theo quy định tại điểm b khoản 3 Điều 3 Quyết định số 26/2026/QĐ-TTg ngày 22 tháng 5 năm 2026 của Thủ tướng Chính
phủ`: numbers, days, issuers and titles come from the register as it is now, so a rule that has ended since the answer
was given is told to have ended. What the register does not know is left open as `…`, to be filled in from the paper.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from knowledge.dates import show
from knowledge.references import show_locator
from knowledge.types import Citation, Document, Instrument, Passage, Turn

if TYPE_CHECKING:
    from knowledge.assistant import Assistant

_MARKS = re.compile(r"([.;:]?)\s*((?:\[\d+\])+)")
_STEP = re.compile(r"(?:Phụ lục|Chương|Mục|Điều|khoản|điểm|Bộ|mục|Mẫu số)\s+\S+")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
# Titles that begin with what the instrument does; the others are named after "về".
_ACT = re.compile(
    r"(?:Sửa đổi|Sửa|Bổ sung|Quy định|Ban hành|Hướng dẫn|Phê duyệt|Thành lập|Kiện toàn|Thu hồi|Bãi bỏ|Công bố|Hợp nhất|"
    r"Phân định|Phân quyền|Thông qua|Sắp xếp|Tạm ngưng|Tiếp tục|Xử phạt|Đẩy mạnh|Đồng ý|Thừa nhận|Lấy ý kiến)\b"
)
FOOT = (
    "Hiệu lực tra cứu ngày {day}; tên văn bản ghi theo danh bạ của Sổ tay. "
    "Đề nghị đối chiếu bản chính trước khi ký ban hành."
)
NO_RULE = "tài liệu hướng dẫn «{title}» của Sổ tay (gợi ý, không phải quy định của văn bản)"
REVIEWER = "ý kiến của chuyên viên ({title}); không phải văn bản quy phạm pháp luật"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Ground:
    """What stands behind a marker: `named` where it is first cited, `again` after that, `full` in the list."""

    named: str
    again: str
    full: str


def official_text(assistant: Assistant, turn: Turn) -> str:
    """The answer of a turn, ready to be pasted into a letter."""
    today = assistant.settings.current_day()
    grounds = {c.marker: _ground(assistant, c, today) for c in turn.answer.citations}
    seen: set[int] = set()
    body = [_line(line, grounds, seen) for line in turn.answer.text.split("\n") if line.strip()]
    listed = [f"{n}. {upper(g.full)}" for n, g in enumerate(dict.fromkeys(grounds.values()), 1)]
    parts = [f"Về nội dung: {turn.question.text}", "\n".join(body)]
    if listed:
        parts.append("Căn cứ:\n" + ";\n".join(listed) + ".")
    return "\n\n".join([*parts, FOOT.format(day=show(today))])


def name_of(instrument: Instrument, *, title: bool = False, brief: bool = False) -> str:
    """`Quyết định số 26/2026/QĐ-TTg ngày 22 tháng 5 năm 2026 của Thủ tướng Chính phủ`, with its title if wished; in
    brief without day and issuer."""
    signed = instrument.signed
    # As decree 30/2020/NĐ-CP has days and months written.
    month = f"{signed.month:02}" if signed and signed.month < 3 else f"{signed.month}" if signed else ""
    day = f"ngày {signed.day:02} tháng {month} năm {signed.year}" if signed else "ngày …"
    by = f" của {instrument.issuer}" if instrument.issuer else ""
    law = instrument.kind == "luật"
    kind = instrument.title if law else upper(instrument.kind)
    if brief:
        return f"{kind} số {instrument.number}"
    named = f"{kind} số {instrument.number} {day}{by}"
    if not title or law or not instrument.title:
        return named
    about = instrument.title
    return f"{named} {about[0].lower() + about[1:]}" if _ACT.match(about) else f"{named} về {about}"


def place_of(locator: str) -> str:
    """A place from the smallest unit to the largest: `Điều 3 khoản 3 điểm b` → `điểm b khoản 3 Điều 3`; points are not
    named beside the clause that holds them."""
    places = [(_STEP.findall(one), one.strip()) for one in locator.split(";") if one.strip()]
    whole = [steps for steps, _ in places]
    turned = [
        " ".join(reversed(steps)) or as_it_is
        for steps, as_it_is in places
        if not (steps and steps[-1].startswith("điểm") and steps[:-1] in whole)
    ]
    return "; ".join(turned)


def standing_of(assistant: Assistant, instrument: Instrument, today: date) -> str:
    """Whether and since when it holds, in words for a letter."""
    registry = assistant.registry
    intervals = instrument.in_force or ()
    now = next((i for i in intervals if i.contains(today)), None)
    if now is not None:
        until = f" đến hết ngày {show(now.end)}" if now.end else ""
        return f"đang có hiệu lực, từ ngày {show(now.start)}{until}"
    if not intervals:
        return "chưa xác định được hiệu lực"
    if min(i.start for i in intervals) > today:
        return f"chưa có hiệu lực; có hiệu lực từ ngày {show(min(i.start for i in intervals))}"
    if instrument.suspended_by and any(i.start > today for i in intervals):
        return f"đang tạm ngưng hiệu lực theo {', '.join(instrument.suspended_by)}"
    ends = [i.end for i in intervals if i.end and i.end < today]
    after = registry.successor(instrument.key, today)
    ended = f"ĐÃ HẾT HIỆU LỰC từ ngày {show(max(ends) + _DAY)}" if ends else "ĐÃ HẾT HIỆU LỰC"
    return ended + (f"; nay áp dụng {name_of(after)}" if after else "")


def upper(text: str) -> str:
    """With a capital at its start."""
    return text[:1].upper() + text[1:]


# -- within ------------------------------------------------------------------------------------------------------------


def _line(line: str, grounds: dict[int, Ground], seen: set[int]) -> str:
    """A line of the answer with its grounds in words where the markers stood, in full at their first mention."""

    def told(match: re.Match[str]) -> str:
        numbers = [n for n in map(int, re.findall(r"\d+", match[2])) if n in grounds]
        names = dict.fromkeys(grounds[n].again if n in seen else grounds[n].named for n in numbers)
        seen.update(numbers)
        return (f" (theo {'; '.join(names)})" if names else "") + match[1]

    return _MARKS.sub(told, _BOLD.sub(r"\1", line.rstrip()))


def _ground(assistant: Assistant, citation: Citation, today: date) -> Ground:
    found = assistant.passage(citation.passage_id)
    passage, document = (found[0], found[1]) if found else (None, None)
    if document is not None and document.kind == "curated":
        said = REVIEWER.format(title=document.title)
        return Ground("ý kiến của chuyên viên", "ý kiến của chuyên viên", said)
    places = _places(assistant, citation, passage, document)
    if not places:
        return Ground("gợi ý của Sổ tay", "gợi ý của Sổ tay", NO_RULE.format(title=citation.title))
    named = " và ".join(_at(place, name_of(instrument)) for instrument, place in places)
    again = " và ".join(_at(place, name_of(instrument, brief=True)) for instrument, place in places)
    full = [
        f"{_at(place, name_of(instrument, title=True))} ({standing_of(assistant, instrument, today)})"
        for instrument, place in places
    ]
    return Ground(f"quy định tại {named}", again, " và ".join(full))


def _at(place: str, name: str) -> str:
    return f"{place} {name}" if place else name


def _places(
    assistant: Assistant, citation: Citation, passage: Passage | None, document: Document | None
) -> list[tuple[Instrument, str]]:
    """The instruments behind a citation and the place in each; those of the passage where it names a page only."""
    sources = passage.sources if passage else ()
    if citation.instrument:
        keys = [s.key for s in sources if (i := assistant.registry.get(s.key)) and i.number == citation.instrument]
        instrument = assistant.registry.get(keys[0] if keys else citation.instrument)
        if instrument is not None:
            return [(instrument, place_of(citation.locator))]
        return []
    if not _rests_on_rules(citation, passage):
        return []
    places: dict[str, list[str]] = {}
    for source in sources:
        if assistant.registry.get(source.key) is not None:
            places.setdefault(source.key, []).append(place_of(show_locator(source.locator)))
    for key in document.instruments if document and not places else ():
        places.setdefault(key, [])
    found = [(assistant.registry.get(key), "; ".join(dict.fromkeys(filter(None, p)))) for key, p in places.items()]
    return [(instrument, place) for instrument, place in found if instrument is not None]


def _rests_on_rules(citation: Citation, passage: Passage | None) -> bool:
    """Whether any line that was quoted rests on an instrument; our own advice does not, whatever else the page says."""
    if passage is None:
        return False
    quoted = [n for n, line in enumerate(passage.lines) if line.strip() and line.strip() in citation.quote]
    return any(source.line is None or source.line in quoted for source in passage.sources)
