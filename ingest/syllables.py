"""Which letter groups are Vietnamese syllables, by the rules of spelling and not by a dictionary.

Three readers rest on it: spaces that a PDF sets inside words are found, text in a legacy font is told from English,
and a scanned page gets its score.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ONSETS = ("ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr",
           "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "")  # fmt: skip
_ALL_RHYMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et ê êch
êm ên ênh êng êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu o oa oac oach oai oam oan oang oanh
oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong oong ooc op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm
ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt up ut uy uya uych uyên uyêt
uynh uyt uyn uyu uơ ư ưa ưc ưi ưm ưn ưng ưt ươc ươi ươm ươn ương ươp ươt ươu ưu y yêm yên yêng yêt yêu
"""
# Syllables that begin with a vowel and are words or parts of words; "ều" and "ết" only occur inside others.
_ALL_VOWEL_WORDS = """
a á à ả ạ ác ạc ách ai ái ải am ám ảm an án àn ang áng anh ánh ảnh ao áo ào ảo áp át ạt au áu ay áy ăn ắn ăm ẵm ăng
ắp ắt ắc âm ấm ẩm ầm ậm ân ấn ẩn ần ấp ập ất ậu âu ấu ẩu ấy ầy em én en eo éo ép ẹp ê ế ề êm ếm ếch ích ì í im ím ỉm
in ín ít ịt iu ỉu ỉa ơ ờ ớ ở ợ ơi ới ơn ớn ớt oa òa oà óa oai oái oải oan oán oản oang oanh oánh oạch oe óc ọc oi ói
om òm óm ong óng ọp ót ô ồ ố ổ ộ ôi ối ổi ồi ôm ốm ôn ổn ồn ông ống ổng ốc ộc ốp ốt u ù ú ủ ụ ua úa ùa uẩn uất ức ực
úc ục uể uế ui ủi um ùm úm ủm un ùn ủn ung ùng úng ủng uốn uống uổng uôm úp ụp út ụt uy úy uý ủy uỷ ụy uỵ uyên uyển
uyết uỵch ư ừ ứ ử ự ưa ừa ứa ửa ưng ứng ừng ửng ưỡn ườn ươm ướm ướp ước ược ướt ương ướng ưu ỷ ý y ỳ yêm yểm yếm yên
yến yêng yểng yết yêu yếu yểu ỏn ọ ẹo ỉ oằn oăm
"""
_RHYMES = frozenset(_ALL_RHYMES.split())
_VOWEL_WORDS = frozenset(_ALL_VOWEL_WORDS.split())
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_STOPPED = {"\u0301", "\u0323"}  # syllables that end in a stop carry the sharp or the heavy tone
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Whether these letters can be one Vietnamese syllable."""
    marks: list[str] = []
    plain = []
    for c in unicodedata.normalize("NFD", word.lower()):
        if c in _TONES:
            marks.append(c)
        else:
            plain.append(c)
    if len(marks) > 1:
        return False
    letters = unicodedata.normalize("NFC", "".join(plain))
    for onset in _ONSETS:
        if not letters.startswith(onset):
            continue
        rhyme = letters[len(onset) :]
        if rhyme in _RHYMES or (onset == "gi" and not rhyme):
            return not (rhyme.endswith(("c", "ch", "p", "t")) and (not marks or marks[0] not in _STOPPED))
    return letters.startswith("q") and letters[1:] in _RHYMES and len(letters) > 2


@lru_cache(maxsize=65536)
def is_word(text: str) -> bool:
    """Whether a syllable also stands alone: it has a first consonant or is a known one that begins with a vowel."""
    lower = unicodedata.normalize("NFC", text.lower())
    if not is_syllable(lower):
        return False
    return unicodedata.normalize("NFD", lower)[0] not in "aeiouy" or lower in _VOWEL_WORDS


def vietnamese_share(text: str) -> tuple[float, int]:
    """(share of the words of at least two letters that are Vietnamese syllables, how many such words)."""
    words = [w for w in _WORD.findall(text) if len(w) > 1 and not (w.isupper() and len(w) <= 6)]
    if not words:
        return 0.0, 0
    return sum(is_syllable(w) for w in words) / len(words), len(words)


# One word in fifty broken: below that a pair such as "điểm b ở" is rather two words than one.
_BROKEN = 0.02


def mend(text: str) -> str:
    """The text with spaces inside words taken out (`Đi ều` → `Điều`), where a page breaks words at all."""
    rows = text.split("\n")
    joined = [_joined(row) for row in rows]
    words = sum(len(row.split()) for row in rows)
    count = sum(n for _, n in joined)
    return "\n".join(row for row, _ in joined) if words and count / words >= _BROKEN and count > 2 else text


def is_broken(text: str) -> bool:
    """Whether words of this text are broken by spaces often enough to mend it."""
    words = len(text.split())
    count = sum(_joined(row)[1] for row in text.split("\n"))
    return count > 2 and count / words >= _BROKEN


def mend_line(text: str) -> str:
    """One line of a text that is known to be broken."""
    return _joined(text)[0]


def _joined(row: str) -> tuple[str, int]:
    out: list[str] = []
    count = 0
    for piece in row.split(" "):
        if out and _belong(out[-1], piece):
            out[-1] += piece
            count += 1
        else:
            out.append(piece)
    return " ".join(out), count


def _belong(first: str, second: str) -> bool:
    """Whether two pieces are one word: together a syllable, apart not both words."""
    if len(first) + len(second) > 9 or (is_word(first) and is_word(second)):
        return False
    bare = second.rstrip('.,;:!?)”"')
    head = first.lstrip('(“"')
    if not bare or not head.isalpha() or not bare.isalpha() or first[-1:] in ".,;:":
        return False
    if bare[0].isupper() and not head.isupper():
        return False
    if len(head) > 1 and head.isupper() != bare.isupper() and len(bare) > 1 and not head[0].isupper():
        return False
    return is_syllable(head + bare) and not (is_word(head) and is_word(bare))
