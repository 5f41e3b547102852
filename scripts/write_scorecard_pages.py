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
TOURISM = 26
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
    "loại hình, người đại diện, lao động": "3.1 3.2 3.3",
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
        page.say(f"{capital(name)} của {page.who} tối đa {total} điểm, chấm theo các mức sau:", page.source())
        page.levels(told)


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
    page.section(
        f"{page.who}: lấy từ tỉnh khác có được không?",
        [
            f"{w[0]} mua ở tỉnh khác về có thi OCOP được không",
            fold(f"{w[1]} co bat buoc 100% trong tinh khong"),
            f"gom {w[2]} tỉnh bên về đóng gói có được không",
            fold(f"{w[3]} lay o xa khac trong tinh co duoc khong"),
            f"{w[4]} phải làm trong xã hay trong tỉnh là được",
            fold(f"hang {w[0]} lay tu ngoai tinh co bi loai ko"),
        ]
        if mine
        else [
            f"{w[0]} dùng nguyên liệu tỉnh khác có thi OCOP được không",
            fold(f"{w[1]} lay nguyen lieu ngoai tinh 60% co duoc 3 sao khong"),
            f"{w[2]} nguyên liệu trong tỉnh 40% thì được mấy sao",
            fold(f"lam {w[3]} co bat buoc nguyen lieu trong tinh khong"),
            f"nguyên liệu làm {w[4]} mua ngoài tỉnh nhiều hơn trong tỉnh thì sao",
            fold(f"{w[0]} lay nguyen lieu tinh ben ve lam dc khong"),
        ],
    )
    if mine or any_share:
        page.say(f"{'Không' if mine else 'Được'}. {share}.", page.source(told[0].code))
    else:
        limit = f"Được, nhưng không quá nửa: {small(share)}, mua tỉnh khác quá nửa thì không được 3 sao."
        page.say(limit, page.source(told[0].code))
    if mine:
        page.say("Lấy ở xã khác trong tỉnh thì được, chỉ ít điểm hơn:", page.source(told[0].code))
    elif not any_share:
        page.say(
            "Ví dụ 60% nguyên liệu mua tỉnh khác, 40% trong tỉnh: chỉ được "
            f"{told[0].levels[0].points} điểm, chưa đạt mức tối thiểu của 3 sao.",
            f"{{tính từ {INSTRUMENT} PLII B{card.set} m{told[0].code}}}",
        )
    page.levels(told[:1])
    for item in card.rejections:
        if item.at == told[0].code:
            page.say(f"Hồ sơ bị loại nếu {small(item.text)}", page.source(item.at))
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
            [f"chất lượng {w[0]} thế nào thì được 4 sao", f"{fold(w[1])} 4 sao co can ISO HACCP khong"],
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
        [f"{w[0]} bị loại vì sao", f"hồ sơ {w[1]} bị dừng chấm khi nào", f"{fold(w[0])} bi loai khi nao"],
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
