"""Count how likely a word of a question stands in what answers it: `python scripts/count_held_words.py` (seconds).

Reads the handbook's ways of asking and everyday.tsv, and writes knowledge/data/held_words.json (see
knowledge/held_words.py). A word's chance starts from that of the rare ones, as if it had been asked so `BEFORE` times
already.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter

from written import everyday

from ingest.chunk import chunk
from ingest.handbook import pages
from ingest.markdown import read_markdown
from knowledge.held_words import DATA
from knowledge.question import content_terms

BEFORE = 4
RARE = 2  # asked in so many ways at most


def main() -> None:
    """Count, write."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    asked: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for page in pages():
        for passage in chunk(page.document, read_markdown(page.path.read_text(encoding="utf-8"))):
            told = set(content_terms(f"{page.document.title} {passage.text}"))
            ways = [set(content_terms(way)) for way in (*passage.hints.split("\n"), *passage.breadcrumb[-1:])]
            among = Counter(word for way in ways for word in way)
            asked.update(among)
            held.update({word: n for word, n in among.items() if word in told or n > 1})
    for question, sentence in everyday():
        among_it, told = set(content_terms(question)), set(content_terms(sentence))
        asked.update(among_it)
        held.update(among_it & told)
    rare = [word for word, n in asked.items() if n <= RARE]
    other = sum(held[word] for word in rare) / sum(asked[word] for word in rare)
    chances = {word: round((held[word] + BEFORE * other) / (n + BEFORE), 3) for word, n in sorted(asked.items())}
    lines = ",\n  ".join(f"{json.dumps(word)}: {chance}" for word, chance in chances.items())
    DATA.write_text(f'{{"other": {other:.3f}, "chances": {{\n  {lines}\n}}}}\n', encoding="utf-8")
    print(f"{len(chances)} words, {other:.3f} for another")


if __name__ == "__main__":
    main()
