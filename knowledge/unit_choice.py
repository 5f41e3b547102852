"""Which units of a passage an answer tells, and in which order."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import takewhile
from math import fsum

from knowledge.figures import facts_of
from knowledge.measures import MEASURED
from knowledge.question import Kind, QuestionReading, content_terms
from knowledge.relevance import Relevance, words_within
from knowledge.rows import row_holding, row_named
from knowledge.text import fold
from knowledge.types import Hit
from knowledge.unit_worth import Worth
from knowledge.units import Unit, is_group, units

# How likely an answer must lack something without a unit for it to be told, to a question that wants one fact and to an
# open one (what `scripts/fit_unit_worth.py` prints of them: knowledge/model/README.md).
NEEDED, NEEDED_OPEN = 0.15, 0.1
# Of a paper's passages, which say more at a time.
_OF_PAPERS = 0.05
_MAY_LEAD = 0.2  # the least chance of a line on today's rule to be read first instead of one on an earlier rule
# A line that only says that something is not known; the rest of its section says what is.
_UNKNOWN = re.compile(r"chưa (?:thấy|tìm thấy|có căn cứ|được xác lập|có văn bản)|Sổ tay chưa", re.IGNORECASE)
# Of the best unit's score, for another clause of a paper.
_SPEAKS_TO_IT = 0.45
# How a sentence ends that only opens a list.
_ANNOUNCING = re.compile(r":$|\b(?:sau|sau đây|dưới đây)\.$")
# How a sentence begins that means nothing without the one before it.
_HANGING = re.compile(
    r"(?:Cũng theo|Trong đó|Trong số (?:này|đó)|Khi (?:đó|ấy)|Lúc (?:đó|ấy)|Sau đó|Do đó|Vì (?:vậy|thế)|Như vậy|"
    r"Tuy nhiên|Nhưng|Ngoài ra|Ngược lại|Nếu không|"
    r"(?:Quá|Hết|Sau|Trong) (?:thời )?(?:hạn|gian) (?:này|đó|trên|nêu trên)|"
    r"(?:Việc|Điểm|Mức|Số|Con số|Điều|Quy định|Mốc|Hạn|Bộ|Nhóm|Cách|Phần) (?:này|đó|trên))\b"
)
# What a sentence says of every item of the list that it opens, so that an item without it would say the opposite.
_NEGATES = re.compile(
    r"\b(?:không|chưa|cấm|tránh|đừng|bị|trừ|thiếu)\b[^:]*:$|"
    r"\b(?:không (?:được|nên|thể|phải|cần)|cấm|nên tránh|bị (?:loại|từ chối|phạt|thu hồi|bác))\b",
    re.IGNORECASE,
)
_NO_ITEMS = MEASURED | {"sao", "điểm", "%"}  # units of figures that count no items
_FORMAL = re.compile(
    r"CỘNG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA|Độc lập\s*[-–]\s*Tự do|(?:Đơn vị tính|ĐVT)\s*:[^.;:]{1,40}$|"
    r"(?:TP\.? ?)?[A-ZĐÀ-Ỹ]\w*(?: [A-ZĐÀ-Ỹ]\w*){0,4}, ngày [\d.…]+ tháng [\d.…]+ năm (?:20\d\d|…+|\.\.+)$"
)
_MORE = 0.15  # so much of the question a row must hold that the one which leads lacks
_ABBREVIATED = 2  # words in capitals that are still no line of a letterhead
_BARE = 3  # so many words at most has an opening that says nothing of its list ("Hồ sơ gồm:")
SHORT_KINDS = frozenset((Kind.QUANTITY, Kind.TIME, Kind.WHO, Kind.PLACE, Kind.YES_NO, Kind.DEFINITION))
# What wants all rows that it may mean: "sản phẩm nào đạt 4 sao", "hộ nào nhiều nhất"; not "ngày nào".
_WHICH_ROWS = re.compile(
    r"\bnhat\b|(?<!\bngay )(?<!\bgio )(?<!\bkhi )(?<!\bluc )(?<!\bthang )(?<!\bnam )(?<!\bthe )\bnao\b"
)
_OF_ALL_ROWS = (Kind.LIST, Kind.STEPS, Kind.COMPARE)
_OF_ONE_ROW = frozenset((Kind.QUANTITY, Kind.TIME, Kind.WHO, Kind.PLACE))


def choose(
    hit: Hit,
    reading: QuestionReading,
    relevance: Relevance,
    worth: Sequence[Worth],
    *,
    limit: int,
    short: int,
    whole: bool = False,
) -> list[int]:
    """The numbers of the units to tell, in the order in which to tell them.

    `worth`: what each unit is worth, or nothing where nobody judged it; an official one's clauses are only quoted then
    where they share the question's words. `limit` and `short`: how many characters, and how many for a question that
    wants one fact; a list or table that is wanted whole may be longer. `whole`: every unit of a handbook section is
    needed, as far as there is room.
    """
    all_units = units(hit.passage)
    if not all_units:
        return []
    if named := _named(hit, reading, all_units):
        return named
    row = row_holding(all_units, reading.text)
    if row is None and reading.kind in _OF_ONE_ROW:
        row = row_named(all_units, *relevance.asked(reading))
    if row is not None:  # the others are for other figures and things
        above = takewhile(lambda n: all_units[n].kind != "row", range(len(all_units)))
        said = _said(all_units) if hit.is_paper else range(len(all_units))
        return [*(n for n in above if n in said), row]
    if worth:
        worth = _of_its_time(hit, all_units, worth, reading)
        terms, _ = relevance.asked(reading)
        held = [terms.keys() & words for _, words in words_within(hit.passage)] if hit.is_paper else []
        lacks = [[fsum(terms[term] for term in one - lead) for lead in held] for one in held]
        return _worthy(all_units, worth, reading, limit, whole=whole, lacks=lacks)
    scores = relevance.scores(hit, reading)
    best = max(range(len(all_units)), key=lambda n: (scores[n], -n))
    if reading.kind in (Kind.LIST, Kind.STEPS):
        chosen = _whole_list(all_units, best, limit)
    else:
        floor = _SPEAKS_TO_IT * scores[best] if hit.document.kind == "official" else 0.0
        room = min(limit, short) if reading.kind in SHORT_KINDS else limit
        chosen = _around(all_units, scores, best, floor, room, limit)
    # The answering sentence leads; a list or table keeps its order under what opens it.
    if reading.kind in SHORT_KINDS and all_units[best].kind == "sentence":
        chosen = [best, *(n for n in chosen if n != best)]
    return chosen


def part_of_a_list(all_units: Sequence[Unit], chosen: Sequence[int]) -> int | None:
    """Where in `chosen` some items begin of a list that the sentence told before them opens or counts whole ("4 nhóm
    nội dung"); None where there are no such."""
    for at, n in enumerate(chosen[:-1]):
        listed = _list_after(all_units, n) if announces(all_units[n]) else _counted(all_units, n)
        if chosen[at + 1] in listed and not listed <= set(chosen):
            return at + 1
    return None


def _counted(all_units: Sequence[Unit], n: int) -> set[int]:
    """The list after a sentence that says how many it holds; nothing after another."""
    if all_units[n].kind != "sentence":
        return set()
    listed = _list_after(all_units, n)
    counts = (fact for fact in facts_of(all_units[n].text) if fact.kind == "figure" and fact.unit not in _NO_ITEMS)
    return listed if any(fact.value == str(len(listed)) for fact in counts) else set()


def _list_after(all_units: Sequence[Unit], n: int) -> set[int]:
    """The items or rows that follow a unit without a sentence between."""
    return set(takewhile(lambda m: all_units[m].kind != "sentence", range(n + 1, len(all_units))))


def announces(unit: Unit) -> bool:
    """Whether a sentence only opens the list or table below it."""
    return unit.kind == "sentence" and _ANNOUNCING.search(unit.text.rstrip()) is not None


def _of_its_time(hit: Hit, all_units: list[Unit], worth: Sequence[Worth], reading: QuestionReading) -> Sequence[Worth]:
    """What each unit is worth; a line on an earlier rule is not read first where nothing of then is asked and another
    line may be."""
    time, past = reading.time, {line for line, _ in hit.past}
    pairs = list(zip(all_units, worth, strict=True))
    of_now = max((one.lead for unit, one in pairs if unit.line not in past), default=0.0)
    if time.period or time.previous or reading.references.found or of_now < _MAY_LEAD:
        return worth
    return [one._replace(lead=0.0) if unit.line in past else one for unit, one in pairs]


def _worthy(
    all_units: list[Unit],
    worth: Sequence[Worth],
    reading: QuestionReading,
    limit: int,
    *,
    whole: bool,
    lacks: Sequence[Sequence[float]],
) -> list[int]:
    """The unit to read first, then what is needed beside it; a list that is asked for stands whole. `lacks`: how much
    of the question each unit of a paper holds that another lacks; nothing for the handbook."""
    paper = bool(lacks)
    said = _said(all_units) if paper else range(len(all_units))
    worth = [one if n in said else Worth(0.0, 0.0) for n, one in enumerate(worth)]
    lead = max(range(len(all_units)), key=lambda n: (worth[n].lead, -n))
    least = (NEEDED if reading.kind in SHORT_KINDS else NEEDED_OPEN) + _OF_PAPERS * paper
    if whole or _UNKNOWN.search(all_units[lead].text):
        least = 0.0
    chosen = {lead}
    if reading.kind in (Kind.LIST, Kind.STEPS):
        chosen |= {n for n, unit in enumerate(all_units) if unit.kind != "sentence"}
    used = sum(len(all_units[n].text) for n in chosen)
    for n in sorted(range(len(all_units)), key=lambda n: (-worth[n].needed, n)):
        if n not in chosen and worth[n].needed >= least and used + len(all_units[n].text) <= limit:
            chosen.add(n)
            used += len(all_units[n].text)
    chosen = _unbroken(all_units, chosen, lead, limit)
    for n in sorted(chosen):
        if (opening := _denied_by(all_units, n)) is not None:
            chosen = _unbroken(all_units, chosen | {opening}, opening, limit)
    for n in sorted(chosen):
        if n and n - 1 not in chosen and _HANGING.match(all_units[n].text):
            chosen = chosen | {n - 1} if n == lead else chosen - {n}
    of_one = reading.kind not in _OF_ALL_ROWS and not _WHICH_ROWS.search(fold(reading.text))
    if paper and all_units[lead].kind == "row" and of_one:
        # A price list has many rows that say something of the kind asked for.
        less = {n for n in chosen if all_units[n].kind == "row" and lacks[n][lead] < _MORE and n != lead}
        chosen = chosen - less
    alone = paper and all_units[lead].kind == "row" and of_one and reading.kind in SHORT_KINDS
    first = [lead] if alone else _block(all_units, chosen, lead)
    opening = _opening(all_units, lead)
    if paper and opening is not None and opening not in first and len(content_terms(all_units[opening].text)) > _BARE:
        first = [opening, *first]  # of a law's point it often holds the verb: "phải được UBND cấp tỉnh cho phép:"
    return [*first, *(n for n in sorted(chosen) if n not in first)]


def _said(all_units: Sequence[Unit]) -> Collection[int]:
    """The units of a paper that say something: not the head or the signature, nor the name of a group of rows; all
    where there is nothing else."""
    signed = len(all_units)
    while signed > 1 and _is_name(all_units[signed - 1]):
        signed -= 1
    groups = {n for n, unit in enumerate(all_units) if is_group(unit)}
    if 2 * len(groups) > sum(unit.kind == "row" for unit in all_units):  # a column that is mostly left empty
        groups = set()
    said = {n for n, unit in enumerate(all_units[:signed]) if not _is_head(unit)} - groups
    return said or range(len(all_units))


def _is_head(unit: Unit) -> bool:
    """Whether a line is of a letterhead or a title: all capitals, the state's name and motto, or a place with the day;
    or says the unit that a table's rows bear."""
    capitals = unit.text.isupper() and len(unit.text.split()) > _ABBREVIATED
    return unit.kind == "sentence" and (capitals or _FORMAL.match(unit.text) is not None)


def _is_name(unit: Unit) -> bool:
    """Whether a line is names alone, as under a signature."""
    words = unit.text.split()
    names = len(words) > _ABBREVIATED and all(word.istitle() and word.isalpha() for word in words)
    return unit.kind == "sentence" and (names or unit.text.isupper())


def _denied_by(all_units: Sequence[Unit], n: int) -> int | None:
    """The sentence before the list that an item stands in, where it denies all of it."""
    before = _before(all_units, n)
    return before if before is not None and _NEGATES.search(all_units[before].text.rstrip()) else None


def _opening(all_units: Sequence[Unit], n: int) -> int | None:
    """The sentence that opens the list which an item stands in."""
    before = _before(all_units, n)
    return before if before is not None and announces(all_units[before]) else None


def _before(all_units: Sequence[Unit], n: int) -> int | None:
    """The sentence before the list that an item stands in."""
    if all_units[n].kind != "item":
        return None
    return next((m for m in range(n - 1, -1, -1) if all_units[m].kind == "sentence"), None)


def _block(all_units: list[Unit], chosen: set[int], lead: int) -> list[int]:
    """The lead with what cannot be parted from it: the rest of its list under the sentence before it, the sentence that
    denies it, the one on which it hangs, or those that hang on it."""
    first = last = lead
    denied_by = _denied_by(all_units, lead)
    headed = any(all_units[n].kind == "sentence" for n in range(lead) if n in chosen)
    # Of a list without its opening the item that was asked for leads.
    if all_units[lead].kind != "sentence" and (headed or all_units[lead].kind == "row" or all_units[lead].ordinal):
        while first - 1 in chosen and all_units[first - 1].kind != "sentence":
            first -= 1
        while last + 1 in chosen and all_units[last + 1].kind != "sentence":
            last += 1
        if denied_by is not None:
            return [denied_by, *range(first, last + 1)]
        if first - 1 in chosen and (first < last or announces(all_units[first - 1])):
            first -= 1
    while first - 1 in chosen and _HANGING.match(all_units[first].text):
        first -= 1
    while last + 1 in chosen and _HANGING.match(all_units[last + 1].text):
        last += 1
    return list(range(first, last + 1))


def _named(hit: Hit, reading: QuestionReading, all_units: list[Unit]) -> list[int]:
    """The units whose own line rests on the very place that the question refers to, where only some do."""
    places = [reference for reference in reading.references.found if reference.locator]
    lines = {s.line for s in hit.passage.sources if any(place.covers(s.key, s.locator) for place in places)}
    chosen = [n for n, unit in enumerate(all_units) if unit.line in lines]
    return chosen if None not in lines and len(chosen) < len(all_units) else []


def _whole_list(all_units: list[Unit], best: int, limit: int) -> list[int]:
    """The lead sentence and the list it opens, whole; other paragraphs only while there is room."""
    listed = [n for n, unit in enumerate(all_units) if unit.kind != "sentence"]
    chosen = set(listed) if listed else {best}
    if 0 not in chosen:
        chosen.add(0)
    if listed:
        chosen |= {n for n in range(listed[0]) if n == listed[0] - 1}
    used = sum(len(all_units[n].text) for n in chosen)
    for n, unit in enumerate(all_units):
        if n not in chosen and used + len(unit.text) <= limit:
            chosen.add(n)
            used += len(unit.text)
    return sorted(chosen)


def _around(
    all_units: list[Unit], scores: Sequence[float], best: int, floor: float, room: int, limit: int
) -> list[int]:
    """The best unit, what introduces it, and others that score at least `floor` while there is room."""
    chosen, used = {best}, len(all_units[best].text)
    if all_units[best].kind != "sentence" and all_units[0].kind == "sentence" and best != 0:
        chosen.add(0)
        used += len(all_units[0].text)
    for n in sorted(range(len(all_units)), key=lambda n: (-scores[n], n)):
        if n in chosen or scores[n] < floor or used + len(all_units[n].text) > room:
            continue
        chosen.add(n)
        used += len(all_units[n].text)
    return sorted(_unbroken(all_units, chosen, best, limit))


def _unbroken(all_units: list[Unit], chosen: set[int], best: int, limit: int) -> set[int]:
    """What was chosen, no table, announced list or numbered steps told in part, nor a counted list but for one."""
    chosen = _without_parts(all_units, _whole_table(all_units, chosen, limit), best, limit)
    chosen = _whole_steps(all_units, chosen, best, limit)
    for n in sorted(chosen):
        if len(listed := _counted(all_units, n)) - len(listed & chosen) == 1 < len(listed & chosen):
            chosen = chosen | listed
    return chosen


def _whole_table(all_units: list[Unit], chosen: set[int], limit: int) -> set[int]:
    """A table of which half or more of the rows were chosen, and several, stands whole where it fits: what is added up
    or compared must not lack a row."""
    rows = {n for n, unit in enumerate(all_units) if unit.kind == "row"}
    whole = chosen | rows
    several = len(rows & chosen) > 1 and 2 * len(rows & chosen) >= len(rows)
    return whole if several and sum(len(all_units[n].text) for n in whole) <= limit else chosen


def _whole_steps(all_units: list[Unit], chosen: set[int], best: int, limit: int) -> set[int]:
    """Numbered items stand all together or only the best of them: "1, 2, 5" would be taken for a list."""
    for n in sorted(chosen):
        if not all_units[n].ordinal:
            continue
        after = takewhile(lambda m: all_units[m].ordinal, range(n, len(all_units)))
        before = takewhile(lambda m: all_units[m].ordinal, range(n, -1, -1))
        listed = {*after, *before}
        if not listed <= chosen:
            fits = sum(len(all_units[m].text) for m in chosen | listed) <= limit
            chosen = chosen | listed if fits else chosen - (listed - {best})
    return chosen


def _without_parts(all_units: list[Unit], chosen: set[int], best: int, limit: int) -> set[int]:
    """A sentence that announces a list ("7 mức sau đây:") stands with the whole list or not at all: a part under it
    would be taken for all of it."""
    for n, unit in enumerate(all_units):
        if n not in chosen or not announces(unit):
            continue
        listed = _list_after(all_units, n)
        if listed <= chosen:
            continue
        whole = chosen | listed
        fits = n == best or sum(len(all_units[m].text) for m in whole) <= limit
        chosen = whole if fits else chosen - {n}
    return chosen
