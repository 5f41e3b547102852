"""Plain text to blocks: a block for each paragraph, broken lines joined."""

from __future__ import annotations

import re

from ingest.blocks import Paragraph, Reading
from ingest.clean import is_rule, line

# A line that begins so is a new paragraph even without a blank line before it.
_STARTS = re.compile(
    r"^\s*(?:[-–+•*☐☑□|\"“]|\(?\d{1,3}(?:\.\d{1,3})*[.)/]\s|\(?[a-zđA-ZĐ]{1,2}[.)]\s|[IVXLC]{1,6}[.)]\s"
    r"|(?:điều|chương|mục|phần|phụ lục|mẫu|khoản|căn cứ|số)\b)",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.;:!?…”\"]$")
# Lines broken by hand or by an e-mail program fill a width; wider lines, or ones much shorter, are whole paragraphs.
_WRAPPED, _FULL = (60, 100), 0.75


def read_plain(text: str) -> Reading:
    """The paragraphs of a text without markup."""
    rows = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").removeprefix("\ufeff").split("\n")
    width = max((len(row) for row in rows), default=0)
    wrapped = _WRAPPED[0] <= width <= _WRAPPED[1]
    paragraphs: list[str] = []
    full = False  # whether the line before filled the width, so that this one may go on with it
    for row in rows:
        cleaned = line(row)
        if not cleaned or is_rule(cleaned):
            full = False
            continue
        if wrapped and full and not _STARTS.match(row) and not _ENDS.search(paragraphs[-1]) and not cleaned.isupper():
            paragraphs[-1] += " " + cleaned
        else:
            paragraphs.append(cleaned)
        full = len(row) >= _FULL * width and not cleaned.isupper()
    return Reading(tuple(Paragraph(p) for p in paragraphs), media_type="text/plain")
