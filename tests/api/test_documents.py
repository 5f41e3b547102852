"""An office's own papers and register entries over HTTP and on the command line, for the holder of the admin key."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from server import Server, run

from api.app import create_app
from api.documents import MAX_FILE
from ingest.uploads import safe_name
from ingest.watch import state_of, watch

KEY = "k" * 24
ADMIN = {"X-Admin-Key": KEY}
QUESTION = {"question": "Giấy chứng nhận OCOP có thời hạn mấy năm?"}

DECISION = """THỦ TƯỚNG CHÍNH PHỦ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 40/2026/QĐ-TTg
Hà Nội, ngày 20 tháng 10 năm 2026
QUYẾT ĐỊNH
Về việc đóng thùng mật ong
Điều 1. Thùng mật ong
Thùng mật ong xuất khẩu phải nặng đúng 17 kg và niêm phong bằng sáp.
Điều 2. Hiệu lực thi hành
1. Quyết định này có hiệu lực thi hành từ ngày 01 tháng 11 năm 2026.
2. Quyết định số 26/2026/QĐ-TTg ngày 22 tháng 5 năm 2026 hết hiệu lực kể từ ngày Quyết định này có hiệu lực.
Nơi nhận:
"""


@pytest.fixture
def house(house_with: Callable[..., Any]) -> Any:
    """A small Sổ tay with an admin key."""
    return house_with(admin_key=KEY)


@pytest.fixture
def admin(house: Any) -> Iterator[TestClient]:
    """A client that sends the key."""
    with TestClient(create_app(house), headers=ADMIN, raise_server_exceptions=False) as client:
        yield client


def send(client: TestClient, text: str | bytes = DECISION, name: str = "QĐ 40.txt") -> Any:
    """Send a file in."""
    data = text.encode() if isinstance(text, str) else text
    return client.post("/v1/documents", files={"file": (name, data)}, data={"by": "chị Lan"})


def files_in(house: Any) -> list[Path]:
    """What lies in the folder of uploads."""
    folder = house.sync.uploads.folder
    return sorted(folder.iterdir()) if folder.is_dir() else []


ROUTES = [("POST", "/v1/documents"), ("GET", "/v1/documents"), ("DELETE", "/v1/documents/a"),
          ("GET", "/v1/register/proposals"), ("POST", "/v1/register/proposals/1")]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_a_key_set_the_doors_are_shut(client: TestClient, method: str, path: str) -> None:
    for headers in ({}, ADMIN, {"X-Admin-Key": ""}):
        response = client.request(method, path, headers=headers)
        assert response.status_code == 403
        assert "SOTAY_ADMIN_KEY" in response.json()["detail"]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_wrong_key_opens_nothing_and_guessing_is_slowed(house: Any, method: str, path: str) -> None:
    with TestClient(create_app(house), raise_server_exceptions=False) as client:
        wrong: list[dict[str, Any]] = [{}, {"X-Admin-Key": KEY[:-1]}, {"X-Admin-Key": "khóa".encode()}]
        assert [client.request(method, path, headers=headers).status_code for headers in wrong] == [401] * 3
        found = [client.request(method, path, headers={"X-Admin-Key": "x"}).status_code for _ in range(10)]
        assert found == [401] * 7 + [429] * 3
        assert client.get("/v1/documents", headers=ADMIN).status_code == 429


def test_a_paper_is_sent_in_answered_from_and_taken_away(admin: TestClient, house: Any) -> None:
    response = send(admin, name="../../etc/QĐ 40.txt")
    assert response.status_code == 201, response.text
    document = response.json()["document"]
    assert (document["name"], document["instrument"], document["sent_by"]) == (
        "QĐ 40.txt",
        "40/2026/QĐ-TTg",
        "chị Lan",
    )
    assert response.json()["report"]["totals"]["read"] == 1
    assert response.json()["report"]["files"][0]["path"] == "QĐ 40.txt"
    assert [path.name for path in files_in(house)] == [document["id"]]
    answer = admin.post("/v1/ask", json={"question": "Thùng mật ong xuất khẩu nặng bao nhiêu kg?"}).json()
    assert "17 kg" in answer["answer"]
    assert [one["id"] for one in admin.get("/v1/documents").json()["documents"]] == [document["id"]]
    assert admin.delete(f"/v1/documents/{document['id']}").status_code == 204
    assert admin.get("/v1/documents").json()["documents"] == []
    assert files_in(house) == []
    answer = admin.post("/v1/ask", json={"question": "Thùng mật ong xuất khẩu nặng bao nhiêu kg?"}).json()
    assert "17 kg" not in answer["answer"]
    assert admin.get("/v1/register/proposals").json()["proposals"] == []
    assert admin.delete(f"/v1/documents/{document['id']}").status_code == 404


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00" + bytes(400), b"%PDF-1.7 hong"])
def test_what_cannot_be_read_is_told_and_not_kept(admin: TestClient, house: Any, content: bytes) -> None:
    response = send(admin, content, "hong.pdf")
    assert response.status_code == 422
    assert "«hong.pdf»" in response.json()["detail"]
    assert files_in(house) == []
    assert house.sync.uploads.all() == {}


def test_a_form_without_a_file_is_refused(admin: TestClient) -> None:
    wrong: list[dict[str, Any]] = [
        {"json": {}}, {"data": {"file": "chữ"}}, {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}},
        {"files": [("file", ("a", b"a")), ("file", ("b", b"b"))]},
    ]  # fmt: skip
    for given in wrong:
        response = admin.post("/v1/documents", **given)
        assert response.status_code == 422
        assert not response.json()["detail"].isascii()


def test_twenty_megabytes_are_the_most_and_only_here(admin: TestClient, house: Any) -> None:
    response = send(admin, b"a" * (MAX_FILE + 100_000))
    assert response.status_code == 413
    assert "20 MB" in response.json()["detail"]
    assert files_in(house) == []
    response = admin.post("/v1/ask", content=b"a" * 2_000_000)
    assert (response.status_code, "1 MB" in response.json()["detail"]) == (413, True)
    assert send(admin, DECISION + " " * 1_200_000).status_code == 201


def test_the_same_paper_sent_twice_is_cited_once(admin: TestClient) -> None:
    first = send(admin).json()["document"]
    second = send(admin, DECISION + "\n", "ban-sao.txt").json()["document"]
    assert (second["copy_of"], second["passages"]) == ("QĐ 40.txt", 0)
    assert admin.delete(f"/v1/documents/{first['id']}").status_code == 204
    [left] = admin.get("/v1/documents").json()["documents"]
    assert (left["id"], left["copy_of"]) == (second["id"], "")
    assert left["passages"] > 0


def test_a_confirmed_entry_closes_the_handbooks_line_at_once(admin: TestClient) -> None:
    before = admin.post("/v1/ask", json=QUESTION).json()
    assert before["citations"][0]["instrument"] == "26/2026/QĐ-TTg"
    notes = send(admin).json()["report"]["notes"]
    assert any("40/2026/QĐ-TTg" in note for note in notes)
    [proposal] = admin.get("/v1/register/proposals?status=proposed").json()["proposals"]
    assert proposal["fields"]["effective"]["value"] == "2026-11-01"
    assert proposal["relations"][0] | {"sentence": ""} == {
        "kind": "replaces", "told": "thay thế", "number": "26/2026/QĐ-TTg", "name": "Quyết định",
        "signed": "2026-05-22", "ends": "2026-10-31", "plainness": "rõ", "check": False, "sentence": "",
    }  # fmt: skip
    assert "26/2026/QĐ-TTg" in proposal["relations"][0]["sentence"]
    assert admin.post("/v1/ask", json=QUESTION).json()["answer"] == before["answer"]  # proposed is not in force
    door = f"/v1/register/proposals/{proposal['id']}"
    edited = admin.post(door, json={"action": "edit", "changes": {"title": "Thùng mật ong"}}).json()
    assert (edited["status"], edited["fields"]["title"]["value"]) == ("proposed", "Thùng mật ong")
    done = admin.post(door, json={"action": "confirm", "by": "anh Nam"}).json()
    assert (done["status"], done["decided_by"]) == ("confirmed", "anh Nam")
    after = admin.post("/v1/ask", json=QUESTION).json()
    assert after["answer"] != before["answer"]
    then = admin.post("/v1/ask", json=QUESTION | {"as_of": "2026-10-31"}).json()
    assert (then["answer"], then["citations"][0]["valid_to"]) == (before["answer"], "2026-10-31")
    assert admin.post(door, json={"action": "reject"}).json()["status"] == "rejected"
    assert admin.post("/v1/ask", json=QUESTION).json()["answer"] == before["answer"]


@pytest.mark.parametrize(
    "body",
    [{}, {"action": "xóa"}, {"action": "edit", "changes": {"effective": "hôm qua"}},
     {"action": "edit", "changes": {"mau": "đỏ"}}, {"action": "confirm", "changes": {"effective": ""}}],
)  # fmt: skip
def test_a_malformed_decision_changes_nothing(admin: TestClient, house: Any, body: dict[str, Any]) -> None:
    send(admin)
    response = admin.post("/v1/register/proposals/1", json=body)
    assert response.status_code == 422
    assert not response.json()["detail"].isascii()
    assert house.assistant.overlay.proposals()[0].status == "proposed"
    assert admin.post("/v1/register/proposals/99", json={"action": "confirm"}).status_code == 422


def test_names_are_data_and_never_paths() -> None:
    assert [safe_name(name) for name in ("../../a.txt", "C:\\x\\b.doc", " \x00\n ", "x" * 999, "a\u202egpj.exe")] == [
        "a.txt", "b.doc", "tệp không tên", "x" * 200, "agpj.exe",
    ]  # fmt: skip


def test_a_folder_is_read_when_it_has_come_to_rest(tmp_path: Path) -> None:
    stop, runs = threading.Event(), []
    thread = threading.Thread(target=watch, args=(tmp_path, 0.05, lambda: runs.append(state_of(tmp_path)), stop))
    thread.start()
    try:
        for size in range(1, 12):  # a file that is still being copied
            (tmp_path / "a.txt").write_text("x" * size)
            time.sleep(0.02)
        _until(lambda: bool(runs))
        assert all(state == state_of(tmp_path) for state in runs)
        (tmp_path / "~$a.docx").write_text("lock")
        count = len(runs)
        time.sleep(0.3)
        assert len(runs) == count
        (tmp_path / "a.txt").unlink()
        _until(lambda: len(runs) == count + 1)
    finally:
        stop.set()
        thread.join(5)
    assert not thread.is_alive()


@pytest.mark.timeout(300)
def test_a_running_server_reads_what_is_dropped_and_the_command_line_confirms(tmp_path: Path) -> None:
    data = tmp_path / "data"
    papers = data / "documents"
    papers.mkdir(parents=True)
    with Server(data, SOTAY_WATCH_SECONDS="0.2", SOTAY_ADMIN_KEY=KEY) as server, httpx.Client(headers=ADMIN) as client:
        (papers / "qd-40.txt").write_text(DECISION, encoding="utf-8")
        door = f"{server.url}/v1/register/proposals"
        _until(lambda: client.get(door).json()["proposals"] != [], seconds=60)
        before = client.post(f"{server.url}/v1/ask", json=QUESTION).json()["answer"]
        shown = run(data, "register", "show", "1").stdout
        assert "Quyết định này có hiệu lực thi hành từ ngày 01 tháng 11 năm 2026." in shown
        done = run(data, "register", "confirm", "1", "--set", "title=Thùng mật ong", "--by", "chị Lan")
        assert (done.returncode, "đã xác nhận" in done.stdout) == (0, True), done.stderr
        assert client.post(f"{server.url}/v1/ask", json=QUESTION).json()["answer"] != before
        server.stop(20)
    # At the next start, and alone, it still holds; and can be taken back.
    asked = json.loads(run(data, "ask", QUESTION["question"], "--json").stdout)
    assert asked["answer"] != before
    assert "đã bác" in run(data, "register", "reject", "1").stdout
    [listed] = json.loads(run(data, "register", "list", "--all", "--json").stdout)
    assert (listed["status"], listed["fields"]["title"]["value"]) == ("rejected", "Thùng mật ong")


def _until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)
