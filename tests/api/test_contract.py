"""The described API against the served one: schemathesis sends what the schema allows and what it does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from server import Server

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)


def test_no_request_brings_a_500_or_an_undescribed_answer(tmp_path: Path) -> None:
    with Server(tmp_path / "data") as server:
        program = str(Path(sys.executable).with_name("schemathesis"))
        options = {
            "--checks": ",".join(CHECKS),
            "--phases": "examples,coverage,fuzzing",
            "--max-examples": "15",
            "--seed": "20261121",
            "--generation-database": "none",
            "--suppress-health-check": "all",
            "--request-timeout": "20",
        }
        arguments = [part for option in options.items() for part in option]
        found = subprocess.run(
            [program, "run", f"{server.url}/openapi.json", "--no-color", *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            timeout=250,
        )
        assert found.returncode == 0, found.stdout[-6000:] + found.stderr[-2000:]
        assert server.process.poll() is None, "the server ended"
