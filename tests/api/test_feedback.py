"""What people think of answers, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient


def answer_id(client: TestClient) -> str:
    found: str = client.post("/v1/ask", json={"question": "Hồ sơ OCOP gồm những gì?"}).json()["id"]
    return found


def test_a_rating_is_kept_and_the_last_one_counts(client: TestClient, small_house: Any) -> None:
    rated = answer_id(client)
    before = small_house.assistant.records.counts()
    for useful in (True, False):
        given = {"answer_id": rated, "useful": useful, "reason": "Thiếu ý", "comment": "Gọi tôi số 0912345678"}
        response = client.post("/v1/feedback", json=given)
        assert (response.status_code, response.content) == (204, b"")
    after = small_house.assistant.records.counts()
    assert after.get("not useful", 0) == before.get("not useful", 0) + 1
    assert after.get("useful", 0) == before.get("useful", 0)


def test_an_unknown_answer_cannot_be_rated(client: TestClient) -> None:
    response = client.post("/v1/feedback", json={"answer_id": "f" * 32, "useful": True})
    assert response.status_code == 404
    assert not response.json()["detail"].isascii()


@pytest.mark.parametrize(
    "given",
    [{}, {"answer_id": "a"}, {"answer_id": "", "useful": True}, {"answer_id": "a", "useful": "có lẽ"},
     {"answer_id": "a", "useful": True, "comment": "x" * 2001}, {"answer_id": "a", "useful": True, "comment": "\x00"}],
)  # fmt: skip
def test_a_malformed_rating_is_refused(client: TestClient, given: dict[str, Any]) -> None:
    response = client.post("/v1/feedback", json=given)
    assert response.status_code == 422
    assert not response.json()["detail"].isascii()
