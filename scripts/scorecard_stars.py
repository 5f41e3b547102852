"""The sections on what 3, 4 and 5 stars take: all minimums of a star, and single matters on the way to one."""

from __future__ import annotations

from scorecard_page import PACKING, SUGGESTION, Page, called, least

from knowledge.scorecards import BANDS, INSTRUMENT
from knowledge.text import fold

RULES = {  # point of Đ3 k3 and its band
    3: ("c", "từ 50 đến dưới 70 điểm"),
    4: ("b", "từ 70 đến dưới 90 điểm"),
    5: ("a", "từ 90 đến 100 điểm"),
}


def minimums(page: Page, star: int) -> None:
    """The band of a star, the levels that carry its mark, and how far they are from its least total."""
    card, w = page.card, page.w
    asks = {
        3: [
            f"{w[0]} muốn được 3 sao cần gì",
            f"{fold(w[0])} 3 sao can gi",
            f"điều kiện 3 sao của {w[1]}",
            f"nhà tôi làm {w[1]}, muốn ba sao phải lo những gì",
        ],
        4: [
            f"{w[0]} muốn lên 4 sao cần gì",
            f"{fold(w[0])} len 4 sao can gi",
            f"{w[1]} thiếu gì để lên 4 sao",
            f"nâng {w[2]} từ 3 sao lên 4 sao",
        ],
        5: [
            f"{w[0]} muốn lên 5 sao cần gì",
            f"{fold(w[0])} len 5 sao can gi",
            f"{w[1]} nhà tôi 4 sao, lên 5 sao cần thêm gì",
            f"{w[1]} thi 5 sao trung ương cần đạt gì",
        ],
    }
    page.section(f"{page.who} muốn {star} sao phải đạt những mức tối thiểu nào?", asks[star])
    marks, (point, band) = card.marks(star), RULES[star]
    rule = f"{{{INSTRUMENT} Đ3 k3 đ{point}; {INSTRUMENT} PLII B{card.set}}}"
    # the list for 4 stars is too long for one section
    late = {c.code for letter in "BC" for c in card.part(letter).leaves()} if star == 4 else set()
    tail = [mark for mark in marks if mark.criterion.code in late]
    head = [mark for mark in marks if mark not in tail]
    must = f"{page.head} muốn {star} sao phải đạt"
    if not marks:
        page.say(f"{must} {band}; phiếu bộ {card.set} không in dấu {star} sao ở mức nào.", rule)
    elif not card.star_note:
        page.say(
            f"{must} {band}; ngoài ra phiếu có in dấu {star} sao ở {len(marks)} mức sau đây, nên chuẩn bị như mức tối "
            "thiểu:",
            rule,
        )
    else:
        split = f" ({len(head)} mức ở phần A dưới đây, {len(tail)} mức ở phần B và C)" if tail else " sau đây"
        page.say(
            f"{must} {band} và {len(marks)} mức tối thiểu mang dấu {star} sao{split}, đúng mức đó hoặc cao hơn:", rule
        )
    page.needs(head, star)
    if tail:
        page.section(
            f"{page.who} muốn {star} sao phải đạt mức tối thiểu nào về bán hàng, chất lượng (phần B và C)?",
            [f"chất lượng {w[0]} thế nào thì được 4 sao", fold(f"{w[2]} len 4 sao phan B, phan C phai qua may muc")],
        )
        page.say(
            f"{must} {len(tail)} mức tối thiểu ở phần B và C, ngoài {len(head)} mức ở phần A:",
            page.source(),
        )
        page.needs(tail, star)
    if star > 3:
        page.say(
            f"Nên giữ cả các mức tối thiểu của {'3 sao' if star == 4 else '3 sao và 4 sao'}: phiếu không viết rõ, "
            "nhưng chuẩn bị đủ là an toàn.",
            SUGGESTION,
        )
    low, total, span = BANDS[star][0], card.floor(star), "3 sao" if star == 3 else f"từ 3 sao đến {star} sao"
    page.say(
        f"Các mức tối thiểu {span} cộng lại được {total} điểm, cần thêm ít nhất {low - total} điểm để đủ {low} điểm.",
        page.reckoned(),
    )
    if not card.star_note:
        page.say(
            f"Phiếu bộ {card.set} không in câu giải thích dấu sao là yêu cầu tối thiểu như 25 phiếu kia, nên cần "
            "hỏi cơ quan quản lý OCOP cấp tỉnh.",
            page.source(),
        )


def packing(page: Page) -> None:
    """What each star takes of label and packing."""
    w = page.w
    page.section(
        f"{page.who}: nhãn, bao bì có chốt hạng sao nào?",
        [
            f"nhãn {w[0]} mới được ba sao, giờ nâng bốn sao phải sửa những gì",
            fold(f"tem nhan {w[1]} co can ma truy xuat QR moi len 4 sao khong"),
            f"bao bì {w[2]} đơn giản, túi ni lông thì có được 3 sao không",
            fold(f"hop {w[3]} phai dep co nao moi du sao"),
            f"tem giấy thường của {w[1]} muốn lên bốn sao phải in thêm gì",
            f"chốt về nhãn của {w[4]} để lên sao",
            fold(f"{w[0]} 5 sao doi nhan mac, bao bi gi them"),
        ],
    )
    criteria = called(page.card.leaves(), *PACKING)
    criteria.sort(key=lambda c: c.name.startswith("Đóng gói"))  # the label first: it has more stars
    for number, c in enumerate(criteria):
        plain = "nhãn" if "Phong cách" in c.name else "bao bì" if "Đóng gói" in c.name else "bao bì, nhãn"
        page.say_marks(c, plain, named=not number)


