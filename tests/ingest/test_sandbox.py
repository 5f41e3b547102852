"""The parsing child: bounded, killed with all it started, and the next file unaffected."""

from __future__ import annotations

import contextlib
import os
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from ingest import sandbox as module
from ingest.preflight import Limits, check_zip
from ingest.sandbox import Sandbox, read_safely
from knowledge.errors import Refused, Unreadable

MB = 1024 * 1024


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "trang.md"
    path.write_text("# Nuôi ong\n\nChữ.\n", encoding="utf-8")
    return path


def test_a_file_comes_back_as_a_reading(page: Path) -> None:
    reading = read_safely(page)
    assert reading.title == "Nuôi ong"
    assert reading.media_type == "text/markdown"


def test_one_child_serves_several_files(page: Path) -> None:
    with Sandbox() as sandbox:
        sandbox.read(page)
        first = sandbox._child
        sandbox.read(page)
        assert sandbox._child is first
    assert first is not None
    assert first.poll() is not None


def test_a_refused_file_leaves_the_child_in_place(page: Path, tmp_path: Path) -> None:
    rar = tmp_path / "a.md"
    rar.write_bytes(b"Rar!\x1a\x07 abc")
    with Sandbox() as sandbox:
        sandbox.read(page)
        first = sandbox._child
        with pytest.raises(Refused, match="RAR"):
            sandbox.read(rar)
        assert sandbox.read(page).title == "Nuôi ong"
        assert sandbox._child is first


def test_hunger_for_memory_is_a_reason_and_not_a_crash(page: Path, tmp_path: Path) -> None:
    greedy = tmp_path / "to.html"
    greedy.write_text("<html><p>" + "<i>ong</i> <b>mật</b> " * 1_200_000, encoding="utf-8")
    with Sandbox(Limits(memory_bytes=256 * MB)) as sandbox:
        with pytest.raises(Unreadable, match=r"bộ nhớ|đột ngột"):
            sandbox.read(greedy)
        assert sandbox.read(page).title == "Nuôi ong"


@pytest.fixture
def slow_child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A child that starts a child of its own and sleeps; the returned file holds the grandchild's pid."""
    told = tmp_path / "pid"
    code = (
        "import subprocess, time; grandchild = subprocess.Popen(['sleep', '60']);"
        f"open({str(told)!r}, 'w').write(str(grandchild.pid)); time.sleep(60)"
    )
    real = module.subprocess.Popen

    def start(command: list[str], **options: object) -> object:
        return real([sys.executable, "-c", code], **options)  # type: ignore[call-overload]

    monkeypatch.setattr(module.subprocess, "Popen", start)
    return told


def test_too_slow_is_killed_with_all_it_started(page: Path, slow_child: Path) -> None:
    with (
        Sandbox(Limits(wall_seconds=1.5, seconds_per_mb=0)) as sandbox,
        pytest.raises(Unreadable, match="quá lâu"),
    ):
        sandbox.read(page)
    assert sandbox._child is None
    state = Path(f"/proc/{int(slow_child.read_text())}/stat")
    for _ in range(100):  # the kernel delivers the signal in its own time
        if not state.exists() or state.read_text().split()[2] == "Z":
            return
        time.sleep(0.1)
    pytest.fail("what the child had started is still running")


def test_a_killed_child_is_replaced(page: Path) -> None:
    with Sandbox() as sandbox:
        sandbox.read(page)
        assert sandbox._child is not None
        os.kill(sandbox._child.pid, 9)
        sandbox._child.wait()
        assert sandbox.read(page).title == "Nuôi ong"


def test_the_child_has_an_empty_environment(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOTAY_CHAT_API_KEY", "bi-mat")
    with Sandbox() as sandbox:
        sandbox.read(page)
        assert sandbox._child is not None
        assert b"bi-mat" not in Path(f"/proc/{sandbox._child.pid}/environ").read_bytes()


def test_output_beyond_the_bound_is_refused(page: Path) -> None:
    with (
        Sandbox(replace(Limits(), output_bytes=20)) as sandbox,
        pytest.raises(Unreadable, match="lớn bất thường"),
    ):
        sandbox.read(page)


def test_deep_nesting_does_not_shake_the_next_file(page: Path, tmp_path: Path) -> None:
    deep = tmp_path / "sau.md"
    deep.write_text("> " * 30_000 + "sâu", encoding="utf-8")
    with Sandbox() as sandbox:
        with contextlib.suppress(Unreadable):
            sandbox.read(deep)
        assert sandbox.read(page).title == "Nuôi ong"


@pytest.mark.parametrize("name", ["dòng\nmới.md", "nháy'\".md", "\udcff.md", "-rf.md", "e\u0323\u0302.md"])
def test_odd_names(page: Path, tmp_path: Path, name: str) -> None:
    odd = tmp_path / name
    odd.write_bytes(page.read_bytes())
    assert read_safely(odd).title == "Nuôi ong"


def test_what_is_no_plain_file_is_not_opened(tmp_path: Path) -> None:
    fifo = tmp_path / "ong"
    os.mkfifo(fifo)
    for path in (fifo, tmp_path, Path("/dev/zero")):
        with pytest.raises(Refused, match="Không phải tệp thường"):
            read_safely(path)
    with pytest.raises(Unreadable, match="Không mở được"):
        read_safely(tmp_path / "khong-co")


def test_zero_bytes_and_too_many(tmp_path: Path, page: Path) -> None:
    empty = tmp_path / "rong.md"
    empty.touch()
    with pytest.raises(Unreadable, match="rỗng"):
        read_safely(empty)
    with pytest.raises(Refused, match="quá lớn"):
        read_safely(page, Limits(file_bytes=3))


def archive(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries.items():
            target.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ({"word/document.xml": b"\0" * (30 * MB)}, "bom nén"),
        ({f"{i}.txt": b"" for i in range(2100)}, "quá nhiều mục"),
        ({"../../thoat.txt": b"x"}, "vượt ra ngoài"),
        ({"/etc/x": b"x"}, "vượt ra ngoài"),
        ({"word/vbaProject.bin": b"x"}, "macro"),
        ({"trong.zip": b"x"}, "tệp nén bên trong"),
    ],
)
def test_unsafe_archives_are_refused_before_reading(tmp_path: Path, entries: dict[str, bytes], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        check_zip(archive(tmp_path / "a.docx", entries), Limits())


def test_a_truncated_archive_is_damaged(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.docx", {"word/document.xml": b"x" * 1000})
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(Unreadable, match="cắt cụt"):
        check_zip(path, Limits())


def test_a_plain_archive_passes(tmp_path: Path) -> None:
    check_zip(archive(tmp_path / "a.docx", {"word/document.xml": b"x"}), Limits())
