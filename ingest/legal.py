"""The structure of Vietnamese legal texts, recognised line by line.

Units in English: part (Phần), chapter (Chương), section (Mục), subsection (Tiểu mục), article (Điều), clause (Khoản,
`1.`), point (Điểm, `a)`), appendix (Phụ lục), form (Mẫu số 01), product set (Bộ sản phẩm 7, in the OCOP decision).

A number at the start of a line is not yet a unit: quoted amendments (`“Điều 5. …”`), references and lists carry numbers
too. So lines inside quotation marks are passed over, and among the rest the longest run that counts on is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One line of the text with what the layout says of it; `heading` is the level that the file gives it, or 0."""

    text: str
    page: int | None = None
    centred: bool = False
    bold: bool = False
    heading: int = 0
    quoted: bool = False

    @property
    def stands_out(self) -> bool:
        """Whether it looks like a title."""
        return self.heading > 0 or self.bold or self.centred or is_upper(self.text)


@dataclass(frozen=True)
class Unit:
    """A place in the structure: `key` names it (`Điều 7`), `label` with its title, `locator` as sources write it."""

    kind: str
    number: str
    title: str = ""
    name: str = ""
    locator: str = ""

    @property
    def key(self) -> str:
        return f"{self.name} {self.number}".strip()

    @property
    def label(self) -> str:
        return f"{self.key}. {self.title}" if self.title else self.key


ARTICLE = re.compile(r"(?:Điều|ĐIỀU)\s+(\d{1,3})([a-zđ]?)\s*(?:[.:]\s*[-–]?\s*|[-–]\s+|$)(.*)$")
_ARTICLE_BARE = re.compile(r"(?:Điều|ĐIỀU)\s+(\d{1,3})([a-zđ]?)\s+(?=[A-ZĐÀ-Ỹ])(.*)$")
CLAUSE = re.compile(r"(?:Khoản\s+)?(\d{1,3})([a-zđ]?)\s?[.)/]\s*[-–]?\s+(?=\S)")
POINT = re.compile(r"([a-zđ])(\d?)\s?[.)]\s+(?=\S)")
_CHAPTER = re.compile(r"(?:Chương|CHƯƠNG)\s+([IVXLC]+|\d{1,2})\s*(?:[.:\-–]\s*|\s+|$)(.*)$")
_PART = re.compile(r"(?:Phần|PHẦN)\s+((?:thứ|THỨ)\s+\w+|[IVXLC]+|\d{1,2}|[A-H])\s*(?:[.:\-–]\s*|\s+|$)(.*)$")
_SECTION = re.compile(r"(?:Mục|MỤC)\s+(\d{1,2}|[IVXLC]+)\s*(?:[.:\-–]\s*|\s+|$)(.*)$")
_SUBSECTION = re.compile(r"(?:Tiểu mục|TIỂU MỤC)\s+(\d{1,2}|[IVXLC]+)\s*(?:[.:\-–]\s*|\s+|$)(.*)$")
_APPENDIX = re.compile(
    r"(?:Phụ lục|PHỤ LỤC)(?:\s+(?:số|SỐ))?\s*([IVXLC]+[a-z]?|\d{1,2}[a-z]?|[A-H])?\s*(?:[.:\-–]\s*|\s+|$)(.*)$"
)
_FORM = re.compile(
    r"(?:Mẫu|MẪU|Biểu mẫu|BIỂU MẪU|Biểu|BIỂU)\s+(?:(?:số|SỐ)\s*:?\s*)?(\d{1,3}[a-zđ]?|[IVX]+)(?:[./-]\w+)*"
    r"\s*(?:[.:\-–]\s*|\s+|$)(.*)$"
)
CLOSING = re.compile(
    r"Nơi nhận\s*:?|(?:TM|T\.M|KT|TL|TUQ)\s?\.\s|(?:Luật|Bộ luật|Pháp lệnh|Nghị quyết) này (?:đã )?được Quốc hội"
)
ATTACHED = re.compile(r"\(?\s*(?:Ban hành )?kèm theo", re.IGNORECASE)
_ROMAN = re.compile(r"([IVX]{1,6})\s?[.)\-/]\s+(?=\S)")
_CAPITAL = re.compile(r"([A-HĐ])\s?[.)]\s+(?=\S)")
_DECIMAL = re.compile(r"(\d{1,2}(?:\.\d{1,2}){1,3})\s?[.)]?\s+(?=\S)")
_NUMBER = re.compile(r"(\d{1,3})\s?[.)/]\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.;:,…]$")

_QUOTES = 400  # lines that one quotation may run over: the longest amendments quote a whole chapter
POINTS = "abcdđeghiklmnopqrstuvxy"


