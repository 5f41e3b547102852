"""Presentations to blocks: each slide a heading with its texts and tables in reading order; the slide is the page."""

from __future__ import annotations

import io
from typing import Any

from ingest.blocks import Block, Heading, Paragraph, Reading
from ingest.clean import lines
from ingest.encodings import modern
from ingest.job import Job
from ingest.tables import Cell, grid
from knowledge.errors import Unreadable

_DEEPEST = 8
_MOST_SLIDES = 1_000


def read_pptx(job: Job) -> Reading:
    """The slides of a presentation with their notes; hidden slides are left out."""
    import pptx
    from pptx.exc import PackageNotFoundError

    try:
        slides = list(pptx.Presentation(io.BytesIO(job.data)).slides)[:_MOST_SLIDES]
    except (PackageNotFoundError, KeyError, ValueError, OSError, AttributeError, SyntaxError) as error:
        raise Unreadable("Tệp trình chiếu hỏng hoặc bị cắt cụt.") from error
    blocks: list[Block] = []
    for number, slide in enumerate(slides, 1):
        if slide._element.get("show") == "0":
            continue
        title = slide.shapes.title
        heading = " ".join(lines(modern(title.text_frame.text))) if title is not None and title.has_text_frame else ""
        blocks.append(Heading(2, heading or f"Trang chiếu {number}", number))
        shapes = [shape for shape in slide.shapes if title is None or shape.shape_id != title.shape_id]
        blocks.extend(_shapes(shapes, number, 0))
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            notes = lines(modern(slide.notes_slide.notes_text_frame.text))
            blocks.extend(Paragraph(f"Ghi chú: {text}", number) for text in notes)
    first = next((b.text for b in blocks if isinstance(b, Heading)), "")
    return Reading(tuple(blocks), title=first, pages=len(slides))


def _shapes(shapes: list[Any], page: int, depth: int) -> list[Block]:
    out: list[Block] = []
    for shape in sorted(shapes, key=lambda s: ((s.top or 0) // 300_000, s.left or 0)):
        if shape.shape_type is not None and hasattr(shape, "shapes"):
            if depth < _DEEPEST:
                out.extend(_shapes(list(shape.shapes), page, depth + 1))
        elif getattr(shape, "has_table", False) and shape.has_table:
            made = grid(_rows(shape.table), page=page)
            if made is not None:
                out.append(made)
        elif shape.has_text_frame:
            out.extend(Paragraph(text, page) for text in lines(modern(shape.text_frame.text)))
    return out


def _rows(table: Any) -> list[list[Cell]]:
    rows = []
    for row in table.rows:
        cells = []
        for cell in row.cells:
            if cell.is_spanned:
                continue
            wide, deep = (cell.span_width, cell.span_height) if cell.is_merge_origin else (1, 1)
            cells.append(Cell("\n".join(lines(modern(cell.text_frame.text))), wide, deep))
        rows.append(cells)
    return rows
