"""The last step of retrieval: the few best candidates put in order by what a person would look at.

A linear model over features of question and passage: how well the heading and each other way of asking fit the
question, in words, neighbouring words and meaning, whether they want the same kind of answer, how well the best
unit of the text fits, whether the heading names another number of what the question names ("5 sao", "Mẫu số 3"). Its
weights are numbers in `data/ranker.json`: those of the handbook's sections, learned by `scripts/train_ranker.py`, and
those of other people's papers, which say in fewer ways what they answer, learned beside them by
`scripts/train_paper_ranker.py`, with trees that see by how much a paper's passage falls short of the others
(`knowledge/paper_trees.py`).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from knowledge.embedding import Embedder
from knowledge.figure_asked import figure_asked, figure_shown
from knowledge.held_words import held_words
from knowledge.numerals import ROMAN
from knowledge.paper_trees import PaperTrees
from knowledge.places import NATIONAL
from knowledge.question import Kind, QuestionReading, kind_of
from knowledge.references import product_set
from knowledge.relevance import Relevance, Shares, cover, lightened, words_of, words_within
from knowledge.text import fold, folded_syllables
from knowledge.thesaurus import cover_otherwise, said_otherwise
from knowledge.types import Hit

DATA = Path(__file__).parent / "data" / "ranker.json"
FEATURES = (
    "fused", "heading_words", "heading_pairs", "asked_words", "asked_pairs", "asked_back", "asked_meaning", "same_kind",
    "other_kind", "text_words", "text_pairs", "best_unit", "figures", "title_words", "official", "same_set", "one_set",
    "same_place", "same_number", "other_number", "figure_shown", "defines", "opening", "whole_words",
    "whole_pairs", "number_missing", "likeness", "expected", "said_expected", "said_whole", "said_text", "said_best",
)  # fmt: skip
_OF_PAPERS = range(FEATURES.index("figure_shown"), len(FEATURES))  # these tell of papers alone
# What stands before and after what a paper says.
AROUND = ("Phần mở đầu", "Nơi nhận, ký tên")
_SCOPE = re.compile(r"\bpham vi (?:dieu chinh|ap dung)\b|\bdoi tuong ap dung\b")
DEPTH = 16
_PRODUCT = 0.3  # of its weight, for a product whose label or name is asked about
_TITLED = 0.3  # the same, for a word of a paper's title within that paper


@dataclass(frozen=True)
class Ranker:
    """The learned weights with what the features need."""

    weights: tuple[float, ...]
    relevance: Relevance
    embedder: Embedder
    papers: PaperTrees | None = None

    @classmethod
    def load(cls, relevance: Relevance, embedder: Embedder, path: Path = DATA) -> Ranker:
        """The shipped weights."""
        data = json.loads(path.read_text(encoding="utf-8"))
        papers = PaperTrees.load(FEATURES, [data["papers"][name] for name in FEATURES])
        return cls(tuple(data["handbook"][name] for name in FEATURES), relevance, embedder, papers)

    def logits(self, hits: Sequence[Hit], reading: QuestionReading) -> list[float]:
        """How well each hit answers, on the model's own scale: a difference of 1 is odds of e to 1."""
        if not hits:
            return []
        rows = np.array(self.features(hits, reading))
        fit = rows @ np.array(self.weights)
        of_papers = np.array([hit.is_paper for hit in hits])
        if self.papers is not None and of_papers.any():
            fit[of_papers] = self.papers.logits(rows, fit, of_papers)
        found: list[float] = fit.tolist()
        return found

    def features(self, hits: Sequence[Hit], reading: QuestionReading) -> list[np.ndarray]:
        """A row in the order of FEATURES for each hit."""
        vector = self.embedder.questions([reading.search])[0]
        # A product's label or name is asked about, and most of that is said for all products.
        terms, pairs = (lightened(shares, reading.packed, _PRODUCT) for shares in self.relevance.asked(reading))
        figure, defined, numbers = figure_asked(reading.search), _defined(reading), numbered(reading.search)
        expected, otherwise = held_words().shares(reading.terms), said_otherwise(reading.text)
        rows = []
        for hit in hits:
            if not hit.is_paper:
                rows.append(self._row(hit, reading, vector, terms, pairs))
                continue
            # What its title says is said of every passage of a paper.
            title = words_of(hit.document.title)
            light = None if title.isdisjoint(terms) else title
            telling = lightened(terms, light, _TITLED)
            row = self._row(hit, reading, vector, telling, lightened(pairs, light, _TITLED))
            whole, within = _words_of_all(hit), [words for _, words in words_within(hit.passage)]
            row[_OF_PAPERS.start :] = [
                0.5 if figure is None else figure_shown(figure, hit.passage.text),
                defined is not None and defined.search(fold(hit.passage.text)) is not None,
                _opens(hit),
                cover(terms, whole),
                cover(pairs, whole),
                bool(numbers) and not numbers <= numbered(_text_of_all(hit)),
                max(hit.likeness, 0.0),
                cover(expected, whole),
                cover_otherwise(expected, whole, otherwise),
                cover_otherwise(telling, whole, otherwise),
                cover_otherwise(telling, frozenset[str]().union(*within), otherwise),
                max((cover_otherwise(telling, words, otherwise) for words in within), default=0.0),
            ]
            rows.append(row)
        return rows

    def _row(self, hit: Hit, reading: QuestionReading, vector: np.ndarray, terms: Shares, pairs: Shares) -> np.ndarray:
        asked = asked_of(hit.passage.ways)
        text = frozenset[str]().union(*(words for _, words in words_within(hit.passage)))
        each = [(cover(terms, words), cover(pairs, words), self._back(way, reading)) for way, words in asked.ways]
        best = max(each, key=sum, default=(0.0, 0.0, 0.0))
        meaning = float((meanings(asked, self.embedder) @ vector).max()) if asked.ways else 0.0
        known = Kind.OTHER in asked.kinds or reading.kind == Kind.OTHER
        figures = [t for t in terms if t.isdigit()]
        same, other = numbers_told(numbered(reading.search), numbered(hit.passage.heading))
        sets = product_set(source.locator for source in hit.passage.sources)
        return np.array([
            hit.score,
            cover(terms, words_of(hit.passage.heading)),
            cover(pairs, words_of(hit.passage.heading)),
            *best,
            max(meaning, 0.0),
            float(reading.kind in asked.kinds),
            float(bool(asked.ways) and not known and reading.kind not in asked.kinds),
            cover(terms, text),
            cover(pairs, text),
            max(self.relevance.unit_scores(hit, reading, terms, pairs), default=0.0),
            sum(f in text for f in figures) / len(figures) if figures else 0.5,
            cover(terms, words_of(hit.document.title)),
            float(hit.document.kind == "official"),
            float(bool(sets) and sets <= set(reading.sets)),
            float(bool(sets)),
            float(hit.document.locality != NATIONAL and hit.document.locality == reading.locality),
            float(same),
            float(other),
            *(0.0 for _ in _OF_PAPERS),
        ])  # fmt: skip

    def _back(self, way: str, reading: QuestionReading) -> float:
        """How much of a way of asking stands in the question: a short one that is all there beats a long one."""
        return cover(self.relevance.shares(words_of(way)), words_of(reading.search))


