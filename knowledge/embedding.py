"""Texts as unit vectors, behind one protocol with two embedders.

The default is a static embedding of our own: a text's vector is the sum of the vectors of its terms (`text.expand`),
scaled to length one; a passage adds its heading's. It is read with numpy alone, so a start costs a fraction of a
second; the folder is also a stock sentence-transformers model. Any other sentence-transformers model serves by name or
path.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from knowledge.errors import BadSettings
from knowledge.text import FOLDED, PAIR, expand, fold, syllables, terms

Vectors = npt.NDArray[np.float32]

SHIPPED = Path(__file__).with_name("model")
# A heading's share beside a text of any length; longer first lines are text. Measured: +.01 to +.02 MRR@10 on three
# sets with titles, none lost.
HEADING_WEIGHT = 0.35
LONGEST_HEADING = 40
_LONGEST = 0.98  # quantile of the vectors' lengths that counts as the longest
WEIGHTS = "model.safetensors"
VOCABULARY = "tokenizer.json"

# Families trained with a fixed prefix that their files do not always name: (question, passage).
_PREFIXES = {
    "multilingual-e5-large-instruct": (
        "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: ",
        "",
    ),
    "e5": ("query: ", "passage: "),
    "bge-small-en": ("Represent this sentence for searching relevant passages: ", ""),
    "bge-base-en": ("Represent this sentence for searching relevant passages: ", ""),
    "bge-large-en": ("Represent this sentence for searching relevant passages: ", ""),
}


class Embedder(Protocol):
    """Turns texts into unit rows; vectors of embedders with different names are never compared."""

    @property
    def name(self) -> str:
        """Identifies the weights and the prefixes: another name means that everything is embedded again."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    def passages(self, texts: Sequence[str]) -> Vectors:
        """One unit row for each passage; a text without a known term gives zeros."""

    def questions(self, texts: Sequence[str]) -> Vectors:
        """One unit row for each question, to compare with passages by dot product."""


def load_embedder(
    model: str | None = None, *, question_prefix: str | None = None, passage_prefix: str | None = None
) -> Embedder:
    """The shipped embedder, or the sentence-transformers model of that name or path; BadSettings if it is not there."""
    if not model:
        return StaticEmbedder(SHIPPED)
    return SentenceTransformerEmbedder(model, question_prefix=question_prefix, passage_prefix=passage_prefix)


