"""Ingests until the disk is full, asks, makes room, ingests again: `python full_disk.py FOLDER LEFT`, one JSON line.

FOLDER lies on a small disk of its own, or an empty file `FOLDER/limit` says that the size of files is limited instead.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from small import WordEmbedder

import ingest.sync
import knowledge.assistant
from ingest.sync import Report, Sync
from knowledge import say
from knowledge.settings import Settings
from knowledge.types import Question

WORDS = ("chè", "miến", "gạo", "mật", "tre", "rượu")


def papers(folder: Path, words: tuple[str, ...], articles: int) -> Path:
    """Papers about these products."""
    folder.mkdir()
    for word in words:
        lines = [f"# Quy định về {word}"]
        for n in range(1, articles + 1):
            lines += [f"## Điều {n}. Về {word}", f"Sản phẩm {word} của xã theo điều {n} gồm {'hồ sơ, ' * 20}nhãn."]
        (folder / f"{word}.md").write_text("\n\n".join(lines), encoding="utf-8")
    return folder


def fill(folder: Path, left: int) -> Path:
    """Take all space but so many bytes."""
    filler = folder / "filler"
    with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(64 * 1024))
    with open(filler, "r+b") as file:
        file.truncate(max(0, filler.stat().st_size - left))
    return filler


def main(folder: Path, left: int) -> dict[str, Any]:
    """What happened, for the test to judge."""
    ingest.sync._ROOM = 0  # the guard is tested apart: here the write itself must fail
    knowledge.assistant.load_embedder = lambda *_a, **_n: WordEmbedder()
    assistant = knowledge.assistant.open_assistant(Settings(_env_file=None, data_dir=folder / "data"))  # type: ignore[call-arg]
    sync = Sync(assistant)
    first = sync.run([papers(folder / "first", WORDS[:2], 6)])
    assistant.index.warm(wait=True)
    more = papers(folder / "more", WORDS[2:], 120)

    def told(report: Report) -> list[tuple[str, str]]:
        return [(file.status, file.reason) for file in report.files]

    def asked() -> dict[str, Any]:
        answer = assistant.ask(Question("Sản phẩm chè của xã theo điều 3 gồm gì?"))
        hits = assistant.search("Sản phẩm chè của xã").current
        return {"failed": answer.text == say.FAILED, "hits": sum("chè" in hit.passage.text for hit in hits)}

    before = assistant.store.count()
    limited = (folder / "limit").exists()
    if limited:
        database = max(path.stat().st_size for path in (folder / "data").glob("sotay.db*"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (database + left, resource.RLIM_INFINITY))
    else:
        filler = fill(folder, left)
    full = sync.run([more])
    result = {
        "first": told(first),
        "full": told(full),
        "while_full": asked(),
        "grew": assistant.store.count() - before,
        "faults_while_full": list(assistant.index.faults),
    }
    if limited:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    else:
        filler.unlink()
    again = sync.run([more])
    assistant.index.warm(wait=True)
    snapshot = assistant.index.snapshot
    result |= {
        "again": told(again),
        "after": asked(),
        "ready": assistant.index.ready,
        "faults": list(assistant.index.faults),
        "in_step": len(snapshot.ids) == assistant.store.count() == assistant.index._lexical.count(),
        "lost": assistant.index._chroma.unlike(snapshot.ids, snapshot.vectors),
        "found": sum(assistant.index.dense(row, 5)[0][1] > 0.999 for row in snapshot.vectors) / len(snapshot.ids),
        "unchanged": sync.run([more]).count("unchanged"),
    }
    assistant.close()
    return result


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2])), ensure_ascii=False))
