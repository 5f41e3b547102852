"""What officers abbreviate: NTMNC, HTX, gcn, sp, bn … read from a data file, so that a question can be spelt out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from knowledge.shipped_data import read_yaml
from knowledge.text import FOLDED, PAIR, any_of, fold, folded_syllables, normalise, syllables

DATA = Path(__file__).parent / "data" / "abbreviations.yaml"
EVERYDAY = Path(__file__).parent / "data" / "everyday_words.yaml"
# Not inside a legal number: 26/2026/QĐ-TTg is a name, not two abbreviations.
_WORD = re.compile(r"(?<![/\w-])[^\W_]+(?:&[^\W_]+)*(?![/-]\w)")

# Every document writes these short; spelling them out only adds words that stand elsewhere.
_WRITTEN_SO = frozenset({"OCOP"})


@dataclass(frozen=True)
class Abbreviation:
    """One short form with its readings, likeliest first; `accented` where it is one only as it is spelt ("rứa")."""

    short: str
    readings: tuple[str, ...]
    ambiguous: bool = False
    slang: bool = False
    accented: bool = False


# How many passages hold a term of `text.expand`.
Frequency = Callable[[str], int]
_ASKS_MEANING = re.compile(r"viet tat|chu tat|nghia|\bla (?:gi|chu gi)\b")


class Abbreviations:
    """Looks short forms up, whatever their case or diacritics.

    Of a form with several readings ("ĐK": điều kiện, đăng ký) the one is meant that stands most often beside the
    question's neighbouring words in the knowledge, by the `frequency` of terms; the likeliest where that tells nothing.
    """

    def __init__(self, entries: list[Abbreviation], frequency: Frequency | None = None) -> None:
        self._frequency = frequency
        self._by_short: dict[str, Abbreviation] = {}
        for entry in entries:
            self._by_short.setdefault(entry.short.lower(), entry)
        for entry in entries:
            if not entry.accented:
                self._by_short.setdefault(fold(entry.short), entry)

    @classmethod
    def load(cls, path: Path = DATA, *, frequency: Frequency | None = None) -> Abbreviations:
        """The shipped list."""
        data = read_yaml(path)
        return cls([_entry(raw) for raw in data], frequency)

    def get(self, word: str) -> Abbreviation | None:
        """The abbreviation that a word is, if any."""
        return self._by_short.get(word.lower()) or self._by_short.get(fold(word))

    def unknown(self, name: str) -> bool:
        """Whether the knowledge nowhere holds a name of several syllables."""
        pairs = [PAIR.join(pair) for pair in pairwise(syllables(name))]
        return self._frequency is not None and bool(pairs) and not any(map(self._frequency, pairs))

    def spell_out(self, text: str) -> str:
        """The text with each short form followed or replaced by its likeliest reading.

        Chat slang ("bn", "k") is replaced, and a form of several readings where its neighbours show the one meant;
        other short forms stay beside their reading, since both stand in documents, and so do all where their meaning is
        asked.
        """
        text = normalise(text)
        keep = _ASKS_MEANING.search(fold(text)) is not None

        def spelt(match: re.Match[str]) -> str:
            entry = self.get(match[0])
            if entry is None or entry.short in _WRITTEN_SO:
                return match[0]
            reading, shown = self._meant(entry, text[: match.start()], text[match.end() :])
            return reading if entry.slang or (shown and not keep) else f"{match[0]} {reading}"

        return _WORD.sub(spelt, text)

    def _meant(self, entry: Abbreviation, before: str, after: str) -> tuple[str, bool]:
        """The likeliest reading, and whether the neighbours show it."""
        frequency = self._frequency
        if not entry.ambiguous or frequency is None:
            return entry.readings[0], False
        left, right = (
            [s for s in near if s.isalpha()] for near in (folded_syllables(before)[-1:], folded_syllables(after)[:1])
        )

        def likely(reading: str) -> float:
            """In how many passages the reading stands, times the share of its outer syllables' passages in which the
            neighbours stand beside them."""
            words = folded_syllables(reading)
            outer = [(a + PAIR + words[0], words[0]) for a in left] + [(words[-1] + PAIR + b, words[-1]) for b in right]
            beside = sum(frequency(FOLDED + pair) / max(frequency(FOLDED + own), 1) for pair, own in outer)
            whole = [PAIR.join(pair) for pair in pairwise(words)] or words
            return beside * min(frequency(FOLDED + term) for term in whole)

        best = max(entry.readings, key=likely)  # the first of equals
        return best, likely(best) > 0


def _entry(raw: dict[str, object]) -> Abbreviation:
    long = raw["long"]
    readings = tuple(str(r) for r in long) if isinstance(long, list) else (str(long),)
    ambiguous, slang, accented = (bool(raw.get(name)) for name in ("ambiguous", "slang", "accented"))
    return Abbreviation(str(raw["short"]), readings, ambiguous, slang, accented)


class EverydayWords:
    """Adds the words that documents use to those that people say ("rút giấy" → thu hồi giấy chứng nhận)."""

    def __init__(self, entries: list[tuple[tuple[str, ...], str]]) -> None:
        self._accented = [(_either(_key(says) for says in said), means) for said, means in entries]
        # Without diacritics a lone syllable is too many words (lai: lãi, lại), so only longer sayings count.
        folded = [(tuple(fold(_key(says)) for says in said if " " in says), means) for said, means in entries]
        self._folded = [(_either(said), means) for said, means in folded if said]

    @classmethod
    def load(cls, path: Path = EVERYDAY) -> EverydayWords:
        """The shipped list."""
        data = read_yaml(path)
        return cls([(tuple(str(says) for says in raw["says"]), str(raw["means"])) for raw in data])

    def add_to(self, text: str) -> str:
        """The text followed by the documents' words for what it says."""
        key = _key(text)
        entries = self._folded if fold(key) == key else self._accented
        means = [means for pattern, means in entries if pattern.search(key)]
        return " ".join((text, *means)) if means else text


def _either(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{any_of(words)})\b")


def _key(text: str) -> str:
    return " ".join(syllables(text))
