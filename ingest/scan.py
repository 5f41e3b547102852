"""A picture of a page made ready for recognition: straightened, and its ruling lines found."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image, ImageFilter

from ingest.pdfpage import Rule

_MOST_SKEW = 4.0  # degrees; a page turned farther is upside down or on its side
_LINE = 0.8  # inches: a dark run this long is a line and no letter
# Inches and square inches: ink with less than this around it is a speck. Dots and tones stand beside their letters.
_ROUND, _SPECK = 0.055, 0.001


def straightened(image: Image.Image) -> tuple[Image.Image, float]:
    """(the picture turned so that its lines lie level, by how many degrees)."""
    small = image.convert("L")
    small.thumbnail((900, 900))
    ink = Image.fromarray(((np.asarray(small) < _threshold(np.asarray(small))) * 255).astype(np.uint8))
    if not np.asarray(ink).any():
        return image, 0.0
    best = max(np.arange(-_MOST_SKEW, _MOST_SKEW + 0.01, 0.5), key=lambda angle: _levelness(ink, float(angle)))
    best = max(np.arange(best - 0.4, best + 0.41, 0.1), key=lambda angle: _levelness(ink, float(angle)))
    if abs(best) < 0.25:
        return image, 0.0
    return image.rotate(float(best), resample=Image.Resampling.BICUBIC, fillcolor=255, expand=False), float(best)


def _levelness(ink: Image.Image, angle: float) -> float:
    """How sharply the rows of a turned picture differ: most where the text lines lie level."""
    profile = np.asarray(ink.rotate(angle, fillcolor=0), dtype=np.float32).sum(axis=1)
    return float((np.diff(profile) ** 2).sum())


def _threshold(pixels: Any) -> float:
    """Halfway between ink and paper."""
    dark, light = np.percentile(pixels, 2), np.percentile(pixels, 90)
    return float(dark + (light - dark) * 0.55)


def without_specks(image: Image.Image, dpi: int) -> Image.Image:
    """The picture without the dust of a copying machine, its letters' ragged edges smoothed."""
    gray = image.convert("L")
    pixels = np.asarray(gray)
    ink = pixels < _threshold(pixels)
    reach = max(round(_ROUND * dpi), 1)
    around = Image.fromarray((ink * 255).astype(np.uint8)).filter(ImageFilter.BoxBlur(reach))
    share = 255 * _SPECK * dpi * dpi / (2 * reach + 1) ** 2
    cleaned = np.where(ink & (np.asarray(around) < share), np.uint8(255), pixels)
    return Image.fromarray(cleaned).filter(ImageFilter.MedianFilter(3))


def ruling_lines(image: Image.Image, dpi: int) -> list[Rule]:
    """The long straight lines of a page, in points."""
    gray = image.convert("L")
    half = gray.reduce(2)
    pixels = np.asarray(half)
    ink = pixels < _threshold(pixels)
    scale = 72.0 / (dpi / 2)
    length = int(_LINE * dpi / 2)
    across = [Rule(x0 * scale, y * scale, x1 * scale, y * scale) for y, x0, x1 in _runs(ink, length)]
    # Rows of a table can be as low as a line of text.
    down = [Rule(x * scale, y0 * scale, x * scale, y1 * scale) for x, y0, y1 in _runs(ink.T, length // 3)]
    return across + down if across and down else []


def _runs(ink: Any, length: int) -> list[tuple[int, int, int]]:
    """(row, first, last) of each run of ink at least this long; a thin line may wander over two neighbouring rows."""
    near = ink.copy()
    near[1:] |= ink[:-1]
    if near.shape[1] <= length:
        return []
    total = np.cumsum(np.pad(near, ((0, 0), (1, 0))), axis=1, dtype=np.int32)
    full = (total[:, length:] - total[:, :-length]) >= 0.98 * length
    found = []
    for row in np.flatnonzero(full.any(axis=1)):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], full[row].view(np.int8), [0]))))
        # Broad black bars (the edge of a copy) are no lines: too many rows alike are thinned by the table finder.
        found += [
            (int(row), int(start), int(stop) + length - 1) for start, stop in zip(edges[::2], edges[1::2], strict=True)
        ]
    return found[:20_000]


def without_lines(image: Image.Image, rules: list[Rule], dpi: int) -> Image.Image:
    """The picture with its ruling lines painted over, so that they are not read as letters."""
    from PIL import ImageDraw

    cleaned = image.convert("L").copy()
    pen = ImageDraw.Draw(cleaned)
    scale = dpi / 72.0
    for rule in rules:
        pen.line((rule.x0 * scale, rule.y0 * scale, rule.x1 * scale, rule.y1 * scale), fill=255, width=5)
    return cleaned
