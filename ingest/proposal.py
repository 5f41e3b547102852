"""Reads from an official text what the register should know of it; decides nothing (`knowledge.overlay`)."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from ingest.blocks import Reading
from ingest.effect import DAY, EFFECT, read_day, read_effect
from ingest.head import Head, letterhead, read_head
from ingest.legal import ATTACHED, CLOSING, Line, container, quoted
from ingest.relations import read_relations
from knowledge.places import NATIONAL, Places
from knowledge.proposal import Plainness, Proposal, Stated
from knowledge.text import fold

# Kinds that set or change rules. A report or a letter that tells of another text's effect proposes nothing.
_RULES = (
    "bộ luật", "luật", "pháp lệnh", "nghị quyết", "nghị định", "quyết định", "chỉ thị", "thông tư liên tịch",
    "thông tư", "kế hoạch", "hướng dẫn", "chương trình",
)  # fmt: skip
# The letters of a number and the kind that they stand for.
_LETTERS = {
    "quyết định": r"/QĐ-|-QĐ/", "nghị định": r"/NĐ-", "thông tư": r"/TT-", "thông tư liên tịch": r"/TTLT-",
    "chỉ thị": r"/CT-|-CT/",
    "nghị quyết": r"/NQ-|-NQ/|/QH\d|/UBTVQH", "kế hoạch": r"/KH-|-KH/", "luật": r"/QH\d", "bộ luật": r"/QH\d",
    "pháp lệnh": r"/PL-|/UBTVQH", "hướng dẫn": r"/HD-|-HD/", "chương trình": r"/CTr-|-CTr/",
}  # fmt: skip
_PLACE = re.compile(r"(?P<place>[A-ZĐÀ-Ỹ][^\W\d_]*(?:[ .-]+[A-ZĐÀ-Ỹ][^\W\d_]*){0,4}),\s*ngày\s+\d{1,2}\s+tháng\s+\d")
_PASSED = re.compile(r"(?:Luật|Bộ luật|Pháp lệnh|Nghị quyết) này (?:đã )?được .{5,160}?thông qua ngày", re.IGNORECASE)
_LOCAL = re.compile(r"uy ban nhan dan|ubnd|hoi dong nhan dan|hdnd|^so |\btinh\b|thanh pho|\bxa\b|phuong")
_ISSUERS = {"THỦ TƯỚNG CHÍNH PHỦ": "Thủ tướng Chính phủ", "CHÍNH PHỦ": "Chính phủ", "QUỐC HỘI": "Quốc hội"}
_ISSUED_BY = (
    ("QĐ-TTg", "Thủ tướng Chính phủ"),
    ("NĐ-CP", "Chính phủ"),
    ("/QH", "Quốc hội"),
    ("UBTVQH", "Ủy ban Thường vụ Quốc hội"),
)
_GUESSED: Plainness = "suy ra"


def propose(reading: Reading) -> Proposal | None:
    """The entry that an official text proposes; None for a draft without a number and for what sets no rule."""
    head = read_head(reading)
    top = letterhead(reading)
    kind = (head.kind or _kind_by_number(head.number)).lower()
    if not head.number or kind not in _RULES or any(re.match(r"DỰ THẢO\b", line) for line in top[:12]):
        return None
    body = _main(reading)
    signed = _signed(head, top, body)
    day = _day(signed)
    effect = read_effect(body, day)
    fits = re.search(_LETTERS[kind], head.number) is not None
    number_line = next((line for line in top if head.number in line), "")
    issuer = _issuer(head)
    place = next((m for line in top if (m := _PLACE.search(line.replace(head.number, "")))), None)
    fields = {
        "number": Stated(head.number, "rõ", number_line),
        "kind": Stated(kind, "rõ" if head.kind and fits else "suy ra" if fits else "ngờ", head.kind.upper()),
        "title": Stated(head.title, "rõ" if head.title else "ngờ", head.title),
        "issuer": issuer,
        "place": Stated(place["place"], "rõ", place.string[:200]) if place else Stated(),
        "signed": signed,
        "effective": effect.effective,
        "expires": effect.expires if effect.expires.value else Stated("", "rõ"),
        "locality": _locality(head, place["place"] if place else ""),
    }
    if reading.page_warnings:  # recognised from a picture: a digit may be misread
        fields = {name: _softened(stated) for name, stated in fields.items()}
    return Proposal(fields, read_relations(body, head.title, _day(effect.effective)))


def _main(reading: Reading) -> list[str]:
    """The lines of the main text: up to the signature or appendix behind the effect clause, and what passed a law."""
    lines = [" ".join(line.split()) for line in letterhead(reading, everything=True) if line.strip()]
    own = [line for line, inside in zip(lines, quoted(lines), strict=True) if not inside]
    effect = next(
        (i for i, line in enumerate(own) if EFFECT.match(line) and (DAY.search(line) or "ngày ký" in line)), 0
    )
    end = next((i for i in range(effect, len(own)) if i and _ends(own[i])), len(own))
    return own[:end] + [line for line in own[end:] if _PASSED.match(line)][:1]


def _ends(line: str) -> bool:
    closing = CLOSING.match(line) and not _PASSED.match(line)
    return bool(closing or ATTACHED.match(line)) or container(Line(line)) is not None


def _issuer(head: Head) -> Stated:
    written = re.sub(r"[\W_]*(?:ĐẢNG CỘNG SẢN VIỆT NAM)?[\W_]*$|[…_-]{2,}|…", "", head.issuer).strip()
    if written:
        return Stated(_ISSUERS.get(written, written), "rõ", head.issuer)
    known = next((name for letters, name in _ISSUED_BY if letters in head.number), "")
    return Stated(known, "suy ra" if known else "ngờ", head.number if known else "")


def _signed(head: Head, top: list[str], body: list[str]) -> Stated:
    passed = next((m for line in body if (m := _PASSED.match(line))), None)
    if passed and (day := read_day(passed.string[passed.end() - 5 :])):
        return Stated(day.isoformat(), "rõ", passed.string[:300])
    for line in top:
        if _PLACE.search(line) and (day := read_day(line)):
            return Stated(day.isoformat(), "rõ", line[:300])
    return Stated(head.signed.isoformat(), _GUESSED, "") if head.signed else Stated()


def _locality(head: Head, place: str) -> Stated:
    issuer = fold(head.issuer)
    if not _LOCAL.search(issuer):
        return Stated(NATIONAL, "rõ" if issuer else _GUESSED, head.issuer)
    slug = _places().find(head.issuer.lower()) or _places().find(place)
    return Stated(slug or "", "rõ" if slug and not _COMMUNE.search(issuer) else "ngờ", head.issuer)


_COMMUNE = re.compile(r"\bxa\b|phuong|thi tran|huyen|quan ")


def _kind_by_number(number: str) -> str:
    return next((kind for kind, letters in _LETTERS.items() if number and re.search(letters, number)), "")


def _softened(stated: Stated) -> Stated:
    return Stated(stated.value, _GUESSED, stated.sentence) if stated.plainness == "rõ" and stated.value else stated


def _day(stated: Stated) -> date | None:
    return date.fromisoformat(stated.value) if stated.value else None


@cache
def _places() -> Places:
    return Places.load()
