"""One paper in two files is cited once, and the copy takes over when the cited file goes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ingest_texts import DECISION
from small import PAGES

from ingest.sync import Report, Sync
from knowledge.types import Question

ONE = {"cau-chuyen.md": PAGES["bao-bi/cau-chuyen.md"]}
AS_HTML = "<html><body><div>TRANG CÔNG BÁO</div>{}</body></html>"


@pytest.fixture
def sync(house_with: Callable[..., Any]) -> Sync:
    """The sync of an assistant whose handbook has one page."""
    found: Sync = house_with(pages=ONE).sync
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The decision of an office, as text."""
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "a-qd-7.txt").write_text(DECISION, encoding="utf-8")
    return papers


def as_html(text: str = DECISION) -> str:
    """The same decision as a web page, with a line of the page around it."""
    return AS_HTML.format("".join(f"<p>{line}</p>" for line in text.splitlines()))


def told(report: Report) -> dict[str, tuple[str, str, int]]:
    """(status, reason, passages) by file name."""
    return {Path(file.path).name: (file.status, file.reason, file.passages) for file in report.files}


def official(sync: Sync) -> list[str]:
    """What the indexed official documents come from."""
    return sorted(Path(d.origin).name for d in sync.assistant.store.documents() if d.kind != "handbook")


def test_the_same_decision_in_another_format_is_a_copy(sync: Sync, folder: Path) -> None:
    before = sync.assistant.store.count()
    (folder / "b-qd-7.html").write_text(as_html(), encoding="utf-8")
    found = told(sync.run([folder]))
    assert found["a-qd-7.txt"][0] == "read"
    status, reason, passages = found["b-qd-7.html"]
    assert (status, passages) == ("read", 0)
    assert "bản sao của «a-qd-7.txt»" in reason
    assert official(sync) == ["a-qd-7.txt"]
    assert sync.assistant.store.count() == before + found["a-qd-7.txt"][2]
    answer = sync.assistant.ask(Question("Người nuôi ong phải đặt tổ cách nhà bao nhiêu mét?"))
    assert len({c.passage_id for c in answer.citations}) == len(answer.citations)
    again = told(sync.run([folder]))
    assert {status for status, _, _ in again.values()} == {"unchanged"}
    assert "bản sao" in again["b-qd-7.html"][1]


def test_the_copy_takes_the_place_of_the_cited_one(sync: Sync, folder: Path) -> None:
    (folder / "b-qd-7.html").write_text(as_html(), encoding="utf-8")
    shutil.copy(folder / "a-qd-7.txt", folder / "c-qd-7.txt")
    sync.run([folder])
    (folder / "a-qd-7.txt").unlink()
    found = told(sync.run([folder], prune=True))
    assert found["a-qd-7.txt"][0] == "removed"
    assert found["b-qd-7.html"][2] > 0
    assert "bản sao của «b-qd-7.html»" in found["c-qd-7.txt"][1]
    assert official(sync) == ["b-qd-7.html"]
    assert sync.assistant.index.snapshot.ids
    assert len(sync.assistant.index.snapshot.ids) == sync.assistant.store.count()


def test_a_removed_copy_leaves_the_cited_one(sync: Sync, folder: Path) -> None:
    copy = folder / "b-qd-7.html"
    copy.write_text(as_html(), encoding="utf-8")
    sync.run([folder])
    copy.unlink()
    sync.run([folder], prune=True)
    assert official(sync) == ["a-qd-7.txt"]


