"""Every command as a person runs it: its output, its exit code, beside a running owner and without.

`tests/small.py` is `sotay` over six pages, so that a command takes a second whatever the shipped handbook holds.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parent.parent
SMALL = ROOT / "tests" / "small.py"
COMMANDS = ("ask", "search", "ingest", "passages", "serve", "bot", "evaluate", "doctor", "handbook", "gaps")
TODAY = "2026-11-21"

Run = Callable[..., subprocess.CompletedProcess[str]]

# Python runs this at start-up from PYTHONPATH: whatever leaves the machine raises.
OFFLINE = """
import socket

def guarded(connect):
    def only_loopback(self, address, *more):
        host = address[0] if isinstance(address, tuple) else ""
        if self.family in (socket.AF_INET, socket.AF_INET6) and host not in ("127.0.0.1", "::1", "localhost"):
            raise RuntimeError(f"S12: a connection to {address} was tried")
        return connect(self, address, *more)
    return only_loopback

socket.socket.connect = guarded(socket.socket.connect)
socket.socket.connect_ex = guarded(socket.socket.connect_ex)
lookup = socket.getaddrinfo

def local_names(host, *more, **named):
    if host not in (None, "", "localhost", "127.0.0.1", "::1"):
        raise RuntimeError(f"S12: the name {host} was looked up")
    return lookup(host, *more, **named)

socket.getaddrinfo = local_names
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A machine of one's own: no settings but the data folder and the day; no network."""
    guard = tmp_path / "offline"
    guard.mkdir()
    (guard / "sitecustomize.py").write_text(OFFLINE)
    bare = {name: value for name, value in os.environ.items() if not name.startswith("SOTAY_")}
    return bare | {
        "SOTAY_DATA_DIR": str(tmp_path / "data"),
        "SOTAY_DOCUMENTS_DIR": str(tmp_path / "documents"),
        "SOTAY_TODAY": TODAY,
        "SOTAY_PORT": "0",
        "PYTHONPATH": str(guard),
        "COLUMNS": "200",
    }


@pytest.fixture
def run(environment: dict[str, str], tmp_path: Path) -> Run:
    """Runs one command to its end."""

    def command(*given: str | Path, script: Path = SMALL, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, script, *map(str, given)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=environment | more,
            timeout=250,
            check=False,
        )

    return command


