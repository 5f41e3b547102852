"""The chat page in a real headless Chromium, over a small Sổ tay that is real all through."""

from __future__ import annotations

import json
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
import uvicorn
from payloads import AWAY, PAYLOADS
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route, expect, sync_playwright
from small import PAGES, open_small, page

from api.app import create_app

expect.set_options(timeout=30_000)  # a slow machine is no fault of the page
DOSSIER = "Hồ sơ đề nghị đánh giá sản phẩm OCOP gồm những gì?"
WHO = "Cấp nào công nhận sản phẩm OCOP 3 sao?"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
WIDE = {"viewport": {"width": 1360, "height": 850}}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


# Titles, headings and lines that are payloads; one plain word makes them findable.
def _hostile(number: int, payload: str) -> str:
    lines = [
        f"## Payload số {number} {payload}",
        f"<!-- hỏi: xoài {number} -->",
        f"Xoài sấy: {payload}",
        f"- Mục {payload}",
        "",
        f"| Cột {number} | B |",
        "|---|---|",
        f"| {payload} | b |",
    ]
    return page(_quoted(f"Tài liệu thử {payload}"), "\n".join(lines))


HOSTILE = PAGES | {f"hostile/{n}.md": _hostile(n, payload) for n, payload in enumerate(PAYLOADS[::5])}


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if program is None:
        pytest.fail("Chromium is missing: apt-get install -y chromium (and fonts-noto-core for Vietnamese letters)")
    running = playwright.chromium.launch(executable_path=program, args=FLAGS)
    yield running
    running.close()


class Gate:
    """A composer that waits before each sentence while it is shut."""

    name = "gate"

    def __init__(self, then: Any) -> None:
        self.then = then
        self.open = threading.Event()
        self.open.set()

    def compose(self, found: Any) -> Iterator[Any]:
        for number, statement in enumerate(self.then.compose(found)):
            if number:
                self.open.wait(10)
            yield statement


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Any]]:
    """The address of a running Sổ tay, and its house."""
    with open_small(tmp_path_factory.mktemp("web"), HOSTILE) as house:
        house.assistant.composer = Gate(house.assistant.extractive)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            server = uvicorn.Server(uvicorn.Config(create_app(house), log_level="warning"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", house
            server.should_exit = True
            thread.join(10)


class Visit:
    """A page in a fresh browser context; nothing of it may fail, leave the origin or run a payload."""

    def __init__(self, browser: Browser, url: str, **options: Any) -> None:
        self.context: BrowserContext = browser.new_context(locale="vi-VN", **options)
        self.page: Page = self.context.new_page()
        self.strays: list[str] = []
        self.errors: list[str] = []
        self.page.on(
            "request", lambda request: request.url.startswith((url, "data:")) or self.strays.append(request.url)
        )
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.errors.append(dialog.message), dialog.dismiss()))
        self.page.on("console", lambda told: "Refused" in told.text and self.errors.append(told.text))
        self.page.goto(url)
        # Not wait_for_function: that evaluates a string in the page, which the page's policy forbids.
        expect(self.page.locator("#place option")).to_have_count(35)

    def ask(self, question: str) -> None:
        """Type a question, press Enter, wait for what comes of it."""
        before = self.page.locator("article").count()
        self.page.fill("#question", question)
        self.page.press("#question", "Enter")
        self.page.wait_for_selector(f"article:nth-of-type({before + 1}) :is(.actions, .trouble)")

    def sound(self) -> None:
        """Nothing ran, nothing left, nothing sticks out."""
        assert self.errors == []
        assert self.strays == []
        assert self.page.evaluate("window.__ran") is None
        assert self.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.fixture
def visit(browser: Browser, served: tuple[str, Any]) -> Iterator[Callable[..., Visit]]:
    opened: list[Visit] = []

    def start(**options: Any) -> Visit:
        opened.append(Visit(browser, served[0], **(options or WIDE)))
        return opened[-1]

    served[1].assistant.composer.open.set()
    yield start
    for each in opened:
        each.context.close()


# -- asking and reading ------------------------------------------------------------------------------------------------


