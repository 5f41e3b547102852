"""Reads files in a child process with limits, so that no file can take the assistant down.

The child is started by exec (`python -m ingest.sandbox`), in its own process group, with an empty environment, without
network where the kernel allows it, and with bounds on memory, processor time and what it writes. It serves files one
after another: a line of JSON in, a length and JSON out. Whatever goes wrong with it, the group is killed and the next
file gets a fresh child.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from ingest import draft as drafts
from ingest.blocks import Reading, from_data, to_data
from ingest.draft import Asked, Draft
from ingest.preflight import Limits, check
from knowledge.errors import Refused, Unreadable

_ROOT = Path(__file__).resolve().parent.parent
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_TOO_SLOW = "Đọc tệp quá lâu (quá {seconds:.0f} giây) nên đã dừng: tệp hỏng hoặc quá phức tạp."
_TOO_BIG = "Đọc tệp cần quá nhiều bộ nhớ (giới hạn {mb} MB) nên đã dừng: tệp hỏng, quá lớn hoặc có hại."
_DIED = "Trình đọc dừng đột ngột khi đọc tệp này (tín hiệu {code}): tệp hỏng hoặc có hại."


Progress = Callable[[int, int], None]


def read_safely(path: Path, limits: Limits | None = None) -> Reading:
    """What a file says, read in a child of its own; Unreadable with a Vietnamese reason otherwise."""
    with Sandbox(limits) as sandbox:
        return sandbox.read(path)


class Sandbox:
    """A child process that reads files, kept for the next one while all goes well; safe to share between threads."""

    def __init__(self, limits: Limits | None = None, *, cache: Path | None = None) -> None:
        """`cache`: a folder where recognised pages are kept between runs."""
        self.limits = limits or Limits()
        self.cache = cache
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, path: Path, progress: Progress | None = None) -> Reading:
        """What a file says; Unreadable (or Refused) with a Vietnamese reason otherwise.

        `progress` is told (pages done, pages) as a file is read page by page.
        """
        return from_data(self._answered(path, {}, progress)["reading"])

    def draft(self, path: Path, asked: Asked, progress: Progress | None = None) -> Draft:
        """What a file would bring into the knowledge, read, described and cut in the child; else as `read`."""
        try:
            return drafts.from_data(self._answered(path, {"asked": asdict(asked)}, progress)["draft"], asked)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self.close()
            raise Unreadable("Trình đọc trả lời sai về tệp này: tệp hỏng hoặc có hại.") from error

    def _answered(self, path: Path, more: dict[str, Any], progress: Progress | None) -> dict[str, Any]:
        size = check(path, self.limits)
        with self._lock:
            try:
                return self._read(path, more, self.limits.seconds(size), progress)
            except BaseException as error:
                # A reason that the child itself gave leaves it sound; after anything else start afresh.
                if not isinstance(error, Unreadable) or isinstance(error, _Broken):
                    self.close()
                if isinstance(error, _Broken):
                    raise Unreadable(str(error)) from None
                raise

    def close(self) -> None:
        """End the child and everything that it started."""
        child, self._child = self._child, None
        if child is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _read(self, path: Path, more: dict[str, Any], seconds: float, progress: Progress | None) -> dict[str, Any]:
        cache = os.fsencode(self.cache.absolute()).hex() if self.cache else ""
        request = {"path": os.fsencode(path.absolute()).hex(), "seconds": seconds, "cache": cache, **more}
        child = self._running()
        assert child.stdin
        assert child.stdout
        try:
            child.stdin.write(json.dumps(request).encode() + b"\n")
            child.stdin.flush()
        except OSError:
            raise self._death(child) from None
        started = time.monotonic()
        deadline = started + seconds
        while True:
            length = int(self._receive(child, 9, deadline, seconds), 16)
            if length > self.limits.output_bytes:
                raise _Broken("Nội dung đọc ra lớn bất thường nên đã bỏ: tệp có hại hoặc không phải văn bản.")
            answer: dict[str, Any] = json.loads(self._receive(child, length, deadline, seconds))
            if "step" not in answer:
                break
            # Each page read earns the time for the next one.
            latest = min(time.monotonic() + self.limits.step_seconds, started + self.limits.most_seconds)
            deadline = max(deadline, latest)
            if progress:
                progress(int(answer["step"][0]), int(answer["step"][1]))
        if "error" not in answer:
            return answer
        kind, reason = answer["error"]
        if kind == "memory":
            raise _Broken(_TOO_BIG.format(mb=self.limits.memory_bytes // 1024 // 1024))
        if kind == "broken":
            raise _Broken(reason)
        raise (Refused if kind == "refused" else Unreadable)(reason)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-s", "-m", "ingest.sandbox", json.dumps(asdict(self.limits))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=_ROOT,
                env={
                    "PYTHONPATH": str(_ROOT),
                    "PYTHONUTF8": "1",
                    "LANG": "C.UTF-8",
                    "OMP_NUM_THREADS": "1",
                    "OMP_THREAD_LIMIT": "1",
                    "OPENBLAS_NUM_THREADS": "1",
                    "PATH": os.environ.get("PATH", ""),  # Tesseract and LibreOffice are found through it
                },
                start_new_session=True,
                bufsize=0,
            )
        return self._child

    def _receive(self, child: subprocess.Popen[bytes], count: int, deadline: float, seconds: float) -> bytes:
        assert child.stdout
        received = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(child.stdout, selectors.EVENT_READ)
            while len(received) < count:
                left = deadline - time.monotonic()
                if left <= 0 or not selector.select(left):
                    raise _Broken(_TOO_SLOW.format(seconds=seconds))
                part = os.read(child.stdout.fileno(), min(count - len(received), 1 << 20))
                if not part:
                    raise self._death(child)
                received += part
        return bytes(received)

    def _death(self, child: subprocess.Popen[bytes]) -> _Broken:
        code = -child.wait(timeout=10)
        if code == signal.SIGXCPU:
            return _Broken(_TOO_SLOW.format(seconds=self.limits.wall_seconds))
        return _Broken(_DIED.format(code=code))


class _Broken(Unreadable):
    """The child can no longer be trusted."""


def main(limits: Limits, requests: BinaryIO, answers: BinaryIO) -> None:
    """The child: one answer for each request, until the parent closes the pipe or a file has shaken the process."""
    _confine(limits)
    from ingest.job import Job
    from ingest.preflight import check_zip
    from ingest.readers import read

    def send(answer: bytes) -> None:
        answers.write(b"%08x\n" % len(answer) + answer)
        answers.flush()

    told = 0.0

    def step(done: int, total: int) -> None:
        nonlocal told
        if time.monotonic() - told > 0.5:
            told = time.monotonic()
            _allow_cpu(limits.step_seconds)
            send(json.dumps({"step": [done, total]}).encode())

    while line := requests.readline():
        request = json.loads(line)
        path = Path(os.fsdecode(bytes.fromhex(request["path"])))
        _allow_cpu(request["seconds"])
        sound = True
        try:
            check_zip(path, limits)
            cache = Path(os.fsdecode(bytes.fromhex(request["cache"]))) if request["cache"] else None
            reading = read(path, Job(b"", cache=cache, step=step))
            answer = _packed(reading, request.get("asked"))
        except Unreadable as error:
            answer = _failure("refused" if isinstance(error, Refused) else "unreadable", str(error))
        except MemoryError:
            answer, sound = _failure("memory", ""), False
        except RecursionError:
            answer, sound = _failure("broken", "Tệp lồng nhau quá sâu nên không đọc được."), False
        except Exception as error:
            answer, sound = (
                _failure("broken", f"Không đọc được tệp ({type(error).__name__}: {str(error)[:200]})."),
                False,
            )
        send(answer)
        if not sound:
            return


def _packed(reading: Reading, asked: dict[str, Any] | None) -> bytes:
    if asked is None:
        return json.dumps({"reading": to_data(reading)}).encode()
    return json.dumps({"draft": drafts.to_data(drafts.draft(Asked(**asked), reading))}).encode()


def _failure(kind: str, reason: str) -> bytes:
    return json.dumps({"error": [kind, reason]}).encode()


def _confine(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.written_bytes, limits.written_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # No network: for root a namespace of its own will do, others need a user namespace too, some kernels allow none.
    with contextlib.suppress(OSError, AttributeError):
        libc: Any = ctypes.CDLL(None)
        if libc.unshare(_NEW_NET):
            libc.unshare(_NEW_USER | _NEW_NET)


def _allow_cpu(seconds: float) -> None:
    """Processor time is counted over the life of the process, so each file adds its own share."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds) + 1
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (max(limit, soft) if soft != resource.RLIM_INFINITY else limit, hard))


if __name__ == "__main__":
    # What a library prints must not mix with the answers.
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    main(Limits(**json.loads(sys.argv[1])), sys.stdin.buffer, channel)
