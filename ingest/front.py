"""The YAML block at the top of a Markdown file: read leniently, never at the price of the text."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import yaml

from ingest.clean import line

_OPENING = re.compile(r"---[ \t]*\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_KEY_LINE = re.compile(r"\s*(?:[\w-]+\s*:(?:\s|$)|#|-\s|$)")
# The commonest slip: `title: Mẫu số 01: phiếu đăng ký`, a colon in a value without quotes.
_UNQUOTED = re.compile(r"^([\w-]+):[ \t]+(?![\"'\[{|>&*!])(.*(?::[ \t]|[ \t]#).*?)[ \t]*$", re.MULTILINE)
_MAX = 65_536

_MISSING = "Không có phần thông tin đầu trang (---): tệp vẫn được đọc, nhưng không rõ nguồn và hiệu lực."
_OPEN = "Phần thông tin đầu trang mở bằng --- ở dòng 1 nhưng không có dòng --- kết thúc; tệp vẫn được đọc."
_EMPTY = "Phần thông tin đầu trang rỗng; tệp vẫn được đọc."
_STILL = "; tệp vẫn được đọc, không dùng phần này."


class _NoAliases(yaml.SafeLoader):
    """YAML without anchors: a few nested ones unfold to gigabytes, and no front matter needs them."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            event: Any = self.get_event()  # type: ignore[no-untyped-call]
            raise yaml.constructor.ConstructorError(None, None, "không dùng được neo (&, *)", event.start_mark)
        return super().compose_node(parent, index)


def split_front_matter(text: str) -> tuple[dict[str, Any], str, list[str]]:
    """(fields, text behind them, warnings); what does not look like front matter stays in the text."""
    text = text.removeprefix("\ufeff")
    opening = _OPENING.match(text)
    if not opening:
        return {}, text, [_MISSING]
    closing = _CLOSING.search(text, opening.end(), _MAX)
    if not closing:
        return {}, text, [_OPEN]
    raw, body = text[opening.end() : closing.start()], text[closing.end() :]
    if not raw.strip():
        return {}, body, [_EMPTY]
    rows = raw.splitlines()
    if sum(bool(_KEY_LINE.match(row)) for row in rows) < len(rows) / 2:
        return {}, text, [_MISSING]
    fields, problem = _load(raw)
    if problem:
        mended, still = _load(_UNQUOTED.sub(_quote, raw))
        if still:
            return {}, body, [f"Thông tin đầu trang sai YAML ở {problem}{_STILL}"]
        return (
            mended,
            body,
            [f"Thông tin đầu trang sai YAML ở {problem}; đã đọc giá trị đó như chữ, nên đặt trong ngoặc kép."],
        )
    return fields, body, []


def _quote(match: re.Match[str]) -> str:
    value = match.group(2).replace("\\", "\\\\").replace('"', '\\"')
    return f'{match.group(1)}: "{value}"'


def _load(raw: str) -> tuple[dict[str, Any], str]:
    """(fields, what is wrong and where)."""
    try:
        loaded = yaml.load(raw, Loader=_NoAliases)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        where = f"dòng {mark.line + 2}" if mark else "không rõ dòng"
        return {}, f"{where} ({line(str(getattr(error, 'problem', None) or 'sai cú pháp'))})"
    except (ValueError, RecursionError) as error:  # a date such as 2026-02-31, lists nested too deep
        return {}, f"một giá trị ({line(str(error))})"
    if not isinstance(loaded, dict):
        return {}, "dòng 2 (không phải dạng `khóa: giá trị`)"
    return {str(key): _plain(value) for key, value in loaded.items()}, ""


def _plain(value: Any) -> Any:
    """A YAML value as JSON holds it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)
