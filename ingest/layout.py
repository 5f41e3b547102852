"""Tables of a web page: which only lay the page out, and which rows and cells are whose."""

from __future__ import annotations

import re

from lxml import etree

from ingest.blocks import Table
from ingest.clean import line

# A cell with this much text and a table inside is a page laid out in columns.
_LAYOUT_TEXT = 2000
STATE_HEADER = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"


def belongs(element: etree._Element, table: etree._Element) -> bool:
    """Whether a row or cell is the table's own: no other table stands between."""
    for ancestor in element.iterancestors("table"):
        return ancestor is table
    return False


def is_layout(table: etree._Element) -> bool:
    """Whether a table only places text on the page: one row, one column, a letterhead, or pages inside cells."""
    rows = table.xpath("./tr | ./tbody/tr | ./thead/tr | ./tfoot/tr")
    if len(rows) <= 1:
        return True
    cells = [row.xpath("./td | ./th") for row in rows]
    if max((len(row) for row in cells), default=0) <= 1:
        return True
    if len(rows) <= 4 and STATE_HEADER in line("".join(table.itertext())).upper().replace("HOÀ", "HÒA"):
        return True
    return any(
        len("".join(cell.itertext())) > _LAYOUT_TEXT
        for row in cells
        for cell in row
        if cell.find(".//table") is not None
    )


def flat(table: Table) -> list[str]:
    """A table inside a cell as lines: two columns as `a: b`, more with dashes between."""
    joint = ": " if len(table.rows[0]) == 2 else " – "
    return [joint.join(cell.replace("\n", " ") for cell in row if cell) for row in table.rows]


def whole_number(text: str | None, default: int) -> int:
    match = re.match(r"\s*(\d{1,6})", text or "")
    return int(match.group(1)) if match else default
