"""The handbook's source marks: `{26/2026/QĐ-TTg Đ7 k6 đa; o-hn-108}` at the end of a line (handbook/README.md).

`cũ` before an entry marks what held earlier, `tính từ` our own arithmetic from a rule, `gợi ý` our own advice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from knowledge.types import Source

MarkKind = Literal["rule", "past", "computed", "advice"]

ADVICE = "gợi ý"
_WORDS: dict[str, MarkKind] = {"cũ": "past", "tính từ": "computed"}
_BRACES = re.compile(r"[ \t]*\{([^{}]*)\}")
# An instrument's number (with @date where two share one) or a key of sources.yaml.
_KEY = re.compile(r"(?:\d+[\w-]*(?:/[\w-]+)+(?:@\d{4}-\d{2}-\d{2})?|[a-z][a-z0-9]*(?:-[a-z0-9]+)+)$")
# In this order: appendix, chapter, article, clause, point, product set, item, form.
_LOCATOR = re.compile(
    r"(?:PL[IVXLC\d]*[a-z]?)?(?: ?Ch[IVXLC\d]+)?(?: ?Đ\d+[a-zđ]?)?(?: ?k\d+[a-zđ]?)?(?: ?đ[a-zđ]\d?)?"
    r"(?: ?B\d+)?(?: ?m[\dIVXLC]+[a-zđ]?(?:\.\d+)*)?(?: ?M\d+[a-z]?)?$"
)


@dataclass(frozen=True)
class Mark:
    """One entry between braces; `key` is empty for advice."""

    kind: MarkKind
    key: str = ""
    locator: str = ""


def read_sources(text: str) -> tuple[str, tuple[Mark, ...], tuple[str, ...]]:
    """(the line without its marks, the marks, what is wrong with them); braces that are no source stay in the text."""
    marks: list[Mark] = []
    problems: list[str] = []

    def take(match: re.Match[str]) -> str:
        found = []
        for entry in match.group(1).split(";"):
            mark = _mark(" ".join(entry.split()))
            if mark is None:
                problems.append(f"không hiểu nguồn `{entry.strip()}`")
                return match.group()
            found.append(mark)
        marks.extend(found)
        return ""

    rest = _BRACES.sub(take, text)
    return rest.strip() if marks else text, tuple(marks), tuple(problems)


def line_sources(marks: Iterable[Mark], line: int) -> tuple[Source, ...]:
    """The sources of one line of a passage; advice has none, arithmetic rests on its rule."""
    found = dict.fromkeys(
        Source(key=m.key, locator=m.locator, line=line, past=m.kind == "past") for m in marks if m.kind != "advice"
    )
    return tuple(found)


def _mark(entry: str) -> Mark | None:
    if entry.lower() == ADVICE:
        return Mark("advice")
    kind: MarkKind = "rule"
    for word, meaning in _WORDS.items():
        if entry.lower().startswith(word + " "):
            kind, entry = meaning, entry[len(word) + 1 :]
    key, _, locator = entry.partition(" ")
    if not _KEY.match(key) or not _LOCATOR.match(locator):
        return None
    return Mark(kind, key, locator)
