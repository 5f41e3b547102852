"""A small Sổ tay, real all through: six pages, a real database and index, an embedder that a person can predict.

In a test: the fixtures of `conftest.py`. As a process: `python tests/small.py serve --port 0` is `sotay serve` over
these pages, so that a server test starts in seconds whatever the shipped handbook holds. SMALL_PAUSE makes every
sentence of an answer take so many seconds.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import numpy.typing as npt  # noqa: E402

TODAY = date(2026, 11, 21)

_FRONT = """---
title: {title}
topics: [ocop]
instruments: [{instrument}]
valid_from: {valid_from}
valid_to: {valid_to}
locality: {locality}
confidence: chắc chắn
reviewed: 2026-11-21
---

"""


def page(
    title: str,
    body: str,
    *,
    instrument: str = "26/2026/QĐ-TTg",
    valid_from: str = "2026-05-22",
    valid_to: str = "null",
    locality: str = "trung-uong",
) -> str:
    """A handbook page: front matter and body."""
    front = _FRONT.format(
        title=title, instrument=instrument, valid_from=valid_from, valid_to=valid_to, locality=locality
    )
    return front + body.strip() + "\n"


PAGES: dict[str, str] = {
    "ocop/ho-so.md": page(
        "Hồ sơ OCOP",
        """
## Hồ sơ đề nghị đánh giá sản phẩm OCOP gồm những gì?
<!-- hỏi: ho so ocop gom nhung gi | giấy tờ đăng ký ocop | hồ sơ ocop lần đầu gồm những gì -->
Hồ sơ đề nghị đánh giá sản phẩm OCOP gồm các thành phần sau: {26/2026/QĐ-TTg Đ6 k2}
1. Đơn đề nghị đánh giá, phân hạng sản phẩm. {26/2026/QĐ-TTg Đ6 k2 đa}
2. Bản giới thiệu bộ máy tổ chức của chủ thể. {26/2026/QĐ-TTg Đ6 k2 đb}
3. Giấy đăng ký kinh doanh (bản sao). {26/2026/QĐ-TTg Đ6 k2 đc}
4. Năm sản phẩm mẫu, trừ sản phẩm du lịch. {26/2026/QĐ-TTg Đ6 k2 đd}

## Hồ sơ đề nghị đánh giá OCOP nộp ở đâu?
<!-- hỏi: nop ho so ocop o dau -->
Chủ thể nộp hồ sơ đề nghị đánh giá OCOP tại UBND cấp xã, gồm 01 bộ giấy và 01 bộ điện tử. {26/2026/QĐ-TTg Đ7 k1}
""",
    ),
    "ocop/hang-sao.md": page(
        "Hạng sao OCOP",
        """
## Sản phẩm OCOP mỗi hạng sao cần bao nhiêu điểm?
<!-- hỏi: san pham ocop 4 sao can bao nhieu diem | thang điểm hạng sao -->
Sản phẩm OCOP được xếp năm hạng sao theo tổng điểm. {26/2026/QĐ-TTg Đ4 k1}
| Hạng sao | Tổng điểm |
|---|---|
| 5 sao | từ 90 đến 100 điểm | {26/2026/QĐ-TTg Đ4 k1}
| 4 sao | từ 70 đến dưới 90 điểm | {26/2026/QĐ-TTg Đ4 k1}
| 3 sao | từ 50 đến dưới 70 điểm | {26/2026/QĐ-TTg Đ4 k1}

## Giấy chứng nhận OCOP có thời hạn mấy năm?
<!-- hỏi: giay chung nhan ocop co han may nam -->
Giấy chứng nhận sản phẩm OCOP có thời hạn 36 tháng kể từ ngày ban hành. {26/2026/QĐ-TTg Đ4 k3}
""",
    ),
    "ocop/cong-nhan.md": page(
        "Cấp công nhận hạng sao OCOP",
        """
## Cấp nào công nhận sản phẩm OCOP 3 sao?
<!-- hỏi: cap nao cong nhan 3 sao -->
Chủ tịch UBND cấp tỉnh công nhận và cấp giấy chứng nhận sản phẩm OCOP 3 sao. {26/2026/QĐ-TTg Đ7 k3}
""",
    ),
    "ocop/cong-nhan-cu.md": page(
        "Cấp công nhận hạng sao OCOP trước đây",
        """
