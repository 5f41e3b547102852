"""Follow-up questions, resolved from the session's last questions without a language model.

"thế còn 5 sao?" after "4 sao cần bao nhiêu điểm?" is the old question with one slot exchanged; "nộp ở đâu?" is a
new question about the old subject. A question that names its own subject stands alone: that is a change of subject.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from knowledge.dates import asks_how_today_stands
from knowledge.places import Places
from knowledge.products import Products
from knowledge.question import Kind, content_terms, kind_of
from knowledge.shipped_data import read_yaml
from knowledge.text import fold, modern_tones, normalise

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Resolved:
    """A question as it stands alone. `asks` are the words that decide the kind of answer wanted; `before` is said
    ahead of the answer; `clarify` is what to say, and what to choose from, when it cannot stand alone. `follows`:
    whether it was resolved by an earlier question; `alone` is the question as it was typed where it may just as well
    have changed the subject; `subject` are the words of `text` that only an earlier question said, and `own` says how
    many of its own words name a subject."""

    text: str
    asks: str
    alone: str = ""
    before: str = ""
    clarify: tuple[str, tuple[str, ...]] | None = None
    follows: bool = False
    subject: str = ""
    own: int = 0


# Folded. What opens a follow-up; what only points back; what asks but names nothing.
_MEANT = r"y (?:cua )?(?:em|toi|tui|minh|chau)(?: (?:la|hoi|noi|muon hoi))*"
_OPENING = re.compile(
    r"^(?:the(?: con)?|vay(?: con| the)?|con|roi|rieng|nhung|neu(?: la)?|thi ra|a the|ok|u|uh|da|"
    # What puts the question before it right: "à nhầm, ý em là …", "ko phải, ý tui …".
    rf"(?:(?:a|o|u|ui) |noi |hoi |go )nham(?: roi)?(?: {_MEANT})?|nham {_MEANT}|a (?:khong|ko|hong)(?: phai)? {_MEANT}|"
    rf"(?:(?:khong|ko|k|hong) phai(?: vay| the)? )?{_MEANT})\b\s*"
)
_CLOSING = re.compile(
    r"\s*(?:\bthi sao|\bthi rang|\bthi the nao|\bthi ra sao|\bthi nhu the nao|(?<!\d )\bsao|\bthe nao|\bthi|"
    r"\bnua|\bcung (?:vay|the)(?: (?:a|ha|hong|khong|ko))?)\s*$"
)
_THEN_WHAT = re.compile(
    r"\b(?:thi (?:sao|rang|the nao|ra sao|nhu the nao)|cung (?:vay|the)(?: (?:a|ha|hong|khong|ko))?)\s*$"
)
_BACK = re.compile(
    r"(?:(?:a|o|u|roi|thoi|gio|vay|cho em|cho toi|em|toi|muon)[ ,]+)*(?:quay|tro|noi|hoi) (?:lai|ve)"
    r"(?: (?:voi|ve|cai|vu|chuyen|cau|phan|cho|viec|chu de|van de|hoi nay|luc nay))*,? "
)
_POINTING = re.compile(
    r"\b(?:do|kia|nay|ay|no|nhu vay|nhu the|o tren|vua roi|truong hop nay|cai do|viec do|giay do|muc do|ho do)\b"
)
_GENERIC = frozenset(
    """
    a ad ai anh ban bang bao biet bn cai can cap cho chua chuan co con cua da dang dau day de den di diem dieu do
    dong du dung duoc em gi gia giay gio giup gui ha han hay hieu ho hoi hon khi khong kia kien kinh ky la lam lan
    lau le len lo luc ma mac mat mau may minh moi mot muc muon nao nay nen ngay nhat nhe nhi nhieu nhu nhung no nop nua
    o oi phai phan phi qua quyet ra roi sao se so tai thang the thi thieu thoi thu tien to toi tram trong tu tuc va
    vao vay ve vi viec voi vua xin xong
    """.split()  # noqa: SIM905
)
_NAMES = re.compile(r"\bphan [abc]\b|\b(?:bo|mau|dieu|khoan|muc|nhom) (?:so )?\d|\b[1-5] ?(?:sao|\*)|20\d\d")
# A time that only an earlier question names; folded, "do" is also "due to".
_THAT_TIME = re.compile(r"\b(?:lúc|khi|hồi|thời|ngày|năm) (?:đó|ấy)\b", re.I)
_THAT_TIME_FOLDED = re.compile(
    r"(?<!\d )\b(?:luc|khi|hoi|thoi|ngay|nam) (?:do|ay)\b(?! (?:ai|cap|xa|tinh|ubnd|bo|huyen|so|chu|hoi|trung|ocop)\b)"
)
# A question that only its subject makes answerable has few words of its own.
_FEW = 6
# So many words at most has a question whose "lúc đó" can only point to an earlier one.
_SHORT = 8
_PROGRAMME = re.compile(
    r"(?:cho |toi |em |muon )*(?:hoi |tim hieu )?(?:ve )?(?:chuong trinh |lam |san pham )?"
    r"(?:ocop|(?:ntm )?nong thon moi)(?: (?:can gi|can nhung gi|the nao|ra sao|lam sao|thi sao|nhu the nao))?"
)
_QUESTION_WORDS = re.compile(
    r"\b(?:bao nhieu|bao lau|bao gio|khi nao|o dau|the nao|nhu the nao|ra sao|lam sao|la gi|gom (?:nhung )?gi|nhung gi|"
    r"cai gi|giay to gi|can gi|lam gi|co quan nao|cap nao|luat nao|nghi dinh nao|bo nao|nao|gi|ai|may|"
    r"dau|khong|chua|bn|ko|k|dc|duoc|"
    r"phai|can|thi|(?<!\d )sao|bay gio|hien nay|gio)\b"
)
# Folded, these are other words as well: dầu, máy, dược, giò.
_ONLY_ACCENTED = {"dau": "đâu", "may": "mấy", "can": "cần", "thi": "thì", "duoc": "được", "gio": "giờ", "nao": "nào"}
_STARS = re.compile(r"\b(?:[1-5]|mot|hai|ba|bon|nam) ?(?:sao|\*|★)")
# No number of an instrument ("quyết định 51/2025") is a time, nor is "bao giờ".
_DAY = r"(?<![\d/.])(?:ng[àa]y )?\d{1,2}[/.-]\d{1,2}[/.-]20\d\d\b"
_TIMES = re.compile(
    rf"{_DAY}|"
    r"(?<![\d/.])(?<!dinh )(?<!quyet )(?<!\bqd )(?<!\bnd )(?<!\bnq )(?<!\btt )(?<!thong tu )"
    r"(?:thang )?(?:0?[1-9]|1[0-2])/20\d\d\b|\bthang \d{1,2} nam 20\d\d\b|"
    r"(?<![\d/.])\b(?:hoi |thoi |tu |truoc |giai doan )?(?:nam )?20\d\d(?: ?[-–] ?20\d\d)?\b|\bbay gio\b|"
    r"\bhien nay\b|\bgiai doan truoc\b|\bnam (?:ngoai|nay|truoc)\b|(?<!\bbao )\bgio\b|\bngay truoc\b"
)
_SETS = re.compile(r"\bbo (?:so |san pham )?\d{1,2}\b")
# What a follow-up may name without asking anything of it, as clarify.yaml calls it.
_NAMED = {"stars": _STARS, "time": _TIMES, "set": _SETS}
# Slots that a follow-up exchanges: same kind of thing, other value.
_SLOTS = (
    *_NAMED.values(),
    re.compile(r"\b\d+(?:[.,]\d+)? ?(?:kg|g|gr|gam|ml|l|lit|cm|mm|m2|ha)\b"),
    re.compile(r"(?<!khoan )\b\d{1,3}(?:[.,]\d+)? ?(?:diem\b|%|phan tram\b)"),
    re.compile(r"\bmau (?:so )?0?\d\b"),
    re.compile(r"\btieu chi (?:so )?\d{1,2}\b"),
    re.compile(r"\bdieu \d{1,2}\b"),
    re.compile(r"\bphan [abc]\b"),
    re.compile(r"\bnhom (?:so )?\d\b"),
    re.compile(
        r"\bhtx\b|\bhop tac xa\b|\bho kinh doanh\b|\bho gia dinh\b|\bdoanh nghiep\b|"
        r"\bto hop tac\b|\btrang trai\b|\bcong ty\b"
    ),
    # Not "70% số xã", "tinh xảo", "tính theo", "Bộ thủ công".
    re.compile(
        r"\b(?:cap |ubnd )?(?<!so )(?:xa(?! hoi)|huyen|tinh(?! (?:xao|dau|bot|te|theo|vao|diem|tien|chat|toan|tu)\b)|"
        r"trung uong|bo(?! (?:thu cong|san pham|tieu chi|so|nao|may|chung|phan|ho so)\b))\b"
    ),
    re.compile(r"\blan dau\b|\bnang hang\b|\bdanh gia lai\b|\bcham lai\b"),
    re.compile(r"\bnang cao\b|\bkieu mau\b|\bhien dai\b"),
)


def resolve(text: str, history: tuple[str, ...], *, spell_out: Callable[[str], str]) -> Resolved:
    """The question made to stand alone by the user's earlier questions (oldest first)."""
    plain = _plain(spell_out(text))
    for entry in _small_talk():
        if entry.matches.fullmatch(plain):
            return Resolved(entry.ask, entry.ask, before=entry.before)
    if _PROGRAMME.fullmatch(plain):
        return Resolved(text, text, clarify=_clarification(plain))
    earlier = [question for question in history if not is_small_talk(question, spell_out)]
    if earlier and (leans := _leans(plain)):
        base = resolve(earlier[-1], tuple(earlier[:-1]), spell_out=spell_out)
        subject = base.text
        if base.clarify and not _PROGRAMME.fullmatch(_plain(spell_out(base.text))):
            named = _only_names(_plain(spell_out(base.text)))
            if not named:
                return Resolved(text, text, clarify=_clarification(plain)) if _is_vague(plain) else Resolved(text, text)
            subject = _original(named[1], base.text, spell_out)
        joined = replace(_joined(text, subject, spell_out), follows=True, own=len(_own_words(plain)))
        return joined if leans == "surely" or _is_vague(plain) else replace(joined, alone=text)
    if _is_vague(plain):
        return Resolved(text, text, clarify=_clarification(plain))
    if named := _only_names(plain):
        return Resolved(text, text, clarify=_clarification("", named[0], _original(named[1], text, spell_out)))
    typed = normalise(text)
    when = (_THAT_TIME_FOLDED if typed.isascii() else _THAT_TIME).search(typed)
    if when and len(plain.split()) <= _SHORT and not _TIMES.search(plain):
        rest = " ".join(f"{typed[: when.start()]} {typed[when.end() :]}".split()).rstrip(" ?.!")
        return Resolved(text, text, clarify=_clarification("", "then", rest))
    return Resolved(text, text)


