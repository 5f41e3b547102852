"""People's own words meet those of the papers: what the shipped vectors learned of both."""

from __future__ import annotations

import numpy as np
import pytest

from knowledge.embedding import StaticEmbedder

SENTENCES = (
    "Thành viên mới phải góp vốn tối thiểu bằng một suất theo điều lệ.",
    "Nghiêm cấm phun thuốc bảo vệ thực vật ngoài danh mục được phép sử dụng.",
    "Mức thu hội trường cho mỗi lần tổ chức tiệc cưới do tổ quản lý niêm yết.",
    "Gia súc chết trong đợt tiêm phòng được hỗ trợ theo trọng lượng hơi.",
    "Người chậm nộp quỹ thôn bị nhắc nhở trong cuộc họp gần nhất.",
    "Giấy khai sinh được cấp lại tại bộ phận một cửa khi bị mất.",
)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("muốn vô làm chung thì hùn ít nhứt mấy đồng", 0),
        ("lỡ xịt thuốc lạ cho rau thì có sao không", 1),
        ("mướn chỗ của xã đãi đám cưới hết nhiêu", 2),
        ("con bò nhà tui lăn ra chết sau khi chích thì có được đền không", 3),
        ("đóng trễ tiền của xóm thì bị chi", 4),
        ("làm rớt tờ khai sinh xin lại ở mô", 5),
    ],
)
def test_an_everyday_question_is_nearest_to_what_answers_it(question: str, answer: int) -> None:
    embedder = StaticEmbedder()
    likeness = embedder.passages(list(SENTENCES)) @ embedder.questions([question])[0]
    assert int(np.argmax(likeness)) == answer
