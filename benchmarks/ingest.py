"""Reading documents: pages per second, peak memory, share of the gold text and tables recovered, beside other tools.

Run:  python benchmarks/ingest.py [--pages 60] [--pair FILE GOLD]... [--peers PYTHON] [--json OUT]

Without arguments a decision with articles, clauses, points and tables is made, written as DOCX and (where LibreOffice
is installed) as PDF, and read back: what was written is the gold. `--pair` adds a file of your own with a plain text,
or a Word twin of it, as gold. `--peers` names a Python in which markitdown, pypdf (and docling with its models on disk)
are installed; they read the same files in the same run, one child process for each tool and file. docling is left out
where its models are not on disk: it would fetch them from a hub. Times are the best of three, without imports.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

REPEATS = 3
WORDS = """
sản phẩm hộ gia đình hợp tác xã nuôi ong mật hoa nhãn chất lượng đánh giá công nhận hội đồng cấp tỉnh hồ sơ quy trình
tiêu chuẩn nguyên liệu địa phương bao bì nhãn mác truy xuất nguồn gốc thị trường tiêu thụ liên kết chuỗi giá trị vùng
trồng kiểm nghiệm an toàn thực phẩm giấy chứng nhận thời hạn thẩm quyền ủy ban nhân dân quyết định ban hành
"""


# -- the generated gold --------------------------------------------------------------------------------------------


def generated(pages: int) -> tuple[bytes, list[str], list[list[str]]]:
    """(a Word file, its paragraphs, the rows of its tables) of about so many pages."""
    import docx

    chance = random.Random(3)
    known = WORDS.split()

    def sentence(least: int, most: int) -> str:
        words = [chance.choice(known) for _ in range(chance.randrange(least, most))]
        return (" ".join(words)).capitalize()

    document = docx.Document()
    document.styles["Normal"].font.name = "DejaVu Serif"
    paragraphs: list[str] = []
    rows: list[list[str]] = []

    def add(text: str) -> None:
        document.add_paragraph(text)
        paragraphs.append(text)

    for article in range(1, pages * 2 + 1):
        add(f"Điều {article}. {sentence(4, 9)}")
        for clause in range(1, 4):
            add(f"{clause}. {sentence(25, 60)}:")
            for letter in "abc"[: chance.randrange(0, 4)]:
                add(f"{letter}) {sentence(10, 30)};")
        if article % 4 == 0:
            table = document.add_table(0, 4, style="Table Grid")
            made = [["STT", "Tiêu chí", "Yêu cầu", "Điểm"]]
            made += [[str(i), sentence(2, 4), sentence(3, 9), str(chance.randrange(1, 30))] for i in range(1, 8)]
            for row in made:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
            rows += made
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue(), paragraphs, rows


def office(source: Path, form: str, folder: Path) -> Path | None:
    """The file converted by LibreOffice, or None without it."""
    from ingest import programs

    program = programs.office()
    if program is None:
        return None
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, "--headless", profile, "--convert-to", form, "--outdir", str(folder), str(source)]
    programs.run(command, seconds=300, env={"HOME": str(folder)})
    made = folder / f"{source.stem}.{form.partition(':')[0]}"
    return made if made.is_file() else None


# -- one tool, one file, in a child --------------------------------------------------------------------------------


def ours(path: Path) -> str:
    from ingest.blocks import Table, block_lines
    from ingest.readers import read

    out = []
    for block in read(path).blocks:
        if isinstance(block, Table):
            out += ["| " + " | ".join(cell.replace("\n", " ") for cell in row) + " |" for row in block.rows]
        else:
            out += block_lines(block)
    return "\n".join(out)


def markitdown(path: Path) -> str:
    from markitdown import MarkItDown

    return str(MarkItDown().convert(str(path)).text_content)


def pypdf(path: Path) -> str:
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def docling(path: Path) -> str:
    from docling.document_converter import DocumentConverter

    return str(DocumentConverter().convert(str(path)).document.export_to_markdown())


TOOLS = {"ours": ours, "markitdown": markitdown, "pypdf": pypdf, "docling": docling}


def child(tool: str, path: Path) -> None:
    """Reads a file REPEATS times and tells the text, the seconds and the memory as JSON."""
    if tool == "docling":
        import os

        os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    seconds = []
    text = ""
    for _ in range(REPEATS):
        started = time.perf_counter()
        text = TOOLS[tool](path)
        seconds.append(time.perf_counter() - started)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"text": text, "first": seconds[0], "seconds": min(seconds), "mb": memory}))


def measured(python: str, tool: str, path: Path) -> dict[str, Any]:
    command = [python, str(Path(__file__).resolve()), "--child", tool, str(path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=1800, check=False)
    except subprocess.TimeoutExpired:
        return {"error": "not finished in 30 minutes"}
    if done.returncode:
        return {"error": (done.stderr.strip().split("\n") or [""])[-1][:200]}
    return dict(json.loads(done.stdout.strip().split("\n")[-1]))


# -- scores --------------------------------------------------------------------------------------------------------


def words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).lower())


def shingles(found: list[str], size: int = 5) -> Counter[tuple[str, ...]]:
    return Counter(tuple(found[i : i + size]) for i in range(len(found) - size + 1))


def scores(text: str, paragraphs: list[str], rows: list[list[str]]) -> dict[str, float]:
    """Shares of the gold found: words, runs of five words, whole paragraphs on one line, table rows cell by cell."""
    gold, read = words("\n".join(paragraphs + [" ".join(row) for row in rows])), words(text)
    many, found = Counter(gold), Counter(read)
    runs, got = shingles(words("\n".join(paragraphs))), shingles(read)
    lines = {" ".join(words(re.sub(r"[*#_`\\]", "", line))) for line in text.split("\n")}
    told = [p for p in paragraphs if len(words(p)) > 3]
    cells = {
        tuple(" ".join(words(c)) for c in line.strip().strip("|").split("|"))
        for line in text.split("\n")
        if "|" in line
    }
    return {
        "words": sum((many & found).values()) / max(len(gold), 1),
        "runs": sum((runs & got).values()) / max(sum(runs.values()), 1),
        "paragraphs": sum(" ".join(words(p)) in lines for p in told) / max(len(told), 1),
        "rows": sum(tuple(" ".join(words(c)) for c in row) in cells for row in rows) / len(rows)
        if rows
        else float("nan"),
        "articles": float(articles(text)),
    }


def articles(text: str) -> int:
    """How far the articles count on from 1 at the start of lines."""
    last = 0
    for match in re.finditer(r"^[\s>#*]*Điều\s+(\d+)", unicodedata.normalize("NFC", text), re.MULTILINE):
        last += int(match.group(1)) == last + 1
    return last


def gold_of(path: Path, folder: Path) -> list[str]:
    """The lines of a plain text, or of a Word file as LibreOffice writes them out."""
    if path.suffix.lower() not in (".txt", ".md"):
        copy = folder / f"gold{path.suffix}"
        copy.write_bytes(path.read_bytes())
        made = office(copy, "txt:Text (encoded):UTF8", folder)
        if made is None:
            raise SystemExit(f"LibreOffice is needed for the gold {path.name}.")
        path = made
    return [line for line in path.read_text("utf-8-sig").split("\n") if line.strip()]


def pages_of(path: Path) -> int:
    if path.suffix != ".pdf":
        return 1
    import pypdfium2

    return len(pypdfium2.PdfDocument(path))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--pair", nargs=2, action="append", default=[], metavar=("FILE", "GOLD"))
    parser.add_argument("--peers", metavar="PYTHON")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        child(given.child[0], Path(given.child[1]))
        return
    results = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data, paragraphs, rows = generated(given.pages)
        (folder / "generated.docx").write_bytes(data)
        work = [(folder / "generated.docx", paragraphs, rows)]
        if pdf := office(folder / "generated.docx", "pdf", folder):
            work.insert(0, (pdf, paragraphs, rows))
        work += [(Path(file), gold_of(Path(gold), folder), []) for file, gold in given.pair]
        for path, paragraphs, rows in work:
            results += compared(path, paragraphs, rows, given.peers)
    if given.json:
        given.json.write_text(json.dumps({"files": results}, ensure_ascii=False, indent=1), "utf-8")


def compared(path: Path, paragraphs: list[str], rows: list[list[str]], peers: str | None) -> list[dict[str, Any]]:
    """Every tool on one file, printed as a table with the ratio of the times to ours."""
    pages = pages_of(path)
    print(f"\n{path.name}: {pages} pages" if path.suffix == ".pdf" else f"\n{path.name}")
    print(
        f"{'tool':12}{'pages/s':>9}{'MB':>7}{'words':>8}{'runs':>8}{'paragr.':>9}{'rows':>7}{'articles':>10}{'time/ours':>11}"
    )
    out: list[dict[str, Any]] = []
    for tool in TOOLS:
        if tool != "ours" and (peers is None or (tool == "pypdf" and path.suffix != ".pdf")):
            continue
        row = measured(sys.executable if tool == "ours" else str(peers), tool, path)
        if "error" in row:
            print(f"{tool:12}{row['error']}")
            out.append({"file": path.name, "tool": tool, "error": row["error"]})
            continue
        row |= scores(row.pop("text"), paragraphs, rows)
        row |= {"file": path.name, "tool": tool, "pages": pages, "pages_per_s": pages / row["seconds"]}
        row["ratio"] = row["seconds"] / (out[0]["seconds"] if out else row["seconds"])
        out.append(row)
        print(
            f"{tool:12}{row['pages_per_s']:9.1f}{row['mb']:7.0f}{row['words']:8.3f}{row['runs']:8.3f}"
            f"{row['paragraphs']:9.3f}{row['rows']:7.3f}{row['articles']:10.0f}{row['ratio']:11.1f}"
        )
    return out


if __name__ == "__main__":
    main()
