"""Which other instruments a legal text ends or changes, told apart from those that it only mentions.

"Quyết định số 1489/QĐ-TTg … sửa đổi một số nội dung Quyết định 148/QĐ-TTg … hết hiệu lực": 1489 ends, and 148 is only
part of its name. "Bãi bỏ Chương III Nghị định số 77/2016/NĐ-CP" ends a part, so the decree itself goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from ingest.effect import DAY, START, SUBJECT, last_day, read_day
from knowledge.proposal import Plainness, Relation, RelationKind

_KIND = (
    r"(?:Bộ luật|Luật|Pháp lệnh|Nghị quyết(?: liên tịch)?|Nghị định|Quyết định|Chỉ thị|Thông tư(?: liên tịch)?|Kế hoạch"
    r"|Hướng dẫn|Công văn|Chương trình)"
)
# As `head.NUMBER`, and resolutions whose number has no dash: 04/2008/UBTVQH12.
_NUMBER = r"\d{1,5}(?:[a-z]?(?:/\d{4})?|-[A-ZĐ]{1,4})/[A-ZĐƯ][A-ZĐƯa-z]*\d{0,2}(?:[-/][A-ZĐƯa-z][A-ZĐƯa-zđ&]*\d{0,2})*"
_MENTION = re.compile(
    rf"(?:(?P<kind>{_KIND})(?P<name>(?:(?!{_KIND})[^;:.,]){{0,120}}?)\s+)?(?:[Ss]ố\s*:?\s*)?(?<![\w/.-])(?P<number>{_NUMBER})"
)
_ACTIVE = re.compile(r"(?P<verb>[Tt]hay thế|[Bb]ãi bỏ|[Hh]ủy bỏ|[Hh]uỷ bỏ)(?:\s+cho)?")
_PASSIVE = re.compile(
    r"(?:sẽ\s+)?(?P<verb>hết hiệu lực(?: thi hành)?|chấm dứt hiệu lực(?: thi hành)?|"
    r"(?:được|bị)\s+bãi bỏ|(?:được|bị)\s+thay thế)"
)
_AMENDING = re.compile(START + r"(?:Sửa đổi|Bổ sung)\b", re.IGNORECASE)
_STARTS = re.compile(START + rf"(?:(?:Các|Những)\s+(?:văn bản|{_KIND})\s*|{_KIND})", re.IGNORECASE)
_PARTS = (
    r"(?:Điều|Khoản|Điểm|Chương|Mục|Phụ lục|Phần|Biểu|Mẫu|Quy định|Nội dung|Cụm từ|Danh mục|Một số"
    r"|Các (?:quy định|nội dung|điều|khoản))"
)
_PART_START = re.compile(START + _PARTS, re.IGNORECASE)
# What may stand right before an instrument that is itself ended: a verb, a comma, a list mark.
_JOINED = re.compile(
    r"(?:^|[,;:]|\bvà|\bcùng với|[Tt]hay thế(?: cho)?|[Bb]ãi bỏ|[Hh](?:ủy|uỷ) bỏ|toàn bộ)\s*"
    r"(?:[a-zđ]\d?\)|[-–+•]|\d+[.)])?\s*"
    r"(?:[Cc]ác|[Tt]oàn bộ|văn bản|sau(?: đây)?|[Cc]ác văn bản(?: sau(?: đây)?)?\s*:?)?\s*$"
)
_LIST_ITEM = re.compile(r"(?:[a-zđ]\d?[.)]|[-–+•])\s")
_NUMBERED = re.compile(r"\d+[.)]\s")
# "Thay thế cụm từ … tại Luật A; Luật B": words change, the laws go on.
_WORDING = re.compile(r"(?:cụm )?từ(?: ngữ)?\s*[“\"«]", re.IGNORECASE)
_BUT = re.compile(r"\btrừ\b|ngoại trừ", re.IGNORECASE)
_SENTENCE = 600
# Longer "sentences" are no sentences, and what stands behind this many characters is not looked at.
_MOST = 40_000
_BEFORE, _AFTER = 200, 80  # characters around a mention that decide what it is


def read_relations(lines: Sequence[str], title: str, effective: date | None) -> tuple[Relation, ...]:
    """What the text replaces, repeals and amends, in order; an instrument is named once, by its strongest word."""
    found: dict[str, Relation] = {}
    repealing = "bãi bỏ" in title.lower()
    for text in _sentences(lines):
        text = text[:_MOST]
        for relation in _in_sentence(text, effective, repealing=repealing):
            before = found.get(relation.number)
            if before is None or (before.kind == "amends" and relation.kind != "amends"):
                found[relation.number] = relation
    if re.search(r"sửa đổi|bổ sung", title, re.IGNORECASE):
        for mention in _MENTION.finditer(title):
            if mention["number"] not in found:
                found[mention["number"]] = _relation("amends", mention, title, None, "rõ")
    return tuple(found.values())


def _in_sentence(text: str, effective: date | None, *, repealing: bool) -> Iterator[Relation]:
    passive = _PASSIVE.search(text)
    active = _ACTIVE.search(text)
    if active and passive and active.start() in range(passive.start(), passive.end()):
        active = None
    if active and _is_own(text, active.start()):
        ends, plain = last_day("kể từ ngày Văn bản này có hiệu lực", effective)
        kind: RelationKind = "repeals" if repealing and "thế" not in active["verb"] else "replaces"
        yield from _objects(text, text[active.start() :], kind, ends, plain, whole=True)
    elif passive and (_STARTS.match(text) or _PART_START.match(text)):
        rest = text[passive.end() :]
        ends, plain = last_day(_BUT.split(rest.partition(":")[0])[0], effective)
        kind = "repeals" if repealing and "bãi bỏ" in passive["verb"] else "replaces"
        objects = re.sub(START, "", text[: passive.start()], count=1)
        if not objects.strip(" :") or not _MENTION.search(objects):  # "Các văn bản sau đây hết hiệu lực …: a) …"
            objects = rest.partition(":")[2]
        yield from _objects(text, objects, kind, ends, plain, whole=_PART_START.match(text) is None)
    elif _AMENDING.match(text):
        for mention in list(_MENTION.finditer(text))[:1]:
            yield _relation("amends", mention, text, None, "rõ")


def _objects(
    sentence: str, text: str, kind: RelationKind, ends: date | None, plain: Plainness, *, whole: bool
) -> Iterator[Relation]:
    """The instruments that the verb is about. In each part of the list the first is meant, and those joined to it."""
    doubt = bool(_BUT.search(sentence))
    wording = _WORDING.search(text.partition(";")[0]) is not None
    for part in text.split(";"):
        named = False  # whether an instrument was passed that is only part of another's name
        within = wording  # whether the verb is about a part, so that no instrument ends
        for position, mention in enumerate(_MENTION.finditer(part)):
            behind = part[mention.end() : mention.end() + _AFTER]
            before = part[max(mention.start() - _BEFORE, 0) : mention.start()]
            joined = _JOINED.search(before) is not None
            bare = not mention["kind"] and not re.search(r"[Ss]ố\s*:?\s*$", mention[0][: -len(mention["number"])])
            if position == 0 and not (joined and whole):
                within = True
            if within and (joined or position == 0):
                yield _relation("amends", mention, sentence, None, "suy ra", after=behind)
            elif joined and not (bare and position):
                shaky: Plainness = "suy ra" if named else plain
                if doubt or (named and before.rstrip().endswith("và")):
                    shaky = "ngờ"
                yield _relation(kind, mention, sentence, ends, shaky, after=behind)
            else:
                named = True


def _relation(
    kind: RelationKind, mention: re.Match[str], sentence: str, ends: date | None, plain: Plainness, *, after: str = ""
) -> Relation:
    behind = (after or mention.string[mention.end() : mention.end() + _AFTER])[:_AFTER]
    dated = DAY.search(behind)
    near = dated is not None and not re.search(r"[;:.]|\d/", behind[: dated.start()])
    signed = read_day(dated[0]) if dated and near and dated.start() < 12 else None
    return Relation(kind, mention["number"], mention["kind"] or "", signed, ends, plain, sentence[:_SENTENCE])


def _is_own(text: str, verb: int) -> bool:
    """Whether the verb is this text's own act: it begins the sentence, or the text itself is its subject."""
    head = re.sub(START, "", text[:verb], count=1)
    return not head.strip() or re.match(SUBJECT, head.strip(), re.IGNORECASE) is not None


def _sentences(lines: Sequence[str]) -> Iterator[str]:
    """The sentences of the text; a list under an opening line (`Bãi bỏ các văn bản sau:`) is one with it."""
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if line.rstrip().endswith(":") and (_ACTIVE.search(line) or _PASSIVE.search(line)):
            numbered = _NUMBERED.match(line) is not None
            items = []
            while at < len(lines) and (_LIST_ITEM.match(lines[at]) or (not numbered and _NUMBERED.match(lines[at]))):
                items.append(lines[at].rstrip(" ;."))
                at += 1
            yield " ; ".join([line, *items]).replace(": ;", ":", 1)
        else:
            yield from re.split(r"(?<=[a-zà-ỹđ\])”])\.\s+(?=[A-ZĐÀ-Ỹ])", line)
