"""Follow-ups stand alone after the last questions; a change of subject does; what is too vague is asked back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from knowledge.abbreviations import Abbreviations
from knowledge.conversation import Resolved, going_back, resolve
from knowledge.types import Question

SPELL = Abbreviations.load().spell_out


def asked(text: str, *history: str) -> Resolved:
    return resolve(text, history, spell_out=SPELL)


@pytest.mark.parametrize(
    ("history", "text", "alone"),
    [
        (("4 sao cần bao nhiêu điểm?",), "thế còn 5 sao?", "5 sao cần bao nhiêu điểm?"),
        (("4 sao tu may diem",), "con 5 sao thi sao", "5 sao tu may diem"),
        (("liên kết bao nhiêu % thì được 4 sao",), "thế 5 sao", "liên kết bao nhiêu % thì được 5 sao"),
        (("Năm 2024 ai công nhận 3 sao?",), "Giờ thì sao?", "Giờ ai công nhận 3 sao?"),
        (("Hộ kinh doanh có phải ghi dinh dưỡng không?",), "Thế HTX thì sao?", "HTX có phải ghi dinh dưỡng không?"),
        (("4 sao cần bao nhiêu điểm?", "thế 5 sao?"), "còn 3 sao?", "3 sao cần bao nhiêu điểm?"),
        (("gói trà 200g chữ cao mấy mm",), "còn gói 50g", "gói trà 50g chữ cao mấy mm"),
        (("được 82 điểm là mấy sao",), "thế 49 điểm", "được 49 điểm là mấy sao"),
        (("muốn 3 sao thì nhãn hiệu tới đâu",), "à nhầm, 4 sao", "muốn 4 sao thì nhãn hiệu tới đâu"),
        (("3 sao ai công nhận",), "ko phải, ý em là 5 sao", "5 sao ai công nhận"),
        (("huyện thì ai công nhận",), "tỉnh thì răng", "tỉnh thì ai công nhận"),
        (("xã nhóm 3 hài lòng bao nhiêu %",), "nhóm 1 cũng vậy à", "xã nhóm 1 hài lòng bao nhiêu %"),
        (("OCOP 4 sao ai công nhận?",), "còn 3 sao hồi 2024 thì sao", "OCOP 3 sao ai công nhận hồi 2024"),
        (("xã nhóm 2 hài lòng bao nhiêu %",), "nhóm 1 thì sao", "xã nhóm 1 hài lòng bao nhiêu %"),
        (("bộ xã 2026-2030 có mấy tiêu chí",), "giai đoạn trước thì sao", "bộ xã giai đoạn trước có mấy tiêu chí"),
        (("bộ xã 2021-2025 có mấy tiêu chí",), "còn 2026-2030", "bộ xã 2026-2030 có mấy tiêu chí"),
    ],
)
def test_a_slot_is_exchanged(history: tuple[str, ...], text: str, alone: str) -> None:
    assert asked(text, *history).text == alone


@pytest.mark.parametrize(
    ("history", "text", "words"),
    [
        (("Hồ sơ OCOP gồm những gì?",), "nộp ở đâu?", ("nộp ở đâu", "OCOP")),
        (("ho so ocop gom gi", "nop may bo"), "o dau", ("o dau", "ocop")),
        (("Bị thu hồi giấy OCOP khi nào?",), "Ai ra quyết định đó?", ("Ai ra quyết định", "thu hồi")),
        (("Chè chấm nước pha mấy điểm?",), "Cà phê thì sao?", ("Cà phê", "nước pha")),
        (("Gói 150 g chữ số cao mấy mm?",), "Gói 1,5 kg thì sao?", ("1,5 kg", "chữ số cao")),
    ],
)
def test_a_new_question_keeps_the_old_subject(history: tuple[str, ...], text: str, words: tuple[str, ...]) -> None:
    resolved = asked(text, *history)
    assert all(word.casefold() in resolved.text.casefold() for word in words)


def test_what_only_an_earlier_question_said_is_told_apart(small_house: Any) -> None:
    resolved = asked("trong mấy ngày phải xong", "xã có phải lập hội đồng chấm ocop không")
    assert "hội đồng chấm ocop" in resolved.subject
    assert resolved.follows
    question = Question(resolved.text)
    reading = small_house.assistant.knowledge.reader.read(question, date(2026, 11, 22), subject=resolved.subject)
    assert {"hoi", "dong", "ocop"} <= reading.before
    assert not {"ngay", "xong"} & reading.before


@pytest.mark.parametrize(
    "text",
    [
        "Nhãn sản phẩm phải ghi những gì theo nghị định mới?",
        "Xã nông thôn mới giai đoạn 2026–2030 có bao nhiêu tiêu chí?",
        "thu tuc dang ky nhan hieu het bao nhieu tien",
    ],
)
def test_a_change_of_subject_stands_alone(text: str) -> None:
    resolved = asked(text, "Hồ sơ OCOP gồm những gì?")
    assert text in (resolved.text, resolved.alone)


@pytest.mark.parametrize(
    "text", ["Điểm bao nhiêu?", "Cần giấy tờ gì?", "nộp ở đâu", "co duoc khong ad", "Thế còn cái kia?"]
)
def test_a_vague_question_gets_two_to_four_choices(text: str) -> None:
    resolved = asked(text)
    assert resolved.clarify
    assert 2 <= len(resolved.clarify[1]) <= 4


def test_a_follow_up_takes_up_a_bare_topic_and_a_bare_topic_takes_up_nothing() -> None:
    assert "ocop" in asked("nộp ở đâu", "ocop").text
    assert asked("ocop", "mã vạch giá bao nhiêu").clarify


def test_a_bare_topic_is_asked_back_but_not_a_question_about_it() -> None:
    for text in ("ocop", "OCOP cần gì", "ntm", "cho tôi hỏi về nông thôn mới"):
        clarify = asked(text).clarify
        assert clarify, text
        assert ("OCOP" if "ocop" in text.lower() else "nông thôn mới") in clarify[0]
    for text in ("ocop là gì", "ocop có mấy sao", "làm ocop cần giấy tờ gì", "xã nông thôn mới cần bao nhiêu tiêu chí"):
        assert not asked(text).clarify, text


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Thế còn 5 sao?", "5 sao"),
        ("the con 5*", "5*"),
        ("năm 2024 thì sao", "năm 2024"),
        ("thế còn 2024?", "2024"),
        ("bây giờ thì sao", "bây giờ"),
        ("con bo 7 thi sao", "bo 7"),
    ],
)
def test_a_follow_up_that_follows_nothing_is_asked_back_about_what_it_names(text: str, named: str) -> None:
    clarify = asked(text).clarify
    assert clarify
    assert 2 <= len(clarify[1]) <= 4
    assert all(named in choice for choice in clarify[1])
    assert not asked(text, "4 sao cần bao nhiêu điểm?").clarify


@pytest.mark.parametrize("text", ["lúc đó ai công nhận 3 sao", "hoi ay nop ho so o dau?"])
def test_a_time_that_no_question_named_is_asked_back(text: str) -> None:
    clarify = asked(text).clarify
    assert clarify
    assert "Năm 2024 ai công nhận 3 sao?" in clarify[1] or "Năm 2024 nop ho so o dau?" in clarify[1]
    assert not asked(text, "năm 2024 hồ sơ ocop gồm gì").clarify
    assert not asked("thời hạn 3 năm do ai ký").clarify
    assert not asked("giay 3 nam do ai quy dinh").clarify
    assert not asked("nấm đỏ ocop thuộc bộ nào").clarify
    last = asked("Ai công nhận 3 sao hồi đó?").clarify
    assert last
    assert last[1][0] == "Năm 2022 Ai công nhận 3 sao?"
    assert not asked("nếu giấy ocop hết hạn thì lúc đó phải làm những gì để dùng tiếp").clarify


def test_what_was_only_named_is_the_subject_of_what_is_asked_next() -> None:
    assert asked("cần bao nhiêu điểm?", "thế còn 5 sao?").text == "cần bao nhiêu điểm (5 sao)"


def test_a_vague_question_after_a_vague_one_is_still_asked_back() -> None:
    assert asked("Bao nhiêu?", "Điểm bao nhiêu?").clarify


def test_a_subject_is_carried_through_several_questions_without_nesting() -> None:
    text = asked("nộp ở đâu?", "mật ong cần giấy gì để thi OCOP", "mất bao lâu?").text
    assert "mật ong" in text
    assert text.count("(") == text.count(")") == 1


def test_another_product_takes_the_place_of_the_one_before() -> None:
    assert asked("còn cà phê", "phần cảm quan mấy điểm (chè shan tuyết thuộc)").text.startswith("phần cảm quan mấy")
    assert "chè" not in asked("còn cà phê", "chè shan tuyết cảm quan mấy điểm").text
    assert asked("thế còn nước mắm", "mật ong 500 ml chữ cao mấy li").text == "nước mắm 500 ml chữ cao mấy li"
    assert "mật ong" in asked("thế còn in ở đâu", "mật ong 500 ml chữ cao mấy li").text


def test_a_day_or_a_province_takes_the_place_of_the_one_before() -> None:
    before = "Ngày 15/3/2026 ghi nhãn theo nghị định nào"
    assert asked("thế ngày 15/1/2026", before).text == "ngày 15/1/2026 ghi nhãn theo nghị định nào"
    assert "8/2025" in asked("tháng 8/2025 thì sao", "Năm 2024 đánh giá OCOP theo quyết định nào").text
    assert "Bắc Giang" not in asked("vậy Hà Nội thưởng bao nhiêu", "ở Bắc Giang thưởng ocop bao nhiêu").text


def test_a_greeting_is_no_subject() -> None:
    assert asked("Bao nhiêu điểm?", "Chào bạn").clarify
    assert asked("xin chào", "Hồ sơ OCOP gồm những gì?").before.startswith("Xin chào")


@pytest.mark.parametrize(
    "text", ["alo", "dạ em chào anh chị", "cho em hỏi chút ạ", "có ai ở đó không", "Alo có ai đây k"]
)
def test_small_talk_is_answered_as_such_however_it_is_typed(small_house: Any, text: str) -> None:
    repaired, _ = small_house.assistant.knowledge.finder.repaired(Question(text))
    assert resolve(repaired, (), spell_out=small_house.assistant.abbreviations.spell_out).before


@pytest.mark.parametrize("text", ["Phần A được mấy điểm?", "Mẫu 02 gồm gì", "4 sao cần gì?", "Điều 7 nói gì"])
def test_a_named_place_is_not_vague(text: str) -> None:
    assert not asked(text).clarify


@pytest.mark.parametrize(
    ("text", "history", "asked_as", "after"),
    [
        ("quay lại vụ thu hồi, có mấy trường hợp", ("thu hồi giấy ocop mất mấy ngày", "câu chuyện dài mấy chữ"),
         "thu hồi, có mấy trường hợp", 1),
        ("a quay lai cai nhan mat ong, chu cao may mm", ("nhan mat ong ghi gi", "ocop 3 sao ai cap"),
         "nhan mat ong, chu cao may mm", 1),
        ("quay lại chuyện học phí", ("thu hồi giấy ocop mất mấy ngày",), "quay lại chuyện học phí", 1),
        ("hỏi lại cho rõ", ("thu hồi giấy ocop mất mấy ngày",), "hỏi lại cho rõ", 1),
        ("trở lại làng nghề sau 3 năm thì sao", (), "trở lại làng nghề sau 3 năm thì sao", 0),
    ],
)  # fmt: skip
def test_a_question_that_goes_back_is_asked_after_its_own_subject(
    text: str, history: tuple[str, ...], asked_as: str, after: int
) -> None:
    assert going_back(text, history) == (asked_as, history[:after])


@pytest.mark.parametrize(
    "text",
    ["nhằm mục đích gì mà phải đăng ký mã vạch", "à hồng trà thì chấm bộ nào", "à không có nhãn thì bị phạt nhiêu"],
)
def test_what_only_sounds_like_a_correction_is_none(text: str) -> None:
    resolved = asked(text, "4 sao cần bao nhiêu điểm")
    assert resolved.text.startswith(text)
    assert not resolved.text.startswith("4 sao cần")
