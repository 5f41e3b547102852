"""A list on one screen: whole titles in the text, numbers on the buttons, and turning where it is long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot import flow_texts
from bot.handling import Markup
from bot.press import button
from bot.styled import Styled, join, plain

SIZE, _ROW, _LEAP = 8, 4, 5
Data = tuple[str | int, ...]


@dataclass(frozen=True)
class Entry:
    """One line of a list and what its button does."""

    text: str
    data: Data


def listing(head: Sequence[Styled], entries: Sequence[Entry], page: str, turn: Data) -> tuple[Styled, Markup]:
    """A page of a list below its head; `turn` is the data that shows another page, without its number.

    `page` comes from a button and may be forged: what is no page shows the nearest one.
    """
    pages = max(1, -(-len(entries) // SIZE))
    shown = min(int(page), pages - 1) if page.isascii() and page.isdigit() and len(page) < 5 else 0
    lines, keys = [], []
    for number, entry in enumerate(entries[shown * SIZE : (shown + 1) * SIZE], shown * SIZE + 1):
        lines.append(plain(f"{number}. {entry.text}"))
        act, *rest = entry.data
        keys.append(button(str(number), str(act), *rest))
    rows: Markup = [keys[n : n + _ROW] for n in range(0, len(keys), _ROW)]
    if pages > 1:
        rows.append(_turns(shown, pages, turn))
    return join([*head, *([join(lines)] if lines else [])], "\n\n"), rows


def _turns(shown: int, pages: int, turn: Data) -> list[dict[str, Any]]:
    """Back, where one is, on; in a long list also several pages at once."""
    act, *rest = turn
    ways = [(-_LEAP, flow_texts.FAR_BACK), (-1, flow_texts.EARLIER_PAGE), (0, ""), (1, flow_texts.LATER_PAGE)]
    ways.append((_LEAP, flow_texts.FAR_ON))
    row = []
    for step, label in ways:
        if abs(step) == _LEAP and pages <= _LEAP:
            continue
        to = min(max(shown + step, 0), pages - 1)
        if to != shown or not step:
            label = label or flow_texts.PLACE.format(page=shown + 1, pages=pages)
            row.append(button(label, str(act), *rest, to))
    return row
