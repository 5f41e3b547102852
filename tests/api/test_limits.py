"""What protects the service: body size, rates, places, secrets, headers."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import MAX_BODY, create_app

QUESTION = {"question": "Hồ sơ OCOP gồm những gì?"}


def statuses(client: TestClient, *headers: dict[str, str], path: str = "/v1/ask") -> list[int]:
    return [client.post(path, json=QUESTION, headers=each).status_code for each in headers]


# -- body --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/ask/stream", "/v1/feedback"])
@pytest.mark.parametrize("chunked", [False, True])
def test_an_over_large_body_is_413_told_or_chunked(client: TestClient, path: str, chunked: bool) -> None:
    body = b'{"question": "' + b"x" * MAX_BODY + b'"}'

    def parts() -> Iterator[bytes]:
        for start in range(0, len(body), 65536):
            yield body[start : start + 65536]

    response = client.post(path, content=parts() if chunked else body, headers={"content-type": "application/json"})
    assert response.status_code == 413
    assert "quá lớn" in response.json()["detail"]


# -- rate --------------------------------------------------------------------------------------------------------------


def test_asking_too_fast_is_429_with_the_seconds_to_wait(house_with: Callable[..., Any]) -> None:
    with TestClient(create_app(house_with(rate_limit="3/minute"))) as client:
        assert statuses(client, {}, {}, {}) == [200, 200, 200]
        for path in ("/v1/ask", "/v1/ask/stream"):
            refused = client.post(path, json=QUESTION)
            assert refused.status_code == 429
            assert 1 <= int(refused.headers["retry-after"]) <= 60
            assert "đợi" in refused.json()["detail"]
        assert client.get("/v1/search", params={"q": "OCOP"}).status_code == 429
        assert client.get("/v1/health/live").status_code == 200


def test_forwarded_for_from_a_stranger_does_not_get_round_the_limit(house_with: Callable[..., Any]) -> None:
    rotating = [
        {"x-forwarded-for": f"10.0.0.{n}", "x-real-ip": f"10.1.0.{n}", "forwarded": f"for={n}"} for n in range(9)
    ]
    with TestClient(create_app(house_with(rate_limit="3/minute")), client=("203.0.113.9", 1)) as client:
        assert statuses(client, *rotating) == [200] * 3 + [429] * 6


def test_a_trusted_proxy_is_believed_for_the_address_nearest_to_it(house_with: Callable[..., Any]) -> None:
    house = house_with(rate_limit="2/minute", trusted_proxies=["192.0.2.0/24"])
    with TestClient(create_app(house), client=("192.0.2.1", 1)) as client:
        # The left end is the caller's own invention; a second trusted hop is passed over.
        spoofed = [{"x-forwarded-for": f"10.0.0.{n}, 198.51.100.7, 192.0.2.2"} for n in range(4)]
        assert statuses(client, *spoofed) == [200, 200, 429, 429]
        assert statuses(client, {"x-forwarded-for": "198.51.100.8"}) == [200]


def test_several_forwarded_for_lines_are_read_as_one(house_with: Callable[..., Any]) -> None:
    house = house_with(rate_limit="2/minute", trusted_proxies=["192.0.2.1"])
    with TestClient(create_app(house), client=("192.0.2.1", 1)) as client:
        found = []
        for n in range(4):
            lines = [("x-forwarded-for", f"10.0.0.{n}"), ("x-forwarded-for", "198.51.100.7")]
            found.append(client.post("/v1/ask", json=QUESTION, headers=lines).status_code)
        assert found == [200, 200, 429, 429]


def test_garbage_behind_a_trusted_proxy_counts_as_the_proxy(house_with: Callable[..., Any]) -> None:
    house = house_with(rate_limit="2/minute", trusted_proxies=["192.0.2.1"])
    with TestClient(create_app(house), client=("192.0.2.1", 1)) as client:
        assert statuses(client, *({"x-forwarded-for": f"x{n}"} for n in range(3))) == [200, 200, 429]


def test_one_network_of_ipv6_shares_one_limit(house_with: Callable[..., Any]) -> None:
    app = create_app(house_with(rate_limit="2/minute"))
    found = []
    for n in range(3):
        with TestClient(app, client=(f"2001:db8::{n}", 1)) as client:
            found += statuses(client, {})
    assert found == [200, 200, 429]


def test_this_machines_own_commands_are_not_limited(house_with: Callable[..., Any]) -> None:
    house = house_with(rate_limit="1/minute")
    with TestClient(create_app(house)) as client:
        assert statuses(client, *[{"x-sotay-secret": house.secret}] * 3) == [200] * 3
        assert statuses(client, *[{"x-sotay-secret": "wrong"}] * 2) == [200, 429]


# -- places ------------------------------------------------------------------------------------------------------------


class Waiting:
    """A composer that starts, and answers when it is let."""

    name = "waiting"

    def __init__(self, then: Any) -> None:
        self.then = then
        self.started = threading.Event()
        self.let = threading.Event()

    def compose(self, found: Any) -> Iterator[Any]:
        self.started.set()
        assert self.let.wait(20)
        yield from self.then.compose(found)


def test_when_every_place_is_taken_the_next_caller_is_told_to_wait(house_with: Callable[..., Any]) -> None:
    house = house_with()
    house.in_flight = asyncio.BoundedSemaphore(1)
    composer = house.assistant.composer = Waiting(house.assistant.extractive)
    with TestClient(create_app(house)) as client:
        first: list[int] = []
        caller = threading.Thread(target=lambda: first.extend(statuses(client, {})))
        caller.start()
        assert composer.started.wait(10)
        for path in ("/v1/ask", "/v1/ask/stream"):
            refused = client.post(path, json=QUESTION)
            assert refused.status_code == 503
            assert int(refused.headers["retry-after"]) >= 1
            assert "bận" in refused.json()["detail"]
        assert client.get("/v1/health/live").status_code == 200
        composer.let.set()
        caller.join(10)
        assert first == [200]
        assert statuses(client, {}, path="/v1/ask/stream") == [200]
        assert statuses(client, {}) == [200]


def test_a_refused_question_gives_its_place_back(house_with: Callable[..., Any]) -> None:
    house = house_with()
    house.in_flight = asyncio.BoundedSemaphore(1)
    with TestClient(create_app(house)) as client:
        for _ in range(3):
            assert client.post("/v1/ask", json={"question": " "}).status_code == 422
            assert client.post("/v1/ask/stream", json={"question": " "}).status_code == 422
        assert statuses(client, {}) == [200]


def test_a_composer_that_fails_is_an_apology_and_not_a_500(house_with: Callable[..., Any]) -> None:
    class Broken:
        name = "broken"

        def compose(self, found: Any) -> Iterator[Any]:
            raise RuntimeError("secret detail")

    house = house_with()
    house.assistant.composer = Broken()
    with TestClient(create_app(house)) as client:
        answer = client.post("/v1/ask", json=QUESTION)
        assert answer.status_code == 200
        assert answer.json()["status"] == "abstained"
        assert "secret" not in answer.text


# -- secrets and headers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("secret", [None, "", "wrong", "đúng"])
def test_internal_routes_are_not_there_without_the_secret(client: TestClient, secret: str | None) -> None:
    headers = {} if secret is None else {b"x-sotay-secret": secret.encode()}
    assert client.get("/internal/passages", params={"path": "/etc/passwd"}, headers=headers).status_code == 404
    assert client.post("/internal/ingest", json={"paths": ["/etc"]}, headers=headers).status_code == 404


def test_internal_routes_stay_closed_where_no_secret_is_set(house_with: Callable[..., Any]) -> None:
    house = house_with()
    house.secret = ""
    with TestClient(create_app(house)) as client:
        assert (
            client.get("/internal/passages", params={"path": "/x"}, headers={"x-sotay-secret": ""}).status_code == 404
        )


@pytest.mark.parametrize("path", ["/", "/docs", "/web/app.js", "/v1/health/live", "/v1/passages/none", "/nowhere"])
def test_every_response_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert "server" not in headers


def test_answers_are_not_cached_and_the_page_is_asked_for_anew(client: TestClient) -> None:
    assert client.post("/v1/ask", json=QUESTION).headers["cache-control"] == "no-store"
    assert client.get("/web/app.js").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["/web/../app.py", "/web/%2e%2e/app.py", "/web/..%2f..%2fpyproject.toml", "/web//etc/passwd"]
)
def test_only_the_pages_own_files_are_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_another_origin_gets_no_permission(client: TestClient) -> None:
    response = client.post("/v1/ask", json=QUESTION, headers={"origin": "https://example.org"})
    assert "access-control-allow-origin" not in response.headers


# -- health and docs ---------------------------------------------------------------------------------------------------


def test_ready_says_what_is_loaded(client: TestClient) -> None:
    response = client.get("/v1/health/ready")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ready", "doing": "", "passages": 8, "faults": [], "bot": {"status": "off"},
    }  # fmt: skip


def test_not_ready_while_documents_are_read_in_but_alive(house_with: Callable[..., Any]) -> None:
    house = house_with()
    house.building = "đang nạp"
    with TestClient(create_app(house)) as client:
        assert client.get("/v1/health/ready").status_code == 503
        assert client.get("/v1/health/live").status_code == 200
        assert statuses(client, {}) == [200]


def test_the_docs_need_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert "//" not in page.text.replace("<!doctype html>", "")
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/v1/ask", "/v1/ask/stream", "/v1/search", "/v1/passages/{passage_id}", "/v1/feedback"} <= set(paths)
    assert not any(path.startswith("/internal") for path in paths)
