"""Lexical search over passages: BM25 of tantivy on the term stream of `knowledge.text.expand`, then a closer look.

Queries are built from terms, never parsed, so no character in a question has a special meaning. A change becomes
visible to readers only with its commit; deletes and adds of one `replace` become visible together.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Self

import numpy as np
import tantivy

from knowledge.closeness import Marks, Weights, clauses, closeness, marks
from knowledge.text import FOLDED, PAIR, expand, fold, syllables, terms

# What each kind of term counts: syllables, folded syllables, pairs, folded pairs. Measured on six sets: equal weights
# lose up to .03 MRR@10 to these, since a pair tells again what its two syllables told.
ACCENTED = (1.0, 0.3, 0.45, 0.0)
UNACCENTED = (0.3, 1.0, 0.0, 0.8)
ACCENTED_SHARE = 0.65
TITLE_WEIGHT = 0.2
# A term that tells less than this share of the most telling one is left out: such terms stand in nearly every passage,
# so they cost half of a search's time and hardly change its order.
NEGLIGIBLE = 0.2
# So many of the best candidates are looked at word by word; the scores below are shares of the best one's.
LOOKED_AT = 40
CLOSENESS_WEIGHTS = (0.2, 0.15, 0.1, 0.1)  # clause, stretch, match, opening
# Words that only say that something is asked; a passage that holds them is no likelier to answer. Folded; "sao" alone
# is a star of OCOP, "bao" a package.
ASKING_WEIGHT = 0.15
_ASKING = re.compile(
    r"\b(?:nhu the nao|the nao|ra sao|vi sao|tai sao|lam sao|bao nhieu|bao lau|bao gio|khi nao|o dau|la gi|la ai|"
    r"cho hoi|xin hoi|muon hoi|hay cho biet|cho biet|may|nao|gi|ai)\b"
)
# Folded, these are other words as well: máy, đầu.
_ONLY_ACCENTED = {"may": "mấy"}

_TOKENIZER = "whitespace"
_REMEMBERED = 100_000  # frequencies of terms
Rarity = Callable[[str], float]  # how much a term tells: the log of its rarity


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    # Reading 200 stored passages for their ids costs more than the search; a column of numbers is read at once.
    builder.add_unsigned_field("number", fast=True)
    builder.add_bytes_field("words", stored=True, indexed=False)  # as `closeness` reads them
    for name in ("title", "body"):
        builder.add_text_field(name, tokenizer_name=_TOKENIZER, index_option="freq")
    return builder.build()


class LexicalIndex:
    """An index folder held open: searched from any thread, changed through `replace`."""

    def __init__(self, index: tantivy.Index, *, look: bool = True) -> None:
        self._index = index
        self._look = look
        self._index.config_reader("manual")
        self._ids: dict[int, str] = {}  # by number
        self._frequencies: dict[str, int] = {}
        self.reload()

    @classmethod
    def open(cls, folder: Path, *, look: bool = True) -> Self:
        """The index in a folder; an empty or missing folder becomes an empty index. `look`: the closer look."""
        folder.mkdir(parents=True, exist_ok=True)
        return cls(tantivy.Index(_schema(), path=str(folder)), look=look)

    def replace(self, remove: Iterable[str], add: Iterable[tuple[str, str, str]]) -> None:
        """Take passages out by id and put (id, title, body) in, in one commit; a known id is replaced."""
        writer = self._index.writer(heap_size=64_000_000, num_threads=1)
        for passage_id in remove:
            writer.delete_documents_by_term("id", passage_id)
        for passage_id, title, body in add:
            writer.delete_documents_by_term("id", passage_id)
            parts = clauses(f"{title}\n{body}")
            document = tantivy.Document()
            document.add_text("id", passage_id)
            document.add_unsigned("number", _number(passage_id))
            document.add_text("title", " ".join(expand(title)))
            document.add_text("body", " ".join(terms([word for words in parts for word in words])))
            document.add_bytes("words", marks(parts).tobytes())
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self.reload()

    def search(self, question: str, k: int) -> list[tuple[str, float]]:
        """The best `k` passages for a question with their scores, best first; equal scores by id."""
        plain = syllables(question)
        if not plain or k < 1:
            return []
        searcher, schema = self._index.searcher(), self._index.schema
        accented = is_accented(plain)
        told = _told(plain)
        query = _query(self._rarity, schema, plain, told, ACCENTED if accented else UNACCENTED)
        hits = searcher.search(query, limit=max(k, LOOKED_AT), count=False).hits
        if not hits:
            return []
        best = float(hits[0][0])
        addresses = [address for _, address in hits]
        ids = [self._ids.get(int(n or 0), "") for n in searcher.fast_field_values("number", addresses)]
        scores = np.array([score for score, _ in hits])
        if self._look:
            documents = [searcher.doc(address) for address in addresses[:LOOKED_AT]]
            scores[: len(documents)] += best * _closeness(self._rarity, documents, plain, told, accented=accented)
        found = [(passage_id, float(score)) for passage_id, score in zip(ids, scores, strict=True) if passage_id]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]

    def frequency(self, term: str) -> int:
        """How many passages hold a term of the `expand` stream."""
        known = self._frequencies
        frequency = known.get(term)
        if frequency is None:
            frequency = int(self._index.searcher().doc_freq("body", term))
            if len(known) < _REMEMBERED:
                known[term] = frequency
        return frequency

    def _rarity(self, term: str) -> float:
        frequency = self.frequency(term)
        return math.log(1 + max(0.0, self.count() - frequency + 0.5) / (frequency + 0.5)) if frequency else 0.0

    def reload(self) -> None:
        """See what has been committed to the folder."""
        self._index.reload()
        self._frequencies = {}
        searcher = self._index.searcher()
        ids = searcher.terms_with_prefix("id", "")
        self._ids = {_number(passage_id): passage_id for passage_id, _ in ids}
        self._count = int(searcher.num_docs)

    def count(self) -> int:
        """How many passages are searchable."""
        return self._count

    def close(self) -> None:
        """Let go of the folder; the object is not used afterwards."""
        del self._index


def is_accented(plain: Sequence[str]) -> bool:
    """Whether a question is typed with diacritics: most of its words have one, as four of five have in print.

    A question typed with half of them is searched as one without any, which costs least.
    """
    words = [s for s in plain if s.isalpha()]
    return sum(not s.isascii() for s in words) >= ACCENTED_SHARE * len(words) > 0


def _told(plain: Sequence[str]) -> list[float]:
    """What each word of a question tells: 1, or less where it only asks."""
    folded = [fold(s) for s in plain]
    told = [1.0] * len(plain)
    starts, start = {}, 0  # number of the word that begins there in the joined text
    for n, word in enumerate(folded):
        starts[start] = n
        start += len(word) + 1
    for found in _ASKING.finditer(" ".join(folded)):
        first, count = starts[found.start()], found[0].count(" ") + 1
        if count > 1 or plain[first] == _ONLY_ACCENTED.get(found[0], plain[first]):
            told[first : first + count] = [ASKING_WEIGHT] * count
    return told


def _query(
    rarity: Rarity,
    schema: tantivy.Schema,
    plain: Sequence[str],
    told: Sequence[float],
    kinds: tuple[float, float, float, float],
) -> tantivy.Query:
    weights: dict[str, float] = {}

    def put(term: str, weight: float) -> None:
        if weight:
            weights[term] = max(weight, weights.get(term, 0.0))

    for word, share in zip(plain, told, strict=True):
        put(word, share * kinds[0])
        put(FOLDED + fold(word), share * kinds[1])
    for (a, share), (b, other) in pairwise(zip(plain, told, strict=True)):
        pair = a + PAIR + b
        put(pair, (share + other) / 2 * kinds[2])
        put(FOLDED + fold(pair), (share + other) / 2 * kinds[3])
    gains = {term: weight * rarity(term) for term, weight in weights.items()}
    least = NEGLIGIBLE * max(gains.values())
    should = []
    for term, weight in weights.items():
        if gains[term] > least:
            found = tantivy.Query.term_query(schema, "body", term, "freq")
            should.append((tantivy.Occur.Should, tantivy.Query.boost_query(found, weight)))
            if PAIR not in term:
                found = tantivy.Query.term_query(schema, "title", term, "freq")
                should.append((tantivy.Occur.Should, tantivy.Query.boost_query(found, weight * TITLE_WEIGHT)))
    return tantivy.Query.boolean_query(should)


def _closeness(
    rarity: Rarity,
    documents: Sequence[tantivy.Document],
    plain: Sequence[str],
    told: Sequence[float],
    *,
    accented: bool,
) -> Weights:
    """How closely each passage holds the question: the weighed sum of shares of the best one's."""
    questioned = list(plain) if accented else [fold(s) for s in plain]
    mark = "" if accented else FOLDED

    weight = {word: share * rarity(mark + word) for word, share in zip(questioned, told, strict=True)}
    pairs = pairwise(zip(questioned, told, strict=True))
    pair = {(a, b): (share + other) / 2 * rarity(mark + a + PAIR + b) for (a, share), (b, other) in pairs}
    row = 0 if accented else 1
    passages = [_read(document)[row] for document in documents]
    close = closeness(passages, weight, pair)
    looks = zip(CLOSENESS_WEIGHTS, close, strict=True)
    weighed: Weights = np.sum([counts * look / (look.max() or 1.0) for counts, look in looks], axis=0)
    return weighed


def _number(passage_id: str) -> int:
    return int.from_bytes(hashlib.blake2b(passage_id.encode(), digest_size=8).digest(), "big")


def _read(document: tantivy.Document) -> Marks:
    return np.frombuffer(bytes(document.get_first("words") or b""), dtype=np.uint32).reshape(2, -1)
