"""Rows that are written once: a second insertion with the same key does nothing, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite


def insert_once(connection: Connection, table: Table, rows: Sequence[dict[str, Any]], key: Column[Any]) -> list[Any]:
    """Insert what is new by its unique key; the keys that were new."""
    new = []
    for row in rows:
        if connection.dialect.name == "postgresql":
            result = connection.execute(
                postgresql.insert(table).values(row).on_conflict_do_nothing(index_elements=[key])
            )
        elif connection.dialect.name == "sqlite":
            result = connection.execute(sqlite.insert(table).values(row).on_conflict_do_nothing(index_elements=[key]))
        else:
            if connection.execute(select(key).where(key == row[key.name])).first():
                continue
            result = connection.execute(table.insert().values(row))
        if result.rowcount > 0:
            new.append(row[key.name])
    return new
