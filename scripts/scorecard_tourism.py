"""The sections of set 26, tourism, alone: it shares hardly a criterion with the others, so all its levels are told."""

from __future__ import annotations

from scorecard_page import Page, capital, small
from scorecard_producer import workers

from knowledge.text import fold

GROUPS = {
    "tổ chức, cơ chế quản lý, môi trường": "1.1 1.2 1.3 1.4",
    "ý tưởng, thị trường, bảo tồn": "2.1 2.2 2.3",
    "loại hình, người đại diện": "3.1 3.2",
    "tăng trưởng, nhãn hiệu": "3.4 3.5",
    "tiếp thị, quảng bá": "4.1 4.2 4.3 4.4 4.5",
    "câu chuyện, địa bàn nông thôn mới": "5.1 5.2 5.3",
    "vị trí, cảnh quan, điều kiện kinh doanh": "6 7 8",
    "an toàn, điểm bán hàng": "9 10",
    "trải nghiệm, nhân sự": "11 12",
    "chất lượng, thái độ phục vụ, tiện nghi": "13 14 15",
    "lễ hội, hàng hóa": "16 17",
}


def tourism(page: Page) -> None:
    """Every criterion of the sheet with its levels, a few to a section; workers, 3.3, in their printed place."""
    w = page.w
    for number, (name, codes) in enumerate(GROUPS.items()):
        page.section(
            f"Bộ 26 (du lịch): {name} được chấm theo những mức nào?",
            [f"{w[number % 5]} chấm {name} thế nào", fold(f"{w[(number + 1) % 5]} {name} may diem")],
        )
        told = [page.card.criterion(code) for code in codes.split()]
        total = sum(c.points for c in told)
        each = ", ".join(f"{small(c.name)} {c.points} điểm" for c in told)
        short = each if len(each) < 200 else "chấm theo các mức sau"
        page.say(f"{capital(name)} của {page.who} tối đa {total} điểm: {short}.", page.source())
        page.levels(told)
        if codes.endswith("3.2"):
            workers(page)
