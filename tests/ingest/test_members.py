"""Files inside files: each its own document, what cannot be read told by name, gone from the archive is gone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from papers import LAW, mail, pdf, word, zipped
from small import PAGES

from ingest.readers import MAIL, ZIP, read_bytes
from ingest.sync import Sync
from knowledge.errors import Unreadable


def test_members_of_an_archive_are_readings_of_their_own() -> None:
    reading = read_bytes(
        zipped({"a/quyet-dinh.pdf": pdf(), "ghi chú.txt": "Nhớ nộp báo cáo.".encode(), "x.bin": b"\x7fELF"})
    )
    assert reading.media_type == ZIP
    assert reading.blocks == ()
    found = {member.name: member for member in reading.members}
    assert set(found) == {"a/quyet-dinh.pdf", "ghi chú.txt", "x.bin"}
    assert found["a/quyet-dinh.pdf"].reading.text == "\n".join(LAW)  # type: ignore[union-attr]
    assert found["x.bin"].reading is None
    assert "chương trình" in found["x.bin"].reason


def test_system_files_of_an_archive_are_passed_over() -> None:
    entries = {"__MACOSX/a.txt": b"x", ".DS_Store": b"x", "~$a.docx": b"x", "a.txt": "Chào bạn.".encode()}
    assert [member.name for member in read_bytes(zipped(entries)).members] == ["a.txt"]


def test_an_empty_archive_is_told() -> None:
    with pytest.raises(Unreadable, match="không có tệp nào"):
        read_bytes(zipped({}))


def test_a_mail_has_a_head_a_text_and_members() -> None:
    reading = read_bytes(mail("Kính gửi xã,\n\nĐề nghị góp ý dự thảo.", **{"dự thảo.docx": word()}))
    assert reading.media_type == MAIL
    assert reading.title == "Góp ý về nuôi ong"
    assert "Người gửi: Phòng Kinh tế" in reading.text
    assert "Đề nghị góp ý dự thảo." in reading.text
    assert [member.name for member in reading.members] == ["dự thảo.docx"]
    assert reading.members[0].reading.text == "\n".join(LAW)  # type: ignore[union-attr]


def test_members_become_documents_and_leave_with_the_archive(house_with: Callable[..., Any], tmp_path: Path) -> None:
    sync: Sync = house_with(pages=dict(list(PAGES.items())[:1])).sync
    assistant = sync.assistant
    folder = tmp_path / "papers"
    folder.mkdir()
    box = folder / "ho-so.zip"
    note = "Hộ nuôi ong phải báo cáo số đàn trước ngày 15 hằng tháng."
    box.write_bytes(zipped({"luat.docx": word(), "nhac.txt": note.encode()}))
    (folder / "khac.txt").write_text("Một tờ khác nói về mật hoa nhãn và mùa hoa.", encoding="utf-8")
    (folder / "nua.txt").write_text("Một tờ nữa nói về chuồng trại chăn nuôi gà thả đồi.", encoding="utf-8")
    report = sync.run([folder])
    (told,) = [file for file in report.files if file.path.endswith("ho-so.zip")]
    assert told.status == "read"
    assert "2 tệp bên trong, đọc được 2" in told.reason
    assert told.passages > 1
    titles = {document.origin for document in assistant.store.documents()}
    assert any(origin.endswith("ho-so.zip/luat.docx") for origin in titles)
    assert any(origin.endswith("ho-so.zip/nhac.txt") for origin in titles)
    assert {file.status for file in sync.run([folder]).files} == {"unchanged"}
    box.write_bytes(zipped({"luat.docx": word()}))
    sync.run([folder])
    origins = {document.origin for document in assistant.store.documents()}
    assert not any(origin.endswith("nhac.txt") for origin in origins)
    assert any(origin.endswith("luat.docx") for origin in origins)
    box.unlink()
    sync.run([folder], prune=True)
    assert not any("ho-so.zip" in document.origin for document in assistant.store.documents())
