"""How likely what was found answers: the same in every process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.assistant import Assistant
from knowledge.confidence import FEATURES, OF_STORY, of_story
from knowledge.trees import Trees, rounded
from knowledge.types import Question

TESTS = Path(__file__).parents[1]
# The features of some questions over the small handbook, to the last bit.
ASK = """
import sys, tempfile
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from small import TODAY, open_small
from knowledge.types import Question
with open_small(Path(tempfile.mkdtemp())) as house:
    finder = house.assistant.knowledge.finder
    for text in ("Năm 2024 cấp nào công nhận sản phẩm OCOP 3 sao?", "ho so danh gia san pham ocop gom nhung gi",
                 "chữ trên nhãn cao mấy mm, ghi ở mặt nào của bao bì"):
        found = finder.find(Question(text), TODAY)
        print([value.hex() for value in map(float, finder.features(found))], finder.probability(found).hex())
"""


def told(seed: str) -> str:
    environment = os.environ | {"PYTHONHASHSEED": seed}
    run = [sys.executable, "-c", ASK, str(TESTS)]
    return subprocess.run(run, env=environment, check=True, capture_output=True, text=True).stdout


def test_the_same_question_is_judged_alike_whatever_the_order_of_sets() -> None:
    first = told("1")
    assert first.count("\n") == 3
    assert told("2") == told("5") == first


def test_what_the_order_of_a_sum_changes_changes_no_answer() -> None:
    trees = Trees.of({"features": ["a"], "start": 0.0, "trees": [[[0, 1.0, 1, 2], [-2.0], [2.0]]]}, ["a"])
    one, nearly = trees.probabilities([[1.0], [1.0000000000000002]])
    assert one == nearly == pytest.approx(0.119, abs=1e-3)
    assert rounded([[0.1234567]])[0, 0] == 0.123457


def test_of_the_parts_of_a_story_the_one_that_fits_best_counts() -> None:
    told, cosine = FEATURES.index("told"), FEATURES.index("cosine")
    whole, near, far = ([0.0] * len(FEATURES) for _ in range(3))
    near[told], near[cosine], far[told], far[cosine] = 0.9, 0.4, 0.2, 0.8
    values = dict(zip(OF_STORY, of_story(whole, [far, near]), strict=True))
    assert (values["asks"], values["part_told"], values["part_cosine"], values["told"]) == (1.0, 0.9, 0.4, 0.0)
    values = dict(zip(OF_STORY, of_story(near, []), strict=True))
    assert (values["asks"], values["part_told"]) == (0.0, 0.9)


HUNG_UP = (
    "Bác làm nước mắm ở Phan Thiết, ba năm trước được lên báo một lần, cái giấy công nhận ba sao treo ở phòng khách "
    "đẹp lắm. Thằng cháu mới về nó dọa là giấy này chỉ có hạn thôi, vậy giấy OCOP xài được mấy năm hả cháu?"
)
HELD_BACK = (
    "ho so ocop cua nha em em nop tren xa hom thu hai tuan truoc, gap chi can bo hien lam nhan giay ghi bien nhan dang "
    "hoang. ma gio sot ruot qua vi sap het dot, xa duoc giu ho so cua em bao nhieu ngay thi phai gui len tren a"
)
ASKED_FIRST = (
    "Ai công nhận xã nông thôn mới bây giờ vậy ad? Tui nghe ông trưởng ấp cãi với ông phó bí thư suốt buổi nhậu, ông "
    "thì nói huyện, ông thì nói tỉnh, mà huyện thì bỏ từ năm ngoái rồi còn gì, hai ổng đỏ mặt tía tai."
)
OF_DRIVING = (
    "Nhà em làm giò chả được ba sao năm ngoái, mừng hết lớn. Nay thằng con út thi lại bằng lái xe máy hai lần đều rớt "
    "vòng số tám, em muốn hỏi thi lại lần ba phải đóng bao nhiêu tiền, chờ mấy ngày và có phải học lại không ạ?"
)
ASKS_NOTHING = (
    "Lâu lắm mới nhắn cho các anh chị. Hôm lễ đón bằng nông thôn mới ở xã vui quá trời, con nít múa lân, bà con gói "
    "bánh tét cả đêm, ông già tui lên hát hai bài vọng cổ ai cũng vỗ tay. Kể vậy thôi chớ không có gì, cảm ơn nghen."
)


@pytest.mark.parametrize(
    ("text", "told"), [(HUNG_UP, "36 tháng"), (HELD_BACK, "15 ngày làm việc"), (ASKED_FIRST, "tỉnh")]
)
def test_what_a_story_asks_is_answered(handbook: Assistant, text: str, told: str) -> None:
    answer, _ = handbook.attempt(Question(text))
    assert answer.status == "answered"
    assert told in answer.text


BEEN_ABROAD = (
    "Con gái em mới đi Nhật về khen bao bì bên đó đẹp lắm, biểu em bỏ hết đồ cũ. Mà em chỉ bán mật ong trong nước "
    "thôi, vậy nhãn mật ong bắt buộc phải ghi những gì hả anh chị, em nhờ tiệm in in luôn một thể?"
)
LIVES_ABROAD = (
    "Em bên Đài Loan lấy chồng, mở cái tiệm bán đặc sản. Cho em hỏi bên Đài Loan nhãn thực phẩm phải ghi những gì bằng "
    "tiếng nước họ, chữ cao mấy ly, chứ em thấy mỗi tiệm dán một kiểu mà sợ phạt quá?"
)


def test_a_story_may_mention_another_country_and_ask_of_this_one(handbook: Assistant) -> None:
    answer, _ = handbook.attempt(Question(BEEN_ABROAD))
    assert answer.status == "answered"
    assert "mật ong" in answer.text
    assert handbook.attempt(Question(LIVES_ABROAD))[0].status == "abstained"


THAT_YEAR = (
    "Cháu viết sử cho hợp tác xã, có đoạn kể năm 2021 được ba sao mà ông chủ nhiệm cũ bảo là huyện công nhận, bà kế "
    "toán lại bảo là tỉnh ký. Giấy thì mối ăn mất một góc rồi. Hồi năm ấy cấp nào công nhận OCOP 3 sao vậy ạ?"
)
NOW = (
    "Cháu viết sử cho hợp tác xã, năm 2021 được ba sao, ông chủ nhiệm cũ bảo là huyện công nhận, bà kế toán lại bảo là "
    "tỉnh ký, giấy thì mối ăn mất một góc rồi. Thôi chuyện cũ bỏ qua, cấp nào công nhận OCOP 3 sao vậy ạ?"
)


@pytest.mark.parametrize(("text", "of_then"), [(THAT_YEAR, True), (NOW, False)])
def test_the_year_of_a_story_asks_for_the_rule_of_then_where_the_question_refers_to_it(
    handbook: Assistant, text: str, *, of_then: bool
) -> None:
    assert handbook.search(text).reading.time.event is not of_then
    answer, _ = handbook.attempt(Question(text))
    assert answer.status == "answered"
    assert answer.text.startswith("Quy định áp dụng từ") is of_then


@pytest.mark.parametrize("text", [OF_DRIVING, ASKS_NOTHING])
def test_a_story_that_asks_something_else_or_nothing_is_refused(handbook: Assistant, text: str) -> None:
    assert handbook.attempt(Question(text))[0].status == "abstained"
