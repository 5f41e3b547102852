"""The sections on who produces: the form of the business, who stands for it, its workers."""

from __future__ import annotations

from scorecard_page import TOURISM, Page

from knowledge.text import fold


def workers(page: Page) -> None:
    """Points for workers of the commune, and what becomes of a business with few of them."""
    w, c, source = page.w, page.card.criterion("3.3"), page.source("3.3")
    page.section(
        f"{page.who}: lao động trong xã được mấy điểm, dưới 25% thì sao?",
        [
            f"cơ sở {w[0]} thuê người trong xã ít, mới hai chục phần trăm, thì mục lao động mấy điểm",
            fold(f"xuong {w[1]} toan tho noi khac den, lao dong dia phuong duoc may diem"),
            f"{w[2]} mướn một nửa số thợ là người trong xã thì được mấy điểm",
            fold(f"lao dong dia phuong duoi 25% o co so {w[3]} co bi rot khong"),
            f"10 người làm {w[4]} có 2 người trong xã, chấm sao",
            fold(f"muc 3.3 su dung lao dong dia phuong {w[0]} toi da may diem"),
        ],
    )
    none = f"Lao động trong xã dưới 25% thì phiếu {page.who} không có mức điểm nào ở mục 3.3"
    if page.card.set == TOURISM:
        page.say(f"{none}; từ 25% trở lên được 1, 2 hoặc 4 điểm.", source)
        page.levels([c])
    else:
        shares = ("từ 25% đến dưới 50%", "từ 50% đến 75%", "từ 75% trở lên")
        bands = ", ".join(f"{share} được {level.points} điểm" for share, level in zip(shares, c.levels, strict=True))
        page.say(f"{none}; {bands}.", source)
    page.say(
        "Mục 3.3 không mang dấu sao nào: ít người trong xã thì mất điểm mục này, không vướng mức tối thiểu của 3 sao, "
        "4 sao hay 5 sao.",
        source,
    )


def business(page: Page) -> None:
    """Points for the form of the business and for its legal representative."""
    w, owner, person = page.w, page.card.criterion("3.1"), page.card.criterion("3.2")
    page.section(
        f"{page.who}: hộ, hợp tác xã, công ty được mấy điểm?",
        [
            f"làm {w[0]} thì hộ cá thể hay hợp tác xã được điểm cao hơn",
            fold(f"cong ty TNHH lam {w[1]} muc loai hinh may diem"),
            f"tổ hợp tác {w[2]} được mấy điểm tổ chức",
            fold(f"chu co so {w[3]} la phu nu, nguoi dan toc co them diem khong"),
            f"hộ gia đình làm {w[4]} có lên 4 sao được không hay phải lập hợp tác xã",
            fold(f"{w[0]} loai hinh to chuc san xuat kinh doanh bao nhieu diem"),
            fold(f"ho ca the lam {w[0]} thi len 4 sao, 5 sao duoc khong"),
        ],
    )
    forms = "; ".join(f"{level.points} điểm cho {level.text}" for level in owner.levels)
    page.say(f"Loại hình của chủ thể {page.who} tối đa {owner.points} điểm (mục 3.1): {forms}.", page.source("3.1"))
    page.say(
        "Người đại diện pháp luật là nữ, người dân tộc thiểu số hoặc người khuyết tật thì thêm "
        f"{person.points} điểm ở mục 3.2.",
        page.source("3.2"),
    )
    page.say(
        "Hai mục này không mang dấu sao nào: hộ có đăng ký kinh doanh ít điểm hơn nhưng không vướng mức tối thiểu.",
        page.source("3.1"),
    )