def is_upper(text: str) -> bool:
    """Whether the letters are capitals."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 1 and sum(c.isupper() for c in letters) >= 0.9 * len(letters)


def quoted(texts: Sequence[str]) -> list[bool]:
    """For each line, whether it begins inside a quotation that an earlier line opened or that it opens itself."""
    inside = [False] * len(texts)
    closing = _closing([_balance(text) for text in texts])
    at = 0
    while at < len(texts):
        # An opening mark that nothing closes is a slip of the pen, not a quotation to the end of the text.
        end = closing[at] if closing[at] - at < _QUOTES else at
        opens = texts[at].startswith(("“", '"', "«", "”"))
        inside[at] = opens
        for i in range(at + 1, end + 1):
            inside[i] = True
        at = end + 1
    return inside


def _closing(balance: Sequence[int]) -> list[int]:
    """For each line the one that closes the quotation it opens: itself if it opens none, far away if nothing does."""
    depths = [0]
    for change in balance:
        depths.append(depths[-1] + change)
    found = [len(balance) + _QUOTES] * len(balance)
    waiting: list[int] = []  # lines whose quotation is open
    for i in range(len(balance)):
        waiting.append(i)
        while waiting and depths[i + 1] <= depths[waiting[-1]]:
            found[waiting.pop()] = i
    return found


def _balance(text: str) -> int:
    curled = text.count("“") + text.count("«") - text.count("”") - text.count("»")
    if curled == 0 and text.count('"') % 2:
        # A straight mark opens at the start of a line or after a space, and closes elsewhere.
        return 1 if re.match(r'"|.*\s"\S[^"]*$', text) and not text.rstrip(".;,").endswith('"') else -1
    return curled


def article(line: Line) -> tuple[int, str, str] | None:
    """(number, letter, rest of the line) of a line that can head an article."""
    match = ARTICLE.match(line.text) or (_ARTICLE_BARE.match(line.text) if line.bold or line.heading else None)
    return (int(match.group(1)), match.group(2), match.group(3).strip()) if match and not line.quoted else None


def container(line: Line) -> Unit | None:
    """The appendix or form that a line opens, or None."""
    if line.quoted or len(line.text) > 300:
        return None
    for pattern, kind, name, mark in ((_APPENDIX, "appendix", "Phụ lục", "PL"), (_FORM, "form", "Mẫu số", "M")):
        match = pattern.match(line.text)
        if match and _is_title(match.group(2), line):
            number = (match.group(1) or "").strip()
            return Unit(kind, number, match.group(2).strip(), name, mark + number)
    return None


def grouping(line: Line) -> Unit | None:
    """The part, chapter, section or subsection that a line opens, or None."""
    if line.quoted or len(line.text) > 300:
        return None
    for pattern, kind, name, mark in (
        (_CHAPTER, "chapter", "Chương", "Ch"),
        (_PART, "part", "Phần", ""),
        (_SECTION, "section", "Mục", ""),
        (_SUBSECTION, "subsection", "Tiểu mục", ""),
    ):
        match = pattern.match(line.text)
        if match and _is_title(match.group(2), line):
            return Unit(kind, match.group(1), match.group(2).strip(), name, mark + match.group(1) if mark else "")
    return None


def _is_title(rest: str, line: Line) -> bool:
    """Whether what follows the number is a title and not the rest of a sentence (`Chương II của Nghị định này …`)."""
    rest = rest.strip()
    if not rest or rest.startswith("("):
        return True
    if rest[0].islower() or rest[0] in ",;.":
        return False
    return line.stands_out or is_upper(rest) or not _SENTENCE_END.search(rest)


def title_goes_on(line: Line) -> bool:
    """Whether a line under a bare `Chương II` or `PHỤ LỤC I` is its title."""
    if line.quoted or len(line.text) > 400 or article(line) or container(line) or grouping(line):
        return False
    return (line.stands_out or not _SENTENCE_END.search(line.text)) and not line.text.startswith(("(", "-", "+"))


def outline(line: Line) -> Unit | None:
    """The heading that a numbered line is outside articles: `I.`, `A.`, `1.`, `1.1.`; None for running text."""
    if line.quoted or len(line.text) > 200:
        return None
    for pattern, kind in ((_ROMAN, "roman"), (_CAPITAL, "capital"), (_DECIMAL, "decimal"), (_NUMBER, "number")):
        match = pattern.match(line.text)
        if match is None:
            continue
        title = line.text[match.end() :].strip()
        if line.heading or line.bold or is_upper(title) or _short_title(title):
            return Unit(kind, match.group(1), title.rstrip(": "), "", f"m{match.group(1)}")
        return None
    return None


def _short_title(title: str) -> bool:
    return len(title) <= 120 and not _SENTENCE_END.search(title) and title[:1].isupper() and "…" not in title


def counting(numbers: Sequence[tuple[int, str]], *, gap: int, first: int | None = None) -> list[int]:
    """Indexes of the candidates that count on (1, 2, 2a, 3 …): the best run, ties to the one that starts earliest.

    `gap` is how many numbers may be missing between two; `first`: the run must begin with it, or there is none.
    """
    best = [0.0] * len(numbers)
    before = [-1] * len(numbers)
    ends: dict[int, dict[str, int]] = {}  # number -> letter -> the candidate that ends the best run so far
    for i, (number, letter) in enumerate(numbers):
        best[i] = 1.5 if i == 0 else 1.0
        if first is not None and number != first:
            best[i] = 0.0
        near = [i - 1] if i else []
        for missing in range(-1, gap + 1):
            near.extend(ends.get(number - missing - 1, {}).values())
        for j in near:
            step = _step(numbers[j], (number, letter), gap)
            score = best[j] + step + (0.1 if j == i - 1 else 0.0)
            if step and best[j] and score > best[i]:
                best[i], before[i] = score, j
        known = ends.setdefault(number, {})
        if best[i] and (letter not in known or best[i] > best[known[letter]]):
            known[letter] = i
    if not numbers or max(best) <= 0:
        return []
    at = max(range(len(numbers)), key=lambda i: (best[i], -i))
    run = []
    while at >= 0:
        run.append(at)
        at = before[at]
    return run[::-1]


def _step(before: tuple[int, str], after: tuple[int, str], gap: int) -> float:
    if after[0] == before[0]:
        return 0.9 if after[1] > before[1] else 0.0
    missing = after[0] - before[0] - 1
    if missing == 0:
        return 1.0
    return 0.2 if 0 < missing <= gap else 0.0
