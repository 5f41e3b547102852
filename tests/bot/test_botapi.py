"""The test server is as strict as Telegram, seen through the real python-telegram-bot client."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, ReplyParameters
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError, RetryAfter


@pytest.fixture
def client(server):
    """Runs one coroutine function with a connected bot."""

    @asynccontextmanager
    async def connected(token=server.token):
        async with Bot(token, base_url=f"{server.url}/bot", base_file_url=f"{server.url}/file/bot") as bot:
            yield bot

    def run(act, **how):
        async def main():
            async with connected(**how) as bot:
                return await act(bot)

        return asyncio.run(main())

    return run


def test_an_offset_forgets_what_lies_below_it(server, client):
    lan = server.user()
    first, second = lan.send("một"), lan.send("hai")

    async def act(bot):
        assert [u.update_id for u in await bot.get_updates()] == [first, second]
        assert [u.update_id for u in await bot.get_updates(offset=second)] == [second]
        assert [u.update_id for u in await bot.get_updates(offset=0)] == [second]
        assert await bot.get_updates(offset=second + 1) == ()
        assert await bot.get_updates() == ()

    client(act)


def test_a_long_poll_ends_when_something_arrives(server, client):
    lan = server.user()

    async def act(bot):
        poll = asyncio.create_task(bot.get_updates(timeout=20))
        await asyncio.sleep(0.05)
        number = lan.send("chào")
        assert [u.update_id for u in await poll] == [number]

    client(act)


def test_a_second_poller_ends_the_first_with_409(server, client):
    async def act(bot):
        first = asyncio.create_task(bot.get_updates(timeout=20))
        while server.calls[-1].method != "getupdates":
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        async with Bot(server.token, base_url=f"{server.url}/bot") as other:
            await other.get_updates(timeout=0)
        with pytest.raises(Conflict):
            await first

    client(act)


def test_a_wrong_token_is_refused(client):
    with pytest.raises(InvalidToken):
        client(lambda bot: bot.get_me(), token="123456:other")


@pytest.mark.parametrize(
    "entity",
    [
        MessageEntity("bold", 0, 4),
        MessageEntity("bold", 1, 1),
        MessageEntity("bold", -1, 2),
        MessageEntity("bold", 0, 0),
        MessageEntity("text_link", 0, 2, url="javascript:x"),
    ],
)
def test_entities_outside_the_text_or_inside_a_symbol_are_refused(server, client, entity):
    lan = server.user()
    lan.send("chào")
    with pytest.raises(BadRequest):
        client(lambda bot: bot.send_message(lan.id, "😀x", entities=[entity]))


def test_text_is_counted_in_utf16_after_parsing(server, client):
    lan = server.user()
    lan.send("chào")

    async def act(bot):
        await bot.send_message(lan.id, "😀" * 2048)
        await bot.send_message(lan.id, "<b>" + "x" * 4096 + "</b>", parse_mode="HTML")
        for text in ("😀" * 2048 + "x", " \n\u200b"):
            with pytest.raises(BadRequest):
                await bot.send_message(lan.id, text)
        with pytest.raises(BadRequest, match=r"(?i)can't parse"):
            await bot.send_message(lan.id, "<b>x", parse_mode="HTML")

    client(act)


def test_strangers_and_those_who_blocked_the_bot_cannot_be_written_to(server, client):
    stranger, gone = server.user("Lạ"), server.user("Chặn")
    gone.send("chào")
    gone.block()

    async def act(bot):
        for person in (stranger, gone):
            with pytest.raises(Forbidden):
                await bot.send_message(person.id, "x")
        with pytest.raises(BadRequest, match=r"(?i)chat not found"):
            await bot.send_message(42, "x")

    client(act)


def test_edits_buttons_and_callbacks(server, client):
    lan = server.user()
    lan.send("chào")

    async def act(bot):
        keys = InlineKeyboardMarkup([[InlineKeyboardButton("Bấm", callback_data="d" * 64)]])
        message = await bot.send_message(lan.id, "x", reply_markup=keys)
        with pytest.raises(BadRequest, match=r"(?i)not modified"):
            await bot.edit_message_text("x", lan.id, message.message_id, reply_markup=keys)
        await bot.edit_message_text("y", lan.id, message.message_id, reply_markup=keys)
        with pytest.raises(BadRequest, match=r"(?i)not found"):
            await bot.edit_message_text("y", lan.id, 9999)
        with pytest.raises(BadRequest, match=r"(?i)BUTTON_DATA_INVALID"):
            await bot.send_message(
                lan.id, "x", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("B", callback_data="d" * 65)]])
            )
        await bot.get_updates(offset=-1)
        lan.press(server.sent(lan)[0], "Bấm")
        (update,) = (await bot.get_updates())[-1:]
        await bot.answer_callback_query(update.callback_query.id, "ok")
        with pytest.raises(BadRequest):
            await bot.answer_callback_query(update.callback_query.id)

    client(act)
    assert server.sent(lan)[0].earlier == ["x"]


def test_files_go_both_ways_up_to_20_megabytes(server, client):
    lan = server.user()
    data = bytes(range(256)) * 40 + b"\r\n--x\r\n\n\r"
    lan.upload("văn bản.docx", data)
    lan.upload("to.pdf", b"", size=20 * 1024 * 1024 + 1)

    async def act(bot):
        first, second = await bot.get_updates()
        assert bytes(await (await first.message.document.get_file()).download_as_bytearray()) == data
        with pytest.raises(BadRequest, match=r"(?i)too big"):
            await second.message.document.get_file()
        await bot.send_document(lan.id, data, filename="hồ sơ.docx", caption="đây")

    client(act)
    assert server.sent(lan)[0].document == ("hồ sơ.docx", data)


def test_groups_show_a_bot_only_what_is_meant_for_it(server, client):
    lan = server.user()
    group = server.group("Xã Mỹ Đức", lan)
    assert lan.send("nói chuyện riêng", chat=group) == 0
    assert lan.send("/hoi x", chat=group)
    assert lan.send("/hoi@another_bot x", chat=group) == 0
    assert lan.send("@sotay_bot mấy điểm", chat=group)

    async def act(bot):
        await bot.send_message(group.id, "trả lời")
        assert [m.user.id for m in await bot.get_chat_administrators(group.id)] == []

    client(act)
    assert lan.send("còn 5 sao?", chat=group, reply_to=server.sent(group)[0])


def test_flood_limits(server, client):
    server.limits.on = True
    lan = server.user()
    group = server.group("Nhóm", lan)
    lan.send("chào")

    async def act(bot):
        for _ in range(2):
            await bot.send_message(lan.id, "x")
        with pytest.raises(RetryAfter):
            await bot.send_message(lan.id, "x")
        server.limits.burst = 100
        for n in range(20):
            await bot.send_message(
                group.id, f"x{n}", reply_parameters=ReplyParameters(999, allow_sending_without_reply=True)
            )
        with pytest.raises(RetryAfter):
            await bot.send_message(group.id, "x")

    client(act)


def test_faults_come_when_asked_for(server, client):
    lan = server.user()
    lan.send("chào")
    for kind in ("drop", "cut", "drop_after"):
        server.fault(kind, "sendMessage", times=1)

    async def act(bot):
        for n in range(3):
            with pytest.raises(NetworkError):
                await bot.send_message(lan.id, f"x{n}")
        await bot.send_message(lan.id, "x3")

    client(act)
    assert server.texts(lan) == ["x1", "x2", "x3"]
    assert server.stats["sent"] == 3
