"""Text from before Unicode comes out as Unicode: every letter of TCVN3 and VNI, Windows-1258; others are left alone."""

from __future__ import annotations

import unicodedata

import pytest
from papers import LAW, packed, workbook

from ingest.encodings import by_font, convert, decode_bytes, detect, encode, font_charset, is_capital_font, modern
from ingest.readers import read_bytes

SMALL = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
LETTERS = SMALL + SMALL.upper()
TEXT = "\n".join(LAW)


def test_there_are_134_letters() -> None:
    assert len(set(LETTERS)) == 134


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_survives_vni(letter: str) -> None:
    assert convert(encode(letter, "vni"), "vni") == letter


@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_survives_tcvn3(letter: str) -> None:
    # TCVN3 holds no capitals with a tone: the fonts whose names end in H draw the small ones as capitals.
    assert convert(encode(letter, "tcvn3"), "tcvn3", capitals=letter.isupper()) == letter


def test_known_words() -> None:
    assert encode("Quyết định về việc phê duyệt", "tcvn3") == "QuyÕt ®Þnh vÒ viÖc phª duyÖt"
    assert encode("Quyết định về việc phê duyệt", "vni") == "Quyeát ñònh veà vieäc pheâ duyeät"
    assert convert("COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM", "vni") == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"


@pytest.mark.parametrize("charset", ["tcvn3", "vni"])
def test_a_text_is_recognised_without_its_font(charset: str) -> None:
    assert detect(encode(TEXT, charset)) == charset  # type: ignore[arg-type]
    assert modern(encode(TEXT, charset)) == TEXT  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "Le café naïf près de l'hôtel où l'été à Zürich était déjà fini",
        "plain English text without any marks",
        "",
    ],
)
def test_other_text_is_left_alone(text: str) -> None:
    assert detect(text) is None
    assert modern(text) == text


@pytest.mark.parametrize(
    ("font", "charset", "capitals"),
    [
        (".VnTime", "tcvn3", False),
        (".VnTimeH", "tcvn3", True),
        ("ABCDEF+.VnArialH", "tcvn3", True),
        (".VnArial NarrowH", "tcvn3", False),
        ("VNI-Times", "vni", False),
        ("Times New Roman", None, False),
        ("Vnese Sans", None, False),
    ],
)
def test_fonts_tell_the_character_set(font: str, charset: str | None, capitals: bool) -> None:
    assert font_charset(font) == charset
    assert is_capital_font(font) == capitals


def test_unicode_text_in_a_font_left_behind_stays() -> None:
    assert by_font("PHÒNG CHÁY VÀ CHỮA CHÁY", ".VnTime") == "PHÒNG CHÁY VÀ CHỮA CHÁY"
    assert by_font("Quyết định", ".VnTime") == "Quyết định"
    assert by_font("QuyÕt ®Þnh", ".VnTime") == "Quyết định"
    assert by_font("quyÕt ®Þnh", ".VnTimeH") == "QUYẾT ĐỊNH"


@pytest.mark.parametrize("charset", ["tcvn3", "vni"])
def test_plain_text_files_in_legacy_fonts(charset: str) -> None:
    assert read_bytes(encode(TEXT, charset).encode("latin-1")).text == TEXT  # type: ignore[arg-type]
    assert read_bytes(encode(TEXT, charset).encode("utf-8")).text == TEXT  # type: ignore[arg-type]


def windows_1258(text: str) -> bytes:
    """As Windows writes it: letters with hats and horns whole, tones as signs behind."""
    out = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            base = unicodedata.normalize("NFD", letter)
            tone = next(c for c in base if c in "\u0300\u0301\u0303\u0309\u0323")
            out += unicodedata.normalize("NFC", base.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")
    return out


def test_windows_1258_is_composed() -> None:
    assert decode_bytes(windows_1258(TEXT)) == TEXT
    assert read_bytes(windows_1258(TEXT)).text == TEXT
    assert all(unicodedata.is_normalized("NFC", line) for line in read_bytes(windows_1258(LETTERS + " " + TEXT)).text)


def test_word_runs_of_different_fonts_in_one_paragraph() -> None:
    import docx

    document = docx.Document()
    paragraph = document.add_paragraph()
    for text, font in (("QuyÕt ®Þnh ", ".VnTime"), ("về việc ", "Times New Roman"), ("ñaùnh giaù ", "VNI-Times"),
                       ("s¶n phÈm", ".VnTimeH")):  # fmt: skip
        paragraph.add_run(text).font.name = font
    assert read_bytes(packed(document)).text == "Quyết định về việc đánh giá SẢN PHẨM"


def test_sheets_in_a_legacy_font() -> None:
    rows = [
        [encode(cell, "tcvn3") for cell in row] for row in (("Tên hộ", "Địa chỉ"), ("Nguyễn Văn Bưởi", "Thôn Đông"))
    ]
    assert read_bytes(workbook(rows)).text == "Danh sách\nTên hộ Địa chỉ\nNguyễn Văn Bưởi Thôn Đông"
