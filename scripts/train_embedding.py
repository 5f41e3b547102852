"""Train the default embedding and write it to knowledge/model/ as a stock sentence-transformers folder.

    python scripts/train_embedding.py ../shared/data/train [--out knowledge/model] [--seed 1]

Reads every *.jsonl.gz of pairs {"a", "b"} in the folder (a title, heading or question and the text that belongs to it)
and learns one vector for each term of `knowledge.text.expand`, so that the sum over a question points where the sum over
its passage points. Deterministic for a seed and a number of threads; minutes on two cores.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import time
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from tokenizers import Tokenizer, models, pre_tokenizers

from knowledge import text

UNKNOWN = "[UNK]"
LONGEST = 150  # syllables of a text that are read: the lead of an article says what it is about
fold = lru_cache(maxsize=None)(text.fold)


def pairs_in(folder: Path) -> Iterator[tuple[list[str], list[str]]]:
    """The pairs of all files as syllables; a file without pairs is passed over."""
    for file in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                if "b" in row:
                    left, right = text.syllables(row["a"])[:LONGEST], text.syllables(row["b"])[:LONGEST]
                    if left and right:
                        yield left, right


def terms(plain: list[str]) -> list[str]:
    """What `text.expand` makes of these syllables."""
    folded = [text.FOLDED + fold(s) for s in plain]
    pairs = [a + text.PAIR + b for a, b in zip(plain, plain[1:], strict=False)]
    return plain + folded + pairs + [a + text.PAIR + b[1:] for a, b in zip(folded, folded[1:], strict=False)]


def vocabulary(texts: list[list[str]], size: int) -> tuple[list[str], dict[str, int]]:
    """The terms that get a vector, syllables before pairs, and in how many texts each stands."""
    counts = Counter(term for plain in texts for term in set(terms(plain)))
    common = [term for term, count in counts.most_common() if count >= 3]
    single = [term for term in common if text.PAIR not in term]
    paired = [term for term in common if text.PAIR in term]
    return [UNKNOWN, *single, *paired][:size], counts


def train(pairs: list[tuple[list[str], list[str]]], arguments: argparse.Namespace) -> tuple[list[str], np.ndarray]:
    """The vocabulary and its vectors; row 0 stands for unknown terms and is zero."""
    random = np.random.default_rng(arguments.seed)
    torch.manual_seed(arguments.seed)
    words, counts = vocabulary([side for pair in pairs for side in pair], arguments.size)
    row = {word: number for number, word in enumerate(words)}

    def rows(plain: list[str]) -> np.ndarray:
        return np.array([row[t] for t in terms(plain) if t in row] or [0], dtype=np.int64)

    left = [rows(a) for a, _ in pairs]
    left_folded = [rows([fold(s) for s in a]) for a, _ in pairs]
    right = [rows(b) for _, b in pairs]

    # Rare terms begin longer: before any training the sum is then a random projection of tf-idf.
    rarity = np.array([math.log(1 + 2 * len(pairs) / (1 + counts[word])) for word in words], dtype=np.float32)
    start = random.standard_normal((len(words), arguments.dimension), dtype=np.float32)
    start *= np.sqrt(rarity / rarity.mean() / arguments.dimension)[:, None]
    bag = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(start), freeze=False, mode="sum")
    optimiser = torch.optim.Adam(bag.parameters(), betas=(0.9, 0.99))

    def vectors(chosen: list[np.ndarray]) -> torch.Tensor:
        offsets = np.cumsum([0] + [len(c) for c in chosen[:-1]])
        return torch.nn.functional.normalize(bag(torch.from_numpy(np.concatenate(chosen)), torch.from_numpy(offsets)))

    batches = len(pairs) // arguments.batch
    steps, step, begun = batches * arguments.epochs, 0, time.monotonic()
    target = torch.arange(arguments.batch)
    for epoch in range(arguments.epochs):
        order, loss_sum = random.permutation(len(pairs)), 0.0
        for number in range(batches):
            chosen = order[number * arguments.batch : (number + 1) * arguments.batch]
            folded = random.random(len(chosen)) < arguments.folded
            questions = vectors([(left_folded if f else left)[i] for i, f in zip(chosen, folded, strict=True)])
            similarity = questions @ vectors([right[i] for i in chosen]).T * 20
            loss = torch.nn.functional.cross_entropy(similarity, target)
            loss = (loss + torch.nn.functional.cross_entropy(similarity.T, target)) / 2
            for group in optimiser.param_groups:
                group["lr"] = arguments.rate * min(1, (step + 1) / 20) * (1 - step / steps)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            step, loss_sum = step + 1, loss_sum + loss.item()
        print(f"epoch {epoch + 1}: loss {loss_sum / batches:.4f}, {time.monotonic() - begun:.0f} s", flush=True)
    learned = bag.weight.detach().numpy()
    learned[0] = 0
    return words, learned


def save(words: list[str], vectors: np.ndarray, folder: Path) -> None:
    """A stock sentence-transformers folder with weights in float16."""
    tokenizer = Tokenizer(models.WordLevel({word: number for number, word in enumerate(words)}, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    static = StaticEmbedding(tokenizer, embedding_weights=vectors.astype(np.float16))
    model = SentenceTransformer(modules=[static, Normalize()], device="cpu")
    model.save(str(folder), create_model_card=False)
    # One line for each entry would double the vocabulary's size.
    file = folder / "tokenizer.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")), ensure_ascii=False, separators=(",", ":")), "utf-8")


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder of *.jsonl.gz pairs")
    parser.add_argument("--out", type=Path, default=Path("knowledge/model"))
    parser.add_argument("--size", type=int, default=50_000, help="entries of the vocabulary")
    parser.add_argument("--dimension", type=int, default=256)
    parser.add_argument("--batch", type=int, default=2048)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=0.01)
    parser.add_argument("--folded", type=float, default=1 / 6, help="share of left sides without diacritics")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.use_deterministic_algorithms(True)
    words, vectors = train(list(pairs_in(arguments.data)), arguments)
    save(words, vectors, arguments.out)


if __name__ == "__main__":
    main()
