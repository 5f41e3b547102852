"""Folders and files into the knowledge: what changed is read, the rest stays, and a report tells everything."""

from __future__ import annotations

import json
import os
import shutil
import threading
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from small import PAGES, WordEmbedder
from sqlalchemy import func, select

import ingest.sync
from ingest.sync import FILES, Report, Sync
from knowledge.assistant import Assistant
from knowledge.errors import BadInput, SotayError
from knowledge.store import PASSAGES
from knowledge.types import Question

ARTICLES = """QUYẾT ĐỊNH

## Điều 1. Phạm vi
Quyết định này quy định về sản phẩm {word} của xã.

## Điều 2. Hồ sơ
Hồ sơ gồm đơn đề nghị và phương án kinh doanh.

## Điều 3. Hiệu lực
Quyết định này có hiệu lực từ ngày 01 tháng 3 năm 2026.
"""


ONE = {"cau-chuyen.md": PAGES["bao-bi/cau-chuyen.md"]}


class Counted(WordEmbedder):
    """Remembers which texts it was asked to embed."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """One unit row for each text."""
        self.texts += texts
        return super().passages(texts)


@pytest.fixture
def sync(house_with: Callable[..., Any]) -> Sync:
    """The sync of an assistant whose handbook has one page."""
    found: Sync = house_with(pages=ONE).sync
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six papers of an office."""
    papers = tmp_path / "papers"
    papers.mkdir()
    for word in ("chè", "miến", "gạo", "mật", "tre", "rượu"):
        (papers / f"{word}.md").write_text(ARTICLES.format(word=word), encoding="utf-8")
    return papers


def statuses(report: Report) -> dict[str, str]:
    """Status by file name."""
    return {Path(file.path).name: file.status for file in report.files}


def state(assistant: Assistant) -> tuple[Any, ...]:
    """All that a run could write."""
    store = assistant.store
    with assistant.engine.connect() as connection:
        files = connection.scalar(select(func.count()).select_from(FILES))
        passages = set(connection.scalars(select(PASSAGES.c.id)))
    return store.generation(), passages, {d.id: d.sha256 for d in store.documents()}, files


def found(assistant: Assistant, words: str) -> list[str]:
    """Texts that hold the words, through the index."""
    hits = assistant.index.lexical(words, 50)
    return [p.text for p in assistant.store.passages([i for i, _ in hits]) if words in p.text]


def test_a_folder_is_read_once_and_then_unchanged(sync: Sync, folder: Path) -> None:
    first = sync.run([folder])
    assert set(statuses(first).values()) == {"read"}
    assert len(first.files) == 6
    before = state(sync.assistant)
    second = sync.run([folder])
    assert set(statuses(second).values()) == {"unchanged"}
    assert state(sync.assistant) == before
    assert [f.passages for f in second.files] == [f.passages for f in first.files]
    assert found(sync.assistant, "sản phẩm miến")


def test_a_touched_or_copied_back_file_is_unchanged(sync: Sync, folder: Path) -> None:
    sync.run([folder])
    os.utime(folder / "chè.md", (1, 1))
    assert statuses(sync.run([folder]))["chè.md"] == "unchanged"


def test_editing_one_clause_embeds_only_that_clause(sync: Sync, folder: Path) -> None:
    embedder = Counted()
    sync.assistant.index.embedder = embedder
    path = folder / "chè.md"
    sync.run([path])
    assert len(embedder.texts) >= 3
    embedder.texts.clear()
    path.write_text(path.read_text().replace("phương án kinh doanh", "bản cam kết"), encoding="utf-8")
    report = sync.run([path])
    assert statuses(report) == {"chè.md": "read"}
    assert len(embedder.texts) == 1
    assert "bản cam kết" in embedder.texts[0]
    assert found(sync.assistant, "bản cam kết")
    assert not found(sync.assistant, "phương án kinh doanh")


def test_a_removed_file_takes_its_passages_and_no_others(sync: Sync, folder: Path) -> None:
    sync.run([folder])
    (folder / "tre.md").unlink()
    report = sync.run([folder])
    assert statuses(report)["tre.md"] == "removed"
    assert not found(sync.assistant, "sản phẩm tre")
    assert found(sync.assistant, "sản phẩm gạo")
    assert "tre.md" not in statuses(sync.run([folder]))


