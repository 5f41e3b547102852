"""The heads of papers as offices write them: letters, scans under stamps, titles over several lines, forms."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from papers import packed

from ingest.blocks import Block, Heading, Paragraph, Reading
from ingest.head import read_head
from ingest.metadata import describe
from ingest.readers import read_bytes

STATE = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")


def reading(*lines: str | Block, scanned: bool = False, title: str = "") -> Reading:
    blocks = tuple(Paragraph(line, 1) if isinstance(line, str) else line for line in lines)
    return Reading(blocks, title=title, page_warnings={1: "bản quét, có thể sai"} if scanned else {})


def titled(*lines: str | Block, scanned: bool = False, title: str = "") -> str:
    return describe(reading(*lines, scanned=scanned, title=title), Path("12_tep.docx"), "0").title


def test_a_letter_is_named_by_what_it_is_about() -> None:
    letter = (
        "UBND HUYỆN B", "Số: 12/NN-CN", "V/v đăng ký", "đàn ong năm 2026", *STATE, "B, ngày 02 tháng 3 năm 2026",
        "Kính gửi: Các xã", "V/v khác không phải tên.",
    )  # fmt: skip
    head = read_head(reading(*letter))
    assert (head.kind, head.title, head.number) == ("Công văn", "V/v đăng ký đàn ong năm 2026", "12/NN-CN")
    assert titled(*letter) == "Công văn 12/NN-CN: V/v đăng ký đàn ong năm 2026"
    assert titled(*(line for line in letter if not line.startswith("Số"))) == "Công văn: V/v đăng ký đàn ong năm 2026"


def test_on_a_scan_the_enacting_sentence_names_the_law() -> None:
    head = (
        "lan giữ Công báo", "QUÓC HỘI", "Luật số: 9/2026/QH16", *STATE, "LUẬT", "CÔNG VĂN ĐẾN", "NUÔI ONQ",
        "Căn cứ Hiến pháp;", "'Quốc hội ban hành Luật nuôi ong và chế biến mật.", "Điều 1. Phạm vi",
    )  # fmt: skip
    assert titled(*head, scanned=True) == "Luật 9/2026/QH16: Nuôi ong và chế biến mật"
    # In a file with text the name stands as printed.
    assert titled(*head[:6], "NUÔI ONG", *head[8:]) == "Luật 9/2026/QH16: NUÔI ONG"


@pytest.mark.parametrize(
    ("top", "issuer"),
    [
        (("BỘ NUÔI ONG VÀ", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "LÀM MẬT"), "BỘ NUÔI ONG VÀ LÀM MẬT"),
        (("CHÍNHPHỦ",), "CHÍNH PHỦ"),
        ((*STATE, "UBND XÃ A"), "UBND XÃ A"),
        (("UBND XÃ A", "Ong và mật"), "UBND XÃ A"),
    ],
)
def test_the_issuer_stands_in_capitals_around_the_states_name(top: tuple[str, ...], issuer: str) -> None:
    assert read_head(reading(*top, "Số: 3/2026/NĐ-CP", "NGHỊ ĐỊNH")).issuer == issuer


def test_a_title_in_bold_goes_on_though_a_line_begins_with_a_name() -> None:
    bold = [
        Paragraph(text, bold=True, centred=True) for text in ("TỜ TRÌNH", "Về việc đổi tên Hội ong tỉnh", "An Bình")
    ]
    assert titled(*STATE, *bold, "Ngày 12/8 Hội ong gửi đơn.") == "Tờ trình: Về việc đổi tên Hội ong tỉnh An Bình"
    plain = [Paragraph(block.text) for block in bold]
    assert titled(*STATE, *plain, "Ngày 12/8 Hội ong gửi đơn.") == "Tờ trình: Về việc đổi tên Hội ong tỉnh"


def test_who_signs_is_no_part_of_the_title() -> None:
    assert titled("Số: 3/2026/NĐ-CP", "NGHỊ ĐỊNH", "NUÔI ONG LẤY MẬT", "CHÍNH PHỦ", "Căn cứ Luật;").endswith(" LẤY MẬT")


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (("Mẫu CT01", *STATE, "TỜ KHAI ĐÀN ONG", "CỦA HỘ GIA ĐÌNH", "Kính gửi: xã"), "TỜ KHAI ĐÀN ONG CỦA HỘ GIA ĐÌNH"),
        ((Paragraph("Cẩm nang nuôi ong", bold=True), "Ong cần hoa."), "Cẩm nang nuôi ong"),
        (("Chi tiết thủ tục", "Tên thủ tục hành chính: Xin đất"), "Thủ tục: Xin đất"),
        (("Ong cần hoa.", "NUÔI ONG"), "12_tep"),
        ((*STATE, "Kính gửi: xã", "TÔI LÀ A"), "12_tep"),
    ],
)
def test_other_papers_are_named_by_the_title_that_stands_out(lines: tuple[str | Block, ...], title: str) -> None:
    assert titled(*lines) == title


def test_a_bare_kind_is_no_title() -> None:
    blocks = (Heading(1, "QUYẾT ĐỊNH"), Paragraph("Phê duyệt việc nuôi ong"), Paragraph("Căn cứ Luật;"))
    assert titled(*blocks, title="QUYẾT ĐỊNH") == "Quyết định: Phê duyệt việc nuôi ong"
    assert titled("Ong.", title="Sổ tay nuôi ong") == "Sổ tay nuôi ong"


def test_a_workbook_of_several_sheets_is_not_named_by_the_first() -> None:
    book = openpyxl.Workbook()
    for name in ("Hộ nuôi ong", "Hộ nuôi gà"):
        sheet = book.create_sheet(name)
        sheet.append(["Hộ", "Đàn"])
        sheet.append(["A", 3])
    assert describe(read_bytes(packed(book)), Path("chan-nuoi.xlsx"), "0").title == "chan-nuoi"
