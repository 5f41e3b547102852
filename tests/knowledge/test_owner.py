"""S2: one process owns a data folder, and the others can tell which."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from knowledge.errors import FolderOwned, SotayError
from knowledge.owner import FILE, claim, running_owner

HOLD = """
import sys, time
from pathlib import Path
from knowledge.owner import claim
right = claim(Path(sys.argv[1]))
right.announce("http://127.0.0.1:8123")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def another_owner(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the folder."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout
        assert child.stdout.readline() == "held\n"
        yield child
    finally:
        child.kill()
        child.communicate()


def test_a_second_owner_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    with another_owner(tmp_path) as child:
        with pytest.raises(FolderOwned) as error:
            claim(tmp_path)
        assert f"tiến trình {child.pid} tại http://127.0.0.1:8123" in str(error.value)
        assert error.value.exit_code == 4
        owner = running_owner(tmp_path)
        assert owner
        assert (owner.pid, owner.url) == (child.pid, "http://127.0.0.1:8123")
        assert len(owner.secret) >= 24


def test_a_command_under_way_is_to_be_waited_for(tmp_path: Path) -> None:
    right = claim(tmp_path)
    with pytest.raises(FolderOwned, match=rf"một lệnh khác .*tiến trình {os.getpid()}.*đợi lệnh đó xong"):
        claim(tmp_path)
    right.release()


def test_two_threads_of_one_process_do_not_both_own_it(tmp_path: Path) -> None:
    right = claim(tmp_path)
    with pytest.raises(FolderOwned, match=str(os.getpid())):
        claim(tmp_path)
    right.release()
    claim(tmp_path).release()


def test_a_killed_owner_leaves_the_folder_free(tmp_path: Path) -> None:
    with another_owner(tmp_path) as child:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        assert json.loads((tmp_path / FILE).read_text())["pid"] == child.pid  # stale, and not believed
        assert running_owner(tmp_path) is None
        right = claim(tmp_path)
        assert running_owner(tmp_path).pid == os.getpid()  # type: ignore[union-attr]
        right.release()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": "x"}', '{"pid": 1, "url": "http://x", "secret": "y"}'])
def test_a_stale_or_broken_file_keeps_no_one_out(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)
    assert running_owner(tmp_path) is None
    right = claim(tmp_path)
    right.announce("http://127.0.0.1:1")
    owner = running_owner(tmp_path)
    assert owner
    assert (owner.pid, owner.url, owner.secret) == (os.getpid(), "http://127.0.0.1:1", right.secret)
    right.release()
    assert running_owner(tmp_path) is None


def test_looking_for_an_owner_never_keeps_one_from_starting(tmp_path: Path) -> None:
    """Commands look while another starts; the look is a lock for a moment."""
    claim(tmp_path).release()
    with open(tmp_path / FILE, encoding="utf-8") as looked_at:
        fcntl.flock(looked_at, fcntl.LOCK_SH)
        end = threading.Timer(0.1, fcntl.flock, (looked_at, fcntl.LOCK_UN))
        end.start()
        claim(tmp_path).release()
        end.join()


def test_the_secret_is_new_each_time_and_for_the_owner_alone(tmp_path: Path) -> None:
    first = claim(tmp_path)
    first.release()
    second = claim(tmp_path)
    assert first.secret != second.secret
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    second.release()
    second.release()


def test_a_child_process_does_not_keep_the_folder(tmp_path: Path) -> None:
    """The lock must not be inherited by what the owner starts, or it would outlive the owner."""
    right = claim(tmp_path)
    child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    right.release()
    try:
        claim(tmp_path).release()
    finally:
        child.communicate(b"")


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "tệp").write_text("x")
    with pytest.raises(SotayError, match="Không dùng được thư mục dữ liệu"):
        claim(tmp_path / "tệp" / "trong")
