"""Vietnamese text from before Unicode: TCVN3 (ABC) and VNI fonts, Windows-1258, recognised and converted.

A legacy font draws Vietnamese glyphs at the codes of Western letters, so the file holds `QuyÕt ®Þnh` and only the font
says `Quyết định`. The font's name is the surest hint; without one, the reading that yields syllables wins.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from ingest.syllables import is_syllable

Charset = Literal["tcvn3", "vni"]

_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬­®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
# VNI writes a letter and then its marks as a second character.
_VNI_MARKS = {
    "a": dict(zip("ùøûõïâáàåãäêéèúüë", "áàảãạâấầẩẫậăắằẳẵặ", strict=True)),
    "e": dict(zip("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ", strict=True)),
    "o": dict(zip("ùøûõïâáàåãä", "óòỏõọôốồổỗộ", strict=True)),
    "ô": dict(zip("ùøûõï", "ớờởỡợ", strict=True)),
    "u": dict(zip("ùøûõï", "úùủũụ", strict=True)),
    "ö": dict(zip("ùøûõï", "ứừửữự", strict=True)),
    "y": dict(zip("ùøûõ", "ýỳỷỹ", strict=True)),
}
_VNI_ALONE = {"í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "ô": "ơ", "ö": "ư", "î": "ỵ", "ñ": "đ"}
_VNI: dict[str, str] = {}
for _base, _marks in _VNI_MARKS.items():
    for _mark, _letter in _marks.items():
        _VNI[_base + _mark] = _letter
        _VNI[_base.upper() + _mark.upper()] = _letter.upper()
        _VNI[_base.upper() + _mark] = _letter.upper()
for _code, _letter in _VNI_ALONE.items():
    _VNI[_code] = _letter
    _VNI[_code.upper()] = _letter.upper()
_VNI_CODES = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_FROM_TCVN3 = str.maketrans(_TCVN3)
_VNI_FONT = re.compile(r"(?:^|\+)VNI[-\s]", re.I)
_WESTERN_WORD = re.compile(r"[A-Za-z\u00a1-\u00ff]+")
_WORDS, _SHARE, _LEAD = 4, 0.75, 0.25


def font_charset(name: str) -> Charset | None:
    """The legacy character set that a font of this name draws, or None: `.VnTime` → tcvn3, `VNI-Times` → vni."""
    name = re.sub(r"^[A-Z]{6}\+", "", name.strip())
    if re.match(r"\.Vn[A-Z0-9]", name) or re.match(r"Vn(?:Time|Arial|Book|Helv|Avant|Cent|Courier)", name):
        return "tcvn3"
    return "vni" if _VNI_FONT.search(name) else None


def is_capital_font(name: str) -> bool:
    """Whether a TCVN3 font shows small letters as capitals (`.VnTimeH`)."""
    name = re.sub(r"^[A-Z]{6}\+", "", name.strip())
    return font_charset(name) == "tcvn3" and re.match(r"\.?Vn[A-Za-z0-9]*?H(?:[\s,-]|$)", name) is not None


def convert(text: str, charset: Charset, *, capitals: bool = False) -> str:
    """Text set in a legacy font as Unicode; what is Unicode Vietnamese already stays."""
    if charset == "tcvn3":
        made = text.translate(_FROM_TCVN3)
        return made.upper() if capitals else made
    return _VNI_CODES.sub(lambda match: _VNI[match.group()], text)


def by_font(text: str, font: str) -> str:
    """Text as a legacy font shows it; text that is Unicode all the same (the font's name was left behind) stays."""
    charset = font_charset(font)
    if charset is None or any(c > "\u00ff" and c.isalpha() for c in text):
        return text
    made = convert(text, charset, capitals=is_capital_font(font))
    for_unicode = for_legacy = 0
    for before, after in zip(text.split(), made.split(), strict=False):
        if before != after and before.strip(_SIGNS) != after.strip(_SIGNS):
            was, becomes = is_syllable(before.strip(_SIGNS)), is_syllable(after.strip(_SIGNS))
            mixed = before.isupper() and not after.isupper()
            for_unicode += was and (not becomes or mixed)
            for_legacy += becomes and not was
    return text if for_unicode > for_legacy else made


def keep_soft(text: str) -> str:
    """TCVN3 puts ư where Unicode has the soft hyphen, which later steps drop: kept where the word is Vietnamese so."""
    if "\u00ad" not in text:
        return text

    def kept(match: re.Match[str]) -> str:
        word = match.group()
        if "\u00ad" not in word:
            return word
        return word.replace("\u00ad", "ư") if is_syllable(convert(word, "tcvn3")) else word.replace("\u00ad", "")

    return _WESTERN_WORD.sub(kept, text)


def trusted(text: str) -> bool:
    """Whether text from runs in legacy fonts is really in their character set, judged over a whole document."""
    letters = sum(c > "\u007f" and c.isalpha() for c in text)
    return sum(c > "\u00ff" and c.isalpha() for c in text) < 0.1 * max(letters, 1)


_SIGNS = ".,;:()[]“”\"'!?…-–/"


def encode(text: str, charset: Charset) -> str:
    """Unicode text as a legacy font would hold it; TCVN3 has no toned capitals, so they become small letters."""
    text = unicodedata.normalize("NFC", text)
    if charset == "tcvn3":
        back = {letter: code for code, letter in _TCVN3.items()}
        return "".join(back.get(c) or back.get(c.lower(), c) for c in text)
    back = {letter: code for code, letter in _VNI.items() if not (code[0].isupper() and code[1:].islower())}
    return "".join(back.get(c, c) for c in text)


def detect(text: str) -> Charset | None:
    """The legacy character set of a text without a font's name, or None when it reads well as it is."""
    words = [word for word in _WESTERN_WORD.findall(text[:200_000]) if not word.isascii()]
    if len(words) < _WORDS:
        return None
    as_is = _share(words)
    best: Charset | None = None
    top = max(_SHARE, as_is + _LEAD)
    names: tuple[Charset, ...] = ("tcvn3", "vni")
    for charset in names:
        share = _share([convert(word, charset) for word in words])
        if share >= top:
            best, top = charset, share
    return best


def modern(text: str) -> str:
    """The text in Unicode, converted when it is set in a legacy font, composed."""
    charset = detect(text)
    return unicodedata.normalize("NFC", convert(text, charset) if charset else text)


def decode_bytes(data: bytes) -> str | None:
    """Bytes that are no UTF-8 as Vietnamese text: Windows-1258, TCVN3 or VNI; None when none of them reads well."""
    candidates = [unicodedata.normalize("NFC", data.decode("cp1258", "replace"))]
    western = data.decode("latin-1")
    candidates += [convert(western, "tcvn3"), convert(western, "vni")]
    scored = [(_marked_share(text), -i, text) for i, text in enumerate(candidates)]
    share, _, text = max(scored)
    return text if share >= _SHARE else None


def _share(words: list[str]) -> float:
    return sum(is_syllable(word) for word in words) / len(words)


def _marked_share(text: str) -> float:
    """The share of syllables among the words with letters beyond ASCII."""
    words = [w for w in re.findall(r"[^\W\d_]+", text[:200_000]) if not w.isascii()]
    odd = len(re.findall(r"[^\x00-\x7f\w\s“”‘’–—…«»°²³§·•]", text[:200_000]))
    return sum(is_syllable(w) for w in words) / (len(words) + odd) if len(words) >= 2 else 0.0
