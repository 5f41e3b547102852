"""What people asked in vain: questions without an answer and answers rated bad, grouped by likeness, with a guess at
the paper that is missing.

The guess is one and is worded so: it is read from what the question names, else from what stands nearest to it in the
knowledge. The same turns give the same groups.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select

from knowledge import say
from knowledge.dates import show
from knowledge.records import FEEDBACK, TURNS, mask
from knowledge.references import show_locator
from knowledge.same_question import overlap
from knowledge.settings import TIME_ZONE
from knowledge.text import fold, syllables
from knowledge.types import Question

if TYPE_CHECKING:
    from knowledge.assistant import Assistant

DAYS = 30
# Half meaning, half words: on questions of one matter in several wordings .45 and more, of two matters under .4.
_ALIKE = 0.42
_NEAR = 0.05  # probability of an answer from which what was found is about the same matter
_MOST = 2000
_OLD_RULE = "Quy định cũ"

PERHAPS = "có thể thiếu: {what}"
UNKNOWN_PAPER = "văn bản «{name}» (chưa có trong danh bạ)"
FULL_TEXT = "toàn văn {number} (kho mới có phần tóm lược)"
GUIDANCE = "hướng dẫn về {place}"
SUCCESSOR = "văn bản mới hơn {number} (người hỏi nói câu trả lời theo quy định cũ)"
NEIGHBOUR = "nội dung cạnh mục «{title}»{law}"
NOTHING_NEAR = "chưa rõ văn bản nào; câu hỏi không gần mục nào trong kho"


@dataclass(frozen=True)
class Gap:
    """One matter that people asked about in vain."""

    question: str
    count: int
    unanswered: int
    badly_rated: int
    last: date
    perhaps: str
    others: tuple[str, ...] = ()  # other wordings
    reasons: dict[str, int] = field(default_factory=dict)
    answered_now: bool = False

    def as_data(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self) | {"last": self.last.isoformat(), "others": list(self.others)}


@dataclass(frozen=True)
class _Asked:
    text: str
    at: datetime
    reason: str | None  # None: unanswered; else why it was rated bad
    instruments: tuple[str, ...]


def gaps(assistant: Assistant, *, days: int = DAYS) -> list[Gap]:
    """The matters asked in vain within so many days, what is still open and was asked most first."""
    asked = _asked(assistant, datetime.now(UTC) - timedelta(days=days))
    found = [_gap(assistant, group) for group in _groups(assistant, asked)]
    return sorted(found, key=lambda gap: (gap.answered_now, -gap.count, -gap.last.toordinal(), gap.question))


def told(gap: Gap) -> str:
    """A gap in two or three lines of Vietnamese."""
    parts = [f"{gap.unanswered} chưa trả lời được"] if gap.unanswered else []
    parts += [f"{gap.badly_rated} bị chê"] if gap.badly_rated else []
    lines = [f"«{gap.question}» – {gap.count} lần ({', '.join(parts)}), gần nhất {show(gap.last)}"]
    if gap.reasons:
        lines.append("Người hỏi chê: " + ", ".join(f"{why} ({n})" for why, n in gap.reasons.items()))
    lines.append("Nay đã có câu trả lời." if gap.answered_now else gap.perhaps[:1].upper() + gap.perhaps[1:])
    return "\n".join(lines)


# -- within ------------------------------------------------------------------------------------------------------------


def _asked(assistant: Assistant, since: datetime) -> list[_Asked]:
    """The turns in vain, oldest first, in words that stand alone."""
    bad = FEEDBACK.c.useful.is_(False)
    query = (
        select(
            TURNS.c.session_id, TURNS.c.question, TURNS.c.asked_at, TURNS.c.status, TURNS.c.answer, FEEDBACK.c.reason
        )
        .select_from(TURNS.outerjoin(FEEDBACK, and_(FEEDBACK.c.answer_id == TURNS.c.id, bad)))
        .where(TURNS.c.asked_at >= since, or_(TURNS.c.status == "abstained", FEEDBACK.c.number.is_not(None)))
        .order_by(TURNS.c.asked_at.desc(), TURNS.c.id)
        .limit(_MOST)
    )
    with assistant.engine.connect() as connection:
        rows = connection.execute(query).all()
    return [
        _Asked(
            mask(assistant.standalone(row.question, _before(assistant, row.session_id, row.asked_at))),
            row.asked_at,
            None if row.status == "abstained" else row.reason,
            tuple(dict.fromkeys(c["instrument"] for c in row.answer["citations"] if c["instrument"])),
        )
        for row in reversed(rows)
        if row.answer["text"] != say.FAILED
    ]


def _before(assistant: Assistant, session_id: str, at: datetime) -> tuple[str, ...]:
    earlier = (TURNS.c.session_id == session_id, TURNS.c.asked_at < at)
    query = select(TURNS.c.question).where(*earlier).order_by(TURNS.c.asked_at.desc()).limit(4)
    with assistant.engine.connect() as connection:
        return tuple(reversed(connection.scalars(query).all()))


def _groups(assistant: Assistant, asked: Sequence[_Asked]) -> list[list[_Asked]]:
    """Each question goes to the likest group's first question, or begins a group; those asked most begin first."""
    same: dict[str, list[_Asked]] = {}
    for one in asked:
        same.setdefault(" ".join(fold(s) for s in syllables(one.text)), []).append(one)
    wordings = sorted(same.items(), key=lambda item: (-len(item[1]), item[1][0].at, item[0]))
    if not wordings:
        return []
    vectors = assistant.index.embedder.questions([found[0].text for _, found in wordings])
    weight = assistant.index.weight
    leaders: list[int] = []
    groups: dict[int, list[_Asked]] = {}
    for n, (words, found) in enumerate(wordings):
        scores = [(float(vectors[n] @ vectors[m]) + overlap(words, wordings[m][0], weight)) / 2 for m in leaders]
        best = max(range(len(leaders)), key=lambda i: (scores[i], -i), default=None)
        if best is not None and scores[best] >= _ALIKE:
            groups[leaders[best]] += found
        else:
            leaders.append(n)
            groups[n] = list(found)
    return [groups[n] for n in leaders]


