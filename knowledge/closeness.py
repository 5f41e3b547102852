"""How closely a passage holds the question's words together: in one clause, and in one stretch of words.

BM25 sees a passage as a bag. Legal articles list many clauses that share words, and the clause that answers holds most
of the question's words at once; so the best candidates are looked at again, word by word. Words are compared by a hash
of four bytes, so that forty passages cost a millisecond.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from knowledge.text import fold, syllables

Marks = npt.NDArray[np.uint32]
Weights = npt.NDArray[np.float64]

# A stretch is two neighbouring blocks of so many words.
BLOCK = 25
BREAK = 0  # between clauses
_CLAUSE_END = re.compile(r"[\n.;:!?]")


@lru_cache(maxsize=65536)
def mark(word: str) -> int:
    """The hash of a word; never that of a clause end."""
    return zlib.crc32(word.encode()) or 1


@lru_cache(maxsize=65536)
def _folded_mark(word: str) -> int:
    return mark(fold(word))


def clauses(text: str) -> list[list[str]]:
    """The syllables of a text, clause by clause."""
    return [words for part in _CLAUSE_END.split(text) if (words := syllables(part))]


def marks(parts: Sequence[Sequence[str]]) -> Marks:
    """The words of clauses as hashes, folded in the second row, with `BREAK` after each clause."""
    plain: list[int] = []
    folded: list[int] = []
    for words in parts:
        plain += [*map(mark, words), BREAK]
        folded += [*map(_folded_mark, words), BREAK]
    return np.array([plain, folded], dtype=np.uint32)


def closeness(
    passages: Sequence[Marks], weight: Mapping[str, float], pair: Mapping[tuple[str, str], float]
) -> tuple[Weights, Weights]:
    """For each passage the weight of distinct question words and pairs in its best clause, and in its best stretch.

    A passage is one row of its `marks`; `weight` and `pair` say what each word of the question and each two neighbours
    of it tell.
    """
    lengths = np.array([len(words) for words in passages], dtype=np.int64)
    if not weight or not lengths.sum():
        return np.zeros(len(passages)), np.zeros(len(passages))
    asked = np.array([mark(word) for word in weight], dtype=np.uint32)
    order = np.argsort(asked)
    words = np.concatenate(passages)
    passage = np.repeat(np.arange(len(passages)), lengths)
    near = np.searchsorted(asked[order], words).clip(max=len(asked) - 1)
    unknown = len(asked)
    seen = np.where(asked[order][near] == words, order[near], unknown)

    told = np.array([*weight.values(), *pair.values()])
    number = {word: n for n, word in enumerate(weight)}
    neighbours = np.full((unknown + 1, unknown + 1), -1)
    for n, (a, b) in enumerate(pair):
        neighbours[number[a], number[b]] = unknown + n
    both = np.full(len(seen), -1)
    both[1:] = neighbours[seen[:-1], seen[1:]]  # a clause end is unknown, so no pair spans two clauses or passages
    singles, pairs = np.flatnonzero(seen < unknown), np.flatnonzero(both >= 0)
    where, what = np.concatenate((singles, pairs)), np.concatenate((seen[singles], both[pairs]))

    def held(part: npt.NDArray[np.int64]) -> Weights:
        table = np.zeros((int(part[-1]) + 2, len(told)))
        table[part[where], what] = told[what]
        return table

    def best(sums: Weights, part: npt.NDArray[np.int64]) -> Weights:
        found = np.zeros(len(passages))
        np.maximum.at(found, passage[where], sums[part[where]])
        return found

    clause = np.cumsum(words == BREAK)
    starts = np.cumsum(lengths) - lengths
    # An empty block after each passage keeps its last stretch its own.
    blocks_before = np.cumsum(lengths // BLOCK + 2) - (lengths // BLOCK + 2)
    block = (np.arange(len(words)) - starts[passage]) // BLOCK + blocks_before[passage]
    clauses, blocks = held(clause), held(block)
    stretches = np.maximum(blocks[:-1], blocks[1:])
    return best(clauses.sum(axis=1), clause), best(stretches.sum(axis=1), block)
