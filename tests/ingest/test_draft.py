"""Describing and cutting in the parsing child: bounded for hostile text, and nothing the child may not decide."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ingest_texts import DECISION
from papers import LAW, mail, word

from ingest.draft import Asked, draft, from_data, to_data
from ingest.metadata import place
from ingest.preflight import Limits
from ingest.readers import read_bytes
from ingest.sandbox import Sandbox
from knowledge.errors import Unreadable

MB = 1024 * 1024


def asked(path: Path = Path("/x/quyet-dinh.txt"), **said: Any) -> Asked:
    origin, kind = place(path)
    return Asked(**{"name": str(path), "path": str(path), "sha256": "0" * 64, "origin": origin, "kind": kind} | said)


def crossed(data: dict[str, Any], question: Asked) -> Any:
    return from_data(json.loads(json.dumps(data)), question)


@pytest.mark.parametrize(
    "data", [DECISION.encode(), word(), mail("Kính gửi xã.", **{"luật.docx": word(), "x.bin": b"MZ\0"})]
)
def test_a_draft_crosses_as_plain_data(data: bytes) -> None:
    made = draft(asked(), read_bytes(data))
    again = crossed(to_data(made), asked())
    assert again.document == made.document
    assert again.passages == made.passages
    assert [passage.id for passage in again.passages] == [passage.id for passage in made.passages]
    assert again.proposal == made.proposal
    assert (again.failed, again.holds) == (made.failed, made.holds)
    assert [(n, d.document, d.passages) for n, d in again.inside] == [
        (n, d.document, d.passages) for n, d in made.inside
    ]
    if made.mark:
        assert again.mark.figures == made.mark.figures
        assert list(again.mark.sketch) == list(made.mark.sketch)


def test_a_decision_brings_document_passages_print_and_proposal(tmp_path: Path) -> None:
    path = tmp_path / "qd.txt"
    path.write_text(DECISION, encoding="utf-8")
    with Sandbox() as sandbox:
        made = sandbox.draft(path, asked(path))
    assert made.document.instrument == "7/2026/QĐ-UBND"
    assert len(made.passages) > 5
    assert made.mark is not None
    assert made.proposal is not None
    assert made.proposal.number == "7/2026/QĐ-UBND"


@pytest.mark.parametrize(
    "change",
    [
        {"id": "cam-nang-000000000000"},
        {"kind": "handbook"},
        {"origin": "handbook/a.md"},
    ],
)
def test_a_child_cannot_speak_for_another_document(change: dict[str, str]) -> None:
    data = to_data(draft(asked(), read_bytes(DECISION.encode())))
    with pytest.raises(ValueError, match="another document"):
        crossed({**data, "document": {**data["document"], **change}}, asked())
    inner = to_data(draft(asked(), read_bytes(mail("Chào.", **{"a.txt": b"Xin chao xa"}))))
    inner["inside"][0][1]["document"].update(change)
    with pytest.raises(ValueError, match="another document"):
        crossed(inner, asked())


def test_an_answer_of_another_shape_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Nuôi ong.", encoding="utf-8")
    with Sandbox() as sandbox:
        monkeypatch.setattr(sandbox, "_answered", lambda *_: {"draft": {"document": {}}})
        with pytest.raises(Unreadable, match="trả lời sai"):
            sandbox.draft(path, asked(path))


HEAD = "Số: 7/2026/QĐ-UBND\nQUYẾT ĐỊNH\nVề ong\nCăn cứ Luật;\nĐiều 1. A\n"
HOSTILE: dict[str, Callable[[int], str]] = {
    "one line of words": lambda n: "ong mật " * (n // 8),
    "one word": lambda n: "x" * n,
    "capitals": lambda n: "A" * n,
    "abbreviations": lambda n: "Điều 1. " * (n // 8),
    "decimals": lambda n: "1.1." * (n // 4),
    "spaces": lambda n: "a" + " " * n + "b",
    "leaders": lambda n: "." * n + "a",
    "effect clauses": lambda n: HEAD + "Quyết định này có hiệu lực từ ngày " * (n // 36),
    "repeals": lambda n: HEAD + "Bãi bỏ " + "Quyết định số 1/2020/QĐ-TTg, " * (n // 30),
    "enacting": lambda n: "Chính phủ " + "a " * (n // 2),
    "legacy letters": lambda n: "aù oâ " * (n // 6),
    "headings": lambda n: "\n\n".join(f"# {i}" for i in range(n // 20)),
    "articles": lambda n: "\n".join(f"Điều {i % 900 + 1}. A" for i in range(n // 40)),
    "first articles": lambda n: "\n".join("QUY CHẾ\nĐiều 1. A" for i in range(n // 60)),
    "clauses": lambda n: "Điều 1. A\n" + "\n".join(f"{i % 999}. A" for i in range(n // 20)) + "\nĐiều 2. B",
    "points and text": lambda n: "Điều 1. A\na) B\n" + "c\n" * (n // 10) + "Điều 2. B",
    "chapters": lambda n: "Điều 1. A\n" + "Chương I\n" * (n // 40) + "Điều 2. B",
    "appendices": lambda n: "Điều 1. A\nĐiều 2. A\n" + "PHỤ LỤC I\n" * (n // 40),
    "receivers": lambda n: "Nơi nhận:\n" * (n // 40),
    "quotations": lambda n: "Điều 1. A\n" + "“a\n" * (n // 10) + "Điều 2. B",
    "nested items": lambda n: "\n".join("  " * min(i, 200) + "- a" for i in range(n // 200)),
    "brackets": lambda n: "[" * n + " a",
    "sources": lambda n: "---\ninstruments: [a]\n---\n# a\n" + "{a " * (n // 10),
    "table": lambda n: "|a|b|\n|-|-|\n" + "|1|2|\n" * (n // 30),
    "wide table": lambda n: "|" + "a|" * (n // 20) + "\n|" + "-|" * (n // 20) + "\n",
    "labels": lambda n: "# t\n\n" + "**ong:**\n\n" * (n // 16),
}  # fmt: skip


def work(text: str) -> int:
    """How many calls and lines of our own code it takes to make a draft of a text."""
    ours = str(Path(__file__).parent.parent.parent / "ingest")
    count = 0

    def trace(frame: Any, event: str, _arg: object) -> Any:
        nonlocal count
        if not frame.f_code.co_filename.startswith(ours):
            return None
        count += 1
        return trace

    reading = read_bytes(text.encode())
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        draft(asked(), reading)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_text_is_twice_the_work(name: str) -> None:
    build = HOSTILE[name]
    once, twice = work(build(20_000)), work(build(40_000))
    assert twice < 2.6 * once + 2_000


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Limits(wall_seconds=40)) as found:
        yield found


@pytest.mark.parametrize("name", HOSTILE)
def test_much_of_it_ends_within_the_childs_limits(name: str, sandbox: Sandbox, tmp_path: Path) -> None:
    """Regular expressions that go back and forth show in no count of calls, only in the child's processor time."""
    path = tmp_path / "a.txt"
    path.write_text(HOSTILE[name](MB // 4), encoding="utf-8")
    made = sandbox.draft(path, asked(path))
    assert all(len(passage.text) <= 5_000 for passage in made.passages)


def test_five_megabytes_on_one_line_become_passages_or_a_reason(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "dai.txt"
    path.write_text(" ".join(LAW) * (5 * MB // 300), encoding="utf-8")
    made = sandbox.draft(path, asked(path))
    assert len(made.passages) > 1_000
    assert max(len(passage.text) for passage in made.passages) <= 2_000


def test_text_that_takes_too_long_to_cut_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\n".join(f"Điều {i % 900 + 1}. A" for i in range(60_000)), encoding="utf-8")
    with (
        Sandbox(Limits(wall_seconds=1.0, seconds_per_mb=0)) as sandbox,
        pytest.raises(Unreadable, match="quá lâu"),
    ):
        sandbox.draft(path, asked(path))
