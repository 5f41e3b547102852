"""Questions written for learning and checking, by writers who saw the handbook but no question of tests/golden.

`answerable.tsv` holds a question, the page and the headings (` || ` between them) that answer it, worded as a stranger
to the section would; `unanswerable.txt` what must be refused, and `near_misses.txt` the same in the words of one page
that does not tell it. The ranker learns from half of the answerable ones, the
confidence from all (its figures are of trees that have not seen the question).

`long_messages.tsv` holds messages that tell a story around what they ask, or ask nothing: the message, the page and the
headings that answer it; `-` twice where the handbook does not.

`chosen_lines.tsv` holds, for some 1,600 of the answerable ones, which lines of the sections found for it a reader
would tell: a question, the page and heading of a section, a mark of its text as it was read, and a letter for each unit
of it: `L` to be read first, `l` as good to be read first but told already by another, `n` needed, `u` useful, `s`
stray, `.` not judged. A question's sections stand one below the other, the one that was answered from first.

`paper_questions.tsv` holds questions on the papers of `shared/data/real`, by writers who saw the papers alone: a
question, those before it in its conversation (` > ` between them), and of each passage that answers it the name of the
file, the mark of its text and a letter for each unit: `L`, `n`, or `u` for what the writer did not choose; `-` where no
passage answers.

`papers/` holds forty papers such as a commune or a cooperative writes for its people, invented for this by eight
language models, and `invented_paper_questions.tsv` what people who have not read them would ask, by the same writers:
the name of the file, the questions before it in its conversation (` > ` between them), the question, and the lines that
answer it word for word (` || ` between them, the one to be read first first); `-` where the paper does not tell it.

`everyday.tsv` holds sentences such as papers hold, on everything that a commune does, invented for this by other
language models, each with three questions that people would ask in words of their own: what tells the vectors that
"hùn" is "góp vốn" and which words of a question no paper holds.

`follow_ups.tsv` holds follow-ups that strangers to Sổ tay asked of it, and such as were written for it from the facts
alone: a question, those before it, and the sections among those found for any of its readings that a reader marked: `A`
answers it, `u` is useful beside the answer, with page and heading; the others do not answer. `-` where none was marked.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from knowledge.text import fold
from knowledge.types import Hit, Passage
from knowledge.units import units

HERE = Path(__file__).parent
INVENTED_PAPERS = HERE / "papers"
_SHORT = 15  # letters; a unit as short as that may stand in many a line


@dataclass(frozen=True)
class Written:
    """A question and the sections that answer it."""

    question: str
    page: str
    headings: tuple[str, ...]

    def holds(self, hit: Hit) -> bool:
        """Whether a hit is a passage of one of the sections."""
        return hit.document.origin.endswith(self.page) and not set(self.headings).isdisjoint(hit.passage.breadcrumb)


def to_learn(question: str) -> bool:
    """Whether a question is in the half that the ranker learns from."""
    return zlib.crc32(fold(question).encode()) % 2 == 0


def answerable() -> list[Written]:
    """Every question with an answer in the handbook."""
    rows = [line.split("\t") for line in (HERE / "answerable.tsv").read_text(encoding="utf-8").splitlines()]
    return [Written(question, page, tuple(headings.split(" || "))) for question, page, headings in rows]


def unanswerable() -> list[str]:
    """Questions without one: of other things, and some that sound alike."""
    return _lines("unanswerable.txt")


def near_misses() -> list[str]:
    """Questions without one in the words of a page of the handbook."""
    return _lines("near_misses.txt")


@dataclass(frozen=True)
class Judged:
    """A section as it was found for a question, and a letter for each of its units."""

    page: str
    heading: str
    mark: str
    letters: str

    def is_of(self, hit: Hit) -> bool:
        """Whether a hit is that section and still says what was judged."""
        place = hit.document.origin.endswith(self.page) and hit.passage.heading == self.heading
        return place and mark_of(hit.passage) == self.mark


def long_messages() -> list[Written]:
    """Messages with a story around their question; those without an answer have no headings."""
    rows = [line.split("\t") for line in (HERE / "long_messages.tsv").read_text(encoding="utf-8").splitlines()]
    return [Written(text, page, tuple(headings.split(" || ")) if page != "-" else ()) for text, page, headings in rows]


def chosen_lines() -> dict[str, list[Judged]]:
    """The judged sections of each question."""
    found: dict[str, list[Judged]] = {}
    for line in (HERE / "chosen_lines.tsv").read_text(encoding="utf-8").splitlines():
        question, *section = line.split("\t")
        found.setdefault(question, []).append(Judged(*section))
    return found


@dataclass(frozen=True)
class OnPapers:
    """A question on the papers, and what answers it, nothing where nothing does: the marks of the passages, with a
    letter for each unit, or the lines themselves."""

    question: str
    history: tuple[str, ...]
    file: str
    answers: dict[str, str]
    lines: tuple[str, ...] = ()

    @property
    def is_answered(self) -> bool:
        """Whether a paper answers it."""
        return bool(self.answers or self.lines)

    def letters(self, hit: Hit) -> str:
        """The letters of a hit's units where it is one of the answers, else nothing."""
        if not hit.is_paper:
            return ""
        if not self.lines:
            return self.answers.get(mark_of(hit.passage), "")
        if not hit.document.origin.endswith(self.file):
            return ""
        letters = "".join(self._letter(_words(unit.text)) for unit in units(hit.passage))
        return letters if set(letters) != {"u"} else ""

    def _letter(self, unit: str) -> str:
        """`L` for the unit that the first line is or stands in, `n` for another line's, `u` for what none names."""
        named = (
            n for n, line in enumerate(map(_words, self.lines)) if line in unit or (len(unit) > _SHORT and unit in line)
        )
        return {None: "u", 0: "L"}.get(next(named, None), "n")


