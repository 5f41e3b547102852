"""What the head of a legal text states: number, kind, name, issuer, day of signing, first day of effect.

On scans the name under the kind is often lost between stamps, so there the sentence that enacts the text ("Quốc hội ban
hành Luật Cư trú.") speaks first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingest.blocks import Heading, ListItem, Paragraph, Reading, Table
from ingest.legal import ARTICLE, is_upper
from knowledge.text import fold

# A number without a space and with at least one slash or dash: 26/2026/QĐ-TTg, 148/QĐ-TTg, 91/2025/QH15, 36-HD/VPTW.
NUMBER = re.compile(
    r"\d{1,5}(?:[a-z]?(?:/\d{4})?|-[A-ZĐ]{1,4})/[A-ZĐƯ][A-ZĐƯa-z]*\d{0,2}(?:-[A-ZĐƯ][A-ZĐƯa-zđ&]*\d{0,2})*"
)
_HEAD_NUMBER = re.compile(
    r"(?:(?:Bộ luật|Luật|Pháp lệnh|Nghị quyết|Nghị định|Quyết định|Thông tư)\s+)?số\s*:?\s*"
    rf"((?-i:{NUMBER.pattern}))",
    re.IGNORECASE,
)
_DATE = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
KINDS = (
    "BỘ LUẬT", "LUẬT", "PHÁP LỆNH", "NGHỊ QUYẾT", "NGHỊ ĐỊNH", "QUYẾT ĐỊNH", "CHỈ THỊ", "THÔNG TƯ LIÊN TỊCH",
    "THÔNG TƯ", "CÔNG ĐIỆN", "KẾ HOẠCH", "HƯỚNG DẪN", "THÔNG BÁO", "BÁO CÁO", "TỜ TRÌNH", "CÔNG VĂN",
    "VĂN BẢN HỢP NHẤT", "QUY CHẾ", "QUY ƯỚC", "HƯƠNG ƯỚC", "NỘI QUY", "ĐIỀU LỆ", "BIÊN BẢN", "PHƯƠNG ÁN", "ĐỀ ÁN",
    "GIẤY MỜI",
)  # fmt: skip
_EFFECT = re.compile(
    r"(?:có )?hiệu lực (?:thi hành )?(?:kể )?từ (?P<when>ngày ký|ngày ban hành|ngày[^.;]{0,60})", re.IGNORECASE
)
_SUBJECT = re.compile(
    r"(?:Quyết định|Nghị định|Thông tư|Luật|Bộ luật|Nghị quyết|Pháp lệnh|Chỉ thị|Kế hoạch|Quy định|Quy chế|Văn bản) này"
)
_NAME_ENDS = re.compile(
    r"(?:Căn cứ|Theo |Để |Xét |Kính gửi|Thực hiện|Quốc hội|Chính phủ|THỦ TƯỚNG|BỘ TRƯỞNG|CHỦ TỊCH|ỦY BAN|GIÁM ĐỐC"
    r"|CHÍNH PHỦ$|QUỐC HỘI$|HỘI ĐỒNG NHÂN DÂN|(?:BƯỚC|Bước|Cách) \d|(?:[IVX]+|\d+|[A-H])[.)] |Phần |PHẦN |Chương "
    r"|CHƯƠNG |[-+(])"
)
_ENACTS = re.compile(
    r"\W*(?:Quốc hội|Chính phủ|Thủ tướng|Ủy ban|Uỷ ban|Hội đồng|Bộ trưởng|Thống đốc|Chánh án|Viện trưởng|Tổng|Chủ tịch)"
    r"[^.;:]{0,90}?\s?ban hành\s+(?P<kind>Bộ luật|Luật|Pháp lệnh|Nghị quyết|Nghị định|Quyết định|Thông tư liên tịch"
    r"|Thông tư)\s+(?P<name>\S[^;]{4,400}?)\s*[.;]?$"
)
_REGARDING = re.compile(r"(?:^|\s)(?P<name>V/v\.?:?\s+\S.*|Về việc:?\s+\S.*)$")
_NAMED = re.compile(r"Tên (?P<what>thủ tục|quy trình)(?: hành chính)?\s*:\s*(?P<name>\S.{3,})$", re.IGNORECASE)
_STATE = re.compile(r"CỘNG\s?H[ÒO][ÀA]|ĐỘC LẬP\b|ĐẢNG CỘNG SẢN", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"(?:Số|Mẫu|Biểu|DỰ THẢO|Phụ lục|Kính gửi|Ngày|Ban hành|BH|Trang)\b|[(\d…]|[IVX]+[.)] ", re.IGNORECASE
)
_FROM_ABOVE = ("QUỐC HỘI", "CHÍNH PHỦ", "THỦ TƯỚNG CHÍNH PHỦ", "ỦY BAN THƯỜNG VỤ QUỐC HỘI")
_HEAD_LINES = 40
_TITLE_LINES = 5


@dataclass(frozen=True)
class Head:
    """What the head of a legal text states; empty where it does not."""

    number: str = ""
    kind: str = ""
    title: str = ""
    issuer: str = ""
    signed: date | None = None
    effective: date | None = None


def read_head(reading: Reading) -> Head:
    """Number, kind, title, issuer, date of signing and first day of effect, as far as the text states them plainly."""
    lines = letterhead(reading, everything=True)
    first = next((i for i, line in enumerate(lines) if ARTICLE.match(line)), len(lines))
    top = lines[: min(first, _HEAD_LINES)]
    number = next((m.group(1) for line in top if not line.startswith("Căn cứ") and (m := _HEAD_NUMBER.match(line))), "")
    kind, title = _kind_and_name(reading, top)
    if not number:
        return Head(kind=kind, title=title)
    signed = next((day for line in top if not line.startswith("Căn cứ") and (day := _day(line))), None)
    return Head(number, kind, title, _issuer(top), signed, _effective(lines, signed))


def letterhead(reading: Reading, *, everything: bool = False) -> list[str]:
    """The lines at the top of a text, or all its lines; a letterhead set as a table is read cell by cell."""
    lines: list[str] = []
    for block in reading.blocks:
        if not everything and len(lines) >= _HEAD_LINES:
            break
        if isinstance(block, Table):
            # The small grid at the top that holds issuer, number, place and date.
            if len(lines) < 6 and len(block.rows) <= 8 and max(map(len, block.rows), default=0) <= 3:
                cells = [cell for column in zip(*block.rows, strict=True) for cell in dict.fromkeys(column)]
                lines += [line.strip() for cell in cells for line in cell.split("\n") if line.strip()]
        elif isinstance(block, ListItem):
            lines.append(f"{block.marker} {block.text}")
        elif isinstance(block, (Paragraph, Heading)):
            lines.append(block.text)
    return lines if everything else lines[:_HEAD_LINES]


def plain_title(reading: Reading) -> str:
    """The title of a text that is no legal one (`TỜ KHAI …`, the procedure of a form), or nothing."""
    top = letterhead(reading)
    if named := next((m for line in top[:12] if (m := _NAMED.match(line))), None):
        return f"{named['what'].capitalize()}: {named['name']}"[:300]
    styled = _styled(reading)
    state = max((i for i, line in enumerate(top[:15]) if _STATE.match(line)), default=-1)
    for i in range(state + 1, min(state + 1 + _TITLE_LINES, len(top))):
        line = top[i]
        if _NO_TITLE.match(line) or _DATE.search(line) or re.search(r"ngày\W+tháng\W+năm", line):
            continue
        if not (is_upper(line) and " " in line.strip() and len(line) > 8 and len(line) <= 200):
            if state < 0 and line in styled and len(line) <= 120 and not line.endswith((":", ".", ";")):
                return line
            break
        words = [line]
        for more in top[i + 1 : i + 3]:
            if not is_upper(more) or _NO_TITLE.match(more) or _NAME_ENDS.match(more) or more.endswith(":"):
                break
            words.append(more)
        return " ".join(words)[:300]
    return ""


def _styled(reading: Reading) -> set[str]:
    """The lines at the top that are set as a title: bold, or in the middle."""
    return {
        block.text
        for block in reading.blocks[: 2 * _HEAD_LINES]
        if isinstance(block, Heading) or (isinstance(block, Paragraph) and (block.bold or block.centred))
    }


def _kind_and_name(reading: Reading, top: list[str]) -> tuple[str, str]:
    at, kind = next(
        ((i, k) for i, line in enumerate(top) for k in KINDS if re.match(rf"{k}\b", line) and len(line) < 250),
        (-1, ""),
    )
    title = _name(top, at, kind, _styled(reading)) if kind else ""
    enacts = next((m for line in top if (m := _ENACTS.match(line))), None)
    if enacts and (reading.page_warnings or not (kind and title)):
        name = enacts["name"]
        return enacts["kind"], name[:1].upper() + name[1:]
    if not kind and (letter := _letter(top)):
        return "Công văn", letter
    return kind.capitalize(), title


def _name(top: list[str], at: int, kind: str, styled: set[str]) -> str:
    """The name under the kind: up to the first line that grounds, addresses or introduces."""
    words = [top[at][len(kind) :].strip(" :-")]
    for before, line in zip(top[at : at + 5], top[at + 1 : at + 6], strict=False):
        if _NAME_ENDS.match(line):
            break
        begins = words[-1] and not words[-1].isupper() and line[:1].isupper() and not line.isupper()
        if begins and not (before in styled and line in styled and before[-1].isalnum()):
            break
        words.append(line)
    return " ".join(word for word in words if word)[:400]


def _letter(top: list[str]) -> str:
    """What an official letter is about (`V/v …`): letters name no kind, but say so above `Kính gửi`."""
    end = next((i for i, line in enumerate(top) if line.startswith("Kính gửi")), -1)
    for i, line in enumerate(top[: max(end, 0)]):
        found = _REGARDING.search(line)
        if not found:
            continue
        words = [found["name"]]
        for more in top[i + 1 : min(i + 5, end)]:
            if _STATE.match(more) or _DATE.search(more) or _HEAD_NUMBER.match(more) or is_upper(more):
                break
            if _NO_TITLE.match(more) or re.search(r"ngày\W*tháng", more):
                break
            words.append(more)
        return " ".join(words)[:400]
    return ""


def _issuer(top: Sequence[str]) -> str:
    """The authority in the letterhead: the capitals before the number, the state's name left out."""
    names: list[str] = []
    for line in top[:7]:
        if _STATE.match(line):
            continue
        if _HEAD_NUMBER.match(line) or not line.isupper() or any(re.match(rf"{kind}\b", line) for kind in KINDS):
            break
        names.append(line)
    issuer = " ".join(names)[:200]
    bare = fold(issuer).replace(" ", "")
    return next((name for name in _FROM_ABOVE if fold(name).replace(" ", "") == bare), issuer)


def _effective(lines: list[str], signed: date | None) -> date | None:
    """The first day of effect where one clause says it plainly; None when parts take effect on different days."""
    found: set[date] = set()
    for line in lines:
        subject = _SUBJECT.search(line)
        match = _EFFECT.search(line, subject.end()) if subject else None
        if not match or not subject or match.start() - subject.end() > 2:  # else it is said of another text
            continue
        when = match.group("when").lower()
        day = signed if when.startswith(("ngày ký", "ngày ban hành")) else _day(when)
        if day:
            found.add(day)
    return found.pop() if len(found) == 1 else None


def _day(text: str) -> date | None:
    match = _DATE.search(text) or _SLASHED.search(text)
    if not match:
        return None
    try:
        return date(int(match.group(3)), int(match.group(2)), int(match.group(1)))
    except ValueError:
        return None
