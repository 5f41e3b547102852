"""How closely a passage holds the question's words together: in one clause, in one stretch of words, at its opening.

BM25 sees a passage as a bag. Legal articles list many clauses that share words, and the clause that answers holds most
of the question's words at once and little else; what a passage is about stands where it opens. So the best candidates
are looked at again, word by word. Words are compared by a hash of four bytes: forty passages cost a millisecond.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from knowledge.text import fold, syllables

Marks = npt.NDArray[np.uint32]
Weights = npt.NDArray[np.float64]

# A stretch is two neighbouring blocks of so many words.
BLOCK = 25
# Words with which a passage opens, its title among them.
OPENING = 40
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


class Closeness(NamedTuple):
    """One number for each passage, 0 and more; only those of one question compare.

    `clause` and `stretch`: the weight of distinct question words and pairs in the best clause and in the best stretch.
    `match`: of the clause that is best by it, the harmonic mean of the share of the question's weight that it holds and
    the share of its words that are the question's. `opening`: the weight of distinct question words in the opening.
    """

    clause: Weights
    stretch: Weights
    match: Weights
    opening: Weights


def closeness(
    passages: Sequence[Marks], weight: Mapping[str, float], pair: Mapping[tuple[str, str], float]
) -> Closeness:
    """How closely each passage holds the question; a passage is one row of its `marks`, `weight` and `pair` say what
    each word of the question and each two neighbours of it tell."""
    lengths = np.array([len(words) for words in passages], dtype=np.int64)
    if not sum(weight.values()) or not lengths.sum():
        return Closeness(*np.zeros((4, len(passages))))
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

    breaks = words == BREAK
    clause = np.cumsum(breaks)
    starts = np.cumsum(lengths) - lengths
    # An empty block after each passage keeps its last stretch its own.
    blocks_before = np.cumsum(lengths // BLOCK + 2) - (lengths // BLOCK + 2)
    block = (np.arange(len(words)) - starts[passage]) // BLOCK + blocks_before[passage]
    clauses, blocks = held(clause), held(block)
    stretches = np.maximum(blocks[:-1], blocks[1:])

    share = clauses[:, :unknown].sum(axis=1) / told[:unknown].sum()
    size = np.bincount(clause[~breaks], minlength=len(clauses))
    own = np.bincount(clause[singles], minlength=len(clauses)) / np.maximum(size, 1)
    match = 2 * share * own / np.maximum(share + own, 1e-9)

    so_far = np.cumsum(~breaks)
    early = singles[so_far[singles] - (so_far - ~breaks)[starts[passage[singles]]] <= OPENING]
    opening = np.zeros((len(passages), unknown))
    opening[passage[early], seen[early]] = told[seen[early]]
    return Closeness(
        best(clauses.sum(axis=1), clause), best(stretches.sum(axis=1), block), best(match, clause), opening.sum(axis=1)
    )
