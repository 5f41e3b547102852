"""Write knowledge/handbook/bo-san-pham/bo-01.md … bo-26.md, one page a set of products.

    python scripts/write_scorecard_pages.py [--out FOLDER]

Figures come from knowledge/data/scorecards, everyday names and advice from scripts/scorecard_pages.yaml, ways of asking
in people's own words from scripts/scorecard_ways.tsv. Change a page there, not in the Markdown, or the next run loses
it; tests/knowledge/test_scorecards.py holds pages and data together.
"""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from knowledge.scorecards import INSTRUMENT, Correction, Criterion, Level, Minimum, Scorecard, load_scorecards  # noqa: E402

HAND = ROOT / "scripts" / "scorecard_pages.yaml"
WAYS = ROOT / "scripts" / "scorecard_ways.tsv"
OUT = ROOT / "knowledge" / "handbook" / "bo-san-pham"
REVIEWED = "2026-11-21"
CRAFTS, TOURISM = 21, 26
STARS = {  # point of Đ3 k3, band, least total
    3: ("c", "từ 50 đến dưới 70 điểm", 50),
    4: ("b", "từ 70 đến dưới 90 điểm", 70),
    5: ("a", "từ 90 đến 100 điểm", 90),
}
# Much the same on every sheet, or told in a section of its own.
COMMON = ("Tính độc đáo", "Dinh dưỡng", "Hướng dẫn sử dụng", "Cơ hội thị trường toàn cầu")
PACKING = ("Đóng gói, bao bì", "Bao bì, ghi nhãn", "Phong cách, ghi nhãn")
STANDARD = 7, ("8", "9")  # công bố and đảm bảo as most sheets word them
LONG = 1000  # characters of levels in one section; README of the handbook: 1,200 in all
TOURISM_GROUPS = {
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


def fold(text: str) -> str:
    """As typed without diacritics."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return bare.replace("đ", "d").replace("Đ", "D").lower()


def capital(text: str) -> str:
    return text[0].upper() + text[1:]


def small(text: str) -> str:
    return text[0].lower() + text[1:]


@cache
def other_ways() -> dict[tuple[int, str], list[str]]:
    """Ways of asking by set and heading, from lines of set, heading and way."""
    found: dict[tuple[int, str], list[str]] = {}
    for line in WAYS.read_text(encoding="utf-8").splitlines():
        number, heading, way = line.split("\t")
        found.setdefault((int(number), heading), []).append(way)
    return found


def _opened(c: Criterion) -> str:
    """A criterion with its number, as it opens an item: a lone "9." would be taken for the ninth item of a list."""
    return f"{c.code}. {c.name}" if "." in c.code else f"Tiêu chí {c.code}. {c.name}"


class Page:
    """One page under construction: sections of lines, each with its source."""

    def __init__(self, card: Scorecard, hand: dict[str, Any]) -> None:
        self.card, self.hand = card, hand
        self.who = f"bộ {card.set} ({hand['label']})"
        self.head = f"B{self.who[1:]}"
        words = hand["words"]
        self.w = [words[i % len(words)] for i in range(5)]  # how producers call it, for the ways of asking
        self.lines: list[str] = []

    def source(self, code: str = "") -> str:
        return f"{{{INSTRUMENT} PLII B{self.card.set}{f' m{code}' if code else ''}}}"

    def section(self, heading: str, asks: Iterable[str]) -> None:
        heading = capital(heading)
        asked = (*asks, *other_ways().get((self.card.set, heading), ()))
        self.lines += ["", f"## {heading}", f"<!-- hỏi: {' | '.join(asked)} -->"]

    def say(self, text: str, source: str) -> None:
        """A paragraph, kept apart from a list or table before it."""
        if self.lines[-1][:2] in ("- ", "| "):
            self.lines.append("")
        self.lines.append(f"{text} {source}")

    def table(self, head: str, criteria: Iterable[Criterion], prefix: str = "") -> None:
        if self.lines[-1][:2] != "| ":
            self.lines += ["", f"| {head} | Điểm tối đa |", "|---|---|"]
        self.lines += [f"| {prefix}{c.code}. {c.name} | {c.points} | {self.source(c.code)}" for c in criteria]

    def levels(self, criteria: Iterable[Criterion]) -> None:
        for c in criteria:
            boxes = "; ".join(f"{level.points} điểm: {said(level)}" for level in c.levels)
            self.lines.append(f"- {_opened(c)} (tối đa {c.points} điểm) – {boxes}. {self.source(c.code)}")

    def needs(self, marks: Iterable[Minimum], star: int) -> None:
        thin = {c.at for c in self.card.corrections if c.field == "min_star" and c.read_as == star}
        for mark in marks:
            c, level = mark.criterion, mark.level
            full = level.points == c.points
            least = f"đủ {level.points} điểm" if full else f"từ {level.points} điểm (tối đa {c.points})"
            doubt = " (bản chép thiếu dấu sao; 25 phiếu khác có)" if c.code in thin else ""
            paper = f" {c.note}" if c.note and (c.name.startswith("Công bố") or (star == 4 and c.code == "3.5")) else ""
            self.lines.append(f"- {_opened(c)}: {least} – {level.text}{doubt}.{paper} {self.source(c.code)}")


def said(level: Level) -> str:
    return f"[{level.case}] {level.text}" if level.case else level.text


def named(goods: Sequence[str]) -> list[str]:
    """Ways of asking which set everyday goods belong to, a few of them at a time."""
    forms = ("{} xếp bộ mấy", "{} nop phieu nao", "làm {} thì theo bộ nào")
    asked = [
        forms[number % 3].format(" hay ".join(goods[start : start + 2]))
        for number, start in enumerate(range(0, len(goods), 2))
    ]
    return [fold(way) if number % 3 == 1 else way for number, way in enumerate(asked)]


def opening(page: Page) -> None:
    card, w = page.card, page.w
    tags = ", ".join(["bo-san-pham", f"bo-{card.set}", fold(page.hand["words"][0]).replace(" ", "-")])
    confidence = "một nguồn" if card.corrections else "chắc chắn"
    page.lines += [
        "---",
        f"title: Bộ {card.set} – chấm OCOP cho {page.hand['label']}",
        f"topics: [{tags}]",
        f"instruments: [{INSTRUMENT}]",
        "valid_from: 2026-05-22",
        "valid_to: null",
        "locality: trung-uong",
        f"confidence: {confidence}",
        f"reviewed: {REVIEWED}",
        "---",
    ]
    page.section(
        f"{page.who} gồm những sản phẩm nào, ai chủ trì?",
        [
            f"{w[0]} nộp OCOP theo bộ nào",
            f"{fold(w[0])} thuoc bo san pham so may",
            f"{w[1]} xếp vào nhóm nào",
            f"bộ {card.set} ocop là gì",
            *named(page.hand["examples"].split(", ")),
        ],
    )
    page.say(
        f"{capital(page.hand['label'])} chấm OCOP theo Bộ {card.set}, phiếu mang tên “{card.name}”, thuộc nhóm "
        f"{card.group}, ngành {card.sector}.",
        f"{{{INSTRUMENT} PLI; {INSTRUMENT} PLII B{card.set}}}",
    )
    page.say(f"Cơ quan chủ trì quản lý bộ {card.set} là {' cùng '.join(card.agencies)}.", f"{{{INSTRUMENT} PLI}}")
    page.say(
        f"{capital(page.hand['examples'])} chấm theo bộ {card.set}: đây là ví dụ của sổ tay, quyết định không liệt kê "
        "từng món.",
        "{gợi ý}",
    )
    page.say(page.hand["mixed"], "{gợi ý}")
    if apart := page.hand.get("apart"):
        other = load_scorecards()[apart["set"]]
        goods = (apart["what"].split(", ") * 3)[:3]
        page.section(
            f"{page.who}: {apart['what']} có chấm chung không?",
            [
                f"{w[0]} với {goods[0]} có chung một bộ không",
                fold(f"{w[1]} xep chung bo voi {goods[1]} duoc khong"),
                f"{goods[2]} nộp theo bộ {card.set} được không",
                fold(f"{w[2]} co chung phieu cham voi {goods[0]} ko"),
                f"phân biệt {w[3]} và {goods[2]} khi chấm OCOP",
                fold(f"{goods[1]} khac bo voi {w[4]} ha"),
            ],
        )
        page.say(
            f"Không. {capital(apart['what'])} không chấm chung với {page.hand['label']}: {apart['what']} theo "
            f"[bộ {other.set}](bo-{other.set:02}.md), phiếu “{other.name}”; {page.hand['label']} theo bộ {card.set}, "
            f"phiếu “{card.name}”.",
            f"{{{INSTRUMENT} PLI}}",
        )
        page.say("Món nào chưa rõ thuộc bộ nào thì hỏi cơ quan quản lý OCOP cấp tỉnh trước khi làm hồ sơ.", "{gợi ý}")
    if fact := page.hand.get("fact"):
        page.section(f"{page.who}: {fact['ask']}", [])
        page.say(fact["text"], f"{{{fact['source']}}}")


def points(page: Page) -> None:
    card, w = page.card, page.w
    page.section(
        f"{page.who} chấm những gì, tối đa bao nhiêu điểm?",
        [
            f"{w[0]} ocop chấm điểm thế nào",
            f"{fold(w[0])} ocop cham diem the nao",
            f"phiếu chấm {w[1]} có mục gì",
            f"{w[1]} chấm mấy điểm",
            f"{fold(w[2])} cham bao nhieu diem",
            f"chất lượng {w[2]} mấy điểm",
            f"thang điểm bộ {card.set}",
        ],
    )
    page.say(f"{page.head} chấm tối đa 100 điểm: phần A 40 điểm, phần B 25 điểm, phần C 35 điểm.", page.source())
    for part in card.parts:
        page.table("Nội dung", part.criteria, prefix=f"Phần {part.letter} – ")
    if card.set == TOURISM:  # every criterion is told with its levels further down
        return
    page.section(
        f"{page.who}: phần A và phần B có những tiêu chí nào, mỗi tiêu chí mấy điểm?",
        [
            f"liên kết, nhãn hiệu {w[0]} mấy điểm",
            f"bán hàng, quảng bá {w[1]} mấy điểm",
            f"phần A, phần B của {w[2]} gồm gì",
        ],
    )
    counts = {letter: len(list(card.part(letter).leaves())) for letter in "AB"}
    page.say(
        f"{page.head} có {counts['A']} tiêu chí ở phần A cộng lại 40 điểm và {counts['B']} tiêu chí ở phần B cộng "
        "lại 25 điểm.",
        page.source(),
    )
    for letter in "AB":
        page.table("Tiêu chí", card.part(letter).leaves())


def tourism(page: Page) -> None:
    """Set 26 shares hardly a criterion with the others, so all its levels are told."""
    w = page.w
    for number, (name, codes) in enumerate(TOURISM_GROUPS.items()):
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


def origin(page: Page) -> None:
    """Where the raw material comes from, what is made of it, how rare the idea is."""
    card, w, label = page.card, page.w, page.hand["label"]
    first, second = (section.criteria for section in card.part("A").criteria[:2])
    told = [c for c in first if c.name.startswith(("Nguồn ", "Vùng ", "Gia tăng "))]
    mine = told[0].name == "Nguồn gốc sản phẩm"
    any_share = told[0].levels[0].min_star == 3
    page.section(
        f"{page.who}: {'nguồn gốc, sơ chế' if mine else 'nguyên liệu, chế biến'} được chấm theo mức nào?",
        [
            f"{w[0]} phải làm trong xã bao nhiêu phần trăm"
            if mine
            else f"nguyên liệu làm {w[0]} phải bao nhiêu phần trăm trong tỉnh",
            f"{w[0]} mục {small(told[0].name)} tối đa bao nhiêu điểm",
            *(fold(f"{w[1]} {c.name} may diem") for c in told),
            f"{w[2]} {'sơ chế' if mine else 'chế biến'} bằng máy hay làm tay hơn nhau mấy điểm",
            f"{w[3]} muốn đủ điểm nguồn gốc thì phải làm trong xã mấy phần"
            if mine
            else fold(f"{w[3]} muon 3 sao thi nguyen lieu trong tinh it nhat bao nhieu phan tram"),
        ],
    )
    asked = (
        "chỉ cần có nguyên liệu trong tỉnh, dưới 50% cũng qua" if any_share else "phải có từ 50% nguyên liệu trong tỉnh"
    )
    asked = small(told[0].note or "")[:-1] if mine else f"muốn 3 sao {asked}"
    share = f"{capital(label)} (bộ {card.set}) {asked}"
    counted = "làm ra trong xã" if mine else "lấy trong tỉnh"
    page.say(f"{share}; điểm chấm theo tỷ lệ {counted}:", page.source(told[0].code))
    page.levels(told)
    elsewhere(page, told[0], share)
    page.section(
        f"{page.who}: sản phẩm phổ biến hay đặc sản được mấy điểm?",
        [
            f"{w[0]} nơi nào cũng có thì được mấy điểm",
            fold(f"{w[0]} nguon goc y tuong may diem"),
            f"{w[1]} mới làm có được điểm ý tưởng không",
        ],
    )
    page.say(
        f"Sản phẩm của {page.who} càng riêng của địa phương càng nhiều điểm ở mục {second[0].code}, tối đa "
        f"{second[0].points} điểm:",
        page.source(second[0].code),
    )
    page.levels([second[0]])


def elsewhere(page: Page, material: Criterion, share: str) -> None:
    """Goods or raw material from another province, part or all of it, and from abroad."""
    card, w, source = page.card, page.w, page.source(material.code)
    heading = f"{page.who}: lấy từ tỉnh khác có được không?"
    if material.name == "Nguồn gốc sản phẩm":
        page.section(
            heading,
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
        who = f"{capital(page.hand['label'])} (bộ {card.set})"
        page.say(f"Không. {who} lấy từ tỉnh khác thì không được: {share.removeprefix(who).strip()}.", source)
        page.say("Lấy ở xã khác trong tỉnh thì được, chỉ ít điểm hơn:", source)
        page.levels([material])
        return
    half, low = material.levels[0].min_star != 3, material.levels[0].points
    page.section(
        heading,
        [
            f"{w[0]} dùng nguyên liệu tỉnh khác có thi OCOP được không",
            fold(f"lam {w[3]} co bat buoc nguyen lieu trong tinh khong"),
            f"nguyên liệu làm {w[4]} mua ngoài tỉnh nhiều hơn trong tỉnh thì sao",
            fold(f"{w[0]} lay nguyen lieu tinh ben ve lam dc khong"),
            f"mua thêm một ít nguyên liệu tỉnh bạn về làm {w[2]} có sao không",
            fold(f"{w[1]} mua ngoai tinh 70%, trong tinh 30% thi duoc may diem nguyen lieu"),
        ],
    )
    if half:
        page.say(f"Được một phần, không quá nửa: {small(share)}.", source)
    else:
        page.say(f"Được một phần: {small(share)}; mua hết ở tỉnh khác thì chưa đủ mức 3 sao.", source)
    page.levels([material])
    short = "trong tỉnh dưới 50%" if half else "mua hết ở tỉnh khác"
    page.section(
        f"{page.who}: nguyên liệu {short} có được 3 sao không?",
        [
            f"{w[0]} nguyên liệu trong tỉnh có 40% thì lên nổi ba sao không",
            fold(f"{w[1]} lay nguyen lieu ngoai tinh 60% co duoc 3 sao khong"),
            f"làm {w[2]} mà chở hết nguyên liệu ở tỉnh khác về thì được mấy sao",
            fold(f"toan bo nguyen lieu {w[3]} mua ngoai tinh, co dat ba sao ko"),
            f"trong tỉnh không có nguyên liệu làm {w[4]} thì có thi 3 sao được không",
            fold(f"{w[0]} khong dung nguyen lieu trong tinh co len sao duoc khong"),
        ]
        if half
        else [
            f"làm {w[0]} mà nguyên liệu chở hết từ tỉnh khác về thì được mấy sao",
            fold(f"toan bo nguyen lieu {w[1]} mua ngoai tinh, co dat ba sao ko"),
            f"trong tỉnh không có nguyên liệu làm {w[2]} thì có thi 3 sao được không",
            fold(f"{w[3]} 100% nguyen lieu tinh ngoai co du 3 sao khong"),
            f"{w[4]} không có chút nguyên liệu nào trong tỉnh thì sao",
            fold(f"{w[0]} khong dung nguyen lieu trong tinh co len sao duoc khong"),
        ],
    )
    if half:
        page.say(
            f"Không. {capital(page.hand['label'])} (bộ {card.set}) có dưới 50% nguyên liệu trong tỉnh thì chưa đủ "
            f"3 sao: chỉ được {low} điểm, muốn 3 sao phải từ 50%.",
            source,
        )
        page.say(
            f"Nguyên liệu mua hết ở tỉnh khác thì phiếu bộ {card.set} không có mức điểm nào: mức thấp nhất đã đòi có "
            "nguyên liệu trong tỉnh.",
            source,
        )
        page.say(
            f"Ví dụ 60% nguyên liệu mua tỉnh khác, 40% trong tỉnh: {low} điểm, chưa đủ 3 sao.",
            f"{{tính từ {INSTRUMENT} PLII B{card.set} m{material.code}}}",
        )
    else:
        page.say(
            f"Không. {capital(page.hand['label'])} (bộ {card.set}) mua hết nguyên liệu ở tỉnh khác thì chưa đủ 3 sao: "
            "muốn 3 sao phải có nguyên liệu trong tỉnh, dưới 50% cũng qua.",
            source,
        )
        page.say(
            f"Có một phần nguyên liệu trong tỉnh là được {low} điểm và qua mức tối thiểu 3 sao của mục này.", source
        )
    page.say(
        "Phiếu không nói chỉ tính nguyên liệu chính hay tính cả nguyên liệu phụ; hỏi cơ quan quản lý OCOP cấp tỉnh "
        "trước khi tự chấm.",
        source,
    )
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
    out = [item for item in card.rejections if item.at == material.code]
    at_least = "có từ 50% nguyên liệu trong tỉnh" if half else "có nguyên liệu trong tỉnh"
    if out:
        for item in out:
            page.say(f"Hồ sơ {page.who} bị loại nếu {small(item.text)}", page.source(item.at))
        page.say(f"Nhập khẩu một phần thì không bị loại vì câu này, nhưng muốn 3 sao vẫn phải {at_least}.", source)
    else:
        page.say(
            f"Chưa đủ 3 sao: {page.who} muốn 3 sao phải {at_least}, nhập khẩu 100% nguyên liệu thì không có mức điểm "
            f"nào ở mục {material.code}.",
            source,
        )
        page.say(
            f"Phiếu bộ {card.set} không in câu loại hồ sơ dùng toàn bộ nguyên liệu nhập khẩu như phiếu bộ 7–15 và "
            "18–20.",
            f"{{{INSTRUMENT} PLII}}",
        )


def most(criteria: Sequence[Criterion]) -> str:
    """The most points of some criteria, each by itself too, and the least of them that a star asks for."""

    def stars(c: Criterion) -> str:
        least = [
            f"{level.min_star} sao cần {'đủ' if level.points == c.points else 'từ'} {level.points} điểm"
            for level in c.levels
            if level.min_star
        ]
        return ", ".join(least)

    total = f"tối đa {sum(c.points for c in criteria)} điểm"
    if len(criteria) == 1:
        return f"{total}; {stars(criteria[0]) or 'không có mức tối thiểu theo sao'}"
    each = (f"{small(c.name)} {c.points} điểm{f' ({told})' if (told := stars(c)) else ''}" for c in criteria)
    return f"{total}: {', '.join(each)}"


def own_criteria(card: Scorecard) -> tuple[list[Criterion], list[Criterion]]:
    """The criteria of part C that are this set's own, and those of them that people call by its name together."""
    standard = [load_scorecards()[STANDARD[0]].criterion(code) for code in STANDARD[1]]
    texts = {tuple(level.text for level in c.levels) for c in standard}
    own = [
        c
        for c in card.part("C").leaves()
        if c.name not in COMMON
        and (tuple(level.text for level in c.levels) not in texts or card.set == STANDARD[0])
        and not (card.set < 18 and c.name.startswith(("Công bố", "Đảm bảo")))
    ]
    first = card.criterion("6")
    return own, list(first.leaves()) if first.criteria else own


def quality(page: Page) -> None:
    """How many points looks, smell and taste have, or what stands for them; then their levels."""
    card, w, first = page.card, page.w, page.card.criterion("6")
    own, group = own_criteria(card)
    what = "cảm quan" if card.set < 18 else "chất lượng"
    halves: dict[str, Sequence[Criterion]] = {small(c.name): c.criteria for c in first.criteria if c.criteria}
    page.section(
        f"{page.who}: {what} được tối đa mấy điểm?",
        [
            f"{w[0]} chấm {what} tối đa bao nhiêu điểm",
            fold(f"{w[0]} {what} may diem"),
            f"điểm {what} của {w[1]} cộng lại mấy điểm",
            fold(f"{w[2]} {group[-1].name} toi da may diem, may sao can may"),
            f"{w[3]} mục {small(group[0].name)} mấy điểm",
            fold(f"{w[4]} {group[len(group) // 2].name} phai may diem moi len sao"),
            *(f"{w[1]} chấm {name} mấy điểm" for name in halves),
            *(fold(f"{w[0]} {name} bao nhieu diem") for name in halves),
        ],
    )
    source = page.source("6" if first.criteria else "")
    if halves:
        each = ", ".join(f"{name} {sum(c.points for c in half)} điểm" for name, half in halves.items())
        page.say(f"{capital(what)} của {page.who} tối đa {first.points} điểm: {each}.", source)
    for name, part in (halves or {what: group}).items():
        page.say(f"{capital(name)} của {page.who} {most(part)}.", source)
    if not any(level.min_star for c in group for level in c.levels):
        page.say(f"Phiếu bộ {card.set} không đòi mức tối thiểu theo sao ở các mục này.", page.source())
    chunks: dict[str, Sequence[Criterion]] = {what: own}
    if sum(len(level.text) + 12 for c in own for level in c.levels) + 40 * len(own) > LONG:
        middle = (len(own) + 1) // 2
        chunks = halves or {f"mục {part[0].code} đến {part[-1].code}": part for part in (own[:middle], own[middle:])}
    for number, (name, chunk) in enumerate(chunks.items()):
        asks = [
            [
                f"{w[0]} chấm {'màu, mùi, vị' if card.set < 18 else 'chất lượng'} thế nào",
                f"hội đồng xem {w[1]} những gì",
            ],
            [fold(f"{w[1]} cham {chunk[0].name}"), f"{w[0]} chấm {small(chunk[-1].name)} thế nào"],
        ][number]
        told, span = (what, f" ({name})") if name.startswith("mục ") else (name, "")
        page.section(f"{page.who}: {told} được chấm theo những mức nào{span}?", asks)
        points = sum(c.points for c in chunk if c in group)
        within = "" if name == what else f" trong {sum(c.points for c in group)} điểm {what}"
        more = "".join(f", {small(c.name)} {c.points} điểm" for c in chunk if c not in group)
        page.say(
            f"{capital(name)} của {page.who} tối đa {points} điểm{within}{more}, chấm theo các mức sau:", page.source()
        )
        page.levels(chunk)


def figures(page: Page) -> None:
    """A section for each matter that people ask about by itself: its points, what a star asks of it, its levels."""
    w, leaves = page.w, list(page.card.leaves())
    rare = [c for c in leaves if "độc đáo" in c.name]
    matters = {  # with other words for it
        "dinh dưỡng": ("kiểm nghiệm chất bổ", [c for c in leaves if c.name == "Dinh dưỡng"]),
        small(rare[0].name): ("nét riêng, độc đáo", rare),
        "bao bì, nhãn": ("hộp, túi, nhãn mác", [c for c in leaves if c.name.startswith(PACKING)]),
        "câu chuyện": ("kể chuyện", list(page.card.criterion("5").leaves())),
    }
    for what, (words, criteria) in matters.items():
        if not criteria:
            continue
        page.section(
            f"{page.who}: {what} được mấy điểm?",
            [
                f"{w[0]} chấm {what} tối đa bao nhiêu điểm",
                fold(f"{w[1]} {what} may diem"),
                f"{w[2]} muốn 4 sao thì {what} phải mấy điểm",
                fold(f"{words} cua {w[3]} duoc bao nhieu diem"),
                f"{what} của {w[4]} có mức tối thiểu cho 3 sao, 5 sao không",
                fold(f"{w[0]} {what} thap thi co len sao duoc ko"),
            ],
        )
        code = "5" if what == "câu chuyện" else criteria[0].code
        page.say(f"{capital(what)} của {page.who} {most(criteria)}.", page.source(code))
        page.levels(criteria)
        for c in criteria:
            if c.note:
                page.say(f"{c.name}: {small(c.note)}", page.source(c.code))
        for c in leaves:
            if c.name == "Ghi nhãn song ngữ" and what == "bao bì, nhãn":
                page.say(f"Ghi nhãn song ngữ tính riêng, {c.points} điểm.", page.source(c.code))


def least(level: Level, c: Criterion) -> str:
    return f"đủ {level.points} điểm" if level.points == c.points else f"từ {level.points} điểm (tối đa {c.points})"


def by_star(page: Page, c: Criterion, name: str, first: bool = True) -> str:
    """What each star takes of a criterion, in one sentence: 4 stars first, for which most ask."""
    marks = {level.min_star: level for level in c.levels if level.min_star}
    of = f"{capital(name)} của {page.who if first else f'bộ {page.card.set}'}"
    if not marks:
        return f"{of} không có mức tối thiểu nào cho 3 sao, 4 sao hay 5 sao; tối đa {c.points} điểm."
    thin = {fix.read_as for fix in page.card.corrections if fix.at == c.code and fix.field == "min_star"}
    told = []
    for star in sorted(marks, key=lambda star: (star != 4, star)):
        doubt = " (bản chép thiếu dấu sao; 25 phiếu khác có)" if star in thin else ""
        told.append(f"{star} sao cần {least(marks[star], c)}: {marks[star].text.replace('; ', ', ')}{doubt}")
    higher = [f"{star} sao" for star in STARS if star > max(marks)]
    if higher:
        told.append(f"{', '.join(higher)} không đòi cao hơn")
    return f"{of}: {'; '.join(told)}."


def unmarked(c: Criterion) -> str:
    """The levels of a criterion that no star asks for."""
    levels = "; ".join(f"{level.points} điểm – {level.text}" for level in c.levels if not level.min_star)
    return f"Mức không mang dấu sao ở mục {c.code}: {levels}."


def stars(page: Page) -> None:
    """A section for each criterion that people ask about on their way to a star."""
    card, w, who = page.card, page.w, page.who
    leaves = list(card.leaves())
    by_name = {c.code: c for c in leaves}
    level_up = "cần gì để được 3 sao, 4 sao, 5 sao?"

    packing = [c for c in leaves if c.name.startswith(PACKING)]
    packing.sort(key=lambda c: c.name.startswith("Đóng gói"))  # the label first: it has more stars
    page.section(
        f"{who}: nhãn, bao bì {level_up}",
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
    for number, c in enumerate(packing):
        plain = "nhãn" if "Phong cách" in c.name else "bao bì" if "Đóng gói" in c.name else "bao bì, nhãn"
        page.say(by_star(page, c, f"{plain} (mục {c.code})", not number), page.source(c.code))

    story, root = by_name["5.1"], by_name["5.3"]
    page.section(
        f"{who}: câu chuyện {level_up}",
        [
            f"câu chuyện của {w[0]} phải đưa lên những đâu mới đủ bốn sao",
            fold(f"{w[1]} moi in to roi ke chuyen thi len 4 sao duoc chua"),
            f"chốt về câu chuyện của {w[2]} để lên sao",
            fold(f"{w[3]} chua co website thi chuyen ke co du 4 sao khong"),
            f"{w[4]} chép câu chuyện nhà khác thì có được 3 sao không",
            fold(f"cau chuyen {w[0]} 3 sao can muc nao, 5 sao can muc nao"),
        ],
    )
    top = {level.min_star: level for c in (story, root) for level in c.levels}
    page.say(
        f"Câu chuyện của {who}: 4 sao cần {least(top[4], story)} ở mục 5.1: {top[4].text}; 3 sao cần "
        f"{least(top[3], root)} ở mục 5.3: {top[3].text}; 5 sao không đòi cao hơn.",
        f"{{{INSTRUMENT} PLII B{card.set} m5.1; {INSTRUMENT} PLII B{card.set} m5.3}}",
    )
    page.say(
        f"Câu chuyện {root.levels[0].text} thì {root.levels[0].points} điểm ở mục 5.3, không qua mức 3 sao.",
        page.source("5.3"),
    )

    brand = by_name["3.5"]
    page.section(
        f"{who}: nhãn hiệu (thương hiệu) {level_up}",
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
    page.say(by_star(page, brand, "nhãn hiệu (mục 3.5)"), page.source("3.5"))
    page.say(unmarked(brand), page.source("3.5"))
    if brand.note:
        page.say(brand.note, page.source("3.5"))

    workers(page)
    owner, person = by_name["3.1"], by_name["3.2"]
    page.section(
        f"{who}: hộ, hợp tác xã, công ty được mấy điểm?",
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
    page.say(f"Loại hình của chủ thể {who} tối đa {owner.points} điểm (mục 3.1): {forms}.", page.source("3.1"))
    page.say(
        "Người đại diện pháp luật là nữ, người dân tộc thiểu số hoặc người khuyết tật thì thêm "
        f"{person.points} điểm ở mục 3.2.",
        page.source("3.2"),
    )
    page.say(
        "Hai mục này không mang dấu sao nào: hộ có đăng ký kinh doanh ít điểm hơn nhưng không vướng mức tối thiểu.",
        page.source("3.1"),
    )
    papers(page)
    market, links = by_name["4.1"], next(c for c in leaves if c.name.startswith("Liên kết"))
    page.section(
        f"{who}: bán ở đâu thì được 3 sao, 4 sao, 5 sao?",
        [
            f"{w[0]} chỉ bán quanh xã thì được mấy sao",
            fold(f"{w[1]} can may dai ly moi len 4 sao"),
            f"{w[2]} bán Shopee, siêu thị có tính cho 5 sao không",
            fold(f"{w[3]} khong xuat khau co len 5 sao duoc ko"),
            f"kênh bán hàng của {w[4]} được mấy điểm",
            fold(f"{w[0]} khu vuc phan phoi, quang ba, hoi cho may diem"),
        ],
    )
    page.say(by_star(page, market, "nơi bán (mục 4.1)"), page.source("4.1"))
    page.say(unmarked(market), page.source("4.1"))
    staff, promotion = by_name["4.2"], by_name["4.3"]
    page.say(
        f"Tổ chức phân phối (mục 4.2) tối đa {staff.points} điểm, quảng bá (mục 4.3) tối đa {promotion.points} điểm; "
        "hai mục này không có mức tối thiểu theo sao.",
        f"{{{INSTRUMENT} PLII B{card.set} m4.2; {INSTRUMENT} PLII B{card.set} m4.3}}",
    )
    green = next(c for c in leaves if c.name.startswith("Bảo vệ môi trường"))
    matters: tuple[tuple[Criterion, str, list[str]], ...] = (
        (
            links,
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
            green,
            "hồ sơ môi trường",
            [
                f"cơ sở {w[0]} cần giấy tờ môi trường gì để lên 4 sao",
                fold(f"{w[1]} chua co ho so moi truong thi duoc may sao"),
                f"bảo vệ môi trường khi làm {w[2]} được mấy điểm",
                fold(f"xu ly nuoc thai, rac o xuong {w[3]} them may diem"),
            ],
        ),
        (
            by_name["3.4"],
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
        page.section(f"{who}: {name} cần gì để lên 4 sao, 5 sao?", asks)
        page.say(by_star(page, c, f"{name} (mục {c.code})"), page.source(c.code))
        page.say(unmarked(c), page.source(c.code))


def workers(page: Page) -> None:
    w, c = page.w, page.card.criterion("3.3")
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
        page.say(f"{none}; từ 25% trở lên được 1, 2 hoặc 4 điểm.", page.source("3.3"))
        page.levels([c])
    else:
        shares = ("từ 25% đến dưới 50%", "từ 50% đến 75%", "từ 75% trở lên")
        bands = ", ".join(f"{share} được {level.points} điểm" for share, level in zip(shares, c.levels, strict=True))
        page.say(f"{none}; {bands}.", page.source("3.3"))
    page.say(
        "Mục 3.3 không mang dấu sao nào: ít người trong xã thì mất điểm mục này, không vướng mức tối thiểu của 3 sao, "
        "4 sao hay 5 sao.",
        page.source("3.3"),
    )


def papers(page: Page) -> None:
    """Declared quality with its test report, and what vouches for it."""
    card, w, who = page.card, page.w, page.who
    leaves = list(card.part("C").leaves())
    declared = next((c for c in leaves if c.name.startswith("Công bố")), None)
    if declared:
        page.section(
            f"{who}: công bố chất lượng, phiếu kiểm nghiệm cần gì để được 3 sao, 4 sao, 5 sao?",
            [
                f"{w[0]} chưa công bố chất lượng có được 3 sao không",
                fold(f"{w[1]} tu cong bo theo tieu chuan quoc gia duoc may diem"),
                f"thi OCOP {w[2]} có phải nộp phiếu kiểm nghiệm không",
                fold(f"muc cong bo chat luong cua {w[3]} toi da may diem, may sao can may"),
                f"phiếu kiểm nghiệm của {w[4]} để làm gì khi chấm sao",
            ],
        )
        page.say(by_star(page, declared, f"công bố chất lượng (mục {declared.code})"), page.source(declared.code))
        page.say(unmarked(declared), page.source(declared.code))
        if declared.note:
            page.say(declared.note, page.source(declared.code))
        for item in card.rejections:
            if item.at == declared.code:
                page.say(f"{capital(item.kind)}: {small(item.text)}", page.source(item.at))
    for c in leaves:
        if c.name in ("Kiểm tra định kỳ",) and declared:
            page.say(f"Kiểm tra định kỳ tính riêng, tối đa {c.points} điểm (mục {c.code}).", page.source(c.code))
    vouched = [
        c
        for c in leaves
        if c.name.startswith(("Đảm bảo chất lượng", "Điều kiện đảm bảo", "Chất lượng an toàn thực phẩm"))
    ]
    vouched.sort(key=lambda c: not any(level.min_star for level in c.levels))
    if not vouched:
        return
    words = " ".join(level.text for c in vouched for level in c.levels)
    name, ask = (
        ("giấy an toàn thực phẩm, ISO, HACCP", "HACCP")
        if "HACCP" in words
        else ("GMP, kiểm soát chất lượng", "GMP")
        if "GMP" in words
        else ("giấy đủ điều kiện an toàn", "ISO, HACCP")
        if "giấy" in words
        else ("kiểm soát nội bộ, truy xuất nguồn gốc", "truy xuất nguồn gốc")
    )
    page.section(
        f"{who}: {name} cần gì để được 3 sao, 4 sao, 5 sao?",
        [
            f"{w[0]} lên 4 sao có bắt buộc {ask} không",
            fold(f"co so {w[1]} chua co {ask} thi duoc may sao"),
            f"{w[2]} chỉ có giấy đủ điều kiện an toàn thì được mấy sao"
            if "giấy" in words
            else f"{w[2]} chưa lập kế hoạch kiểm soát thì được mấy sao",
            fold(f"dam bao chat luong cua {w[3]} toi da may diem"),
            f"{w[4]} 5 sao cần chứng nhận gì",
        ],
    )
    for number, c in enumerate(vouched):
        page.say(by_star(page, c, f"{small(c.name)} (mục {c.code})", not number), page.source(c.code))
        page.say(unmarked(c), page.source(c.code))
    if card.set == CRAFTS:
        page.say(
            "Phiếu không nói áp mục này cho gốm, mây tre, đồ gỗ không phải thực phẩm ra sao; hỏi cơ quan quản lý OCOP "
            "cấp tỉnh.",
            page.source(vouched[0].code),
        )
    for item in card.rejections:
        if "giấy chứng nhận cơ sở đủ điều kiện" in item.text:
            page.say(f"Hồ sơ bị loại nếu {small(item.text)}", page.source(item.at))


def minimums(page: Page, star: int) -> None:
    card, w = page.card, page.w
    asks = {
        3: [f"{w[0]} muốn được 3 sao cần gì", f"{fold(w[0])} 3 sao can gi", f"điều kiện 3 sao của {w[1]}"],
        4: [
            f"{w[0]} muốn lên 4 sao cần gì",
            f"{fold(w[0])} len 4 sao can gi",
            f"{w[1]} thiếu gì để lên 4 sao",
            f"nâng {w[2]} từ 3 sao lên 4 sao",
        ],
        5: [f"{w[0]} muốn 5 sao cần gì", f"{fold(w[0])} 5 sao can gi", f"{w[1]} thi 5 sao trung ương cần đạt gì"],
    }
    page.section(f"{page.who} muốn {star} sao phải đạt những mức tối thiểu nào?", asks[star])
    marks, (point, band, low) = card.marks(star), STARS[star]
    rule = f"{{{INSTRUMENT} Đ3 k3 đ{point}; {INSTRUMENT} PLII B{card.set}}}"
    # the list for 4 stars is too long for one section
    late = {c.code for letter in "BC" for c in card.part(letter).leaves()} if star == 4 else set()
    tail = [mark for mark in marks if mark.criterion.code in late]
    head = [mark for mark in marks if mark not in tail]
    if not marks:
        page.say(
            f"{page.head} muốn {star} sao phải đạt {band}; phiếu bộ {card.set} không in dấu {star} sao ở mức nào.", rule
        )
    elif not card.star_note:
        page.say(
            f"{page.head} muốn {star} sao phải đạt {band}; ngoài ra phiếu có in dấu {star} sao ở {len(marks)} mức "
            "sau đây, nên chuẩn bị như mức tối thiểu:",
            rule,
        )
    else:
        split = f" ({len(head)} mức ở phần A dưới đây, {len(tail)} mức ở phần B và C)" if tail else " sau đây"
        page.say(
            f"{page.head} muốn {star} sao phải đạt {band} và {len(marks)} mức tối thiểu mang dấu {star} sao"
            f"{split}, đúng mức đó hoặc cao hơn:",
            rule,
        )
    page.needs(head, star)
    if tail:
        page.section(
            f"{page.who} muốn {star} sao phải đạt mức tối thiểu nào về bán hàng, chất lượng (phần B và C)?",
            [f"chất lượng {w[0]} thế nào thì được 4 sao", fold(f"{w[2]} len 4 sao phan B, phan C phai qua may muc")],
        )
        page.say(
            f"{page.head} muốn {star} sao phải đạt {len(tail)} mức tối thiểu ở phần B và C, ngoài {len(head)} mức "
            "ở phần A:",
            page.source(),
        )
        page.needs(tail, star)
    if star > 3:
        page.say(
            f"Nên giữ cả các mức tối thiểu của {'3 sao' if star == 4 else '3 sao và 4 sao'}: phiếu không viết rõ, "
            "nhưng chuẩn bị đủ là an toàn.",
            "{gợi ý}",
        )
    total, span = card.floor(star), "3 sao" if star == 3 else f"từ 3 sao đến {star} sao"
    page.say(
        f"Các mức tối thiểu {span} cộng lại được {total} điểm, cần thêm ít nhất {low - total} điểm để đủ {low} điểm.",
        f"{{tính từ {INSTRUMENT} PLII B{card.set}}}",
    )
    if not card.star_note:
        page.say(
            f"Phiếu bộ {card.set} không in câu giải thích dấu sao là yêu cầu tối thiểu như 25 phiếu kia, nên cần "
            "hỏi cơ quan quản lý OCOP cấp tỉnh.",
            page.source(),
        )


def rejections(page: Page) -> None:
    card, w = page.card, page.w
    page.section(
        f"{page.who} bị loại hoặc dừng chấm khi nào?",
        [
            f"{w[0]} bị loại vì sao",
            f"hồ sơ {w[1]} bị dừng chấm khi nào",
            f"{fold(w[0])} bi loai khi nao",
            *(
                [f"{w[1]} chưa có giấy an toàn thực phẩm thì bị loại hay chỉ trừ điểm"]
                if any("an toàn thực phẩm" in item.text for item in card.rejections if not item.at)
                else []
            ),
            *(
                [fold(f"mua {w[2]} cua nguoi khac ve chi doi ten, doi nhan co bi loai khong")]
                if any(item.at == "2.1" for item in card.rejections)
                else []
            ),
        ],
    )
    if not card.rejections:
        page.say(f"Phiếu {page.who} không in trường hợp nào bị loại hay dừng chấm.", page.source())
        page.say("25 phiếu còn lại đều loại hồ sơ giả mạo; làm du lịch cũng nên nộp hồ sơ thật và đủ.", "{gợi ý}")
        return
    worst = card.rejections[0]
    page.say(
        f"Hồ sơ {page.who} bị {worst.kind} khi {small(worst.text)[:-1]}; phiếu in cả thảy {len(card.rejections)} "
        "trường hợp bị loại, dừng chấm hoặc không được đánh giá:",
        page.source(),
    )
    for item in card.rejections:
        where = f" (mục {item.at})" if item.at else ""
        page.lines.append(f"- {item.kind.capitalize()}{where}: {item.text} {page.source(item.at)}")
    if (note := card.criterion("1.1").note) and note.startswith("Bắt buộc"):
        page.lines.append(f"- Yêu cầu của mục 1.1: {small(note)} {page.source('1.1')}")


def advice(page: Page) -> None:
    card, w = page.card, page.w
    page.section(
        f"{page.who}: làm gì để thêm điểm?",
        [
            f"làm sao để {w[0]} được nhiều điểm hơn",
            f"{fold(w[0])} them diem o dau",
            f"{w[2]} thiếu vài điểm thì làm gì",
        ],
    )
    easy = [
        c
        for c in card.unmarked()
        if c.name in ("Ghi nhãn song ngữ", "Công nghệ theo hướng bền vững", "Tổ chức phân phối", "Hướng dẫn sử dụng")
    ]
    listed = ", ".join(f"{c.name[0].lower()}{c.name[1:]} {c.points} điểm" for c in easy)
    page.say(
        f"Để {page.who} thêm điểm, làm trước các mục không vướng mức tối thiểu: {listed}."
        if easy
        else f"Để {page.who} thêm điểm, nên làm trước những mục nhiều điểm mà dễ chuẩn bị giấy tờ:",
        f"{{tính từ {INSTRUMENT} PLII B{card.set}}}" if easy else "{gợi ý}",
    )
    for item in page.hand["advice"]:
        at = item.get("at")
        text = item["text"].replace("{max}", str(card.criterion(at).points)) if at else item["text"]
        page.lines.append(f"- {text} {page.source(at) if at else '{gợi ý}'}")


def misprint(c: Correction) -> str:
    where = f"Phần {c.at}" if c.at in "ABC" else f"Mục {c.at}"
    place = f"{where}, mức thứ {c.level}" if c.level else where
    if c.field == "points":
        return f"{place}: bản chép {f'in “{c.printed}”' if c.printed else 'để trống'}, sổ tay đọc là {c.read_as} điểm."
    if c.field == "min_star":
        return f"{place}: bản chép không in dấu sao, sổ tay đọc là mức tối thiểu {c.read_as} sao."
    return f"{place}: bản chép in “{c.printed}”, sổ tay đọc là “{c.read_as}”."


def misprints(page: Page) -> None:
    card, general = page.card, ("3.3", "1.4", "1.5", "")  # the 75 % gaps stand on every sheet and are told elsewhere
    wrong = [c for c in card.corrections if c.field != "bullet"]
    doubts = [d for d in card.doubts if d.at not in general]
    if not wrong and not doubts:
        return
    page.section(
        f"Phiếu {page.who} có chỗ nào in lỗi hoặc chưa rõ?",
        [f"phiếu chấm bộ {card.set} in sai", f"phieu {fold(page.w[0])} in loi cho nao"],
    )
    page.say(
        f"Có. Phiếu {page.who} trong bản chép Phụ lục II mà sổ tay dùng có {len(wrong) + len(doubts)} chỗ nghi in "
        "lỗi hoặc chưa rõ; nên đối chiếu bản ký trước khi dùng làm căn cứ.",
        page.source(),
    )
    for c in wrong:
        page.lines.append(f"- {misprint(c)} {c.why} {page.source('' if c.at in 'ABC' else c.at)}")
    for d in doubts:
        page.lines.append(f"- Mục {d.at}: {d.text} {page.source(d.at)}")


def write(card: Scorecard, hand: dict[str, Any]) -> str:
    """The Markdown of one page."""
    page = Page(card, hand)
    opening(page)
    points(page)
    if card.set == TOURISM:
        tourism(page)
    else:
        origin(page)
        quality(page)
        figures(page)
        stars(page)
    for star in STARS:
        minimums(page, star)
    rejections(page)
    advice(page)
    misprints(page)
    return "\n".join(page.lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Write one handbook page for each set of products.")
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    hand = yaml.safe_load(HAND.read_text(encoding="utf-8"))
    args.out.mkdir(parents=True, exist_ok=True)
    for number, card in load_scorecards().items():
        (args.out / f"bo-{number:02}.md").write_text(write(card, hand[number]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
