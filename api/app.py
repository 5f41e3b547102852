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

from api import ask, feedback, health, internal, passages
from api.deps import House
from knowledge.errors import BadInput, SotayError

WEB = Path(__file__).parent / "web"
MAX_BODY = 64 * 1024
ROUTERS = (ask.router, passages.router, feedback.router, health.router, internal.router)
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def create_app(house: House, *, lifespan: Any = None) -> FastAPI:
    """The application over what has been opened."""
    app = FastAPI(
        title="Sổ tay",
        description="Hỏi đáp có trích dẫn về nông thôn mới và OCOP.",
        lifespan=lifespan,
        max_body_size=MAX_BODY,
    )
    app.state.house = house
    for router in ROUTERS:
        app.include_router(router)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(SotayError, _told)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)
    app.add_middleware(_SecureHeaders)

    @app.get("/", include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(WEB / "index.html")

    app.mount("/web", StaticFiles(directory=WEB), name="web")
    return app


class _SecureHeaders:
    """Adds the security headers; a plain ASGI wrapper, so that streams pass through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        docs = scope["type"] == "http" and scope["path"].startswith(("/docs", "/redoc"))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    if not (docs and name == "Content-Security-Policy"):  # the docs page loads its own scripts
                        headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    fault = error.errors()[0] if error.errors() else {"loc": (), "type": ""}
    name = str(fault["loc"][-1]) if fault["loc"] else "nội dung"
    if fault["type"] == "json_invalid":
        detail = "Nội dung gửi lên không phải JSON hợp lệ."
    elif fault["type"] == "missing":
        detail = f"Thiếu trường «{name}»."
    else:
        detail = f"Trường «{name}» chưa đúng kiểu hoặc quá dài."
    return JSONResponse({"detail": detail}, 422)


def _told(_request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, 422 if isinstance(error, BadInput) else 409)


_HTTP_WORDS = {404: "Không có trang này.", 405: "Cách gọi này không được hỗ trợ.", 413: "Nội dung gửi lên quá lớn."}


def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    english = error.detail in ("Not Found", "Method Not Allowed") or error.status_code == 413
    detail = _HTTP_WORDS.get(error.status_code, error.detail) if english else error.detail
    return JSONResponse({"detail": detail}, error.status_code, headers=error.headers)


def _unexpected(_request: Request, _error: Exception) -> JSONResponse:
    return JSONResponse({"detail": "Sổ tay gặp lỗi ngoài dự kiến. Vui lòng thử lại sau."}, 500)