def unit_rows(matrix: npt.NDArray[Any]) -> Vectors:
    """The rows scaled to length one; rows of zeros stay."""
    rows = np.asarray(matrix, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: Vectors = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return scaled


class StaticEmbedder:
    """The embedding bag in a folder, read without torch; questions and passages go the same way."""

    def __init__(self, folder: Path = SHIPPED) -> None:
        from safetensors import SafetensorError
        from safetensors.numpy import load

        try:
            raw = (folder / WEIGHTS).read_bytes()
            self._rows = load(raw)["embedding.weight"].astype(np.float32)
            vocabulary = json.loads((folder / VOCABULARY).read_text(encoding="utf-8"))["model"]["vocab"]
        except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
            raise BadSettings(
                f"Không đọc được mô hình nhúng trong thư mục {folder} ({error}). Hãy cài lại Sổ tay, "
                "hoặc tạo lại mô hình bằng scripts/train_embedding.py."
            ) from error
        if not isinstance(vocabulary, dict) or self._rows.ndim != 2 or len(vocabulary) != len(self._rows):
            raise BadSettings(f"Mô hình nhúng trong thư mục {folder} bị hỏng: từ vựng và trọng số không khớp nhau.")
        self._row_of: dict[str, int] = vocabulary
        self.name = f"sotay-static-{hashlib.sha256(raw).hexdigest()[:12]}-h{HEADING_WEIGHT:g}"
        self.dimension = int(self._rows.shape[1])
        self._lengths: dict[str, float] = {}

    def passages(self, texts: Sequence[str]) -> Vectors:
        """As questions; a short first line is a heading and counts on its own, however long the text below it is."""
        parts = [text.split("\n", 1) for text in texts]
        whole = self.questions([part[-1] for part in parts])
        headings = self.questions([part[0] if len(part) > 1 and _is_heading(part[0]) else "" for part in parts])
        long = [n for n, part in enumerate(parts) if len(part) > 1 and not headings[n].any()]
        if long:
            whole[long] = self.questions([texts[n] for n in long])
        return unit_rows(whole + HEADING_WEIGHT * headings)

    def questions(self, texts: Sequence[str]) -> Vectors:
        """The sum of the terms' vectors, scaled to length one."""
        sums = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for target, text in zip(sums, texts, strict=True):
            rows = [row for row in map(self._row_of.get, expand(text)) if row is not None]
            if rows:
                np.sum(self._rows[rows], axis=0, out=target)
        return unit_rows(sums)

    def telling(self, text: str) -> Vectors:
        """How much each syllable of the text `tells`. Shape (n,)."""
        return np.fromiter((self.tells(fold(syllable)) for syllable in syllables(text)), np.float32)

    def tells(self, term: str) -> float:
        """How much a folded syllable tells in the language at large, whatever is in the store, 0 to 1: the length of
        its vector, since a word that is everywhere has learned a short one. Unknown syllables tell most. A pair tells
        as much as its two together."""
        if not self._lengths:
            single = [term for term in self._row_of if term[0] == FOLDED and PAIR not in term]
            lengths = np.linalg.norm(self._rows[[self._row_of[term] for term in single]], axis=1)
            longest = np.quantile(lengths, _LONGEST)
            self._lengths = dict(zip(single, np.minimum(lengths / longest, 1.0).tolist(), strict=True))
        return sum(self._lengths.get(FOLDED + syllable, 1.0) for syllable in term.split(PAIR))

    def words(self, text: str) -> Vectors:
        """One unit row for each syllable of the text, in order: its own vectors and those of its pairs on both sides,
        so that a word that is spelled alike but means another thing among its neighbours lies elsewhere."""
        plain = syllables(text)
        found = terms(plain)
        n = len(plain)
        row_of, unknown = self._row_of, len(self._rows)
        rows = np.array([row_of.get(term, unknown) for term in found], dtype=np.int64)
        of = np.full((n, 6), unknown, dtype=np.int64)
        of[:, 0], of[:, 1] = rows[:n], rows[n : 2 * n]
        if n > 1:
            pairs, folded = rows[2 * n : 3 * n - 1], rows[3 * n - 1 :]
            of[1:, 2], of[:-1, 3], of[1:, 4], of[:-1, 5] = pairs, pairs, folded, folded
        known = of < unknown
        return unit_rows((self._rows[np.where(known, of, 0)] * known[..., None]).sum(axis=1))


def _is_heading(line: str) -> bool:
    return len(line.split()) <= LONGEST_HEADING


class SentenceTransformerEmbedder:
    """Any sentence-transformers model; prompts in its own files count, then prefixes known for its family."""

    def __init__(
        self, model: str, *, question_prefix: str | None = None, passage_prefix: str | None = None, batch: int = 32
    ) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise BadSettings("Cần cài thư viện: pip install sentence-transformers") from error
        try:
            self._model = SentenceTransformer(model, device="cpu")
        except Exception as error:  # the library raises whatever its loaders raise
            raise BadSettings(
                f"Không nạp được mô hình nhúng «{model}»: {str(error).splitlines()[0] if str(error) else error!r}. "
                "Hãy kiểm tra SOTAY_EMBEDDING_MODEL (tên mô hình hoặc thư mục có sẵn trên máy), "
                "hoặc để trống để dùng mô hình kèm theo."
            ) from error
        known = next((value for key, value in _PREFIXES.items() if key in Path(model).name.lower()), ("", ""))
        prompts = {key: value for key, value in (self._model.prompts or {}).items() if value}
        given = (question_prefix, passage_prefix)
        own = (prompts.get("query"), prompts.get("document") or prompts.get("passage"))
        self._prefixes = [
            given[side] if given[side] is not None else (own[side] or ("" if prompts else known[side]))
            for side in (0, 1)
        ]
        self._batch = batch
        self.name = f"{model}#{_fingerprint(Path(model), self._prefixes)}"
        self.dimension = int(self._encode(["a"], "").shape[1])

    def passages(self, texts: Sequence[str]) -> Vectors:
        """One unit row for each passage, with the passage prefix."""
        return self._encode(texts, self._prefixes[1])

    def questions(self, texts: Sequence[str]) -> Vectors:
        """One unit row for each question, with the question prefix."""
        return self._encode(texts, self._prefixes[0])

    def _encode(self, texts: Sequence[str], prefix: str | None) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        given = [(prefix or "") + text for text in texts]
        return unit_rows(self._model.encode(given, batch_size=self._batch, prompt="", show_progress_bar=False))


def _fingerprint(folder: Path, prefixes: Sequence[str | None]) -> str:
    """Changes with the prefixes, and with the weights where the model is a local folder."""
    digest = hashlib.sha256(repr(list(prefixes)).encode())
    if folder.is_dir():
        for file in sorted([*folder.rglob("*.safetensors"), *folder.rglob("*.bin")]):
            with file.open("rb") as opened:
                digest.update(hashlib.file_digest(opened, "sha256").digest())
    return digest.hexdigest()[:12]
