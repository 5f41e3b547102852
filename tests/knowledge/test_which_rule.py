"""Which rule held when: questions over the shipped handbook, on 22/11/2026 unless the caller says another day.

Each row: the question, the caller's day, what the answer must say in this order, and what it must not say.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from knowledge.assistant import Assistant
from knowledge.types import Question

IN_2021, MAY_2024, SEPTEMBER_2025, JUNE_2026 = date(2021, 3, 1), date(2024, 5, 10), date(2025, 9, 15), date(2026, 6, 15)

# The period's rule, and after it what holds now where that differs.
THEN = [
    ("Năm 2024 ai công nhận 3 sao?", ["cấp huyện công nhận", "148/QĐ-TTg", "Bây giờ Chủ tịch UBND cấp tỉnh"]),
    ("nam 2024 ai cong nhan 3 sao", ["cấp huyện công nhận", "cấp tỉnh"]),
    ("hồi còn cấp huyện thì 3 sao ai cấp giấy", ["cấp huyện công nhận", "Hiện nay", "cấp tỉnh"]),
    ("trước 1/7/2025 3 sao do ai công nhận", ["cấp huyện công nhận", "cấp tỉnh"]),
    ("năm ngoái 3 sao ai công nhận", ["06/7/2025, cấp tỉnh công nhận", "Hiện nay", "Chủ tịch UBND cấp tỉnh"]),
    ("từ 1/7/2025 đến 21/5/2026 ai công nhận 3 sao", ["06/7/2025, cấp tỉnh công nhận OCOP 3 sao"]),
    ("năm 2025 ai công nhận ocop 3 sao", ["cấp huyện công nhận", "06/7/2025, cấp tỉnh công nhận", "Hiện nay"]),
    ("Giai đoạn 2021-2025 đặt mục tiêu bao nhiêu % xã đạt chuẩn?", ["đến 31/12/2025", "80%"]),
    ("Năm 2021 mấy điểm thì huyện chuyển lên tỉnh", ["QĐ 1048", "từ 50 điểm chuyển tỉnh"]),
    ("năm 2019 OCOP chấm theo quyết định nào", ["1048/QĐ-TTg"]),
    ("hồ sơ nộp tháng 3/2026 chấm theo quyết định nào", ["148/QĐ-TTg"]),
    ("Năm 2022 xã nông thôn mới cần đạt mấy tiêu chí", ["19 tiêu chí", "318/QĐ-TTg", "Hiện nay", "10 tiêu chí"]),
    ("nam 2022 xa ntm can dat may tieu chi", ["19 tiêu chí", "10 tiêu chí"]),
    ("giai đoạn 2016-2020 xã NTM có mấy tiêu chí", ["19 tiêu chí", "1980/QĐ-TTg"]),
    ("trước 2025 huyện nông thôn mới ai công nhận", ["Thủ tướng Chính phủ công nhận"]),
    ("năm 2024 giấy chứng nhận OCOP có hạn mấy năm", ["36 tháng", "Hiện nay", "36 tháng"]),
    ("năm 2025 nhãn phải theo nghị định nào", ["43/2017/NĐ-CP", "111/2021/NĐ-CP", "37/2026/NĐ-CP"]),
    ("năm 2020 nhãn hàng hóa theo nghị định nào", ["43/2017/NĐ-CP", "37/2026/NĐ-CP"]),
    ("năm 2023 xã bị thu hồi danh hiệu khi nào", ["từ 50% số tiêu chí"]),
    ("thẩm định nội dung nhãn hiệu năm 2024 mất mấy tháng", ["9 tháng"]),
    ("nộp hồ sơ OCOP năm 2024 ở đâu", ["nộp tại cấp huyện", "Hiện nay", "UBND cấp"]),
    ("năm 2024 nông thôn mới kiểu mẫu cần gì", ["319/QĐ-TTg"]),
    ("tháng 8/2025 ai ký công nhận sản phẩm ocop 3 sao", ["06/7/2025, cấp tỉnh công nhận", "Hiện nay", "cấp tỉnh"]),
    ("nam ngoai ai ky 3 sao", ["cấp huyện công nhận", "06/7/2025, cấp tỉnh công nhận", "Hiện nay"]),
    ("tháng 3/2026 sản phẩm ocop chấm theo quyết định nào", ["Trước QĐ 26/2026", "148/QĐ-TTg", "1489/QĐ-TTg"]),
    ("từ 1/1/2025 đến 30/6/2025 nộp hồ sơ ocop ở đâu", ["nộp tại cấp huyện", "Hiện nay", "UBND cấp xã"]),
    ("thang 8 nam 2025 nop ho so ocop o dau", ["từ 06/07/2025", "UBND cấp xã nhận hồ sơ OCOP", "Hiện nay"]),
    ("năm 2023 ai công nhận xã nông thôn mới", ["Trước đây", "cấp tỉnh công nhận", "Hiện nay", "2026–2030"]),
    ("2019 ai ký qđ công nhận xã ntm", ["30/12/2016", "cấp tỉnh công nhận xã"]),
    ("trước đây 4 sao do ai công nhận", ["cấp tỉnh công nhận OCOP", "Hiện nay", "OCOP 3 sao và 4 sao"]),
    ("năm 2021 nộp hồ sơ ocop ở đâu", ["QĐ 1048", "nộp ở huyện"]),
    ("năm 2023 mẫu số 03 do ai ký", ["chưa thấy đoạn nói riêng về lúc đó", "hiện hành (từ 22/05/2026)", "[1]"]),
    ("hồi 2020 thang điểm ocop phần chất lượng mấy điểm", ["C 40", "hiện nay là A 40, B 25, C 35"]),
    ("ngày xưa nộp hồ sơ ocop cho ai", ["nộp tại cấp huyện", "Hiện nay", "UBND cấp xã"]),
]
# An ended instrument that a question names is told of as it stood, whether or not it names a time.
NAMED = [
    ("QĐ 148 quy định gì", ["24/02/2023", "148/QĐ-TTg", "Hiện nay", "26/2026/QĐ-TTg"]),
    ("qd 1048 chia diem the nao", ["1048/QĐ-TTg", "A 35, B 25, C 40", "Hiện nay", "phần A 40"]),
    ("hoi 148 cham o huyen tu may diem thi day len tinh", ["từ 70 điểm chuyển tỉnh"]),
    ("theo qđ 148 ai công nhận 3 sao", ["cấp huyện công nhận", "Hiện nay", "cấp tỉnh quyết định công nhận"]),
    ("quyết định 919 đặt mục tiêu bao nhiêu sản phẩm", ["10.000 sản phẩm"]),
    ("QĐ 781 sửa gì", ["781/QĐ-TTg"]),
    ("qd 319 xa kieu mau can nhung dieu kien nao", ["319/QĐ-TTg"]),
    ("theo QĐ 321 tỉnh hoàn thành phải đạt mấy điều kiện", ["8 điều kiện"]),
    ("quyết định 263 đặt mục tiêu gì", ["263/QĐ-TTg"]),
    ("qđ 148 thay đổi gì so với 919", ["919/QĐ-TTg là chương trình", "148/QĐ-TTg"]),
    ("bộ tiêu chí cũ xã nông thôn mới kiểu mẫu cần mấy điều kiện", ["4 điều kiện"]),
]
# A time that belongs to a thing or an event asked about from today, and questions that insist on today.
NOW = [
    ("3 sao ai công nhận?", ["Chủ tịch UBND cấp tỉnh"]),
    ("hiện nay ai công nhận 3 sao", ["Chủ tịch UBND cấp tỉnh"]),
    ("bây giờ chấm OCOP theo quyết định nào", ["26/2026/QĐ-TTg"]),
    ("bay gio cham ocop theo quyet dinh nao", ["26/2026/QĐ-TTg"]),
    ("tháng 6/2026 OCOP chấm theo quyết định nào", ["26/2026/QĐ-TTg"]),
    ("bây giờ còn huyện nông thôn mới không", ["không còn"]),
    ("giay chung nhan ocop bay gio han may nam", ["36 tháng"]),
    ("hiện nay nhãn hàng hóa theo nghị định nào", ["37/2026/NĐ-CP"]),
    ("tem in năm 2025 còn dùng được đến bao giờ", ["23/01/2028"]),
    ("hiện nay bộ tiêu chí xã NTM theo quyết định nào", ["51/2025/QĐ-TTg", "10 tiêu chí"]),
    ("thẩm định nội dung nhãn hiệu bây giờ mất mấy tháng", ["5 tháng"]),
    ("hiện nay có bao nhiêu bộ sản phẩm OCOP", ["26 bộ sản phẩm"]),
    ("nộp hồ sơ OCOP bây giờ ở đâu", ["UBND cấp xã"]),
    ("nghị định 43/2017 bây giờ còn dùng không", ["43/2017/NĐ-CP không còn hiệu lực", "37/2026/NĐ-CP"]),
    ("QĐ 148 hiện còn hiệu lực không", ["hết hiệu lực", "21/7/2026"]),
    ("năm 2027 hồ sơ ocop nộp đợt nào", ["30/4/2027"]),
    ("đến cuối năm 2024 cả nước có bao nhiêu sản phẩm OCOP", ["14.642"]),
    ("năm 2020 có bao nhiêu sản phẩm 5 sao", ["20 sản phẩm OCOP 5 sao"]),
    ("năm nay ai ký 3 sao", ["Chủ tịch UBND cấp tỉnh"]),
]
# The caller's day binds: nothing that came later is told as holding.
BOUND = [
    ("3 sao ai công nhận?", MAY_2024, ["cấp huyện"], "Bây giờ"),
    ("3 sao ai công nhận?", SEPTEMBER_2025, ["06/7/2025, cấp tỉnh công nhận"], "Hiện nay (22/11/2026)"),
    ("3 sao ai công nhận?", JUNE_2026, ["cấp tỉnh"], "148/QĐ-TTg (từ"),
    ("3 sao ai công nhận?", IN_2021, ["tỉnh công nhận 3 sao"], "Hiện nay (22/11/2026)"),
    ("xã nông thôn mới có bao nhiêu tiêu chí", MAY_2024, ["19 tiêu chí"], "Hiện nay (22/11/2026)"),
    ("nộp hồ sơ OCOP ở đâu", MAY_2024, ["huyện"], "Hiện nay (22/11/2026)"),
]


def said(assistant: Assistant, question: str, on: date | None = None) -> str:
    answer: Any = assistant.ask(Question(question, as_of=on))
    assert answer.status == "answered", (answer.status, answer.text)
    return str(answer.text)


def in_order(text: str, parts: list[str]) -> None:
    at = 0
    for part in parts:
        found = text.find(part, at)
        assert found >= 0, f"«{part}» is not said, or not in its place: {text}"
        at = found


@pytest.mark.parametrize(("question", "parts"), THEN, ids=[q for q, _ in THEN])
def test_the_rule_of_the_period_is_told_before_what_holds_now(
    handbook: Assistant, question: str, parts: list[str]
) -> None:
    in_order(said(handbook, question), parts)


@pytest.mark.parametrize(("question", "parts"), NAMED, ids=[q for q, _ in NAMED])
def test_an_ended_instrument_that_is_named_is_told_of(handbook: Assistant, question: str, parts: list[str]) -> None:
    in_order(said(handbook, question), parts)


@pytest.mark.parametrize(("question", "parts"), NOW, ids=[q for q, _ in NOW])
def test_what_holds_now_is_told_where_now_is_asked_for(handbook: Assistant, question: str, parts: list[str]) -> None:
    text = said(handbook, question)
    in_order(text, parts)
    assert not text.startswith("Quy định áp dụng từ")


@pytest.mark.parametrize(("question", "on", "parts", "never"), BOUND, ids=[f"{q} {d}" for q, d, *_ in BOUND])
def test_a_callers_day_binds(handbook: Assistant, question: str, on: date, parts: list[str], never: str) -> None:
    text = said(handbook, question, on)
    in_order(text, parts)
    assert never not in text


# What follows from a day that the question names, and the rule that it follows from.
BY_DAY = [
    (
        "giay chung nhan ocop het han 10/4/2027 thi nop ho so danh gia lai tu ngay nao",
        ["sớm nhất: 12/10/2026 (khung nộp đã mở)", "muộn nhất: 11/12/2026", "Sổ tay đếm", "trừ 180 ngày", "[1]"],
    ),
    (
        "chứng nhận OCOP 3 sao cấp ngày 15/8/2023 còn hiệu lực không",
        ["hết hạn: 15/08/2026 (đã qua)", "Giấy cấp trước 22/5/2026", "36 tháng", "[1]"],
    ),
    (
        "ho so ocop nop ngay 20/11/2026 thi xa phai xong truoc ngay nao",
        ["gửi hồ sơ lên tỉnh: 14/12/2026", "15 ngày làm việc", "[1]"],
    ),
    (
        "hồ sơ đánh giá lại nộp 02/11/2026 xã xong khi nào",
        ["gửi tỉnh: 23/11/2026", "trong 15 ngày làm việc", "[1]"],
    ),
    (
        "giấy 3 sao hết hạn năm 2025 rồi giờ muốn làm lại thì sao",
        ["giấy đã hết hạn", "đăng ký đánh giá theo trình tự", "[1]"],
    ),
    ("kết luận vi phạm 3/11/2026 thì giấy chứng nhận ocop bị thu hồi ngày nào", ["18/11/2026", "15 ngày", "[1]"]),
    ("đơn nhãn hiệu công bố ngày 2/11/2026 thì phản đối đến bao giờ", ["02/02/2027", "3 tháng", "[1]"]),
    ("nop phi ma vach ngay 2/11/2026 thi bao gio co ma", ["11/11/2026", "07 ngày làm việc", "[1]"]),
    ("xã gửi hồ sơ ocop lên tỉnh 12/10/2026 thì vào đợt nào", ["trước 30/10/2026", "30/12/2026", "[1]"]),
    (
        "ngày 1/7/2026 còn dùng QĐ 148 không",
        ["Ngày 01/07/2026, quyết định 148/QĐ-TTg có hiệu lực", "Hiện nay (22/11/2026):", "đã hết hiệu lực", "[1]"],
    ),
]


@pytest.mark.parametrize(("question", "parts"), BY_DAY, ids=[q for q, _ in BY_DAY])
def test_what_follows_from_a_day_is_told_with_its_rule(handbook: Assistant, question: str, parts: list[str]) -> None:
    in_order(said(handbook, question), parts)


# How an instrument stands today, by the register, and what tells of it.
STANDING = [
    ("quyết định 919 còn hiệu lực ko", ["quyết định 919/QĐ-TTg không còn hiệu lực", "31/12/2025", "919/QĐ-TTg", "[1]"]),
    (
        "quyết định 1048 còn dùng không",
        ["1048/QĐ-TTg không còn hiệu lực", "nay áp dụng quyết định 26/2026", "1048", "[1]"],
    ),
    ("QĐ 263 còn hiệu lực không", ["263/QĐ-TTg không còn hiệu lực", "263/QĐ-TTg", "[1]"]),
    ("nghị định 37 còn dùng không", ["nghị định 37/2026/NĐ-CP có hiệu lực (từ 23/01/2026", "37/2026/NĐ-CP", "[1]"]),
    ("qd 148 va 1489 con dung duoc khong", ["148/QĐ-TTg không còn", "1489/QĐ-TTg không còn", "21/7/2026", "[1]"]),
    ("quyết định 51/2025 hiệu lực khi nào", ["51/2025/QĐ-TTg có hiệu lực (từ 15/02/2026", "theo một nguồn", "[1]"]),
]


@pytest.mark.parametrize(("question", "parts"), STANDING, ids=[q for q, _ in STANDING])
def test_how_an_instrument_stands_is_told_from_the_register(
    handbook: Assistant, question: str, parts: list[str]
) -> None:
    in_order(said(handbook, question), parts)


def test_no_verdict_on_today_is_given_to_a_question_of_then(handbook: Assistant) -> None:
    assert not said(handbook, "6/2025 huyện còn chấm ocop không").startswith("Không")
    assert said(handbook, "ocop cấp huyện còn không").startswith("Không")


def test_an_earlier_rule_on_another_matter_is_not_told_of(handbook: Assistant) -> None:
    for question, now in (
        ("Tôi in bao bì mới hồi tháng 3/2026 thì theo nghị định nào", "37/2026/NĐ-CP"),
        ("Ngày trước huyện chấm 3 sao cho tôi, giờ muốn lên 4 sao thì mang hồ sơ tới đâu?", "UBND cấp xã"),
    ):
        told = handbook.ask(Question(question)).text
        assert now in told, question
        assert "Quy định áp dụng từ" not in told, question
    told = handbook.ask(Question("Giai đoạn 2021-2025 đặt mục tiêu bao nhiêu % xã đạt chuẩn?")).text
    assert told.count("Quy định áp dụng từ") == 1


def test_the_rules_of_the_other_programme_are_not_told_of(handbook: Assistant) -> None:
    assert "OCOP" not in said(handbook, "năm 2024 huyện ntm do ai công nhận")
    assert "nông thôn mới" not in said(handbook, "từ tháng 1/2026 đến tháng 4/2026 dùng bộ tiêu chí ocop nào")


# Nothing that holds tells of these, so the rule that was is told, with its days.
ONLY_THEN = [
    ("mô hình thôn thông minh của xã kiểu mẫu do ai quy định", ["Quy định áp dụng từ", "UBND cấp tỉnh"]),
    ("xã rớt 7/19 tiêu chí thì có bị thu hồi không", ["Quy định áp dụng từ", "tiêu chí trọng yếu"]),
]


@pytest.mark.parametrize(("question", "parts"), ONLY_THEN, ids=[q for q, _ in ONLY_THEN])
def test_what_only_an_earlier_rule_tells_is_told_with_its_days(
    handbook: Assistant, question: str, parts: list[str]
) -> None:
    in_order(said(handbook, question), parts)


@pytest.mark.parametrize(
    "question",
    ["phí đăng ký nhãn hiệu ở Mỹ bao nhiêu", "phi dang ky nhan hieu o my bao nhieu", "OCOP bên Thái Lan chấm sao"],
)
def test_another_countrys_rules_are_not_told_from_ours(handbook: Assistant, question: str) -> None:
    assert handbook.ask(Question(question)).status == "abstained"


def test_what_begins_with_the_time_asked_about_tells_of_it(handbook: Assistant) -> None:
    told = handbook.ask(Question("ca nuoc giua 2025 co bao nhieu xa dat chuan, bao nhieu xa nang cao")).text
    assert told.startswith("Tính đến tháng 6/2025")


def test_a_page_on_that_very_round_is_told_before_one_that_mentions_it(handbook: Assistant) -> None:
    told = handbook.ask(Question("ai ký quyết định công nhận xã đạt chuẩn ntm hồi 2021-2025")).text
    assert "Chủ tịch hoặc UBND cấp tỉnh công nhận" in told.split("[1]")[0]


@pytest.mark.parametrize("question", ["xã được công nhận rồi có bị rút lại ko", "xa dat chuan roi co bi thu hoi khong"])
def test_a_communes_recognition_is_of_nong_thon_moi(handbook: Assistant, question: str) -> None:
    assert "OCOP" not in handbook.ask(Question(question)).text


@pytest.mark.parametrize("question", ["ai công nhận 4 sao", "ai cong nhan ocop 4 sao"])
def test_who_asks_of_no_time_is_told_what_holds(handbook: Assistant, question: str) -> None:
    told = handbook.ask(Question(question)).text
    assert told.startswith("Chủ tịch UBND cấp tỉnh")
    assert "Quy định áp dụng từ" not in told


def test_a_few_words_that_lean_on_the_last_question_are_answered(handbook: Assistant) -> None:
    answer = handbook.ask(Question("Thế 3 sao?", ("4 sao phải từ mấy điểm?",)))
    assert answer.status == "answered"
    assert "50" in answer.text.split("[1]")[0]