## Cấp nào công nhận sản phẩm OCOP 3 sao?
<!-- hỏi: cap nao cong nhan 3 sao -->
Chủ tịch UBND cấp huyện công nhận và cấp giấy chứng nhận sản phẩm OCOP 3 sao. {148/QĐ-TTg Đ1}
""",
        instrument="148/QĐ-TTg",
        valid_from="2023-02-24",
        valid_to="2025-07-05",
    ),
    "bao-bi/cau-chuyen.md": page(
        "Câu chuyện sản phẩm",
        """
## Câu chuyện sản phẩm OCOP viết thế nào?
<!-- hỏi: viet cau chuyen san pham -->
Câu chuyện sản phẩm nên kể nguồn gốc, người làm và điều riêng của vùng đất. {gợi ý}
- Mở đầu bằng một chi tiết thật của làng nghề. {gợi ý}
- Nêu nguyên liệu và cách làm riêng. {gợi ý}
- Kết bằng lời mời người mua đến thăm. {gợi ý}
""",
    ),
    "ha-noi/ho-tro.md": page(
        "Hỗ trợ OCOP tại Hà Nội",
        """
## Hà Nội hỗ trợ chủ thể OCOP thế nào?
<!-- hỏi: ha noi ho tro ocop -->
Hà Nội hỗ trợ chủ thể OCOP kinh phí in bao bì và dựng gian hàng hội chợ. {gợi ý}
""",
        locality="ha-noi",
    ),
}


class WordEmbedder:
    """Counts folded syllables in 64 drawers, chosen by the sum of their letters' code points."""

    name = "word-drawers"
    dimension = 64

    def passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """One unit row for each text."""
        from knowledge.embedding import unit_rows
        from knowledge.text import fold, syllables

        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for syllable in syllables(text):
                row[sum(map(ord, fold(syllable))) % self.dimension] += 1
        return unit_rows(rows)

    questions = passages


def write_pages(folder: Path, pages: Mapping[str, str]) -> Path:
    """The pages as files."""
    for name, text in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@contextmanager
def as_handbook(folder: Path) -> Iterator[None]:
    """While it lasts, this folder is the shipped handbook and WordEmbedder the shipped embedder."""
    import ingest.metadata
    import ingest.sync
    import knowledge.assistant

    patches: list[tuple[Any, str, Any]] = [
        (ingest.metadata, "HANDBOOK", folder.resolve()),
        (ingest.sync, "HANDBOOK", folder.resolve()),
        (knowledge.assistant, "load_embedder", lambda *_args, **_named: WordEmbedder()),
    ]
    before = [(module, name, getattr(module, name)) for module, name, _ in patches]
    for module, name, value in patches:
        setattr(module, name, value)
    try:
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)


@contextmanager
def open_small(folder: Path, pages: Mapping[str, str] = PAGES, **settings: Any) -> Iterator[Any]:
    """The house over these pages, audited and ready; an `api.deps.House`."""
    from api.deps import House
    from ingest.sync import Sync
    from knowledge.assistant import open_assistant
    from knowledge.settings import Settings

    values = {"today": TODAY, "rate_limit": "100000/minute"} | settings
    with as_handbook(write_pages(folder / "handbook", pages)):
        assistant = open_assistant(Settings(_env_file=None, data_dir=folder / "data", **values))
        sync = Sync(assistant)
        report = sync.handbook()
        assert report.count("read") == len(pages), [f.reason for f in report.files if f.status != "read"]
        assistant.index.warm(wait=True)
        try:
            yield House(assistant, sync, secret="s" * 32)
        finally:
            assistant.close()


def slow_down(pause: float) -> None:
    """From now on every sentence of an answer takes so many seconds."""
    from knowledge.compose import Extractive

    quick = Extractive.compose

    def slow(self: Any, found: Any) -> Iterator[Any]:
        for statement in quick(self, found):
            time.sleep(pause)
            yield statement

    Extractive.compose = slow  # type: ignore[method-assign]


def main() -> None:
    """`sotay` with the arguments given, over the small pages."""
    import sotay

    if pause := float(os.environ.get("SMALL_PAUSE", "0")):
        slow_down(pause)
    with tempfile.TemporaryDirectory() as folder, as_handbook(write_pages(Path(folder), PAGES)):
        sotay.main()


if __name__ == "__main__":
    main()
