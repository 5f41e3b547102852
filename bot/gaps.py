"""`/lohong [số ngày]`: what people asked in vain, for reviewers and admins."""

from __future__ import annotations

from telegram import Update

from bot import review_texts
from bot.desk import may_review
from bot.handling import Context
from bot.styled import join, marked, plain
from knowledge.gaps import DAYS, gaps, told

_SHOWN = 15
_LONGEST = 365


async def on_gaps(update: Update, context: Context) -> None:
    """The matters asked in vain, what is still open and was asked most first."""
    if not await may_review(update, context):
        return
    house, rest = context.house, context.rest
    days = min(_LONGEST, max(1, int(rest))) if rest.isdecimal() else DAYS
    days = min(days, house.settings.retention_days)
    found = await house.offload.call(lambda: gaps(house.assistant, days=days))
    if not found:
        context.say(review_texts.NO_GAPS.format(days=days))
        return
    head = review_texts.GAPS_HEAD.format(days=days, count=sum(gap.count for gap in found), groups=len(found))
    entries = []
    for number, gap in enumerate(found[:_SHOWN], 1):
        first, *rest_of = told(gap).split("\n")
        entries.append(join([marked(f"{number}. {first}", "bold"), *map(plain, rest_of)]))
    more = len(found) - _SHOWN
    entries += [plain(review_texts.GAPS_MORE.format(count=more))] if more > 0 else []
    context.say(join([marked(head, "bold"), *entries], "\n\n"))
