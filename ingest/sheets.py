"""Workbooks to blocks: each sheet a heading and its tables, numbers and dates as the sheet shows them.

Only cells that hold something are walked, so a sheet formatted down to its millionth row costs nothing.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from ingest.blocks import Block, Heading, Paragraph, Reading
from ingest.clean import lines
from ingest.encodings import by_font, convert, detect, keep_soft
from ingest.job import Job
from ingest.tables import MAX_COLUMNS, Cell, grid
from knowledge.errors import Refused, Unreadable

_MOST_CELLS = 600_000
_MOST_MERGED = 500_000
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Za-z]{1,3}\d{1,7}:[A-Za-z]{1,3}\d{1,7})")
_GENERIC = re.compile(r"(?:Sheet|Trang tính|Bảng)\s*\d*$", re.IGNORECASE)


@dataclass
class _Grid:
    """One sheet: texts by place, and what each merged range covers."""

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # first row, column, last row, column


def read_xlsx(job: Job) -> Reading:
    """The sheets of an Excel workbook; hidden ones are left out and named."""
    import openpyxl

    try:
        _check_merged(job.data)
        book = openpyxl.load_workbook(io.BytesIO(job.data), data_only=True, keep_links=False)
    except (
        zipfile.BadZipFile,
        SyntaxError,
        LookupError,
        ValueError,
        TypeError,
        OSError,
        EOFError,
        AttributeError,
    ) as error:
        raise Unreadable("Tệp Excel hỏng hoặc bị cắt cụt.") from error
    grids = []
    hidden = []
    count = 0
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            hidden.append(sheet.title)
            continue
        made = _Grid(sheet.title)
        stored: dict[tuple[int, int], Any] = sheet._cells  # only cells that the file names
        for (row, column), cell in stored.items():
            if cell.value is None or column > MAX_COLUMNS:
                continue
            count += 1
            if count > _MOST_CELLS:
                raise Refused(f"Bảng tính quá lớn (hơn {_MOST_CELLS} ô có dữ liệu): hãy tách thành nhiều tệp.")
            font = cell.font
            text = shown(cell.value, cell.number_format or "General")
            made.cells[row, column] = Cell(_tidy(text, font.name or ""), bold=bool(font.b))
        made.merged = [(r.min_row, r.min_col, r.max_row, r.max_col) for r in sheet.merged_cells.ranges]
        grids.append(made)
    return _reading(grids, hidden)


def _check_merged(data: bytes) -> None:
    """Refuses merged ranges over millions of cells, which openpyxl would fill one by one."""
    from openpyxl.utils.cell import range_boundaries

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/") or not name.endswith(".xml"):
                continue
            area = 0
            for match in _MERGED.finditer(archive.read(name)):
                left, top, right, bottom = range_boundaries(match.group(1).decode("ascii"))
                area += (int(right or 0) - int(left or 0) + 1) * (int(bottom or 0) - int(top or 0) + 1)
            if area > _MOST_MERGED:
                raise Refused("Bảng tính có vùng gộp ô lớn bất thường: hãy bỏ gộp rồi lưu lại.")


def read_xls(job: Job) -> Reading:
    """The sheets of an Excel 97–2003 workbook."""
    import xlrd
    from xlrd.compdoc import CompDocError

    try:
        book = xlrd.open_workbook(file_contents=job.data, formatting_info=True, on_demand=True)
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise Refused("Tệp Excel được đặt mật khẩu: hãy lưu lại không mật khẩu.") from None
        raise Unreadable("Tệp Excel hỏng hoặc bị cắt cụt.") from error
    except (CompDocError, struct.error, AssertionError, LookupError, ValueError, TypeError, OverflowError) as error:
        raise Unreadable("Tệp Excel hỏng hoặc bị cắt cụt.") from error
    grids = []
    hidden = []
    for index in range(book.nsheets):
        sheet = book.sheet_by_index(index)
        if sheet.visibility:
            hidden.append(sheet.name)
            continue
        made = _Grid(sheet.name)
        for row in range(sheet.nrows):
            for column in range(min(sheet.row_len(row), MAX_COLUMNS)):
                if cell := _xls_cell(book, sheet.cell(row, column)):
                    made.cells[row + 1, column + 1] = cell
        made.merged = [(r0 + 1, c0 + 1, r1, c1) for r0, r1, c0, c1 in sheet.merged_cells]
        grids.append(made)
    return _reading(grids, hidden)


def _xls_cell(book: Any, cell: Any) -> Cell | None:
    import xlrd

    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK, xlrd.XL_CELL_ERROR):
        return None
    look = book.xf_list[cell.xf_index] if cell.xf_index is not None else None
    font = book.font_list[look.font_index] if look else None
    form = book.format_map[look.format_key].format_str if look and look.format_key in book.format_map else "General"
    value: Any = cell.value
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            value = xlrd.xldate_as_datetime(value, book.datemode)
        except (ValueError, OverflowError, xlrd.xldate.XLDateError):
            value = cell.value
    elif cell.ctype == xlrd.XL_CELL_BOOLEAN:
        value = bool(value)
    text = shown(value, form)
    return Cell(_tidy(text, font.name if font else ""), bold=bool(font and font.bold)) if text else None


def _tidy(text: str, font: str) -> str:
    return "\n".join(lines(keep_soft(by_font(text, font))))


def shown(value: Any, form: str) -> str:
    """A value as its cell shows it in Vietnamese: 46000 as a date, 0.25 as 25 %, 1234567 as 1.234.567."""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, datetime):
        clock = value.time() != time() and ("h" in form.lower() or "s" in form.lower())
        return value.strftime("%d/%m/%Y %H:%M" if clock else "%d/%m/%Y")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, (time, timedelta)):
        return str(value)
    if isinstance(value, (int, float)):
        return _number(value, form)
    return str(value)


def _number(value: float, form: str) -> str:
    plain = form.split(";")[0]
    plain = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]|_.', "", plain)
    if abs(value) >= 1e15 or value != value:
        return f"{value:g}"
    if "%" in plain:
        decimals = len(re.findall(r"[0#]", plain.partition(".")[2]))
        return _grouped(value * 100, decimals, thousands=False) + "%"
    digits = re.match(r"[^.]*\.([0#]+)", plain)
    decimals = len(digits.group(1)) if digits else 0
    if digits is None and ("0" not in plain or plain.lower() == "general"):
        decimals = 0 if float(value).is_integer() else min(len(f"{value:.10f}".rstrip("0").partition(".")[2]), 6)
    text = _grouped(value, decimals, thousands="#,##" in plain or ",0" in plain)
    width = re.fullmatch(r"0{2,}", plain)
    return text.zfill(len(plain)) if width else text


def _grouped(value: float, decimals: int, *, thousands: bool) -> str:
    text = f"{value:,.{decimals}f}" if thousands else f"{value:.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,"))


def _reading(grids: list[_Grid], hidden: list[str]) -> Reading:
    blocks: list[Block] = []
    full = [grid for grid in grids if grid.cells]
    sample = "\n".join(cell.text for g in full for cell in list(g.cells.values())[:2000])[:100_000]
    charset = detect(sample)
    if charset:
        for g in full:
            g.cells = {place: Cell(convert(c.text, charset), bold=c.bold) for place, c in g.cells.items()}
    for g in full:
        if len(full) > 1 or not _GENERIC.match(g.name):
            blocks.append(Heading(1, g.name))
        for part in _parts(g):
            blocks.extend(part)
    warnings = (f"Bỏ qua trang tính ẩn: {', '.join(hidden[:10])}.",) if hidden else ()
    title = full[0].name if len(full) == 1 and not _GENERIC.match(full[0].name) else ""
    return Reading(tuple(blocks), title=title, pages=len(grids) or None, warnings=warnings)


def _parts(sheet: _Grid) -> Iterator[list[Block]]:
    """The blocks of each run of rows between empty rows."""
    spans = {(r0, c0): (r0, c0, r1, c1) for r0, c0, r1, c1 in sheet.merged}
    rows: dict[int, list[int]] = {}
    for row, column in sheet.cells:
        rows.setdefault(row, []).append(column)
    for (r0, c0), (_, _, r1, _) in spans.items():
        if (r0, c0) in sheet.cells:
            for row in range(r0, min(r1, r0 + 500) + 1):
                rows.setdefault(row, [])
    run: list[int] = []
    for row in [*sorted(rows), 1 << 40]:
        if run and row > run[-1] + 1:
            yield _part(sheet, run, spans)
            run = []
        run.append(row)


def _part(sheet: _Grid, run: list[int], spans: dict[tuple[int, int], tuple[int, int, int, int]]) -> list[Block]:
    out: list[Block] = []
    columns = sorted({column for row, column in sheet.cells if run[0] <= row <= run[-1]})
    if not columns:
        return out
    first, last = columns[0], columns[-1]
    at = 0
    # Rows with one text across the sheet stand above the table: its title, its unit.
    while at < len(run):
        texts = [sheet.cells[run[at], c] for c in range(first, last + 1) if (run[at], c) in sheet.cells]
        if len(texts) > 1 or (len(run) - at > 1 and last == first):
            break
        out.extend(Paragraph(text, centred=True, bold=cell.bold) for cell in texts for text in cell.text.split("\n"))
        at += 1
    table = run[at:]
    covered: set[tuple[int, int]] = set()
    rows: list[list[Cell]] = []
    for row in table:
        cells = []
        for column in range(first, last + 1):
            if (row, column) in covered:
                continue
            cell = sheet.cells.get((row, column), Cell(""))
            span = spans.get((row, column))
            if span:
                deep, wide = min(span[2], table[-1]) - row + 1, min(span[3], last) - column + 1
                covered |= {(r, c) for r in range(row, row + deep) for c in range(column, column + wide)}
                cell = Cell(cell.text, max(wide, 1), max(deep, 1), bold=cell.bold)
            cells.append(cell)
        rows.append(cells)
    made = grid(rows) if rows else None
    if made is not None and len(made.rows[0]) == 1:
        out.extend(Paragraph(text) for row in made.rows for text in row[0].split("\n") if text)
    elif made is not None:
        out.append(made)
    return out
