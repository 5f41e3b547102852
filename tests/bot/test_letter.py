from bot import review_texts as say


def test_an_answer_is_copied_as_a_letter_quotes_it_in_one_block(server, office):
    with office.bot():
        answer = office.ask(office.lan, "Cấp nào công nhận sản phẩm OCOP 3 sao?")
        office.lan.press(answer, say.COPY)
        letter = server.wait_sent(office.lan, 2)[-1]
    (block,) = letter.marked("pre")
    assert "theo quy định tại khoản 3 Điều 7 Quyết định số 26/2026/QĐ-TTg ngày 22 tháng 5 năm 2026" in block
    assert letter.reply_to == answer.message_id


def test_nothing_is_offered_to_copy_where_nothing_is_cited(server, office):
    with office.bot():
        assert say.COPY not in office.ask(office.lan, "giá vàng hôm nay").labels


def test_an_answer_shows_few_rows_at_first_and_the_rest_on_demand(server, office):
    with office.bot():
        office.appoint()
        answer = office.ask(office.lan, "Cấp nào công nhận sản phẩm OCOP 3 sao?")
        assert say.ASK_REVIEWER not in answer.labels
        office.lan.press(answer, say.MORE)
        server.wait(lambda: say.LESS in answer.labels)
        assert {say.ASK_REVIEWER, say.WATCH["change"]} <= set(answer.labels)
        office.lan.press(answer, say.LESS)
        server.wait(lambda: say.MORE in answer.labels)
        assert say.ASK_REVIEWER not in answer.labels
