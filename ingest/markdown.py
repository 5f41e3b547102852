"""Markdown with YAML front matter to blocks.

Front matter that is missing or broken never loses the text: the file is read and a warning names the line at fault.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.blocks import Block, Heading, Hint, ListItem, Paragraph, Reading
from ingest.clean import line, lines
from ingest.front import split_front_matter
from ingest.html import fragment
from ingest.tables import Cell, grid

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
# Star marks of score sheets (***, ****, *****) stand behind a word; emphasis would swallow them.
_STARS = re.compile(r"((?<![\w*\\])\*{3}(?=[^\s*])[^*\n]+(?<=\S)\*{3}(?!\*))|(?<![*\\])\*{3,5}(?!\*)(?=$|[\s|.,;:)–-])")
# A source behind the last `|` of a row would be a surplus cell, which Markdown drops.
_AFTER_ROW = re.compile(r"\|\s*(\{[^{}|]*\})\s*$")
_HINT = re.compile(r"^\s*hỏi\s*:\s*(.*)$", re.DOTALL | re.IGNORECASE)
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)


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


def _protect(body: str) -> str:
    """The text with star marks escaped and sources pulled into their row; code stays as it is."""
    out, fence = [], ""
    for row in body.split("\n"):
        mark = _FENCE.match(row)
        if mark and (not fence or row.strip().startswith(fence)):
            fence = "" if fence else mark.group(1)
        elif not fence and row.strip("* \t"):
            row = _STARS.sub(lambda m: m.group(1) or "\\*" * len(m.group()), row)
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
    """The ways of asking in a comment: a bar parts them, and so does the end of a line."""
    match = _HINT.match(comment)
    ways = [line(way) for way in re.split(r"[|\n]", match.group(1))] if match else []
    return [Hint(" | ".join(filter(None, ways)))] if any(ways) else []
