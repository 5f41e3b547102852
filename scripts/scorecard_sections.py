"""The sections of every page: which set, its points, what rejects a file, advice, misprints."""

from __future__ import annotations

from collections.abc import Sequence

from scorecard_page import SUGGESTION, Page, capital, small

from knowledge.scorecards import INSTRUMENT, Correction, load_scorecards
from knowledge.text import fold

REVIEWED = "2026-11-21"
LIST_OF_SETS = f"{{{INSTRUMENT} PLI}}"
EASY = ("Ghi nhãn song ngữ", "Công nghệ theo hướng bền vững", "Tổ chức phân phối", "Hướng dẫn sử dụng")


def front_matter(page: Page) -> None:
    """The head of the file, before any section."""
    card = page.card
    tags = ", ".join(["bo-san-pham", f"bo-{card.set}", fold(page.w[0]).replace(" ", "-")])
    page.lines += [
        "---",
        f"title: Bộ {card.set} – chấm OCOP cho {page.hand['label']}",
        f"topics: [{tags}]",
        f"instruments: [{INSTRUMENT}]",
        "valid_from: 2026-05-22",
        "valid_to: null",
        "locality: trung-uong",
        f"confidence: {'một nguồn' if card.corrections else 'chắc chắn'}",
        f"reviewed: {REVIEWED}",
        "---",
    ]


def which_set(page: Page) -> None:
    """What the set holds, who leads it, what is easily put in the wrong set."""
    card, w = page.card, page.w
    page.section(
        f"{page.who} gồm những sản phẩm nào, ai chủ trì?",
        [
            f"{w[0]} nộp OCOP theo bộ nào",
            f"{fold(w[0])} thuoc bo san pham so may",
            f"{w[1]} xếp vào nhóm nào",
            f"bộ {card.set} ocop là gì",
            *_asking_by_example(page.hand["examples"].split(", ")),
        ],
    )
    page.say(
        f"{capital(page.hand['label'])} chấm OCOP theo Bộ {card.set}, phiếu mang tên “{card.name}”, thuộc nhóm "
        f"{card.group}, ngành {card.sector}.",
        f"{{{INSTRUMENT} PLI; {INSTRUMENT} PLII B{card.set}}}",
    )
    page.say(f"Cơ quan chủ trì quản lý bộ {card.set} là {' cùng '.join(card.agencies)}.", LIST_OF_SETS)
    page.say(
        f"{capital(page.hand['examples'])} chấm theo bộ {card.set}: đây là ví dụ của sổ tay, quyết định không liệt kê "
        "từng món.",
        SUGGESTION,
    )
    page.say(page.hand["mixed"], SUGGESTION)


def _asking_by_example(goods: Sequence[str]) -> list[str]:
    """Ways of asking which set everyday goods belong to, two of them at a time."""
    forms = ("{} xếp bộ mấy", "{} nop phieu nao", "làm {} thì theo bộ nào")
    asked = [
        forms[number % 3].format(" hay ".join(goods[start : start + 2]))
        for number, start in enumerate(range(0, len(goods), 2))
    ]
    return [fold(way) if number % 3 == 1 else way for number, way in enumerate(asked)]


def set_apart(page: Page) -> None:
    """Goods that people take for this set and which have another; nothing where the hand-kept words name none."""
    if not (apart := page.hand.get("apart")):
        return
    card, w = page.card, page.w
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
        LIST_OF_SETS,
    )
    page.say("Món nào chưa rõ thuộc bộ nào thì hỏi cơ quan quản lý OCOP cấp tỉnh trước khi làm hồ sơ.", SUGGESTION)


def own_fact(page: Page) -> None:
    """The hand-kept fact of this set, if it has one."""
    if fact := page.hand.get("fact"):
        page.section(f"{page.who}: {fact['ask']}", [])
        page.say(fact["text"], f"{{{fact['source']}}}")


def points(page: Page) -> None:
    """The three parts of the sheet with the points of their headings."""
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