def test_an_unsigned_copy_gives_way_to_the_signed_one(sync: Sync, folder: Path) -> None:
    unsigned = DECISION.replace("Số: 7/2026/QĐ-UBND", "Số:      /QĐ-UBND")
    (folder / "a-qd-7.txt").write_text(unsigned, encoding="utf-8")
    sync.run([folder])
    assert official(sync) == ["a-qd-7.txt"]
    (folder / "b-qd-7.html").write_text(as_html(), encoding="utf-8")
    sync.run([folder])
    assert official(sync) == ["b-qd-7.html"]
    assert "bản sao" in told(sync.run([folder]))["a-qd-7.txt"][1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("7/2026/QĐ-UBND", "8/2026/QĐ-UBND"),  # the next decision from the same mould
        ("TỈNH X", "TỈNH Y"),  # another province's number 7
        ("Số: 7/2026/QĐ-UBND\n", "Số:     /QĐ-UBND\nVề 30 hộ, 40 đàn, 50 tổ, 60 thùng\n"),  # a draft with other figures
    ],
)
def test_another_paper_from_the_same_mould_is_no_copy(sync: Sync, folder: Path, old: str, new: str) -> None:
    (folder / "b.txt").write_text(DECISION.replace(old, new), encoding="utf-8")
    sync.run([folder])
    assert official(sync) == ["a-qd-7.txt", "b.txt"]


def test_short_notes_that_differ_in_a_word_are_two(sync: Sync, folder: Path) -> None:
    for name in ("chè", "gạo"):
        (folder / f"{name}.txt").write_text(f"Hội thảo về {name} của xã mở lúc 8 giờ ngày 5 tháng 3 ở nhà văn hóa.\n")
    shutil.copy(folder / "chè.txt", folder / "chè (1).txt")
    sync.run([folder])
    assert official(sync) == ["a-qd-7.txt", "chè (1).txt", "gạo.txt"]


def test_monthly_reports_from_one_mould_differ_in_their_figures(sync: Sync, folder: Path) -> None:
    line = (
        "Hộ ông Nguyễn Văn {0} ở thôn số {0} có {1} đàn ong, thu được mật hoa nhãn và đã báo cho ủy ban xã biết rõ.\n"
    )
    may = "".join(line.format(number, 2 * number) for number in range(100, 140))
    (folder / "thang-5.txt").write_text(may, encoding="utf-8")
    (folder / "thang-5.html").write_text(as_html(may), encoding="utf-8")
    (folder / "thang-6.txt").write_text(may.replace("có 200 đàn", "có 300 đàn"), encoding="utf-8")
    sync.run([folder])
    assert official(sync) == ["a-qd-7.txt", "thang-5.html", "thang-6.txt"]


def test_a_copy_that_is_edited_speaks_for_itself_and_the_other_way_round(sync: Sync, folder: Path) -> None:
    copy = folder / "b-qd-7.html"
    copy.write_text(as_html(), encoding="utf-8")
    sync.run([folder])
    copy.write_text(as_html(DECISION.replace("7/2026", "9/2026")), encoding="utf-8")
    sync.run([folder])
    assert official(sync) == ["a-qd-7.txt", "b-qd-7.html"]
    copy.write_text(as_html(), encoding="utf-8")
    sync.run([folder])
    assert official(sync) == ["a-qd-7.txt"]
    (folder / "a-qd-7.txt").write_text(DECISION.replace("7/2026", "9/2026"), encoding="utf-8")
    assert told(sync.run([folder]))["b-qd-7.html"][2] > 0
    assert official(sync) == ["a-qd-7.txt", "b-qd-7.html"]


def test_an_excerpt_gives_way_to_the_whole(sync: Sync, folder: Path) -> None:
    (folder / "a-qd-7.txt").write_text(DECISION.split("Điều 3.")[0], encoding="utf-8")
    sync.run([folder])
    (folder / "b-qd-7.html").write_text(as_html(), encoding="utf-8")
    sync.run([folder])
    assert official(sync) == ["b-qd-7.html"]


def test_a_decision_that_the_office_adds_is_proposed_once(sync: Sync, folder: Path) -> None:
    (folder / "b-qd-7.html").write_text(as_html(), encoding="utf-8")
    report = sync.run([folder]).as_data()
    assert [one["number"] for one in report["proposals"]] == ["7/2026/QĐ-UBND"]
    assert any("7/2026/QĐ-UBND" in note for note in report["notes"])
    assert "proposals" not in sync.run([folder]).as_data()
    shutil.rmtree(folder)
    folder.mkdir()
    sync.run([folder], prune=True)
    assert sync.assistant.overlay.proposals() == []
