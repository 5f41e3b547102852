"""A real server process: starting beside another, stopping with streams open, callers that hang up."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from server import Server, run

QUESTION = {"question": "Hồ sơ đề nghị đánh giá sản phẩm OCOP gồm những gì?"}


def until(true: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether it came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def ready(server: Server) -> bool:
    """Whether the index was audited in time; a stop before that waits for the audit."""
    return until(lambda: httpx.get(f"{server.url}/v1/health/ready").status_code == 200, 60)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that answers quickly, shared by the tests that leave it running."""
    with Server(tmp_path_factory.mktemp("serve") / "data") as running:
        yield running


def test_a_started_server_becomes_ready_and_answers(server: Server) -> None:
    assert ready(server)
    assert httpx.post(f"{server.url}/v1/ask", json=QUESTION).json()["status"] == "answered"
    assert "Sổ tay" in httpx.get(server.url).text


def test_forwarded_for_from_loopback_is_not_believed(tmp_path: Path) -> None:
    # uvicorn by default takes the word of every caller from 127.0.0.1.
    with Server(tmp_path / "data", SOTAY_RATE_LIMIT="2/minute") as server:
        found = [
            httpx.post(f"{server.url}/v1/ask", json=QUESTION, headers={"x-forwarded-for": f"10.0.0.{n}"}).status_code
            for n in range(4)
        ]
    assert found == [200, 200, 429, 429]


def test_a_second_owner_ends_and_names_the_first(server: Server) -> None:
    second = run(server.data, "serve", "--port", "0")
    assert second.returncode == 4
    assert str(server.process.pid) in second.stderr
    assert server.url.rsplit(":", 1)[1] in second.stderr
    assert "Traceback" not in second.stderr


def test_a_command_beside_the_server_asks_it(server: Server) -> None:
    answered = run(server.data, "ask", QUESTION["question"])
    assert answered.returncode == 0, answered.stderr
    assert "Đơn đề nghị đánh giá" in answered.stdout


def test_a_port_in_use_is_told_in_vietnamese(server: Server, tmp_path: Path) -> None:
    port = server.url.rsplit(":", 1)[1]
    refused = run(tmp_path / "data", "serve", "--port", port)
    assert refused.returncode == 1
    assert port in refused.stderr
    assert "chương trình khác" in refused.stderr
    assert "Traceback" not in refused.stderr
    # The folder is free again for the next try.
    assert run(tmp_path / "data", "ask", QUESTION["question"]).returncode == 0


def test_an_address_that_is_not_ours_is_told_in_vietnamese(tmp_path: Path) -> None:
    refused = run(tmp_path / "data", "serve", "--host", "203.0.113.1", "--port", "0")
    assert refused.returncode == 1
    assert "203.0.113.1" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_sigterm_with_open_streams_ends_within_five_seconds_and_frees_the_folder(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with Server(data, SMALL_PAUSE="3") as server:
        assert ready(server)
        streams = [_open_stream(server) for _ in range(20)]
        status, took = server.stop(10)
        for stream in streams:
            stream.close()
        assert took <= 5
        assert status == 0
        assert "Traceback" not in server.process.communicate()[1]
    with Server(data) as again:
        assert httpx.post(f"{again.url}/v1/ask", json=QUESTION).status_code == 200


def test_ctrl_c_ends_with_a_word_and_no_traceback(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        assert ready(server)
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(60) in (0, 130)
        assert "Traceback" not in server.process.communicate()[1]


def test_callers_that_hang_up_mid_stream_give_their_places_back(tmp_path: Path) -> None:
    with Server(tmp_path / "data", SMALL_PAUSE="2") as server:
        streams = [_open_stream(server) for _ in range(32)]  # every place there is
        assert httpx.post(f"{server.url}/v1/ask", json=QUESTION).status_code == 503
        assert httpx.get(f"{server.url}/v1/health/live", timeout=20).status_code == 200
        for stream in streams:
            stream.close()
        assert until(lambda: httpx.post(f"{server.url}/v1/ask", json=QUESTION, timeout=20).status_code == 200, 60)


def _open_stream(server: Server) -> socket.socket:
    """A stream of which the first bytes have come."""
    host, port = server.url.removeprefix("http://").split(":")
    opened = socket.create_connection((host, int(port)), timeout=10)
    body = json.dumps(QUESTION).encode()
    head = f"POST /v1/ask/stream HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n"
    opened.sendall(f"{head}Content-Type: application/json\r\n\r\n".encode() + body)
    assert b"200 OK" in opened.recv(4096)
    return opened
