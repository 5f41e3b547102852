"""Builds the files that the tests read: PDFs written by hand, scans, Word, Excel and PowerPoint files, e-mails."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pptx
from PIL import Image, ImageDraw, ImageFont

FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts")
LAW = (
    "Điều 1. Phạm vi điều chỉnh",
    "Quyết định này quy định việc đánh giá, công nhận hộ nuôi ong trên địa bàn tỉnh.",
    "Điều 2. Đối tượng áp dụng",
    "1. Hộ gia đình nuôi từ 50 đàn ong trở lên.",
    "2. Hợp tác xã nuôi ong có đăng ký.",
    "Điều 3. Hiệu lực thi hành",
    "Quyết định này có hiệu lực từ ngày 15 tháng 3 năm 2026.",
)


def _ranges() -> bytes:
    lines = [b"<%02X00> <%02XFF> <%02X00>" % (i, i, i) for i in range(0x00, 0x100) if not 0xD8 <= i <= 0xDF]
    blocks = [lines[i : i + 100] for i in range(0, len(lines), 100)]
    return b"\n".join(b"%d beginbfrange\n%s\nendbfrange" % (len(b), b"\n".join(b)) for b in blocks)


CMAP = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
    b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n" + _ranges() + b"\nendcmap end end"
)


class Pdf:
    """A PDF of one font whose codes are Unicode; text, lines and pictures go where they are put (top left, points)."""

    width, height = 595.0, 842.0

    def __init__(self, *, unicode_map: bool = True, font: str = "TimesNewRoman", encrypted: bool = False) -> None:
        self.objects: list[bytes] = []
        self.pages: list[int] = []
        self.encrypted = encrypted
        to_unicode = b""
        if unicode_map:
            to_unicode = b" /ToUnicode %d 0 R" % self._stream(CMAP)
        info = b"<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
        name = font.encode()
        made = self._add(
            b"<< /Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [0 -200 1000 900] /Ascent 900 /Descent -200 "
            b"/ItalicAngle 0 /CapHeight 700 /StemV 80 >>" % name
        )
        made = self._add(
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo %s /DW 500 /FontDescriptor %d 0 R >>"
            % (name, info, made)
        )
        self.font = self._add(
            b"<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R]%s >>"
            % (name, made, to_unicode)
        )

    def _add(self, body: bytes) -> int:
        self.objects.append(body)
        return len(self.objects)

    def _stream(self, data: bytes, extra: bytes = b"") -> int:
        packed = zlib.compress(data)
        return self._add(
            b"<< /Length %d /Filter /FlateDecode %s >>\nstream\n%s\nendstream" % (len(packed), extra, packed)
        )

    def page(
        self,
        texts: Sequence[tuple[float, float, str]] = (),
        *,
        size: float = 12.0,
        boxes: Sequence[tuple[float, float, float, float]] = (),
        before: bytes = b"",
        picture: Image.Image | None = None,
        turned: bool = False,
    ) -> None:
        """Adds a page; `before` are operators that hold for all of its text (`1 g`: white, `3 Tr`: invisible)."""
        parts = []
        resources = b"/Font << /F %d 0 R >>" % self.font
        if picture is not None:
            gray = picture.convert("L")
            extra = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8"
            image = self._stream(gray.tobytes(), extra % gray.size)
            resources += b" /XObject << /I %d 0 R >>" % image
            parts.append(b"q %.2f 0 0 %.2f 0 0 cm /I Do Q" % (self.width, self.height))
        parts += [b"%.2f %.2f %.2f %.2f re S" % (x0, self.height - y1, x1 - x0, y1 - y0) for x0, y0, x1, y1 in boxes]
        parts.append(b"BT /F %.2f Tf %s" % (size, before))
        for x, y, text in texts:
            codes = text.encode("utf-16-be").hex().upper().encode()
            matrix = b"0 1 -1 0 %.2f %.2f" % (y, x) if turned else b"1 0 0 1 %.2f %.2f" % (x, self.height - y)
            parts.append(b"%s Tm <%s> Tj" % (matrix, codes))
        parts.append(b"ET")
        content = self._stream(b"\n".join(parts))
        self.pages.append(
            self._add(
                b"<< /Type /Page /Parent PARENT 0 R /MediaBox [0 0 %.0f %.0f] /Rotate %d /Resources << %s >> "
                b"/Contents %d 0 R >>" % (self.width, self.height, 90 * turned, resources, content)
            )
        )

    def lines(self, texts: Sequence[str], *, left: float = 85.0, top: float = 100.0, step: float = 18.0) -> None:
        """Adds a page of lines one below the other."""
        self.page([(left, top + step * i, text) for i, text in enumerate(texts)])

    def bytes(self) -> bytes:
        """The finished file."""
        kids = b" ".join(b"%d 0 R" % n for n in self.pages)
        parent = self._add(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(self.pages), kids))
        root = self._add(b"<< /Type /Catalog /Pages %d 0 R >>" % parent)
        trailer = b"/Root %d 0 R" % root
        if self.encrypted:
            locked = b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -44 >>" % (b"4A" * 32, b"5B" * 32)
            trailer += b" /Encrypt %d 0 R /ID [<%s> <%s>]" % (self._add(locked), b"00" * 16, b"00" * 16)
        out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        places = []
        for number, body in enumerate(self.objects, 1):
            places.append(len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body.replace(b"PARENT", b"%d" % parent))
        start = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        out += b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, trailer, start)
        return bytes(out)


def pdf(texts: Sequence[str] = LAW) -> bytes:
    """A page of lines as a PDF."""
    made = Pdf()
    made.lines(texts)
    return made.bytes()


def scan(texts: Sequence[str] = LAW, *, turn: float = 0.0, noise: int = 0, dpi: int = 200) -> Image.Image:
    """A picture of a page; without a font for Vietnamese on the machine, of its text without diacritics."""
    import random

    from knowledge.text import fold

    names = ("NotoSerif-Regular", "NotoSans-Regular", "DejaVuSerif", "DejaVuSans")
    found = [path for name in names for root in FONTS for path in Path(root).rglob(f"{name}.ttf")]
    size = int(13 * dpi / 72)
    font = ImageFont.truetype(str(found[0]), size) if found else ImageFont.load_default(size)
    picture = Image.new("L", (int(8.27 * dpi), int(11.69 * dpi)), 255)
    pen = ImageDraw.Draw(picture)
    for i, text in enumerate(texts):
        shown = text if found else fold(text)
        pen.text((int(1.1 * dpi), int((1.2 + 0.33 * i) * dpi)), shown, font=font, fill=0)
    if noise:
        chance = random.Random(5)
        for _ in range(noise):
            x, y = chance.randrange(picture.width), chance.randrange(picture.height)
            pen.ellipse((x, y, x + 3, y + 3), fill=0)
    return picture.rotate(turn, fillcolor=255, resample=Image.Resampling.BICUBIC) if turn else picture


def saved(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    """A picture as a file."""
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


def word(texts: Sequence[str] = LAW) -> bytes:
    """Paragraphs as a Word file."""
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    return packed(document)


def packed(document: object) -> bytes:
    """A python-docx, openpyxl or python-pptx file as bytes."""
    buffer = io.BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def workbook(rows: Sequence[Sequence[object]], title: str = "Danh sách") -> bytes:
    """Rows as an Excel file."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return packed(book)


def slides(texts: Sequence[tuple[str, str]]) -> bytes:
    """(title, text) of each slide as a PowerPoint file."""
    presentation = pptx.Presentation()
    for title, text in texts:
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = text
    return packed(presentation)


def mail(text: str, **attachments: bytes) -> bytes:
    """An e-mail with attachments by name."""
    message = EmailMessage()
    message["Subject"] = "Góp ý về nuôi ong"
    message["From"] = "Phòng Kinh tế <kt@xa.example>"
    message["To"] = "ubnd@xa.example"
    message.set_content(text)
    for name, data in attachments.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def zipped(entries: dict[str, bytes]) -> bytes:
    """Files as a ZIP."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def rezipped(data: bytes, replaced: dict[str, bytes]) -> bytes:
    """An Office file with some of its parts replaced or added."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped(parts | replaced)
