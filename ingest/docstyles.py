"""What Word's styles and lists say of a paragraph: heading level, centring, bold, font, and its automatic number."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHAIN = 12  # styles based on one another
_ON = (None, "1", "true", "on")


@dataclass(frozen=True)
class Look:
    """How a run is drawn."""

    bold: bool = False
    hidden: bool = False
    capitals: bool = False
    raised: bool = False
    font: str = ""


@dataclass(frozen=True)
class Style:
    """How a paragraph is set; `number` is the list and level that it belongs to."""

    name: str = ""
    heading: int = 0
    centred: bool = False
    number: tuple[str, int] | None = None


class Styles:
    """The styles of one document, resolved through their ancestors."""

    def __init__(self, tree: etree._Element | None) -> None:
        self._styles: dict[str, etree._Element] = {}
        self._default = Look()
        self._known: dict[str, Style] = {}
        self._looks: dict[str, Look] = {}
        self.usual = ""
        if tree is None:
            return
        for style in tree.iter(f"{W}style"):
            name = style.get(f"{W}styleId") or ""
            self._styles[name] = style
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true"):
                self.usual = name
        defaults = tree.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self._default = _changed(Look(), defaults)

    def paragraph(self, element: etree._Element) -> Style:
        """The style of a paragraph with what it sets itself."""
        own = element.find(f"{W}pPr")
        named = own.find(f"{W}pStyle") if own is not None else None
        style = self._style((named.get(f"{W}val") or "") if named is not None else self.usual)
        if own is None:
            return style
        return _set(style, own)

    def run(self, element: etree._Element, paragraph: str) -> Look:
        """How a run looks, from the defaults through its paragraph's and its own style."""
        look = self._look(paragraph)
        own = element.find(f"{W}rPr")
        if own is None:
            return look
        named = own.find(f"{W}rStyle")
        if named is not None:
            for style in self._chain(named.get(f"{W}val") or ""):
                look = _changed(look, style.find(f"{W}rPr"))
        return _changed(look, own)

    def _chain(self, name: str) -> list[etree._Element]:
        """A style's ancestors and itself, the oldest first."""
        chain: list[etree._Element] = []
        while name in self._styles and len(chain) < _CHAIN:
            style = self._styles[name]
            chain.append(style)
            based = style.find(f"{W}basedOn")
            name = (based.get(f"{W}val") or "") if based is not None else ""
        return chain[::-1]

    def _style(self, name: str) -> Style:
        if name not in self._known:
            style = Style(name)
            for ancestor in self._chain(name):
                called = ancestor.find(f"{W}name")
                label = ((called.get(f"{W}val") or "") if called is not None else "").lower()
                if label.startswith("heading ") and label[8:].isdigit():
                    style = replace(style, heading=min(int(label[8:]), 9))
                elif label == "title":
                    style = replace(style, heading=1)
                properties = ancestor.find(f"{W}pPr")
                if properties is not None:
                    style = _set(style, properties)
            self._known[name] = style
        return self._known[name]

    def _look(self, name: str) -> Look:
        if name not in self._looks:
            look = self._default
            for ancestor in self._chain(name):
                look = _changed(look, ancestor.find(f"{W}rPr"))
            self._looks[name] = look
        return self._looks[name]


def _set(style: Style, properties: etree._Element) -> Style:
    jc = properties.find(f"{W}jc")
    if jc is not None:
        style = replace(style, centred=jc.get(f"{W}val") == "center")
    level = properties.find(f"{W}outlineLvl")
    if level is not None:
        value = level.get(f"{W}val") or "9"
        style = replace(style, heading=int(value) + 1 if value.isdigit() and int(value) < 9 else 0)
    listed = properties.find(f"{W}numPr")
    if listed is not None:
        number, depth = listed.find(f"{W}numId"), listed.find(f"{W}ilvl")
        before = style.number or ("", 0)
        which = (number.get(f"{W}val") or "") if number is not None else before[0]
        at = (depth.get(f"{W}val") or "0") if depth is not None else str(before[1])
        style = replace(style, number=(which, int(at) if at.isdigit() and int(at) < 9 else 0))
    return style


def _changed(look: Look, properties: etree._Element | None) -> Look:
    if properties is None:
        return look

    def flag(name: str, before: bool) -> bool:
        found = properties.find(f"{W}{name}")
        return before if found is None else found.get(f"{W}val") in _ON

    look = replace(
        look,
        bold=flag("b", look.bold),
        hidden=flag("vanish", look.hidden),
        capitals=flag("caps", look.capitals),
    )
    raised = properties.find(f"{W}vertAlign")
    if raised is not None:
        look = replace(look, raised=raised.get(f"{W}val") == "superscript")
    fonts = properties.find(f"{W}rFonts")
    if fonts is not None:
        look = replace(look, font=fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or look.font)
    return look


