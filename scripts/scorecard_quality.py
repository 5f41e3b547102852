"""The sections on points: for the quality of the product itself, and for single matters that people ask about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from scorecard_page import PACKING, Page, called, capital, small

from knowledge.scorecards import Criterion, Scorecard, load_scorecards
from knowledge.text import fold

FOOD_AND_DRINK = range(1, 18)  # these sets are judged by the senses
# Much the same on every sheet, or told in a section of its own.
COMMON = ("Tính độc đáo", "Dinh dưỡng", "Hướng dẫn sử dụng", "Cơ hội thị trường toàn cầu")
STANDARD = 7, ("8", "9")  # công bố and đảm bảo as most sheets word them
LONG = 1000  # characters of levels in one section; README of the handbook: 1,200 in all

Groups = Mapping[str, Sequence[Criterion]]


def quality_points(page: Page) -> None:
    """How many points looks, smell and taste have, or what stands for them, and what each star asks of them."""
    card, w, first = page.card, page.w, page.card.criterion("6")
    what, group, halves = _quality(card), _quality_group(card), _halves(card)
    page.section(
        f"{page.who}: {what} được tối đa mấy điểm?",
        [
            f"{w[0]} chấm {what} tối đa bao nhiêu điểm",
            fold(f"{w[0]} {what} may diem"),
            f"điểm {what} của {w[1]} cộng lại mấy điểm",
            fold(f"{w[2]} {group[-1].name} toi da may diem, may sao can may"),
            f"{w[3]} mục {small(group[0].name)} mấy điểm",
            fold(f"{w[4]} {group[len(group) // 2].name} phai may diem moi len sao"),
            *(f"{w[1]} chấm {name} mấy điểm" for name in halves),
            *(fold(f"{w[0]} {name} bao nhieu diem") for name in halves),
        ],
    )
    source = page.source("6" if first.criteria else "")
    if halves:
        each = ", ".join(f"{name} {_total(half)} điểm" for name, half in halves.items())
        page.say(f"{capital(what)} của {page.who} tối đa {first.points} điểm: {each}.", source)
    for name, part in (halves or {what: group}).items():
        page.say(f"{capital(name)} của {page.who} {_most(part)}.", source)
    if not any(level.min_star for c in group for level in c.levels):
        page.say(f"Phiếu bộ {card.set} không đòi mức tối thiểu theo sao ở các mục này.", page.source())


def quality_levels(page: Page) -> None:
    """The levels of the set's own criteria of quality, in two sections where one would be too long."""
    card, w = page.card, page.w
    what, group, own = _quality(card), _quality_group(card), _own_criteria(card)
    chunks: Groups = {what: own}
    if sum(len(level.text) + 12 for c in own for level in c.levels) + 40 * len(own) > LONG:
        middle = (len(own) + 1) // 2
        chunks = _halves(card) or {
            f"mục {part[0].code} đến {part[-1].code}": part for part in (own[:middle], own[middle:])
        }
    for number, (name, chunk) in enumerate(chunks.items()):
        asks = [
            [
                f"{w[0]} chấm {'màu, mùi, vị' if card.set in FOOD_AND_DRINK else 'chất lượng'} thế nào",
                f"hội đồng xem {w[1]} những gì",
            ],
            [fold(f"{w[1]} cham {chunk[0].name}"), f"{w[0]} chấm {small(chunk[-1].name)} thế nào"],
        ][number]
        told, span = (what, f" ({name})") if name.startswith("mục ") else (name, "")
        page.section(f"{page.who}: {told} được chấm theo những mức nào{span}?", asks)
        points = _total([c for c in chunk if c in group])
        within = "" if name == what else f" trong {_total(group)} điểm {what}"
        more = "".join(f", {small(c.name)} {c.points} điểm" for c in chunk if c not in group)
        page.say(
            f"{capital(name)} của {page.who} tối đa {points} điểm{within}{more}, chấm theo từng nội dung.",
            page.source(),
        )
        page.levels(chunk)


