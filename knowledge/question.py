"""A question as read: what kind of answer it wants, of which time and place, with which legal references and words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from knowledge.abbreviations import Abbreviations, EverydayWords
from knowledge.dates import TimeReading, full_years, read_time
from knowledge.paper_names import PaperNames
from knowledge.places import Countries, Places
from knowledge.products import Products
from knowledge.references import Reference, References, read_references
from knowledge.registry import Registry
from knowledge.text import fold, folded_syllables, normalise, syllables
from knowledge.types import Question


class Kind(StrEnum):
    """The kind of answer that a question wants; it decides which unit of a passage answers."""

    COMPARE = "compare"
    YES_NO = "yes or no"
    QUANTITY = "how many"
    TIME = "when"
    WHO = "who"
    PLACE = "where"
    LIST = "what does it consist of"
    STEPS = "steps"
    DEFINITION = "definition"
    ADVICE = "how to"
    OTHER = "other"


@dataclass(frozen=True)
class QuestionReading:
    """What was understood. `search` is the text that the indexes are asked: spelt out, legal references kept."""

    question: Question
    text: str
    search: str
    kind: Kind
    time: TimeReading
    references: References
    locality: str | None
    terms: tuple[str, ...]
    sets: tuple[int, ...] = ()  # product sets whose score sheet is asked about
    packed: frozenset[str] | None = None  # a product's folded words, where its label, name or entry is asked about
    abroad: frozenset[str] = frozenset()  # names of another country that is asked about
    before: frozenset[str] = frozenset()  # folded words that only an earlier question said
    laws: frozenset[str] = frozenset()  # keys of those that are named by their titles
    pages: tuple[str, ...] = ()  # documents that answered the questions before
    beside: tuple[str, ...] = ()  # passages about the clauses of papers that did


# Folded; the first that matches decides.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.COMPARE, re.compile(r"so sanh|khac (?:gi|nhau|biet|the nao|voi)|khac o dau|giong (?:nhau|va khac)|so voi")),
    (
        Kind.DEFINITION,
        re.compile(r"^(?:the nao la|hieu the nao|khai niem)|(?:nghia )?la gi\b|co nghia(?: la)? gi|viet tat"),
    ),
    (Kind.STEPS, re.compile(r"quy trinh|trinh tu|(?:cac|nhung|may) buoc|thu tuc (?:the|ra|nhu|gom|la)|tung buoc")),
    (
        Kind.LIST,
        re.compile(
            r"gom (?:nhung )?(?:gi|cai gi|giay|ai)|bao gom|nhung (?:gi|ai)\b|nhung [\w ]{1,40} nao\b|"
            r"cac [\w ]{1,30} nao\b|gom (?:\w+ ){0,2}(?:muc|phan|noi dung|giay to|buoc|tai lieu) nao\b|"
            r"liet ke|(?<!lap )danh sach|thanh phan|(?:can|co|nop|chuan bi|ghi|in|nhung) "
            r"(?:giay to |ho so )?(?:gi|nhung gi)\b|giay to gi|\bcam (?:\w+ ){0,2}?gi\b"
        ),
    ),
    (
        Kind.TIME,
        re.compile(
            r"khi nao|bao gio|bao lau|may (?:nam|thang|ngay|gio)|thoi (?:han|gian|diem)|ngay nao|"
            r"luc nao|thang nao|nam nao|"
            r"bao nhieu (?:ngay|thang|nam)|\bco han|\bhan (?:la|nop|den)|hieu luc"
        ),
    ),
    (
        Kind.QUANTITY,
        re.compile(
            r"bao nhieu|\bmay\b|ty le|muc (?:phi|ho tro|thuong|phat|thu|dong|huong)\b|phan tram|toi (?:da|thieu)|%"
        ),
    ),
    (Kind.WHO, re.compile(r"\bai\b|cap nao|(?:co quan|don vi|noi|phong|so|bo|nganh) nao|tham quyen|nguoi nao")),
    (Kind.PLACE, re.compile(r"o dau|cho nao|noi nao|ve dau|den dau|gui dau|\bdau\b")),
    (
        Kind.YES_NO,
        re.compile(
            r"\b(?:khong|chua|ko|k|hong|hok|kh|khg|hem)\s*(?:a|vay|nhi|ad|ạ|the|nua|da|em|anh|chi)?\s*$|"
            r"co phai|lieu |co (?:duoc|can|bat buoc|phai)|duoc phep|co the"
        ),
    ),
    (
        Kind.ADVICE,
        re.compile(
            r"lam (?:the nao|sao|gi)|cach\b|nhu the nao|the nao|nen\b|meo|goi y|kinh nghiem|ra sao|ntn|bi quyet"
        ),
    ),
)

# A question of all that a label holds; of one more thing, or another paper, not.
_LABEL = re.compile(r"^(?!.*\b(?:them|ma vach)\b).*\b(?:nhan|ghi)\b")

# Points of the whole score sheet whose stars are asked for, with no word but these, and what they are asked for as.
_POINTS = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{1,2})?\s*(?:diem|d)(?!\w)")
_ASKS_STARS = re.compile(r"\b(?:may sao|sao may|sao nao|xep hang|hang (?:gi|nao|may|sao))\b")
_OF_SCORES = frozenset((
    "sp", "san", "pham", "diem", "sao", "hang", "xep", "dat", "duoc", "cham", "hoi", "dong", "tinh", "tong", "ket",
    "qua", "trung", "binh", "ocop", "em", "nha", "minh", "toi", "tui", "con", "ben", "co", "so", "thi", "bao", "nhieu",
    "htx", "thuoc", "la",
))  # fmt: skip
_SCALE = "bao nhiêu điểm được mấy sao OCOP"
_HAS_STARS = re.compile(
    r"\b[1-5] ?sao\b(?=.{0,40}\b(?:len|muon|thanh|nang|phan dau|huong toi)\b.{0,20}?\b[1-5] ?sao\b)"
)

# Not "ở Việt Nam sao".
_STARS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5}
_STARS_IN_WORDS = re.compile(r"(?<!việt )(?<!viet )\b(một|mot|hai|ba|bốn|bon|năm|nam) (sao)\b", re.IGNORECASE)

# Times told from today, folded.
_RELATIVE = frozenset({"nam ngoai", "nam truoc"})
_NOW = frozenset({"bay", "gio", "hien"})  # syllables that say "now", where a question does

# What joins the halves of a question that asks two things, and what each half must ask for.
_JOINED = re.compile(r"\s*(?:[,;?]\s*(?:va |roi |the )?|\b(?:va|roi) )\s*(?=\w)")
_ASKED = frozenset((Kind.QUANTITY, Kind.TIME, Kind.WHO, Kind.PLACE, Kind.LIST, Kind.STEPS, Kind.YES_NO))
# What only tells that something is not there: "không có giấy tờ gì".
_NOTHING = re.compile(
    r"\b(?:khong|ko|chua|chang|hong) (?:co|biet|thay|lam|ghi) (?:\w+ ){0,3}(?:gi|nao|ai)\b(?: (?:het|ca|dau|nua))?\s*$"
)

# Where a clause of a question ends; how many content terms make a question long, and a clause one that asks.
_CLAUSE_END = re.compile(r"\s*(?:[,;.!?…–]+|\s-)\s+(?=\w)")
_LONG, _ASKS = 8, 3
# Words of a clause that need not be cut, those of a piece of a longer one, and so many parts are looked at.
_CLAUSE, _PIECE, _PARTS = 20, 12, 16

# The words of a question that asks of an instrument only whether it holds, and what else such a question may say.
_HOLDS = re.compile(r"\bhieu luc\b|\b(?:con|duoc|van|dang) (?:\w+ ){0,2}?(?:dung|xai|ap dung|gia tri)\b|\bap dung\b")
_OF_HOLDING = frozenset(
    """
    hieu luc dung xai ap gia tri van ban quyet dinh nghi thong tu luat ngay thang nam het bat dau nua so hien hanh hom
    tu den bao gio k ko kg hem day vay nhi bay
    """.split()  # noqa: SIM905
)

# Words that only say that two things are compared; "so sánh" is also what advertising may not do.
_COMPARING = re.compile(
    r"\b(?:so sánh|so sanh|(?:khác|khac) (?:nhau|biệt|biet)(?: (?:gì|gi|thế nào|the nao|chỗ nào|cho nao|ra sao))?|"
    r"(?:khác|khac) (?:gì|gi))\b",
    re.IGNORECASE,
)
# Folded syllables that ask rather than name a thing, and how those are spelt: "thế" asks, "thẻ" names.
_LIGHT = frozenset(
    """
    ad anh ban cac chua co con cua da dang day dc den di do duoc em gi hay hok khi khong la lam luc ma may minh moi
    mot nao nay nen neu nhe nhi nhu nhung oi phai roi se tai the thi thoi toi trong va vao vay ve vi voi xin
    """.split()  # noqa: SIM905
)
_LIGHT_SPELT = frozenset(
    """
    bạn các chưa có còn của đã đang đây đấy đến đi để đó được gì hãy không là làm lúc mà mấy mình mới một nào này nên
    nếu nhé nhỉ như những ơi phải rồi sẽ tại thế thì thôi tôi và vào vậy về vì với
    """.split()  # noqa: SIM905
)


# Folded words that only say that a document says something.
_SAYS = frozenset({"quy", "dinh", "noi", "van", "ban", "ghi", "dung"})


def _numbered_sets(references: References) -> tuple[int, ...]:
    """The product sets that a question names by number: "bộ 5"."""
    parts = [part for reference in references.found for part in reference.locator.split()]
    return tuple(dict.fromkeys(int(part[1:]) for part in parts if part[0] == "B" and part[1:].isdigit()))


class Reader:
    """Reads questions with the register, the abbreviations and the names of places at hand."""

    def __init__(
        self,
        registry: Registry,
        abbreviations: Abbreviations,
        places: Places,
        papers: Callable[[], PaperNames | None] = lambda: None,
    ) -> None:
        self.registry = registry
        self.papers = papers  # those of the moment
        self.abbreviations = abbreviations
        self.places = places
        self.everyday = EverydayWords.load()
        self.products = Products.load()
        self.countries = Countries.load()

    def read(self, question: Question, today: date, *, asks: str = "", subject: str = "") -> QuestionReading:
        """What a question asks, as far as its words show it; `asks` are the words that decide the kind, if not all, and
        `subject` those that were taken over from an earlier question."""
        text = re.sub(r"\s+", " ", normalise(question.text)).strip()
        text = self.products.of_any(full_years(_stars_in_figures(text)))
        spelt = self.abbreviations.spell_out(text)
        papers = self.papers()
        titled = papers.titled(spelt) if papers else ()
        references = read_references(text, self.registry, papers).to(titled)
        kind = kind_of(self.abbreviations.spell_out(asks) if asks else spelt)
        searched = _COMPARING.sub(" ", spelt) if kind == Kind.COMPARE else _scored(_aimed(spelt))
        packed = self._packed(text)
        if packed and kind is Kind.LIST and _LABEL.search(fold(spelt)):  # rules on labels speak of classes of goods
            searched = f"{searched} {self.products.classes(text)}".strip()
        time = read_time(references.rest, today)
        aside = self._aside(text, time)
        return QuestionReading(
            question=question,
            text=text,
            search=self.everyday.add_to(_with_year(searched, time)),
            kind=kind,
            time=time,
            references=references,
            locality=question.locality or self.places.find(text),
            terms=tuple(term for term in content_terms(searched) if term not in aside),
            sets=_numbered_sets(references) or self.products.scored(text),
            packed=packed,
            abroad=self.countries.find(text),
            before=self._before(text, subject),
            laws=frozenset(titled),
        )

    def _aside(self, text: str, time: TimeReading) -> set[str]:
        """The folded words of a question that no passage that answers it need hold: "năm ngoái", the unknown place or
        brand behind a product's name."""
        aside = set(time.words.split()) if time.words in _RELATIVE else set(_NOW) if time.now else set()
        unknown = filter(self.abbreviations.unknown, self.products.named_after(text))
        return aside.union(*map(folded_syllables, unknown))

    def _before(self, text: str, subject: str) -> frozenset[str]:
        if not subject:
            return frozenset()
        own = normalise(text).replace(normalise(subject), " ")
        spell_out = self.abbreviations.spell_out
        return frozenset(folded_syllables(spell_out(subject))).difference(folded_syllables(spell_out(own)))

    def _packed(self, text: str) -> frozenset[str] | None:
        if not self.products.packed(text):
            return None
        named = self.products.names(text)
        return frozenset(syllable for name in named for syllable in folded_syllables(name)) if named else None

    def today_s(self, reading: QuestionReading, today: date) -> QuestionReading | None:
        """The same question asked of today's rules: without the words that name a period, or with the instrument that
        took the place of the one that it names; None where it names neither."""
        successor = self._of_successor(reading, today) if reading.time.period is None else None
        folded, words = fold(reading.text), reading.time.words
        if successor or not words or len(folded) != len(reading.text) or (at := folded.find(words)) < 0:
            return successor
        text = reading.text[:at] + reading.text[at + len(words) :]
        return self.read(replace(reading.question, text=text), today) if content_terms(text) else None

    def _of_successor(self, reading: QuestionReading, today: date) -> QuestionReading | None:
        named = (reference.key for reference in reading.references.found if reference.key)
        successor = next(filter(None, (self.registry.successor(key, today) for key in named)), None)
        if successor is None:
            return None
        rest = reading.references.rest
        if len(set(content_terms(rest)) - _SAYS) < 2:  # only the instrument is asked about
            return self.read(replace(reading.question, text=f"{successor.kind} {successor.number} {rest}"), today)
        # Its number among the words would find what speaks of the instrument, not of the matter.
        asked = self.read(replace(reading.question, text=rest), today)
        return replace(asked, references=replace(asked.references, found=(Reference(successor.key),)))