def test_a_first_visitor_is_told_that_a_machine_answers_and_gets_examples(visit: Callable[..., Visit]) -> None:
    at = visit()
    expect(at.page.locator(".notice")).to_contain_text("có thể sai")
    assert at.page.locator(".example").count() >= 6
    example = at.page.locator(".example").first
    text = example.inner_text()
    example.click()
    expect(at.page.locator("article h2")).to_have_text(text)
    expect(at.page.locator("article .text")).to_contain_text("Đơn đề nghị đánh giá")
    expect(at.page.locator("#welcome")).to_be_hidden()
    at.sound()


def test_an_answer_grows_and_becomes_a_real_list_with_chips(
    visit: Callable[..., Visit], served: tuple[str, Any]
) -> None:
    at = visit()
    gate = served[1].assistant.composer.open
    gate.clear()
    at.page.fill("#question", DOSSIER)
    at.page.click("#send")
    expect(at.page.locator(".text.growing p").first).to_be_visible()
    expect(at.page.locator("article .actions")).to_have_count(0)
    expect(at.page.locator("#send")).to_have_attribute("aria-label", "Dừng trả lời")
    gate.set()
    expect(at.page.locator("article .text ol > li")).to_have_count(4)
    expect(at.page.locator("article .text")).not_to_contain_text("[1]")
    expect(at.page.locator(".chip").first).to_have_attribute("aria-label", re.compile("26/2026/QĐ-TTg, Điều 6 khoản 2"))
    expect(at.page.locator("#told")).to_contain_text("Đơn đề nghị")
    at.sound()


def test_a_citation_opens_beside_the_answer_with_its_quote_marked(visit: Callable[..., Visit]) -> None:
    at = visit()
    at.ask(DOSSIER)
    at.page.locator(".chip").first.click()
    panel = at.page.locator("#panel")
    expect(panel.locator(".path li").last).to_have_text(DOSSIER)
    expect(panel.locator("dl")).to_contain_text("26/2026/QĐ-TTg, Điều 6 khoản 2")
    expect(panel.locator("dl")).to_contain_text("từ 22/05/2026")
    expect(panel.locator("mark").first).to_contain_text("Hồ sơ đề nghị đánh giá sản phẩm OCOP gồm")
    expect(panel.locator("a.out")).to_have_attribute("rel", "noopener noreferrer")
    assert at.page.evaluate("document.activeElement.id") == "panel-title"
    at.page.click("#panel-next")
    expect(panel.locator(".passage")).to_contain_text("UBND cấp xã")
    expect(panel.locator("mark")).to_have_count(0)
    expect(at.page.locator("#panel-next")).to_be_disabled()
    at.page.click("#panel-prev")
    expect(panel.locator("mark").first).to_be_visible()
    at.page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert at.page.evaluate("document.activeElement.className") == "chip"
    at.sound()


def test_a_table_is_shown_as_a_table(visit: Callable[..., Visit]) -> None:
    at = visit()
    at.ask("Sản phẩm OCOP mỗi hạng sao cần bao nhiêu điểm?")
    at.page.locator(".chip").first.click()
    expect(at.page.locator("#panel th").first).to_have_text("Hạng sao")
    assert at.page.locator("#panel td").count() == 6


def test_an_earlier_rule_is_warned_of_in_words(visit: Callable[..., Visit]) -> None:
    at = visit()
    at.page.fill("#day", "2024-06-01")
    at.ask(WHO)
    expect(at.page.locator(".scope")).to_have_text("Hỏi theo ngày 01/06/2024")
    expect(at.page.locator("article .text")).to_contain_text("cấp huyện")
    expect(at.page.locator(".warnings")).to_contain_text("01/06/2024")
    at.page.click("#day-clear")
    at.ask("Năm 2024 cấp nào công nhận sản phẩm OCOP 3 sao?")
    expect(at.page.locator("article").last.locator(".ground .tag").first).to_have_text("Quy định trước đây")
    expect(at.page.locator("article").last.locator(".chip.past").first).to_have_attribute(
        "title", re.compile("trước đây")
    )
    at.sound()


def test_the_locality_is_sent_and_remembered(visit: Callable[..., Visit]) -> None:
    at = visit()
    at.page.select_option("#place", "ha-noi")
    with at.page.expect_request("**/v1/ask/stream") as sent:
        at.ask(DOSSIER)
    assert sent.value.post_data_json["locality"] == "ha-noi"
    at.page.reload()
    expect(at.page.locator("#place")).to_have_value("ha-noi")


