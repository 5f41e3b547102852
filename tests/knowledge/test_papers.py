"""Questions on papers that an office took in beside the handbook: a law, and a procedure as the portal publishes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from ingest.sync import Sync
from knowledge import say
from knowledge.assistant import Assistant
from knowledge.compose import Extractive
from knowledge.types import Answer, Question, Source
from tests.knowledge.conftest import open_shipped

LAW = """QUỐC HỘI
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Luật số: 91/2025/QH15
Hà Nội, ngày 20 tháng 6 năm 2025
LUẬT
ĐÒ NGANG
Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam;
Quốc hội ban hành Luật Đò ngang.
Chương I
NHỮNG QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
Luật này quy định về hoạt động đò ngang chở khách qua sông.
Điều 2. Giải thích từ ngữ
Trong Luật này, các từ ngữ dưới đây được hiểu như sau:
1. Bến đò là nơi đò cập bờ để đón, trả khách theo giấy phép.
2. Lái đò là người trực tiếp điều khiển đò.
Điều 3. Các hành vi bị nghiêm cấm
1. Chở quá số khách ghi trong giấy phép bến đò.
2. Lái đò khi trong máu có nồng độ cồn.
3. Cho đò rời bến khi nước sông trên báo động 2.
4. Thu tiền cao hơn giá niêm yết tại bến đò.
Chương II
GIẤY PHÉP BẾN ĐÒ
Điều 4. Cấp giấy phép bến đò
1. Ủy ban nhân dân cấp xã cấp giấy phép bến đò trong thời hạn 12 ngày làm việc kể từ ngày nhận đủ hồ sơ.
2. Hồ sơ cấp giấy phép bến đò bao gồm:
a) Đơn đề nghị của chủ bến;
b) Bản sao giấy đăng ký của từng chiếc đò;
c) Danh sách lái đò kèm chứng chỉ bơi.
3. Giấy phép bến đò có giá trị 04 năm.
Điều 5. Thu hồi giấy phép bến đò
1. Giấy phép bến đò bị thu hồi khi chủ bến cho thuê lại giấy phép.
2. Người có thẩm quyền thu hồi giấy phép bến đò là Chủ tịch Ủy ban nhân dân cấp xã.
Điều 6. Giấy tờ chứng minh chủ bến
Một trong các giấy tờ sau đây có giá trị chứng minh chủ bến:
1. Giấy phép bến đò;
2. Hợp đồng giao bến có chứng thực;
3. Quyết định giao bến của Ủy ban nhân dân cấp xã.
Điều 7. Hiệu lực thi hành
Luật này có hiệu lực từ ngày 01 tháng 01 năm 2026.
"""

PROCEDURE = """Mã thủ tục: 9.000111

Tên thủ tục: Cấp thẻ lái đò cho người từ đủ 18 tuổi

Lĩnh vực: Giao thông

**Trình tự thực hiện:**

- Bước 1: Người xin thẻ nộp hồ sơ tại bộ phận một cửa. - Bước 2: Cán bộ kiểm tra, ghi phiếu hẹn.

**Cách thức thực hiện:**

| Hình thức nộp | Thời hạn giải quyết | Phí, lệ phí | Mô tả |
|---|---|---|---|
| Trực tiếp | 06 Ngày làm việc | Lệ phí: 45.000 Đồng | Nộp tại bộ phận một cửa cấp xã |

**Thành phần hồ sơ:**

| Tên giấy tờ | Số lượng |
|---|---|
| Tờ khai xin thẻ theo mẫu | 1 |
| Giấy khám sức khỏe | 1 |

Cơ quan thực hiện: Ủy ban nhân dân cấp xã

