"""Imports go down only, and each third-party library is at home in one package."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("knowledge", "ingest", "bot", "api")
# What each may import of ours; doors stand beside each other.
BELOW = {
    "knowledge": {"knowledge"},
    "ingest": {"ingest", "knowledge"},
    "api": {"api", "ingest", "knowledge"},
    "bot": {"bot", "ingest", "knowledge"},
    "sotay": {"api", "bot", "ingest", "knowledge"},
}
# Library to the packages (or the one module) that may import it.
HOMES = {
    "chromadb": {"knowledge/dense.py"},
    "tantivy": {"knowledge/lexical.py"},
    "safetensors": {"knowledge/embedding.py"},
    "sentence_transformers": {"knowledge/embedding.py"},
    "yaml": {"knowledge", "ingest"},
    "sqlalchemy": {"knowledge", "ingest", "bot"},
    "numpy": {"knowledge", "ingest"},
    "langchain": {"knowledge"},
    "langchain_core": {"knowledge"},
    "pydantic_settings": {"knowledge/settings.py"},
    "fastapi": {"api"},
    "starlette": {"api"},
    "uvicorn": {"api"},
    "telegram": {"bot"},
    "typer": {"sotay.py"},
    "rich": {"sotay.py"},
    "bs4": {"ingest"},
    "lxml": {"ingest"},
    "markdown_it": {"ingest"},
    "docx": {"ingest"},
    "pptx": {"ingest"},
    "openpyxl": {"ingest"},
    "xlrd": {"ingest"},
    "pdfplumber": {"ingest"},
    "pypdfium2": {"ingest"},
    "defusedxml": {"ingest"},
    "holidays": {"knowledge/working_days.py"},
}
# Sunset, or a server whose newest release has open holes.
NEVER = ("langchain_community", "chromadb.app", "chromadb.server")


def modules() -> list[Path]:
    """Every module that ships."""
    found = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [ROOT / "sotay.py", *found]


def imports(path: Path) -> Iterator[str]:
    """The dotted names that a module imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


def test_imports_go_down_only() -> None:
    wrong = []
    for path in modules():
        own = path.relative_to(ROOT).parts[0].removesuffix(".py")
        for name in imports(path):
            top = name.partition(".")[0]
            if top in BELOW and top not in BELOW[own]:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == []


def test_each_library_is_at_home_in_one_place() -> None:
    wrong = []
    for path in modules():
        place = path.relative_to(ROOT).as_posix()
        for name in imports(path):
            homes = HOMES.get(name.partition(".")[0])
            if homes and place not in homes and place.partition("/")[0] not in homes:
                wrong.append(f"{place} imports {name}, at home in {', '.join(sorted(homes))}")
            if name.startswith(NEVER):
                wrong.append(f"{place} imports {name}")
    assert wrong == []


def test_tests_and_benchmarks_are_imported_by_nothing_that_ships() -> None:
    wrong = [
        f"{path}: {n}" for path in modules() for n in imports(path) if n.startswith(("tests", "benchmarks", "small"))
    ]
    assert wrong == []


@pytest.mark.parametrize("module", ["knowledge.assistant", "knowledge.settings", "ingest.sync", "api.app", "sotay"])
def test_importing_a_module_does_nothing(module: str, tmp_path: Path) -> None:
    """No folder, no thread, no heavy library that only some commands need."""
    code = (
        f"import {module}, sys, threading\n"
        "assert threading.active_count() == 1, threading.enumerate()\n"
        "heavy = {'torch', 'sentence_transformers', 'langchain', 'chromadb', 'telegram'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert child.returncode == 0, child.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_imports_nothing_heavy_for_its_help() -> None:
    """Help answers at once because nothing of ours is imported for it."""
    ours = "[n for n in sys.modules if n.split('.')[0] in ('api', 'bot', 'ingest', 'knowledge')]"
    code = f"import sotay, sys\nassert not {ours}, {ours}"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert child.returncode == 0, child.stderr
