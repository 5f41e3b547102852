"""What follows from a day that a question names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from knowledge.abbreviations import Abbreviations
from knowledge.by_day import ByDay, Told, rule_only
from knowledge.compose import Form, Statement
from knowledge.deadlines import load_steps
from knowledge.places import Places
from knowledge.question import Reader
from knowledge.references import Reference
from knowledge.registry import Registry
from knowledge.retrieve import Found
from knowledge.types import Document, Hit, Passage, Question, Standing
from knowledge.working_days import WorkingDays

TODAY = date(2026, 11, 22)


Tell = Callable[..., Told | None]
STEPS = load_steps()


TELLS = "Câu này nói về 148/QĐ-TTg, 26/2026/QĐ-TTg và 15/2018/NĐ-CP."


def hit(page: str, says: str = TELLS) -> Hit:
    """A passage of a page of the handbook."""
    document = Document(page, page, "handbook", f"handbook/{page}", "")
    return Hit(Passage(page, f"{page}#0", says, (page, "Mục")), document, 1.0, Standing.IN_FORCE)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Tell:
    """What a question is told first, where every step's page was found for it."""
    monkeypatch.setattr("knowledge.by_day._LOOKED_AT", 100)
    registry = Registry.load()
    reader = Reader(registry, Abbreviations.load(), Places.load())
    by_day = ByDay(registry, STEPS, WorkingDays.load())

    def tell(
        text: str, on: date = TODAY, pages: Sequence[str] = tuple(step.page for step in STEPS), says: str = TELLS
    ) -> Told | None:
        return by_day.tell(Found(reader.read(Question(text), on), on, tuple(hit(page, says) for page in pages)))

    return tell