def test_no_answer_is_said_in_words_and_offers_questions(visit: Callable[..., Visit]) -> None:
    at = visit()
    at.ask("thời tiết ngày mai ở Sao Hỏa thế nào")
    expect(at.page.locator(".state")).to_have_text("Sổ tay chưa có căn cứ")
    at.sound()


def test_a_vague_question_is_met_with_choices(visit: Callable[..., Visit]) -> None:
    at = visit()
    answer = {
        "id": "a", "status": "clarify", "answer": "Anh/chị hỏi hồ sơ nào?", "citations": [], "warnings": [],
        "suggestions": [DOSSIER, WHO], "as_of": "2026-11-21", "elapsed_ms": 1.0,
    }  # fmt: skip
    body = f"event: done\ndata: {json.dumps(answer)}\n\n"
    at.page.route(
        "**/v1/ask/stream", lambda route: route.fulfill(body=body, headers={"content-type": "text/event-stream"})
    )
    at.page.fill("#question", "hồ sơ")
    at.page.press("#question", "Enter")
    expect(at.page.locator(".state")).to_have_text("Cần hỏi rõ thêm")
    at.page.unroute("**/v1/ask/stream")
    at.page.get_by_role("button", name=DOSSIER).click()
    expect(at.page.locator("article").last.locator(".text ol > li")).to_have_count(4)


def test_feedback_takes_a_reason(visit: Callable[..., Visit], served: tuple[str, Any]) -> None:
    at = visit()
    at.ask(DOSSIER)
    before = served[1].assistant.records.counts().get("not useful", 0)
    at.page.get_by_role("button", name="Chưa hữu ích").click()
    at.page.get_by_role("button", name="Thiếu ý").click()
    at.page.get_by_label("Góp ý thêm").fill("thiếu mẫu đơn")
    at.page.get_by_role("button", name="Gửi góp ý").click()
    expect(at.page.locator(".thanks")).to_contain_text("Cảm ơn")
    assert served[1].assistant.records.counts()["not useful"] == before + 1


def test_the_answer_is_copied_with_its_grounds(visit: Callable[..., Visit]) -> None:
    at = visit(**WIDE, permissions=["clipboard-read", "clipboard-write"])
    at.ask(DOSSIER)
    at.page.get_by_role("button", name="Sao chép").click()
    expect(at.page.get_by_role("button", name="Đã sao chép")).to_be_visible()
    text = at.page.evaluate("navigator.clipboard.readText()")
    assert text.startswith(f"Hỏi: {DOSSIER}")
    assert "[1] 26/2026/QĐ-TTg, Điều 6 khoản 2" in text


# -- conversation ------------------------------------------------------------------------------------------------------


def test_a_conversation_survives_a_reload_and_is_sent_along(visit: Callable[..., Visit]) -> None:
    at = visit()
    at.ask(DOSSIER)
    at.page.fill("#question", "đang gõ dở")
    at.page.reload()
    expect(at.page.locator("article .text ol > li")).to_have_count(4)
    expect(at.page.locator("#question")).to_have_value("đang gõ dở")
    with at.page.expect_request("**/v1/ask/stream") as sent:
        at.ask("Nộp ở đâu?")
    body = sent.value.post_data_json
    assert body["history"] == [DOSSIER]
    at.page.get_by_role("button", name="Cuộc trò chuyện mới").click()
    expect(at.page.locator("article")).to_have_count(0)
    expect(at.page.locator("#welcome")).to_be_visible()
    with at.page.expect_request("**/v1/ask/stream") as again:
        at.ask(DOSSIER)
    assert again.value.post_data_json["history"] == []
    assert again.value.post_data_json["session_id"] != body["session_id"]


# -- keyboard, phone, projector ----------------------------------------------------------------------------------------