def _gap(assistant: Assistant, group: Sequence[_Asked]) -> Gap:
    wordings = list(dict.fromkeys(one.text for one in group))
    # With its marks where anyone typed them.
    question = next((text for text in wordings if fold(text) != text.lower()), wordings[0])
    reasons = Counter(one.reason for one in group if one.reason)
    unanswered = sum(one.reason is None for one in group)
    answer, sure = assistant.attempt(Question(question))
    now = unanswered > 0 and answer.status == "answered" and sure >= assistant.confidence.sure
    return Gap(
        question,
        len(group),
        unanswered,
        len(group) - unanswered,
        max(_utc(one.at) for one in group).astimezone(TIME_ZONE).date(),
        PERHAPS.format(what=_missing(assistant, question, group, sure)),
        tuple(text for text in wordings if text != question)[:5],
        dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        now and unanswered == len(group),
    )


def _missing(assistant: Assistant, question: str, group: Sequence[_Asked], sure: float) -> str:
    """A guess: the paper that the question names, what an old answer cited, else what stands nearest, where that comes
    near enough (`sure`) to an answer."""
    today, registry = assistant.settings.current_day(), assistant.registry
    reading = assistant.knowledge.reader.read(Question(question), today)
    if reading.references.unknown:
        return UNKNOWN_PAPER.format(name=reading.references.unknown[0])
    snapshot = assistant.index.snapshot
    held = {document.instrument for document in snapshot.documents.values()}
    for reference in reading.references.found:
        instrument = registry.get(reference.key) if reference.key else None
        if instrument is not None and instrument.key not in held:
            return FULL_TEXT.format(number=instrument.number)
        if instrument is not None or reference.locator:
            place = (show_locator(reference.locator), instrument.number if instrument else "")
            return GUIDANCE.format(place=" ".join(filter(None, place)))
    cited = Counter(key for one in group if one.reason == _OLD_RULE for key in one.instruments)
    if cited:
        return SUCCESSOR.format(number=min(cited, key=lambda key: (-cited[key], key)))
    hit = next(iter(assistant.search(question, k=1).current), None)
    if hit is None or sure < _NEAR:
        return NOTHING_NEAR
    rules = [i.number for s in hit.passage.sources if not s.past and (i := registry.get(s.key)) is not None]
    return NEIGHBOUR.format(title=hit.document.title, law=f" ({rules[0]})" if rules else "")


def _utc(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
