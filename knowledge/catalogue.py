"""The sources that are no legal documents: news, guidance, statistics, each an entry of `data/sources.yaml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from knowledge.shipped_data import read_yaml

DATA = Path(__file__).parent / "data" / "sources.yaml"


@dataclass(frozen=True)
class SourceEntry:
    """Where a line comes from when no legal document stands behind it."""

    key: str
    title: str
    publisher: str = ""
    url: str = ""
    confidence: str = ""


def load_sources(path: Path = DATA) -> dict[str, SourceEntry]:
    """All entries by key."""
    data = read_yaml(path)
    return {
        str(key): SourceEntry(
            str(key),
            str(raw.get("title") or key),
            str(raw.get("publisher") or ""),
            str(raw.get("url") or ""),
            str(raw.get("confidence") or ""),
        )
        for key, raw in data.items()
    }
