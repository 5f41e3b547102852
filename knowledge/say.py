"""The sentences that Sổ tay says in its own name: abstentions, warnings, suggestions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import takewhile

from knowledge.compose import Statement
from knowledge.dates import show
from knowledge.question import Kind, content_terms
from knowledge.references import show_locator
from knowledge.registry import Registry
from knowledge.retrieve import Found, best_first
from knowledge.same_question import is_approved
from knowledge.text import fold, syllables
from knowledge.types import Answer, Citation, Hit, Standing

EMPTY_QUESTION = "Câu hỏi đang trống. Anh/chị hãy gõ nội dung cần hỏi, ví dụ: «Hồ sơ OCOP gồm những gì?»"
LONG_QUESTION = "Câu hỏi dài {length} ký tự, vượt giới hạn {limit}. Anh/chị hãy rút gọn hoặc tách thành nhiều câu."
FAILED = (
    "Sổ tay gặp lỗi khi tìm câu trả lời. Anh/chị vui lòng hỏi lại sau ít phút; nếu vẫn lỗi, hãy báo người quản trị."
)
DOUBT = "Sổ tay chưa chắc hiểu đúng ý anh/chị. "
_NEAREST, _NEAREST_OF_PAPERS = "Câu gần nhất có sẵn", "Đoạn gần nhất tìm được"
TOPIC = "Anh/chị muốn hỏi gì về «{topic}»? Chọn một câu dưới đây hoặc viết rõ hơn nhé."
HALF = "Về «{half}»:"
SEARCHING = "Đang tìm trong sổ tay…"
COMPOSING = "Đang soạn câu trả lời…"
# From which probability on a paper's passage is worth a look, though not told as the answer.
_WORTH_A_LOOK = 0.25
_ARTICLE = re.compile(r"(?<!\S)Đ\d+\w*(?: k\d+\w*)?")  # of a locator: "[Quy-định] Đ6 k1"
# A topic rather than a question has so many syllables at most.
_TOPIC, _CHOICES = 3, 4
_ASK = {
    "ocop": "cơ quan tham mưu OCOP của tỉnh (thường là Sở Nông nghiệp và Môi trường) hoặc UBND xã",
    "ntm": "cơ quan thường trực chương trình nông thôn mới của tỉnh hoặc UBND xã",
}


def abstention(found: Found, sure: float, *, papers: bool = False) -> tuple[str, tuple[str, ...]]:
    """What to say when the knowledge holds no answer, or none that is likely enough (`sure`): so, whom to ask, what to
    try, and where in a paper what is nearest stands. `papers`: whether an office has papers of its own in it."""
    first = next(iter(best_first(found)), None)
    near = first if first and first.is_paper and sure >= _WORTH_A_LOOK else None
    where = f"{_NEAREST_OF_PAPERS}: «{_place(near)}». " if near else ""
    ask = _ASK["ntm" if "ntm" in found.reading.terms or "thon" in found.reading.terms else "ocop"]
    unknown = found.reading.references.unknown
    if unknown:
        text = (
            f"Sổ tay chưa có văn bản «{unknown[0]}», nên không trả lời thay văn bản đó được. "
            f"Anh/chị hãy kiểm tra lại số hiệu, hoặc hỏi {ask}."
        )
    elif any(hit.is_paper for hit in best_first(found)):  # more than the handbook was looked through
        text = (
            "Sổ tay chưa có căn cứ để trả lời câu này: trong các văn bản đã nạp chưa tìm được đoạn nào nói đúng điều "
            f"được hỏi. {where}Anh/chị thử nêu rõ tên thủ tục, "
            "văn bản hoặc điều khoản, dùng từ ngữ của văn bản, hoặc hỏi UBND xã."
        )
    else:
        text = (
            "Sổ tay chưa có căn cứ để trả lời câu này. Sổ tay chỉ trả lời về xét, công nhận nông thôn mới và về OCOP: "
            f"đánh giá, bao bì, câu chuyện, tên gọi sản phẩm{', và về các văn bản cơ quan đã nạp' if papers else ''}. "
            f"Nếu câu hỏi thuộc các việc đó, anh/chị thử nêu rõ sản phẩm, thủ tục hoặc văn bản, hoặc hỏi {ask}."
        )
    return text, (*_asking_for(near), *_headings(found, set()))[:3]


def doubt(said: Sequence[Statement]) -> str:
    """The word of doubt ahead of these statements: which question they answer, in the words of the knowledge, or which
    place of a paper they are."""
    first = next(statement.hit for statement in said if statement.hit)
    if not first.is_paper:
        return f"{DOUBT}{_NEAREST}: «{first.passage.heading}»"
    return f"{DOUBT}{_NEAREST_OF_PAPERS}: «{_place(first)}»"


def is_doubted(answer: Answer) -> bool:
    """Whether an answer begins with the word of doubt."""
    return answer.text.startswith(DOUBT)


def without_doubt(text: str) -> str:
    """An answer's text without the line of doubt that it may begin with."""
    return text.partition("\n")[2] if text.startswith(DOUBT) else text