@pytest.mark.parametrize(
    ("question", "days"),
    [
        (
            "giay chung nhan ocop het han 10/4/2027 thi nop ho so danh gia lai tu ngay nao",
            ["sớm nhất: 12/10/2026 (khung nộp đã mở)", "muộn nhất: 11/12/2026"],
        ),
        (
            "GCN OCOP hết hạn ngày 31/3/2027, khi nào nộp đánh giá lại?",
            ["02/10/2026 (khung nộp đã mở)", "01/12/2026", "Còn 9 ngày, đến hết ngày 01/12/2026"],
        ),
        ("chứng nhận OCOP 3 sao cấp ngày 15/8/2023 còn hiệu lực không", ["hết hạn: 15/08/2026 (đã qua)", "đối chiếu"]),
        ("giấy ocop 4 sao ký 05 tháng 8 năm 2026 thì có giá trị đến bao giờ", ["hết hạn: 05/08/2029"]),
        ("ho so ocop nop ngay 20/11/2026 thi xa phai xong truoc ngay nao", ["gửi hồ sơ lên tỉnh: 14/12/2026"]),
        ("hồ sơ đánh giá lại nộp 02/11/2026 xã xong khi nào", ["gửi tỉnh: 23/11/2026"]),
        ("kết luận vi phạm 3/11/2026 thì giấy chứng nhận bị thu hồi ngày nào", ["18/11/2026 (đã qua)"]),
        ("nop phi ma vach ngay 2/11/2026 thi bao gio co ma", ["Cấp mã số mã vạch: 11/11/2026"]),
        ("hồ sơ ocop nộp UBND xã ngày 20/11/2026 thì bao giờ xong", ["14/12/2026"]),
        ("xã tiếp nhận hồ sơ OCOP ngày 20/11/2026 thì phải xong ngày nào", ["14/12/2026"]),
        ("hs nop xa ngay 2/11/2026 cham nhat ngay nao xong", ["23/11/2026"]),
        ("ngày 20/11/2026 tôi nộp hồ sơ ocop thì xã bao giờ xong", ["14/12/2026"]),
        ("giấy cấp 20/6/2024 hết hạn ngày nào", ["hết hạn: 20/06/2027"]),
        ("giấy ocop hết hạn 10/4/2027 theo QĐ 26 thì nộp đánh giá lại khi nào", ["11/12/2026"]),
        (
            "giấy cấp 15/8/2023, hết hạn 15/8/2026, nộp đánh giá lại ngày nào",
            ["sớm nhất: 16/02/2026", "đã qua khung nộp"],
        ),
        ("giấy ocop hết hạn 20/11/2026 thì được kéo dài đến khi nào, nộp gì", ["19/05/2027", "đã qua khung nộp"]),
        ("xã gửi hồ sơ ocop lên tỉnh tháng 10/2026 thì vào đợt nào", ["chậm nhất 30/12/2026; hoặc trước 30/04/2027"]),
        ("hồ sơ ocop nộp ở xã tháng 12/2026 khi nào xong", ["22/12/2026 – 22/01/2027, tùy ngày", "tạm tính"]),
        ("mật ong 3 sao hết hạn tháng 6/2027", ["sớm nhất: 03/12/2026 – 01/01/2027, tùy ngày", "chưa đến khung nộp"]),
        ("giấy ocop của em cấp ngày 10/12/2023 thì sao", ["hết hạn: 10/12/2026", "đã qua khung nộp"]),
        ("giấy 3 sao cấp tháng 9/2022 hết hạn từ 9/2025 chưa làm lại, nay đăng ký thế nào", ["giấy đã hết hạn"]),
        ("giấy 3 sao hết hạn năm 2025 giờ muốn làm lại thì sao", ["giấy đã hết hạn"]),
        ("giấy OCOP hết hạn 10/4/2027 thì nộp từ ngày nào", ["đang trong khung nộp"]),
        ("Giấy 4 sao của HTX thanh long hết hạn 31/3/2027", ["muộn nhất: 01/12/2026"]),
        ("hồ sơ ocop nộp xã 12/10/2026 bao giờ xong", ["02/11/2026", "30/10/2026 thì vẫn vào đợt sớm hơn"]),
        ("hồ sơ ocop nộp xã 1/2/2027 bao giờ xong", ["tạm tính"]),
        ("Bên em làm mắm, GCN 3 sao ký ngày 12/4/2024. Giờ phải nộp đánh giá lại trong khoảng nào?", ["13/12/2026"]),
        ("sp ocop dc cap giay ngay 12/4/2024 thi bao gio het han", ["hết hạn: 12/04/2027", "Còn 21 ngày"]),
        ("em cam giay 3 sao ky hoi 5/3/2024, sap het han chua", ["hết hạn: 05/03/2027", "đã trễ", "kéo dài tối đa"]),
        ("của em ký 20/8/2024 thì hết hạn ngày nào (giấy ocop cấp)", ["hết hạn: 20/08/2027", "nữa mới mở khung nộp"]),
        ("giay ocop cap ngay 12/6/2024 thi khi nao het gia tri", ["hết hạn: 12/06/2027"]),
        ("dân nộp hồ sơ ocop ở xã đúng hôm nay 20/11/2026, xã phải xong chậm nhất ngày nào", ["14/12/2026"]),
        ("htx xin thôi, xã xác nhận ngưng sx ngày 10/11/2026, tới ngày nào có qđ thu hồi giấy", ["25/11/2026"]),
        ("vậy còn mấy bữa nữa (giấy ocop hết hạn 31/3/2027 thì nộp đánh giá lại)", ["Còn 9 ngày"]),
    ],
)
def test_due_dates_are_reckoned_from_the_day_named(told, question: str, days: list[str]) -> None:
    found = told(question)
    assert found is not None
    assert all(day in found.text for day in days), found.text
    assert all(place.key and place.locator for place in found.places)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("giấy ocop tới 31/3/2027 là hết hạn, bữa nay mới nộp đánh giá lại còn kịp hông", "còn kịp"),
        ("giấy ocop 30/6/2027 hết hạn, giờ nộp đánh giá lại được chưa", "chưa nộp được"),
        ("giay ocop het han 15/1/2027 gio nop danh gia lai con kip ko", "đã trễ"),
    ],
)
def test_whether_there_is_time_today_is_told_first_where_that_is_asked(told, question: str, first: str) -> None:
    found = told(question)
    assert found is not None
    lead, *rest = found.text.splitlines()
    assert lead.startswith("Hôm nay (")
    assert first in lead
    assert not any(line.startswith("Hôm nay (") for line in rest)


