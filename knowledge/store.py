"""Documents, passages and vectors: the truth from which both indexes are derived.

One transaction per document; every change raises the generation, which tells an index whether it is behind.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    Engine,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    bindparam,
    delete,
    func,
    select,
    update,
)

from knowledge.database import METADATA, get_meta, set_meta
from knowledge.errors import BadInput
from knowledge.types import Document, Passage, Source

DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("title", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("origin", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("more", JSON, nullable=False),
)

PASSAGES = Table(
    "passages",
    METADATA,
    Column("id", String(24), primary_key=True),
    Column("document_id", String(64), ForeignKey("documents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("order", Integer, nullable=False),
    Column("place", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("page", Integer),
    Column("digest", String(16), nullable=False),
    Column("more", JSON, nullable=False),
    Column("vector", LargeBinary, nullable=False),
)

# float32 unit rows, one per text
Embed = Callable[[list[str]], np.ndarray]
_CHUNK = 500  # bound variables in one statement stay far under SQLite's limit


@dataclass(frozen=True)
class Change:
    """What a replacement did, as passage ids; `kept` had the same text, `refreshed` of them new metadata."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: int = 0
    refreshed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.refreshed)


class Store:
    """Holds the database open; safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    # -- what there is -------------------------------------------------------------------------------------------

    def generation(self) -> int:
        """A number that grows with every change."""
        with self.engine.connect() as connection:
            return int(get_meta(connection, "generation") or 0)

    def count(self) -> int:
        """How many passages there are."""
        with self.engine.connect() as connection:
            return connection.scalar(select(func.count()).select_from(PASSAGES)) or 0

    def documents(self) -> list[Document]:
        """All documents, by id."""
        with self.engine.connect() as connection:
            return [_document(row) for row in connection.execute(select(DOCUMENTS).order_by(DOCUMENTS.c.id))]

    def document(self, document_id: str) -> Document | None:
        """One document, or None."""
        with self.engine.connect() as connection:
            row = connection.execute(select(DOCUMENTS).where(DOCUMENTS.c.id == document_id)).first()
        return _document(row) if row else None

    def passage(self, passage_id: str) -> Passage | None:
        """One passage, or None."""
        return next(iter(self.passages([passage_id])), None)

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages with these ids, in the order given; unknown ids are left out."""
        found: dict[str, Passage] = {}
        with self.engine.connect() as connection:
            for start in range(0, len(ids), _CHUNK):
                query = select(*_PASSAGE_COLUMNS).where(PASSAGES.c.id.in_(ids[start : start + _CHUNK]))
                for row in connection.execute(query):
                    found[row.id] = _passage(row)
        return [found[i] for i in ids if i in found]

    def of_document(self, document_id: str) -> list[Passage]:
        """A document's passages in reading order."""
        query = select(*_PASSAGE_COLUMNS).where(PASSAGES.c.document_id == document_id).order_by(PASSAGES.c.order)
        with self.engine.connect() as connection:
            return [_passage(row) for row in connection.execute(query)]

    def neighbours(self, passage: Passage) -> tuple[str | None, str | None]:
        """Ids of the passages before and after in the document."""
        order, document = PASSAGES.c.order, PASSAGES.c.document_id == passage.document_id
        with self.engine.connect() as connection:
            before = select(PASSAGES.c.id).where(document, order < passage.order).order_by(order.desc()).limit(1)
            after = select(PASSAGES.c.id).where(document, order > passage.order).order_by(order).limit(1)
            return connection.scalar(before), connection.scalar(after)

    def around(self, passage: Passage, reach: int) -> list[Passage]:
        """The passages at most so many places before or after one in its document, in order, its own among them."""
        order = PASSAGES.c.order
        about = order.between(passage.order - reach, passage.order + reach)
        query = select(*_PASSAGE_COLUMNS).where(PASSAGES.c.document_id == passage.document_id, about).order_by(order)
        with self.engine.connect() as connection:
            return [_passage(row) for row in connection.execute(query)]

    def everything(self) -> Iterator[tuple[Passage, np.ndarray]]:
        """All passages with their vectors, by id: what an index is built from."""
        query = select(*_PASSAGE_COLUMNS, PASSAGES.c.vector).order_by(PASSAGES.c.id)
        with self.engine.connect().execution_options(yield_per=1000) as connection:
            for row in connection.execute(query):
                yield _passage(row), np.frombuffer(row.vector, dtype=np.float32)

    def some(self, ids: Sequence[str]) -> Iterator[tuple[Passage, np.ndarray]]:
        """The passages with these ids and their vectors, in no particular order."""
        for start in range(0, len(ids), _CHUNK):
            query = select(*_PASSAGE_COLUMNS, PASSAGES.c.vector)
            with self.engine.connect() as connection:
                for row in connection.execute(query.where(PASSAGES.c.id.in_(ids[start : start + _CHUNK]))):
                    yield _passage(row), np.frombuffer(row.vector, dtype=np.float32)

    # -- changes ---------------------------------------------------------------------------------------------------

    def replace(self, document: Document, passages: Sequence[Passage], embed: Embed) -> Change:
        """Make these the document's passages, in one transaction; only new texts are embedded.

        Raises BadInput when two passages have one id (same place, same text) or belong to another document.
        """
        new = {passage.id: passage for passage in passages}
        if len(new) != len(passages) or any(p.document_id != document.id for p in passages):
            raise BadInput(f"Các đoạn của «{document.title}» trùng nhau hoặc thuộc văn bản khác.")
        with self.engine.connect() as connection:
            query = select(PASSAGES.c.id, PASSAGES.c.digest, PASSAGES.c.order)
            old = {row.id: row for row in connection.execute(query.where(PASSAGES.c.document_id == document.id))}
        added = [i for i in new if i not in old]
        removed = [i for i in old if i not in new]
        refreshed = [i for i in new if i in old and old[i].digest != new[i].digest]
        moved = [{"key": i, "position": new[i].order} for i in new if i in old and old[i].order != new[i].order]
        # A vector covers breadcrumb and hints too, so a passage whose metadata changed is embedded again.
        to_embed = added + refreshed
        vectors = embed([new[i].searchable for i in to_embed]) if to_embed else np.empty((0, 0), np.float32)
        rows = [_passage_row(new[i], vector) for i, vector in zip(to_embed, vectors, strict=True)]
        with self.engine.begin() as connection:
            self._save_document(connection, document)
            _delete(connection, removed + refreshed)
            if moved:
                move = update(PASSAGES).where(PASSAGES.c.id == bindparam("key"))
                connection.execute(move.values({"order": bindparam("position")}), moved)
            if rows:
                connection.execute(PASSAGES.insert(), rows)
            if added or removed or refreshed:
                _next_generation(connection)
        return Change(tuple(added), tuple(removed), len(new) - len(added), tuple(refreshed))

    def remove(self, document_id: str) -> Change:
        """Take a document and its passages away."""
        with self.engine.begin() as connection:
            ids = connection.scalars(select(PASSAGES.c.id).where(PASSAGES.c.document_id == document_id)).all()
            _delete(connection, ids)
            connection.execute(delete(DOCUMENTS).where(DOCUMENTS.c.id == document_id))
            if ids:
                _next_generation(connection)
        return Change(removed=tuple(ids))

    def embed_again(self, model: str, embed: Embed) -> bool:
        """Embed every passage anew if the vectors are another model's; whether that was so."""
        with self.engine.connect() as connection:
            if get_meta(connection, "embedding") == model:
                return False
            ids = connection.scalars(select(PASSAGES.c.id).order_by(PASSAGES.c.id)).all()
        fresh: list[dict[str, Any]] = []
        for start in range(0, len(ids), _CHUNK):
            batch = self.passages(ids[start : start + _CHUNK])
            vectors = embed([passage.searchable for passage in batch])
            fresh += [{"key": p.id, "vector": _bytes(v)} for p, v in zip(batch, vectors, strict=True)]
        with self.engine.begin() as connection:
            for row in fresh:
                connection.execute(update(PASSAGES).where(PASSAGES.c.id == row["key"]).values(vector=row["vector"]))
            set_meta(connection, "embedding", model)
            _next_generation(connection)
        return True

    def _save_document(self, connection: Connection, document: Document) -> None:
        row = _document_row(document)
        same = DOCUMENTS.c.id == document.id
        if connection.execute(update(DOCUMENTS).where(same).values(row)).rowcount == 0:
            connection.execute(DOCUMENTS.insert(), row)


