"""The sections on where goods or their raw material come from, what is made of it, how rare the idea is."""

from __future__ import annotations

from scorecard_page import Page, called, small

from knowledge.scorecards import INSTRUMENT, Criterion
from knowledge.text import fold


class Origin:
    """What a sheet asks of the origin of goods or of their raw material: its first criterion."""

    def __init__(self, page: Page) -> None:
        self.criterion: Criterion = page.card.part("A").criteria[0].criteria[0]
        self.source = page.source(self.criterion.code)
        self.of_goods = self.criterion.name == "Nguồn gốc sản phẩm"  # else of raw material
        self.half = self.criterion.levels[0].min_star != 3  # 3 stars ask for half of it from the province, else for any

    @property
    def asked(self) -> str:
        """What must come from where."""
        if self.of_goods:
            return small(self.criterion.note or "")[:-1]
        if self.half:
            return "muốn 3 sao phải có từ 50% nguyên liệu trong tỉnh"
        return "muốn 3 sao chỉ cần có nguyên liệu trong tỉnh, dưới 50% cũng qua"


def origin(page: Page) -> None:
    """What origin and processing count for."""
    w, start = page.w, Origin(page)
    told = called(page.card.part("A").criteria[0].criteria, "Nguồn ", "Vùng ", "Gia tăng ")
    page.section(
        f"{page.who}: {'nguồn gốc, sơ chế' if start.of_goods else 'nguyên liệu, chế biến'} được chấm theo mức nào?",
        [
            f"{w[0]} phải làm trong xã bao nhiêu phần trăm"
            if start.of_goods
            else f"nguyên liệu làm {w[0]} phải bao nhiêu phần trăm trong tỉnh",
            f"{w[0]} mục {small(start.criterion.name)} tối đa bao nhiêu điểm",
            *(fold(f"{w[1]} {c.name} may diem") for c in told),
            f"{w[2]} {'sơ chế' if start.of_goods else 'chế biến'} bằng máy hay làm tay hơn nhau mấy điểm",
            f"{w[3]} muốn đủ điểm nguồn gốc thì phải làm trong xã mấy phần"
            if start.of_goods
            else fold(f"{w[3]} muon 3 sao thi nguyen lieu trong tinh it nhat bao nhieu phan tram"),
        ],
    )
    counted = "làm ra trong xã" if start.of_goods else "lấy trong tỉnh"
    page.say(f"{page.goods} {start.asked}; điểm chấm theo tỷ lệ {counted}.", start.source)
    page.levels(told)


def other_provinces(page: Page) -> None:
    """Goods or raw material from another province; then raw material wholly from there or from abroad."""
    start = Origin(page)
    if start.of_goods:
        _goods_from_elsewhere(page, start)
    else:
        _material_from_elsewhere(page, start)
        _too_little_from_the_province(page, start)
        _imported(page, start)


def _heading_elsewhere(page: Page) -> str:
    return f"{page.who}: lấy từ tỉnh khác có được không?"


def _goods_from_elsewhere(page: Page, start: Origin) -> None:
    w = page.w
    page.section(
        _heading_elsewhere(page),
        [
            f"{w[0]} mua ở tỉnh khác về có thi OCOP được không",
            fold(f"{w[1]} co bat buoc 100% trong tinh khong"),
            f"gom {w[2]} tỉnh bên về đóng gói có được không",
            fold(f"{w[3]} lay o xa khac trong tinh co duoc khong"),
            f"{w[4]} phải làm trong xã hay trong tỉnh là được",
            fold(f"hang {w[0]} lay tu ngoai tinh co bi loai ko"),
            f"{w[1]} nhập hết của tỉnh khác thì được mấy sao",
        ],
    )
    page.say(f"Không. {page.goods} lấy từ tỉnh khác thì không được: {start.asked}.", start.source)
    page.say("Lấy ở xã khác trong tỉnh thì được, chỉ ít điểm hơn.", start.source)
    page.levels([start.criterion])


def _material_from_elsewhere(page: Page, start: Origin) -> None:
    w = page.w
    page.section(
        _heading_elsewhere(page),
        [
            f"{w[0]} dùng nguyên liệu tỉnh khác có thi OCOP được không",
            fold(f"lam {w[3]} co bat buoc nguyen lieu trong tinh khong"),
            f"nguyên liệu làm {w[4]} mua ngoài tỉnh nhiều hơn trong tỉnh thì sao",
            fold(f"{w[0]} lay nguyen lieu tinh ben ve lam dc khong"),
            f"mua thêm một ít nguyên liệu tỉnh bạn về làm {w[2]} có sao không",
            *([] if start.half else [fold(f"{w[1]} mua ngoai tinh 70%, trong tinh 30% thi duoc may diem nguyen lieu")]),
        ],
    )
    share = f"{small(page.goods)} {start.asked}"
    page.say(
        f"Chỉ được lấy từ tỉnh khác không quá nửa: {share}."
        if start.half
        else f"Lấy một phần từ tỉnh khác thì được: {share}; mua hết ở tỉnh khác thì chưa đủ mức 3 sao.",
        start.source,
    )
    page.levels([start.criterion])


