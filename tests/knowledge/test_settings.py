"""Settings: every one documented, bad values refused in Vietnamese."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from knowledge.errors import BadSettings
from knowledge.settings import Settings, load_settings

README = Path(__file__).parent.parent.parent / "README.md"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No setting from the machine, no `.env`."""
    import os

    for name in list(os.environ):
        if name.startswith("SOTAY_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_readme_table_names_every_setting_and_no_other() -> None:
    """One row for each setting: `| `SOTAY_PORT` | 8000 | … |`, the default as the class has it."""
    rows = dict(re.findall(r"^\|\s*`SOTAY_(\w+)`\s*\|([^|]*)\|", README.read_text(encoding="utf-8"), re.MULTILINE))
    fields = {name.upper() for name in Settings.model_fields}
    assert rows, "README.md has no table of settings (rows like: | `SOTAY_PORT` | `8000` | what it does |)"
    assert fields - rows.keys() == set(), "missing from the README's table of settings"
    assert rows.keys() - fields == set(), "in the README's table of settings, but not in the Settings class"
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        plain = default.get_secret_value() if hasattr(default, "get_secret_value") else default
        if plain not in ("", None, []):
            assert str(plain).removesuffix(".0") in rows[name.upper()], f"the README tells another default of {name}"


def test_every_setting_is_described_in_vietnamese() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert re.search(r"[à-ỹđ]", field.description.lower()), name
        assert field.description.endswith("."), name


BAD = [
    ("PORT", "tám nghìn", "SOTAY_PORT: phải là số nguyên."),
    ("PORT", "70000", "SOTAY_PORT: không được quá 65535."),
    ("PORT", "-1", "SOTAY_PORT: phải từ 0 trở lên."),
    ("TODAY", "22/05/2026", "SOTAY_TODAY: phải là ngày có thật, dạng 2026-05-22."),
    ("TODAY", "2026-02-30", "SOTAY_TODAY: phải là ngày có thật, dạng 2026-05-22."),
    ("CHAT_TIMEOUT", "0", "SOTAY_CHAT_TIMEOUT: phải lớn hơn 0."),
    ("CHAT_TIMEOUT", "lâu", "SOTAY_CHAT_TIMEOUT: phải là số."),
    ("RETENTION_DAYS", "0", "SOTAY_RETENTION_DAYS: phải từ 1 trở lên."),
    ("RATE_LIMIT", "nhiều", "SOTAY_RATE_LIMIT: «nhiều» chưa đúng dạng, ví dụ 30/minute hoặc 500/hour."),
    ("TRUSTED_PROXIES", "10.0.0.1, nginx", "SOTAY_TRUSTED_PROXIES: «nginx» không phải địa chỉ hay dải địa chỉ IP"),
    ("ADMIN_KEY", "ngan", "SOTAY_ADMIN_KEY phải dài ít nhất 16 ký tự."),
]


@pytest.mark.parametrize(("name", "value", "told"), BAD, ids=[f"{name}={value}" for name, value, _ in BAD])
def test_a_bad_value_is_named_in_vietnamese(monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str) -> None:
    monkeypatch.setenv(f"SOTAY_{name}", value)
    with pytest.raises(BadSettings) as error:
        load_settings()
    assert told in str(error.value)
    assert not re.search(r"\b(?:input|should|value error|error)\b", str(error.value), re.IGNORECASE)


def test_all_bad_values_are_told_at_once_and_no_secret_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOTAY_PORT", "x")
    monkeypatch.setenv("SOTAY_RETENTION_DAYS", "x")
    monkeypatch.setenv("SOTAY_TELEGRAM_TOKEN", "123:bí-mật")
    with pytest.raises(BadSettings) as error:
        load_settings()
    assert "SOTAY_PORT" in str(error.value)
    assert "SOTAY_RETENTION_DAYS" in str(error.value)
    assert "bí-mật" not in str(error.value)


def test_a_short_admin_key_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOTAY_ADMIN_KEY", "matkhau")
    with pytest.raises(BadSettings) as error:
        load_settings()
    assert "matkhau" not in str(error.value)
    monkeypatch.setenv("SOTAY_ADMIN_KEY", "m" * 16)
    assert "mmmm" not in repr(load_settings())


def test_an_empty_value_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(f"SOTAY_{name.upper()}", "")
    assert load_settings() == Settings(_env_file=None)


def test_dot_env_counts_less_than_the_environment(monkeypatch: pytest.MonkeyPatch, bare: Path) -> None:
    (bare / ".env").write_text(
        "SOTAY_PORT=9001\nSOTAY_HOST=0.0.0.0\nKHAC=1\nSOTAY_TODAY=2026-06-01\n", encoding="utf-8"
    )
    monkeypatch.setenv("SOTAY_PORT", "9002")
    settings = load_settings()
    assert (settings.port, settings.host, settings.current_day()) == (9002, "0.0.0.0", date(2026, 6, 1))


def test_a_dot_env_that_is_no_text_is_told(bare: Path) -> None:
    (bare / ".env").write_bytes("SOTAY_HOST=địa".encode("utf-16"))
    with pytest.raises(BadSettings, match=r"\.env"):
        load_settings()


@pytest.mark.parametrize("given", ["http://127.0.0.1:8081", "http://127.0.0.1:8081/", "http://127.0.0.1:8081/bot"])
def test_another_bot_api_may_be_given_with_or_without_its_tail(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("SOTAY_TELEGRAM_API_URL", given)
    assert load_settings().telegram_api_url == "http://127.0.0.1:8081"


def test_sqlite_lies_in_the_data_folder_unless_another_database_is_named() -> None:
    assert load_settings(data_dir=Path("/x")).database == "sqlite:////x/sotay.db"
    assert load_settings(database_url="postgresql+psycopg://h/d").database == "postgresql+psycopg://h/d"
