"""How the database is opened, stamped and refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

import knowledge.database
from knowledge.database import get_meta, open_database, set_meta
from knowledge.errors import BadSettings, StoreDamaged


def test_a_fresh_database_is_created_whole_and_opens_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'mới' / 'sotay.db'}"
    first = open_database(url)
    with first.begin() as connection:
        set_meta(connection, "lạ", "1")
        created = get_meta(connection, "created")
    first.dispose()
    again = open_database(url)
    with again.connect() as connection:
        assert (get_meta(connection, "lạ"), get_meta(connection, "created")) == ("1", created)
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
    again.dispose()


def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "sotay.db"
    engine = open_database(f"sqlite:///{path}")
    with engine.begin() as connection:
        set_meta(connection, "schema", "999")
    engine.dispose()
    with pytest.raises(StoreDamaged, match="phiên bản mới hơn"):
        open_database(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        assert connection.execute("select value from meta where key = 'schema'").fetchone() == ("999",)


def test_missing_steps_are_taken_once_and_a_failing_one_leaves_the_old_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'sotay.db'}"
    open_database(url).dispose()
    taken: list[str] = []

    def good(connection: Connection) -> None:
        taken.append("good")
        connection.execute(text("create table thêm (x integer)"))

    def bad(_connection: Connection) -> None:
        raise RuntimeError("hỏng")

    steps = knowledge.database.STEPS
    monkeypatch.setattr(knowledge.database, "STEPS", (*steps, good, bad))
    with pytest.raises(RuntimeError):
        open_database(url)
    monkeypatch.setattr(knowledge.database, "STEPS", (*steps, good))
    engine = open_database(url)
    with engine.connect() as connection:
        assert get_meta(connection, "schema") == str(len(steps) + 1)
    engine.dispose()
    open_database(url).dispose()
    assert taken[-1] == "good"
    assert len(taken) == 2  # once undone, once for good


@pytest.mark.parametrize("url", ["không phải url", "lạ://x/y", "mysql+khongco://x"])
def test_a_url_that_names_no_database_is_a_bad_setting(url: str) -> None:
    with pytest.raises(BadSettings, match="SOTAY_DATABASE_URL"):
        open_database(url)


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "sotay.db").mkdir()
    with pytest.raises(StoreDamaged, match="Không mở được cơ sở dữ liệu"):
        open_database(f"sqlite:///{tmp_path / 'sotay.db'}")


def test_a_password_in_the_url_is_not_printed() -> None:
    with pytest.raises(StoreDamaged) as error:
        open_database("postgresql+psycopg://nguoi:bimat@127.0.0.1:1/x?connect_timeout=1")
    assert "bimat" not in str(error.value)
