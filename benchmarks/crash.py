"""Kills an ingesting process at random moments, again and again, and checks what it leaves behind.

    .venv/bin/python benchmarks/crash.py --rounds 200 --json crash.json

Each round changes some papers, starts a process that reads them in, and kills it with SIGKILL: while it opens, while it
audits or rebuilds its index, or between any two writes. The next process must start, answer, hold every paper that was
acknowledged (written down with fsync before the kill) whole and in no older version, find every passage by its own
vector once its index is rebuilt, and leave no process behind. At the end everything is read in without a kill, and once
more: the second reading must change nothing. SIGKILL does not model a power cut: the kernel still writes what it got.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

FILES, ARTICLES = 40, 8
SYLLABLES = "hồ sơ sản phẩm công nhận sao điểm tỉnh xã nhãn bao bì hạn cấp giấy chủ thể tiêu chí câu chuyện".split()  # noqa: SIM905


def paper(number: int, version: int) -> str:
    """A paper whose every article names its version."""
    chance = random.Random(number)
    lines = [f"# Quy định số {number}", ""]
    for article in range(1, ARTICLES + 1):
        words = " ".join(chance.choices(SYLLABLES, k=12))
        lines += [f"## Điều {article}. {words}", "", f"Quy định {number} điều {article} bản {version}: {words}.", ""]
    return "\n".join(lines)


# -- the process that is killed ----------------------------------------------------------------------------------------


def work(folder: Path, *, to_the_end: bool) -> None:
    """Open what is there, tell what is found, read the papers in and acknowledge each."""
    from ingest.sync import FileReport, Sync
    from knowledge.assistant import open_assistant
    from knowledge.owner import claim
    from knowledge.settings import Settings

    right = claim(folder / "data")
    assistant = open_assistant(Settings(_env_file=None, data_dir=folder / "data"))  # type: ignore[call-arg]
    _tell({"opened": _state(assistant)})
    assistant.index.warm(wait=True)
    _tell({"checked": _probe(assistant)})

    def acknowledge(file: FileReport, _number: int, _total: int) -> None:
        if file.status == "read":
            with open(folder / "acknowledged", "a", encoding="utf-8") as log:
                log.write(f"{Path(file.path).stem} {_version(Path(file.path).read_text(encoding='utf-8'))}\n")
                log.flush()
                os.fsync(log.fileno())

    sync = Sync(assistant)
    report = sync.run([folder / "papers"], progress=acknowledge)
    end: dict[str, Any] = {"totals": report.as_data()["totals"]}
    if to_the_end:
        assistant.index.warm(wait=True)
        before = assistant.store.generation()
        again = sync.run([folder / "papers"])
        end |= {
            "state": _state(assistant),
            "probe": _probe(assistant),
            "changed_again": assistant.store.generation() - before,
        }
        end |= {"unchanged_again": again.count("unchanged")}
    _tell({"end": end})
    assistant.close()
    right.release()


def _tell(data: dict[str, Any]) -> None:
    print(json.dumps(data), flush=True)


def _version(text: str) -> int:
    return int(re.findall(r"bản (\d+)", text)[0])


def _state(assistant: Any) -> dict[str, Any]:
    """Versions by paper, papers that are not whole, and whether it answers."""
    from knowledge import say
    from knowledge.types import Question

    versions, broken = {}, []
    for document in assistant.store.documents():
        texts = [passage.text for passage in assistant.store.of_document(document.id)]
        told = {version for text in texts for version in re.findall(r"bản (\d+)", text)}
        name = Path(document.origin).stem
        if len(told) != 1 or sum("bản " in text for text in texts) != ARTICLES:
            broken.append(name)
        versions[name] = max(map(int, told), default=-1)
    answer = assistant.ask(Question("Quy định 3 điều 5 nói gì về sản phẩm?"))
    snapshot = assistant.index.snapshot
    return {
        "versions": versions,
        "broken": broken,
        "answers": answer.text != say.FAILED,
        "in_step": len(snapshot.ids) == assistant.store.count() == assistant.index._lexical.count(),
    }


def _probe(assistant: Any) -> dict[str, Any]:
    """How many passages the rebuilt index does not find by their own vectors."""
    index = assistant.index
    lost = 0
    for passage_id, row in zip(index.snapshot.ids, index.snapshot.vectors, strict=True):
        near = index.dense(row, 10)
        lost += not any(i == passage_id for i, _ in near) and not near[-1][1] > 1 - 1e-4
    return {"ready": index.ready, "faults": list(index.faults), "lost": lost, "passages": len(index.snapshot.ids)}


# -- the one that kills ------------------------------------------------------------------------------------------------


def start(folder: Path, *, to_the_end: bool = False) -> subprocess.Popen[str]:
    """The process to kill, in a session of its own."""
    command = [sys.executable, __file__, "--work", str(folder), *(["--to-the-end"] if to_the_end else [])]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=open(folder / "stderr", "ab"), text=True, start_new_session=True
    )


def acknowledged(folder: Path) -> dict[str, int]:
    """The last acknowledged version of each paper; a line cut short counts for nothing."""
    path = folder / "acknowledged"
    lines = path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []
    return {name: int(version) for name, version in (line.split() for line in lines)}


def faults_of(told: dict[str, Any], acks: dict[str, int], written: dict[str, int]) -> list[str]:
    """What a process that came after a kill found wrong."""
    found = []
    if state := told.get("opened"):
        versions = state["versions"]
        lost = [name for name, version in acks.items() if versions.get(name, -1) < version]
        invented = [name for name, version in versions.items() if version > written.get(name, -1)]
        found += [f"acknowledged but not stored: {lost}"] * bool(lost)
        found += [f"stored but never written: {invented}"] * bool(invented)
        found += [f"not whole: {state['broken']}"] * bool(state["broken"])
        found += ["does not answer"] * (not state["answers"])
        found += ["the lexical index is not in step"] * (not state["in_step"])
    if probe := told.get("checked"):
        found += [f"{probe['lost']} of {probe['passages']} passages lost"] * bool(probe["lost"])
        found += [f"the index is not ready: {probe['faults']}"] * (not probe["ready"])
    return found


def orphans(folder: Path) -> list[int]:
    """Processes that still have this folder on their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                line = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if os.fsencode(folder) in line:
                found.append(int(entry.name))
    return found