def test_everything_works_from_the_keyboard(visit: Callable[..., Visit]) -> None:
    at = visit()
    at.page.focus("#question")
    at.page.keyboard.type("dòng một")
    at.page.keyboard.press("Shift+Enter")
    at.page.keyboard.type("dòng hai")
    expect(at.page.locator("#question")).to_have_value("dòng một\ndòng hai")
    assert at.page.locator("article").count() == 0
    at.page.keyboard.press("ControlOrMeta+a")
    at.page.keyboard.type(WHO)
    at.page.keyboard.press("Enter")
    at.page.wait_for_selector("article .actions")
    for _ in range(40):
        at.page.keyboard.press("Shift+Tab")
        if at.page.evaluate("document.activeElement.classList.contains('chip')"):
            break
    at.page.keyboard.press("Enter")
    expect(at.page.locator("#panel mark")).to_be_visible()
    at.page.keyboard.press("Tab")
    assert at.page.evaluate("document.activeElement.id") == "panel-close"
    at.page.keyboard.press("Enter")
    expect(at.page.locator("#panel")).to_be_hidden()


def test_enter_that_ends_a_composition_does_not_send(visit: Callable[..., Visit]) -> None:
    at = visit()
    at.page.fill("#question", "tiê")
    at.page.eval_on_selector(
        "#question",
        "q => q.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))",
    )
    assert at.page.locator("article").count() == 0


def test_every_control_has_a_name_and_headings_step_down(visit: Callable[..., Visit]) -> None:
    at = visit()
    at.ask(DOSSIER)
    at.page.locator(".chip").first.click()
    expect(at.page.locator("#panel mark").first).to_be_visible()
    nameless = at.page.evaluate(
        """[...document.querySelectorAll('button, a, input, select, textarea')]
        .filter((e) => e.checkVisibility())
        .filter((e) => !(e.textContent.trim() || e.getAttribute('aria-label') || e.labels?.length))
        .map((e) => e.outerHTML)"""
    )
    assert nameless == []
    levels = at.page.evaluate(
        """[...document.querySelectorAll('h1,h2,h3,h4')].filter((e) => e.checkVisibility())
        .map((e) => Number(e.localName[1]))"""
    )
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_on_a_phone_the_passage_is_a_sheet_that_back_closes(visit: Callable[..., Visit]) -> None:
    at = visit(**PHONE)
    at.sound()
    at.ask(WHO)
    at.sound()
    at.page.locator(".chip").first.tap()
    panel = at.page.locator("#panel")
    expect(panel.locator("mark")).to_be_visible()
    assert panel.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    expect(panel).to_have_attribute("role", "dialog")
    assert at.page.evaluate("document.querySelector('#main').inert") is True
    at.sound()
    at.page.go_back()
    expect(panel).to_be_hidden()
    assert at.page.locator("article").count() == 1
    assert at.page.evaluate("document.querySelector('#main').inert") is False
    at.page.locator(".chip").first.tap()
    at.page.locator("#panel-close").tap()
    expect(panel).to_be_hidden()
    small = at.page.evaluate(
        """[...document.querySelectorAll('.tools .tool, .send, .example, .suggestion, .actions .tool')]
        .filter((e) => e.checkVisibility()).map((e) => Math.min(e.offsetWidth, e.offsetHeight))
        .filter((size) => size < 36)"""
    )
    assert small == []


def test_a_long_word_does_not_push_a_phone_sideways(visit: Callable[..., Visit]) -> None:
    at = visit(viewport={"width": 320, "height": 640}, is_mobile=True, has_touch=True)
    at.ask("x" * 300 + " https://example.org/" + "a" * 200)
    at.sound()


def test_large_type_for_a_projector_is_remembered(visit: Callable[..., Visit]) -> None:
    at = visit(viewport={"width": 1280, "height": 720})
    size = "parseFloat(getComputedStyle(document.querySelector('#question')).fontSize)"
    before = at.page.evaluate(size)
    button = at.page.get_by_role("button", name="Chữ lớn")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    at.page.reload()
    assert at.page.evaluate(size) >= 1.25 * before
    at.ask(DOSSIER)
    at.page.locator(".chip").first.click()
    expect(at.page.locator("#panel mark").first).to_be_visible()
    at.sound()


def test_dark_colours_follow_the_system_until_chosen(visit: Callable[..., Visit]) -> None:
    at = visit(**WIDE, color_scheme="dark")
    paper = "getComputedStyle(document.body).backgroundColor"
    dark = at.page.evaluate(paper)
    at.page.get_by_role("button", name="Nền tối").click()
    light = at.page.evaluate(paper)
    assert light != dark
    at.page.reload()
    assert at.page.evaluate(paper) == light


