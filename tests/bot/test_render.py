"""Answers drawn as messages: limits, entities, lists, tables (T8)."""

from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import texts
from bot.render import answer_parts, answer_text, body, citation_line
from bot.styled import LIMIT, Mark, Styled, clean, marked, parts, plain, units, visible
from knowledge.types import Answer, Citation, Standing
from tests.botapi_rules import checked_text

anything = st.text(
    st.one_of(st.characters(), st.sampled_from(" \n\t\u200d\u200b\ufe0f\u0301😀👨‍👩‍👧.|*-[]1\x00\r\ud83d")),
    max_size=400,
)
long_text = st.builds(lambda piece, times: piece * times, anything, st.integers(1, 60))


def accepted(part):
    """Telegram's own check, as the loopback server makes it."""
    import json

    return checked_text({"text": part.text, "entities": json.dumps(part.entities)})


@settings(max_examples=150, deadline=None)
@given(text=long_text)
@example(text="a" * 4096 + "\u200b" * 5000)
@example(text="😀" * 3000)
@example(text="e\u0301" * 5000)
@example(text=" \n" * 4000 + "x" + " \n" * 4000 + "y")
def test_any_answer_is_cut_into_messages_that_telegram_takes(text):
    answer = Answer("a", "answered", text, (citation(title=text[:50], url=text[:20]),), (text[:99],), (text[-99:],))
    whole = answer_text(answer)
    pieces = answer_parts(answer)
    assert "".join(piece.text for piece in pieces) == whole.text
    for piece in pieces:
        assert units(piece.text) <= LIMIT
        accepted(piece)


@settings(max_examples=100, deadline=None)
@given(text=long_text, limit=st.integers(20, 300))
def test_plain_text_is_cut_without_losing_a_letter(text, limit):
    text = clean(text).strip()
    pieces = parts(plain(text), limit=limit)
    assert "".join(piece.text for piece in pieces) == text
    assert all(units(piece.text) <= limit for piece in pieces)
    assert all(visible(piece.text) for piece in pieces) or not visible(text) or limit < 30


def test_messages_end_at_paragraphs_then_lines_then_sentences_then_words():
    assert [p.text for p in parts(plain("một hai\n\nba bốn năm"), limit=14)] == ["một hai\n\n", "ba bốn năm"]
    assert [p.text for p in parts(plain("Câu một. Câu hai dài"), limit=14)] == ["Câu một. ", "Câu hai dài"]
    assert [p.text for p in parts(plain("mộthaiba bốnnăm"), limit=10)] == ["mộthaiba ", "bốnnăm"]


def test_entities_are_counted_in_utf16_and_cut_with_the_text():
    (piece,) = parts(Styled("😀 đậm", (Mark(2, 5, "bold"),)))
    assert piece.entities == [{"type": "bold", "offset": 3, "length": 3}]
    first, second = parts(marked("một hai", "bold"), limit=4)
    assert (first.text, first.entities) == ("một ", [{"type": "bold", "offset": 0, "length": 3}])
    assert (second.text, second.entities) == ("hai", [{"type": "bold", "offset": 0, "length": 3}])


def test_an_address_that_telegram_refuses_becomes_plain_text():
    assert citation_line(citation(url="javascript:alert(1)")).marks == ()
    assert citation_line(citation(url="https://vanban.vn/1")).marks[0].kind == "text_link"


def test_lists_get_bullets_and_bold_words_become_entities():
    styled = body("Gồm **hai** việc:\n- một\n- hai\n1. ba")
    assert styled.text == "Gồm hai việc:\n• một\n• hai\n1. ba"
    assert styled.marks == (Mark(4, 7, "bold"),)


def test_a_table_becomes_one_card_a_row():
    styled = body("Điểm:\n| Hạng | Từ | Đến dưới |\n|---|---|---|\n| 3 sao | 50 | 70 |\n| 4 sao | 70 | 90 |\nHết")
    assert styled.text == ("Điểm:\n▪️ 3 sao\n   Từ: 50\n   Đến dưới: 70\n▪️ 4 sao\n   Từ: 70\n   Đến dưới: 90\nHết")


def test_warnings_stand_before_the_sources_and_say_what_has_ended():
    ended = citation(valid_from=date(2023, 2, 24), valid_to=date(2025, 7, 5), standing=Standing.EARLIER)
    text = answer_text(
        Answer("a", "answered", "Cấp huyện [1]", (ended,), ("Quy định này nay không còn áp dụng.",))
    ).text
    assert text.index(texts.WARNINGS_HEAD) < text.index(texts.CITATIONS_HEAD)
    assert "áp dụng từ 24/02/2023 đến 05/07/2025, đã hết áp dụng" in text


def test_an_answer_of_nothing_still_says_something():
    assert answer_parts(Answer("a", "answered", "\u200b \n"))[0].text == texts.OTHER


def citation(*, title="Sổ tay › Sao", url="", **more):
    return Citation(1, "p", title, "Điều 7 khoản 6", "26/2026/QĐ-TTg", "trích", url, **more)