def test_a_run_over_one_folder_leaves_the_others_alone(sync: Sync, folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "papers-2"
    other.mkdir()
    (other / "ong.md").write_text(ARTICLES.format(word="ong"), encoding="utf-8")
    sync.run([folder, other])
    (other / "ong.md").unlink()
    assert "ong.md" not in statuses(sync.run([folder]))
    assert found(sync.assistant, "sản phẩm ong")
    assert statuses(sync.run([other])) == {"ong.md": "removed"}


@pytest.mark.parametrize("how", ["emptied", "unmounted", "half"])
def test_many_files_vanishing_at_once_remove_nothing_without_prune(sync: Sync, folder: Path, how: str) -> None:
    sync.run([folder])
    before = state(sync.assistant)
    if how == "unmounted":
        shutil.move(folder, folder.with_name("elsewhere"))
    else:
        for path in sorted(folder.iterdir())[: 6 if how == "emptied" else 3]:
            path.unlink()
    report = sync.run([folder])
    assert "removed" not in statuses(report).values()
    assert "--prune" in report.notes[0]
    assert state(sync.assistant) == before
    pruned = sync.run([folder], prune=True)
    assert pruned.count("removed") == (3 if how == "half" else 6)
    assert sync.assistant.store.count() == len(sync.assistant.index.snapshot.ids)


def test_an_unmounted_folder_of_one_file_removes_nothing(sync: Sync, folder: Path) -> None:
    for path in sorted(folder.iterdir())[1:]:
        path.unlink()
    sync.run([folder])
    shutil.move(folder, folder.with_name("elsewhere"))
    assert sync.run([folder]).notes
    assert found(sync.assistant, "Hồ sơ gồm")


def test_a_file_named_alone_and_gone_is_removed(sync: Sync, folder: Path) -> None:
    sync.run([folder / "chè.md"])
    (folder / "chè.md").unlink()
    assert statuses(sync.run([folder / "chè.md"])) == {"chè.md": "removed"}
    assert not found(sync.assistant, "sản phẩm chè")
    with pytest.raises(BadInput, match=r"Không có tệp hay thư mục «.*chè\.md»"):
        sync.run([folder / "chè.md"])


def test_one_bad_file_does_not_stop_a_run(sync: Sync, folder: Path) -> None:
    (folder / "a-hong.html").write_bytes(b"")
    (folder / "b-la.xyz").write_bytes(bytes(range(256)) * 40)
    report = sync.run([folder])
    assert report.count("read") == 6
    bad = {Path(f.path).name: f for f in report.files if f.status in ("failed", "refused")}
    assert set(bad) == {"a-hong.html", "b-la.xyz"}
    assert all(f.reason.endswith(".") for f in bad.values())


def test_a_file_that_breaks_keeps_its_last_good_state(sync: Sync, folder: Path) -> None:
    sync.run([folder])
    before = state(sync.assistant)
    (folder / "gạo.md").write_bytes(b"\x00" * 2000)
    report = sync.run([folder])
    assert statuses(report)["gạo.md"] in ("failed", "refused")
    assert state(sync.assistant) == before
    assert found(sync.assistant, "sản phẩm gạo")
    (folder / "gạo.md").write_text(ARTICLES.format(word="gạo nếp"), encoding="utf-8")
    assert statuses(sync.run([folder]))["gạo.md"] == "read"
    assert found(sync.assistant, "sản phẩm gạo nếp")


def test_a_dry_run_reads_everything_and_writes_nothing(sync: Sync, folder: Path) -> None:
    sync.run([folder])
    before, data = state(sync.assistant), sync.assistant.settings.data_dir
    index_before = {p.name for p in (data / "index").iterdir()}
    (folder / "chè.md").write_text(ARTICLES.format(word="chè xanh"), encoding="utf-8")
    (folder / "mới.md").write_text(ARTICLES.format(word="mới"), encoding="utf-8")
    (folder / "tre.md").unlink()
    report = sync.run([folder], dry_run=True)
    assert statuses(report) == {
        "chè.md": "read", "gạo.md": "unchanged", "miến.md": "unchanged", "mới.md": "read", "mật.md": "unchanged",
        "rượu.md": "unchanged", "tre.md": "removed",
    }  # fmt: skip
    assert all("chạy thử" in f.reason for f in report.files if f.status != "unchanged")
    assert state(sync.assistant) == before
    assert {p.name for p in (data / "index").iterdir()} == index_before
    assert statuses(sync.run([folder]))["tre.md"] == "removed"


def test_the_report_is_shaped_as_the_design_says(sync: Sync, folder: Path) -> None:
    (folder / "a-hong.html").write_bytes(b"")
    data = json.loads(json.dumps(sync.run([folder]).as_data(), ensure_ascii=False))
    assert set(data) == {"files", "totals", "notes"}
    for file in data["files"]:
        assert set(file) == {"path", "status", "reason", "type", "pages", "passages", "seconds", "warnings"}
        assert file["status"] in ("read", "unchanged", "refused", "failed", "removed")
        assert Path(file["path"]).is_absolute()
    totals = data["totals"]
    assert (totals["files"], totals["read"]) == (7, 6)
    assert totals["failed"] + totals["refused"] == 1
    assert totals["passages"] == sum(file["passages"] for file in data["files"]) > 0
    assert totals["seconds"] >= 0


def test_two_runs_at_once_do_not_mix(sync: Sync, folder: Path) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def wait(*_: object) -> None:
        inside.set()
        go_on.wait(10)

    first = threading.Thread(target=sync.run, args=([folder],), kwargs={"progress": wait})
    first.start()
    try:
        assert inside.wait(20)
        with pytest.raises(SotayError, match="Đang có một lượt nạp văn bản khác"):
            sync.run([folder])
    finally:
        go_on.set()
        first.join()
    assert statuses(sync.run([folder]))["chè.md"] == "unchanged"


NAMES = [
    unicodedata.normalize("NFD", "Quyết định về chè.md"),
    "hai\ndòng.md",
    "dấu cách  và 'nháy' \"kép\" & | ; $HOME.md",
    "rất-dài-" + "x" * 200 + ".md",
    "😀.md",
]


@pytest.mark.parametrize("name", NAMES, ids=["nfd", "newline", "shell", "long", "emoji"])
def test_names_as_people_give_them(sync: Sync, folder: Path, name: str) -> None:
    (folder / name).write_text(ARTICLES.format(word="lạ"), encoding="utf-8")
    report = sync.run([folder])
    assert statuses(report)[name] == "read"
    assert statuses(sync.run([folder]))[name] == "unchanged"
    (folder / name).unlink()
    assert statuses(sync.run([folder]))[name] == "removed"
    assert not found(sync.assistant, "sản phẩm lạ")


def test_a_name_that_is_no_utf_8_is_read_and_reported(sync: Sync, folder: Path) -> None:
    raw = os.fsencode(folder) + b"/c\xf4ng v\xe3n.md"
    Path(os.fsdecode(raw)).write_text(ARTICLES.format(word="lạ"), encoding="utf-8")
    report = sync.run([folder])
    told = next(file for file in report.files if "ng v" in file.path)
    assert told.status == "read"
    json.dumps(report.as_data(), ensure_ascii=False).encode("utf-8")
    assert set(statuses(sync.run([folder])).values()) == {"unchanged"}
    os.unlink(raw)
    assert sync.run([folder]).count("removed") == 1


def test_renaming_to_another_normal_form_loses_nothing(sync: Sync, folder: Path) -> None:
    """A disk that was copied by a Mac: the same names, decomposed."""
    sync.run([folder])
    before = sync.assistant.store.count()
    composed = folder / "chè.md"
    composed.rename(folder / unicodedata.normalize("NFD", "chè.md"))
    report = sync.run([folder])
    assert report.count("failed") == 0
    assert sync.assistant.store.count() == before
    assert found(sync.assistant, "sản phẩm chè")
    assert sync.run([folder]).count("unchanged") == 6


def test_hidden_and_office_lock_files_are_passed_over(sync: Sync, folder: Path) -> None:
    for name in (".DS_Store", "~$chè.docx", ".git/config.md"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("x", encoding="utf-8")
    os.symlink(folder / "nowhere", folder / "liên-kết.md")
    os.mkfifo(folder / "ống.md")
    assert len(sync.run([folder]).files) == 6


def test_a_file_given_twice_is_read_once(sync: Sync, folder: Path) -> None:
    assert len(sync.run([folder, folder / "chè.md", folder]).files) == 6


def test_a_run_cut_short_tells_the_index_what_the_store_took(sync: Sync, folder: Path) -> None:
    def stop(_file: object, number: int, _total: int) -> None:
        if number == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync.run([folder], progress=stop)
    assert 3 < sync.assistant.store.count() == len(sync.assistant.index.snapshot.ids)
    report = sync.run([folder])
    assert (report.count("unchanged"), report.count("read")) == (3, 3)


def test_a_nearly_full_disk_is_told_and_changes_nothing(
    sync: Sync, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(sync.assistant)
    with monkeypatch.context() as full:
        full.setattr(ingest.sync.shutil, "disk_usage", lambda _path: SimpleNamespace(free=1_000_000))
        report = sync.run([folder])
    assert {f.reason for f in report.files} == {ingest.sync._FULL}
    assert state(sync.assistant) == before
    assert sync.run([folder]).count("read") == 6


def test_what_was_read_in_is_answered_from_and_what_is_gone_is_not(sync: Sync, folder: Path) -> None:
    sync.run([folder])
    question = Question("Quyết định quy định về sản phẩm rượu của xã thế nào?")
    hits = sync.assistant.search(question.text).current
    assert any("sản phẩm rượu" in hit.passage.text for hit in hits)
    (folder / "rượu.md").unlink()
    sync.run([folder])
    hits = sync.assistant.search(question.text).current
    assert not any("sản phẩm rượu" in hit.passage.text for hit in hits)
