"""One page for producers under construction, and the wording that its sections share."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.scorecards import BANDS, INSTRUMENT, Criterion, Level, Minimum, Scorecard

WAYS = Path(__file__).parent / "scorecard_ways.tsv"
CRAFTS, TOURISM = 21, 26
SUGGESTION = "{gợi ý}"  # the source of what the handbook itself advises
PACKING = ("Đóng gói, bao bì", "Bao bì, ghi nhãn", "Phong cách, ghi nhãn")


def capital(text: str) -> str:
    """With a capital at its start."""
    return text[0].upper() + text[1:]


def small(text: str) -> str:
    """With a small letter at its start."""
    return text[0].lower() + text[1:]


@cache
def other_ways() -> dict[tuple[int, str], list[str]]:
    """Ways of asking by set and heading, from lines of set, heading and way."""
    found: dict[tuple[int, str], list[str]] = {}
    for line in WAYS.read_text(encoding="utf-8").splitlines():
        number, heading, way = line.split("\t")
        found.setdefault((int(number), heading), []).append(way)
    return found


def called(criteria: Iterable[Criterion], *beginnings: str) -> list[Criterion]:
    """The criteria whose names begin in one of these ways, in their order."""
    return [c for c in criteria if c.name.startswith(beginnings)]


def least(level: Level, c: Criterion) -> str:
    """The points of a level as the least that counts."""
    return f"đủ {level.points} điểm" if level.points == c.points else f"từ {level.points} điểm (tối đa {c.points})"


def unmarked(c: Criterion) -> str:
    """The levels of a criterion that no star asks for, in one sentence."""
    levels = "; ".join(f"{level.points} điểm – {level.text}" for level in c.levels if not level.min_star)
    return f"Mức không mang dấu sao ở mục {c.code}: {levels}."


class Page:
    """One page under construction: sections of lines, each with its source."""

    def __init__(self, card: Scorecard, hand: dict[str, Any]) -> None:
        self.card, self.hand = card, hand
        self.who = f"bộ {card.set} ({hand['label']})"
        self.head = capital(self.who)
        self.goods = f"{capital(hand['label'])} (bộ {card.set})"
        words = hand["words"]
        self.w = [words[i % len(words)] for i in range(5)]  # how producers call it, for the ways of asking
        self.lines: list[str] = []

    def source(self, *codes: str) -> str:
        """The places of these criteria on the sheet; the sheet itself for none or for ""."""
        sheet = f"{INSTRUMENT} PLII B{self.card.set}"
        return f"{{{'; '.join(f'{sheet} m{code}' if code else sheet for code in codes or ('',))}}}"

    def reckoned(self, *codes: str) -> str:
        """The source of a figure that the handbook works out from these places."""
        return f"{{tính từ {self.source(*codes)[1:]}"

    def section(self, heading: str, asks: Iterable[str]) -> None:
        """Open a section with these ways of asking for it and those written down in people's own words."""
        heading = capital(heading)
        asked = (*asks, *other_ways().get((self.card.set, heading), ()))
        self.lines += ["", f"## {heading}", f"<!-- hỏi: {' | '.join(asked)} -->"]

    def say(self, text: str, source: str) -> None:
        """A paragraph, kept apart from a list or table before it."""
        if self.lines[-1][:2] in ("- ", "| "):
            self.lines.append("")
        self.lines.append(f"{text} {source}")

    def item(self, text: str, source: str) -> None:
        """An item of a list."""
        self.lines.append(f"- {text} {source}")

    def table(self, head: str, criteria: Iterable[Criterion], prefix: str = "") -> None:
        """Rows of criteria and their points; they go on with the table before them, if there is one."""
        if self.lines[-1][:2] != "| ":
            self.lines += ["", f"| {head} | Điểm tối đa |", "|---|---|"]
        self.lines += [f"| {prefix}{c.code}. {c.name} | {c.points} | {self.source(c.code)}" for c in criteria]

    def levels(self, criteria: Iterable[Criterion]) -> None:
        """An item for each criterion with all its levels."""
        for c in criteria:
            boxes = "; ".join(f"{level.points} điểm: {_said(level)}" for level in c.levels)
            self.item(f"{_opened(c)} (tối đa {c.points} điểm) – {boxes}.", self.source(c.code))

    def needs(self, marks: Iterable[Minimum], star: int) -> None:
        """An item for each level that carries this star's mark, with the papers that prove it where the sheet tells."""
        for mark in marks:
            c, level = mark.criterion, mark.level
            paper = f" {c.note}" if c.note and (c.name.startswith("Công bố") or (star == 4 and c.code == "3.5")) else ""
            self.item(
                f"{_opened(c)}: {least(level, c)} – {level.text}{self._doubt(c, star)}.{paper}", self.source(c.code)
            )

    def say_marks(self, c: Criterion, name: str, *, named: bool = True) -> None:
        """What each star takes of a criterion, 4 stars first, for which most ask; `named` with the label of the set."""
        marks = {level.min_star: level for level in c.levels if level.min_star}
        of = f"{capital(name)} (mục {c.code}) của {self.who if named else f'bộ {self.card.set}'}"
        if not marks:
            self.say(
                f"{of} không có mức tối thiểu nào cho 3 sao, 4 sao hay 5 sao; tối đa {c.points} điểm.",
                self.source(c.code),
            )
            return
        told = [
            f"{star} sao cần {least(marks[star], c)}: {marks[star].text.replace('; ', ', ')}{self._doubt(c, star)}"
            for star in sorted(marks, key=lambda star: (star != 4, star))
        ]
        higher = [f"{star} sao" for star in BANDS if star > max(marks)]
        if higher:
            told.append(f"{', '.join(higher)} không đòi cao hơn")
        self.say(f"{of}: {'; '.join(told)}.", self.source(c.code))

    def say_levels_by_star(self, c: Criterion, name: str, *, named: bool = True) -> None:
        """What each star takes of a criterion, then the levels that none asks for."""
        self.say_marks(c, name, named=named)
        self.say(unmarked(c), self.source(c.code))

    def say_note(self, c: Criterion) -> None:
        """What the sheet adds to a criterion, if anything."""
        if c.note:
            self.say(c.note, self.source(c.code))

    def _doubt(self, c: Criterion, star: int) -> str:
        missing = any(
            fix.field == "min_star" and (fix.at, fix.read_as) == (c.code, star) for fix in self.card.corrections
        )
        return " (bản chép thiếu dấu sao; 25 phiếu khác có)" if missing else ""


def _said(level: Level) -> str:
    return f"[{level.case}] {level.text}" if level.case else level.text


def _opened(c: Criterion) -> str:
    """A criterion with its number, as it opens an item: a lone "9." would be taken for the ninth item of a list."""
    return f"{c.code}. {c.name}" if "." in c.code else f"Tiêu chí {c.code}. {c.name}"
