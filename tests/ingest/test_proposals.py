"""What an official text proposes for the register, and the sentence that each field rests on."""

from __future__ import annotations

from datetime import date

import pytest
from ingest_texts import DECISION

from ingest.proposal import propose
from ingest.readers import read_bytes
from knowledge.errors import BadInput
from knowledge.proposal import Proposal, Relation, proposal_from

CLAUSES = """1. Quyết định này có hiệu lực thi hành từ ngày 20 tháng 3 năm 2026.
2. Quyết định số 3/2020/QĐ-UBND hết hiệu lực."""


def read(clauses: str = CLAUSES, text: str = DECISION) -> Proposal:
    """What the decision proposes with these clauses in its last article."""
    assert CLAUSES in text
    found = propose(read_bytes(text.replace(CLAUSES, clauses).encode()))
    assert found is not None
    return found


def ends(proposal: Proposal) -> list[tuple[str, str, str]]:
    """(kind, number, last day) of each relation."""
    return [(r.kind, r.number, str(r.ends)) for r in proposal.relations]


def test_every_field_with_its_sentence() -> None:
    found = read()
    assert {name: found[name] for name in ("number", "kind", "title", "issuer", "place", "signed", "effective")} == {
        "number": "7/2026/QĐ-UBND",
        "kind": "quyết định",
        "title": "Về việc nuôi ong ở xã",
        "issuer": "ỦY BAN NHÂN DÂN TỈNH X",
        "place": "X",
        "signed": "2026-03-05",
        "effective": "2026-03-20",
    }
    assert found.fields["effective"].sentence == CLAUSES.splitlines()[0]
    assert found.fields["effective"].plainness == "rõ"
    assert ends(found) == [("replaces", "3/2020/QĐ-UBND", "2026-03-19")]
    assert found.relations[0].sentence == CLAUSES.splitlines()[1]
    assert "locality" in found.doubtful  # no province X


@pytest.mark.parametrize(
    ("clause", "day", "plainness"),
    [
        ("Quyết định này có hiệu lực kể từ ngày ký.", "2026-03-05", "rõ"),
        ("Quyết định này có hiệu lực thi hành kể từ ngày 01/4/2026.", "2026-04-01", "rõ"),
        ("Quyết định này có hiệu lực sau 60 ngày kể từ ngày ký.", "2026-05-04", "suy ra"),
        ("Quyết định này có hiệu lực sau 45 (bốn mươi lăm) ngày, kể từ ngày ký ban hành.", "2026-04-19", "suy ra"),
        ("Quyết định này có hiệu lực từ ngày 01/4/2026, trừ khoản 2 Điều 3.", "2026-04-01", "ngờ"),
        ("Quyết định này có hiệu lực kể từ ngày đăng Công báo.", "", "ngờ"),
        ("Quyết định này có hiệu lực từ ngày … tháng … năm 2026.", "", "ngờ"),
        ("Quyết định này có hiệu lực từ ngày 31 tháng 02 năm 2026.", "", "ngờ"),
        ("Giấy xác nhận có hiệu lực từ ngày 01/4/2026.", "", "ngờ"),
    ],
)  # fmt: skip
def test_the_first_day_of_effect(clause: str, day: str, plainness: str) -> None:
    stated = read(f"1. {clause}").fields["effective"]
    assert (stated.value, stated.plainness) == (day, plainness)


@pytest.mark.parametrize(
    ("clause", "day"),
    [
        ("Quyết định này có hiệu lực từ ngày ký đến hết ngày 31/12/2030.", "2030-12-31"),
        ("Quyết định này hết hiệu lực kể từ ngày 01 tháng 01 năm 2031.", "2030-12-31"),
        ("Quyết định này có hiệu lực từ ngày ký đến hết năm 2030.", "2030-12-31"),
        ("Quyết định này có hiệu lực từ ngày ký.", ""),
    ],
)
def test_the_last_day(clause: str, day: str) -> None:
    assert read(f"1. {clause}")["expires"] == day


