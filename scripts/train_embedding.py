"""Train the default embedding and write it to knowledge/model/ as a stock sentence-transformers folder.

    python scripts/train_embedding.py ../shared/data/train [--out knowledge/model] [--seed 1]

Reads every *.jsonl.gz of pairs {"a", "b"} in the folder (a title, heading or question and the text that belongs to it),
the handbook (headings and the questions noted under them, and their sections) and everyday.tsv. It learns one vector
for each term of `knowledge.text.expand`, so that the sum over a question points where the sum over its passage points.
Three things make it learn more than a random projection of tf-idf would hold:

- a batch is drawn from neighbouring clusters of one kind of source, so that the other passages of the batch are hard;
- statutes, procedures and the handbook also give inverse cloze pairs: a stretch of words, and the text around it;
- question sides lose their diacritics, all or half of them, at random.

Deterministic for a seed and a number of threads; some five minutes on two cores.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import re
import time
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from tokenizers import Tokenizer, models, pre_tokenizers
from written import everyday

from knowledge import text

UNKNOWN = "[UNK]"
LONGEST = 150  # syllables of a text that are read: the lead of an article says what it is about
FAMILIES = {"vietnews": "news", "law_heading_body": "law", "procedures": "procedures"}  # else "questions"
# Rows are vocabulary numbers of a text's syllables, folded syllables, pairs, folded pairs; 0 is unknown.
Rows = npt.NDArray[np.int32]
fold = lru_cache(maxsize=None)(text.fold)


def pairs_in(folder: Path) -> Iterator[tuple[list[str], list[str], str]]:
    """The pairs of all files as syllables, with their family; a file without pairs is passed over."""
    for file in sorted(folder.glob("*.jsonl.gz")):
        family = FAMILIES.get(file.name.split(".")[0], "questions")
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if "b" in row:
                    left, right = text.syllables(row["a"])[:LONGEST], text.syllables(row["b"])[:LONGEST]
                    if left and right:
                        yield left, right, family


def handbook_pairs(folder: Path) -> Iterator[tuple[list[str], list[str], str]]:
    """Heading → section, and each way of asking noted under a heading → section, of every page."""
    for page in sorted(folder.rglob("*.md")):
        head, _, body = page.read_text("utf-8").partition("\n---\n")
        title = re.search(r"^title: *(.*)$", head, re.MULTILINE)
        for section in re.split(r"^#+ ", body, flags=re.MULTILINE)[1:]:
            heading, _, lines = section.partition("\n")
            asked = [q for note in re.findall(r"<!-- hỏi:(.*?)-->", lines, re.DOTALL) for q in re.split(r"[|\n]", note)]
            right = text.syllables(re.sub(r"<!--.*?-->|\{[^}\n]*\}", " ", lines, flags=re.DOTALL))[:LONGEST]
            for left in (f"{heading} {title[1].strip() if title else ''}", *asked):
                if right and (words := text.syllables(left)):
                    yield words[:LONGEST], right, "handbook"


def everyday_pairs() -> Iterator[tuple[list[str], list[str], str]]:
    """Questions in people's own words → the sentence of a paper."""
    for question, sentence in everyday():
        yield text.syllables(question), text.syllables(sentence), "everyday"


def kinds(plain: list[str]) -> tuple[list[str], list[str], list[str], list[str]]:
    """The four kinds of terms that `text.expand` makes of these syllables."""
    folded = [text.FOLDED + fold(s) for s in plain]
    pairs = [a + text.PAIR + b for a, b in pairwise(plain)]
    return plain, folded, pairs, [a + text.PAIR + b[1:] for a, b in pairwise(folded)]


def vocabulary(texts: list[list[str]], size: int) -> tuple[list[str], npt.NDArray[np.float32]]:
    """The terms that get a vector, syllables before pairs, and how rare each is (log of inverse share of texts)."""
    counts = Counter(term for plain in texts for kind in kinds(plain) for term in set(kind))
    common = [term for term, count in counts.most_common() if count >= 3]
    words = [UNKNOWN, *sorted(common, key=lambda term: text.PAIR in term)][:size]
    rarity = np.array([math.log(1 + len(texts) / (1 + counts[word])) for word in words], dtype=np.float32)
    rarity[0] = 0
    return words, rarity


