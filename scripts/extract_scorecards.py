"""Write knowledge/data/scorecards/bo-01.yaml … bo-26.yaml from the text of decision 26/2026/QĐ-TTg.

    python scripts/extract_scorecards.py DECISION.html [--out FOLDER] [--accept]

Codes, points, star marks, sectors, groups and lead agencies come from the decision; the words of levels, notes and
rejections are our own (scripts/scorecard_wording.yaml), since bodies of official documents are not shipped. Misprints
are put right by CORRECTIONS, each of which says what is printed: when the decision no longer prints that, the script
stops. It also stops when printed words changed since our wording was written; read the place, mend the wording, then
`--accept` renews the digests. Re-running reproduces the files byte for byte.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from lxml import html

ROOT = Path(__file__).resolve().parent.parent
WORDING = ROOT / "scripts" / "scorecard_wording.yaml"
OUT = ROOT / "knowledge" / "data" / "scorecards"
FIRST_SHEET, AGENCIES = 4, 2  # tables of the decision: 2 is Phụ lục I; sheet n is table 2n + 2

Node = dict[str, Any]


@dataclass(frozen=True)
class Correction:
    """One misprint: where it stands, what is printed, how it is read and why."""

    set: int
    at: str  # criterion code, or "A" for the heading of a part
    level: int | None  # printed order from 1; None for the criterion itself
    field: str  # points | min_star | words | bullet
    printed: object
    read_as: object
    why: str


BLANK = "Tám phiếu khác có cùng mức này đều in 0, và mức kế tiếp là 1."
CORRECTIONS = [
    Correction(4, "1.2", 1, "points", "", 0, BLANK),
    Correction(4, "7", 3, "points", "13", 3, "Tối đa của mục 7 là 3; phiếu bộ 1 và bộ 3 in 3 ở mức này."),
    Correction(7, "1.2", 1, "points", "", 0, BLANK),
    Correction(7, "3.1", 2, "points", "1", 2, "Mức thứ hai trùng điểm với mức thứ nhất; 25 phiếu khác in 2."),
    Correction(7, "7", 4, "bullet", "o", "□", "Đầu dòng in chữ o thay cho ô đánh dấu."),
    Correction(10, "1.2", 1, "points", "", 0, BLANK),
    Correction(10, "3.5", 2, "min_star", None, 4, "Thiếu dấu 4 sao; 25 phiếu khác, kể cả bộ 26, đều in dấu này."),
    Correction(11, "1.2", 1, "points", "", 0, BLANK),
    Correction(11, "6.1.1", 2, "points", "11", 1, "Tối đa của mục 6.1.1 là 2; mức trước 0, mức sau 2."),
    Correction(
        2,
        "2.1",
        2,
        "words",
        "được trồng phổ biến",
        "được nuôi trồng, đánh bắt phổ biến",
        "Câu chép từ phiếu rau quả; bộ 2 là thịt, thủy sản, trứng, sữa.",
    ),
    Correction(
        19,
        "2.3",
        1,
        "words",
        "Đơn đăng ký nhãn hiệu",
        "Có nhãn, ghi nhãn đủ và đúng quy định",
        "Chép nhầm mức thứ nhất của mục 3.5; phiếu khác in yêu cầu về nhãn ở chỗ này.",
    ),
    Correction(23, "9", None, "points", "4 1", 4, "Thừa số 1; hai mức của mục 9 là 2 và 4, phần C cộng đúng 35."),
    Correction(26, "A", None, "words", "35 Điểm", "40 điểm", "Cột điểm in 40 và các mục cộng lại đúng 40."),
]


class Disagreement(Exception):
    """The decision, the corrections and the wording do not fit together."""


class _Flow(dict):  # type: ignore[type-arg]
    """A mapping written on one line."""


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        return super().increase_indent(flow, False)


_Dumper.add_representer(_Flow, lambda d, data: d.represent_mapping("tag:yaml.org,2002:map", data, flow_style=True))


def squash(text: str) -> str:
    return " ".join(text.split())


def plain(text: str) -> str:
    """Words and figures only, for comparing what is printed: no stars, case, bullets or punctuation."""
    return re.sub(r"[^\w<>≥%]+", " ", text.replace("*", "").lower()).strip()


def sentence(text: str) -> str:
    """Printed capitals as a sentence."""
    return text.capitalize() if text.isupper() else text


def places(at: str) -> Iterator[tuple[int, str]]:
    """Every (set, code) that an `at` names: "1-4 6 m1.5; 5 m1.4"."""
    for chunk in at.split(";"):
        *ranges, code = chunk.split()
        for item in ranges:
            low, _, high = item.partition("-")
            yield from ((number, code.removeprefix("m")) for number in range(int(low), int(high or low) + 1))


def wrong(sheet: Node) -> list[Correction]:
    return [c for c in CORRECTIONS if c.set == sheet["set"]]


def corrected(sheet: Node, at: str, level: int | None, field: str, printed: object) -> Any:
    """What is printed, or how a correction says to read it (each must find its misprint exactly once)."""
    for c in wrong(sheet):
        if (c.at, c.level, c.field) == (at, level, field):
            hit = str(c.printed) in str(printed) if field == "words" else printed == c.printed
            if not hit:
                raise Disagreement(f"bộ {c.set} m{at}: {c.printed!r} expected by a correction, {printed!r} printed")
            sheet["_done"].append(c)
            return c.read_as
    return printed


def rows(table: html.HtmlElement) -> Iterator[tuple[str, str]]:
    """(words, value) of each row; a note inside a level's cell becomes a row of its own."""
    for tr in table.xpath(".//tr"):
        cells = [squash(td.text_content()) for td in tr.xpath("./td")]
        words, value = cells[0], cells[1] if len(cells) > 1 else ""
        if re.match(r"(□|o) ", words) and " Ghi chú:" in words:
            level, _, note = words.partition(" Ghi chú:")
            yield level, value
            yield f"Ghi chú:{note}", ""
        else:
            yield words, value