NAME = "ngày 24 tháng 02 năm 2023 của Thủ tướng Chính phủ"
EFFECT = "1. Quyết định này có hiệu lực từ ngày 22 tháng 5 năm 2026."


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        # What is ended, told from what only stands in its name; the day that the text names.
        (
            f"{EFFECT}\n2. Quyết định số 148/QĐ-TTg {NAME} ban hành Bộ tiêu chí và Quyết định số 1489/QĐ-TTg ngày 06 "
            f"tháng 7 năm 2025 sửa đổi, bổ sung một số nội dung Quyết định số 99/QĐ-TTg {NAME} hết hiệu lực sau "
            "60 ngày kể từ ngày Quyết định này có hiệu lực thi hành.",
            [("replaces", "148/QĐ-TTg", "2026-07-21"), ("replaces", "1489/QĐ-TTg", "2026-07-21")],
        ),
        (
            "1. Quyết định này có hiệu lực từ ngày 22/5/2026 và thay thế Quyết định số 5/2019/QĐ-UBND ngày 01/02/2019.",
            [("replaces", "5/2019/QĐ-UBND", "2026-05-21")],
        ),
        # A part that is repealed ends nothing as a whole.
        (
            f"{EFFECT}\n2. Bãi bỏ Nghị định số 39/2009/NĐ-CP; các quy định về tiền chất tại Nghị định số "
            "76/2014/NĐ-CP; Chương III Nghị định số 77/2016/NĐ-CP.",
            [
                ("replaces", "39/2009/NĐ-CP", "2026-05-21"),
                ("amends", "76/2014/NĐ-CP", "None"),
                ("amends", "77/2016/NĐ-CP", "None"),
            ],
        ),
        (
            f"{EFFECT}\n2. Thay thế cụm từ “xã” bằng “phường” tại Luật số 03/2022/QH15, Luật số 05/2022/QH15.",
            [("amends", "03/2022/QH15", "None"), ("amends", "05/2022/QH15", "None")],
        ),
        # A list under an opening line.
        (
            f"{EFFECT}\n2. Các văn bản sau đây hết hiệu lực kể từ ngày 01/7/2026:\na) Quyết định số 8/2018/QĐ-UBND;\n"
            "b) Quyết định số 9/2019/QĐ-UBND.",
            [("replaces", "8/2018/QĐ-UBND", "2026-06-30"), ("replaces", "9/2019/QĐ-UBND", "2026-06-30")],
        ),
        # Told of others, or of what may come: ends nothing.
        (
            f"{EFFECT}\n2. Sản phẩm theo Quyết định số 148/QĐ-TTg thì giấy chứng nhận hết hiệu lực khi đủ hạn.",
            [],
        ),
        (f"{EFFECT}\n2. Khi Quyết định này dẫn chiếu văn bản bị thay thế thì theo Quyết định số 8/2018/QĐ-UBND.", []),
    ],
)
def test_what_is_replaced_repealed_and_amended(clauses: str, expected: list[tuple[str, str, str]]) -> None:
    assert ends(read(clauses)) == expected


def test_an_exception_makes_the_end_doubtful() -> None:
    found = read(f"{EFFECT}\n2. Quyết định số 8/2018/QĐ-UBND hết hiệu lực từ ngày 01/7/2026, trừ Điều 3.")
    assert found.relations[0].plainness == "ngờ"
    assert found.doubtful[-1] == "8/2018/QĐ-UBND"


def test_what_sets_no_rule_proposes_nothing() -> None:
    letter = DECISION.replace("QUYẾT ĐỊNH\n", "BÁO CÁO\n").replace("7/2026/QĐ-UBND", "7/BC-UBND")
    assert propose(read_bytes(letter.encode())) is None
    assert propose(read_bytes(DECISION.replace("Số: 7/2026/QĐ-UBND", "Số:      /QĐ-UBND").encode())) is None
    assert propose(read_bytes(("DỰ THẢO\n" + DECISION).encode())) is None


def test_a_form_in_the_appendix_is_not_the_effect_clause() -> None:
    text = DECISION.replace(
        "Mẫu số 01: Phiếu khai báo", "Mẫu số 01: Quyết định\nQuyết định này có hiệu lực từ ngày 9/9/2030."
    )
    found = read(text=text)
    assert found["effective"] == "2026-03-20"
    assert found.fields["effective"].plainness == "rõ"


def test_a_person_may_change_what_was_read() -> None:
    found = read()
    changed = found.edited({"effective": "01/4/2026", "relations": [{"kind": "repeals", "number": "3/2020/QĐ-UBND"}]})
    assert changed["effective"] == "2026-04-01"
    assert changed.fields["effective"].plainness == "rõ"
    assert changed.relations == (Relation("repeals", "3/2020/QĐ-UBND", sentence=changed.relations[0].sentence),)
    assert changed.relations[0].plainness == "rõ"
    assert proposal_from(changed.as_data()) == changed
    for wrong in (
        {"effective": "hôm qua"},
        {"effective": "2026-01-01"},
        {"number": ""},
        {"mau": "đỏ"},
        {"relations": 3},
    ):
        with pytest.raises(BadInput):
            found.edited(wrong)
    assert found.day("signed") == date(2026, 3, 5)