def everyday() -> list[tuple[str, str]]:
    """Questions in people's own words, each with the sentence of a paper that answers it."""
    rows = (line.split("\t") for line in (HERE / "everyday.tsv").read_text(encoding="utf-8").splitlines())
    return [(question, sentence) for sentence, *questions in rows for question in questions]


def on_invented_papers() -> list[OnPapers]:
    """The questions on the invented papers, in their order."""
    rows = (
        line.split("\t") for line in (HERE / "invented_paper_questions.tsv").read_text(encoding="utf-8").splitlines()
    )
    return [
        OnPapers(
            text, tuple(filter(None, before.split(" > "))), file, {}, tuple(lines.split(" || ")) if lines != "-" else ()
        )
        for file, before, text, lines in rows
    ]


def on_papers() -> list[OnPapers]:
    """The questions on the papers of `shared/data/real`, in their order."""
    found: dict[tuple[str, tuple[str, ...]], OnPapers] = {}
    for line in (HERE / "paper_questions.tsv").read_text(encoding="utf-8").splitlines():
        text, history, file, *answer = line.split("\t")
        before = tuple(filter(None, history.split(" > ")))
        known = found.setdefault((text, before), OnPapers(text, before, file, {}))
        if answer:
            known.answers[answer[0]] = answer[1]
    return list(found.values())


@dataclass(frozen=True)
class FollowUp:
    """A question within a conversation, and the page and heading of each section that answers it or is useful."""

    question: str
    history: tuple[str, ...]
    letters: dict[tuple[str, str], str]

    def answers(self, hit: Hit) -> bool:
        """Whether a hit was marked as one that answers."""
        at = (hit.document.origin.partition("handbook/")[2], hit.passage.heading)
        return self.letters.get(at) == "A"


def follow_ups() -> list[FollowUp]:
    """The follow-ups, in their order."""
    found: dict[tuple[str, str], FollowUp] = {}
    for line in (HERE / "follow_ups.tsv").read_text(encoding="utf-8").splitlines():
        text, history, letter, page, heading = line.split("\t")
        known = found.setdefault((text, history), FollowUp(text, tuple(history.split(" > ")), {}))
        if page:
            known.letters[page, heading] = letter
    return list(found.values())


def mark_of(passage: Passage) -> str:
    """A short mark of what a passage's units say, in order."""
    return f"{zlib.crc32(chr(10).join(unit.text for unit in units(passage)).encode()):08x}"


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _lines(name: str) -> list[str]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and line[0] != "#"]