@dataclass(frozen=True)
class _Level:
    start: int
    form: str
    text: str
    restart: int | None
    plain: bool  # all numbers inside as figures


class Numbers:
    """Counts the document's lists as Word would show them."""

    def __init__(self, tree: etree._Element | None, styles: Styles) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}  # list → what it is an instance of
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._own: dict[str, dict[int, _Level]] = {}
        self._started: set[tuple[str, int]] = set()
        self._restarts: dict[str, dict[int, int]] = {}
        if tree is None:
            return
        linked: dict[str, str] = {}
        for abstract in tree.iter(f"{W}abstractNum"):
            name = abstract.get(f"{W}abstractNumId") or ""
            self._levels[name] = {_depth(lvl): _level(lvl) for lvl in abstract.findall(f"{W}lvl")}
            link = abstract.find(f"{W}styleLink")
            if link is not None:
                linked[link.get(f"{W}val") or ""] = name
        for abstract in tree.iter(f"{W}abstractNum"):
            link = abstract.find(f"{W}numStyleLink")
            if link is not None and (link.get(f"{W}val") or "") in linked:
                self._levels[abstract.get(f"{W}abstractNumId") or ""] = self._levels[linked[link.get(f"{W}val") or ""]]
        for number in tree.iter(f"{W}num"):
            name = number.get(f"{W}numId") or ""
            of = number.find(f"{W}abstractNumId")
            self._lists[name] = (of.get(f"{W}val") or "") if of is not None else ""
            for override in number.findall(f"{W}lvlOverride"):
                depth = _depth(override)
                start = override.find(f"{W}startOverride")
                if start is not None:
                    self._restarts.setdefault(name, {})[depth] = _whole(start.get(f"{W}val"), 1)
                own = override.find(f"{W}lvl")
                if own is not None:
                    self._own.setdefault(name, {})[depth] = _level(own)

    def label(self, element: etree._Element, style: Style) -> str:
        """The number that Word shows before a paragraph (`Điều 5.`, `1.`, `a)`), bullets as `-`, or nothing."""
        if style.number is None or style.number[0] in ("", "0"):
            return ""
        which, depth = style.number
        levels = self._levels.get(self._lists.get(which, ""), {}) | self._own.get(which, {})
        level = levels.get(depth)
        if level is None:
            return ""
        counts = self._counts[self._lists[which]]
        if depth in self._restarts.get(which, {}) and (which, depth) not in self._started:
            counts[depth] = self._restarts[which][depth]
        else:
            counts[depth] = counts[depth] + 1 if depth in counts else level.start
        self._started.add((which, depth))
        for deeper in [d for d in counts if d > depth and (not levels.get(d) or levels[d].restart != 0)]:
            del counts[deeper]
        if level.form == "bullet":
            return "-"
        if level.form == "none":
            return level.text.strip() if "%" not in level.text else ""
        text = level.text
        for d in range(depth + 1):
            at = levels.get(d)
            value = counts.get(d, at.start if at else 1)
            counts.setdefault(d, value)
            form = "decimal" if level.plain and d < depth else (at.form if at else "decimal")
            text = text.replace(f"%{d + 1}", _number(value, form))
        return text.strip()


def _depth(element: etree._Element) -> int:
    return min(_whole(element.get(f"{W}ilvl"), 0), 8)


def _level(element: etree._Element) -> _Level:
    def value(name: str, default: str) -> str:
        found = element.find(f"{W}{name}")
        return default if found is None else found.get(f"{W}val") or default

    restart = element.find(f"{W}lvlRestart")
    return _Level(
        _whole(value("start", "1"), 1),
        value("numFmt", "decimal"),
        value("lvlText", ""),
        _whole(restart.get(f"{W}val"), 0) if restart is not None else None,
        element.find(f"{W}isLgl") is not None,
    )


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and len(text) < 7 else default


_ROMANS = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
           (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


def _number(value: int, form: str) -> str:
    if form in ("upperRoman", "lowerRoman"):
        roman = ""
        rest = min(value, 3999)
        for size, sign in _ROMANS:
            roman += sign * (rest // size)
            rest %= size
        return roman if form == "upperRoman" else roman.lower()
    if form in ("upperLetter", "lowerLetter"):
        letter = chr(ord("a") + (value - 1) % 26) * min((value - 1) // 26 + 1, 20)
        return letter.upper() if form == "upperLetter" else letter
    if form == "decimalZero":
        return f"{value:02d}"
    return str(value)