def test_a_print_leaves_out_the_controls(visit: Callable[..., Visit]) -> None:
    at = visit()
    at.ask(DOSSIER)
    at.page.emulate_media(media="print")
    for hidden in ("#composer", ".tools", ".actions .buttons"):
        expect(at.page.locator(hidden)).to_be_hidden()
    expect(at.page.locator(".grounds")).to_be_visible()


# -- failures ----------------------------------------------------------------------------------------------------------


def _refuse(status: int, detail: str, **headers: str) -> Callable[[Route], None]:
    body = json.dumps({"detail": detail})
    return lambda route: route.fulfill(
        status=status, body=body, headers={"content-type": "application/json", **headers}
    )


def test_too_fast_counts_down_and_can_be_tried_again(visit: Callable[..., Visit]) -> None:
    at = visit()
    at.page.route(
        "**/v1/ask/stream", _refuse(429, "Anh/chị hỏi hơi nhanh. Vui lòng đợi 2 giây.", **{"retry-after": "2"})
    )
    at.ask(DOSSIER)
    expect(at.page.locator(".trouble")).to_contain_text("đợi 2 giây")
    again = at.page.locator(".trouble .tool")
    expect(again).to_be_disabled()
    expect(at.page.locator("#question")).to_have_value(DOSSIER)
    at.page.unroute("**/v1/ask/stream")
    expect(again).to_be_enabled()
    again.click()
    expect(at.page.locator("article .text ol > li")).to_have_count(4)
    expect(at.page.locator("#question")).to_have_value("")
    assert at.page.locator("article").count() == 1


def test_offline_keeps_the_question_and_says_so(visit: Callable[..., Visit]) -> None:
    at = visit()
    at.context.set_offline(True)
    at.ask(DOSSIER)
    expect(at.page.get_by_role("alert")).to_contain_text("mất mạng")
    expect(at.page.locator("#question")).to_have_value(DOSSIER)
    at.context.set_offline(False)
    at.page.locator(".trouble .tool").click()
    expect(at.page.locator("article .text ol > li")).to_have_count(4)


@pytest.mark.parametrize(("status", "words"), [(503, "đang bận"), (500, "gặp lỗi"), (502, "thử lại")])
def test_a_server_in_trouble_is_told_of(visit: Callable[..., Visit], status: int, words: str) -> None:
    at = visit()
    at.page.route("**/v1/ask*/**", _refuse(status, "Sổ tay đang bận" if status == 503 else ""))
    at.ask(DOSSIER)
    expect(at.page.locator(".trouble")).to_contain_text(words)


def test_an_over_long_question_goes_back_to_be_shortened(visit: Callable[..., Visit]) -> None:
    at = visit()
    long = "hồ sơ " * 400
    at.page.fill("#question", long)
    expect(at.page.locator("#length")).to_contain_text("quá giới hạn")
    at.page.press("#question", "Enter")
    expect(at.page.locator(".trouble")).to_contain_text("2000")
    expect(at.page.locator("#question")).to_have_value(long.strip())
    assert at.page.evaluate("document.activeElement.id") == "question"


@pytest.mark.parametrize("body", ['event: token\ndata: {"text": "Nửa ch', "", 'event: token\ndata: {"text": "A"}\n\n'])
def test_a_stream_that_breaks_is_made_good_by_the_whole_answer(visit: Callable[..., Visit], body: str) -> None:
    at = visit()
    at.page.route(
        "**/v1/ask/stream", lambda route: route.fulfill(body=body, headers={"content-type": "text/event-stream"})
    )
    at.ask(DOSSIER)
    expect(at.page.locator("article .text ol > li")).to_have_count(4)
    at.sound()


def test_an_answer_can_be_stopped_and_the_question_stays(visit: Callable[..., Visit], served: tuple[str, Any]) -> None:
    at = visit()
    gate = served[1].assistant.composer.open
    gate.clear()
    at.page.fill("#question", DOSSIER)
    at.page.press("#question", "Enter")
    expect(at.page.locator(".growing p").first).to_be_visible()
    at.page.get_by_role("button", name="Dừng trả lời").click()
    expect(at.page.locator(".trouble")).to_contain_text("Đã dừng")
    expect(at.page.locator("#question")).to_have_value(DOSSIER)
    gate.set()