Yêu cầu, điều kiện thực hiện: Người xin thẻ biết bơi ít nhất 50 mét.
"""


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("papers")
    papers = folder / "papers"
    papers.mkdir()
    (papers / "luat.txt").write_text(LAW, encoding="utf-8")
    (papers / "the-lai-do.md").write_text(PROCEDURE, encoding="utf-8")
    opened = open_shipped(folder / "data")
    Sync(opened).run([papers])
    yield opened
    opened.close()


def asked(assistant: Assistant, text: str, *history: str) -> Answer:
    return assistant.attempt(Question(text, history))[0]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("xin giấy phép bến đò mất bao nhiêu ngày làm việc", "12 ngày làm việc"),
        ("giay phep ben do co gia tri may nam", "04 năm"),
        ("ai có quyền thu hồi giấy phép bến đò", "Chủ tịch Ủy ban nhân dân cấp xã"),
        ("bến đò là gì", "là nơi đò cập bờ"),
        ("lệ phí cấp thẻ lái đò bao nhiêu tiền", "45.000"),
        ("cấp thẻ lái đò cần những giấy tờ gì", "Giấy khám sức khỏe"),
        ("điều kiện để được cấp thẻ lái đò", "50 mét"),
        ("cấp thẻ lái đò cần điều kiện gì", "50 mét"),
    ],
)
def test_what_a_paper_tells_is_found_beside_the_handbook(assistant: Assistant, question: str, told: str) -> None:
    answer = asked(assistant, question)
    assert answer.status == "answered"
    assert told in answer.text.split("\n\n")[0], answer.text


@pytest.mark.parametrize(
    "question",
    ["điều 3 luật đò ngang cấm những gì", "luật 91/2025/QH15 điều 3 nói gì", "dieu 3 luat do ngang noi gi"],
)
def test_an_article_that_is_asked_for_is_told_clause_by_clause(assistant: Assistant, question: str) -> None:
    answer = asked(assistant, question)
    lines = answer.text.split("\n")
    assert lines[0].startswith("Điều 3. Các hành vi bị nghiêm cấm")
    assert [line[:2] for line in lines[1:]] == ["1.", "2.", "3.", "4."]
    assert len(answer.citations) == 4


def test_clauses_that_are_the_list_of_their_article_stand_together_under_its_opening(assistant: Assistant) -> None:
    answer = asked(assistant, "giấy tờ nào chứng minh chủ bến")
    lines = answer.text.split("\n")
    assert lines[0] == "Điều 6. Giấy tờ chứng minh chủ bến:"
    assert lines[1].startswith("Một trong các giấy tờ sau đây")
    assert [line[:2] for line in lines[2:]] == ["1.", "2.", "3."]
    assert answer.text.count("sau đây") == 1


@pytest.mark.parametrize(
    ("first", "then", "told"),
    [
        ("xin giấy phép bến đò mất bao nhiêu ngày làm việc", "có giá trị mấy năm", "04 năm"),
        ("khi nào giấy phép bến đò bị thu hồi", "ai có quyền thu hồi", "Chủ tịch Ủy ban nhân dân cấp xã"),
        ("lệ phí cấp thẻ lái đò bao nhiêu tiền", "cần những giấy tờ gì", "Giấy khám sức khỏe"),
    ],
)
def test_a_follow_up_stays_with_the_paper(assistant: Assistant, first: str, then: str, told: str) -> None:
    answer = asked(assistant, then, first)
    assert answer.status == "answered"
    assert told in answer.text, answer.text


def test_a_sum_that_no_paper_tells_is_not_answered_by_what_is_near(assistant: Assistant) -> None:
    assert asked(assistant, "đò ngang chở quá khách bị phạt bao nhiêu tiền").status == "abstained"


def test_a_clause_s_list_stands_under_what_opens_it(assistant: Assistant) -> None:
    answer = asked(assistant, "hồ sơ xin giấy phép bến đò gồm những gì")
    lines = answer.text.split("\n")
    assert lines[0].startswith("Hồ sơ cấp giấy phép bến đò bao gồm:")
    assert len(lines) == 4


@pytest.mark.parametrize(
    "question", ["hồ sơ ocop gồm những gì", "giấy chứng nhận ocop có hạn mấy năm", "ocop 3 sao ai cấp giấy"]
)
def test_a_paper_takes_no_question_from_the_handbook(assistant: Assistant, question: str) -> None:
    answer = asked(assistant, question)
    cited = [assistant.passage(citation.passage_id) for citation in answer.citations]
    assert cited
    assert all(one is not None and one[1].kind == "handbook" for one in cited)


def test_what_is_forbidden_is_told_under_the_heading_that_forbids_it(assistant: Assistant) -> None:
    lines = asked(assistant, "lái đò khi trong máu có nồng độ cồn có bị cấm không").text.split("\n")
    assert lines[0] == "Điều 3. Các hành vi bị nghiêm cấm:"
    assert "nồng độ cồn" in lines[1]


def test_a_refusal_speaks_of_what_was_taken_in(assistant: Assistant) -> None:
    answer = asked(assistant, "đò ngang chở xe máy thu bao nhiêu tiền một lượt")
    assert answer.status == "abstained"
    assert "văn bản đã nạp" in answer.text
    other = asked(assistant, "bác hồ sinh năm nào")
    assert other.status == "abstained"
    assert "các văn bản" in other.text


def test_a_refusal_names_the_nearest_place_and_how_to_read_it(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = Question("giay phep ben do co gia tri may nam")
    told, probability = assistant.attempt(question)
    assert told.status == "answered"
    monkeypatch.setattr(assistant, "confidence", replace(assistant.confidence, sure=probability + 0.001))
    refused, _ = assistant.attempt(question)
    assert refused.status == "abstained"
    assert "Đoạn gần nhất tìm được: «Luật 91/2025/QH15" in refused.text
    assert "Điều 4. Cấp giấy phép bến đò»" in refused.text
    assert refused.suggestions[0] == "Điều 4 khoản 3 91/2025/QH15 nói gì?"
    assert "04 năm" in asked(assistant, refused.suggestions[0]).text
    other = asked(assistant, "bác hồ sinh năm nào")
    assert other.status == "abstained"
    assert "gần nhất" not in other.text


@pytest.mark.parametrize(
    ("locator", "offered"),
    [
        ("[Quy-định] Đ6 k1", ("Điều 6 khoản 1 62/QĐ-UBND nói gì?",)),
        ("Đ4", ("Điều 4 62/QĐ-UBND nói gì?",)),
        ("M.I.2", ()),
    ],
)
def test_only_an_article_is_offered_to_read(assistant: Assistant, locator: str, offered: tuple[str, ...]) -> None:
    found = assistant.search("giấy phép bến đò có giá trị mấy năm")
    hit = found.current[0]
    passage = replace(hit.passage, sources=(Source("62/QĐ-UBND", locator),))
    found = replace(found, current=(replace(hit, passage=passage),), then=())
    assert say.abstention(found, 0.4)[1] == offered


def test_the_composer_judges_a_paper_s_lines_too(assistant: Assistant) -> None:
    composer = assistant.composer
    assert isinstance(composer, Extractive)
    found = assistant.search("giấy phép bến đò có giá trị mấy năm")
    [worth] = composer.worth.of(found.current[:1], found.reading)
    assert worth
