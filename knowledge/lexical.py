"""Lexical search over passages: BM25 of tantivy on the term stream of `knowledge.text.expand`.

Queries are built from terms, never parsed, so no character in a question has a special meaning. A change becomes
visible to readers only with its commit; deletes and adds of one `replace` become visible together.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Self

import tantivy

from knowledge.text import expand

TITLE_WEIGHT = 0.5
_TOKENIZER = "whitespace"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("title", "body"):
        builder.add_text_field(name, tokenizer_name=_TOKENIZER, index_option="freq")
    return builder.build()


class LexicalIndex:
    """An index folder held open: searched from any thread, changed through `replace`."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._index.config_reader("manual")
        self._index.reload()

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The index in a folder; an empty or missing folder becomes an empty index."""
        folder.mkdir(parents=True, exist_ok=True)
        return cls(tantivy.Index(_schema(), path=str(folder)))

    def replace(self, remove: Iterable[str], add: Iterable[tuple[str, str, str]]) -> None:
        """Take passages out by id and put (id, title, body) in, in one commit; a known id is replaced."""
        writer = self._index.writer(heap_size=64_000_000, num_threads=1)
        for passage_id in remove:
            writer.delete_documents_by_term("id", passage_id)
        for passage_id, title, body in add:
            writer.delete_documents_by_term("id", passage_id)
            document = tantivy.Document()
            document.add_text("id", passage_id)
            document.add_text("title", " ".join(expand(title)))
            document.add_text("body", " ".join(expand(f"{title}\n{body}")))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def search(self, question: str, k: int) -> list[tuple[str, float]]:
        """The best `k` passages for a question with their BM25 scores, best first; equal scores by id."""
        schema = self._index.schema
        should = []
        for term in dict.fromkeys(expand(question)):
            should.append((tantivy.Occur.Should, tantivy.Query.term_query(schema, "body", term, "freq")))
            title = tantivy.Query.term_query(schema, "title", term, "freq")
            should.append((tantivy.Occur.Should, tantivy.Query.boost_query(title, TITLE_WEIGHT)))
        if not should or k < 1:
            return []
        searcher = self._index.searcher()
        hits = searcher.search(tantivy.Query.boolean_query(should), limit=k, count=False).hits
        found = [(str(searcher.doc(address).get_first("id")), float(score)) for score, address in hits]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def frequency(self, term: str) -> int:
        """How many passages hold a term of the `expand` stream."""
        return int(self._index.searcher().doc_freq("body", term))

    def reload(self) -> None:
        """See what another process has committed to the folder."""
        self._index.reload()

    def count(self) -> int:
        """How many passages are searchable."""
        return int(self._index.searcher().num_docs)

    def close(self) -> None:
        """Let go of the folder; the object is not used afterwards."""
        del self._index
