"""How a paper's passage is asked for, where its heading alone does not say: "Thành phần hồ sơ" of which procedure, and
that it answers "cần giấy tờ gì"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.text import fold

_PROCEDURE = re.compile(r"(?:Thủ tục|Quy trình)\b[^:]*:\s*", re.IGNORECASE)
# The parts of a procedure as the national public-service portal sets them out, folded, and what people ask for that
# each of them tells.
_PARTS: tuple[tuple[str, str], ...] = (
    ("trinh tu thuc hien", "làm thế nào, các bước ra sao, quy trình gồm những bước nào"),
    ("cach thuc thuc hien", "nộp hồ sơ ở đâu, nộp qua mạng hay trực tiếp, bao lâu có kết quả, lệ phí bao nhiêu tiền"),
    ("thanh phan ho so", "hồ sơ gồm những giấy tờ gì, cần chuẩn bị gì, mấy bộ"),
    ("doi tuong thuc hien", "ai được làm, ai phải làm"),
    ("co quan thuc hien", "nộp ở đâu, cơ quan nào giải quyết, ai cấp"),
    ("co quan co tham quyen", "ai có thẩm quyền quyết định"),
    ("dia chi tiep nhan", "nộp hồ sơ ở đâu"),
    ("ket qua thuc hien", "nhận được giấy gì"),
    ("thoi han giai quyet", "bao lâu có kết quả, mất mấy ngày"),
    ("phi, le phi", "lệ phí bao nhiêu tiền"),
    ("le phi", "lệ phí bao nhiêu tiền"),
    ("yeu cau, dieu kien", "cần điều kiện gì, ai được, trường hợp nào"),
    ("can cu phap ly", "theo văn bản nào"),
    ("ma thu tuc", "mã thủ tục, lĩnh vực, cấp thực hiện"),
)


def ways_of_asking(title: str, breadcrumb: Sequence[str], text: str) -> tuple[str, ...]:
    """What is asked for with a piece of a paper that bears a title of its own: its heading with the title, or, of a
    procedure, what people ask who want what each of its parts tells."""
    heading = breadcrumb[-1] if breadcrumb else ""
    if (procedure := _PROCEDURE.match(title)) is None:
        return (f"{heading} – {title}",) if heading and heading != title else ()
    name = title[procedure.end() :]
    labels = [fold(label) for label in (heading, *text.split("\n"))]
    asked = dict.fromkeys(told for part, told in _PARTS if any(label.startswith(part) for label in labels))
    return tuple(f"{name}: {told}" for told in asked)