@pytest.mark.parametrize(
    "question",
    [
        "hồ sơ ocop gồm những gì",
        "giấy ISO hết hạn 10/4/2027 thì nộp lại ngày nào",  # another certificate
        "giấy chứng nhận attp của sp ocop hết hạn 10/4/2027 thì nộp lại khi nào",
        "giấy ocop hết hạn trước ngày 10/4/2027 thì nộp khi nào",  # no day to count from
        "hồ sơ OCOP nộp ngày 10/3/2026 thì xã phải xong ngày nào",  # before the rule began, which says nothing of it
        "giấy ocop hết hạn năm 2027 thì nộp lại khi nào",
        "sản phẩm ocop của xã ra mắt ngày 20/11/2026 được bao nhiêu điểm",
        "ngày 20/11/2026 hội chợ ocop tổ chức ở đâu",
        "giấy chứng nhận đăng ký nhãn hiệu sp ocop cấp ngày 5/8/2026 hết hạn ngày nào",
        "hợp đồng thu mua ký ngày 5/8/2026 của sp ocop còn hiệu lực không",
        "báo cáo ocop hạn 10/12/2026 nộp cho ai",
        "hộ chiếu hết hạn ngày 10/4/2027 có sao không, nộp ở đâu",
        "hợp tác xã nộp ngày 20/11/2026 hồ sơ sản phẩm mới, bao giờ xong",
        "giấy chứng nhận vietgap có kết luận vi phạm 3/11/2026 thì thu hồi khi nào",
        "giấy ocop cấp hồi còn huyện còn hiệu lực không",
        "giấy ocop cấp ngày 15/8/2023 và giấy cấp 10/10/2023 hết hạn khi nào",
        "giấy ocop hết hạn từ 10/4/2027 đến 20/5/2027 thì nộp khi nào",
        "nộp đánh giá lại ở đâu (giấy OCOP cấp ngày 15/8/2023 còn hiệu lực không)",  # a follow-up's subject
        "giấy ocop cấp 31/02/2026 hết hạn khi nào",
        "giấy ocop hết hạn từ tháng 3/2027 đến tháng 6/2027 thì nộp khi nào",
        "giấy ocop hết hạn tháng 1/2027 và tháng 5/2027 thì nộp khi nào",
        "giấy chứng nhận ocop cấp 10/6/2026 muốn đổi tên chủ thể",
        "nộp phí mã vạch ngày 2/11/2026 nhầm tài khoản",
        "giấy ocop hết hạn năm 2027 thì nộp đánh giá lại khi nào",  # a year is too long to reckon from
    ],
)
def test_nothing_is_reckoned_where_nothing_is_asked_or_no_rule_says(told, question: str) -> None:
    assert told(question) is None


def test_nothing_is_reckoned_by_a_rule_that_does_not_hold_on_the_day_of_asking_or_that_was_not_found(told) -> None:
    question = "giấy ocop hết hạn 10/4/2027 thì nộp đánh giá lại khi nào"
    assert told(question)
    assert told(question, on=date(2026, 3, 1)) is None
    assert told("hồ sơ ocop nộp ngày 20/11/2026 thì xã xong ngày nào", pages=["bao-bi/nhan.md"]) is None


def test_the_day_of_an_ocop_certificate_is_enough_whatever_was_found(told) -> None:
    assert told("giấy ocop hết hạn 10/4/2027 thì nộp đánh giá lại khi nào", pages=["bao-bi/nhan.md"])
    assert told("giấy hết hạn 10/4/2027 thì nộp lại khi nào", pages=["bao-bi/nhan.md"]) is None
    assert told("Hà Nội có bao nhiêu sản phẩm OCOP tính tới hết tháng 6/2027", pages=["bao-bi/nhan.md"]) is None


def test_a_follow_up_on_another_matter_is_no_question_of_the_day_before_it(told) -> None:
    before = "(giấy ocop hết hạn 31/3/2027 thì nộp đánh giá lại)"
    for asks in ("vậy in sao lên hộp được chưa", "bây giờ in tem mới ở đâu", "lỡ trễ hạn thì sao"):
        assert told(f"{asks} {before}") is None
    assert told(f"bây giờ nộp được chưa {before}")


def test_an_extension_is_only_told_of_where_it_is_late_or_asked_for(told) -> None:
    assert "kéo dài" not in told("giấy ocop hết hạn 31/3/2027 thì nộp khi nào").text
    assert "kéo dài" in told("giấy ocop hết hạn 31/3/2027 lỡ nộp trễ thì xử lý thế nào").text
    assert "kéo dài" in told("giấy ocop hết hạn 15/1/2027 thì nộp khi nào").text


