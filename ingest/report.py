"""What became of a run over files, as people and programs read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Status = Literal["read", "unchanged", "refused", "failed", "removed"]


@dataclass(frozen=True)
class FileReport:
    """What became of one file; `path` as it was given, `reason` in Vietnamese where it was not read."""

    path: str
    status: Status
    reason: str = ""
    type: str = ""
    pages: int | None = None
    passages: int = 0
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()
    scores: Mapping[int, float] = field(default_factory=dict)  # of each page that was recognised from a picture

    def as_data(self) -> dict[str, Any]:
        """JSON-ready; scores only where there are any."""
        data = asdict(self) | {"scores": {str(page): score for page, score in self.scores.items()}}
        return data if self.scores else {name: value for name, value in data.items() if name != "scores"}


@dataclass
class Report:
    """What became of a run, file by file."""

    files: list[FileReport] = field(default_factory=list)
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    proposals: list[dict[str, Any]] = field(default_factory=list)  # new ones for the register, to be confirmed

    def count(self, status: Status) -> int:
        """How many files ended so."""
        return sum(file.status == status for file in self.files)

    def as_data(self) -> dict[str, Any]:
        """The report as it is written to JSON."""
        totals = {status: self.count(status) for status in ("read", "unchanged", "refused", "failed", "removed")}
        return {
            "files": [file.as_data() for file in self.files],
            "totals": {
                **totals,
                "files": len(self.files),
                "pages": sum(file.pages or 0 for file in self.files),
                "passages": sum(file.passages for file in self.files if file.status != "removed"),
                "seconds": round(self.seconds, 3),
            },
            "notes": self.notes,
            **({"proposals": self.proposals} if self.proposals else {}),
        }


Progress = Callable[[FileReport, int, int], None]