class Trainer:
    """The pairs as vocabulary numbers, the clusters they are drawn from, and the bag that learns."""

    def __init__(self, pairs: list[tuple[list[str], list[str], str]], options: argparse.Namespace) -> None:
        self.options = options
        self.random = np.random.default_rng(options.seed)
        torch.manual_seed(options.seed)
        self.words, rarity = vocabulary([side for a, b, _ in pairs for side in (a, b)], options.size)
        self.number = {word: n for n, word in enumerate(self.words)}
        self.left = [self.rows(a) for a, _, _ in pairs]
        self.right = [self.rows(b) for _, b, _ in pairs]
        self.family = np.array([family for _, _, family in pairs])
        # A syllable typed without its diacritics is another plain syllable.
        single = [n for n, word in enumerate(self.words) if word[0] not in (text.FOLDED, "[")]
        self.stripped = np.zeros(len(self.words), dtype=np.int32)
        self.stripped[single] = [self.number.get(fold(self.words[n]), 0) for n in single]
        # One name has several texts (procedures), one text several names (the handbook): no negatives of each other.
        self.same = [_numbered(side) for side in (self.left, self.right)]
        # Rare terms begin longer: before any training the sum is a random projection of tf-idf.
        start = self.random.standard_normal((len(self.words), options.dimension), dtype=np.float32)
        start *= (4 / math.sqrt(options.dimension) * (rarity / rarity.mean()) ** 0.75)[:, None]
        self.cluster = self.clusters(start)
        self.bag = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(start), freeze=False, mode="sum")

    def rows(self, plain: list[str]) -> Rows:
        found = np.zeros((4, len(plain)), dtype=np.int32)
        for row, terms in zip(found, kinds(plain), strict=True):
            row[: len(terms)] = [self.number.get(term, 0) for term in terms]
        return found

    def clusters(self, start: npt.NDArray[np.float32]) -> npt.NDArray[np.int64]:
        """A cluster for each pair, by its right side; no cluster holds two families."""
        vectors = np.stack([start[rows.ravel()].sum(axis=0) for rows in self.right])
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
        found, used = np.zeros(len(vectors), dtype=np.int64), 0
        for family in np.unique(self.family):
            members = np.flatnonzero(self.family == family)
            count = max(1, self.options.clusters * len(members) // len(vectors))
            centres = vectors[self.random.choice(members, count, replace=False)]
            for _ in range(8):
                nearest = np.argmax(vectors[members] @ centres.T, axis=1)
                for n in range(count):
                    total = vectors[members[nearest == n]].sum(axis=0)
                    if total.any():
                        centres[n] = total / np.linalg.norm(total)
            found[members] = nearest + used
            used += count
        return found

    def epoch_items(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """Numbers of pairs in the order of clusters, and which of them are inverse cloze; official texts count more."""
        official = np.flatnonzero(self.family != "news")
        kept = self.random.random(len(self.family)) < self.options.news
        once = np.flatnonzero((self.family != "news") | kept)
        items = np.concatenate([once, *[official] * (self.options.repeat - 1), *[official] * self.options.cloze])
        cloze = np.arange(len(items)) >= len(items) - len(official) * self.options.cloze
        drawn = self.random.permutation(self.cluster.max() + 1)[self.cluster[items]]
        order = np.argsort(drawn + self.random.random(len(items)))
        return items[order], cloze[order]

    def pair(self, item: int, cloze: bool) -> tuple[Rows, Rows]:
        """What stands for a question, and its passage."""
        left, right = self.left[item], self.right[item]
        length = right.shape[1]
        if cloze and length >= 16:
            size = int(self.random.integers(5, min(25, length // 2) + 1))
            at = int(self.random.integers(0, length - size + 1))
            question = right[:, at : at + size]
            if self.random.random() < 0.5:
                right = np.concatenate((right[:, :at], right[:, at + size :]), axis=1)
            return question, np.concatenate((left, right), axis=1) if self.random.random() < 0.8 else right
        return left, right

    def typed(self, rows: Rows) -> Rows:
        """The question as someone types it: as it is, without diacritics, or with half of them."""
        chance = self.random.random()
        if chance >= self.options.folded + self.options.half:
            return rows
        bare = np.full(rows.shape[1], True) if chance < self.options.folded else self.random.random(rows.shape[1]) < 0.5
        rows = rows.copy()
        rows[0] = np.where(bare, self.stripped[rows[0]], rows[0])
        rows[2] = np.where(bare | np.append(bare[1:], False), 0, rows[2])
        return rows

    def vectors(self, texts: list[Rows]) -> torch.Tensor:
        flat = [numbers[numbers > 0] for numbers in (rows.ravel() for rows in texts)]
        flat = [numbers if len(numbers) else np.zeros(1, dtype=np.int32) for numbers in flat]
        offsets = np.cumsum([0] + [len(numbers) for numbers in flat[:-1]])
        summed = self.bag(torch.from_numpy(np.concatenate(flat)).long(), torch.from_numpy(offsets))
        return torch.nn.functional.normalize(summed)

    def train(self) -> npt.NDArray[np.float32]:
        """The vectors after all epochs; row 0, for unknown terms, is zero."""
        optimiser = torch.optim.Adam(self.bag.parameters(), betas=(0.9, 0.99))
        size, step, steps, begun = self.options.batch, 0, 0, time.monotonic()
        target = torch.arange(size)
        for epoch in range(self.options.epochs):
            items, cloze = self.epoch_items()
            batches, total = len(items) // size, 0.0
            steps = steps or batches * self.options.epochs
            for begin in self.random.permutation(batches) * size:
                part = slice(begin, begin + size)
                both = [self.pair(i, c) for i, c in zip(items[part], cloze[part], strict=True)]
                questions = self.vectors([self.typed(question) for question, _ in both])
                similarity = questions @ self.vectors([passage for _, passage in both]).T * 20
                left, right = (torch.from_numpy(same[items[part]]) for same in self.same)
                twins = (left[:, None] == left[None, :]) | (right[:, None] == right[None, :])
                similarity = similarity.masked_fill(twins.fill_diagonal_(False), -1e4)
                loss = torch.nn.functional.cross_entropy(similarity, target)
                loss = (loss + torch.nn.functional.cross_entropy(similarity.T, target)) / 2
                for settings in optimiser.param_groups:
                    settings["lr"] = self.options.rate * min(1, (step + 1) / 20) * max(0.02, 1 - step / steps)
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                step, total = step + 1, total + loss.item()
            print(f"epoch {epoch + 1}: loss {total / batches:.4f}, {time.monotonic() - begun:.0f} s", flush=True)
        learned: npt.NDArray[np.float32] = self.bag.weight.detach().numpy()
        learned[0] = 0
        return learned


def _numbered(texts: list[Rows]) -> npt.NDArray[np.int64]:
    """The same number for the same text."""
    first: dict[bytes, int] = {}
    return np.array([first.setdefault(rows.tobytes(), n) for n, rows in enumerate(texts)])


def save(words: list[str], vectors: npt.NDArray[np.float32], folder: Path) -> None:
    """A stock sentence-transformers folder with weights in float16."""
    tokenizer = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    static = StaticEmbedding(tokenizer, embedding_weights=vectors.astype(np.float16))
    model = SentenceTransformer(modules=[static, Normalize()], device="cpu")
    model.save(str(folder), create_model_card=False)
    (folder / "model.safetensors").chmod(0o644)
    # One line for each entry would double the vocabulary's size.
    file = folder / "tokenizer.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")), ensure_ascii=False, separators=(",", ":")), "utf-8")


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of *.jsonl.gz pairs")
    parser.add_argument("--handbook", type=Path, default=Path("knowledge/handbook"))
    parser.add_argument("--out", type=Path, default=Path("knowledge/model"))
    parser.add_argument("--size", type=int, default=50_000, help="entries of the vocabulary")
    parser.add_argument("--dimension", type=int, default=256)
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=0.01)
    parser.add_argument("--clusters", type=int, default=400)
    parser.add_argument("--news", type=float, default=0.5, help="share of news pairs used in an epoch")
    parser.add_argument("--repeat", type=int, default=3, help="how often official pairs are used in an epoch")
    parser.add_argument("--cloze", type=int, default=2, help="inverse cloze pairs of each official pair in an epoch")
    parser.add_argument("--folded", type=float, default=0.2, help="share of questions without diacritics")
    parser.add_argument("--half", type=float, default=0.1, help="share of questions with half of them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.use_deterministic_algorithms(True)
    trainer = Trainer([*pairs_in(options.data), *handbook_pairs(options.handbook), *everyday_pairs()], options)
    print(f"{len(trainer.words)} terms, {len(trainer.left)} pairs", flush=True)
    save(trainer.words, trainer.train(), options.out)


if __name__ == "__main__":
    main()
