"""An answer drawn for a phone: text, warnings, numbered sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot import texts
from bot.styled import LIMIT, Part, Styled, clean, join, link, marked, parts, plain, units, visible
from knowledge.types import Answer, Citation, Document, Interval, Passage, Standing

_BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")


def answer_text(answer: Answer, *, disclose: bool = False, suggestions: bool = True) -> Styled:
    """The whole answer: what a machine says first if the chat has not been told yet, then text, warnings, sources."""
    blocks = [plain(texts.DISCLOSURE)] if disclose else []
    blocks.append(body(answer.text))
    if answer.warnings:
        lines = [Styled("• ") + plain(_line(warning)) for warning in answer.warnings]
        blocks.append(join([marked(texts.WARNINGS_HEAD, "bold"), *lines]))
    if answer.citations:
        blocks.append(join([marked(texts.CITATIONS_HEAD, "bold"), *map(citation_line, answer.citations)]))
    if suggestions and answer.suggestions:
        lines = [Styled("• ") + plain(_line(text)) for text in answer.suggestions]
        blocks.append(join([marked(texts.SUGGESTIONS_HEAD, "italic"), *lines]))
    return join([block for block in blocks if visible(block.text)], "\n\n")


def answer_parts(answer: Answer, *, disclose: bool = False, suggestions: bool = True) -> list[Part]:
    """The messages that carry an answer; never none."""
    return parts(answer_text(answer, disclose=disclose, suggestions=suggestions)) or parts(plain(texts.OTHER))


def body(text: str) -> Styled:
    """Running text: bullets, bold where it was meant, tables as one card a row."""
    lines = clean(text).strip().split("\n")
    drawn: list[Styled] = []
    number = 0
    while number < len(lines):
        rows = 0
        while number + rows < len(lines) and lines[number + rows].lstrip().startswith("|"):
            rows += 1
        if rows >= 2:
            drawn += _cards(lines[number : number + rows])
            number += rows
            continue
        line = lines[number].rstrip()
        stripped = line.lstrip()
        if stripped.startswith(("- ", "* ", "+ ")):
            indent = "   " * min(3, (len(line) - len(stripped)) // 2)
            drawn.append(Styled(f"{indent}• ") + _bold(stripped[2:]))
        elif heading := re.match(r"#{1,6}\s+(.+)", stripped):
            drawn.append(marked(heading[1], "bold"))
        else:
            drawn.append(_bold(line))
        number += 1
    return join(drawn)


def citation_line(citation: Citation) -> Styled:
    """`[1] Điều 7 khoản 6, 26/2026/QĐ-TTg – trang 3, áp dụng từ 22/05/2026`; the name is a link where there is one."""
    name = _line(", ".join(part for part in (citation.locator, citation.instrument) if part) or citation.title)
    head = Styled(f"[{citation.marker}] ") + link(name, citation.url)
    notes = [texts.PAGE.format(page=citation.page)] if citation.page else []
    span = validity(citation.valid_from, citation.valid_to, citation.standing)
    return head + plain(f" – {', '.join([*notes, *span])}") if notes or span else head


def validity(start: date | None, end: date | None, standing: Standing = Standing.UNKNOWN) -> list[str]:
    """When a rule applies, in words."""
    span = [texts.FROM.format(start=_day(start))] if start else []
    span += [texts.UNTIL.format(end=_day(end))] if end else []
    said = [texts.APPLIES.format(span=" ".join(span))] if span else []
    if standing == Standing.EARLIER:
        said.append(texts.OUT_OF_FORCE)
    elif standing == Standing.LATER:
        said.append(texts.NOT_YET)
    return said


def source_text(citations: Sequence[Citation], passage: Passage | None) -> Styled:
    """A cited passage with every marker that stands for it: whole where it is still in the house, else as quoted."""
    first = citations[0]
    lines = [marked(_line(first.title), "bold")]
    for citation in citations:
        about = [part for part in (citation.instrument, citation.locator) if part]
        about += [texts.PAGE.format(page=citation.page)] if citation.page else []
        about += validity(citation.valid_from, citation.valid_to, citation.standing)
        name = link(_line(" – ".join(about)) or texts.LINK, citation.url)
        lines.append(marked(f"[{citation.marker}] ", "bold") + name)
        if citation.warning:
            lines.append(plain(f"{texts.WARNINGS_HEAD}: {_line(citation.warning)}"))
    lines.append(marked(body(passage.text if passage else first.quote).text, "blockquote"))
    return join([line for line in lines if visible(line.text)])


def passage_page(
    *,
    citation: Citation | None = None,
    passage: Passage | None = None,
    document: Document | None = None,
    window: Interval | None = None,
    standing: Standing = Standing.UNKNOWN,
) -> Styled:
    """One passage on one screen: where it stands, when it applies, its words. As cited where a citation is given."""
    lines: list[Styled] = []
    crumbs = [document.title if document else "", *(passage.breadcrumb if passage else ())]
    title = " › ".join(dict.fromkeys(crumb for crumb in crumbs if crumb)) or (citation.title if citation else "")
    lines.append(marked(_line(f"[{citation.marker}] {title}" if citation else title), "bold"))
    about: list[str] = []
    if citation:
        about += [part for part in (citation.instrument, citation.locator) if part]
        span = validity(citation.valid_from, citation.valid_to, citation.standing)
    else:
        about += [document.instrument] if document and document.instrument else []
        start = window.start if window and window.start > date.min else None
        span = validity(start, window.end if window else None, standing)
    page = passage.page if passage else citation.page if citation else None
    about += ([texts.PAGE.format(page=page)] if page else []) + span
    if about:
        lines.append(marked(_line(" – ".join(about)), "italic"))
    warning = citation.warning if citation else passage.warning if passage else ""
    if warning:
        lines.append(plain(f"{texts.WARNINGS_HEAD}: {_line(warning)}"))
    text = body(passage.text if passage else citation.quote if citation else "").text
    room = LIMIT - 200 - sum(units(line.text) + 1 for line in lines)
    if units(text) > room:
        text = parts(plain(text), limit=max(200, room))[0].text.rstrip() + " …"
    lines.append(marked(text, "blockquote"))
    if passage is None:
        lines.append(marked(texts.QUOTED_THEN, "italic"))
    url = citation.url if citation else document.url if document else ""
    if url:
        lines.append(link(texts.LINK, url))
    return join([line for line in lines if visible(line.text)])


def _cards(rows: list[str]) -> list[Styled]:
    """A table for a narrow screen: a row's first cell as its heading, the others below with their column's name."""
    cells = [[cell.strip() for cell in row.strip().strip("|").split("|")] for row in rows if not _RULE.fullmatch(row)]
    if not cells:
        return []
    header, rest = (cells[0], cells[1:]) if len(cells) > 1 else ([], cells)
    drawn: list[Styled] = []
    for row in rest:
        drawn.append(Styled("▪️ ") + marked(row[0] or "–", "bold"))
        for number, cell in enumerate(row[1:], 1):
            name = header[number] if number < len(header) else ""
            if cell:
                drawn.append(Styled("   ") + (plain(f"{name}: ") if name else Styled("")) + _bold(cell))
    return drawn


def _bold(line: str) -> Styled:
    pieces: list[Styled] = []
    last = 0
    for match in _BOLD.finditer(line):
        pieces += [plain(line[last : match.start()]), marked(match[1], "bold")]
        last = match.end()
    return join([*pieces, plain(line[last:])], "")


def _line(text: str) -> str:
    """On one line."""
    return " ".join(clean(text).split())


def _day(day: date) -> str:
    return day.strftime("%d/%m/%Y")