def read_sheet(table: html.HtmlElement, sheet: Node) -> None:
    """Fill sheet["parts"] with the printed tree; words of levels and notes stay printed under keys with `_`."""
    parents: dict[str, Node] = {}
    current: Node = {}
    for words, value in rows(table):
        if words == "Các tiêu chí" or words.startswith("TỔNG CỘNG"):
            continue
        if part := re.match(r"phần ([ABC])\W+(.*?)\s*\((\d+ điểm)\)", words, re.IGNORECASE):
            corrected(sheet, part[1], None, "words", part[3])
            sheet["parts"][part[1]] = current = {"name": sentence(part[2]), "points": int(value), "criteria": []}
            parents = {"": current}
        elif found := re.match(r"(\d+(?:\.\d+)*)\.?\s+(.*)", words):
            code, title = found[1], found[2]
            name = re.split(r"\s*\(| Yêu cầu:| Chất lượng\b(?=[ :]*\(|: )| Áp dụng", title)[0]
            points = int(corrected(sheet, code, None, "points", value))
            current = {"code": code, "name": sentence(name), "points": points, "_levels": [], "_notes": []}
            if rest := title[len(name) :].strip():
                current["_notes"].append(rest)
            parents[code] = current
            parents[code.rpartition(".")[0]].setdefault("criteria", []).append(current)
        elif bullet := re.match(r"(□|o) (.*)", words):
            at, order = current["code"], len(current["_levels"]) + 1
            corrected(sheet, at, order, "bullet", bullet[1])
            corrected(sheet, at, order, "words", bullet[2])
            stars = max((len(run.replace(" ", "")) for run in re.findall(r"\*[* ]*", bullet[2])), default=0)
            level = _Flow(points=int(corrected(sheet, at, order, "points", value)), text=bullet[2])
            if star := corrected(sheet, at, order, "min_star", stars or None):
                level["min_star"] = star
            if "_case" in current:
                level["case"] = current["_case"]
            current["_levels"].append(level)
        else:
            current["_notes"].append(words)
            if "Trường hợp " in words:
                current["_case"] = words


