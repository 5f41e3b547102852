"""Markdown with YAML front matter to blocks.

Front matter that is missing or broken never loses the text: the file is read and a warning names the line at fault.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.blocks import Block, Heading, Hint, ListItem, Paragraph, Reading
from ingest.clean import line, lines
from ingest.html import fragment
from ingest.tables import Cell, grid

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
# Star marks of score sheets (***, ****, *****) stand behind a word; emphasis would swallow them.
_STARS = re.compile(r"(?<![*\\])\*{3,5}(?!\*)(?=$|[\s|.,;:)–-])")
# A source behind the last `|` of a row would be a surplus cell, which Markdown drops.
_AFTER_ROW = re.compile(r"\|\s*(\{[^{}|]*\})\s*$")
_HINT = re.compile(r"^\s*hỏi\s*:\s*(.*)$", re.DOTALL | re.IGNORECASE)
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_MAX_FRONT = 65_536
_MISSING = "Không có phần thông tin đầu trang (---): tệp vẫn được đọc, nhưng không rõ nguồn và hiệu lực."
_OPEN = "Phần thông tin đầu trang mở bằng --- ở dòng 1 nhưng không có dòng --- kết thúc; tệp vẫn được đọc."
_STILL = "; tệp vẫn được đọc, không dùng phần này."


class _NoAliases(yaml.SafeLoader):
    """YAML without anchors: a few nested ones unfold to gigabytes, and no front matter needs them."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            event: Any = self.get_event()  # type: ignore[no-untyped-call]
            raise yaml.constructor.ConstructorError(None, None, "không dùng được neo (&, *)", event.start_mark)
        return super().compose_node(parent, index)


def read_markdown(text: str) -> Reading:
    """The blocks of a Markdown file; its front matter is the metadata."""
    front, body, warnings = split_front_matter(text.replace("\r\n", "\n").replace("\r", "\n"))
    blocks = _blocks(MarkdownIt("commonmark").enable("table").parse(_protect(body)))
    heading = next((b.text for b in blocks if isinstance(b, Heading)), "")
    title = front.get("title")
    return Reading(
        tuple(blocks),
        title=line(title) if isinstance(title, str) else heading,
        media_type="text/markdown",
        metadata=front,
        warnings=tuple(warnings),
    )


def split_front_matter(text: str) -> tuple[dict[str, Any], str, list[str]]:
    """(fields, text behind them, warnings)."""
    text = text.removeprefix("\ufeff")
    if not re.match(r"---[ \t]*\n", text):
        return {}, text, [_MISSING]
    end = re.search(r"\n(---|\.\.\.)[ \t]*(\n|$)", text[:_MAX_FRONT])
    if end is None:
        return {}, text, [_OPEN]
    start = text.index("\n") + 1
    raw, body = text[start : max(end.start(), start)], text[end.end() :]
    try:
        loaded = yaml.load(raw, Loader=_NoAliases)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        where = f"dòng {mark.line + 2}" if mark else "không rõ dòng"
        problem = getattr(error, "problem", None) or "sai cú pháp"
        return {}, body, [f"Thông tin đầu trang sai YAML ở {where} ({line(str(problem))}){_STILL}"]
    except (ValueError, RecursionError) as error:  # a date such as 2026-02-31, lists nested too deep
        return {}, body, [f"Thông tin đầu trang có giá trị sai ({line(str(error))}){_STILL}"]
    if loaded is None:
        return {}, body, ["Phần thông tin đầu trang rỗng."]
    if not isinstance(loaded, dict):
        return {}, body, [f"Thông tin đầu trang không phải dạng `khóa: giá trị`{_STILL}"]
    return {str(key): _plain(value) for key, value in loaded.items()}, body, []


