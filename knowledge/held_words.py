"""How likely a word of a question stands in the passage that answers it.

A question says much that its answer does not: who asks, how it came about, "sếp giục", "giùm em". Which words those are
is counted over the handbook: of the ways of asking for a section that hold a word, in how many the section, or another
way of asking for it, holds the word as well. The counts are in `data/held_words.json`, made by
`scripts/count_held_words.py`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import fsum
from pathlib import Path

DATA = Path(__file__).parent / "data" / "held_words.json"


@dataclass(frozen=True)
class HeldWords:
    """The chance of each folded word; `other` is that of a word that no way of asking holds, such as a name."""

    chances: Mapping[str, float]
    other: float

    def chance(self, word: str) -> float:
        """How likely a folded word of a question stands in what answers it, 0 to 1."""
        return self.chances.get(word, self.other)

    def share(self, words: Iterable[str], held: Collection[str]) -> float:
        """How much of what may be expected of a question's words is held, 0 to 1; 0 where nothing may be."""
        return fsum(share for word, share in self.shares(words).items() if word in held)

    def shares(self, words: Iterable[str]) -> dict[str, float]:
        """Each word's part of all that may be expected of them; nothing where nothing may be."""
        chances = {word: self.chance(word) for word in words}
        whole = fsum(chances.values())
        return {word: chance / whole for word, chance in chances.items()} if whole else {}


@lru_cache(maxsize=1)
def held_words() -> HeldWords:
    """The shipped chances."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    return HeldWords(data["chances"], data["other"])
