"""S1 and S4: kills at random moments and a full disk leave the last good state, and the next run goes on from it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.timeout(900)
def test_kills_at_random_moments_leave_the_last_good_state(tmp_path: Path) -> None:
    """`benchmarks/crash.py` with 200 rounds is the nightly form.

    Two runs of half the rounds at once: a round mostly waits for a process to start, so that takes little more than
    half the time, and processes that share the processor are killed at more different moments.
    """
    rounds = 200 if os.environ.get("SOTAY_TEST_ALL") else 20
    outs = [tmp_path / f"crash-{seed}.json" for seed in (1, 2)]
    runs = [
        subprocess.Popen(
            [
                sys.executable, ROOT / "benchmarks" / "crash.py", "--rounds", str(rounds // 2), "--seed", str(seed),
                "--json", out,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for seed, out in enumerate(outs, 1)
    ]  # fmt: skip
    for run in runs:
        run.wait()
    results = [json.loads(out.read_text()) for out in outs]
    for result in results:
        assert result["faults"] == [], result["stderr"]
    assert sum(result["killed_while"]["reading"] for result in results) > 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 16 MB; where none can be mounted, a folder with a limit on the size of files."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        (folder / "limit").touch()
    try:
        yield folder
    finally:
        if not mounted.returncode:
            subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.parametrize("left", [0, 200_000, 700_000])
def test_a_full_disk_is_told_and_the_next_run_goes_on(small_disk: Path, left: int) -> None:
    child = subprocess.run(
        [sys.executable, Path(__file__).with_name("full_disk.py"), small_disk, str(left)],
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    assert child.returncode == 0, child.stderr[-3000:]
    result = json.loads(child.stdout.splitlines()[-1])
    assert {status for status, _ in result["first"]} == {"read"}
    # Full: each file is read whole or told as failed, and questions are answered all the same.
    failed = [reason for status, reason in result["full"] if status == "failed"]
    assert {status for status, _ in result["full"]} <= {"read", "failed"}
    assert failed or result["faults_while_full"]
    assert all("đầy" in reason or "Không ghi được" in reason for reason in failed)
    assert result["while_full"]["failed"] is False
    assert result["while_full"]["hits"] >= 5
    # Room again: the same command ends the work.
    assert len(result["again"]) == 4
    assert [status for status, _ in result["again"]].count("read") == len(failed)
    assert (result["ready"], result["faults"], result["in_step"], result["lost"]) == (True, [], True, 0)
    assert result["found"] > 0.99  # approximate search may miss one of five hundred vectors that are so much alike
    assert result["after"]["hits"] >= 5
    assert result["unchanged"] == 4
