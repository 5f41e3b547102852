"""Search, passages and localities over HTTP."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient


def test_search_finds_passages_best_first(client: TestClient) -> None:
    hits = client.get("/v1/search", params={"q": "hồ sơ đề nghị đánh giá", "k": 3}).json()["hits"]
    assert 1 <= len(hits) <= 3
    assert set(hits[0]) == {"passage_id", "title", "locator", "instrument", "text", "score", "standing"}
    assert hits[0]["instrument"] == "26/2026/QĐ-TTg"
    assert hits[0]["standing"] == "in force"
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)


def test_search_without_diacritics_finds_the_same(client: TestClient) -> None:
    typed = client.get("/v1/search", params={"q": "giay chung nhan ocop co thoi han may nam"}).json()["hits"]
    assert "36 tháng" in typed[0]["text"]


def test_search_by_day_changes_the_standing(client: TestClient) -> None:
    query = {"q": "cấp nào công nhận sản phẩm OCOP 3 sao"}
    then = client.get("/v1/search", params=query | {"as_of": "2024-06-01"}).json()["hits"]
    assert (then[0]["instrument"], then[0]["standing"]) == ("148/QĐ-TTg", "in force")


@pytest.mark.parametrize(
    "query",
    [{}, {"q": " "}, {"q": "x" * 2001}, {"q": "a", "k": 0}, {"q": "a", "k": "nhiều"}, {"q": "a", "as_of": "x"},
     {"q": "a", "locality": "x"}],
)  # fmt: skip
def test_a_malformed_search_is_refused_in_vietnamese(client: TestClient, query: dict[str, str]) -> None:
    response = client.get("/v1/search", params=query)
    assert response.status_code == 422
    assert not response.json()["detail"].isascii()


def test_passages_are_linked_to_their_neighbours(client: TestClient) -> None:
    hit = client.get("/v1/search", params={"q": "Hồ sơ đề nghị đánh giá sản phẩm OCOP gồm những gì"}).json()["hits"][0]
    first = client.get(f"/v1/passages/{hit['passage_id']}").json()
    assert first["document"]["title"] == "Hồ sơ OCOP"
    assert first["document"]["kind"] == "handbook"
    assert first["breadcrumb"][-1].startswith("Hồ sơ đề nghị")
    assert first["previous"] is None
    second = client.get(f"/v1/passages/{first['next']}").json()
    assert second["previous"] == first["passage_id"]
    assert second["next"] is None
    assert "UBND cấp xã" in second["text"]


@pytest.mark.parametrize("passage_id", ["0" * 24, "x", "%00", "..%2f..%2fetc", "a'%20OR%201=1--"])
def test_an_unknown_passage_is_404_in_vietnamese(client: TestClient, passage_id: str) -> None:
    response = client.get(f"/v1/passages/{passage_id}")
    assert response.status_code == 404
    assert not response.json()["detail"].isascii()


def test_the_34_provinces_are_listed_with_what_went_into_them(client: TestClient) -> None:
    found = client.get("/v1/localities").json()
    assert len(found) == 34
    by_slug = {place["slug"]: place for place in found}
    assert by_slug["ha-noi"] == {"slug": "ha-noi", "name": "Hà Nội", "former": []}
    assert "Bình Dương" in by_slug["ho-chi-minh"]["former"]
