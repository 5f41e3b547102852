"""Questions that officers and producers typed, over the shipped handbook: what the answer must say, in this order."""

from __future__ import annotations

import pytest

from knowledge.assistant import Assistant
from knowledge.types import Answer, Question

# A product's label is asked about, not its score sheet.
LABELS = [
    "nhãn mắm tép phải ghi những gì",
    "bánh đa nem nhãn phải có gì",
    "em làm tương ớt, nhãn chai ghi gì",
    "e làm muối tôm, nhãn cần ghi gì",
    "nhan chai nuoc mam ghi nhung gi",
]


def answer_to(assistant: Assistant, text: str, *before: str) -> Answer:
    return assistant.ask(Question(text, tuple(before)))


@pytest.mark.parametrize("question", LABELS)
def test_a_products_label_is_told_of_and_not_its_score_sheet(handbook: Assistant, question: str) -> None:
    told = answer_to(handbook, question).text
    assert told.startswith(("Nhãn thực phẩm chế biến phải có tên hàng", "Nhãn nước mắm, mắm, tương"))
    assert "bộ 9 (nước mắm" in answer_to(handbook, "nước mắm chấm mấy điểm").text.casefold()


def test_who_wants_to_enter_a_product_is_told_where_to_begin(handbook: Assistant) -> None:
    assert answer_to(handbook, "nha em lam nuoc mam muon dang ky ocop").text.startswith("Để đạt OCOP 3 sao, nên lo")


def test_a_claim_to_heal_is_answered_by_the_rule_on_claims(handbook: Assistant) -> None:
    told = answer_to(handbook, 'trà túi lọc ghi "giúp hạ mỡ máu, trị tiểu đường" có bị sao ko').text
    assert told.startswith("Không được")


@pytest.mark.parametrize(
    "question", ["nước mắm 4 sao muốn lên 5 sao cần gì", "mat ong em 4 sao r, muon len 5 sao can gi them"]
)
def test_the_stars_to_reach_are_meant_and_not_those_there_are(handbook: Assistant, question: str) -> None:
    assert "muốn 5 sao phải đạt" in answer_to(handbook, question).text


def test_the_stars_of_a_follow_up_take_the_place_of_all_before(handbook: Assistant) -> None:
    told = answer_to(handbook, "còn 5 sao", "chè nhà tôi 3 sao", "lên 4 sao cần gì").text
    assert "muốn 5 sao phải đạt" in told


def test_a_list_that_two_sections_share_is_told_whole(handbook: Assistant) -> None:
    told = answer_to(handbook, "mật ong 4 sao phải đạt gì")
    assert told.text.index("6 mức ở phần A") < told.text.index("8 mức tối thiểu ở phần B và C")
    assert told.text.count("\n- ") == 14
    assert "phần B và C" not in answer_to(handbook, "bộ 4 muốn 5 sao cần gì").text


def test_a_follow_up_about_another_number_is_about_that_one(handbook: Assistant) -> None:
    told = answer_to(handbook, "tiêu chí 3 thì sao", "tiêu chí 8 bộ mới là gì").text
    assert told.startswith("Tiêu chí 3")


def test_what_was_told_is_not_told_again_to_a_bare_question(handbook: Assistant) -> None:
    for before in ("giấy chứng nhận ocop có hạn mấy năm", "giaays chuwngs nhaanj ocop cos hanj maays nawm"):
        told = answer_to(handbook, "ai ký", before).text
        assert "do Chủ tịch UBND cấp tỉnh cấp" in told.split("[1]")[0], before