def _stars_in_figures(text: str) -> str:
    """The text with its stars in figures, as every document writes them: "ba sao" is 3 sao."""
    return _STARS_IN_WORDS.sub(lambda match: f"{_STARS[fold(match[1])]} {match[2]}", text)


def _aimed(text: str) -> str:
    """The text without the stars that a product has where it asks for those it is to reach: "4 sao muốn lên 5 sao"."""
    folded = fold(text)
    has = _HAS_STARS.search(folded) if len(folded) == len(text) else None
    return f"{text[: has.start()]} {text[has.end() :]}" if has else text


def _with_year(text: str, time: TimeReading) -> str:
    """The text with the number of the year that it calls last year's: pages name it so."""
    folded = fold(text)
    at = folded.find(time.words) if time.period and time.words in _RELATIVE and len(folded) == len(text) else -1
    return f"{text[:at]}năm {time.period.start.year}{text[at + len(time.words) :]}" if time.period and at >= 0 else text


def _scored(text: str) -> str:
    """What is searched where a text only asks how many stars so many points are: the section that tells it is not about
    82 points."""
    folded = fold(text).replace("hop tac xa", "htx")
    if not _POINTS.search(folded) or not _ASKS_STARS.search(folded):
        return text
    return text if set(content_terms(_POINTS.sub(" ", folded))) - _OF_SCORES else _SCALE