@contextmanager
def serving(environment: dict[str, str], folder: Path, *given: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running `sotay serve` and its address."""
    child = subprocess.Popen(
        [sys.executable, SMALL, "serve", *given], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        cwd=folder, env=environment,
    )  # fmt: skip
    try:
        assert child.stdout
        line = child.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, (line, child.stderr.read() if child.stderr and child.poll() is not None else "")
        yield child, found[0]
    finally:
        child.terminate()
        try:
            child.communicate(timeout=100)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """Two papers of an office and one that is broken."""
    folder = tmp_path / "papers"
    folder.mkdir()
    for word in ("mật ong", "rượu nếp"):
        text = f"# Quy định {word}\n\n## Điều 1. Phạm vi\n\nQuy định này áp dụng cho {word} của xã Phú Nghĩa.\n"
        (folder / f"{word}.md").write_text(text, encoding="utf-8")
    (folder / "hỏng.html").write_bytes(b"")
    return folder


# -- without a running owner -------------------------------------------------------------------------------------------


def test_help_is_vietnamese_and_names_every_command(run: Run) -> None:
    told = run("--help", script=ROOT / "sotay.py")
    assert told.returncode == 0
    assert told.stderr == ""
    for name in COMMANDS:
        assert re.search(rf"^\s+{name}\s+\S*[À-ỹ]", told.stdout, re.MULTILINE), name
    assert not (Path(told.args[1]).parent / "data").exists()


@pytest.mark.parametrize("command", [*COMMANDS, "handbook check", "handbook list"])
def test_every_command_explains_itself(run: Run, command: str) -> None:
    told = run(*command.split(), "-h", script=ROOT / "sotay.py")
    assert told.returncode == 0
    assert re.search(r"[À-ỹ]", told.stdout)


def test_version(run: Run) -> None:
    told = run("--version", script=ROOT / "sotay.py")
    assert (told.returncode, told.stderr) == (0, "")
    assert re.fullmatch(r"sotay \d+\.\d+\.\d+\n", told.stdout)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("ask",), "thiếu «question»"),
        (("hoi", "x"), "không có lệnh «hoi»"),
        (("ask", "x", "--ngay", "1"), "không có tùy chọn «--ngay»"),
        (("search", "x", "-k", "0"), "giá trị của «-k» chưa đúng"),
        (("serve", "--port", "tám"), "giá trị của «--port» chưa đúng"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else "",
)
def test_a_mistyped_command_is_told_in_one_vietnamese_line(run: Run, given: tuple[str, ...], told: str) -> None:
    ended = run(*given, script=ROOT / "sotay.py")
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.startswith(f"Lỗi: {told}")
    assert ended.stderr.count("\n") == 1


def test_gaps_are_the_same_beside_a_running_owner_and_without(
    run: Run, environment: dict[str, str], tmp_path: Path
) -> None:
    assert "không có câu nào" in run("gaps").stdout
    run("ask", "giá vàng hôm nay thế nào")
    alone = run("gaps", "--days", "7")
    assert alone.returncode == 0, alone.stderr
    assert "1. «giá vàng hôm nay thế nào» – 1 lần (1 chưa trả lời được)" in alone.stdout
    assert "Có thể thiếu" in alone.stdout
    with serving(environment, tmp_path):
        (gap,) = json.loads(run("gaps", "--json").stdout)
    assert (gap["question"], gap["count"], gap["unanswered"]) == ("giá vàng hôm nay thế nào", 1, 1)


def test_ask_answers_with_its_ground(run: Run) -> None:
    told = run("ask", "giay chung nhan ocop co han may nam")
    assert told.returncode == 0, told.stderr
    assert "36 tháng" in told.stdout
    assert "Căn cứ:" in told.stdout
    assert "26/2026/QĐ-TTg" in told.stdout
    assert told.stderr == ""


def test_ask_as_json_has_the_shape_of_the_http_contract(run: Run) -> None:
    told = run("ask", "cấp nào công nhận 3 sao", "--as-of", "2024-06-01", "--json")
    answer = json.loads(told.stdout)
    assert set(answer) == {
        "id", "status", "answer", "citations", "warnings", "suggestions", "as_of", "elapsed_ms",
    }  # fmt: skip
    assert (answer["status"], answer["as_of"]) == ("answered", "2024-06-01")
    assert "cấp huyện" in answer["answer"]
    assert set(answer["citations"][0]) == {
        "marker", "passage_id", "title", "locator", "instrument", "quote", "url", "page", "valid_from", "valid_to",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("ask", ""), "Câu hỏi đang trống"),
        (("ask", "   \n"), "Câu hỏi đang trống"),
        (("ask", "🙂🙂"), "Câu hỏi đang trống"),
        (("ask", "a " * 25_000), "vượt giới hạn 2000"),
        (("ask", "hồ sơ", "--as-of", "31/02/2026"), "Ngày «31/02/2026» chưa đúng"),
        (("ask", "hồ sơ", "--locality", "atlantis"), "Không có tỉnh, thành phố nào tên «atlantis»"),
        (("search", " "), "Câu hỏi đang trống"),
        (("ingest", "/khong/co"), "Không có tệp hay thư mục «/khong/co»"),
        (("passages", "/khong/co.md"), "Không có tệp «/khong/co.md»"),
        (("evaluate", "--golden", "/khong/co"), "Không có thư mục câu hỏi «/khong/co»"),
    ],
    ids=lambda part: " ".join(part)[:20] if isinstance(part, tuple) else "",
)
def test_bad_input_ends_with_two_and_one_vietnamese_line(run: Run, given: tuple[str, ...], told: str) -> None:
    ended = run(*given)
    assert ended.returncode == 2, ended.stderr
    assert ended.stderr.startswith("Lỗi: ")
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "text", ["<b>hồ sơ</b> <script>", "**hồ sơ** _OCOP_ [x](y)", "ho\x07so\x1b[31m ocop", "hồ sơ ocop"]
)
def test_questions_with_markup_control_characters_or_nfd_are_questions(run: Run, text: str) -> None:
    ended = run("ask", text)
    assert ended.returncode == 0, ended.stderr
    assert "\x1b" not in ended.stdout


def test_search_lists_passages_with_their_standing(run: Run) -> None:
    told = run("search", "công nhận 3 sao", "-k", "3", "--as-of", "01/06/2024")
    assert told.returncode == 0
    assert told.stdout.startswith("1. ")
    assert "148/QĐ-TTg" in told.stdout
    found = json.loads(run("search", "hồ sơ", "-k", "2", "--json").stdout)
    assert len(found["hits"]) == 2


def test_ingest_reports_prints_and_fails_where_a_file_failed(run: Run, papers: Path, tmp_path: Path) -> None:
    out = tmp_path / "báo cáo.json"
    told = run("ingest", papers, "--report", out)
    assert told.returncode == 1  # one file could not be read
    assert re.search(r"3 tệp \(2 đã đọc, 1 (?:lỗi|bị từ chối)\)", told.stdout)
    assert "hỏng.html" in told.stdout
    report = json.loads(out.read_text(encoding="utf-8"))
    assert {Path(file["path"]).name: file["status"] for file in report["files"]}["mật ong.md"] == "read"
    (papers / "hỏng.html").unlink()
    again = run("ingest", papers, "--report", out)
    assert again.returncode == 0, again.stdout
    assert json.loads(out.read_text(encoding="utf-8"))["totals"]["unchanged"] == 2
    assert "Phú Nghĩa" in run("search", "mật ong của xã Phú Nghĩa").stdout


def test_ingest_dry_run_leaves_the_papers_unknown(run: Run, papers: Path) -> None:
    (papers / "hỏng.html").unlink()
    told = run("ingest", papers, "--dry-run")
    assert told.returncode == 0
    assert "2 đã đọc" in told.stdout
    assert "Phú Nghĩa" not in run("search", "mật ong của xã Phú Nghĩa").stdout


def test_passages_lists_a_file_whether_read_in_or_not(run: Run, papers: Path, tmp_path: Path) -> None:
    fresh = run("passages", papers / "mật ong.md", "--json")
    assert fresh.returncode == 0, fresh.stderr
    listed = json.loads(fresh.stdout)
    assert any("Phú Nghĩa" in passage["text"] for passage in listed)
    assert any("Điều 1" in " ".join(passage["breadcrumb"]) for passage in listed)
    assert not (tmp_path / "data" / "sotay.db").exists()
    run("ingest", papers)
    assert json.loads(run("passages", papers / "mật ong.md", "--json").stdout) == listed


def test_passages_of_a_broken_file_says_why(run: Run, papers: Path) -> None:
    ended = run("passages", papers / "hỏng.html")
    assert ended.returncode == 1
    assert ended.stderr.startswith("Lỗi: ")


def test_evaluate_prints_a_table_and_compares(run: Run, tmp_path: Path) -> None:
    golden, out = tmp_path / "golden", tmp_path / "kết quả.json"
    golden.mkdir()
    questions = [
        {
            "id": "a",
            "topic": "ocop",
            "question": "giấy chứng nhận ocop có hạn mấy năm",
            "expect": "answered",
            "must": [["36 tháng"]],
        },
        {"id": "b", "topic": "ocop", "question": "thời tiết mai thế nào", "expect": "abstained"},
    ]
    (golden / "a.jsonl").write_text("\n".join(json.dumps(q, ensure_ascii=False) for q in questions), encoding="utf-8")
    told = run("evaluate", "--golden", golden, "--split", "all", "--out", out)
    assert told.returncode == 0, told.stderr
    assert "tất cả" in told.stdout
    assert {row["id"] for row in json.loads(out.read_text(encoding="utf-8"))} == {"a", "b"}
    assert (
        "Tốt lên 0 câu, kém đi 0 câu" in run("evaluate", "--golden", golden, "--split", "all", "--compare", out).stdout
    )


def test_evaluate_names_the_line_that_is_malformed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "a"\n', encoding="utf-8")
    ended = run("evaluate", "--golden", tmp_path)
    assert (ended.returncode, "a.jsonl dòng 1" in ended.stderr) == (2, True)


def test_doctor_tells_and_writes_nothing(run: Run, tmp_path: Path) -> None:
    told = run("doctor")
    assert told.returncode == 0, told.stdout
    assert told.stdout.startswith("✓ Python")
    assert not (tmp_path / "data").exists()


def test_handbook_check_and_list(run: Run) -> None:
    listed = run("handbook", "list", "--json")
    assert listed.returncode == 0, listed.stderr
    assert json.loads(listed.stdout)


@pytest.mark.parametrize("given", [("search", "hồ sơ sản phẩm", "-k", "50"), ("--version",), ("handbook", "list")])
def test_a_reader_that_goes_away_is_no_error(
    environment: dict[str, str], tmp_path: Path, given: tuple[str, ...]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    child = subprocess.run(
        [sys.executable, SMALL, *given], stdout=writing, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
        env=environment, timeout=250, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (child.returncode, child.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [("PORT", "tám", "SOTAY_PORT: phải là số nguyên"), ("TODAY", "hôm qua", "SOTAY_TODAY: phải là ngày")],
)
def test_wrong_settings_end_with_three(run: Run, name: str, value: str, told: str) -> None:
    ended = run("ask", "hồ sơ", **{f"SOTAY_{name}": value})
    assert ended.returncode == 3
    assert told in ended.stderr


def test_a_missing_embedding_model_ends_with_three(run: Run, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    ended = run("ask", "hồ sơ", script=ROOT / "sotay.py", SOTAY_EMBEDDING_MODEL=str(tmp_path / "model"))
    assert ended.returncode == 3, ended.stderr
    assert "SOTAY_EMBEDDING_MODEL" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_bot_without_a_token_ends_with_three(run: Run) -> None:
    ended = run("bot")
    assert ended.returncode == 3
    assert "SOTAY_TELEGRAM_TOKEN" in ended.stderr


def test_a_damaged_database_ends_with_five(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "sotay.db").write_bytes(b"khong phai co so du lieu " * 400)
    ended = run("ask", "hồ sơ")
    assert ended.returncode == 5
    assert "sao lưu" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_data_folder_that_is_a_file_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    ended = run("ask", "hồ sơ")
    assert ended.returncode == 1
    assert "Không dùng được thư mục dữ liệu" in ended.stderr


def test_the_shipped_handbook_is_answered_from_without_network(run: Run) -> None:
    """S12, with the real model and pages; the guard in `environment` raises on any look beyond this machine."""
    told = run("ask", "ho so ocop gom nhung gi", "--json", script=ROOT / "sotay.py")
    assert told.returncode == 0, told.stderr
    answer = json.loads(told.stdout)
    assert answer["status"] == "answered"
    assert any(c["instrument"] == "26/2026/QĐ-TTg" for c in answer["citations"])
    assert "S12" not in told.stderr


# -- beside a running owner --------------------------------------------------------------------------------------------


@pytest.mark.timeout(900)
def test_commands_go_through_the_running_owner(
    environment: dict[str, str], run: Run, papers: Path, tmp_path: Path
) -> None:
    """S2: while one process owns the folder, everything else talks to it, and another owner is refused."""
    (papers / "hỏng.html").unlink()
    with serving(environment, tmp_path) as (child, url):
        told = run("ask", "giấy chứng nhận ocop có hạn mấy năm")
        assert told.returncode == 0, told.stderr
        assert "36 tháng" in told.stdout
        assert "148/QĐ-TTg" in run("search", "công nhận 3 sao", "--as-of", "2024-06-01").stdout
        bad = run("ask", "hồ sơ", "--as-of", "hôm kia")
        assert (bad.returncode, "Ngày «hôm kia» chưa đúng" in bad.stderr) == (2, True)

        out = tmp_path / "report.json"
        told = run("ingest", papers, "--report", out)
        assert told.returncode == 0, told.stderr
        assert json.loads(out.read_text(encoding="utf-8"))["totals"]["read"] == 2
        listed = run("passages", papers / "mật ong.md", "--json")
        assert any("Phú Nghĩa" in passage["text"] for passage in json.loads(listed.stdout))
        found = httpx.get(f"{url}/v1/search", params={"q": "mật ong của xã Phú Nghĩa"}, trust_env=False).json()["hits"]
        assert any("mật ong" in hit["text"] for hit in found)
        missing = run("ingest", "/khong/co")
        assert (missing.returncode, "Không có tệp hay thư mục" in missing.stderr) == (2, True)

        for command in (("serve",), ("evaluate", "--golden", str(ROOT / "tests" / "golden"))):
            second = run(*command)
            assert second.returncode == 4, second.stderr
            assert f"tiến trình {child.pid}" in second.stderr
            assert url in second.stderr
        assert run("doctor").returncode == 0
        ready = httpx.get(f"{url}/v1/health/ready", trust_env=False)
        assert ready.json()["faults"] == []
    # The owner has gone, its folder is free and whole.
    assert "Phú Nghĩa" in run("search", "rượu nếp của xã Phú Nghĩa").stdout


def test_a_killed_owner_leaves_the_folder_to_the_next(environment: dict[str, str], run: Run, tmp_path: Path) -> None:
    with serving(environment, tmp_path) as (child, _):
        child.send_signal(signal.SIGKILL)
        child.wait()
        told = run("ask", "giấy chứng nhận ocop có hạn mấy năm")
        assert told.returncode == 0, told.stderr


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_serve_stops_when_told_and_frees_the_folder(
    environment: dict[str, str], tmp_path: Path, how: signal.Signals
) -> None:
    with serving(environment, tmp_path) as (child, _):
        child.send_signal(how)
        _, errors = child.communicate(timeout=100)
        assert child.returncode in (0, 130)
        assert "Traceback" not in errors
    assert (tmp_path / "data" / "owner.json").read_text() == ""


def test_a_port_in_use_is_told(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = run("serve", "--port", str(taken.getsockname()[1]))
    assert ended.returncode == 1
    assert f"Cổng {taken.getsockname()[1] if taken.fileno() > 0 else ''}" in ended.stderr
    assert "SOTAY_PORT" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_no_environment_makes_two_workers(environment: dict[str, str], tmp_path: Path) -> None:
    """S3: uvicorn reads WEB_CONCURRENCY; two workers would be two owners."""
    with serving(environment | {"WEB_CONCURRENCY": "2", "UVICORN_WORKERS": "2"}, tmp_path) as (child, url):
        children = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()
        commands = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children]
        assert not [line for line in commands if b"serve" in line or b"spawn_main" in line]
        assert httpx.get(f"{url}/v1/health/live", trust_env=False).status_code == 200


def test_there_is_no_application_that_a_server_could_start_twice() -> None:
    """S3: `uvicorn api.app:app --workers 2` finds nothing to serve."""
    import api.app
    import api.server

    found: list[Any] = [value for module in (api.app, api.server) for value in vars(module).values()]
    from fastapi import FastAPI

    assert not [value for value in found if isinstance(value, FastAPI)]