_IS_WHAT = re.compile(
    r"(?:(?:the nao|hieu the nao) la )?(?P<name>[\w ]+?) (?:duoc hieu )?"
    r"(?:la (?:gi|the nao)|(?:co )?nghia(?: la)? gi)\b"
)


def _words_of_all(hit: Hit) -> frozenset[str]:
    """The words of a passage with those of its headings and its document's title."""
    text = (words for _, words in words_within(hit.passage))
    return frozenset[str]().union(words_of(hit.document.title), *map(words_of, hit.passage.breadcrumb), *text)


def _text_of_all(hit: Hit) -> str:
    return "\n".join((hit.document.title, *hit.passage.breadcrumb, hit.passage.text))


def _opens(hit: Hit) -> bool:
    """Whether a passage stands around what a paper says: its head, its foot, or the article on what it is about."""
    heading = hit.passage.heading
    return hit.passage.order == 0 or heading in AROUND or _SCOPE.search(fold(heading)) is not None


def _defined(reading: QuestionReading) -> re.Pattern[str] | None:
    """How a text reads that defines what a question asks the meaning of: "lưu trú là gì", "lưu trú là việc …"."""
    words = " ".join(folded_syllables(reading.text))
    name = _IS_WHAT.match(f"{words} la gi" if words.startswith("the nao la") else words)
    if reading.kind is not Kind.DEFINITION or name is None:
        return None
    return re.compile(rf"^\W*(?:\w{{1,2}}[.)] )?{re.escape(name['name'])} (?:\([^)]*\) )?la\b", re.MULTILINE)


@dataclass(frozen=True)
class Asked:
    """The ways in which a passage says it is asked for, with their words, and their kinds of question."""

    ways: tuple[tuple[str, frozenset[str]], ...]
    kinds: frozenset[Kind]


@lru_cache(maxsize=8192)
def asked_of(ways: tuple[str, ...]) -> Asked:
    """Each way with its words, and the kinds of question among them."""
    return Asked(tuple((way, words_of(way)) for way in ways), frozenset(map(kind_of, ways)))


def meanings(asked: Asked, embedder: Embedder) -> np.ndarray:
    """The vector of each way of asking, a row each."""
    return _vectors(embedder.name, embedder.passages, asked)


@lru_cache(maxsize=8192)
def _vectors(_model: str, embed: Callable[[list[str]], np.ndarray], asked: Asked) -> np.ndarray:
    return embed([way for way, _ in asked.ways])


_NUMBERED = re.compile(
    r"(?P<stars>\d) ?sao\b|"
    r"\b(?P<name>mau|tieu chi|chi tieu|dieu|khoan|bo|phu luc|nhom|muc|phan|quyet dinh|nghi dinh|thong tu|cap)"
    r"(?: san pham)?(?: so)? (?P<value>\d[\d.]*|[abc]\b|[ivx]+\b)"
)


@lru_cache(maxsize=8192)
def numbered(text: str) -> frozenset[tuple[str, str]]:
    """What a text names by number, folded: ("sao", "5"), ("mau", "3"), ("cap", "5") of "cấp V" as well."""
    named = (
        (m["name"] or "sao", (m["value"] or m["stars"]).strip(".").lstrip("0")) for m in _NUMBERED.finditer(fold(text))
    )
    return frozenset((name, str(ROMAN.get(value.upper(), value))) for name, value in named)


def numbers_told(asked: frozenset[tuple[str, str]], told: frozenset[tuple[str, str]]) -> tuple[bool, bool]:
    """Whether a heading names something by the number asked for, and whether it names only others of its kind."""
    kinds = {name for name, _ in asked - told} & {name for name, _ in told}
    return bool(asked & told), any(not {n for n in asked & told if n[0] == kind} for kind in kinds)


def share_of_best(logits: Sequence[float]) -> list[float]:
    """Logits as odds against the best of them: the best is 1."""
    top = max(logits, default=0.0)
    return [math.exp(logit - top) for logit in logits]
