"""The doctor tells what is wrong in Vietnamese and changes nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

import ingest.doctor
from ingest import programs
from ingest.doctor import Check, checks
from knowledge.owner import claim
from knowledge.settings import Settings

TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz0123456"


def told(settings: Settings) -> dict[str, Check]:
    """Checks by name."""
    return {check.name: check for check in checks(settings)}


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., Settings]:
    """Settings over an empty folder."""
    values: dict[str, Any] = {"data_dir": tmp_path / "data", "documents_dir": tmp_path / "documents"}
    return lambda **given: Settings(_env_file=None, **(values | given))


@pytest.fixture
def server() -> Iterator[str]:
    """Answers every request as the Bot API answers getMe."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            good = TOKEN in self.path
            body = (
                {"ok": good, "result": {"username": "sotay_bot"}}
                if good
                else {"ok": False, "description": "Unauthorized"}
            )
            self.send_response(200 if good else 401)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: object) -> None:
            pass

    http = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{http.server_port}"
    http.shutdown()


def test_a_fresh_machine_is_fit_and_nothing_is_written(settings: Callable[..., Settings], tmp_path: Path) -> None:
    found = told(settings())
    assert [check for check in found.values() if check.needed and not check.ok] == []
    assert "sẽ được tạo" in found["Thư mục dữ liệu"].told
    assert "chưa có" in found["Cơ sở dữ liệu"].told
    assert "chưa có" in found["Thư mục văn bản"].told
    assert list(tmp_path.iterdir()) == []


def test_a_house_in_use_is_described_without_disturbing_it(house_with: Callable[..., Any]) -> None:
    house = house_with()
    right = claim(house.assistant.settings.data_dir)
    try:
        found = told(house.assistant.settings)
    finally:
        right.release()
    assert "6 văn bản" in found["Cơ sở dữ liệu"].told
    assert "đang giữ" in found["Thư mục dữ liệu"].told
    assert house.assistant.index.ready


def test_a_damaged_database_is_found(settings: Callable[..., Settings], tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sotay.db").write_bytes(b"khong phai co so du lieu " * 400)
    found = told(settings())["Cơ sở dữ liệu"]
    assert (found.ok, found.needed) == (False, True)
    assert "sao lưu" in found.told


def test_an_unreachable_database_is_told_without_its_password(settings: Callable[..., Settings]) -> None:
    found = told(settings(database_url="postgresql+psycopg://u:bimat@127.0.0.1:1/x"))["Cơ sở dữ liệu"]
    assert not found.ok
    assert "bimat" not in found.told


def test_little_room_is_told(settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.doctor, "_ROOM", 1 << 60)
    assert not told(settings())["Chỗ trống trên đĩa"].ok


def test_a_missing_embedding_model_is_told(settings: Callable[..., Settings], tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    found = told(settings(embedding_model=str(tmp_path / "model")))["Mô hình nhúng"]
    assert (found.ok, found.needed) == (False, True)


@pytest.mark.parametrize("token", ["abc", "987654321", "bot987654321:AAxx", TOKEN + " "])
def test_a_token_of_another_shape_is_not_sent_anywhere(
    settings: Callable[..., Settings], token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("httpx.get", lambda *_a, **_n: pytest.fail("asked"))
    found = told(settings(telegram_token=token))["Telegram"]
    assert not found.ok
    assert "@BotFather" in found.told
    assert token not in found.told


def test_telegram_is_asked_who_the_bot_is(settings: Callable[..., Settings], server: str) -> None:
    assert told(settings(telegram_token=TOKEN, telegram_api_url=server))["Telegram"].told == "bot @sotay_bot"
    other = TOKEN.replace("AA", "BB")
    refused = told(settings(telegram_token=other, telegram_api_url=server))["Telegram"]
    assert (refused.ok, refused.needed) == (False, False)
    assert "không nhận mã" in refused.told
    away = told(settings(telegram_token=TOKEN, telegram_api_url="http://127.0.0.1:1"))["Telegram"]
    assert "không tới được" in away.told
    assert TOKEN not in away.told + refused.told


def test_a_chat_model_is_reached_or_told(settings: Callable[..., Settings], server: str) -> None:
    assert told(settings(chat_model="openai:x", chat_base_url=server))["Mô hình ngôn ngữ"].ok
    away = told(settings(chat_model="openai:x", chat_base_url="http://u:bimat@127.0.0.1:1/v1"))["Mô hình ngôn ngữ"]
    assert (away.ok, away.needed) == (False, False)
    assert "bimat" not in away.told


@pytest.mark.parametrize(
    ("have", "vietnamese", "missing"),
    [
        (set(), False, {"Tesseract", "LibreOffice"}),
        ({"antiword"}, False, {"Tesseract", "LibreOffice"}),
        ({"tesseract", "soffice"}, False, {"Tesseract"}),
        ({"tesseract", "soffice"}, True, set()),
    ],
    ids=["nothing", "antiword", "english tesseract", "all"],
)
def test_optional_software_tells_what_it_would_enable(
    settings: Callable[..., Settings],
    monkeypatch: pytest.MonkeyPatch,
    have: set[str],
    vietnamese: bool,
    missing: set[str],
) -> None:
    def find(*names: str) -> str | None:
        return next((f"/usr/bin/{name}" for name in names if name in have), None)

    monkeypatch.setattr(programs, "find", find)
    monkeypatch.setattr(programs, "tesseract", lambda: find("tesseract") if vietnamese else None)
    found = told(settings())
    assert {name for name in ("Tesseract", "LibreOffice") if not found[name].ok} == missing
    for name in missing:
        assert "apt-get install" in found[name].told
        assert not found[name].needed


def test_a_misspelt_setting_is_named(settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOTAY_TELEGRAM_TOKKEN", "x")
    assert "SOTAY_TELEGRAM_TOKKEN" in told(settings())["Thiết lập lạ"].told


def test_a_check_that_fails_itself_is_told(settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Settings) -> Iterator[Check]:
        raise RuntimeError("hỏng")

    monkeypatch.setattr(ingest.doctor, "_handbook", fails)
    assert any("hỏng" in check.told for check in checks(settings()))