def story(page: Page) -> None:
    """What each star takes of the product's story: how it is told, 5.1, and whether it is its own, 5.3."""
    w, telling, root = page.w, page.card.criterion("5.1"), page.card.criterion("5.3")
    page.section(
        f"{page.who}: câu chuyện có chốt hạng sao nào?",
        [
            f"câu chuyện của {w[0]} phải đưa lên những đâu mới đủ bốn sao",
            fold(f"{w[1]} moi in to roi ke chuyen thi len 4 sao duoc chua"),
            f"chốt về câu chuyện của {w[2]} để lên sao",
            fold(f"{w[3]} chua co website thi chuyen ke co du 4 sao khong"),
            f"{w[4]} chép câu chuyện nhà khác thì có được 3 sao không",
            fold(f"cau chuyen {w[0]} 3 sao can muc nao, 5 sao can muc nao"),
        ],
    )
    marks = {level.min_star: level for c in (telling, root) for level in c.levels}
    page.say(
        f"Câu chuyện của {page.who}: 4 sao cần {least(marks[4], telling)} ở mục 5.1: {marks[4].text}; 3 sao cần "
        f"{least(marks[3], root)} ở mục 5.3: {marks[3].text}; 5 sao không đòi cao hơn.",
        page.source("5.1", "5.3"),
    )
    lowest = root.levels[0]
    page.say(
        f"Câu chuyện {lowest.text} thì {lowest.points} điểm ở mục 5.3, không qua mức 3 sao.",
        page.source("5.3"),
    )


def brand(page: Page) -> None:
    """What each star takes of the registered brand."""
    w, c = page.w, page.card.criterion("3.5")
    page.section(
        f"{page.who}: nhãn hiệu (thương hiệu) có chốt hạng sao nào?",
        [
            f"thương hiệu {w[0]} mới nộp đơn thì được mấy sao",
            fold(f"{w[1]} chua dang ky nhan hieu co duoc 3 sao khong"),
            f"{w[2]} lên bốn sao phải có bằng nhãn hiệu chưa",
            fold(f"dang ky thuong hieu {w[3]} toi buoc nao thi du 3 sao, 4 sao"),
            f"sở hữu trí tuệ của {w[4]} được mấy điểm",
            fold(f"{w[0]} dung nhan hieu tap the, chi dan dia ly cua xa thi can giay gi"),
            f"chốt về thương hiệu của {w[1]} để lên sao",
            f"còn thương hiệu {w[0]} thì sao, lên 4 sao cần gì",
        ],
    )
    page.say_levels_by_star(c, "nhãn hiệu")
    page.say_note(c)


def market(page: Page) -> None:
    """What each star takes of where the product is sold, and the points for distribution and promotion."""
    w, card = page.w, page.card
    page.section(
        f"{page.who}: bán ở đâu thì được 3 sao, 4 sao, 5 sao?",
        [
            f"{w[0]} chỉ bán quanh xã thì được mấy sao",
            fold(f"{w[1]} can may dai ly moi len 4 sao"),
            f"{w[2]} bán Shopee, siêu thị có tính cho 5 sao không",
            fold(f"{w[3]} khong xuat khau co len 5 sao duoc ko"),
            f"kênh bán hàng của {w[4]} được mấy điểm",
            fold(f"{w[0]} khu vuc phan phoi, quang ba, hoi cho may diem"),
        ],
    )
    page.say_levels_by_star(card.criterion("4.1"), "nơi bán")
    distribution, promotion = card.criterion("4.2"), card.criterion("4.3")
    page.say(
        f"Tổ chức phân phối (mục 4.2) tối đa {distribution.points} điểm, quảng bá (mục 4.3) tối đa {promotion.points} "
        "điểm; hai mục này không có mức tối thiểu theo sao.",
        page.source("4.2", "4.3"),
    )


def links_environment_profit(page: Page) -> None:
    """What each star takes of contracts with growers, of papers for the environment, of profit: a section each."""
    w, leaves = page.w, list(page.card.leaves())
    matters = (
        (
            called(leaves, "Liên kết")[0],
            "hợp đồng liên kết",
            [
                f"hợp đồng liên kết {w[0]} phải bao nhiêu phần trăm sản lượng mới bốn sao",
                fold(f"{w[1]} hop dong moi ky nua nam thi 5 sao duoc chua"),
                f"mua bán miệng, không hợp đồng thì {w[2]} lên 4 sao được không",
                fold(f"muc lien ket chuoi {w[3]} toi da may diem"),
                f"liên kết với hộ dân làm {w[4]} cần bao lâu để đủ 5 sao",
            ],
        ),
        (
            called(leaves, "Bảo vệ môi trường")[0],
            "hồ sơ môi trường",
            [
                f"cơ sở {w[0]} cần giấy tờ môi trường gì để lên 4 sao",
                fold(f"{w[1]} chua co ho so moi truong thi duoc may sao"),
                f"bảo vệ môi trường khi làm {w[2]} được mấy điểm",
                fold(f"xu ly nuoc thai, rac o xuong {w[3]} them may diem"),
            ],
        ),
        (
            page.card.criterion("3.4"),
            "lợi nhuận",
            [
                f"{w[0]} năm nay lỗ thì có lên 4 sao được không",
                fold(f"{w[1]} phai lai may nam lien moi du bon sao"),
                f"hợp tác xã {w[2]} xếp loại khá có thay được lãi hai năm không",
                fold(f"muc tang truong cua {w[3]} may diem"),
            ],
        ),
    )
    for c, name, asks in matters:
        page.section(f"{page.who}: {name} có chốt hạng sao nào?", asks)
        page.say_levels_by_star(c, name)
