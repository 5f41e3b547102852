"""Word files: automatic numbers as text, merged and nested tables, notes, text boxes; .doc and .rtf by LibreOffice."""

from __future__ import annotations

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from papers import LAW, packed, rezipped, word

from ingest import programs
from ingest.blocks import Heading, Paragraph, Table
from ingest.readers import DOC, read_bytes
from knowledge.errors import Unreadable

W = nsdecls("w")


def texts(data: bytes) -> list[str]:
    return [block.text for block in read_bytes(data).blocks if isinstance(block, (Paragraph, Heading))]


LEVELS = (("decimal", "Điều %1."), ("decimal", "%2."), ("lowerLetter", "%3)"), ("upperRoman", "%4."))


def numbered(levels: tuple[tuple[str, str], ...], items: list[tuple[int, str]], *, restart: bool = False) -> bytes:
    document = docx.Document()
    numbering = document.part.numbering_part.element
    body = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for i, (form, text) in enumerate(levels)
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="90">{body}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {W} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>' if restart else ""
    numbering.append(parse_xml(f'<w:num {W} w:numId="91"><w:abstractNumId w:val="90"/>{again}</w:num>'))
    for n, (depth, text) in enumerate(items):
        paragraph = document.add_paragraph(text)
        which = 91 if restart and n >= len(items) // 2 else 90
        properties = f'<w:numPr {W}><w:ilvl w:val="{depth}"/><w:numId w:val="{which}"/></w:numPr>'
        paragraph._p.get_or_add_pPr().append(parse_xml(properties))
    return packed(document)


def test_automatic_numbers_of_articles_clauses_and_points() -> None:
    items = [
        (0, "Phạm vi"),
        (1, "Một"),
        (2, "Điểm đầu"),
        (2, "Điểm hai"),
        (1, "Hai"),
        (2, "Lại từ đầu"),
        (0, "Đối tượng"),
        (1, "Lại một"),
    ]
    assert texts(numbered(LEVELS, items)) == [
        "Điều 1. Phạm vi", "1. Một", "a) Điểm đầu", "b) Điểm hai", "2. Hai", "a) Lại từ đầu",
        "Điều 2. Đối tượng", "1. Lại một",
    ]  # fmt: skip


def test_lists_that_start_again_and_levels_that_carry_the_one_above() -> None:
    levels = (("upperRoman", "%1."), ("decimal", "%1.%2"))
    assert texts(numbered(levels, [(0, "a"), (1, "b"), (0, "c"), (1, "d")])) == ["I. a", "I.1 b", "II. c", "II.1 d"]
    assert texts(numbered((("decimal", "%1."),), [(0, "a"), (0, "b"), (0, "c"), (0, "d")], restart=True)) == [
        "1. a", "2. b", "1. c", "2. d",
    ]  # fmt: skip


def test_paragraphs_know_centring_and_bold_and_headings_their_level() -> None:
    document = docx.Document()
    document.add_heading("Chương trình", 1)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.add_run("QUYẾT ĐỊNH").bold = True
    assert read_bytes(packed(document)).blocks == (
        Heading(1, "Chương trình"),
        Paragraph("QUYẾT ĐỊNH", centred=True, bold=True),
    )