def single_matters(page: Page) -> None:
    """A section for each matter that people ask about by itself: its points, what a star asks of it, its levels."""
    w, leaves = page.w, list(page.card.leaves())
    unique = [c for c in leaves if "độc đáo" in c.name]
    matters = {  # with other words for it
        "dinh dưỡng": ("kiểm nghiệm chất bổ", [c for c in leaves if c.name == "Dinh dưỡng"]),
        small(unique[0].name): ("nét riêng, độc đáo", unique),
        "bao bì, nhãn": ("hộp, túi, nhãn mác", called(leaves, *PACKING)),
        "câu chuyện": ("kể chuyện", list(page.card.criterion("5").leaves())),
    }
    for what, (words, criteria) in matters.items():
        if not criteria:
            continue
        page.section(
            f"{page.who}: {what} được mấy điểm?",
            [
                f"{w[0]} chấm {what} tối đa bao nhiêu điểm",
                fold(f"{w[1]} {what} may diem"),
                f"{w[2]} muốn 4 sao thì {what} phải mấy điểm",
                fold(f"{words} cua {w[3]} duoc bao nhieu diem"),
                f"{what} của {w[4]} có mức tối thiểu cho 3 sao, 5 sao không",
                fold(f"{w[0]} {what} thap thi co len sao duoc ko"),
            ],
        )
        code = "5" if what == "câu chuyện" else criteria[0].code
        page.say(f"{capital(what)} của {page.who} {_most(criteria)}.", page.source(code))
        page.levels(criteria)
        for c in criteria:
            if c.note:
                page.say(f"{c.name}: {small(c.note)}", page.source(c.code))
        if what == "bao bì, nhãn":
            for c in leaves:
                if c.name == "Ghi nhãn song ngữ":
                    page.say(f"Ghi nhãn song ngữ tính riêng, {c.points} điểm.", page.source(c.code))


def _total(criteria: Sequence[Criterion]) -> int:
    return sum(c.points for c in criteria)


def _most(criteria: Sequence[Criterion]) -> str:
    """The most points of some criteria, each by itself too, and the least of them that a star asks for."""
    total = f"tối đa {_total(criteria)} điểm"
    if len(criteria) == 1:
        return f"{total}; {_star_points(criteria[0]) or 'không có mức tối thiểu theo sao'}"
    each = (f"{small(c.name)} {c.points} điểm{f' ({told})' if (told := _star_points(c)) else ''}" for c in criteria)
    return f"{total}: {', '.join(each)}"


def _star_points(c: Criterion) -> str:
    return ", ".join(
        f"{level.min_star} sao cần {'đủ' if level.points == c.points else 'từ'} {level.points} điểm"
        for level in c.levels
        if level.min_star
    )


def _quality(card: Scorecard) -> str:
    """How people call what the set's own criteria of part C are about."""
    return "cảm quan" if card.set in FOOD_AND_DRINK else "chất lượng"


def _own_criteria(card: Scorecard) -> list[Criterion]:
    """The criteria of part C that are this set's own."""
    standard = {_texts(load_scorecards()[STANDARD[0]].criterion(code)) for code in STANDARD[1]}
    return [
        c
        for c in card.part("C").leaves()
        if c.name not in COMMON
        and (_texts(c) not in standard or card.set == STANDARD[0])
        and not (card.set in FOOD_AND_DRINK and c.name.startswith(("Công bố", "Đảm bảo")))
    ]


def _texts(c: Criterion) -> tuple[str, ...]:
    return tuple(level.text for level in c.levels)


def _quality_group(card: Scorecard) -> list[Criterion]:
    """Those of the set's own criteria that people call by one name together."""
    first = card.criterion("6")
    return list(first.leaves()) if first.criteria else _own_criteria(card)


def _halves(card: Scorecard) -> Groups:
    """The headings under criterion 6 that gather criteria, where the sheet has such."""
    return {small(c.name): c.criteria for c in card.criterion("6").criteria if c.criteria}