def which(found: Found) -> tuple[str, tuple[str, ...]] | None:
    """What to ask back where a question is only a word or two ("tem", "mã vạch"), with the questions that the nearest
    passages answer; None for any other question, or where there is no choice."""
    reading = found.reading
    if is_approved(found):
        return None
    few = len(syllables(reading.text)) <= _TOPIC and reading.kind == Kind.OTHER and not reading.references.found
    choices = _headings(found, set())[:_CHOICES] if few else ()
    return (TOPIC.format(topic=reading.text.rstrip(" ?.!")), choices) if len(choices) > 1 else None


def suggestions(found: Found, said: Sequence[Statement]) -> tuple[str, ...]:
    """Up to three questions that neighbouring passages answer."""
    used = {statement.hit.passage.id for statement in said if statement.hit}
    return _headings(found, used)[:3]


def warnings(
    found: Found, said: Sequence[Statement], citations: Sequence[Citation], registry: Registry, today: date
) -> tuple[str, ...]:
    """What a reader must know before acting on the answer."""
    told: list[str] = []
    if found.on != today:
        told.append(f"Trả lời theo quy định tại ngày {show(found.on)}, không phải hôm nay ({show(today)}).")
    # A line on a current page that tells of the past says so itself; only whole passages of earlier rules need a
    # warning.
    gone = {s.hit.passage.id for s in said if s.hit and s.hit.standing == Standing.EARLIER}
    earlier = [c for c in citations if c.standing == Standing.EARLIER and c.passage_id in gone]
    for citation in earlier[:2]:
        name = citation.instrument or citation.title
        until = f", áp dụng đến {show(citation.valid_to)}" if citation.valid_to else ""
        told.append(f"[{citation.marker}] là quy định trước đây ({name}{until}), nay không còn áp dụng.")
    for citation in citations:
        if citation.standing == Standing.LATER:
            told.append(f"[{citation.marker}] chỉ có hiệu lực từ {show(citation.valid_from)}.")
        instrument = registry.get(citation.instrument) if citation.instrument else None
        if citation.standing == Standing.UNKNOWN:
            told.append(f"[{citation.marker}]: chưa rõ hiệu lực của văn bản này, hãy kiểm tra trước khi dùng.")
        elif instrument and instrument.suspended_by and citation.standing == Standing.EARLIER:
            told.append(f"{instrument.number} đang bị tạm ngưng theo {', '.join(instrument.suspended_by)}.")
        if citation.warning:
            told.append(f"[{citation.marker}]: {citation.warning}.")
    if place := _untold_place(found.reading.text, said):
        told.append(f"Các đoạn trích không nói riêng về {place}; đây là nội dung chung.")
    local = {s.hit.document.locality for s in said if s.hit} - {"trung-uong"}
    if local and found.reading.locality is None:
        told.append("Có nội dung chỉ áp dụng tại địa phương nêu trong nguồn, không phải quy định chung cả nước.")
    return tuple(dict.fromkeys(told))


_PLACE = re.compile(
    r"(?<!hợp tác )\b(xã|phường|huyện|thị xã|thị trấn|quận|thành phố|thôn|làng) (?=[^\W\d])", re.IGNORECASE
)


def _untold_place(text: str, said: Sequence[Statement]) -> str:
    """The place that a question names ("xã Yên Sơn") where no passage of the answer does; else empty."""
    words = text.split()
    if sum(word[:1].isupper() for word in words) > len(words) / 2:  # Every Word Is Typed So
        return ""
    passages = [s.hit.passage for s in said if s.hit]
    told = fold(" ".join(" ".join((*p.breadcrumb, p.text)) for p in passages))
    for kind in _PLACE.finditer(text):
        clause = re.split(r"[,.;:?!]", text[kind.end() :])[0].split()
        name = " ".join(list(takewhile(lambda word: word[:1].isupper() and not word[1:].isupper(), clause))[:4])
        if " " in name and fold(name) not in told:
            return f"{kind[1].lower()} {name}"
    return ""


def _place(hit: Hit) -> str:
    """A passage of a paper by the name of the paper and what heads it there."""
    return ", ".join(dict.fromkeys(filter(None, (hit.document.title, hit.passage.heading))))


def _asking_for(hit: Hit | None) -> tuple[str, ...]:
    """The question that shows the article or clause in which a paper's passage stands; none where it has no article:
    a section of a notice is not found by its number."""
    for source in hit.passage.sources if hit else ():
        if article := _ARTICLE.search(source.locator):
            return (f"{show_locator(article[0])} {source.key.partition('@')[0]} nói gì?",)
    return ()


def _headings(found: Found, used: set[str]) -> tuple[str, ...]:
    asked = set(content_terms(found.reading.text))
    headings: list[str] = []
    for hit in found.current:
        crumbs = hit.passage.breadcrumb
        heading = crumbs[-1] if crumbs else ""
        if hit.passage.id in used or hit.document.kind != "handbook" or not heading.endswith("?"):
            continue
        if heading not in headings and set(content_terms(heading)) != asked:
            headings.append(heading)
    return tuple(headings)