def kind_of(text: str) -> Kind:
    """The kind of answer that a question wants."""
    words = " ".join(folded_syllables(text))
    words += " %" if "%" in text else ""
    return next((kind for kind, pattern in _KINDS if pattern.search(words)), Kind.OTHER)


def asks_standing(reading: QuestionReading) -> bool:
    """Whether a question asks of the instruments that it names whether they hold, and nothing more."""
    if not any(reference.key for reference in reading.references.found) or not _HOLDS.search(fold(reading.text)):
        return False
    rest, words = fold(reading.references.rest), reading.time.words
    return not set(content_terms(rest.replace(words, " ") if words else rest)) - _OF_HOLDING


def two_parts(text: str) -> tuple[str, str] | None:
    """The halves of a question that asks two things ("nộp ở đâu và mất bao lâu"), else None."""
    folded = fold(text)
    if len(folded) != len(text):
        return None
    cuts = ((text[: cut.start()], text[cut.end() :]) for cut in _JOINED.finditer(folded))
    return next((halves for halves in cuts if all(map(_asks, halves)) and not _same(*halves)), None)


def _asks(half: str) -> bool:
    """Whether a half asks something; "không có giấy tờ gì" only tells."""
    return kind_of(half) in _ASKED and not _NOTHING.search(fold(half))


