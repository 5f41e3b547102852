"""A chat model on loopback in OpenAI's own protocol: it tells the truth, lies, obeys anyone, stalls or breaks off.

    with ChatServer() as server:
        server.script = Answer("Sản phẩm 4 sao từ 70 đến dưới 90 điểm [1].")

Standard library only; what it was asked is in `requests`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What the model does with a request.

    `text` (or what the function makes of the whole prompt) is streamed in small pieces. `stall` waits for the server's
    end before the first piece ("before") or after a few ("middle"); `cut` ends the connection there; `finish` is the
    reason given at the end; `status` answers with an error, `garbage` with a stream that is no JSON.
    """

    text: str | Callable[[str], str] = ""
    stall: str = ""
    cut: bool = False
    finish: str | None = "stop"
    status: int = 200
    garbage: str = ""
    refusal: str = ""


class ChatServer:
    """Serves `script` until it is closed; `base_url` goes into SOTAY_CHAT_BASE_URL."""

    def __init__(self) -> None:
        self.script = Answer()
        self.requests: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.broken_off = threading.Event()  # a reader went away while we were answering
        self.closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def base_url(self) -> str:
        """The address, as OpenAI-compatible services give it."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> ChatServer:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


def prompt_of(request: dict[str, Any]) -> str:
    """Everything that the model was told."""
    return "\n".join(str(message["content"]) for message in request["messages"])


def _pieces(text: str) -> Iterator[str]:
    for start in range(0, len(text), 7):
        yield text[start : start + 7]


def _handler(server: ChatServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_args: object) -> None:
            pass

        def do_GET(self) -> None:
            server.paths.append(self.path)
            self._plain(404, {"error": {"message": "no such page"}})

        def do_POST(self) -> None:
            server.paths.append(self.path)
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
            server.requests.append(body)
            script = server.script
            if script.status != 200:
                self._plain(script.status, {"error": {"message": "quá tải", "type": "server_error"}})
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            try:
                self._stream(script, body)
            except OSError:
                server.broken_off.set()

        def _plain(self, status: int, data: object) -> None:
            raw = json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def _stream(self, script: Answer, body: dict[str, Any]) -> None:
            if script.stall == "before":
                self._wait()
            if script.garbage:
                self.wfile.write(f"data: {script.garbage}\n\n".encode())
                return
            text = script.text if isinstance(script.text, str) else script.text(prompt_of(body))
            self._send({"role": "assistant", "content": ""})
            if script.refusal:
                self._send({"refusal": script.refusal})
            for n, piece in enumerate(_pieces(text)):
                if script.stall == "middle" and n == max(2, len(text) // 14):
                    self._wait()
                if script.cut and n == max(2, len(text) // 14):
                    return
                self._send({"content": piece})
            self._send({}, finish=script.finish)
            self.wfile.write(b"data: [DONE]\n\n")

        def _send(self, delta: dict[str, str], finish: str | None = None) -> None:
            chunk = {
                "id": "chatcmpl-1",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": "gia-lap",
                "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
            }
            self.wfile.write(f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode())
            self.wfile.flush()

        def _wait(self) -> None:
            """Send nothing until the server closes; notice a reader who leaves."""
            while not server.closing.wait(0.05):
                self.wfile.write(b": \n\n")
                self.wfile.flush()

    return Handler
