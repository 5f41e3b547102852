"""What every reader yields and the chunker reads: headings, paragraphs, list items and tables in reading order.

Blocks are plain data, so a reading crosses from the parsing child process as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Heading:
    """A title that the file itself marks as one; `level` 1 is the highest."""

    level: int
    text: str
    page: int | None = None


@dataclass(frozen=True)
class Paragraph:
    """Running text on one line. `centred` and `bold` (all of it) help to recognise titles that carry no markup."""

    text: str
    page: int | None = None
    centred: bool = False
    bold: bool = False


@dataclass(frozen=True)
class ListItem:
    """One item of a list that the file marks as one; `marker` is what a reader would see (`-`, `3.`)."""

    text: str
    marker: str = "-"
    depth: int = 0
    page: int | None = None


@dataclass(frozen=True)
class Table:
    """A grid: every row has the same number of cells, a cell may hold several lines.

    A cell merged over rows is repeated in each; one merged over columns is repeated in header rows and stands in its
    first column in the others. The first `header_rows` rows name the columns.
    """

    rows: tuple[tuple[str, ...], ...]
    header_rows: int = 0
    page: int | None = None


@dataclass(frozen=True)
class Hint:
    """Other ways of asking (`<!-- hỏi: a | b -->`, or a line each) for its section: searched, never shown."""

    text: str
    page: int | None = None


Block = Heading | Paragraph | ListItem | Table | Hint
_KINDS: dict[str, type[Block]] = {
    "heading": Heading,
    "paragraph": Paragraph,
    "item": ListItem,
    "table": Table,
    "hint": Hint,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


@dataclass(frozen=True)
class Reading:
    """What a file says: its blocks in order and what it says about itself.

    `metadata` is the front matter (dates as ISO text); `page_warnings` names pages of doubtful text (scans), `scores`
    says of each recognised page how far it can be trusted. `members` are the files inside it (an archive, the
    attachments of an e-mail), each a document of its own.
    """

    blocks: tuple[Block, ...]
    title: str = ""
    media_type: str = ""
    pages: int | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    page_warnings: Mapping[int, str] = field(default_factory=dict)
    scores: Mapping[int, float] = field(default_factory=dict)
    members: tuple[Member, ...] = ()

    @property
    def text(self) -> str:
        """All words of the file, a line for each block or table row."""
        return "\n".join(line for block in self.blocks for line in block_lines(block))


@dataclass(frozen=True)
class Member:
    """A file inside a file: what it says, or in Vietnamese why it was not read."""

    name: str
    reading: Reading | None
    reason: str = ""
    refused: bool = False


def block_lines(block: Block) -> list[str]:
    """A block as plain lines, without any decoration."""
    if isinstance(block, Table):
        return [" ".join(cell for cell in row if cell) for row in block.rows]
    return [f"{block.marker} {block.text}" if isinstance(block, ListItem) else block.text]


def to_data(reading: Reading) -> dict[str, Any]:
    """The reading as JSON-ready data."""
    data = {f: getattr(reading, f) for f in ("title", "media_type", "pages", "warnings")}
    data["metadata"] = dict(reading.metadata)
    data["page_warnings"] = {str(page): warning for page, warning in reading.page_warnings.items()}
    data["scores"] = {str(page): score for page, score in reading.scores.items()}
    data["blocks"] = [{"kind": _NAMES[type(block)], **asdict(block)} for block in reading.blocks]
    data["members"] = [
        {"name": m.name, "reading": to_data(m.reading) if m.reading else None, "reason": m.reason, "refused": m.refused}
        for m in reading.members
    ]
    return data


def from_data(data: Mapping[str, Any]) -> Reading:
    """The reading that `to_data` wrote; a ValueError, KeyError or TypeError for anything else."""
    return Reading(
        blocks=tuple(_block(dict(entry)) for entry in data["blocks"]),
        title=str(data["title"]),
        media_type=str(data["media_type"]),
        pages=data["pages"],
        metadata=dict(data["metadata"]),
        warnings=tuple(str(w) for w in data["warnings"]),
        page_warnings={int(page): str(warning) for page, warning in data["page_warnings"].items()},
        scores={int(page): float(score) for page, score in data["scores"].items()},
        members=tuple(
            Member(
                str(entry["name"]),
                from_data(entry["reading"]) if entry["reading"] else None,
                str(entry["reason"]),
                bool(entry["refused"]),
            )
            for entry in data["members"]
        ),
    )


def _block(entry: dict[str, Any]) -> Block:
    kind = _KINDS[entry.pop("kind")]
    if kind is Table:
        entry["rows"] = tuple(tuple(str(cell) for cell in row) for row in entry["rows"])
    return kind(**entry)