def _plain(value: Any) -> Any:
    """A YAML value as JSON holds it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)


def _protect(body: str) -> str:
    """The text with star marks escaped and sources pulled into their row; code stays as it is."""
    out, fence = [], ""
    for row in body.split("\n"):
        mark = _FENCE.match(row)
        if mark and (not fence or row.strip().startswith(fence)):
            fence = "" if fence else mark.group(1)
        elif not fence and row.strip("* \t"):
            row = _STARS.sub(lambda m: "\\*" * len(m.group()), row)
            if row.lstrip().startswith("|"):
                row = _AFTER_ROW.sub(r" \1 |", row)
        out.append(row)
    return "\n".join(out)


def _blocks(tokens: Sequence[Token]) -> list[Block]:
    blocks: list[Block] = []
    markers: list[str] = []  # of the lists that are open
    pending: list[str] = []  # the marker of an item whose first text is still to come
    rows: list[list[Cell]] = []
    heads = 0
    cell: str | None = None
    heading = 0
    for token in tokens:
        match token.type:
            case "heading_open":
                heading = int(token.tag[1])
            case "heading_close":
                heading = 0
            case "bullet_list_open" | "ordered_list_open":
                markers.append("-" if token.type.startswith("bullet") else "1")
            case "bullet_list_close" | "ordered_list_close":
                markers.pop()
            case "list_item_open":
                pending.append(f"{token.info}{token.markup}" if token.info else "-")
            case "list_item_close":
                pending.clear()
            case "table_open":
                rows, heads = [], 0
            case "tr_open":
                rows.append([])
            case "th_open" | "td_open":
                cell = ""
            case "th_close" | "td_close":
                rows[-1].append(Cell(line(cell or ""), head=token.type == "th_close"))
                cell = None
            case "thead_close":
                heads = len(rows)
            case "table_close":
                table = grid(rows, head_rows=heads)
                if table is not None:
                    blocks.append(table)
            case "html_block":
                blocks.extend(_html(token.content))
            case "fence" | "code_block":
                blocks.extend(Paragraph(text) for text in lines(token.content))
            case "inline" if cell is not None:
                cell = _inline(token)
            case "inline":
                text = _inline(token)
                if heading:
                    blocks.append(Heading(heading, line(text)))
                else:
                    blocks.extend(_text(text, pending, len(markers), bold=_all_bold(token)))
                blocks.extend(_hints(token))
    return blocks


def _text(text: str, pending: list[str], depth: int, *, bold: bool) -> list[Block]:
    found = lines(text)
    if not found:
        return []
    if not pending:
        return [Paragraph(part, bold=bold) for part in found]
    marker = pending[-1]
    pending.clear()
    return [ListItem(" ".join(found), marker, depth - 1)]


def _inline(token: Token) -> str:
    """The words of a run of text: links and pictures become their text, a hard break a new line."""
    out = []
    for child in token.children or []:
        match child.type:
            case "text" | "code_inline":
                out.append(child.content)
            case "image":
                out.append(_inline(child))
            case "softbreak":
                # In the handbook a line of the file is a paragraph; elsewhere one that ends a sentence may be.
                out.append("\n" if "".join(out[-2:]).rstrip().endswith(("}", ".", ";", ":", "?", "!")) else " ")
            case "hardbreak":
                out.append("\n")
            case "html_inline" if child.content.lower().startswith("<br"):
                out.append("\n")
    return "".join(out)


def _all_bold(token: Token) -> bool:
    depth = 0
    for child in token.children or []:
        depth += {"strong_open": 1, "strong_close": -1}.get(child.type, 0)
        if child.type in ("text", "code_inline") and child.content.strip() and not depth:
            return False
    return True


def _html(content: str) -> list[Block]:
    hints = [hint for comment in _COMMENT.findall(content) for hint in _hint(comment)]
    return [*hints, *fragment(_COMMENT.sub(" ", content))]


def _hints(token: Token) -> list[Block]:
    comments = [
        c.content[4:-3] for c in token.children or [] if c.type == "html_inline" and c.content.startswith("<!--")
    ]
    return [hint for comment in comments for hint in _hint(comment)]


def _hint(comment: str) -> list[Block]:
    match = _HINT.match(comment)
    return [Hint(line(match.group(1)))] if match and match.group(1).strip() else []
