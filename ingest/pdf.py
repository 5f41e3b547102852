"""PDF to blocks: text page by page, tables where lines are ruled, pages without usable text through OCR."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pypdfium2 as pdfium

from ingest import flow, misread, ruled
from ingest.blocks import Block, Paragraph, Reading, Table
from ingest.clean import line as clean
from ingest.encodings import convert, detect
from ingest.flow import Row, Sheet
from ingest.job import Job
from ingest.ocr import Recogniser, Scan, named
from ingest.pdfpage import Page, Word, read_page
from ingest.syllables import is_broken, mend_line, vietnamese_share
from ingest.tables import grid, without_empty_columns
from knowledge.errors import Refused, Unreadable

_MOST_PAGES = 3_000
_FEW = 12  # letters: a page with fewer and a picture is a scan, without one it is empty
_LOST = 0.15  # share of letters without a Unicode value above which the page is read from its picture
_POOR = 0.55  # share of Vietnamese syllables below which a scanner's own text is not trusted


def read_pdf(job: Job) -> Reading:
    """The pages of a PDF; Refused for a password or too many pages, Unreadable when nothing can be read."""
    document = _open(job.data)
    try:
        count = len(document)
        if count == 0:
            raise Unreadable("Tệp PDF không có trang nào.")
        if count > _MOST_PAGES:
            raise Refused(f"PDF có {count} trang, giới hạn {_MOST_PAGES}: hãy tách thành nhiều tệp.")
        title = clean(document.get_metadata_value("Title") or "")
        return _Reader(document, job, count).read(title)
    finally:
        document.close()


def _open(data: bytes) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data)
        document.init_forms()
        return document
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise Refused("PDF được đặt mật khẩu: hãy lưu lại không mật khẩu.") from None
        raise Unreadable("PDF hỏng hoặc bị cắt cụt (không mở được).") from None


@dataclass(frozen=True)
class Placed(Table):
    """A table with its column borders on the page."""

    xs: tuple[float, ...] = ()


class _Reader:
    def __init__(self, document: pdfium.PdfDocument, job: Job, count: int) -> None:
        self.document = document
        self.job = job
        self.count = count
        self.recogniser = Recogniser(job)
        self.warnings: list[str] = []
        self.page_warnings: dict[int, str] = {}
        self.damaged: list[int] = []
        self.hidden: list[int] = []

    def read(self, title: str) -> Reading:
        sheets = []
        for index in range(self.count):
            self.job.step(index, self.count)
            try:
                page = read_page(self.document, index)
            except pdfium.PdfiumError:
                self.damaged.append(index + 1)
                continue
            sheet = self._sheet(page, index)
            if sheet is not None:
                sheets.append(sheet)
        self.job.step(self.count, self.count)
        _plain_bold(sheets)
        modernise(sheets)
        blocks = finished(sheets, set(self.recogniser.scores))
        self._report()
        if not blocks:
            raise Unreadable(" ".join(self.warnings) or "PDF không có chữ nào đọc được.")
        return Reading(
            tuple(blocks),
            title=title if _is_title(title, blocks) else "",
            pages=self.count,
            warnings=tuple(self.warnings),
            page_warnings=self.page_warnings,
            scores=self.recogniser.scores,
        )

    def _sheet(self, page: Page, index: int) -> Sheet | None:
        words, rules = page.words, page.rules
        if page.hidden:
            self.hidden.append(page.number)
        if self._is_scan(page):
            scan = self.recogniser.read(self.document, index)
            if scan is None or not scan.usable:
                if not page.words or page.lost > _LOST * page.letters:
                    return None
                self.recogniser.forget(page.number)
            else:
                words, rules = scan.words, scan.rules
                if scan.warning:
                    self.page_warnings[page.number] = scan.warning
        elif page.over_picture:
            self.page_warnings[page.number] = Scan.DOUBTFUL
        if not words:
            return None
        found = ruled.find(rules) if len(rules) > 3 else []
        return placed(Sheet(page.number, page.width, page.height), words, found)

    def _is_scan(self, page: Page) -> bool:
        if page.letters == 0 or sum(len(w.text) for w in page.words) < _FEW:
            return page.pictures > 0.05 or page.hidden == 0
        if page.lost > _LOST * page.letters:
            return True
        if page.over_picture:
            share, words = vietnamese_share(" ".join(w.text for w in page.words))
            return words < 20 or share < _POOR
        return page.pictures > 0.5 and sum(len(w.text) for w in page.words) < 200

    def _report(self) -> None:
        if self.damaged:
            self.warnings.append(f"Không đọc được trang {named(self.damaged)}: trang hỏng.")
        if self.hidden:
            self.warnings.append(f"Trang {named(self.hidden)} có chữ ẩn (trắng, trong suốt hoặc quá nhỏ), đã bỏ qua.")
        self.warnings.extend(self.recogniser.told())


def placed(sheet: Sheet, words: list[Word], tables: list[ruled.Ruled]) -> Sheet:
    """The sheet with its words as rows, and tables where they stand."""
    for table in tables:
        words = table.take(words)
    rows = flow.rows_of(words, sheet.width)
    if is_broken("\n".join(row.text for row in rows)):
        rows = [replace(row, text=mend_line(row.text)) for row in rows]
    sheet.items = _in_order(rows, tables, sheet.number)
    return sheet


def finished(sheets: list[Sheet], scanned: set[int]) -> list[Block]:
    """The blocks of all pages: what recognition misread put right, lines and tables joined over pages."""
    flow.without_running(sheets)
    misread.mend(sheets, scanned)
    return list(_tables_over_pages(flow.blocks(sheets)))


def _plain_bold(sheets: list[Sheet]) -> None:
    """Where nearly all is bold (or a printer driver says so), bold marks nothing."""
    rows = [item for sheet in sheets for item in sheet.items if isinstance(item, Row)]
    if sum(len(row.text) for row in rows if row.bold) > 0.6 * sum(len(row.text) for row in rows):
        for sheet in sheets:
            sheet.items = [replace(item, bold=False) if isinstance(item, Row) else item for item in sheet.items]


def _in_order(rows: list[Row], tables: list[ruled.Ruled], number: int) -> list[Row | tuple[float, Table]]:
    """Rows with each table where its top edge stands."""
    items: list[Row | tuple[float, Table]] = list(rows)
    for table in tables:
        made = grid(table.rows(), page=number, every_column=True)
        if made is None:
            continue
        shown = without_empty_columns(made)
        entry: list[Row | tuple[float, Table]] = [(table.y0, Placed(made.rows, made.header_rows, number, table.xs))]
        if len(shown.rows[0]) == 1 or (len(shown.rows) == 1 and len(shown.rows[0]) <= 2):
            # A frame around text, or two columns of text: no table.
            entry = [
                Row(text, table.x0, table.x0 + 1, table.y0, 10.0, False, left=table.x0, right=table.x1, column=-1)
                for row in shown.rows for cell in row for text in cell.split("\n") if text
            ]  # fmt: skip
        at = next(
            (i for i, item in enumerate(items) if (item.y if isinstance(item, Row) else item[0]) > table.y0), None
        )
        at = len(items) if at is None else at
        items[at:at] = entry
    return items


def _tables_over_pages(blocks: list[Paragraph | Table]) -> list[Paragraph | Table]:
    """A table that goes on over the page: its header stands above each part, a row cut by the page is whole again."""
    out: list[Paragraph | Table] = []
    run: list[Placed] = []  # parts of the table under way
    for block in [*blocks, None]:
        if run and not (isinstance(block, Placed) and _follows(run[-1], block)):
            used = [i for i in range(len(run[0].rows[0])) if any(row[i] for part in run for row in part.rows)]
            out.extend(
                Table(tuple(tuple(row[i] for i in used) for row in part.rows), part.header_rows, part.page)
                for part in run
            )
            run = []
        if not isinstance(block, Placed):
            out.extend([block] if block else [])
            continue
        before = run[-1] if run else None
        if before is None:
            run = [block]
            continue
        header = run[0].rows[: run[0].header_rows]
        rows = list(block.rows)
        while header and rows and rows[0] in header:
            rows.pop(0)
        if rows and not rows[0][0] and before.rows[-1][0] and len(before.rows) > before.header_rows:
            last = tuple(" ".join(filter(None, pair)) for pair in zip(before.rows[-1], rows.pop(0), strict=True))
            run[-1] = replace(before, rows=(*before.rows[:-1], last))
        if rows:
            run.append(Placed((*header, *rows), len(header), block.page, block.xs))
        else:
            run[-1] = replace(run[-1], page=block.page)
    return out


def _follows(before: Placed, table: Placed) -> bool:
    """Whether a table has the columns of the one at the end of the page before."""
    near = len(before.xs) == len(table.xs) and all(abs(a - b) < 6 for a, b in zip(before.xs, table.xs, strict=True))
    return near and before.page is not None and table.page == before.page + 1


def modernise(sheets: list[Sheet]) -> None:
    """Converts text in a legacy font whose name did not tell, in place."""
    text = "\n".join(item.text for sheet in sheets for item in sheet.items if isinstance(item, Row))[:100_000]
    charset = detect(text)
    if charset is None:
        return
    for sheet in sheets:
        for i, item in enumerate(sheet.items):
            if isinstance(item, Row):
                sheet.items[i] = replace(item, text=convert(item.text, charset))
            else:
                rows = tuple(tuple(convert(cell, charset) for cell in row) for row in item[1].rows)
                sheet.items[i] = (item[0], replace(item[1], rows=rows))


def _is_title(title: str, blocks: list[Block]) -> bool:
    """Whether the title that the file states is its own: many keep that of the paper they were copied from."""
    text = " ".join(b.text for b in blocks[:30] if isinstance(b, Paragraph)).lower()
    return len(title) > 12 and " " in title and title.lower() in text and "CỘNG H" not in title.upper()