def walk(node: Node) -> Iterator[Node]:
    for child in node.get("criteria", []):
        yield child
        yield from walk(child)


def word(sheet: Node, wording: Node, digests: dict[int, list[str]]) -> None:
    """Put our words in the place of the printed ones and collect what was read for the digests."""
    entries = {place: n for n, entry in enumerate(wording["levels"]) for place in places(entry["at"])}
    for part in sheet["parts"].values():
        for node in walk(part):
            node["name"] = wording["names"].get(node["name"], node["name"])
            levels, notes = node.pop("_levels"), node.pop("_notes")
            said: list[str] = []
            for printed in notes:
                match = next((n for n in wording["notes"] if plain(n["has"]) in plain(printed)), None)
                if match is None:
                    raise Disagreement(f"bộ {sheet['set']} m{node['code']}: no wording for the row {printed!r}")
                if match["kind"] == "note":
                    said.append(match["text"])
                elif match["kind"] not in ("case", "skip"):
                    sheet["rejections"].append(_Flow(kind=match["kind"], at=node["code"], text=match["text"]))
            cases = {
                p: n["text"]
                for p in notes
                for n in wording["notes"]
                if n["kind"] == "case" and plain(n["has"]) in plain(p)
            }
            node.pop("_case", None)
            if "criteria" in node:
                node["criteria"] = node.pop("criteria")
            else:
                entry = entries.get((sheet["set"], node["code"]))
                if entry is None or len(wording["levels"][entry]["levels"]) != len(levels):
                    raise Disagreement(f"bộ {sheet['set']} m{node['code']}: wording does not fit {len(levels)} levels")
                digests.setdefault(entry, []).append(plain(" / ".join(level["text"] for level in levels)))
                for level, text in zip(levels, wording["levels"][entry]["levels"], strict=True):
                    level["text"] = text
                    if "case" in level:
                        level["case"] = cases[level["case"]]
                node["levels"] = levels
                said += [wording["levels"][entry]["note"]] if "note" in wording["levels"][entry] else []
            if said:
                node["note"] = " ".join(said)
            if node["points"] != sum(c["points"] for c in node.get("criteria", [node])):
                raise Disagreement(f"bộ {sheet['set']} m{node['code']}: the criteria do not add up")
        if part["points"] != sum(c["points"] for c in part["criteria"]):
            raise Disagreement(f"bộ {sheet['set']}: a part does not add up")


def read_groups(table: html.HtmlElement) -> list[tuple[str, str, list[str]]]:
    """(sector, group, agencies) of the 26 kinds of product in Phụ lục I, in order."""
    kinds, sector, group = [], "", ""
    for tr in table.xpath(".//tr")[1:]:
        number, name, agency = (squash(td.text_content()) for td in tr.xpath("./td"))
        if number in ("I", "II", "III", "IV", "V", "VI"):
            sector = sentence(name.removeprefix("SẢN PHẨM "))
            continue
        group = name.removeprefix("Nhóm: ") if name.startswith("Nhóm: ") else group
        if agency:
            kinds.append((sector, group, agency.split("; ")))
    return kinds


