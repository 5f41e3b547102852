"""The default embedding: the same vectors by numpy and by sentence-transformers, quick to load, clear when missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedding import HEADING_WEIGHT, SHIPPED, StaticEmbedder, load_embedder, unit_rows
from knowledge.errors import BadSettings
from knowledge.text import expand

TEXTS = [
    "Sản phẩm OCOP 4 sao cần bao nhiêu điểm?",
    "san pham ocop 4 sao can bao nhieu diem",
    "Điều 7. Ủy ban nhân dân cấp tỉnh công nhận sản phẩm đạt từ 70 đến dưới 90 điểm.",
    "Bao bì phải ghi hạn sử dụng.",
]


@pytest.fixture(scope="module")
def embedder() -> StaticEmbedder:
    return StaticEmbedder()


def test_numpy_and_sentence_transformers_give_the_same_vectors(embedder: StaticEmbedder) -> None:
    from sentence_transformers import SentenceTransformer

    stock = SentenceTransformer(str(SHIPPED), device="cpu").float()
    theirs = stock.encode([" ".join(expand(text)) for text in TEXTS])
    assert np.allclose(embedder.passages(TEXTS), theirs, atol=1e-5)
    assert np.allclose(embedder.questions(TEXTS), theirs, atol=1e-5)


def test_a_heading_counts_on_its_own_and_a_long_first_line_does_not(embedder: StaticEmbedder) -> None:
    heading, body = "Điều 7. Xếp hạng sản phẩm", "Bao bì phải ghi hạn sử dụng.\nNhãn phải ghi tên."
    head, text = embedder.questions([heading, body])
    together = embedder.passages([f"{heading}\n{body}"])
    assert np.allclose(together, unit_rows((text + HEADING_WEIGHT * head)[None]), atol=1e-5)
    long = "bao bì " * 30 + "\nnhãn"
    assert np.allclose(embedder.passages([long]), embedder.questions([long]), atol=1e-5)


def test_rows_are_unit_length_and_an_unknown_text_is_zero(embedder: StaticEmbedder) -> None:
    rows = embedder.questions([*TEXTS, "", "🙂"])
    assert rows.shape == (6, embedder.dimension)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), [1, 1, 1, 1, 0, 0], atol=1e-5)
    assert embedder.questions([]).shape == (0, embedder.dimension)


def test_a_question_without_diacritics_is_nearest_to_the_same_question_with_them(embedder: StaticEmbedder) -> None:
    rows = embedder.questions(TEXTS)
    assert np.argsort(-(rows[2:] @ rows[1])).tolist() == [0, 1]
    assert float(rows[0] @ rows[1]) > 2 * float(max((rows[2:] @ rows[0]).max(), (rows[2:] @ rows[1]).max()))


def test_weights_fit_the_repository() -> None:
    assert sum(file.stat().st_size for file in SHIPPED.rglob("*") if file.is_file()) < 30_000_000


def test_the_default_needs_neither_torch_nor_sentence_transformers() -> None:
    code = (
        "import sys; from knowledge.embedding import load_embedder; load_embedder().questions(['sao']); "
        "sys.exit(any(name in sys.modules for name in ('torch', 'sentence_transformers', 'transformers')))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=SHIPPED.parents[1]).returncode == 0


def test_a_missing_model_is_told_in_vietnamese(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="Không đọc được mô hình nhúng"):
        StaticEmbedder(tmp_path)
    with pytest.raises(BadSettings, match="Không nạp được mô hình nhúng"):
        load_embedder(str(tmp_path / "none"))


def test_another_model_is_read_from_its_folder(embedder: StaticEmbedder) -> None:
    other = load_embedder(str(SHIPPED))
    assert other.dimension == embedder.dimension
    assert other.name != embedder.name
    assert np.allclose(np.linalg.norm(other.questions(["sao"]), axis=1), 1, atol=1e-3)


def test_unit_rows_keep_zeros() -> None:
    assert unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist() == [[0.6000000238418579, 0.800000011920929], [0, 0]]