def _too_little_from_the_province(page: Page, start: Origin) -> None:
    """Less of the province's raw material than 3 stars ask for."""
    w, low = page.w, start.criterion.levels[0].points
    short = "trong tỉnh dưới 50%" if start.half else "mua hết ở tỉnh khác"
    page.section(
        f"{page.who}: nguyên liệu {short} có được 3 sao không?",
        [
            f"{w[0]} nguyên liệu trong tỉnh có 40% thì lên nổi ba sao không",
            fold(f"{w[1]} lay nguyen lieu ngoai tinh 60% co duoc 3 sao khong"),
            f"làm {w[2]} mà chở hết nguyên liệu ở tỉnh khác về thì được mấy sao",
            fold(f"toan bo nguyen lieu {w[3]} mua ngoai tinh, co dat ba sao ko"),
            f"trong tỉnh không có nguyên liệu làm {w[4]} thì có thi 3 sao được không",
            fold(f"{w[0]} khong dung nguyen lieu trong tinh co len sao duoc khong"),
            fold(f"{w[1]} mua ngoai tinh 70%, trong tinh 30% thi duoc may diem nguyen lieu"),
            f"{w[2]} chỉ có ba mươi phần trăm nguyên liệu trong tỉnh thì đủ 3 sao chưa",
        ]
        if start.half
        else [
            f"làm {w[0]} mà nguyên liệu chở hết từ tỉnh khác về thì được mấy sao",
            fold(f"toan bo nguyen lieu {w[1]} mua ngoai tinh, co dat ba sao ko"),
            f"trong tỉnh không có nguyên liệu làm {w[2]} thì có thi 3 sao được không",
            fold(f"{w[3]} 100% nguyen lieu tinh ngoai co du 3 sao khong"),
            f"{w[4]} không có chút nguyên liệu nào trong tỉnh thì sao",
            fold(f"{w[0]} khong dung nguyen lieu trong tinh co len sao duoc khong"),
        ],
    )
    if start.half:
        page.say(
            f"Không. {page.goods} có dưới 50% nguyên liệu trong tỉnh thì chưa đủ 3 sao: chỉ được {low} điểm, muốn 3 "
            "sao phải từ 50%.",
            start.source,
        )
        page.say(
            f"Nguyên liệu mua hết ở tỉnh khác thì phiếu bộ {page.card.set} không có mức điểm nào: mức thấp nhất đã đòi "
            "có nguyên liệu trong tỉnh.",
            start.source,
        )
        page.say(
            f"Ví dụ 60% nguyên liệu mua tỉnh khác, 40% trong tỉnh: {low} điểm, chưa đủ 3 sao.",
            page.reckoned(start.criterion.code),
        )
    else:
        page.say(
            f"Không. {page.goods} mua hết nguyên liệu ở tỉnh khác thì chưa đủ 3 sao: muốn 3 sao phải có nguyên liệu "
            "trong tỉnh, dưới 50% cũng qua.",
            start.source,
        )
        page.say(
            f"Có một phần nguyên liệu trong tỉnh là được {low} điểm và qua mức tối thiểu 3 sao của mục này.",
            start.source,
        )
    page.say(
        "Phiếu không nói chỉ tính nguyên liệu chính hay tính cả nguyên liệu phụ; hỏi cơ quan quản lý OCOP cấp tỉnh "
        "trước khi tự chấm.",
        start.source,
    )


def _imported(page: Page, start: Origin) -> None:
    w, card, code = page.w, page.card, start.criterion.code
    page.section(
        f"{page.who}: nhập khẩu 100% nguyên liệu thì sao?",
        [
            f"làm {w[0]} bằng nguyên liệu nhập nước ngoài hết thì chấm được mấy điểm",
            fold(f"{w[1]} dung toan nguyen lieu nhap Trung Quoc co bi loai khong"),
            f"{w[2]} nhập một phần nguyên liệu nước ngoài có sao không",
            fold(f"nguyen lieu {w[3]} nhap khau hoan toan co thi ocop dc ko"),
            f"{w[4]} mua nguyên liệu trôi nổi không rõ gốc gác thì sao",
            fold(f"{w[0]} khong co hoa don nguyen lieu, khong ro nguon goc"),
        ],
    )
    out = [item for item in card.rejections if item.at == code]
    at_least = "có từ 50% nguyên liệu trong tỉnh" if start.half else "có nguyên liệu trong tỉnh"
    for item in out:
        page.say(f"Hồ sơ {page.who} bị loại nếu {small(item.text)}", start.source)
    if out:
        page.say(
            f"Nhập khẩu một phần thì không bị loại vì câu này, nhưng muốn 3 sao vẫn phải {at_least}.", start.source
        )
        return
    page.say(
        f"Chưa đủ 3 sao: {page.who} muốn 3 sao phải {at_least}, nhập khẩu 100% nguyên liệu thì không có mức điểm nào ở "
        f"mục {code}.",
        start.source,
    )
    page.say(
        f"Phiếu bộ {card.set} không in câu loại hồ sơ dùng toàn bộ nguyên liệu nhập khẩu như phiếu bộ 7–15 và 18–20.",
        f"{{{INSTRUMENT} PLII}}",
    )


def rarity(page: Page) -> None:
    """What a common product and a speciality of the place count for."""
    w, idea = page.w, page.card.part("A").criteria[1].criteria[0]
    page.section(
        f"{page.who}: sản phẩm phổ biến hay đặc sản được mấy điểm?",
        [
            f"{w[0]} nơi nào cũng có thì được mấy điểm",
            fold(f"{w[0]} nguon goc y tuong may diem"),
            f"{w[1]} mới làm có được điểm ý tưởng không",
        ],
    )
    page.say(
        f"Sản phẩm của {page.who} càng riêng của địa phương càng nhiều điểm ở mục {idea.code}, tối đa {idea.points} "
        "điểm:",
        page.source(idea.code),
    )
    page.levels([idea])