def going_back(text: str, history: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """A question that says that it goes back to an earlier subject ("quay lại vụ thu hồi, có mấy trường hợp") without
    saying so, and the questions up to the one that shares most of its words; both as they are where none does."""
    said = normalise(text)
    back = _BACK.match(fold(said)) if len(fold(said)) == len(said) else None
    rest = said[back.end() :] if back else ""
    words = set(content_terms(rest))
    shared = [len(words.intersection(content_terms(question))) for question in history]
    if not any(shared):
        return text, history
    last = max(range(len(history)), key=lambda n: (shared[n], n))
    return rest, history[: last + 1]


def _only_names(plain: str) -> tuple[str, str] | None:
    """The kind and the words of what a folded follow-up names that asks nothing ("thế còn 5 sao?")."""
    if not (_OPENING.match(plain) or _THEN_WHAT.search(plain)):
        return None
    left = _CLOSING.sub("", _OPENING.sub("", plain)).strip()
    return next(((kind, left) for kind, slot in _NAMED.items() if slot.fullmatch(left)), None)


def _leans(plain: str) -> Literal["surely", "perhaps"] | None:
    """Whether a folded question leans on what was asked before."""
    words = plain.split()
    own = _own_words(plain)
    if not own or (_OPENING.match(plain) and len(words) <= 10):
        return "surely"
    if _OPENING.match(plain) and len(words) <= 16:
        return "perhaps"
    if _THEN_WHAT.search(plain) and len(words) <= 8 and len(own) <= 4:
        return "surely"
    if _POINTING.search(plain) and len(own) <= _FEW:
        return "surely"
    return "perhaps" if len(own) <= 3 and len(words) <= 10 else None


def _joined(text: str, base: str, spell_out: Callable[[str], str]) -> Resolved:
    """The old question with exchanged slots, or the new one about the old subject."""
    new = _plain(spell_out(text))
    folded_old, exchanged = fold(normalise(base)), normalise(base)
    left = _CLOSING.sub("", _OPENING.sub("", new)).strip()
    for slot in _SLOTS:
        value, place = slot.search(left), slot.search(folded_old)
        several = len({match[0] for match in slot.finditer(folded_old)}) > 1  # "theo xã hay theo tỉnh"
        if value and place and not several and value[0] != place[0] and len(folded_old) == len(exchanged):
            said = _original(value[0], text, spell_out)
            for old in reversed([match for match in slot.finditer(folded_old) if match[0] == place[0]]):
                exchanged = exchanged[: old.start()] + said + exchanged[old.end() :]
            folded_old = fold(exchanged)
            left = (left[: value.start()] + left[value.end() :]).strip()
    for names in (_products().names, _places().names):
        if other := _other_name(names(text), names(exchanged), exchanged, left):
            exchanged, left = other
            folded_old = fold(exchanged)
    asks_itself = _asks_itself(left)
    fresh = set(_own_words(left)) - set(folded_old.split())
    if exchanged != normalise(base) and not fresh and not asks_itself:
        time = _TIMES.search(left)  # which the old question named none of: "còn 3 sao hồi 2024"
        return Resolved(f"{exchanged.rstrip(' ?')} {_original(time[0], text, spell_out)}" if time else exchanged, base)
    # A day that was named says nothing of a new question, unless that asks how today stands to it.
    subject = _subject(exchanged if asks_how_today_stands(left) else re.sub(_DAY, " ", normalise(exchanged)))
    question = text.strip().rstrip("?")
    standing = f"{question} ({subject})" if subject else text
    return Resolved(standing, text if asks_itself else base, subject=subject)


def _other_name(new: tuple[str, ...], old: tuple[str, ...], base: str, left: str) -> tuple[str, str] | None:
    """The old question `base` with the one name that the new question says in place of its own, and what else that
    says in `left`; None where not each of the two says one name, or both the same."""
    if len(new) != 1 or len(old) != 1 or fold(new[0]) == fold(old[0]):
        return None
    at, place = left.find(fold(new[0])), fold(base).find(fold(old[0]))
    if at < 0 or place < 0:
        return None
    return f"{base[:place]}{new[0]}{base[place + len(old[0]) :]}", f"{left[:at]}{left[at + len(new[0]) :]}".strip()


def _asks_itself(left: str) -> bool:
    return kind_of(left) != Kind.OTHER


def _original(value: str, text: str, spell_out: Callable[[str], str]) -> str:
    """The words of the new question behind a folded slot value, with their diacritics."""
    spelt = normalise(spell_out(text))
    at = fold(spelt).find(value)
    return spelt[at : at + len(value)] if at >= 0 and len(fold(spelt)) == len(spelt) else value


def _subject(base: str) -> str:
    """What the old question was about: its words without those that ask."""
    spelt = normalise(base)
    folded = fold(spelt)
    if len(folded) != len(spelt):
        return spelt
    keep = list(spelt)
    for match in _QUESTION_WORDS.finditer(re.sub(r"[?.!]", " ", folded)):
        typed = spelt[match.start() : match.end()].lower()
        if not typed.isascii() and typed != _ONLY_ACCENTED.get(match[0], typed):
            continue
        for n in range(match.start(), match.end()):
            keep[n] = " "
    # What an earlier question was about stands in brackets; a subject holds no brackets of its own.
    return " ".join(re.sub(r"[?()]", " ", "".join(keep)).split())


def _own_words(plain: str) -> list[str]:
    """The words that name a subject of their own."""
    bare = plain
    for slot in _SLOTS:
        bare = slot.sub(" ", bare)
    return [word for word in bare.split() if word not in _GENERIC and not word.isdigit()]


def _is_vague(plain: str) -> bool:
    """Whether nothing in a folded question names what it is about."""
    if _NAMES.search(plain):
        return False
    bare = _CLOSING.sub("", _OPENING.sub("", plain))
    return not any(word not in _GENERIC for word in bare.split()) and len(plain.split()) <= 9


def _clarification(plain: str, kind: str = "", named: str = "") -> tuple[str, tuple[str, ...]]:
    """What to ask back: for a folded question that names nothing, or for what one of that `kind` only `named`."""
    words = set(plain.split())
    for entry in _clarifications():
        if entry.named == kind and (not entry.words or entry.words & words):
            return entry.say, tuple(choice.format(named) for choice in entry.choices)
    raise AssertionError("clarify.yaml lacks an entry for everything else")


def is_small_talk(question: str, spell_out: Callable[[str], str]) -> bool:
    """Whether a question, as it was typed, is a greeting, thanks, or about Sổ tay itself."""
    plain = _plain(spell_out(question))
    return any(entry.matches.fullmatch(plain) for entry in _small_talk())


_PUNCTUATION = re.compile(r"[^\w\s%*★.,/-]|[.,/-](?!\d)|(?<!\d)[.,/-]")


def _plain(text: str) -> str:
    """Folded words without punctuation; figures keep theirs."""
    return " ".join(_PUNCTUATION.sub(" ", fold(modern_tones(normalise(text)))).split())


@cache
def _products() -> Products:
    return Products.load()


@cache
def _places() -> Places:
    return Places.load()


@dataclass(frozen=True)
class _SmallTalk:
    matches: re.Pattern[str]
    ask: str
    before: str


@dataclass(frozen=True)
class _Clarification:
    words: frozenset[str]
    say: str
    choices: tuple[str, ...]
    named: str


@cache
def _small_talk() -> tuple[_SmallTalk, ...]:
    data = read_yaml(DATA / "small_talk.yaml")
    return tuple(_SmallTalk(re.compile(raw["matches"]), raw["ask"], raw.get("before", "")) for raw in data)


@cache
def _clarifications() -> tuple[_Clarification, ...]:
    data = read_yaml(DATA / "clarify.yaml")
    return tuple(
        _Clarification(frozenset(raw.get("words", ())), raw["say"], tuple(raw["choices"]), raw.get("named", ""))
        for raw in data
    )
