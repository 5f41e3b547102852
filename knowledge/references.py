"""Legal references in a question: "QĐ 26", "26/2026", "khoản 6 điều 7 QĐ 26/2026/QĐ-TTg", "mẫu số 02", "bộ số 7".

A reference is an instrument of the register, a place in it, or both; locators are written as in the handbook (`Đ7
k6 đa`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from knowledge.measures import unit_after
from knowledge.numerals import ROMAN
from knowledge.paper_names import PaperNames
from knowledge.places import NATIONAL
from knowledge.registry import Registry
from knowledge.text import fold, folded_syllables, normalise

_OF_A_PROVINCE = re.compile(r"\b(?:tinh|thanh pho|tp|ubnd)\b")
_KINDS = {
    "quyet dinh": "quyết định", "qd": "quyết định",
    "nghi dinh": "nghị định", "nd": "nghị định",
    "thong tu": "thông tư", "tt": "thông tư",
    "nghi quyet": "nghị quyết", "nq": "nghị quyết",
    "luat": "luật", "ke hoach": "kế hoạch", "kh": "kế hoạch", "chuong trinh": "chương trình",
}  # fmt: skip
_KIND = r"quyet dinh|qd|nghi dinh|nd|thong tu|tt|nghi quyet|nq|luat|ke hoach|kh|chuong trinh"
_NUMBER = r"\d{1,5}(?:[.\d]*)(?:/\d{4})?(?:\s?[/-]\s?[a-z]{1,5}\d{0,2}(?:-[a-z0-9]+)*)+|\d{1,4}/20\d\d(?!\d)"
# A full number anywhere, or a kind with a bare number ("quyết định 148", "nđ số 37"), each with its date if it follows.
_INSTRUMENT = re.compile(
    rf"(?<![\w/])(?:(?P<kind>{_KIND})\s*(?:so\s*|:\s*)?)?(?:(?P<full>{_NUMBER})|(?<=[a-z\s])(?P<bare>\d{{1,4}})(?![\d%/.,]))"
    r"(?P<dated>\s+(?:ngay\s+)?\d{1,2}[/-]\d{1,2}[/-](?P<on>\d{4})|\s+(?:nam|cua nam)\s+(?P<year>\d{4}))?(?!\w)"
)
# A decision called by its number alone, as officers do: "hồi 148", "theo 1048".
_NUMBER_ALONE = re.compile(
    r"(?<=\b)(?:theo|hoi|thoi|ban|nhu|bo tieu chi|quy dinh|quy trinh)\s+(?:cu\s+)?(?P<bare>[1-9]\d{2,3})(?![\w/.,%-])"
)
# And beside one that was named: "QĐ 148 và 1489", "148/QĐ-TTg khác gì so với 919".
_NUMBER_BESIDE = re.compile(r"\b(?:va|voi|hay|hoac)\s+(?P<bare>[1-9]\d{2,3})(?![\w/.,%-])")
_LOCATORS = (
    ("PL", re.compile(r"\bphu luc\s+(?:so\s+)?([ivx]+|\d)\b")),
    ("Ch", re.compile(r"\bchuong\s+([ivx]+|\d+)\b")),
    ("Đ", re.compile(r"\bdieu\s+(?:so\s+)?(\d{1,3})\b")),
    ("k", re.compile(r"\bkhoan\s+(\d{1,2})\b")),
    ("đ", re.compile(r"\bdiem\s+([a-eghiklm]|dd)\b(?!\s+(?:so|san|cao))")),
    ("B", re.compile(r"\b(?:bo|phieu)\s+(?:san pham\s+)?(?:so\s+)?(\d{1,2})\b(?!\s*(?:sp|san pham|ho so|giay))")),
    ("m", re.compile(r"\b(?:muc|tieu chi|chi tieu)\s+(?:so\s+)?(\d{1,2}(?:\.\d{1,2})+)\b")),
    ("M", re.compile(r"\b(?:mau|bieu mau)\s+(?:so\s+)?0?(\d{1,2})\b(?!\s*(?:sp|san pham))")),
)
_ROMAN = ("", *ROMAN)


# A question of an instrument: which one it is; who signed it and when, whether and since when it holds.
_WHICH_INSTRUMENT = re.compile(rf"\b(?:{_KIND}|van ban|cong van) (?:\w+ ){{0,2}}?(?:nao|gi|may|bao nhieu)\b")
_OF_AN_INSTRUMENT = re.compile(
    rf"\b(?:{_KIND}|van ban|cong van) (?:nay|do|ay)\b|"
    r"\b(?:ai|ngay nao|khi nao|bao gio|nguoi nao) ky\b|\bky (?:ngay|hom|khi|nam|thang|luc)\b|\bhieu luc\b"
)


@dataclass(frozen=True)
class Reference:
    """An instrument (`key` of the register, or "" when only a place is named) and a place in it."""

    key: str = ""
    locator: str = ""

    def covers(self, key: str, locator: str) -> bool:
        """Whether a source at this key and locator lies at or inside the place referred to."""
        if self.key and key != self.key:
            return False
        parts = locator.split()
        return all(part in parts for part in self.locator.split())


@dataclass(frozen=True)
class References:
    """What a question refers to; `rest` is its text with the instruments' numbers taken out, `unknown` those that the
    register does not hold."""

    found: tuple[Reference, ...]
    rest: str
    unknown: tuple[str, ...] = ()
    alone: bool = False  # nothing but the reference was asked

    def to(self, keys: Iterable[str]) -> References:
        """The same to these instruments where it names none: "điều 8 luật an ninh mạng" names its law by the title."""
        place = next((reference.locator for reference in self.found), "")
        named = any(reference.key for reference in self.found)
        found = tuple(Reference(key, place) for key in keys)
        return self if named or not found else replace(self, found=found)


def asks_which_instrument(text: str) -> bool:
    """Whether a question asks for an instrument: "quyết định nào", "thông tư số mấy"."""
    return _WHICH_INSTRUMENT.search(" ".join(folded_syllables(text))) is not None


def asks_of_an_instrument(text: str) -> bool:
    """Whether a question is about an instrument's signing or validity: "ai ký", "có hiệu lực từ ngày nào"."""
    return _OF_AN_INSTRUMENT.search(" ".join(folded_syllables(text))) is not None


