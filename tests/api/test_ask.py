"""`/v1/ask` and its stream: one test for each outcome that a caller can see."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from fastapi.testclient import TestClient

DOSSIER = "Hồ sơ đề nghị đánh giá sản phẩm OCOP gồm những gì?"
WHO = "Cấp nào công nhận sản phẩm OCOP 3 sao?"


def ask(client: TestClient, question: Any, **more: Any) -> dict[str, Any]:
    response = client.post("/v1/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def told(client: TestClient, **sent: Any) -> str:
    """The Vietnamese message of a 422."""
    response = client.post("/v1/ask", **sent)
    assert response.status_code == 422, response.text
    detail: str = response.json()["detail"]
    assert any(ord(letter) > 127 for letter in detail), f"not Vietnamese: {detail}"
    return detail


def events(text: str) -> list[tuple[str, Any]]:
    """The events of a stream, by the rules of server-sent events."""
    found = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line for line in block.split("\n") if line and not line.startswith(":")]
        if lines:
            name = next(line[7:] for line in lines if line.startswith("event: "))
            found.append((name, json.loads("".join(line[6:] for line in lines if line.startswith("data: ")))))
    return found


# -- answers -----------------------------------------------------------------------------------------------------------


def test_an_answer_has_every_field_of_the_contract(client: TestClient) -> None:
    answer = ask(client, DOSSIER)
    assert set(answer) == {
        "id", "status", "answer", "citations", "warnings", "suggestions", "as_of", "elapsed_ms",
    }  # fmt: skip
    assert answer["status"] == "answered"
    assert "Đơn đề nghị đánh giá" in answer["answer"]
    assert "[1]" in answer["answer"]
    assert answer["as_of"] == "2026-11-21"
    assert answer["elapsed_ms"] > 0
    citation = answer["citations"][0]
    assert set(citation) == {
        "marker", "passage_id", "title", "locator", "instrument", "quote", "url", "page", "valid_from", "valid_to",
    }  # fmt: skip
    assert citation["marker"] == 1
    assert citation["instrument"] == "26/2026/QĐ-TTg"
    assert citation["locator"].startswith("Điều 6 khoản 2")
    assert citation["valid_from"] == "2026-05-22"


def test_a_quote_is_verbatim_from_its_passage(client: TestClient) -> None:
    for citation in ask(client, DOSSIER)["citations"]:
        passage = client.get(f"/v1/passages/{citation['passage_id']}").json()
        assert citation["quote"]
        assert citation["quote"] in passage["text"]


def test_a_question_outside_the_handbook_is_an_abstention_without_citations(client: TestClient) -> None:
    answer = ask(client, "thời tiết ngày mai ở Sao Hỏa thế nào")
    assert (answer["status"], answer["citations"]) == ("abstained", [])
    assert answer["answer"]


def test_as_of_answers_by_the_rule_of_that_day_and_says_so(client: TestClient) -> None:
    now, then = ask(client, WHO), ask(client, WHO, as_of="2024-06-01")
    assert "cấp tỉnh" in now["answer"]
    assert "cấp huyện" in then["answer"]
    assert then["as_of"] == "2024-06-01"
    assert [c["instrument"] for c in then["citations"]] == ["148/QĐ-TTg"]
    assert any("01/06/2024" in warning for warning in then["warnings"])


@pytest.mark.parametrize("locality", ["ha-noi", "Hà Nội", "ha noi"])
def test_a_locality_is_taken_by_slug_or_name(client: TestClient, locality: str) -> None:
    answer = ask(client, "Hà Nội hỗ trợ chủ thể OCOP thế nào?", locality=locality)
    assert "hội chợ" in answer["answer"]


def test_another_locality_does_not_hear_the_policy_of_ha_noi(client: TestClient) -> None:
    answer = ask(client, "Chủ thể OCOP được hỗ trợ gian hàng hội chợ thế nào?", locality="lao-cai")
    assert "Hà Nội" not in answer["answer"]


def test_history_and_session_are_accepted(client: TestClient) -> None:
    assert ask(client, WHO, history=[DOSSIER])["status"] in ("answered", "clarify")
    for _ in range(2):
        assert ask(client, DOSSIER, session_id="phiên-1")["status"] == "answered"


def test_a_session_cannot_be_one_of_another_door(small_house: Any, client: TestClient) -> None:
    ask(client, DOSSIER, session_id="telegram:1")
    assert small_house.assistant.records.last("telegram:1") == []


def test_nfd_input_gives_the_answer_of_nfc_input(client: TestClient) -> None:
    composed, decomposed = ask(client, DOSSIER), ask(client, unicodedata.normalize("NFD", DOSSIER))
    assert decomposed["answer"] == composed["answer"]
    assert decomposed["citations"] == composed["citations"]


@pytest.mark.parametrize(
    "wrapped", ["<b>{}</b>", "<script>alert(1)</script> {}", "**{}** `x` [a](http://x)", "# {}\n> y"]
)
def test_markup_in_a_question_is_only_text(client: TestClient, wrapped: str) -> None:
    answer = ask(client, wrapped.format(DOSSIER))
    assert answer["status"] in ("answered", "abstained", "clarify")
    assert "<script" not in json.dumps(answer)


# -- the stream --------------------------------------------------------------------------------------------------------


def test_a_stream_tells_status_tokens_citations_done_in_order(client: TestClient) -> None:
    response = client.post("/v1/ask/stream", json={"question": DOSSIER})
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["x-accel-buffering"] == "no"
    names = [name for name, _ in events(response.text)]
    assert names[0] == "status"
    assert names[-2:] == ["citations", "done"]
    middle = names[:-2]
    assert set(middle) == {"status", "token"}
    assert "status" not in middle[middle.index("token") :]


def test_what_done_carries_equals_the_answer_of_ask(client: TestClient) -> None:
    whole = ask(client, DOSSIER)
    seen = dict(events(client.post("/v1/ask/stream", json={"question": DOSSIER}).text))
    for name in ("status", "answer", "citations", "warnings", "suggestions", "as_of"):
        assert seen["done"][name] == whole[name]
    assert seen["citations"] == whole["citations"]


def test_each_token_stands_in_the_answer(client: TestClient) -> None:
    heard = events(client.post("/v1/ask/stream", json={"question": DOSSIER}).text)
    final = heard[-1][1]["answer"]
    assert all(data["text"] in final for name, data in heard if name == "token")


def test_a_stream_refuses_bad_input_before_it_begins(client: TestClient) -> None:
    for body in (
        {"question": "  "},
        {"question": DOSSIER, "as_of": "hôm qua"},
        {"question": DOSSIER, "locality": "paris"},
    ):
        response = client.post("/v1/ask/stream", json=body)
        assert response.status_code == 422
        assert response.headers["content-type"] == "application/json"


# -- bad input ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["", "   \n\t", "?!…", "😀👍🏽", "\u200b\u200d", "\x1b\x07"])
def test_a_question_without_a_letter_is_called_empty(client: TestClient, question: str) -> None:
    assert "trống" in told(client, json={"question": question})


@pytest.mark.parametrize("length", [2001, 50_000])
def test_an_over_long_question_is_refused_with_its_limit(client: TestClient, length: int) -> None:
    detail = told(client, json={"question": "ồ" * length})
    assert "2000" in detail
    assert str(length) in detail


def test_a_question_of_exactly_the_limit_is_answered(client: TestClient) -> None:
    assert ask(client, (DOSSIER + " ") * 39)["status"]
    assert ask(client, "ă" * 2000)["status"] == "abstained"


@pytest.mark.parametrize("question", [None, 5, True, ["a"], {"a": 1}])
def test_a_question_that_is_no_text_is_refused(client: TestClient, question: Any) -> None:
    assert "câu hỏi" in told(client, json={"question": question})


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'"text"', b'{"q": "x"}', b"\x89PNG\r\n\x1a\n\x00", b'{"question": "\xff\xfe"}'],
)
def test_a_body_that_is_no_question_is_refused(client: TestClient, content: bytes) -> None:
    told(client, content=content, headers={"content-type": "application/json"})


def test_a_form_is_refused(client: TestClient) -> None:
    told(client, data={"question": DOSSIER})


@pytest.mark.parametrize("escape", ["\\u0000", "\\ud800", "\\udfff"])
@pytest.mark.parametrize(
    "body",
    ['{"question": "hồ sơ%s"}', '{"question": "OCOP", "history": ["%s"]}', '{"question": "OCOP", "locality": "%s"}'],
)
def test_nul_and_lone_surrogates_are_refused(client: TestClient, escape: str, body: str) -> None:
    content = (body % escape).encode()
    assert "văn bản" in told(client, content=content, headers={"content-type": "application/json"})


def test_other_control_characters_do_no_harm(client: TestClient) -> None:
    assert ask(client, f"\x1b[31m{DOSSIER}\x07")["status"] == "answered"


@pytest.mark.parametrize("day", ["hôm qua", "2024-13-01", "2024-02-30", "20240601x", "9" * 300])
def test_a_malformed_date_is_refused(client: TestClient, day: str) -> None:
    told(client, json={"question": DOSSIER, "as_of": day})


def test_an_unknown_place_is_named(client: TestClient) -> None:
    assert "Paris" in told(client, json={"question": DOSSIER, "locality": "Paris"})


@pytest.mark.parametrize(
    "field",
    [{"session_id": "x" * 65}, {"session_id": "a b"}, {"history": ["x"] * 21}, {"history": "x"}, {"history": [1]}],
)
def test_malformed_history_or_session_is_refused(client: TestClient, field: dict[str, Any]) -> None:
    told(client, json={"question": DOSSIER, **field})


def test_a_wrong_method_is_told_in_vietnamese(client: TestClient) -> None:
    response = client.get("/v1/ask")
    assert response.status_code == 405
    assert "không" in response.json()["detail"]
