"""HTTP/1.1 for the Bot API server of the tests: requests read, answers written, bodies of every kind decoded.

Standard library only, so that the server starts in milliseconds and its connections can be cut at any byte.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

MAX_BODY = 60 * 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A file that came in a multipart body."""

    name: str
    data: bytes
    media_type: str = ""


@dataclass
class Request:
    """One HTTP request, its query and body already decoded into `params`."""

    method: str
    path: str
    headers: dict[str, str]
    params: dict[str, Any] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Reply:
    """One HTTP answer. `cut`: write only so many bytes of it, then close the connection."""

    status: int = 200
    body: bytes = b""
    media_type: str = "application/json"
    cut: int | None = None


_REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Payload Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection, or None at its end."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    first, *rest = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = {k.strip().lower(): v.strip() for k, v in (line.split(":", 1) for line in rest if ":" in line)}
    body = await _read_body(reader, headers)
    if body is None:
        return None
    parts = urlsplit(target)
    request = Request(method, unquote(parts.path), headers, dict(parse_qsl(parts.query)), body=body)
    _decode(request)
    return request


async def _read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes | None:
    try:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            chunks = []
            while size := int((await reader.readline()).split(b";")[0], 16):
                chunks.append(await reader.readexactly(size))
                await reader.readline()
            await reader.readline()
            return b"".join(chunks)
        length = int(headers.get("content-length", "0"))
        return await reader.readexactly(length) if 0 < length <= MAX_BODY else b""
    except (asyncio.IncompleteReadError, ConnectionError, ValueError):
        return None


def _decode(request: Request) -> None:
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        value = json.loads(request.body or b"{}")
        request.params |= value if isinstance(value, dict) else {}
    elif kind.startswith("application/x-www-form-urlencoded"):
        request.params |= dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    elif kind.startswith("multipart/form-data"):
        whole = b"Content-Type: " + kind.encode() + b"\r\n\r\n" + request.body
        for part in BytesParser(policy=HTTP).parsebytes(whole).iter_parts():
            name = str(part.get_param("name", header="content-disposition"))
            data = part.get_payload(decode=True) or b""
            assert isinstance(data, bytes)
            if (filename := part.get_filename()) is not None:
                request.files[name] = Upload(filename, data, part.get_content_type())
            else:
                request.params[name] = data.decode()


async def write_reply(writer: asyncio.StreamWriter, reply: Reply) -> bool:
    """Write an answer; False when the connection is over."""
    head = (
        f"HTTP/1.1 {reply.status} {_REASONS.get(reply.status, 'Status')}\r\nContent-Type: {reply.media_type}\r\n"
        f"Content-Length: {len(reply.body)}\r\nConnection: keep-alive\r\n\r\n"
    ).encode()
    raw = head + reply.body
    try:
        writer.write(raw if reply.cut is None else raw[: reply.cut])
        await writer.drain()
    except ConnectionError:
        return False
    return reply.cut is None


async def post_json(url: str, value: Any, headers: dict[str, str], *, timeout: float = 10.0) -> int:
    """Send JSON to a plain-HTTP address; the status, or 0 when nothing answered."""
    parts = urlsplit(url)
    body = json.dumps(value).encode()
    extra = "".join(f"{key}: {text}\r\n" for key, text in headers.items())
    head = (
        f"POST {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n{extra}\r\n"
    ).encode()
    try:
        async with asyncio.timeout(timeout):
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
            writer.write(head + body)
            await writer.drain()
            status = int((await reader.readline()).split()[1])
            writer.close()
            return status
    except (OSError, TimeoutError, IndexError, ValueError):
        return 0