def last_asked(text: str) -> str | None:
    """The clause with which a long question asks, behind a story that its answer does not tell: "hồ sơ nộp hôm 12, sếp
    giục suốt, xã được giữ mấy ngày" → "xã được giữ mấy ngày"; None where there is no such clause."""
    if len(content_terms(text)) < _LONG:
        return None
    clauses = (text[end.end() :] for end in reversed([*_CLAUSE_END.finditer(text)]))
    return next((c for c in clauses if len(content_terms(c)) >= _ASKS and kind_of(c) is not Kind.OTHER), None)


def asking_parts(text: str) -> tuple[str, ...]:
    """The parts of a story with which it may ask: its clauses that want an answer of some kind, by themselves and with
    the one beside them; of a clause without end, pieces that overlap. The last ones, where there are many."""
    ends = [0, *(end.end() for end in _CLAUSE_END.finditer(text)), len(text)]
    pieces = [piece for start, end in pairwise(ends) for piece in _pieces(text[start:end].split()) if piece]
    joined = [f"{one} {other}" for one, other in pairwise(pieces)]
    asking = [part for part in (*joined, *pieces) if len(content_terms(part)) >= _ASKS and kind_of(part) != Kind.OTHER]
    return tuple(asking[-_PARTS:])


def _pieces(words: Sequence[str]) -> list[str]:
    """A clause; one that is too long in pieces that overlap by half."""
    if len(words) <= _CLAUSE:
        return [" ".join(words)]
    return [" ".join(words[start : start + _PIECE]) for start in range(0, len(words) - _PIECE // 2, _PIECE // 2)]


def _same(one: str, other: str) -> bool:
    """Whether two halves ask the same of things alike, which one passage tells: "mấy xã nâng cao, mấy xã kiểu mẫu"."""
    shared = set(content_terms(one)) & set(content_terms(other)) - {"bao", "nhieu"}
    return kind_of(one) == kind_of(other) and bool(shared)


def content_terms(text: str) -> tuple[str, ...]:
    """The folded syllables of a text that name something, each once, in order."""
    return tuple(dict.fromkeys(filter(None, map(content_term, syllables(text)))))


@lru_cache(maxsize=65536)
def content_term(syllable: str) -> str:
    """A syllable folded; empty where it only asks, or may, being typed without marks."""
    plain = fold(syllable)
    return "" if (syllable in _LIGHT_SPELT if syllable != plain else plain in _LIGHT) else plain
