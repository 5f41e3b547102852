"""The one relational database: how it is opened, its tables' registry, and numbered schema steps.

SQLite in the data folder by default, PostgreSQL by URL. Each module defines its tables on `METADATA`; a fresh
database is created whole and stamped with the newest version, an older one is taken through the missing steps on
opening.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, Text, create_engine, event, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from knowledge.errors import BadSettings, StoreDamaged

METADATA = MetaData()

META = Table("meta", METADATA, Column("key", String(64), primary_key=True), Column("value", Text, nullable=False))

# Step n takes a database from version n to n + 1. Never edit one that has shipped.
STEPS: tuple[Callable[[Connection], None], ...] = ()


def open_database(url: str) -> Engine:
    """An engine on a database whose schema is current; raises BadSettings or StoreDamaged with what to do."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, pool_pre_ping=parsed.get_backend_name() != "sqlite")
    except (ArgumentError, NoSuchModuleError, ImportError) as error:
        raise BadSettings(f"SOTAY_DATABASE_URL không dùng được: {error}") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                # Python's driver opens no transaction for a change of schema: a step cut short would stay half done.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            _bring_up_to_date(connection)
            METADATA.create_all(connection)
    except DatabaseError as error:
        raise StoreDamaged(
            f"Không mở được cơ sở dữ liệu {parsed.render_as_string()}: {error.orig}. "
            "Hãy khôi phục từ bản sao lưu, hoặc đổi tên tệp này rồi nạp lại văn bản."
        ) from error
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    # WAL lets readers go on beside a writer; NORMAL keeps it consistent after a killed process.
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _bring_up_to_date(connection: Connection) -> None:
    if inspect(connection).has_table("meta"):
        version = int(get_meta(connection, "schema") or 0)
        if version > len(STEPS):
            raise StoreDamaged(
                f"Cơ sở dữ liệu thuộc phiên bản mới hơn ({version}) so với chương trình này ({len(STEPS)}). "
                "Hãy cập nhật Sổ tay."
            )
        for step in STEPS[version:]:
            step(connection)
    else:
        META.create(connection)
        set_meta(connection, "created", datetime.now(UTC).isoformat(timespec="seconds"))
    set_meta(connection, "schema", str(len(STEPS)))


def get_meta(connection: Connection, key: str) -> str | None:
    """A value of the `meta` table, or None."""
    return connection.scalar(select(META.c.value).where(META.c.key == key))


def set_meta(connection: Connection, key: str, value: str) -> None:
    """Write a value of the `meta` table."""
    if connection.execute(META.update().where(META.c.key == key).values(value=value)).rowcount == 0:
        connection.execute(META.insert().values(key=key, value=value))
