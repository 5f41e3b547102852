"""Products in a question: which of the 26 OCOP sets a household's own word ("mì gạo", "cao thuốc nam") belongs to."""

from __future__ import annotations

import re
from pathlib import Path

from knowledge.shipped_data import read_yaml
from knowledge.text import any_of, fold, modern_tones, syllables

DATA = Path(__file__).parent / "data" / "products.yaml"

# Words that show that a product is asked about as something scored, and not as something to label or pack.
_SCORED = re.compile(
    r"\b(?:diem|sao|bo|cham|phieu|tieu chi|chi tieu|ocop|cam quan|doc dao|lien ket|chu tri|nguyen lieu|tap chat|"
    r"mui|vi|mau|ngoai hinh|nuoc pha|kiem nghiem|cong bo|gmp|haccp|iso|loai|dung cham|"
    r"xep vao|thuoc nhom|toi da|(?:trong|ngoai) (?:tinh|xa)|tinh khac|\d\s?\*)\b"
)
_PACKED = re.compile(
    r"\b(?:nhãn(?! hiệu)|in|bao bì|túi|hộp|hũ|ghi|chai|lọ|dán|quảng cáo|tên|khối lượng|mm|thùng|mã vạch|hạn sử dụng|"
    r"hsd|hạn dùng|dinh dưỡng|câu chuyện|(?:đăng ký|tham gia|làm|thi) ocop)\b"
)
# The same without diacritics, but for what is then another word ("tui làm", "phù hợp", "nhân dân").
_PACKED_FOLDED = re.compile(
    r"\b(?:nhan(?! hieu| dan)|in|bao bi|tui(?= loc| zip| giay| nilon| vai| hut)|hu|ghi|chai|lo|quang cao|ten|"
    r"khoi luong|(?<!phu )(?<!to )hop(?! tac| le| dong| ly)|mm|thung|ma vach|han su dung|hsd|han dung|dinh duong|"
    r"cau chuyen|(?:dang ky|tham gia|lam|thi) ocop)\b"
)
# Words that only a score sheet answers, whatever else is named.
_BY_SHEET = re.compile(
    r"\b(?:diem|cham|(?:\d|may|hang|len|dat|dc|duoc) sao|bo (?:so |san pham )?\d+|bo (?:nao|may)|thuoc nhom|nhom nao|"
    r"(?:trong|ngoai) (?:tinh|xa)|tinh khac)\b"
)
# What is asked of any product alike: how many stars a total makes, who scores, what befalls its certificate.
_OF_ANY = re.compile(
    r"\b\d+(?:[.,]\d+)? ?(?:d|diem)\b.*\b(?:may sao|sao nao|hang (?:may|nao|gi)|xep hang|cap giay)\b|"
    r"\b(?:ai|xa|huyen|cap nao) (?:co )?cham\b|\bgiay\b.*\b(?:thu (?:lai|hoi)|bi (?:thu|rut|tuoc))\b"
)
# What rules on labels call the products of a set: they speak of classes of goods.
_CLASSES = (
    (range(1, 4), "nông sản tươi"), (range(4, 14), "thực phẩm chế biến"), (range(14, 16), "rượu"),
    (range(16, 18), "đồ uống"), (range(18, 19), "hàng sức khỏe"), (range(19, 20), "mỹ phẩm"),
    (range(21, 23), "thủ công mỹ nghệ"),
)  # fmt: skip


_CAPITALS = "".join(c for c in map(chr, (*range(0x41, 0x250), *range(0x1E00, 0x1F00))) if c.isupper())
_CAPITALISED = rf"[{_CAPITALS}]\w*"


class Products:
    """Finds the product sets that a text names."""

    def __init__(self, words: dict[int, list[str]]) -> None:
        accented = {_key(word): number for number, listed in words.items() for word in listed}
        folded: dict[str, int] = {}
        for word, number in accented.items():
            # Without diacritics a lone syllable is too many things (che: chè, chế), unless it is written so (cafe).
            if " " in word or word.isascii():
                folded.setdefault(fold(word), number)
        self._accented, self._folded = _Words(accented), _Words(folded)

    @classmethod
    def load(cls, path: Path = DATA) -> Products:
        """The shipped list."""
        data = read_yaml(path)
        return cls({int(number): [str(word) for word in words] for number, words in data.items()})

    def sets(self, text: str) -> tuple[int, ...]:
        """The sets whose products a text names, longest names first; longer names hide the shorter ones inside them."""
        key = _key(text)
        words = self._folded if fold(key) == key else self._accented
        return words.find(key)

    def scored(self, text: str) -> tuple[int, ...]:
        """The same where the text asks how such a product is scored."""
        folded = fold(_key(text))
        return self.sets(text) if _SCORED.search(folded) and not self.packed(text) else ()

    def packed(self, text: str) -> bool:
        """Whether a text asks how such a product is labelled, packed, named or entered, or what is asked of any product
        alike, and not how it is scored."""
        if self.asked_of_any(text):
            return True
        key = _key(text)
        folded = fold(key)
        packed = (_PACKED_FOLDED if folded == key else _PACKED).search(key)
        return packed is not None and not _BY_SHEET.search(folded)

    def asked_of_any(self, text: str) -> bool:
        """Whether a text asks what is asked of any product alike, whatever product it names."""
        return _OF_ANY.search(fold(text)) is not None

    def of_any(self, text: str) -> str:
        """The text with "sản phẩm" for the product, and the name behind it, in what is asked of any product alike."""
        names = self.names(text) if self.asked_of_any(text) else ()
        if not names:
            return text
        product = re.compile(rf"\b(?i:{any_of(names)})\b(?: {_CAPITALISED}){{0,3}}")
        first, *more = product.split(modern_tones(text), maxsplit=1)
        return f"{first}sản phẩm{product.sub('', more[0])}" if more else text

    def named_after(self, text: str) -> tuple[str, ...]:
        """The capitalised names that stand right behind a product's ("cốm Mễ Trì"): where it is from, or a brand."""
        names = self.names(text)
        if not names:
            return ()
        behind = re.compile(rf"\b(?i:{any_of(names)})((?: {_CAPITALISED}){{1,3}})")
        return tuple(match[1].strip() for match in behind.finditer(text))

    def classes(self, text: str) -> str:
        """The classes of goods that the products named in a text belong to."""
        sets = self.sets(text)
        return " ".join(name for numbers, name in _CLASSES if any(number in numbers for number in sets))

    def names(self, text: str) -> tuple[str, ...]:
        """The products that a text names, in its own words."""
        key = _key(text)
        words = self._folded if fold(key) == key else self._accented
        return words.named(key)


class _Words:
    def __init__(self, numbers: dict[str, int]) -> None:
        self._numbers = numbers
        self._pattern = re.compile(rf"\b(?:{any_of(numbers)})\b")

    def find(self, key: str) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self._numbers[word] for word in self._pattern.findall(key)))

    def named(self, key: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._pattern.findall(key)))


def _key(text: str) -> str:
    return " ".join(syllables(text))
