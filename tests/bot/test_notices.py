"""«Báo tôi»: told once, when there is news, after a restart too; withdrawn answers go back to the reviewers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from small import page
from sqlalchemy import select

from bot import review_texts as say
from bot.watches import WATCHES
from knowledge.curated import CURATED
from knowledge.proposal import Proposal, Relation, Stated
from tests.bot.house import RunningBot
from tests.bot.office import ASKED, PLAIN, REPLY, SOURCE, Office

NEW_PAGE = page(
    "Tiền công",
    """
## Người chấm OCOP cấp xã được trả bao nhiêu tiền công?
<!-- hỏi: tien cong nguoi cham ocop cap xa bao nhieu -->
Tiền công người chấm OCOP cấp xã theo quy chế của Hội đồng. {26/2026/QĐ-TTg Đ7 k3}
""",
)


def learn(office: Office, folder: Path, name: str = "ocop/tien-cong.md", text: str = NEW_PAGE) -> None:
    """The handbook gains a page."""
    (folder / "handbook" / name).write_text(text, encoding="utf-8")
    office.house.sync.handbook()


def confirm(office: Office, kind: Any = "replaces", number: str = "90/2026/QĐ-TTg") -> None:
    """The office confirms a decision that replaces or amends 26/2026/QĐ-TTg."""
    values = {"number": number, "kind": "quyết định", "title": "Bộ tiêu chí mới", "signed": "2026-11-01"}
    values |= {"issuer": "Thủ tướng Chính phủ", "effective": "2026-11-01"}
    fields = {name: Stated(value, "rõ") for name, value in values.items()}
    proposal = Proposal(fields, (Relation(kind, "26/2026/QĐ-TTg", plainness="rõ"),))
    overlay = office.assistant.overlay
    made = overlay.propose(proposal, number, "d.pdf", office.assistant.registry)
    overlay.confirm(made.id, by="Quản trị")
    office.assistant.judge_anew()


def subscribe(office: Office, answer: Any, kind: str) -> None:
    """Lan asks to be told; the button says so."""
    office.lan.press(answer, say.WATCH[kind])
    office.server.wait(lambda: say.WATCHED[kind] in answer.labels)


def settled(office: Office, bot: RunningBot) -> None:
    """Nothing waits to be handled or sent, and everything waited for has been looked at since the last change."""
    office.server.wait(lambda: bot.telegram.care is not None and bot.telegram.care.settled)
    office.server.wait(lambda: bot.status()["updates_waiting"] == 0 and bot.status()["messages_waiting"] == 0)


def test_who_asked_is_told_once_when_the_gap_is_filled_and_the_answer_is_theirs(server, office, tmp_path):
    with office.bot():
        answer = office.ask(office.lan, ASKED)
        subscribe(office, answer, "gap")
        learn(office, tmp_path)
        news = server.wait_sent(office.lan, 2)[-1]
        assert say.GAP_FILLED.split("{")[0] in news.text
        assert "theo quy chế của Hội đồng" in news.text
        assert "26/2026/QĐ-TTg" in news.text
        office.lan.press(news, "📖 [1]")
        assert "Tiền công" in server.wait_sent(office.lan, 3)[-1].text
    learn(office, tmp_path, "ocop/khac.md", NEW_PAGE.replace("theo quy chế", "theo bản quy chế"))
    with office.bot() as bot:
        office.ask(office.minh, "hạn giấy chứng nhận ocop")
        settled(office, bot)
        waiting = office.house.assistant.engine
    assert len(server.sent(office.lan)) == 3
    with waiting.connect() as connection:
        assert connection.scalars(select(WATCHES.c.state)).all() == ["told"]


def test_news_that_came_while_the_bot_was_down_is_told_at_its_start(server, office, tmp_path):
    with office.bot():
        subscribe(office, office.ask(office.lan, ASKED), "gap")
    learn(office, tmp_path)
    with office.bot():
        assert "theo quy chế của Hội đồng" in server.wait_sent(office.lan, 2)[-1].text


def test_a_change_that_fills_no_gap_is_no_news_and_a_withdrawn_wish_is_none(server, office, tmp_path):
    with office.bot():
        answer = office.ask(office.lan, ASKED)
        subscribe(office, answer, "gap")
        other = page("Khác", "## Cồng chiêng ở đâu?\nCồng chiêng để ở nhà văn hóa xã. {gợi ý}")
        learn(office, tmp_path, "ocop/khac.md", other)

        def checked() -> bool:
            with office.assistant.engine.connect() as connection:
                (state,) = connection.scalars(select(WATCHES.c.checked)).all()
            return state.startswith(f"{office.assistant.store.generation()}:")

        server.wait(checked)
        assert len(server.sent(office.lan)) == 1
        office.lan.press(answer, say.WATCHED["gap"])
        server.wait(lambda: say.WATCH["gap"] in answer.labels)
    with office.assistant.engine.connect() as connection:
        assert connection.execute(select(WATCHES)).all() == []


def test_a_reviewers_answer_is_the_news_and_nothing_more_follows(server, office):
    with office.bot() as bot:
        office.appoint()
        answer = office.ask(office.lan, ASKED)
        subscribe(office, answer, "gap")
        office.lan.press(answer, say.ASK_REVIEWER)
        draft = office.reply(server.wait_sent(office.group, 1)[-1])
        office.press(draft, say.APPROVE)
        office.until_known()
        settled(office, bot)
    with office.bot() as bot:
        office.ask(office.minh, PLAIN)
        settled(office, bot)
    assert [REPLY in message.text for message in server.sent(office.lan)] == [False, False, True]


def test_others_who_asked_the_same_are_told_once_it_is_approved(server, office):
    with office.bot():
        office.appoint()
        subscribe(office, office.ask(office.lan, PLAIN), "gap")
        answer = office.ask(office.minh, ASKED)
        office.minh.press(answer, say.ASK_REVIEWER)
        draft = office.reply(server.wait_sent(office.group, 1)[-1])
        assert len(server.sent(office.lan)) == 1
        office.press(draft, say.APPROVE)
        news = server.wait_sent(office.lan, 2)[-1]
    assert REPLY in news.text
    assert "Chuyên viên trả lời, duyệt ngày" in news.text


def test_a_change_of_the_rule_behind_an_answer_is_told_once_and_can_be_asked_anew(server, office):
    with office.bot():
        answer = office.ask(office.lan, "Cấp nào công nhận sản phẩm OCOP 3 sao?")
        assert say.WATCH["change"] not in answer.labels
        office.lan.press(answer, say.MORE)
        server.wait(lambda: say.WATCH["change"] in answer.labels)
        subscribe(office, answer, "change")
        confirm(office)
        news = server.wait_sent(office.lan, 2)[-1]
        assert "26/2026/QĐ-TTg được thay thế bằng 90/2026/QĐ-TTg (có hiệu lực từ ngày 01/11/2026)" in news.text
        office.lan.press(news, say.ASK_AGAIN)
        assert "Cấp nào công nhận" in server.wait_sent(office.lan, 3)[-1].text
    confirm(office, "amends", "91/2026/QĐ-TTg")
    with office.bot() as bot:
        office.ask(office.minh, "hạn giấy chứng nhận ocop")
        settled(office, bot)
    assert len(server.sent(office.lan)) == 3


def test_an_amendment_is_told(server, office):
    with office.bot():
        answer = office.ask(office.lan, "Cấp nào công nhận sản phẩm OCOP 3 sao?")
        office.lan.press(answer, say.MORE)
        server.wait(lambda: say.WATCH["change"] in answer.labels)
        subscribe(office, answer, "change")
        confirm(office, "amends")
        assert "được sửa đổi, bổ sung bởi 90/2026/QĐ-TTg" in server.wait_sent(office.lan, 2)[-1].text


def test_an_approved_answer_whose_rule_is_closed_is_withdrawn_and_laid_before_the_reviewers_once(server, office):
    with office.bot():
        office.appoint()
        draft = office.reply(office.inquiry())
        office.reviewer.press(draft, say.ADD_SOURCE)
        sourced = office.reply(server.wait_sent(office.group, 3)[-1], SOURCE)
        office.press(sourced, say.APPROVE)
        office.until_known()
        before = len(server.sent(office.group))
        confirm(office)
        back = server.wait_sent(office.group, before + 1)[-1]
        assert "26/2026/QĐ-TTg không còn áp dụng, nay là 90/2026/QĐ-TTg" in back.text
        assert say.APPROVE in back.labels
        assert REPLY not in office.ask(office.minh, PLAIN).text
        assert office.assistant.store.document(f"curated:{back.buttons[0]['callback_data'].split(':')[1]}") is None
    with office.bot() as bot:
        office.ask(office.minh, "hạn giấy chứng nhận ocop")
        settled(office, bot)
        assert len(server.sent(office.group)) == before + 1
        # Looked at again and approved, it answers as what it now is.
        office.reviewer.press(back, say.EDIT)
        changed = office.reply(server.wait_sent(office.group, before + 2)[-1], "Nay theo quyết định mới.")
        office.press(changed, say.APPROVE)
        office.until_known()
    with office.assistant.engine.connect() as connection:
        assert connection.scalars(select(CURATED.c.status)).all() == ["approved"]
