"""Places in a question: the 34 provinces of today and the 63 of before July 2025, so that an old name is understood,
and other countries."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from knowledge.shipped_data import read_yaml
from knowledge.text import any_of, fold, syllables

DATA = Path(__file__).parent / "data" / "provinces.yaml"
COUNTRIES = Path(__file__).parent / "data" / "countries.yaml"
NATIONAL = "trung-uong"


@dataclass(frozen=True)
class Province:
    """A province or city of today with the names it went by."""

    slug: str
    name: str
    former: tuple[str, ...]


class Places:
    """Finds provinces by today's or a former name."""

    def __init__(self, provinces: list[Province]) -> None:
        self.provinces = {province.slug: province for province in provinces}
        accented = {"hcm": "ho-chi-minh", "tphcm": "ho-chi-minh", "sài gòn": "ho-chi-minh", "hn": "ha-noi"}
        for province in provinces:
            for name in (province.name, *province.former):
                accented.setdefault(_key(name), province.slug)
        self._accented = _Names({name: slug for name, slug in accented.items() if slug in self.provinces})
        self._folded = _Names({fold(name): slug for name, slug in self._accented.slugs.items()})

    @classmethod
    def load(cls, path: Path = DATA) -> Places:
        """The shipped list."""
        data = read_yaml(path)
        return cls([Province(raw["slug"], raw["name"], tuple(raw.get("former") or ())) for raw in data])

    def find(self, text: str) -> str | None:
        """The slug of the one province that a text names; None for none or several.

        A text with diacritics is read with them, or every "đánh giá lại" would be about Gia Lai.
        """
        key = _key(text)
        names = self._folded if fold(key) == key else self._accented
        found = names.find(key)
        return found.pop() if len(found) == 1 else None

    def names(self, text: str) -> tuple[str, ...]:
        """The provinces that a text names, in its own words, lower case."""
        key = _key(text)
        return (self._folded if fold(key) == key else self._accented).named(key)

    def name(self, slug: str) -> str:
        """How a locality is written: `Hà Nội`, or `cả nước`."""
        province = self.provinces.get(slug)
        return province.name if province else "cả nước" if slug == NATIONAL else slug


# What stands before a place, and what follows a name that ends there: "ở Mỹ bao nhiêu", but not "ở Mỹ Đức".
_IN = r"(?:ở|bên|sang|vào|nước|thị trường|o|ben|vao|nuoc|thi truong)"
_ENDS = (
    r"(?=$| (?:bao|nhiêu|nhieu|thì|thi|có|co|cần|can|như|nhu|là|la|mấy|may|phải|phai|được|duoc|dc|không|khong|ko|k|thế|"
    r"the|sao|và|va|hay|chấm|cham|ghi|quy|hết|het|mất|mat|khác|khac)\b)"
)


class Countries:
    """Finds other countries by name; a text with diacritics is read with them. Without, and for names of one syllable,
    only where a place is spoken of: "qua han" is quá hạn, "nhat ban" nhất bán, Mỹ Đức a district."""

    def __init__(self, names: list[tuple[str, str]]) -> None:
        self._names: dict[str, frozenset[str]] = {}  # by each of a country's names, folded ones too
        for pair in names:
            known = frozenset(_key(name) for name in pair if name)
            self._names |= {spelt: known for name in known for spelt in (name, fold(name))}
        full = [_key(name) for name, _ in names]
        short = [_key(short) for _, short in names if short]
        self._accented = re.compile(rf"\b({any_of(full)})\b|\b{_IN} ({any_of(short)}){_ENDS}")
        self._folded = re.compile(rf"\b{_IN} ({any_of(map(fold, full))})\b|\b{_IN} ({any_of(map(fold, short))}){_ENDS}")

    @classmethod
    def load(cls, path: Path = COUNTRIES) -> Countries:
        """The shipped list."""
        return cls([(raw["name"], raw.get("short", "")) for raw in read_yaml(path)])

    def find(self, text: str) -> frozenset[str]:
        """The names, in lower case, of the first other country that a text names; empty where it names none."""
        key = _key(text)
        found = (self._folded if fold(key) == key else self._accented).search(key)
        return self._names[found[1] or found[2]] if found else frozenset()


class _Names:
    def __init__(self, slugs: dict[str, str]) -> None:
        self.slugs = slugs
        self._pattern = re.compile(rf"(?<!\bdanh )\b(?:{any_of(slugs)})\b")

    def find(self, key: str) -> set[str]:
        return {self.slugs[name] for name in self._pattern.findall(key)}

    def named(self, key: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._pattern.findall(key)))


def _key(text: str) -> str:
    return " ".join(syllables(text))
