"""Pictures of pages (PNG, JPEG, TIFF, BMP, GIF, WebP) to blocks by recognition; a TIFF of several pages keeps them."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, ImageSequence

from ingest import programs, ruled
from ingest.blocks import Reading
from ingest.flow import Sheet
from ingest.job import Job
from ingest.ocr import DPI, Recogniser
from ingest.pdf import finished, placed
from knowledge.errors import Refused, Unreadable

_MOST_PAGES = 500
_MOST_PIXELS = 100_000_000
_PAGE_INCHES = 8.27  # a picture without a resolution is taken for an A4 page


def read_image(job: Job) -> Reading:
    """What is written on a picture, each page with its score; Unreadable says what to install without Tesseract."""
    if programs.tesseract() is None:
        raise Unreadable(programs.TESSERACT)
    recogniser = Recogniser(job)
    sheets: list[Sheet] = []
    doubts: dict[int, str] = {}
    number = 0
    try:
        with Image.open(io.BytesIO(job.data)) as source:
            if source.width * source.height > _MOST_PIXELS:
                raise Refused(f"Ảnh quá lớn ({source.width} × {source.height} điểm ảnh).")
            total = min(getattr(source, "n_frames", 1), _MOST_PAGES)
            for number, frame in enumerate(ImageSequence.Iterator(source), 1):
                if number > (total if source.format == "TIFF" else 1):
                    break
                job.step(number - 1, total)
                picture, dpi = _ready(frame)
                scan = recogniser.picture(picture, dpi, number)
                if scan is None or not scan.usable:
                    continue
                if scan.warning:
                    doubts[number] = scan.warning
                width, height = picture.width * 72 / dpi, picture.height * 72 / dpi
                sheets.append(placed(Sheet(number, width, height), scan.words, ruled.find(scan.rules)))
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise Unreadable("Ảnh hỏng, bị cắt cụt hoặc quá lớn.") from error
    blocks = finished(sheets, {sheet.number for sheet in sheets})
    if not blocks:
        raise Unreadable(" ".join(recogniser.told()) or "Không nhận ra chữ nào trong ảnh.")
    told = tuple(recogniser.told())
    return Reading(tuple(blocks), pages=max(number, 1), warnings=told, page_warnings=doubts, scores=recogniser.scores)


def _ready(frame: Image.Image) -> tuple[Image.Image, int]:
    """(the picture upright, grey and about as fine as Tesseract wants it, its dots per inch)."""
    picture = ImageOps.exif_transpose(frame)
    if picture.mode in ("RGBA", "LA", "P", "PA"):
        picture = picture.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(ground, picture)
    picture = picture.convert("L")
    stated = frame.info.get("dpi", (0, 0))[0]
    dpi = float(stated) if 70 < float(stated) < 1300 else max(picture.width, picture.height * 0.7) / _PAGE_INCHES
    scale = DPI / max(dpi, 40.0)
    scale = min(scale, (40_000_000 / (picture.width * picture.height)) ** 0.5, 4.0)
    if abs(scale - 1) > 0.15:
        picture = picture.resize(
            (max(int(picture.width * scale), 1), max(int(picture.height * scale), 1)), Image.Resampling.LANCZOS
        )
        dpi *= scale
    return picture, max(round(dpi), 70)
