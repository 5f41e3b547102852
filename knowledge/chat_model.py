"""The chat model behind LangChain: opened from settings, streamed under explicit limits of time, cancelled for good."""

from __future__ import annotations

import asyncio
import os
import re
import threading
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from knowledge.errors import BadSettings
from knowledge.settings import Settings

# Answers hold what officers ask; nothing of them goes to a tracing service, whatever the environment says.
for _name in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"):
    os.environ[_name] = "false"

_CONNECT, _BETWEEN = 10.0, 20.0
_LONGEST = 12_000  # characters; an answer is a few hundred
_DONE = frozenset(("stop", "end_turn", "STOP", "eos", "stop_sequence"))


class Failed(Exception):
    """The model gave no answer that can be used; the message completes "Mô hình ngôn ngữ …"."""


@dataclass(frozen=True)
class Limits:
    """Seconds to wait: for the connection, the first words, between words, and for the whole answer."""

    connect: float
    first: float
    between: float
    total: float

    @classmethod
    def of(cls, total: float) -> Limits:
        """The limits that go with the total from the settings."""
        return cls(min(_CONNECT, total), total * 0.7, min(_BETWEEN, total / 2), total)


def open_model(settings: Settings, limits: Limits) -> Any:
    """The chat model that the settings name; BadSettings in Vietnamese where it cannot be had."""
    name, base_url, key = settings.chat_model, settings.chat_base_url, settings.chat_api_key.get_secret_value()
    provider = name.split(":", 1)[0] if re.match(r"[a-z_]+:", name) else ""
    if not provider and base_url:
        provider, name = "openai", f"openai:{name}"
    options: dict[str, Any] = {}
    if base_url:
        options["base_url"] = base_url
    if provider == "ollama":
        options |= {"temperature": 0, "client_kwargs": {"timeout": limits.total}}
    else:
        options |= {"timeout": limits.total, "max_retries": 0}
        if key or base_url:
            options["api_key"] = key or "khong-can"
    if provider == "openai" and base_url:
        options |= {"temperature": 0, "stream_usage": False, "use_responses_api": False}
    try:
        from langchain.chat_models import init_chat_model

        return init_chat_model(name, **options)
    except ImportError as error:
        package = re.search(r"pip install ([\w-]+)", str(error))
        missing = package[1] if package else error.name
        raise BadSettings(
            f"SOTAY_CHAT_MODEL={settings.chat_model} cần gói {missing}. Hãy cài: pip install {missing} "
            "(hoặc pip install 'sotay[chat]')."
        ) from None
    except Exception as error:
        raise BadSettings(
            f"Không mở được mô hình SOTAY_CHAT_MODEL={settings.chat_model}: {reason(error)}. "
            "Hãy ghi dạng `nhà_cung_cấp:tên_mô_hình` (ví dụ `ollama:qwen3`, `openai:gpt-4.1-mini`), "
            "đặt SOTAY_CHAT_API_KEY nếu dịch vụ đòi khóa, SOTAY_CHAT_BASE_URL nếu là máy chủ tương thích OpenAI."
        ) from None


async def stream_of(model: Any, prompt: list[tuple[str, str]], limits: Limits) -> AsyncIterator[str]:
    """The text of an answer, piece by piece; raises Failed when it stalls, breaks off or refuses."""
    stream = model.astream(prompt, config={"callbacks": []})
    finish, length, started = "", 0, False
    try:
        async with asyncio.timeout(limits.total):
            while True:
                try:
                    wait = limits.between if started else limits.first
                    async with asyncio.timeout(wait):
                        chunk = await anext(stream)
                except StopAsyncIteration:
                    break
                text = chunk.text if isinstance(chunk.text, str) else chunk.text()
                if chunk.additional_kwargs.get("refusal"):
                    raise Failed("từ chối trả lời")
                meta = chunk.response_metadata
                finish = str(meta.get("finish_reason") or meta.get("stop_reason") or meta.get("done_reason") or finish)
                if text:
                    started = True
                    length += len(text)
                    if length > _LONGEST:
                        raise Failed("viết quá dài")
                    yield text
    except TimeoutError:
        raise Failed("trả lời quá lâu") from None
    finally:
        close = getattr(stream, "aclose", None)
        if close is not None:
            await close()
    if finish in ("content_filter", "refusal", "SAFETY"):
        raise Failed("từ chối trả lời")
    if finish not in _DONE:
        raise Failed("ngừng giữa chừng")


def why(error: Exception) -> str:
    """A failure of the library in words that complete "Mô hình ngôn ngữ …"."""
    status = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)
    name = type(error).__name__
    if status == 429:
        return "đang quá tải (429)"
    if status:
        return f"báo lỗi {status}"
    if "Timeout" in name:
        return "trả lời quá lâu"
    if "Connect" in name or isinstance(error, OSError):
        return "không kết nối được"
    return "trả lời sai định dạng"


def reason(error: Exception) -> str:
    """A failure in one line, for the log."""
    return f"{type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else ''}"


class Loop:
    """One event loop in a thread of its own, started at the first request: only there can a request be cancelled."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self, work: Coroutine[Any, Any, None]) -> Callable[[], object]:
        """Run a coroutine beside the caller; what is returned ends it, whatever it is waiting for."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="sotay-chat", daemon=True).start()
            loop = self._loop
        begun = asyncio.run_coroutine_threadsafe(_begin(work), loop)
        return lambda: asyncio.run_coroutine_threadsafe(_end(begun.result()), loop)


async def _begin(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    return asyncio.create_task(work)


async def _end(task: asyncio.Task[None]) -> None:
    """Cancel until it is heeded: libraries that use `wait_for` lose a cancellation now and then (Python 3.11)."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=0.1)
