"""Is this machine fit, and what would more software enable: read only, never in the way of a running owner."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ingest import programs
from knowledge.owner import running_owner
from knowledge.settings import Settings

# What one needs to build the shipped handbook's index and to grow for a while.
_ROOM = 500 * 1024 * 1024
_SECONDS = 5.0
_TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{30,}")


@dataclass(frozen=True)
class Check:
    """One finding: `needed` ones must be ok for Sổ tay to work at all, `told` is in Vietnamese."""

    name: str
    ok: bool
    needed: bool
    told: str


def checks(settings: Settings) -> list[Check]:
    """Every check, the needed ones first; takes seconds at most and changes nothing."""
    parts: tuple[Callable[[Settings], Iterator[Check]], ...] = (
        _python, _folder, _database, _index, _handbook, _embedding, _documents, _chat, _telegram, _unknown, _packages,
    )  # fmt: skip
    found: list[Check] = []
    for part in parts:
        try:
            found += part(settings)
        except Exception as error:  # a doctor that falls ill helps no one
            found.append(Check(part.__name__.strip("_"), False, True, f"không kiểm tra được: {error}"))
    return found


def _python(_: Settings) -> Iterator[Check]:
    version = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info >= (3, 11)
    yield Check("Python", ok, True, version if ok else f"{version}; cần Python 3.11 trở lên")
    missing = [name for name in ("chromadb", "tantivy", "fastapi", "python-telegram-bot") if not _installed(name)]
    told = "đủ" if not missing else f"thiếu {', '.join(missing)}; hãy chạy lại `make run`"
    yield Check("Thư viện", not missing, True, told)


def _folder(settings: Settings) -> Iterator[Check]:
    folder = settings.data_dir.absolute()
    home = next(parent for parent in (folder, *folder.parents) if parent.is_dir())
    try:
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as error:
        told = f"{folder} không ghi được ({error.strerror}); hãy sửa quyền, hoặc đặt SOTAY_DATA_DIR khác"
        yield Check("Thư mục dữ liệu", False, True, told)
        return
    owner = running_owner(folder)
    held = f"; tiến trình {owner.pid} đang giữ{f' tại {owner.url}' if owner.url else ''}" if owner else ""
    new = "" if folder.is_dir() else " (sẽ được tạo)"
    yield Check("Thư mục dữ liệu", True, True, f"{folder}{new}{held}")
    free = shutil.disk_usage(home).free
    low = "" if free >= _ROOM else "; nên có ít nhất 500 MB"
    yield Check("Chỗ trống trên đĩa", free >= _ROOM, True, f"còn {free / 1e9:.1f} GB{low}")


def _database(settings: Settings) -> Iterator[Check]:
    if settings.database_url:
        yield _other_database(settings.database_url)
        return
    path = settings.data_dir / "sotay.db"
    if not path.exists():
        yield Check("Cơ sở dữ liệu", True, True, "chưa có, sẽ được tạo khi chạy lần đầu")
        return
    # Read only, so that nothing is created and a running owner is not disturbed.
    with sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_SECONDS) as connection:
        try:
            state = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
            count = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in _COUNTED}
        except sqlite3.DatabaseError as error:
            told = f"{path} không đọc được ({error}); hãy khôi phục từ bản sao lưu, hoặc đổi tên tệp này rồi nạp lại"
            yield Check("Cơ sở dữ liệu", False, True, told)
            return
        finally:
            connection.rollback()
    told = f"{count['documents']} văn bản, {count['passages']} đoạn, {count['turns']} lượt hỏi"
    if state != "ok":
        told = f"{path} bị hỏng ({state}); hãy khôi phục từ bản sao lưu, hoặc đổi tên tệp này rồi nạp lại"
    yield Check("Cơ sở dữ liệu", state == "ok", True, told)


_COUNTED = ("documents", "passages", "turns")


def _other_database(url: str) -> Check:
    from sqlalchemy import create_engine, text
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import SQLAlchemyError

    shown = url
    try:
        shown = make_url(url).render_as_string(hide_password=True)
        arguments = {"connect_timeout": int(_SECONDS)} if url.startswith("postgresql") else {}
        engine = create_engine(url, connect_args=arguments)
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        engine.dispose()
    except (SQLAlchemyError, ImportError, OSError) as error:
        first = str(getattr(error, "orig", error)).splitlines()[0]
        return Check("Cơ sở dữ liệu", False, True, f"không kết nối được {shown}: {first}")
    return Check("Cơ sở dữ liệu", True, True, f"kết nối được {shown}")


def _index(settings: Settings) -> Iterator[Check]:
    folder = settings.data_dir / "index"
    have = [engine for engine in ("lexical", "dense") if (folder / f"{engine}.json").is_file()]
    owner = running_owner(settings.data_dir)
    if owner and owner.url:
        yield _ready(owner.url)
    elif len(have) == 2:
        yield Check("Chỉ mục", True, False, "có, sẽ được kiểm tra lại khi khởi động")
    else:
        told = (
            "dựng dở, sẽ được dựng lại khi khởi động" if folder.is_dir() else "chưa có, sẽ được dựng khi chạy lần đầu"
        )
        yield Check("Chỉ mục", True, False, told)


def _ready(url: str) -> Check:
    import httpx

    try:
        answer = httpx.get(f"{url}/v1/health/ready", timeout=_SECONDS, trust_env=False).json()
    except (httpx.HTTPError, ValueError) as error:
        return Check("Chỉ mục", False, False, f"tiến trình tại {url} chưa trả lời: {error}")
    if answer.get("status") == "ready":
        return Check("Chỉ mục", True, False, f"đang phục vụ {answer.get('passages')} đoạn tại {url}")
    why = "; ".join(answer.get("faults") or []) or answer.get("doing") or "đang khởi động"
    return Check("Chỉ mục", False, False, f"chưa sẵn sàng: {why}")


def _handbook(_: Settings) -> Iterator[Check]:
    from ingest.metadata import HANDBOOK
    from knowledge.registry import Registry

    pages = [path for path in HANDBOOK.rglob("*.md") if path.name != "README.md"]
    told = f"{len(pages)} trang, {len(Registry.load())} văn bản trong danh bạ (kiểm tra kỹ: `sotay handbook check`)"
    yield Check("Sổ tay đi kèm", bool(pages), True, told if pages else f"không có trang nào ở {HANDBOOK}; hãy cài lại")


def _embedding(settings: Settings) -> Iterator[Check]:
    from knowledge.embedding import load_embedder
    from knowledge.errors import BadSettings

    if settings.embedding_model and not Path(settings.embedding_model).is_dir():
        # Loading one by name may download it; the first start tells whether that works.
        told = f"{settings.embedding_model} (không phải thư mục trên máy; phải có sẵn trong bộ nhớ đệm của thư viện)"
        yield Check("Mô hình nhúng", True, True, told)
        return
    try:
        embedder = load_embedder(settings.embedding_model or None)
        yield Check("Mô hình nhúng", True, True, f"{embedder.name}, {embedder.dimension} chiều")
    except BadSettings as error:
        yield Check("Mô hình nhúng", False, True, str(error))


def _documents(settings: Settings) -> Iterator[Check]:
    folder = settings.documents_dir.absolute()
    if not folder.is_dir():
        yield Check("Thư mục văn bản", False, False, f"{folder} chưa có; tạo thư mục này và bỏ văn bản vào để nạp")
        return
    if not os.access(folder, os.R_OK | os.X_OK):
        yield Check("Thư mục văn bản", False, False, f"{folder} không đọc được; hãy sửa quyền")
        return
    count = sum(path.is_file() for path in folder.rglob("*"))
    yield Check("Thư mục văn bản", True, False, f"{folder}, {count} tệp")


def _chat(settings: Settings) -> Iterator[Check]:
    if not settings.chat_model:
        yield Check("Mô hình ngôn ngữ", True, False, "không dùng; câu trả lời trích từ sổ tay")
        return
    provider = settings.chat_model.partition(":")[0]
    bases = {"ollama": "http://localhost:11434", "openai": "https://api.openai.com/v1"}
    base = settings.chat_base_url or bases.get(provider, "")
    if not base:
        told = f"{settings.chat_model}; chưa thử kết nối, câu hỏi đầu tiên sẽ cho biết"
        yield Check("Mô hình ngôn ngữ", True, False, told)
        return
    shown = urlsplit(base)._replace(netloc=urlsplit(base).netloc.rpartition("@")[2]).geturl()
    if fault := _reach(base):
        told = f"{settings.chat_model}: không tới được {shown} ({fault}); khi đó câu trả lời vẫn được trích từ sổ tay"
        yield Check("Mô hình ngôn ngữ", False, False, told)
        return
    yield Check("Mô hình ngôn ngữ", True, False, f"{settings.chat_model}, tới được {shown}")


def _telegram(settings: Settings) -> Iterator[Check]:
    token = settings.telegram_token.get_secret_value()
    if not token:
        yield Check("Telegram", True, False, "không dùng; đặt SOTAY_TELEGRAM_TOKEN để chạy bot")
        return
    if not _TOKEN.fullmatch(token):
        told = "SOTAY_TELEGRAM_TOKEN không đúng dạng 123456789:AA…; hãy chép lại cả dòng từ @BotFather"
        yield Check("Telegram", False, False, told)
        return
    import httpx

    try:
        # No proxy of the environment, no log: the address holds the token.
        response = httpx.get(f"{settings.telegram_api_url}/bot{token}/getMe", timeout=_SECONDS)
        answer = response.json()
    except (httpx.HTTPError, ValueError) as error:
        told = f"không tới được {settings.telegram_api_url} ({type(error).__name__}); bot sẽ tự thử lại"
        yield Check("Telegram", False, False, told)
        return
    if answer.get("ok"):
        yield Check("Telegram", True, False, f"bot @{answer['result'].get('username')}")
    else:
        yield Check("Telegram", False, False, f"Telegram không nhận mã này: {answer.get('description')}")


def _unknown(settings: Settings) -> Iterator[Check]:
    known = {f"SOTAY_{name.upper()}" for name in type(settings).model_fields}
    strange = sorted(name for name in os.environ if name.startswith("SOTAY_") and name not in known)
    if strange:
        yield Check("Thiết lập lạ", False, False, f"{', '.join(strange)} không có tác dụng; hãy xem lại chính tả")


def _packages(_: Settings) -> Iterator[Check]:
    tesseract = programs.find("tesseract")
    if tesseract is None:
        yield Check("Tesseract", False, False, f"chưa cài. {programs.TESSERACT}")
    elif programs.tesseract() is None:
        yield Check("Tesseract", False, False, f"{tesseract} thiếu dữ liệu tiếng Việt. {programs.TESSERACT}")
    else:
        yield Check("Tesseract", True, False, f"{tesseract}, đọc được bản quét và ảnh tiếng Việt")
    if office := programs.office():
        yield Check("LibreOffice", True, False, f"{office}, đọc được Word đời cũ (.doc, .rtf)")
    elif antiword := programs.find("antiword"):
        yield Check("LibreOffice", False, False, f"chưa cài, đọc tạm .doc bằng {antiword}. {programs.OFFICE}")
    else:
        yield Check("LibreOffice", False, False, f"chưa cài. {programs.OFFICE}")


def _reach(url: str) -> str:
    """Why nothing answers at a URL, or an empty string; any answer counts, also a refusal."""
    import httpx

    try:
        httpx.get(url, timeout=_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return type(error).__name__
    return ""


def _installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True