def points_of_parts_a_and_b(page: Page) -> None:
    """Every criterion of parts A and B with its points."""
    card, w = page.card, page.w
    page.section(
        f"{page.who}: phần A và phần B có những tiêu chí nào, mỗi tiêu chí mấy điểm?",
        [
            f"liên kết, nhãn hiệu {w[0]} mấy điểm",
            f"bán hàng, quảng bá {w[1]} mấy điểm",
            f"phần A, phần B của {w[2]} gồm gì",
        ],
    )
    leaves = {letter: list(card.part(letter).leaves()) for letter in "AB"}
    page.say(
        f"{page.head} có {len(leaves['A'])} tiêu chí ở phần A cộng lại 40 điểm và {len(leaves['B'])} tiêu chí ở phần B "
        "cộng lại 25 điểm.",
        page.source(),
    )
    for criteria in leaves.values():
        page.table("Tiêu chí", criteria)


def rejections(page: Page) -> None:
    """What ends an assessment, as the sheet prints it."""
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
        page.say("25 phiếu còn lại đều loại hồ sơ giả mạo; làm du lịch cũng nên nộp hồ sơ thật và đủ.", SUGGESTION)
        return
    worst = card.rejections[0]
    page.say(
        f"Hồ sơ {page.who} bị {worst.kind} khi {small(worst.text)[:-1]}; phiếu in cả thảy {len(card.rejections)} "
        "trường hợp bị loại, dừng chấm hoặc không được đánh giá:",
        page.source(),
    )
    for item in card.rejections:
        where = f" (mục {item.at})" if item.at else ""
        page.item(f"{item.kind.capitalize()}{where}: {item.text}", page.source(item.at))
    if (note := card.criterion("1.1").note) and note.startswith("Bắt buộc"):
        page.item(f"Yêu cầu của mục 1.1: {small(note)}", page.source("1.1"))


def advice(page: Page) -> None:
    """Points to be had freely, then the hand-kept advice."""
    card, w = page.card, page.w
    page.section(
        f"{page.who}: làm gì để thêm điểm?",
        [
            f"làm sao để {w[0]} được nhiều điểm hơn",
            f"{fold(w[0])} them diem o dau",
            f"{w[2]} thiếu vài điểm thì làm gì",
        ],
    )
    if easy := ", ".join(f"{small(c.name)} {c.points} điểm" for c in card.unmarked() if c.name in EASY):
        page.say(
            f"Để {page.who} thêm điểm, làm trước các mục không vướng mức tối thiểu: {easy}.",
            page.reckoned(),
        )
    else:
        page.say(
            f"Để {page.who} thêm điểm, nên làm trước những mục nhiều điểm mà dễ chuẩn bị giấy tờ:",
            SUGGESTION,
        )
    for item in page.hand["advice"]:
        if at := item.get("at"):
            page.item(item["text"].replace("{max}", str(card.criterion(at).points)), page.source(at))
        else:
            page.item(item["text"], SUGGESTION)


def misprints(page: Page) -> None:
    """What the copy of the sheet prints wrongly or unclearly; nothing where it is sound."""
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
        page.item(f"{_misprint(c)} {c.why}", page.source("" if c.at in "ABC" else c.at))
    for d in doubts:
        page.item(f"Mục {d.at}: {d.text}", page.source(d.at))


def _misprint(c: Correction) -> str:
    where = f"Phần {c.at}" if c.at in "ABC" else f"Mục {c.at}"
    place = f"{where}, mức thứ {c.level}" if c.level else where
    if c.field == "points":
        return f"{place}: bản chép {f'in “{c.printed}”' if c.printed else 'để trống'}, sổ tay đọc là {c.read_as} điểm."
    if c.field == "min_star":
        return f"{place}: bản chép không in dấu sao, sổ tay đọc là mức tối thiểu {c.read_as} sao."
    return f"{place}: bản chép in “{c.printed}”, sổ tay đọc là “{c.read_as}”."
