"""Score sheets: the arithmetic of each, its star minimums, and that the pages for producers tell the same figures."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from knowledge.scorecards import BANDS, Criterion, Level, Part, Scorecard, load_scorecards

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "knowledge" / "handbook" / "bo-san-pham"
DECISION = ROOT.parent / "shared" / "data" / "real" / "quyet-dinh-26-2026-qd-ttg.html"
CARDS = load_scorecards()

each_card = pytest.mark.parametrize("card", CARDS.values(), ids=lambda card: f"bo-{card.set}")
each_star = pytest.mark.parametrize("star", BANDS)


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec
    assert spec.loader
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def sheet(*levels: Level, points: int = 100) -> Scorecard:
    """A sheet of one criterion."""
    parts = (Part("A", "", points, (Criterion("1", "", points, levels),)), Part("B", "", 0, ()), Part("C", "", 0, ()))
    return Scorecard(99, "", "", "", (), True, (), parts, (), ())


# The sheets themselves


def test_there_are_26_sheets_in_6_sectors_and_17_groups() -> None:
    assert list(CARDS) == list(range(1, 27))
    assert len({card.sector for card in CARDS.values()}) == 6
    assert len({(card.sector, card.group) for card in CARDS.values()}) == 17


@each_card
def test_every_sheet_adds_up_to_40_25_and_35(card: Scorecard) -> None:
    assert [card.total(letter) for letter in "ABC"] == [40, 25, 35]
    assert [card.part(letter).points for letter in "ABC"] == [40, 25, 35]


@each_card
def test_every_heading_is_the_sum_of_its_criteria(card: Scorecard) -> None:
    def check(criterion: Criterion) -> None:
        if criterion.criteria:
            assert not criterion.levels
            assert criterion.points == sum(child.points for child in criterion.criteria), criterion.code
        for child in criterion.criteria:
            assert child.code.startswith(f"{criterion.code}.")
            check(child)

    for part in card.parts:
        for criterion in part.criteria:
            check(criterion)
    assert max(Counter(c.code for c in card.leaves()).values()) == 1


@each_card
def test_levels_rise_to_the_maximum_of_their_criterion(card: Scorecard) -> None:
    for c in card.leaves():
        if not c.levels:
            assert (c.name, c.points) == ("Ghi nhãn song ngữ", 1)
            continue
        for case in {level.case for level in c.levels}:
            points = [level.points for level in c.levels if level.case == case]
            assert points == sorted(points)
            assert points[-1] == c.points, f"{c.code} {points}"
            if (card.set, c.code) != (23, "6.2"):  # printed with 1 point twice; kept, see its doubts
                assert len(set(points)) == len(points), f"{c.code} {points}"


@each_star
@each_card
def test_every_star_can_be_reached_with_all_its_minimums(card: Scorecard, star: int) -> None:
    assert card.reachable(star)
    held = {minimum.criterion.code: minimum.points for minimum in card.minimums(star)}
    for mark in card.marks(star):
        assert mark.level in mark.criterion.levels
        assert held[mark.criterion.code] >= mark.points
    assert card.floor(star) == sum(held.values()) < BANDS[star][0]


@each_card
def test_a_higher_star_never_asks_for_less(card: Scorecard) -> None:
    for c in card.leaves():
        marked = [(level.min_star, level.points) for level in c.levels if level.min_star]
        assert marked == sorted(marked)
        assert len({star for star, _ in marked}) == len(marked), f"{c.code}: one star marked on two levels"


@each_card
def test_levels_that_are_minimums_can_be_read_alone(card: Scorecard) -> None:
    for star in BANDS:
        for mark in card.marks(star):
            assert not mark.level.text.startswith(("thêm", "như mức")), mark


@pytest.mark.parametrize(
    ("number", "code", "levels", "marks"),
    [  # read by eye from the decision
        (14, "6.3", [0, 1, 2, 3, 5], {}),
        (13, "4.2", [0, 1, 3, 4], {}),
        (9, "1.1", [1, 3, 5], {3: 1}),
        (13, "1.1", [1, 2, 3], {3: 2}),
        (4, "6.4", [0, 1, 2, 3, 4], {4: 3, 5: 4}),
        (2, "6.1", [1, 2, 4], {5: 4}),
        (7, "6.5", [0, 1, 3, 5], {4: 3, 5: 5}),
        (11, "6.2.3", [0, 1, 3, 5], {}),
        (16, "9", [1, 3, 5], {5: 5}),
        (24, "4.1", [1, 2, 3, 4, 5], {}),
        (24, "2.2", [1, 3, 4], {3: 1, 5: 4}),
        (25, "8", [0, 3, 5], {3: 5}),
        (26, "3.4", [1, 3], {4: 3}),
        (10, "3.5", [1, 2, 3], {3: 1, 4: 2}),
    ],
)
def test_levels_and_marks_are_those_of_the_decision(
    number: int, code: str, levels: list[int], marks: dict[int, int]
) -> None:
    criterion = CARDS[number].criterion(code)
    assert [level.points for level in criterion.levels] == levels
    assert {level.min_star: level.points for level in criterion.levels if level.min_star} == marks


def test_tourism_has_its_own_sheet() -> None:
    card = CARDS[26]
    assert not card.star_note
    assert not card.rejections
    assert [(m.criterion.code, m.level.min_star) for s in BANDS for m in card.marks(s)] == [
        ("3.5", 3),
        ("3.4", 4),
        ("3.5", 4),
    ]
    assert all(other.star_note and other.rejections for other in CARDS.values() if other is not card)


def test_each_correction_is_in_the_data_and_says_why() -> None:
    found = {(card.set, c.at, c.level, c.field) for card in CARDS.values() for c in card.corrections}
    assert len(found) == 13
    for card in CARDS.values():
        for c in card.corrections:
            assert c.why
            assert c.printed != c.read_as
            if c.field in ("points", "min_star"):
                criterion = card.criterion(c.at)
                place = criterion.levels[c.level - 1] if c.level else criterion
                assert getattr(place, c.field) == c.read_as


def test_minimums_of_lower_stars_are_kept_and_the_higher_wins() -> None:
    card = sheet(Level(10, "a", 3), Level(60, "b", 4), Level(100, "c"))
    assert [m.points for m in card.minimums(3)] == [10]
    assert [m.points for m in card.minimums(5)] == [60]
    assert card.floor(4) == 60


def test_a_star_whose_minimum_leaps_over_its_band_is_out_of_reach() -> None:
    card = sheet(Level(10, "a", 3), Level(95, "b"))
    assert not card.reachable(3)
    assert card.reachable(5)


def test_unknown_criterion_names_the_set() -> None:
    with pytest.raises(KeyError, match="bộ 7"):
        CARDS[7].criterion("99")


# The pages for producers


def page(card: Scorecard) -> str:
    return (PAGES / f"bo-{card.set:02}.md").read_text(encoding="utf-8")


def sections(card: Scorecard) -> dict[str, str]:
    blocks = page(card).split("\n## ")[1:]
    return {heading: body for heading, _, body in (block.partition("\n") for block in blocks)}


def test_there_is_one_page_a_set() -> None:
    assert sorted(path.name for path in PAGES.glob("bo-*.md")) == [f"bo-{n:02}.md" for n in CARDS]


@each_card
def test_tables_tell_the_maximum_points_of_the_data(card: Scorecard) -> None:
    rows = re.findall(r"^\| (?:Phần ([ABC]) – )?([\d.]+)\. (.+?) \| (\d+) \|", page(card), re.MULTILINE)
    assert rows
    for letter, code, name, points in rows:
        criterion = card.criterion(code)
        assert (criterion.name, criterion.points) == (name, int(points))
        assert not letter or criterion in card.part(letter).criteria
    tops = [code for letter, code, _, _ in rows if letter]
    assert tops == [c.code for part in card.parts for c in part.criteria]


@each_card
def test_every_criterion_is_on_the_page(card: Scorecard) -> None:
    told = set(re.findall(r"^(?:\| |- )(?:Phần [ABC] – |Tiêu chí )?([\d.]+)\. ", page(card), re.MULTILINE))
    assert {c.code for c in card.leaves()} <= told


@each_card
def test_level_lists_tell_the_points_and_words_of_the_data(card: Scorecard) -> None:
    lists = re.findall(r"^- (?:Tiêu chí )?([\d.]+)\. (.+) \(tối đa (\d+) điểm\) – (.*)\. \{", page(card), re.MULTILINE)
    assert len(lists) >= 5
    for code, name, most, levels in lists:
        criterion = card.criterion(code)
        assert (criterion.name, criterion.points) == (name, int(most))
        told = re.findall(r"(\d+) điểm: (?:\[(.+?)\] )?(.*?)(?=; \d+ điểm: |$)", levels)
        assert told == [(str(level.points), level.case or "", level.text) for level in criterion.levels]


@each_star
@each_card
def test_star_sections_tell_the_minimums_of_the_data(card: Scorecard, star: int) -> None:
    bodies = [body for heading, body in sections(card).items() if f" muốn {star} sao " in heading]
    text = "\n".join(bodies)
    told = re.findall(
        r"^- (?:Tiêu chí )?([\d.]+)\. (.+?): (?:đủ|từ) (\d+) điểm(?: \(tối đa (\d+)\))? – "
        r"(.*?)(?: \(bản chép .*?\))?\.(?: .*)? \{",
        text,
        re.MULTILINE,
    )
    marks = card.marks(star)
    assert told == [
        (
            m.criterion.code,
            m.criterion.name,
            str(m.points),
            "" if m.points == m.criterion.points else str(m.criterion.points),
            m.level.text,
        )
        for m in marks
    ]
    low, below = BANDS[star]
    assert f"từ {low} đến {'100' if star == 5 else f'dưới {below}'} điểm" in bodies[0]
    if marks:
        assert f"{len(marks)} mức tối thiểu mang dấu {star} sao" in bodies[0] or not card.star_note
    assert f"cộng lại được {card.floor(star)} điểm, cần thêm ít nhất {low - card.floor(star)} điểm" in text


@each_card
def test_the_page_tells_everything_that_rejects_a_file(card: Scorecard) -> None:
    body = next(body for heading, body in sections(card).items() if "bị loại hoặc dừng chấm" in heading)
    for item in card.rejections:
        where = f" (mục {item.at})" if item.at else ""
        assert f"- {item.kind.capitalize()}{where}: {item.text} {{" in body


@each_card
def test_every_line_has_a_source_and_a_code_cites_its_own_criterion(card: Scorecard) -> None:
    text = page(card).partition("\n---\n")[2]
    for line in filter(None, text.splitlines()):
        if line.startswith(("## ", "<!-- hỏi: ", "|---")) or re.match(r"\| \D+ \| Điểm tối đa \|$", line):
            continue
        source = re.search(r"\{([^{}]+)\}$", line)
        assert source, line
        for number, code in re.findall(r"PLII B(\d+)(?: m([\d.]+))?", source[1]):
            assert int(number) == card.set
            assert not code or card.criterion(code)
        if code := re.match(r"(?:\| |- )(?:Phần [ABC] – )?([\d.]+)\. ", line):
            assert source[1].endswith(f" m{code[1]}"), line


@each_card
def test_headings_stand_alone_and_offer_other_ways_of_asking(card: Scorecard) -> None:
    front = yaml.safe_load(page(card).split("---\n")[1])
    assert front["instruments"] == ["26/2026/QĐ-TTg"]
    assert str(front["valid_from"]) == "2026-05-22"
    assert front["confidence"] == ("một nguồn" if card.corrections else "chắc chắn")
    for heading, body in sections(card).items():
        assert re.search(rf"[Bb]ộ {card.set} \(.+\)", heading)
        asked, _, rest = body.partition("\n")
        assert asked.startswith("<!-- hỏi: ")
        assert re.search(rf"[Bb]ộ {card.set}\b", rest.splitlines()[0])
        assert 150 <= len(re.sub(r" *\{[^{}]*\}", "", f"{heading}\n{rest}").strip()) <= 1250, heading


def test_pages_are_what_the_script_writes() -> None:
    """Change words in scripts/scorecard_pages.yaml and run scripts/write_scorecard_pages.py; do not edit the pages."""
    write = script("write_scorecard_pages")
    hand = yaml.safe_load((ROOT / "scripts" / "scorecard_pages.yaml").read_text(encoding="utf-8"))
    for number, card in CARDS.items():
        assert write.write(card, hand[number]) == page(card)


@pytest.mark.skipif(not DECISION.exists(), reason="the text of the decision is not shipped")
def test_data_is_what_the_script_reads_from_the_decision() -> None:
    for name, text in script("extract_scorecards").extract(DECISION).items():
        assert (ROOT / "knowledge" / "data" / "scorecards" / name).read_text(encoding="utf-8") == text


@pytest.mark.skipif(not DECISION.exists(), reason="the text of the decision is not shipped")
def test_a_changed_decision_stops_the_script(tmp_path: Path) -> None:
    extract = script("extract_scorecards")
    text = DECISION.read_text(encoding="utf-8")
    for old, new, complaint in [
        ("Màu không đều, chấp nhận", "Màu tạm, chấp nhận", "changed"),
        (">13</p>", ">3</p>", "bộ 4 m7"),
    ]:
        assert old in text
        (tmp_path / "decision.html").write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(extract.Disagreement, match=complaint):
            extract.extract(tmp_path / "decision.html")
