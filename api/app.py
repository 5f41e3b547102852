"""The web application: every router in one list, errors told once, in Vietnamese."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import ask, documents, feedback, health, internal, localities, passages, register
from api.deps import House
from knowledge.errors import BadInput, SotayError

WEB = Path(__file__).parent / "web"
# A question of 50,000 characters is too long, but it must arrive to be told so: up to 6 bytes each as JSON escapes.
MAX_BODY = 1024 * 1024
ROUTERS = (
    ask.router,
    passages.router,
    localities.router,
    feedback.router,
    documents.router,
    register.router,
    health.router,
    internal.router,
)
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(house: House, *, lifespan: Any = None) -> FastAPI:
    """The application over what has been opened."""
    app = FastAPI(
        title="Sổ tay",
        description="Hỏi đáp có trích dẫn về nông thôn mới và OCOP.",
        lifespan=lifespan,
        docs_url=None,  # FastAPI's own page loads scripts from elsewhere, which an office without Internet lacks
        redoc_url=None,
    )
    app.state.house = house
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(SotayError, _told)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)
    app.add_middleware(_Edge)

    @app.get("/", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(WEB / "index.html")

    @app.get("/docs", include_in_schema=False)
    async def docs() -> FileResponse:
        return FileResponse(WEB / "docs.html")

    app.mount("/web", StaticFiles(directory=WEB), name="web")
    return app


class _Edge:
    """Adds the security headers and ends over-large bodies; plain ASGI, so that streams pass through untouched.

    The body is counted here and not by the framework, which would answer in English and without these headers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        received = 0
        upload = scope["type"] == "http" and scope["method"] == "POST" and scope["path"] == documents.PATH

        async def receive_within_limit() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > (documents.MAX_BODY if upload else MAX_BODY):
                raise HTTPException(413, documents.TOO_LARGE if upload else None)
            return message

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                # Answers may hold what a person typed; the page itself is asked for anew after an upgrade.
                headers.setdefault("Cache-Control", "no-store" if scope["path"].startswith("/v1/") else "no-cache")
            await send(message)

        await self.app(scope, receive_within_limit, send_with_headers)


# What people see of a field's name; a field that is not here is named as it is.
_FIELDS = {"question": "câu hỏi", "q": "câu hỏi", "history": "các câu hỏi trước", "comment": "góp ý", "reason": "lý do"}


def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    fault = error.errors()[0] if error.errors() else {"loc": (), "type": ""}
    names = [str(part) for part in fault["loc"] if isinstance(part, str) and part not in ("body", "query", "path")]
    name = _FIELDS.get(names[0], names[0]) if names else "nội dung"
    kind = fault["type"]
    if kind == "json_invalid":
        detail = "Nội dung gửi lên không phải JSON hợp lệ."
    elif kind == "missing":
        detail = f"Thiếu trường «{name}»." if names else "Thiếu nội dung: hãy gửi JSON có trường «question»."
    elif kind in ("string_too_long", "too_long"):
        detail = f"Trường «{name}» quá dài."
    elif kind in ("string_type", "string_unicode", "not_text"):
        detail = f"Trường «{name}» phải là văn bản."
    else:
        detail = f"Trường «{name}» chưa đúng."
    return JSONResponse({"detail": detail}, 422)


def _told(_request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, 422 if isinstance(error, BadInput) else 503)


# Statuses that the framework tells in English.
_HTTP_WORDS = {
    400: "Nội dung gửi lên không đọc được: hãy gửi JSON, mã hóa UTF-8.",
    404: "Không có trang này.",
    405: "Cách gọi này không được hỗ trợ.",
    413: "Nội dung gửi lên quá lớn (giới hạn 1 MB).",
}


def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    detail = _HTTP_WORDS.get(error.status_code, error.detail) if error.detail.isascii() else error.detail
    # An unreadable body is one more kind of malformed question.
    status = 422 if error.status_code == 400 else error.status_code
    return JSONResponse({"detail": detail}, status, headers=error.headers)


def _unexpected(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "Sổ tay gặp lỗi ngoài dự kiến. Vui lòng thử lại sau."}, 500, headers=_HEADERS)
