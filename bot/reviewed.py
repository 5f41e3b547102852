"""How a question looks to a reviewer, a reviewer's answer to the asker, and a draft on its way to everybody."""

from __future__ import annotations

from dataclasses import dataclass

from bot import review_texts
from bot.handling import Markup
from bot.inquiries import Inquiry
from bot.messages import messages
from bot.outbox import Outgoing
from bot.press import CURATE, button, shorten
from bot.styled import Styled, clean, join, marked, plain, visible
from knowledge.curated import CuratedAnswer
from knowledge.records import mask
from knowledge.types import Answer

_ANSWER = 1500


@dataclass(frozen=True)
class Draft:
    """A reviewer's answer as it stands, and what its reviewer should know of its source."""

    answer: CuratedAnswer
    notes: tuple[str, ...] = ()


def inquiry_text(inquiry: Inquiry, answer: Answer, reason: str, before: tuple[str, ...], place: str) -> Styled:
    """All that a reviewer needs to answer, personal numbers masked."""
    lines = [marked(review_texts.INQUIRY_HEAD, "bold"), Styled("❓ ") + marked(mask(inquiry.question), "bold")]
    if inquiry.asked != inquiry.question:
        lines.append(plain(review_texts.INQUIRY_ASKED.format(asked=mask(inquiry.asked))))
    lines += [plain(review_texts.INQUIRY_BEFORE.format(before=mask(text))) for text in before]
    if place:
        lines.append(plain(review_texts.INQUIRY_LOCALITY.format(name=place)))
    lines.append(plain(review_texts.INQUIRY_REASON.format(reason=reason)))
    said = clean(mask(answer.text)).strip()
    if visible(said):
        cut = said if len(said) <= _ANSWER else said[:_ANSWER].rsplit(" ", 1)[0] + " …"
        lines += [plain(review_texts.INQUIRY_ANSWER), marked(cut, "blockquote")]
    grounds = [(c.marker, ", ".join(x for x in (c.locator, c.instrument) if x) or c.title) for c in answer.citations]
    if names := [f"[{marker}] {name}" for marker, name in grounds]:
        lines.append(plain(review_texts.INQUIRY_SOURCES.format(sources=shorten("; ".join(names), 600))))
    lines.append(plain(review_texts.INQUIRY_HOW))
    return join(lines)


def to_asker(inquiry: Inquiry, said: str, source: str, *, again: bool) -> list[Outgoing]:
    """A reviewer's words as the asker gets them, below the answer that did not do."""
    head = review_texts.REPLY_AGAIN if again else review_texts.REPLY_HEAD
    lines = [marked(head, "bold"), marked(review_texts.REPLY_ABOUT.format(question=inquiry.asked), "italic")]
    body = [plain(said)] + ([plain(review_texts.REPLY_SOURCE.format(source=source))] if source else [])
    text = join([join(lines), *body, marked(review_texts.REPLY_FOOT, "italic")], "\n\n")
    return messages(inquiry.chat_id, text, reply_to=inquiry.message_id, thread_id=inquiry.thread_id)


def draft_text(draft: Draft) -> Styled:
    """An answer as its reviewer sees it: what was asked, what is said, on what it rests, how it will be cited."""
    answer = draft.answer
    lines = [marked(review_texts.DRAFT_HEAD[answer.status], "bold")]
    if answer.status == "withdrawn":
        lines.append(plain(review_texts.WITHDRAWN_FOR.format(reason=answer.reason)))
    lines.append(marked(review_texts.DRAFT_QUESTION, "bold") + plain(answer.question))
    lines.append(marked(review_texts.DRAFT_ANSWER, "bold") + plain(answer.answer))
    lines.append(marked(review_texts.DRAFT_SOURCE, "bold") + plain(answer.source or review_texts.NO_SOURCE))
    lines += [plain(note) for note in draft.notes]
    if answer.status == "approved":
        lines.append(marked(review_texts.SHOWN_AS.format(title=answer.title), "italic"))
    return join(lines)


def draft_markup(answer: CuratedAnswer) -> Markup:
    """What can be done with an answer; each button is good for the version that it stands below."""

    def act(label: str, what: str) -> dict[str, str]:
        return button(label, CURATE, answer.id, what, answer.version)

    change = [act(review_texts.EDIT, "e"), act(review_texts.ADD_SOURCE, "s")]
    rows = [change] if answer.status == "approved" else [[act(review_texts.APPROVE, "a"), change[0]], change[1:]]
    return rows if answer.status == "private" else [*rows, [act(review_texts.KEEP_PRIVATE, "x")]]
