"""What an answer rests on in the register, and what has become of it since the answer was given."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from knowledge.dates import show
from knowledge.registry import Registry
from knowledge.types import Answer, Document, Instrument, Passage, Standing

if TYPE_CHECKING:
    from knowledge.assistant import Assistant

_LINKS = {
    "replaced_by": "{number} được thay thế bằng {other}{since}",
    "amended_by": "{number} được sửa đổi, bổ sung bởi {other}{since}",
    "suspended_by": "{number} bị tạm ngưng theo {other}{since}",
}
_DAY = timedelta(days=1)


def instruments_behind(assistant: Assistant, answer: Answer) -> list[Instrument]:
    """The instruments that an answer cites, and those on which the cited passages rest as rules of their time."""
    found: dict[str, Instrument] = {}
    for citation in answer.citations:
        known = assistant.passage(citation.passage_id)
        keys = [citation.instrument] if citation.instrument else []
        keys += [source.key for source in known[0].sources if not source.past] if known else []
        for key in keys:
            if (instrument := assistant.registry.get(key)) is not None:
                found[instrument.key] = instrument
    return list(found.values())


def grounds_of(assistant: Assistant, answer: Answer) -> dict[str, Any]:
    """How the ground of an answer stands now, as plain data for `changes_since`."""
    cited = dict.fromkeys(citation.passage_id for citation in answer.citations)
    return {
        "instruments": {i.key: _state(assistant, i) for i in instruments_behind(assistant, answer)},
        "passages": [i for i in cited if (found := assistant.passage(i)) and _holds(assistant, found[0], found[1])],
    }


def changes_since(assistant: Assistant, grounds: dict[str, Any]) -> list[str]:
    """What has changed, one Vietnamese line each; a passage is only told of where no instrument explains it."""
    told: list[str] = []
    registry = assistant.registry
    for key, before in grounds.get("instruments", {}).items():
        instrument = registry.get(key)
        if instrument is not None:
            told += _told(registry, instrument, before, _state(assistant, instrument))
    if not told:
        for number in grounds.get("passages", ()):
            found = assistant.passage(number)
            if found is not None and not _holds(assistant, found[0], found[1]):
                told.append(f"Đoạn «{(found[0].title or found[1].title)[:100]}» không còn áp dụng")
    return list(dict.fromkeys(told))


def _state(assistant: Assistant, instrument: Instrument) -> dict[str, Any]:
    ends = [interval.end for interval in instrument.in_force or ()]
    last = None if not ends or None in ends else max(end for end in ends if end)
    return {
        "standing": assistant.registry.standing(instrument.key, assistant.settings.current_day()).value,
        "end": last.isoformat() if last else "",
        **{link: list(getattr(instrument, link)) for link in _LINKS},
    }


def _told(registry: Registry, instrument: Instrument, before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    told = []
    for link, words in _LINKS.items():
        for name in now[link]:
            if name not in before[link]:
                other = registry.get(name)
                start = (
                    min((interval.start for interval in (other.in_force or ()) if other), default=None)
                    if other
                    else None
                )
                since = f" (có hiệu lực từ ngày {show(start)})" if start else ""
                told.append(words.format(number=instrument.number, other=other.number if other else name, since=since))
    if told:
        return told
    ended = before["standing"] == Standing.IN_FORCE.value and now["standing"] == Standing.EARLIER.value
    intervals = [interval.end for interval in instrument.in_force or () if interval.end]
    if ended:
        return [f"{instrument.number} hết hiệu lực" + (f" từ ngày {show(max(intervals) + _DAY)}" if intervals else "")]
    if now["end"] and now["end"] != before["end"]:
        return [f"{instrument.number} sẽ hết hiệu lực sau ngày {show(max(intervals))}"]
    return []


def _holds(assistant: Assistant, passage: Passage, document: Document) -> bool:
    keys = tuple(s.key for s in passage.sources if not s.past and assistant.registry.get(s.key))
    windows = assistant.knowledge.validity.windows_of(document.id, keys, {document.id: document})
    return assistant.knowledge.validity.in_force(windows, assistant.settings.current_day())
