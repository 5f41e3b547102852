"""Answer quality on golden questions: accuracy, citations, false answers and false refusals, by topic.

An answer is right when its status is the expected one, every `must` group has one of its alternatives in the
answer, nothing of `must_not` is there; a citation is right when one of the expected instruments is cited.
Everything is compared folded, and a bare number only at digit boundaries.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.assistant import Assistant
from knowledge.errors import BadInput
from knowledge.say import is_doubted, without_doubt
from knowledge.text import fold, modern_tones, normalise
from knowledge.types import Answer, Question


@dataclass(frozen=True)
class Golden:
    """One question with what its answer must hold."""

    id: str
    topic: str
    question: str
    expect: str
    must: tuple[tuple[str, ...], ...] = ()
    must_not: tuple[str, ...] = ()
    instrument: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    as_of: date | None = None
    locality: str | None = None
    style: tuple[str, ...] = ()
    split: str = "dev"


@dataclass
class Result:
    """How one question went; `faults` says in Vietnamese what was wrong."""

    id: str
    topic: str
    question: str
    expect: str
    style: tuple[str, ...]
    status: str
    right: bool
    cited: bool | None
    answer: str
    doubted: bool = False  # answered with a word of doubt ahead
    citations: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    elapsed_ms: float = 0.0

    def as_data(self) -> dict[str, Any]:
        """The result as it is written to JSON."""
        return asdict(self)


# How an answer says that the rules are silent.
_SILENT = re.compile(
    r"khong (?:quy dinh|noi|an dinh|neu|ghi|co quy dinh|dat ra|noi ro|co muc|co con so|"
    r"xac dinh|liet ke|co cau)|chua co can cu|"
    r"chua (?:quy dinh|ban hanh|co (?:van ban|quy dinh|huong dan|so lieu|nguon|du|mau|thong tin))|chua thay|khong thay|"
    r"khong tim thay|chua tim thay|chua ro|chua xac|de ngo|khong co (?:mau|thu tuc|quy dinh|dieu)"
)


def load_golden(folder: Path, split: str = "all") -> list[Golden]:
    """The golden questions of a folder; BadInput names the line that is malformed."""
    if not folder.is_dir():
        raise BadInput(f"Không có thư mục câu hỏi «{folder}».")
    questions = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                questions.append(_golden(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                raise BadInput(f"{path.name} dòng {number}: {error}") from error
    return [q for q in questions if split in ("all", q.split)]


def run(
    assistant: Assistant, questions: Sequence[Golden], *, progress: Callable[[int], None] | None = None
) -> list[Result]:
    """Ask every question and judge what comes back."""
    results = []
    session = f"evaluate-{uuid.uuid4().hex[:12]}"  # no question may see another, nor an earlier run's
    for number, golden in enumerate(questions, 1):
        asked = Question(golden.question, history=golden.history, as_of=golden.as_of, locality=golden.locality)
        results.append(judge(golden, assistant.ask(asked, session_id=f"{session}-{number}", channel="evaluate")))
        if progress:
            progress(number)
    return results


def judge(golden: Golden, answer: Answer) -> Result:
    """Whether an answer is what its question needs."""
    said = without_doubt(answer.text)
    text = _key(said)
    faults: list[str] = []
    if golden.expect == "not_regulated":
        if answer.status != "abstained" and not _SILENT.search(fold(said)):
            faults.append("không nói rằng văn bản không quy định")
    elif golden.expect == "abstained":
        if answer.status == "answered" and not _SILENT.search(fold(said)):
            faults.append("trả lời thay vì từ chối")
    elif answer.status != golden.expect:
        faults.append(f"trạng thái {answer.status}, cần {golden.expect}")
    if answer.status == "answered" and golden.expect == "answered":
        faults += [f"thiếu: {' | '.join(group)}" for group in golden.must if not any(_has(text, m) for m in group)]
    faults += [f"không được có: {m}" for m in golden.must_not if answer.status == "answered" and _has(text, m)]
    cited: bool | None = None
    if golden.instrument and golden.expect == "answered" and answer.status == "answered":
        cited = any(citation.instrument in golden.instrument for citation in answer.citations)
    return Result(
        golden.id,
        golden.topic,
        golden.question,
        golden.expect,
        golden.style,
        answer.status,
        not faults,
        cited,
        answer.text,
        is_doubted(answer),
        [f"{c.instrument} {c.locator}".strip() or c.title for c in answer.citations],
        faults,
        round(answer.timings.get("total_ms", 0.0), 1),
    )


def holds(golden: Golden, text: str) -> bool:
    """Whether a text has all that an answer must have."""
    key = _key(text)
    return all(any(_has(key, wanted) for wanted in group) for group in golden.must)


def table(results: Sequence[Result]) -> str:
    """Results by topic and by style, one line each."""
    lines = [f"{'':24}{'câu':>5}{'đúng':>8}{'trích đúng':>12}{'bịa':>7}{'từ chối nhầm':>14}{'dè dặt':>9}"]
    topics = sorted({result.topic for result in results})
    groups = [("tất cả", list(results))]
    groups += [(topic, [r for r in results if r.topic == topic]) for topic in topics]
    styles = sorted({style for result in results for style in result.style})
    groups += [(f"· {style}", [r for r in results if style in r.style]) for style in styles]
    groups += [(f"= {e}", [r for r in results if r.expect == e]) for e in sorted({r.expect for r in results})]
    for name, members in groups:
        lines.append(f"{name:24}{len(members):>5}" + "".join(_cells(members)))
    times = sorted(result.elapsed_ms for result in results)
    if times:
        p50, p95 = times[len(times) // 2], times[min(len(times) - 1, int(0.95 * len(times)))]
        lines.append(f"p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    return "\n".join(lines)


def rates(results: Sequence[Result]) -> dict[str, float | None]:
    """Accuracy, citation accuracy, false-answer rate (of what must be refused), false-refusal rate (of what must not)
    and the share answered with a word of doubt."""
    refuse = [r for r in results if r.expect in ("abstained", "not_regulated")]
    answer = [r for r in results if r.expect == "answered"]
    cited = [r.cited for r in results if r.cited is not None]
    return {
        "accuracy": _share(r.right for r in results),
        "citation_accuracy": _share(cited),
        "false_answers": _share(not r.right for r in refuse),
        "false_refusals": _share(r.status != "answered" for r in answer),
        "doubted": _share(r.doubted for r in results),
    }


def compare_runs(before: Sequence[dict[str, Any]], now: Sequence[Result]) -> str:
    """What changed since an earlier run, question by question."""
    was = {row["id"]: row["right"] for row in before}
    better = [r for r in now if r.id in was and r.right and not was[r.id]]
    worse = [r for r in now if r.id in was and not r.right and was[r.id]]
    lines = [f"Tốt lên {len(better)} câu, kém đi {len(worse)} câu so với lần trước."]
    lines += [f"  + {r.id}: {r.question}" for r in better]
    lines += [f"  − {r.id}: {r.question} ({'; '.join(r.faults)})" for r in worse]
    return "\n".join(lines)


def _cells(results: list[Result]) -> list[str]:
    found = rates(results)
    widths = {"accuracy": 8, "citation_accuracy": 12, "false_answers": 7, "false_refusals": 14, "doubted": 9}
    return [f"{'–' if value is None else f'{value:.1%}':>{widths[name]}}" for name, value in found.items()]


def _share(values: Iterable[bool]) -> float | None:
    values = list(values)
    return sum(values) / len(values) if values else None


def _key(text: str) -> str:
    text = re.sub(r"\[\d+\]", " ", modern_tones(normalise(text)))
    return " ".join(re.sub(r"[“”\"'«»]", "", fold(text)).split())


def _has(key: str, wanted: str) -> bool:
    words = _key(wanted)
    start = r"(?<![\d.,])" if words[:1].isdigit() else r"(?<!\w)"
    end = r"(?![\d]|[.,]\d)" if words[-1:].isdigit() else r"(?!\w)" if words[-1:].isalpha() else ""
    return re.search(start + re.escape(words) + end, key) is not None


def _golden(data: dict[str, Any]) -> Golden:
    return Golden(
        id=data["id"],
        topic=data["topic"],
        question=data["question"],
        expect=data["expect"],
        must=tuple(tuple(group) for group in data.get("must") or ()),
        must_not=tuple(data.get("must_not") or ()),
        instrument=tuple(data.get("instrument") or ()),
        history=tuple(data.get("history") or ()),
        as_of=date.fromisoformat(data["as_of"]) if data.get("as_of") else None,
        locality=data.get("locality"),
        style=tuple(data.get("style") or ()),
        split=data.get("split") or "dev",
    )
