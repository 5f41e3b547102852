"""Typing slips are put right; names, abbreviations and foreign words stay."""

from __future__ import annotations

from collections import Counter

import pytest

from knowledge.text import expand
from knowledge.typing_slips import from_telex, is_syllable, repair

KNOWN = Counter(
    term
    for line in (
        "tiêu chí hồ sơ OCOP nộp ở đâu", "nước khoáng ở bộ nào ai chủ trì", "khi nào phải nộp hồ sơ đánh giá lại",
        "câu chuyện phải có trong mã", "xã nhóm 1 và xã nhóm 2 khác nhau", "giấy chứng nhận hết hạn",
        "tiềm năng 5 sao là gì", "VietGAP",
        "tối đa mấy điểm", "độc đáo của hoa tươi", "được đến bao giờ", "nhãn cũ còn dùng",
    )
    for term in set(expand(line))
)  # fmt: skip


def frequency(term: str) -> int:
    return KNOWN[term]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tieeu chis", "tiêu chí"),
        ("hoof sow ocop nooppj owr ddaau", "hồ sơ ocop nooppj ở đâu"),
        ("nuowcs khoangs owr booj naof", "nước khoáng ở bộ nào"),
        ("tieemf nangw 5 sao laf gif", "tiềm năng 5 sao là gì"),
        ("toois dda maays ddieemr", "tối đa mấy điểm"),
        ("dduowcj ddeens bao giowf", "được đến bao giờ"),
        ("khinao phai nop ho so", "khi nao phai nop ho so"),
        ("cauchuyen phaico trong ma qr", "cau chuyen phai co trong ma qr"),
        ("muon len 4sao", "muon len 4 sao"),
        ("xãnhom2", "xã nhom 2"),
        ("gaiy chung nhan", "giay chung nhan"),
        ("hồsơ nộp ởđâu", "hồ sơ nộp ở đâu"),
        ("giấy OCOPhết hạn", "giấy OCOP hết hạn"),
        ("giấychứngnhận hếthạn baonhiêu", "giấy chứng nhận hết hạn bao nhiêu"),
        ("hoatươi đisơ", "hoa tươi đisơ"),  # no key of a tone stands beside a tone; "đi" is not held
        ("bộnàochủ trì", "bộ nào chủ trì"),
        ("chứng nhận VietGAPlà gì", "chứng nhận VietGAP là gì"),
    ],
)
def test_slips_are_put_right(typed: str, meant: str) -> None:
    assert repair(typed, frequency) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Hồ sơ OCOP gồm những gì?",
        "ho so ocop gom nhung gi",
        "QĐ 26/2026/QĐ-TTg khoản 6 Điều 7",
        "HTX, UBND, ATTP, QR, ISO 22000, HACCP, VietGAP, website, facebook, homestay, QH15, m2",
        "gửi về abc@xyz.vn hoặc 0912345678",
        "bn % hài lòng ntn ạ",
        "sản phẩm của New và Hari ở Tuva",
        "DNA và NASA là gì",
        "bán trên TikTok và YouTube",
        "quét iCheck, trả bằng MoMo",
        "hồsơ" * 500,
    ],
)
def test_what_is_no_slip_stays(text: str) -> None:
    assert repair(text, frequency) == text


def test_a_foreign_word_that_the_knowledge_holds_stays() -> None:
    held = Counter(expand("nước khoáng có canxi, can xi là gì"))
    assert repair("canxi là gì", lambda term: held[term]) == "canxi là gì"


def test_shouting_is_repaired_too() -> None:
    assert repair("TIEEU CHIS NTM", frequency) == "tiêu chí NTM"


def test_a_repair_is_repaired_no_further() -> None:
    for typed in ("tieeu chis", "khinao phai nop", "nuowcs khoangs"):
        once = repair(typed, frequency)
        assert repair(once, frequency) == once


def test_nothing_known_means_nothing_changed() -> None:
    assert repair("tieeu chis khinao", lambda _term: 0) == "tieeu chis khinao"


def test_telex_tones_stand_where_the_modern_style_puts_them() -> None:
    assert [from_telex(t) for t in ("hoaf", "thuyr", "quys", "giaf", "nguowif", "khuyeens")] == [
        "hòa", "thủy", "quý", "già", "người", "khuyến",
    ]  # fmt: skip


def test_syllables_are_told_from_other_words() -> None:
    assert all(is_syllable(s) for s in ("nghiêng", "khuyu", "ăn", "ý", "quyết", "gì"))
    assert not any(is_syllable(s) for s in ("web", "tieeu", "chis", "khinao", "qr", "ddaau"))
