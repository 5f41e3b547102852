"""HTML to blocks: web pages and what word processors export.

The tree is walked as a stream of start and end events, never by recursion, so nesting a thousand deep costs nothing.
"""

from __future__ import annotations

from lxml import etree
from lxml import html as lxml_html

from ingest.blocks import Block, Heading, Reading
from ingest.clean import line
from ingest.walk import Walker
from knowledge.errors import Unreadable

_DROPPED = {
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "math", "nav", "button", "select",
    "option", "textarea", "canvas", "audio", "video", "head", "title",
}  # fmt: skip


def read_html(text: str) -> Reading:
    """The blocks of an HTML page; hidden parts, scripts and menus are left out."""
    root = _parse(text)
    if root is None:
        return Reading((), media_type="text/html")
    title = line(" ".join(root.xpath("string((//head/title)[1])").split()))
    blocks = blocks_of(root)
    first = next((b.text for b in blocks if isinstance(b, Heading)), "")
    return Reading(tuple(blocks), title=first or title, media_type="text/html")


def fragment(text: str) -> list[Block]:
    """The blocks of a piece of HTML inside another format."""
    root = _parse(text)
    return [] if root is None else blocks_of(root)


def _parse(text: str) -> etree._Element | None:
    # The parser stops at a NUL and drops what follows it.
    text = text.replace("\x00", " ")
    if not text.strip():
        return None
    parser = lxml_html.HTMLParser(huge_tree=True, remove_pis=True, encoding="utf-8", no_network=True)
    try:
        root: etree._Element | None = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        root = None
    # At 2,048 levels the parser stops and drops the rest: half a text must not pass as a whole one.
    faults = {entry.type_name for entry in parser.error_log}
    if "ERR_NO_MEMORY" in faults:
        raise MemoryError
    if "ERR_RESOURCE_LIMIT" in faults:
        raise Unreadable("Trang HTML lồng nhau quá sâu (hơn 2.000 lớp) nên không đọc được trọn vẹn.")
    return root


def blocks_of(root: etree._Element) -> list[Block]:
    """The blocks of a parsed tree, in reading order."""
    walker = Walker()
    skipping: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if skipping is not None:
            if event == "end" and element is skipping:
                skipping = None
                walker.tail(element)
        elif not isinstance(element.tag, str):
            walker.tail(element)
        elif event == "start":
            if _is_hidden(element):
                skipping = element
            else:
                walker.start(element)
        else:
            walker.end(element)
    return walker.close()


def _is_hidden(element: etree._Element) -> bool:
    if str(element.tag).lower() in _DROPPED or element.get("hidden") is not None:
        return True
    style = (element.get("style") or "").lower().replace(" ", "")
    return "display:none" in style or "visibility:hidden" in style or "mso-hide:all" in style