FOLLOW_UPS = [
    # history, question, what the first statement says
    (
        ["dieu kien de tinh hoan thanh nhiem vu xd ntm theo qd 321"],
        "cái điều kiện 70% là 70% số xã à",
        "không phải 70% số xã",
    ),
    (
        ["rượu nếp nhà em 30 độ, nhãn bắt buộc ghi những gì", "ngày sản xuất có bắt buộc k"],
        "vay tang kem 1 chai khuyen mai dc ko",
        "khuyến mại",
    ),
    (["bo tieu chi xa 2026-2030 co may tieu chi, may chi tieu"], "giai đoạn trước thì sao", "19 tiêu chí"),
    (["đánh giá lại có phải họp hội đồng không"], "the co di kiem tra thuc te ko", "Chỉ khi cần"),
    (["giấy chứng nhận OCOP xài được mấy năm vậy"], "chừng nào thì phải nộp lại", "180"),
    # The matter of what was told stays, whatever else its few words might mean elsewhere.
    (["ocop hiện giờ theo quyết định nào"], "ký ngày nào, ai ký", "26/2026/QĐ-TTg"),
    (["xã xét ntm bây giờ theo bộ tiêu chí nào", "cái đó ai ký"], "hiệu lực từ hôm nào vậy", "51/2025/QĐ-TTg"),
    (["quyet dinh 51/2025 ai ky ngay nao"], "co hieu luc tu bao gio", "15/02/2026"),
    (["Đông Anh lên huyện nâng cao năm mấy"], "quyết định số bao nhiêu", "Đông Anh được công nhận"),
    (["Đăng kí nhãn hiệu cho trà của htx hết bao nhiêu tiền"], "mất bao lâu mới có bằng", "5 tháng"),
    (["chè shan tuyết thuộc bộ nào"], "phần cảm quan mấy điểm", "bộ 11"),
    (["chè shan tuyết thuộc bộ nào", "phần cảm quan mấy điểm"], "còn cà phê", "bộ 13"),
    (
        ["htx em làm mứt dừa, có phải ghi bảng dinh dưỡng không ạ"],
        "theo thông tư nào, có hiệu lực từ ngày nào",
        "30/2026",
    ),
]


@pytest.mark.parametrize(("history", "question", "said"), FOLLOW_UPS)
def test_a_follow_ups_own_words_count_before_the_earlier_ones(
    handbook: Assistant, history: list[str], question: str, said: str
) -> None:
    assert said in answer_to(handbook, question, *history).text.split("[1]")[0]


def test_a_follow_up_keeps_to_its_programme(handbook: Assistant) -> None:
    before = "xã em định làm hồ sơ công nhận NTM năm nay, thủ tục theo văn bản nào"
    assert "OCOP" not in answer_to(handbook, "bao nhiêu ngày thì có kết quả", before).text


def test_todays_rule_of_another_matter_is_not_told_beside_an_earlier_one(handbook: Assistant) -> None:
    told = answer_to(handbook, "bộ tiêu chí 1048 chia điểm ABC thế nào").text
    assert "A 35" in told
    assert "nhóm 3" not in told


def test_a_yes_for_other_stars_is_not_said(handbook: Assistant) -> None:
    assert not answer_to(handbook, "hoa tươi 3 sao có cần truy xuất ko").text.startswith("Có.")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "Bữa thứ hai em ký nhận bộ hồ sơ của HTX, sếp giục suốt, theo luật thì xã giữ bao nhiêu ngày",
            "15 ngày làm việc",
        ),
        ("Em bị chấm thấp hơn nhà hàng xóm, thấy không công bằng quá, khiếu nại theo chỗ nào", "khiếu nại"),
    ],
)
def test_a_story_before_the_question_does_not_keep_it_from_its_answer(
    handbook: Assistant, question: str, told: str
) -> None:
    assert told in answer_to(handbook, question).text


def test_a_score_makes_stars_whatever_the_product(handbook: Assistant) -> None:
    for question in ("bưởi da xanh chấm ra 71 điểm thì xếp mấy sao", "mat ong duoc 71 diem la may sao"):
        told = answer_to(handbook, question).text
        assert "4 sao" in told.split(". ")[0], told
        assert "70" in told.split(". ")[0], told


def test_an_abbreviation_is_that_of_its_own_programme(handbook: Assistant) -> None:
    assert "Mỗi xã một sản phẩm" in answer_to(handbook, "chữ OCOP viết tắt của gì").text


def test_a_products_label_is_told_of_after_a_question_on_nong_thon_moi(handbook: Assistant) -> None:
    answer = answer_to(handbook, "nhãn mật ong phải ghi gì", "xã đạt chuẩn ntm cần mấy tiêu chí")
    assert answer.status == "answered"
    assert "nhãn" in answer.text.casefold()
