from bot import review_texts as say
from tests.bot.office import ASKED


def test_lohong_is_for_reviewers_and_admins_and_lists_what_was_asked_in_vain(server, office):
    with office.bot():
        office.appoint()
        office.ask(office.lan, ASKED)
        assert office.ask(office.lan, "/lohong").text == say.REVIEWERS_ONLY
        text = office.ask(office.reviewer, "/lohong 7").text
        assert say.GAPS_HEAD.format(days=7, count=1, groups=1) in text
        assert f"1. «{ASKED}» – 1 lần (1 chưa trả lời được)" in text
        assert "Có thể thiếu: " in text
        assert "/lohong" in office.ask(office.reviewer, "/help").text
        assert "/lohong" not in office.ask(office.lan, "/help").text


def test_lohong_says_when_there_is_nothing(server, office):
    with office.bot():
        assert office.ask(office.admin, "/lohong").text == say.NO_GAPS.format(days=30)