@pytest.mark.parametrize(
    ("question", "standing"),
    [
        (
            "NĐ 15/2018 năm 2026 còn hiệu lực không",
            "đến nay chưa thấy văn bản thay; không áp dụng từ 26/01/2026 đến 03/02",
        ),
        (
            "QĐ 148 còn hiệu lực không",
            "Hiện nay (22/11/2026), quyết định 148/QĐ-TTg không còn hiệu lực (áp dụng từ 24/02",
        ),
        ("hôm nay 22/11/2026 QĐ 148 còn hiệu lực không", "quyết định 148/QĐ-TTg không còn hiệu lực"),
        ("quyet dinh 26 co hieu luc tu ngay nao", "26/2026/QĐ-TTg có hiệu lực (từ 22/05/2026"),
        ("ngày 1/7/2026 còn dùng QĐ 148 không", "Ngày 01/07/2026, quyết định 148/QĐ-TTg có hiệu lực (từ 24/02/2023"),
        ("tháng 8/2026 QĐ 148 còn hiệu lực không", "Tháng 8/2026, quyết định 148/QĐ-TTg không còn hiệu lực"),
        (
            "tháng 7/2026 qd 148 con hieu luc khong",
            "chỉ có hiệu lực một phần thời gian đó (từ 24/02/2023 đến 21/07/2026",
        ),
        (
            "năm 2022 QĐ 148 đã có hiệu lực chưa",
            "Năm 2022, quyết định 148/QĐ-TTg chưa có hiệu lực (có hiệu lực từ 24/02",
        ),
    ],
)
def test_an_instrument_is_said_to_hold_or_not_on_the_day_named(told, question: str, standing: str) -> None:
    found = told(question)
    assert found is not None
    assert found.text.startswith(standing) or standing in found.text
    assert not found.places


def test_one_that_is_suspended_is_said_to_be(told) -> None:
    says, by = "NĐ 46/2026/NĐ-CP.", "bị ngưng theo nghị quyết 15/2026/NQ-CP"
    now = f"Hiện nay (22/11/2026), nghị định 46/2026/NĐ-CP {by}"
    assert told("nghị định 46/2026 còn hiệu lực không", says=says).text.startswith(now)
    march = told("tháng 3/2026 nghị định 46/2026 còn hiệu lực không", says=says).text
    assert "bị ngưng theo nghị quyết 09/2026/NQ-CP" in march
    begun = told("ngày 1/2/2026 nghị định 46/2026 có hiệu lực không", says=says).text
    assert "có hiệu lực (từ 26/01/2026 đến 03/02/2026)" in begun


def test_what_holds_now_is_led_in_where_it_differs(told) -> None:
    assert told("ngày 1/7/2026 còn dùng QĐ 148 không").text.endswith("Hiện nay (22/11/2026):")
    assert "Hiện nay" not in told("tháng 8/2026 QĐ 148 còn hiệu lực không").text


def test_an_instrument_is_not_judged_where_the_register_is_not_sure_or_nothing_found_tells_of_it(told) -> None:
    assert told("QĐ 18/2022/QĐ-TTg còn hiệu lực không", says="Theo QĐ 18/2022/QĐ-TTg.") is None  # chưa kiểm chứng
    assert told("QĐ 148 còn hiệu lực không", says="Một câu.") is None


def test_an_instrument_is_not_judged_where_the_question_is_about_its_matter_or_about_today(told) -> None:
    assert told("năm 2024 QĐ 148 chia điểm thế nào") is None
    assert told("tem in năm 2024 theo QĐ 148 còn được dùng không") is None
    assert told("QĐ 148 còn dùng để chấm điểm không") is None


def test_the_rule_stands_without_its_examples() -> None:
    def say(text: str, form: Form = "sentence") -> Statement:
        return Statement(text, form)

    rule, example = say("Trừ 180 ngày."), say("31/12/2026 – 04/7/2026", "item")
    assert list(rule_only([rule, example])) == [rule]
    assert list(rule_only([example])) == [example]
    opening, item = say("Tính từ một trong hai mốc:"), say("Ngày có kết luận.", "item")
    assert list(rule_only([opening, item])) == [opening, item]


def test_the_places_are_those_of_the_rule(told) -> None:
    found = told("Giấy chứng nhận OCOP cấp ngày 5/8/2026 hết hạn khi nào")
    assert found.places == (Reference("26/2026/QĐ-TTg", "Đ4 k3"),)