def read_references(text: str, registry: Registry, papers: PaperNames | None = None) -> References:
    """The instruments and places that a question names, and what is left of its words; `papers` are known by name
    beside those of the register."""
    original = normalise(text)
    words = fold(original)
    if len(words) != len(original):  # a letter without a one-to-one folding: positions cannot be shared
        original = words
    keys: list[str] = []
    unknown: list[str] = []
    rest = original
    for match in _INSTRUMENT.finditer(words):
        if not (match["full"] or (match["bare"] and match["kind"])):
            continue
        key = _resolve(match, registry) or (_resolve(match, papers.registry) if papers else None)
        if key:
            keys.append(key)
        elif match["full"] and match["kind"]:
            unknown.append(original[match.start() : match.end()].strip())
        else:
            continue
        # "QĐ 26/2026/QĐ-TTg năm 2024": a year that is not the instrument's own is the time asked about.
        end = match.start("dated") if key and match["year"] and not _is_year_of(registry, key, match["year"]) else -1
        end = end if end >= 0 else match.end()
        rest = rest[: match.start()] + " " * (end - match.start()) + rest[end:]
    beside = _NUMBER_BESIDE.finditer(fold(rest)) if keys else ()
    for match in (*_NUMBER_ALONE.finditer(fold(rest)), *beside):
        candidates = registry.candidates(f"quyết định {match['bare']}")
        if len(candidates) == 1 and unit_after(words, match.end(), plain=True) == (1, "", match.end()):
            keys.append(candidates[0].key)
            rest = rest[: match.start("bare")] + " " * len(match["bare"]) + rest[match.end() :]
    locator = _locator(words)
    found = [Reference(key, locator) for key in dict.fromkeys(keys)]
    if not found and locator:
        found = [Reference("", locator)]
    bare = fold(rest)
    for _, pattern in _LOCATORS:
        bare = pattern.sub(" ", bare)
    alone = bool(found) and len(re.findall(r"[a-z]{2,}", bare)) <= 1
    return References(tuple(found), rest, tuple(unknown), alone)


