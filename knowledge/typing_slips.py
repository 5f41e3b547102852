"""Typing slips of a phone keyboard, put right before a question is read: telex left raw ("tieeu chis"), words run
together ("khinao", "4sao"), letters swapped ("gaiy").

Only a token that is no Vietnamese syllable is touched, and only when what it becomes is one that the knowledge
holds and it itself is not; a capital inside a sentence marks a name. So names, abbreviations and foreign words stay.
Missing diacritics are no slip: the index answers to folded terms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from itertools import accumulate, pairwise

from knowledge.text import FOLDED, PAIR, fold, modern_tones, normalise

# How many passages hold a term of the `expand` stream.
Frequency = Callable[[str], int]

_INITIAL = r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?"
_NUCLEUS = (
    r"(?:uyeu|oai|oao|oay|oeo|uai|uao|uau|uay|ueu|uoi|uou|uya|uye|uyu|ieu|yeu|ai|ao|au|ay|eo|eu|ia|ie|iu|oa|oe|oi|oo|"
    r"ua|ue|ui|uo|uu|uy|ye|a|e|i|o|u|y)"
)
_SYLLABLE = re.compile(rf"{_INITIAL}{_NUCLEUS}(?:ch|ng|nh|[cmnpt])?")
_TOKEN = re.compile(r"[^\W_]+")
_DIGITS_FIRST = re.compile(r"(\d+)([^\W\d_]{2,})")
_DIGITS_LAST = re.compile(r"([^\W\d_]{2,})(\d+)")
_SHAPES = (("dd", "đ"), ("aa", "â"), ("ee", "ê"), ("oo", "ô"), ("aw", "ă"), ("ow", "ơ"), ("uw", "ư"), ("w", "ư"))
_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
# Where the tone goes: on a marked vowel if there is one, else by the open/closed rule of the modern style.
_MARKED = "âêôăơư"
_VOWELS = "aeiouyâêôăơư"
_LONGEST_RUN = 4  # syllables run together
_LONGEST_TOKEN = 40  # letters of words run together
_ALONE = "àáảạaởờớơoôồốổýỷyủưừứửếỉì"  # letters that may be a word
_INSIDE = re.compile(r"([^\W\d_]*[^\W\d_A-ZĐ])([A-ZĐ].*)")  # a capital inside a token
# What questions are made of; the knowledge may be statutes that ask nothing.
_ASKING = frozenset(("ai", "bao", "đâu", "gì", "lâu", "mấy", "mình", "nào", "nhiêu", "sao", "thế", "tôi", "vậy"))
_FOREIGN = 2  # letters that a foreign word has more of


def repair(text: str, frequency: Frequency) -> str:
    """The text with slips put right; anything doubtful stays as it was typed."""
    text = _unglue_digits(normalise(text))

    def mend(match: re.Match[str]) -> str:
        token = match[0]
        if token.isdigit() or not 3 <= len(token) <= _LONGEST_TOKEN or frequency(FOLDED + fold(token)):
            return token
        if is_syllable(token) and _tones(token) < 2:
            return token
        if (inside := _INSIDE.fullmatch(token)) and _stands(inside[1], inside[2], frequency):
            return f"{inside[1]} {inside[2]}"
        if _is_name(match):  # but perhaps with a word beside it: "Googlelà"
            return _cut(token, _parted(token.lower(), frequency)) or token
        return _mended(token.lower(), frequency) or token

    return _TOKEN.sub(mend, text)


def _stands(head: str, tail: str, frequency: Frequency) -> bool:
    """Whether a word and the name run into it ("củaGeorge") were two: the knowledge holds the word, where it has
    diacritics, or both side by side."""
    if head.isascii():  # "iCheck", "MoMo" are names
        return len(head) > 2 and bool(frequency(FOLDED + PAIR.join((fold(head), fold(tail)))))
    return bool(frequency(FOLDED + fold(head)))


def _is_name(match: re.Match[str]) -> bool:
    """Whether a token has a capital that neither the start of a sentence nor shouting explains."""
    token, text = match[0], match.string
    if not token[0].isupper() or text.isupper():
        return False
    return bool(re.search(r"[^\s.?!:\"(«“-]\W*$", text[: match.start()])) or (token.isupper() and len(token) < 6)


def is_syllable(token: str) -> bool:
    """Whether a token could be one Vietnamese syllable, diacritics aside."""
    return _SYLLABLE.fullmatch(fold(token)) is not None


def from_telex(token: str) -> str:
    """A raw telex token as the keyboard would have written it: tieeu → tiêu, ddaau → đâu, nuowcs → nước."""
    for n in (None, *range(len(token) - 1, 0, -1)):  # without a tone key, then each letter that could be one
        if n is not None and token[n] not in _TONES:
            continue
        word = _shaped(token if n is None else token[:n] + token[n + 1 :])
        if is_syllable(word) and (n is not None or word != token):
            return word if n is None else _with_tone(word, _TONES[token[n]])
    return token


def _shaped(word: str) -> str:
    if (late := re.fullmatch(r"(.*)([aou])([^aeiouy]*)w([^w]*)", word)) and late[3]:  # nangw: the w may come last
        word = f"{late[1]}{late[2]}w{late[3]}{late[4]}"
    for typed, letter in _SHAPES:
        word = word.replace(typed, letter)
    return re.sub("ưo|uơ(?=\\w)|ươ", "ươ", word)


def _mended(token: str, frequency: Frequency) -> str:
    def known(syllable: str) -> int:
        return frequency(FOLDED + fold(syllable))

    decoded = token if _tones(token) else from_telex(token)
    if decoded != token and frequency(decoded):
        return decoded
    if told := _parted(token, frequency):
        return " ".join(told)
    for word in dict.fromkeys((token, decoded)):
        if parts := _split(fold(word), frequency):
            return _cut(word, parts)
    if decoded != token and is_syllable(decoded) and known(decoded):
        return decoded
    swapped = [token[:n] + token[n + 1] + token[n] + token[n + 2 :] for n in range(len(token) - 1)]
    right = [word for word in swapped if is_syllable(word) and known(word)]
    return fold(max(right, key=known)) if right else ""


def _cut(word: str, parts: list[str]) -> str:
    """A word as it was typed, with a space between parts of these lengths."""
    ends = list(accumulate(len(part) for part in parts))
    return " ".join(word[end - len(part) : end] for end, part in zip(ends, parts, strict=True))


def _split(word: str, frequency: Frequency) -> list[str]:
    """A run of letters as known syllables, by the likeliest neighbours; empty where there is no such reading."""

    @cache
    def readings(start: int, left: int) -> tuple[tuple[str, ...], ...]:
        if start == len(word):
            return ((),)
        if not left:
            return ()
        found = []
        for end in range(start + 1, min(len(word), start + 7) + 1):
            head = word[start:end]
            if _SYLLABLE.fullmatch(head) and (end - start > 1 or head in "aoy"):
                found += [(head, *rest) for rest in readings(end, left - 1)]
        return tuple(found)

    best: tuple[float, list[str]] = (0.0, [])
    for reading in readings(0, _LONGEST_RUN):
        if len(reading) < 2:
            continue
        pairs = [frequency(FOLDED + PAIR.join(pair)) for pair in pairwise(reading)]
        if min(pairs) > 0:
            score = min(pairs) / len(reading) ** 2
            best = max(best, (score, list(reading)), key=lambda item: item[0])
    return best[1]


def _tones(token: str) -> int:
    """How many letters carry one of the five tones: where one does, no key for a tone is left in the token."""
    return sum(mark in _TONES.values() for mark in unicodedata.normalize("NFD", token))


def _parted(word: str, frequency: Frequency) -> list[str]:
    """A run of letters with diacritics, which are no one syllable's, as words that the knowledge holds in this very
    spelling; foreign words count. Few parts go before many, then common ones before rare; empty where there is none."""

    @cache
    def held(part: str) -> int:
        if is_syllable(part):
            return frequency(modern_tones(part)) + (part in _ASKING) if len(part) > 1 or part in _ALONE else 0
        return frequency(FOLDED + fold(part)) if len(part) > _FOREIGN and part.isascii() else 0

    @cache
    def readings(start: int, left: int) -> tuple[tuple[str, ...], ...]:
        if start == len(word):
            return ((),)
        heads = [word[start:end] for end in range(start + 1, len(word) + 1)] if left else []
        return tuple((head, *rest) for head in heads if held(head) for rest in readings(start + len(head), left - 1))

    if word.isascii():
        return []
    found = [reading for reading in readings(0, _LONGEST_RUN) if len(reading) > 1]
    ranks = [(-len(parts), min(map(held, parts))) for parts in found]
    return list(found[ranks.index(max(ranks))]) if found else []


def _unglue_digits(text: str) -> str:
    """ "4sao" → "4 sao", "nhom2" → "nhom 2"; codes such as QH15 and numbers of laws stay."""

    def after(match: re.Match[str]) -> str:
        return f"{match[1]} {match[2]}" if is_syllable(match[2]) else match[0]

    def before(match: re.Match[str]) -> str:
        return f"{match[1]} {match[2]}" if is_syllable(match[1]) or len(match[1]) > 4 else match[0]

    def part(match: re.Match[str]) -> str:
        return _DIGITS_LAST.sub(before, _DIGITS_FIRST.sub(after, match[0]))

    return re.sub(r"(?<![/\w-])[^\W_]+(?![/-]\w)", part, text)


def _with_tone(word: str, tone: str) -> str:
    at = _tone_position(word)
    if at < 0:
        return word
    return unicodedata.normalize("NFC", word[: at + 1] + tone + word[at + 1 :])


def _tone_position(word: str) -> int:
    start = 2 if word.startswith(("qu", "gi")) and len(word) > 2 and word[2] in _VOWELS else 0
    vowels = [n for n, c in enumerate(word) if c in _VOWELS and n >= start]
    marked = [n for n in vowels if word[n] in _MARKED]
    if marked:
        return marked[-1]
    if not vowels:
        return -1
    closed = vowels[-1] < len(word) - 1
    if len(vowels) == 1 or (len(vowels) == 2 and not closed):
        return vowels[0]
    return vowels[1] if len(vowels) > 2 or closed else vowels[0]