def _next_generation(connection: Connection) -> None:
    set_meta(connection, "generation", str(int(get_meta(connection, "generation") or 0) + 1))


def _delete(connection: Connection, ids: Iterable[str]) -> None:
    ids = list(ids)
    for start in range(0, len(ids), _CHUNK):
        connection.execute(delete(PASSAGES).where(PASSAGES.c.id.in_(ids[start : start + _CHUNK])))


# -- rows and nouns ------------------------------------------------------------------------------------------------

_PASSAGE_COLUMNS = [column for column in PASSAGES.c if column.name != "vector"]
_DOCUMENT_OWN = {"id", "title", "kind", "origin", "sha256", "valid_from", "valid_to"}


def _bytes(vector: np.ndarray) -> bytes:
    return np.ascontiguousarray(vector, dtype=np.float32).tobytes()


def _passage_row(passage: Passage, vector: np.ndarray) -> dict[str, Any]:
    return {
        "id": passage.id,
        "document_id": passage.document_id,
        "order": passage.order,
        "place": passage.place,
        "text": passage.text,
        "page": passage.page,
        "digest": passage.digest,
        "more": {
            "breadcrumb": list(passage.breadcrumb),
            "sources": [asdict(source) for source in passage.sources],
            "hints": passage.hints,
            "warning": passage.warning,
        },
        "vector": _bytes(vector),
    }


def _passage(row: Any) -> Passage:
    more = row.more
    return Passage(
        document_id=row.document_id,
        place=row.place,
        text=row.text,
        breadcrumb=tuple(more["breadcrumb"]),
        order=row.order,
        page=row.page,
        sources=tuple(Source(**source) for source in more["sources"]),
        hints=more["hints"],
        warning=more["warning"],
    )


def _document_row(document: Document) -> dict[str, Any]:
    fields = asdict(document)
    own = {key: fields.pop(key) for key in _DOCUMENT_OWN}
    return {**own, "more": json.loads(json.dumps(fields, default=str))}


def _document(row: Any) -> Document:
    own = {key: getattr(row, key) for key in _DOCUMENT_OWN}
    more = {key: tuple(value) if isinstance(value, list) else value for key, value in row.more.items()}
    known: dict[str, Any] = {key: value for key, value in more.items() if key in Document.__dataclass_fields__}
    return Document(**own, **known)
