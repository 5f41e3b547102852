"""One spelling of Vietnamese, whatever the keyboard made."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import expand, fold, modern_tones, normalise, syllables


@pytest.mark.parametrize(
    ("old", "new"),
    [("hoà", "hòa"), ("khoẻ", "khỏe"), ("thuỷ", "thủy"), ("Hoà", "Hòa"), ("hoàn", "hoàn"), ("quý", "quý")],
)
def test_tones_stand_where_the_modern_style_puts_them(old: str, new: str) -> None:
    assert modern_tones(old) == new


def test_fold_takes_every_mark_and_the_bar_of_d() -> None:
    assert fold("Đường Nguyễn ỨNG ỷ") == "duong nguyen ung y"


def test_invisible_and_control_characters_part_no_word() -> None:
    assert syllables("nông\u200b thôn\x00mới\u00ad, OCOP_4") == ["nông", "thôn", "mới", "ocop", "4"]
    assert normalise("a\x07b\n\tc") == "a b\n\tc"


def test_expand_names_syllables_folded_pairs_and_folded_pairs() -> None:
    assert expand("Tiêu chí") == ["tiêu", "chí", "~tieu", "~chi", "tiêu_chí", "~tieu_chi"]
    assert expand("") == []


@given(st.text(alphabet="aàâăbcdđeêghiklmnoôơpqrstuưvxyAÀĐỨ ỷọẽ.,0123_~"))
def test_every_unicode_form_gives_the_same_terms(text: str) -> None:
    assert expand(unicodedata.normalize("NFD", text)) == expand(text)
    assert len(expand(text)) == max(0, 4 * len(syllables(text)) - 2)