def test_a_passage_that_is_gone_still_shows_what_was_quoted(visit: Callable[..., Visit]) -> None:
    at = visit()
    at.ask(DOSSIER)
    at.page.route("**/v1/passages/**", _refuse(404, "Không còn đoạn này."))
    at.page.locator(".chip").first.click()
    expect(at.page.locator("#panel .trouble")).to_contain_text("Không còn đoạn này")
    expect(at.page.locator("#panel blockquote")).to_contain_text("Hồ sơ đề nghị")


# -- hostile text ------------------------------------------------------------------------------------------------------


def test_payloads_as_questions_stay_text(visit: Callable[..., Visit]) -> None:
    at = visit()
    for start in range(0, len(PAYLOADS), 5):
        at.ask(" hồ sơ OCOP ".join(PAYLOADS[start : start + 5]))
    # Drawn once more from what the browser has kept.
    at.page.reload()
    at.page.wait_for_selector("article")
    assert "<script>" in at.page.locator("#turns").inner_text()
    assert (
        at.page.locator("#turns :is(script, iframe, img, object, embed, link, style, form[action], base, meta)").count()
        == 0
    )
    at.sound()


def test_payloads_in_documents_stay_text(visit: Callable[..., Visit]) -> None:
    at = visit()
    for n in range(0, len(PAYLOADS[::5]), 3):
        at.ask(f"payload số {n} xoài sấy {n}")
        chip = at.page.locator("article").last.locator(".chip").first
        if chip.count():
            chip.click()
            at.page.wait_for_selector("#panel .passage")
            at.page.keyboard.press("Escape")
    at.sound()


def test_payloads_in_every_field_that_the_server_sends_stay_text(visit: Callable[..., Visit]) -> None:
    at = visit()
    everything = " ".join(PAYLOADS)
    citations = [
        dict.fromkeys(("title", "locator", "instrument", "quote", "valid_from", "valid_to"), payload)
        | {"marker": n, "passage_id": f"../../{payload}", "url": f"javascript:window.__ran={n}", "page": None}
        for n, payload in enumerate(PAYLOADS, 1)
    ]
    answer = {
        "id": everything[:60],
        "status": "answered",
        "answer": "\n".join(f"- {payload} [{n}]" for n, payload in enumerate(PAYLOADS, 1)),
        "citations": citations,
        "warnings": PAYLOADS,
        "suggestions": PAYLOADS,
        "as_of": everything,
        "elapsed_ms": 1,
    }
    names = ("locator", "instrument", "page", "warning", "previous", "next")
    passage = dict.fromkeys(names, everything) | {
        "passage_id": citations[0]["passage_id"],
        "text": "\n".join([*PAYLOADS, *(f"| {payload} | x |" for payload in PAYLOADS)]),
        "breadcrumb": PAYLOADS,
        "document": dict.fromkeys(("id", "title", "kind", "confidence"), everything)
        | {"valid_from": None, "valid_to": None, "url": f"javascript:{everything}"},
    }
    stream = "".join(
        f"event: {name}\ndata: {json.dumps(data)}\n\n"
        for name, data in (("status", {"text": everything}), ("token", {"text": everything}), ("done", answer))
    )
    at.page.route(
        "**/v1/ask/stream", lambda route: route.fulfill(body=stream, headers={"content-type": "text/event-stream"})
    )
    at.page.route("**/v1/passages/**", lambda route: route.fulfill(json=passage))
    at.ask(everything)
    for n in range(0, len(PAYLOADS), 9):
        at.page.locator(".chip").nth(n).click()
        at.page.wait_for_selector("#panel .passage")
        time.sleep(0.05)
    at.page.click("#panel-next")
    at.page.wait_for_selector("#panel .passage")
    assert at.page.locator("a[href^=javascript], a[href^=data]").count() == 0
    assert (
        at.page.locator(":is(#turns, #panel) :is(script, iframe, img, object, embed, style, input[onfocus])").count()
        == 0
    )
    assert AWAY in at.page.locator("#panel").inner_text()
    at.sound()


def test_the_docs_page_draws_the_api_by_itself(visit: Callable[..., Visit], served: tuple[str, Any]) -> None:
    at = visit()
    at.page.goto(f"{served[0]}/docs")
    expect(at.page.locator("section h2").first).to_contain_text("/v1/ask")
    at.sound()
