"""What this machine's other commands ask of the owner of the data folder; they hold its one-start secret."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from api.deps import HouseDep, OwnCallsOnly
from ingest.report import FileReport
from knowledge.errors import SotayError
from knowledge.gaps import DAYS, told
from knowledge.gaps import gaps as found_gaps

router = APIRouter(prefix="/internal", dependencies=[OwnCallsOnly], include_in_schema=False)


class Ingest(BaseModel):
    """Paths to read, absolute."""

    paths: list[str]
    dry_run: bool = False
    prune: bool = False


@router.post("/ingest")
def ingest(wanted: Ingest, here: HouseDep) -> StreamingResponse:
    """Run an ingest; one JSON line for each file as it is done, then the report or an error."""
    lines: queue.Queue[dict[str, Any] | None] = queue.Queue()

    def progress(file: FileReport, number: int, total: int) -> None:
        lines.put({"file": asdict(file), "number": number, "total": total})

    def work() -> None:
        try:
            report = here.sync.run(
                [Path(path) for path in wanted.paths], dry_run=wanted.dry_run, prune=wanted.prune, progress=progress
            )
            lines.put({"report": report.as_data()})
        except SotayError as error:
            lines.put({"error": str(error), "exit_code": error.exit_code})
        except Exception as error:
            lines.put({"error": f"Lỗi ngoài dự kiến: {error}", "exit_code": 1})
        finally:
            lines.put(None)

    def stream() -> Iterator[str]:
        while (line := lines.get()) is not None:
            yield json.dumps(line, ensure_ascii=False) + "\n"

    # A thread of its own: the run goes on to its end when the command that asked for it is killed.
    threading.Thread(target=work, name="ingest", daemon=True).start()
    return StreamingResponse(stream(), media_type="application/x-ndjson")


@router.get("/gaps")
def gaps(here: HouseDep, days: int = DAYS) -> list[dict[str, Any]]:
    """What people asked in vain, grouped."""
    return [gap.as_data() | {"told": told(gap)} for gap in found_gaps(here.assistant, days=days)]


@router.get("/passages")
def passages(path: str, here: HouseDep) -> list[dict[str, Any]]:
    """A known file's passages in order."""
    found = here.sync.passages_of(Path(path))
    if found is None:
        raise HTTPException(404, "Tệp này chưa được nạp.")
    return found