def test_merged_and_nested_tables() -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for i, row in enumerate((("Nhóm", "Điểm", ""), ("", "Tối đa", "Đạt"), ("Mật ong", "10", "8"))):
        for j, text in enumerate(row):
            table.cell(i, j).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    inner = table.cell(2, 0).add_table(2, 2)
    for i, text in enumerate(("Tên", "Loại", "Hoa nhãn", "Nguyên chất")):
        inner.cell(i // 2, i % 2).text = text
    (found,) = read_bytes(packed(document)).blocks
    assert isinstance(found, Table)
    assert found.rows[:2] == (("Nhóm", "Điểm", "Điểm"), ("Nhóm", "Tối đa", "Đạt"))
    assert found.header_rows == 2
    assert "Hoa nhãn: Nguyên chất" in found.rows[2][0]


def test_a_letterhead_table_is_read_column_by_column() -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    for i, text in enumerate(
        ("UBND XÃ MẬT", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Số: 7/QĐ-UBND", "ngày 5 tháng 3 năm 2026")
    ):
        table.cell(i // 2, i % 2).text = text
    assert texts(packed(document)) == [
        "UBND XÃ MẬT", "Số: 7/QĐ-UBND", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "ngày 5 tháng 3 năm 2026",
    ]  # fmt: skip


def run(body: str) -> bytes:
    xml = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return rezipped(word(), {"word/document.xml": xml.encode()})


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<w:p><w:del><w:r><w:delText>cũ</w:delText></w:r></w:del><w:ins><w:r><w:t>mới</w:t></w:r></w:ins></w:p>",
         ["mới"]),
        ("<w:p><w:r><w:t>thấy</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t> ẩn</w:t></w:r></w:p>", ["thấy"]),
        ("<w:sdt><w:sdtContent><w:p><w:r><w:t>trong ô</w:t></w:r></w:p></w:sdtContent></w:sdt>", ["trong ô"]),
        ("<w:p><w:r><w:t>một</w:t><w:br/><w:t>hai</w:t><w:tab/><w:t>ba</w:t></w:r></w:p>", ["một", "hai ba"]),
        ("<w:p><w:r><w:t>chữ</w:t><w:pict><w:txbxContent><w:p><w:r><w:t>trong khung</w:t></w:r></w:p></w:txbxContent>"
         "</w:pict></w:r></w:p>", ["chữ", "trong khung"]),
        ("<w:p><w:r><w:t>100 m</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>2</w:t></w:r>"
         "</w:p>",
         ["100 m2"]),
        ("<w:p><w:fldSimple w:instr='PAGE'><w:r><w:t>12</w:t></w:r></w:fldSimple>"
         "<w:r><w:instrText>TOC</w:instrText></w:r></w:p>", ["12"]),
        ("<w:p><w:r><w:rPr><w:caps/></w:rPr><w:t>điều lệ</w:t></w:r></w:p>", ["ĐIỀU LỆ"]),
        ("<w:p><w:r><w:sym w:font='Wingdings' w:char='F0FE'/><w:t> đồng ý</w:t></w:r></w:p>", ["☑ đồng ý"]),
    ],
)  # fmt: skip
def test_pieces_of_word(body: str, expected: list[str]) -> None:
    assert texts(run(body)) == expected


def test_footnotes_stand_behind_their_paragraph() -> None:
    note = "<w:footnote w:id='2'><w:p><w:r><w:t>Sửa bởi Luật số 5.</w:t></w:r></w:p></w:footnote>"
    notes = f"<w:footnotes {W}>{note}</w:footnotes>"
    body = "<w:p><w:r><w:t>Điều 3. Nuôi ong</w:t><w:footnoteReference w:id='2'/></w:r></w:p>"
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    data = rezipped(word(), {"word/document.xml": document.encode(), "word/footnotes.xml": notes.encode()})
    assert texts(data) == ["Điều 3. Nuôi ong (1)", "(1) Sửa bởi Luật số 5."]


RTF = r"{\rtf1\ansi\ansicpg1258\uc0 " + r"\par ".join(
    "".join(c if ord(c) < 128 else f"\\u{ord(c)} " for c in text) for text in LAW
) + "}"  # fmt: skip


def test_rich_text_is_read_or_says_what_to_install() -> None:
    if programs.office() is None:
        with pytest.raises(Unreadable, match="apt-get install libreoffice"):
            read_bytes(RTF.encode())
    else:
        assert texts(RTF.encode()) == list(LAW)


def test_an_old_doc_is_read_or_says_what_to_install(tmp_path) -> None:  # type: ignore[no-untyped-def]
    office = programs.office()
    if office is None:
        with pytest.raises(Unreadable, match="apt-get install"):
            read_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"))
        return
    source = tmp_path / "a.docx"
    source.write_bytes(word())
    profile = f"-env:UserInstallation={(tmp_path / 'p').as_uri()}"
    command = [office, "--headless", profile, "--convert-to", "doc", "--outdir", str(tmp_path), str(source)]
    programs.run(command, seconds=100, env={"HOME": str(tmp_path)})
    reading = read_bytes((tmp_path / "a.doc").read_bytes())
    assert reading.media_type == DOC
    assert [b.text for b in reading.blocks if isinstance(b, Paragraph)] == list(LAW)


def test_a_doc_without_libreoffice_is_read_by_antiword_with_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest import office
    from ingest.job import Job

    monkeypatch.setattr(programs, "office", lambda: None)
    monkeypatch.setattr(programs, "find", lambda *names: "/usr/bin/antiword")
    monkeypatch.setattr(programs, "run", lambda *a, **k: "\n\n".join(LAW).encode())
    reading = office.read_doc(Job(b"\xd0\xcf\x11\xe0" + b"\0" * 600))
    assert reading.text == "\n".join(LAW)
    assert "apt-get install libreoffice-writer-nogui" in reading.warnings[0]