def run(folder: Path, rounds: int, seed: int) -> dict[str, Any]:
    """All rounds; what was found wrong, and when the kills fell."""
    chance = random.Random(seed)
    (folder / "papers").mkdir(parents=True)
    written: dict[str, int] = {}
    faults: list[str] = []
    phases = {"opening": 0, "indexing": 0, "reading": 0, "done": 0}
    started = time.monotonic()
    for number in range(rounds):
        for paper_number in range(FILES) if number == 0 else chance.sample(range(FILES), FILES // 2):
            (folder / "papers" / f"{paper_number}.md").write_text(paper(paper_number, number), encoding="utf-8")
            written[str(paper_number)] = number
        acks = acknowledged(folder)
        child = start(folder)
        assert child.stdout
        phase = chance.choices(("opening", "indexing", "reading"), (1, 1, 6))[0]
        told: dict[str, Any] = {}
        wanted = {"opening": "", "indexing": "opened", "reading": "checked"}[phase]
        while wanted and wanted not in told and (line := child.stdout.readline()):
            told |= json.loads(line)
        time.sleep(chance.uniform(0, {"opening": 2.5, "indexing": 1.0, "reading": 2.5}[phase]))
        os.kill(child.pid, signal.SIGKILL)
        rest, _ = child.communicate()
        for line in rest.splitlines():
            if line.endswith("}"):
                told |= json.loads(line)
        phases["done" if "end" in told else phase] += 1
        if child.returncode not in (0, -signal.SIGKILL) or (wanted and wanted not in told):
            faults.append(f"round {number}: ended by itself with {child.returncode}")
        faults += [f"round {number}: {fault}" for fault in faults_of(told, acks, written)]
    acks = acknowledged(folder)  # before this process adds its own: its first report is of what it found
    child = start(folder, to_the_end=True)
    output, _ = child.communicate()
    told = {}
    for line in output.splitlines():
        told |= json.loads(line)
    faults += [f"at the end: {fault}" for fault in faults_of(told, acks, written)]
    end = told.get("end")
    if end is None:
        faults.append(f"at the end: ended with {child.returncode}")
    else:
        faults += [
            f"at the end: {f}" for f in faults_of({"opened": end["state"], "checked": end["probe"]}, written, written)
        ]
        if end["changed_again"] or end["unchanged_again"] != FILES:
            faults.append("at the end: reading again changed something")
    time.sleep(0.5)
    faults += [f"left running: {pid}" for pid in orphans(folder)]
    return {
        "rounds": rounds,
        "seed": seed,
        "killed_while": phases,
        "faults": faults,
        "seconds": round(time.monotonic() - started, 1),
        "stderr": (folder / "stderr").read_text(encoding="utf-8", errors="replace")[-2000:] if faults else "",
    }


def main() -> None:
    """Parse the command line, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--to-the-end", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        work(given.work, to_the_end=given.to_the_end)
        return
    with tempfile.TemporaryDirectory() as folder:
        result = run(Path(folder), given.rounds, given.seed)
    if given.json:
        given.json.write_text(json.dumps(result, indent=1), encoding="utf-8")
    print(json.dumps(result, indent=1, ensure_ascii=False))
    sys.exit(1 if result["faults"] else 0)


if __name__ == "__main__":
    main()