def read_heads(root: html.HtmlElement) -> list[Node]:
    """Name, printed rejection and presence of the star note for each sheet, in order."""
    heads: list[Node] = []
    paragraphs = (squash(p.text_content()) for p in root.xpath("//p[not(ancestor::table)]"))
    for text in itertools.dropwhile(lambda text: text != "PHỤ LỤC II", paragraphs):
        name = re.match(r"(\d+)\. (?:Bộ sản phẩm:|Sản phẩm) (.*)", text)
        if name and int(name[1]) == len(heads) + 1:
            heads.append({"name": name[2][0].upper() + name[2][1:], "rejects": "", "note": False})
        elif heads and re.match(r"(Hồ sơ b|B)ị loại khi", text):
            heads[-1]["rejects"] = text
        elif heads and text.startswith("Ghi chú: Dấu sao là yêu cầu tối thiểu"):
            heads[-1]["note"] = True
    return heads


def check_digests(wording: Node, digests: dict[int, list[str]], accept: bool) -> None:
    """Stop when the words that our texts were written from have changed."""
    raw = WORDING.read_text(encoding="utf-8")
    for n, entry in enumerate(wording["levels"]):
        digest = hashlib.sha256("\n".join(digests.get(n, [])).encode()).hexdigest()[:8]
        if n not in digests:
            raise Disagreement(f"wording at {entry['at']!r} is used nowhere")
        if str(entry.get("read")) != digest:
            if not accept:
                raise Disagreement(f"the words at {entry['at']!r} changed: read them, mend the wording, then --accept")
            line = f"- at: {entry['at']}\n"
            raw = re.sub(re.escape(line) + r"(  read: .*\n)?", f'{line}  read: "{digest}"\n', raw)
    if accept:
        WORDING.write_text(raw, encoding="utf-8")


def extract(decision: Path, *, accept: bool = False) -> dict[str, str]:
    """File name → content for all 26 sheets."""
    root = html.fromstring(decision.read_text(encoding="utf-8"))
    tables, heads = root.xpath("//table"), read_heads(root)
    wording = yaml.safe_load(WORDING.read_text(encoding="utf-8"))
    digests: dict[int, list[str]] = {}
    files: dict[str, str] = {}
    rejections = {n: e for e in wording["rejections"] for n, _ in places(f"{e['at']} head")}
    for number, (head, kind) in enumerate(zip(heads, read_groups(tables[AGENCIES]), strict=True), start=1):
        sector, group, agencies = kind
        items = rejections[number]["items"]
        if bool(items) != bool(head["rejects"]):
            raise Disagreement(f"bộ {number}: wording of the head does not fit")
        sheet: Node = {
            "set": number,
            "name": head["name"],
            "sector": sector,
            "group": group,
            "agencies": agencies,
            "star_note": head["note"],
            "rejections": [],
            "parts": {},
            "_done": [],
        }
        sheet["rejections"] = [_Flow(kind="loại", at="", text=text) for text in items]
        read_sheet(tables[FIRST_SHEET + 2 * (number - 1)], sheet)
        word(sheet, wording, digests)
        if len(done := sheet.pop("_done")) != len(wrong(sheet)):
            raise Disagreement(f"bộ {number}: a correction found no place")
        sheet["corrections"] = [
            _Flow(at=c.at, level=c.level, field=c.field, printed=c.printed, read_as=c.read_as, why=c.why) for c in done
        ]
        sheet["doubts"] = [
            _Flow(at=d["code"], text=d["text"])
            for d in wording["doubts"]
            if number in {n for n, _ in places(f"{d['at']} x")}
        ]
        text = yaml.dump(sheet, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
        files[f"bo-{number:02}.yaml"] = "# Written by scripts/extract_scorecards.py; do not edit by hand.\n" + text
    check_digests(wording, digests, accept)
    return files


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the 26 score sheets as data.")
    parser.add_argument("decision", type=Path, help="the decision as HTML")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--accept", action="store_true", help="renew the digests after re-reading changed words")
    args = parser.parse_args()
    try:
        files = extract(args.decision, accept=args.accept)
    except Disagreement as problem:
        print(problem, file=sys.stderr)
        return 1
    args.out.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (args.out / name).write_text(text, encoding="utf-8")
    print(f"{len(files)} score sheets in {args.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
