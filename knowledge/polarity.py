"""Whether two texts say yes and no alike: negation, duty, before and after, at most and at least.

No grammar: a negation takes the next content syllables as its head, and a statement contradicts its ground when what it
affirms is only denied there, or the other way round. A question asserts nothing and is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from knowledge.text import modern_tones, normalise

Pair = tuple[str, str]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TOKEN = re.compile(r"[^\W_]+|[.;:,!?()\[\]–—…\n]")
_QUESTION = re.compile(r"[^.!?…\n]*\?")
_NEGATIONS = frozenset(("không", "chưa", "chẳng", "cấm", "đừng"))
# After "không" these make a bound or a word of its own, not a denial.
_NOT_DENIED = _words("quá dưới vượt chỉ những kể gian khí ít thấp nhỏ hơn trên kém muộn nhiều lớn đến tới ai")
_AUXILIARY = _words(
    "được phải bị có còn cần thể là cho hề đã đang sẽ nên buộc bắt phép vẫn cũng mới chỉ lại thì mà của các những một "
    "tự cứ này đó ra vào với ở tại theo về để từ bởi do như rất đều thêm nữa hay trong mọi mỗi"
)
_ENDS_SCOPE = frozenset((*".;:,!?()[]–—…\n", "nhưng", "mà", "nếu", "khi", "vì"))
# Syllables that begin too many other words to be a head alone.
_COMMON = _words("cấp giấy sản phẩm điểm bộ quy nhận công chứng hồ tên mã mức phần loại nội tiêu đủ đúng đạt")
_DUTY = re.compile(r"(?<!\w)(?:phải(?! là)|bắt buộc|buộc phải|cần(?! thiết)|yêu cầu|đòi|mới được|mới)(?!\w)")
_MUST = re.compile(r"(?<!\w)(?:phải(?! là)|bắt buộc)(?!\w)")
_NO_DUTY = re.compile(
    r"(?<!\w)(?:(?:không|chưa|chẳng) (?:cần|phải(?! là)|bắt buộc|yêu cầu|đòi|nhất thiết)|tự nguyện)(?!\w)"
)
_MAY = re.compile(r"(?<!\w)(?:có thể|được phép|nên|khuyến khích|tự nguyện|tùy)(?!\w)")
_DENIAL = re.compile(
    r"(?<!\w)(?:không|chưa|chẳng|cấm|trừ|thiếu|hết|dừng|ngưng|hủy|bỏ|loại|ngoài|tự nguyện|chỉ|miễn|thay|mất|trước|"
    r"nhưng|0)(?!\w)"
)
_LIMIT = re.compile(r"(?<!\w)(?:không|chưa|chẳng|cấm|đừng|trừ|tự nguyện|mới|phải|trước|(?<!địa )chỉ(?! tiêu))(?!\w)")
_ONLY = re.compile(r"(?<!\w)(?<!địa )chỉ(?! (?:tiêu|dẫn|đạo|thị|số|định|huy|báo))(?!\w)|(?<!\w)duy nhất(?!\w)")
_ONLY_GROUND = re.compile(r"(?<!\w)(?:chỉ|duy nhất|mới|riêng)(?!\w)")
_VERDICT = re.compile(
    r"\s*(?:(có|được|phải|đúng|cần)|(không|chưa|sai)(?: (?:nên|được|phải|cần|có|bắt buộc))?)(?=[.,:;!]|\s*$)"
)
_OPPOSITES: tuple[tuple[str, str], ...] = (
    ("trước", "sau"), ("tối đa", "tối thiểu"), ("trên", "dưới"), ("tăng", "giảm"), ("nhiều nhất", "ít nhất"),
    ("cao nhất", "thấp nhất"), ("lớn hơn", "nhỏ hơn"), ("bắt buộc", "tự nguyện"), ("còn hiệu lực", "hết hiệu lực"),
    ("trở lên", "trở xuống"), ("đầu", "cuối"), ("trong", "ngoài"), ("được cộng", "bị trừ"), ("cấp", "thu hồi"),
    ("mở rộng", "thu hẹp"), ("giữ nguyên", "thay đổi"), ("miễn phí", "mất phí"), ("nam", "nữ"), ("hợp lệ", "vô hiệu"),
)  # fmt: skip
_OPPOSITE = {a: b for pair in _OPPOSITES for a, b in (pair, pair[::-1])}
_SIDE = re.compile(
    rf"(?<!\w)(?<!không )(?<!chưa )(?<!chẳng )(?:{'|'.join(sorted(_OPPOSITE, key=len, reverse=True))})(?!\w)"
)
_SIDES = frozenset(word for pair in _OPPOSITES for side in pair for word in side.split() if " " not in side)
_CUT = re.compile(r"[.;:,!?()\[\]–—…]+")


@dataclass(frozen=True)
class Signs:
    """What a text denies and what it affirms: pairs of neighbouring content syllables, and single ones."""

    text: str
    denied: frozenset[Pair]
    affirmed: frozenset[Pair]
    denied_alone: frozenset[str]
    affirmed_alone: frozenset[str]
    sides: frozenset[str]
    verdict: bool | None


@lru_cache(maxsize=8192)
def _plain(text: str) -> str:
    return " ".join(_QUESTION.sub(" ", modern_tones(normalise(text).lower())).split())


@dataclass(frozen=True)
class Segment:
    """A stretch between punctuation: its words, whether it denies, and which of two opposites it names."""

    words: frozenset[str]
    denies: bool
    sides: frozenset[str]


@lru_cache(maxsize=8192)
def segments(text: str) -> tuple[Segment, ...]:
    """The segments of a text that have enough words to be recognised again."""
    found = []
    for part in _CUT.split(_plain(text)):
        tokens = _TOKEN.findall(part)
        denials = sum(one in _NEGATIONS and two not in _NOT_DENIED for one, two in pairwise(tokens))
        sides = frozenset(_SIDE.findall(part))
        words = frozenset(t for t in tokens if t not in _AUXILIARY and t not in _NEGATIONS) - _SIDES
        if len(words) >= 2 or (words and denials):
            found.append(Segment(words, denials % 2 == 1, sides))
    return tuple(found)


@lru_cache(maxsize=8192)
def signs(text: str) -> Signs:
    """The signs of a text."""
    words = _plain(text)
    tokens = _TOKEN.findall(words)
    denied: set[Pair] = set()
    affirmed: set[Pair] = set()
    denied_alone: set[str] = set()
    affirmed_alone: set[str] = set()
    n, last = 0, ""
    while n < len(tokens):
        token = tokens[n]
        following = tokens[n + 1] if n + 1 < len(tokens) else ""
        if token in _NEGATIONS and following not in _NOT_DENIED and (following or token == "cấm"):
            head: list[str] = []
            n += 1
            while n < len(tokens) and tokens[n] not in _ENDS_SCOPE and tokens[n] not in _NEGATIONS:
                if tokens[n] not in _AUXILIARY:
                    head.append(tokens[n])
                n += 1
            if head:
                denied.add((head[0], head[1] if len(head) > 1 else ""))
                denied_alone.add(head[0])
            last = ""
            continue
        if token in _ENDS_SCOPE:
            if last:
                affirmed.add((last, ""))
            last = ""
        elif token not in _AUXILIARY:
            affirmed_alone.add(token)
            if last:
                affirmed.add((last, token))
            last = token
        n += 1
    if last:
        affirmed.add((last, ""))
    match = _VERDICT.match(words)
    verdict = None if match is None else match[1] is not None
    return Signs(
        words,
        frozenset(denied),
        frozenset(affirmed),
        frozenset(denied_alone),
        frozenset(affirmed_alone),
        frozenset(_SIDE.findall(words)),
        verdict,
    )


def denies(text: str) -> bool:
    """Whether a text denies or limits anything."""
    return bool(_LIMIT.search(_plain(text)))


def contradictions(claim: str, ground: str) -> list[str]:
    """Where the claim says yes and its ground no, or the reverse; empty when they agree."""
    said, given = signs(claim), signs(ground)
    faults: list[str] = []
    flipped = [p for p in said.affirmed if p in given.denied and p not in given.affirmed]
    flipped += [
        (w, "")
        for w in said.affirmed_alone & given.denied_alone - given.affirmed_alone - _COMMON
        if w not in said.denied_alone
    ]
    faults += [f"nguồn phủ định «{' '.join(p).strip()}»" for p in flipped[:1]]
    for first, second in said.denied:
        known = first in given.denied_alone or (first, second) in given.denied
        if known or first in given.denied_alone:
            continue
        if (first, second) in given.affirmed or (first in given.affirmed_alone and first not in _COMMON):
            faults.append(f"nguồn không phủ định «{f'{first} {second}'.strip()}»")
        elif not _DENIAL.search(given.text):
            faults.append(f"nguồn không có ý phủ định «{f'{first} {second}'.strip()}»")
    faults += _duties(said.text, given.text)
    faults += _misaligned(claim, ground)
    for side in said.sides:
        other = _OPPOSITE[side]
        if other in given.sides and side not in given.sides and other not in said.sides:
            faults.append(f"«{side}» trái với «{other}» của nguồn")
    if _ONLY.search(said.text) and not _ONLY_GROUND.search(given.text):
        faults.append("nguồn không nói «chỉ»")
    if said.verdict is not None and given.verdict is not None and said.verdict != given.verdict:
        faults.append("kết luận có/không trái với nguồn")
    return faults


def _duties(said: str, given: str) -> list[str]:
    claims, denies = _DUTY.search(_NO_DUTY.sub(" ", said)), _NO_DUTY.search(said)
    bound, free = _DUTY.search(_NO_DUTY.sub(" ", given)), _NO_DUTY.search(given)
    if "bắt buộc" in _NO_DUTY.sub(" ", said) and not bound:
        return ["nguồn không nói là bắt buộc"]
    if _MUST.search(_NO_DUTY.sub(" ", said)) and claims and not bound and (free or _MAY.search(given)):
        return ["nguồn không bắt buộc"]
    if denies and not free and bound:
        return ["nguồn có bắt buộc"]
    return []


def _misaligned(claim: str, ground: str) -> list[str]:
    """Segments that repeat one of the ground's almost word for word, but with the other sign."""
    given = segments(ground)
    for said in segments(claim):
        alike = [g for g in given if len(said.words & g.words) >= 0.8 * len(said.words | g.words)]
        if alike and not any(_agree(said, g) for g in alike):
            return [f"nguồn nói ngược lại về «{' '.join(sorted(said.words))[:60]}»"]
    return []


def _agree(said: Segment, given: Segment) -> bool:
    if said.denies != given.denies:
        return False
    return not any(_OPPOSITE[a] in given.sides and a not in given.sides for a in said.sides)
