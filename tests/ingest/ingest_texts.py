"""Small texts in our own words, and short ways to read and cut them."""

from __future__ import annotations

from ingest.chunk import chunk
from ingest.readers import read_bytes
from knowledge.types import Document, DocumentKind, Passage

DECISION = """ỦY BAN NHÂN DÂN TỈNH X
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Số: 7/2026/QĐ-UBND
X, ngày 05 tháng 3 năm 2026
QUYẾT ĐỊNH
Về việc nuôi ong ở xã
Căn cứ Luật Chăn nuôi số 32/2018/QH14;
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
Quyết định này nói về việc nuôi ong.
Điều 2. Giải thích từ ngữ
Trong Quyết định này, các từ ngữ được hiểu như sau:
1. Đàn ong là một tổ có chúa.
2. Người nuôi ong là người có từ 02 đàn.
Chương II
VIỆC PHẢI LÀM
Điều 3. Việc của người nuôi
1. Người nuôi ong phải:
a) Báo cho xã số đàn;
b) Đặt tổ cách nhà 50 m.
Trường hợp đất chật thì hỏi xã.
2. Không được đặt tổ cạnh trường học.
Điều 4. Hiệu lực
1. Quyết định này có hiệu lực thi hành từ ngày 20 tháng 3 năm 2026.
2. Quyết định số 3/2020/QĐ-UBND hết hiệu lực.
Nơi nhận:
- Như Điều 4;
TM. ỦY BAN NHÂN DÂN
PHỤ LỤC I
DANH SÁCH XÃ
1. Xã Một
2. Xã Hai
Mẫu số 01: Phiếu khai báo
Họ tên: ……………………
"""


def document(kind: DocumentKind = "official", **fields: object) -> Document:
    """A document to cut for."""
    values: dict[str, object] = {"id": "d", "title": "Tên tài liệu", "kind": kind, "origin": "d", "sha256": ""}
    if kind == "official":
        values["instrument"] = "7/2026/QĐ-UBND"
    return Document(**{**values, **fields})  # type: ignore[arg-type]


def cut(text: str | bytes, kind: DocumentKind = "official", **fields: object) -> list[Passage]:
    """The passages of a text."""
    data = text.encode() if isinstance(text, str) else text
    return chunk(document(kind, **fields), read_bytes(data))


def at(passages: list[Passage], place: str) -> Passage:
    """The one passage at a place."""
    found = [p for p in passages if p.place == f"{place}#0"]
    assert len(found) == 1, [p.place for p in passages]
    return found[0]


def locators(passage: Passage) -> list[tuple[int | None, str]]:
    """(line, locator) of each source."""
    return [(source.line, source.locator) for source in passage.sources]