def names(text: str, instrument: str) -> bool:
    """Whether a text names an instrument in any usual form, given as a question names it ("thông tư 18/2022")."""
    name = fold(normalise(instrument))
    match = re.fullmatch(rf"(?:(?P<kind>{_KIND})\s*(?:so\s*|:\s*)?)?(?P<number>\d.*)", name)
    if match is None:
        return False
    number, words = re.escape(match["number"]), fold(normalise(text))
    if match["kind"] is None or re.search(r"[a-z]", match["number"]):
        return re.search(rf"(?<![\d/]){number}(?![\w/-])", words) is not None
    kind = _KINDS[match["kind"]]
    forms = "|".join(form for form, full in _KINDS.items() if full == kind)
    return re.search(rf"(?:{forms})\s*(?:so\s*)?{number}(?!\d)|(?<![\d/]){number}/(?:{forms})\b", words) is not None


def _is_year_of(registry: Registry, key: str, year: str) -> bool:
    instrument = registry.get(key)
    signed = instrument.signed if instrument else None
    return f"/{year}" in key or (signed is not None and str(signed.year) == year)


def _resolve(match: re.Match[str], registry: Registry) -> str | None:
    kind = _KINDS.get(match["kind"] or "", "")
    number = re.sub(r"\s", "", match["full"] or match["bare"])
    year = match["on"] or match["year"]
    candidates = registry.candidates(f"{kind} {number}".strip())
    if year and len(candidates) > 1:
        candidates = [c for c in candidates if c.signed and str(c.signed.year) == year] or candidates
    elif len(candidates) > 1 and not _OF_A_PROVINCE.search(match.string):
        candidates = [c for c in candidates if c.locality == NATIONAL]  # not the one on a province
    return candidates[0].key if len(candidates) == 1 else None


def _locator(words: str) -> str:
    parts = []
    for prefix, pattern in _LOCATORS:
        if match := pattern.search(words):
            value = match[1]
            if prefix in ("PL", "Ch"):
                value = _ROMAN[int(value)] if value.isdigit() and int(value) < len(_ROMAN) else value.upper()
            elif prefix == "đ":
                value = "đ" if value == "dd" else value
            elif prefix == "M":
                value = f"{int(value):02}"
            elif value.isdigit():
                value = str(int(value))
            parts.append(prefix + value)
    if parts and parts[0].startswith("B") and not parts[0].startswith("PL"):
        parts.insert(0, "PLII")
    return " ".join(parts)


_SHOWN = (
    ("PL", "Phụ lục "), ("Ch", "Chương "), ("Đ", "Điều "), ("k", "khoản "), ("đ", "điểm "), ("B", "Bộ "), ("m", "mục "),
    ("M", "Mẫu số "),
)  # fmt: skip


def show_locator(locator: str) -> str:
    """A locator as people read it: `Đ7 k6 đa` → `Điều 7 khoản 6 điểm a`."""
    shown = []
    for part in locator.split():
        for prefix, word in _SHOWN:
            if part.startswith(prefix) and len(part) > len(prefix):
                shown.append(word + part[len(prefix) :])
                break
        else:
            shown.append(part)
    return " ".join(shown)


def product_set(locators: Iterable[str]) -> frozenset[int]:
    """The product set that locators speak of, if they speak of just one: the 26 score sheets say nearly the same, so
    which product a question names decides between them."""
    parts = {part for locator in locators for part in locator.split() if part[:1] == "B" and part[1:].isdigit()}
    return frozenset(int(part[1:]) for part in parts) if len(parts) == 1 else frozenset()


def forms(locators: Iterable[str]) -> frozenset[str]:
    """The forms (M01, M03 …) that locators name."""
    return frozenset(part for locator in locators for part in locator.split() if re.fullmatch(r"M\d+", part))
