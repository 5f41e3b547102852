"""Write knowledge/handbook/bo-san-pham/bo-01.md … bo-26.md, one page a set of products.

    python scripts/write_scorecard_pages.py [--out FOLDER]

Figures come from knowledge/data/scorecards, everyday names and advice from scripts/scorecard_pages.yaml, ways of asking
in people's own words from scripts/scorecard_ways.tsv; the sections are in the modules scorecard_*.py beside this one.
Change a page there, not in the Markdown, or the next run loses it; tests/knowledge/test_scorecards.py holds pages and
data together.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the packages of this checkout
sys.path.insert(0, str(Path(__file__).resolve().parent))  # the modules beside this one, where a test loads it by path

import scorecard_materials as materials
import scorecard_papers as papers
import scorecard_producer as producer
import scorecard_quality as quality
import scorecard_sections as general
import scorecard_stars as stars
from scorecard_page import TOURISM, Page
from scorecard_tourism import tourism

from knowledge.scorecards import BANDS, Scorecard, load_scorecards

HERE = Path(__file__).resolve().parent
HAND = HERE / "scorecard_pages.yaml"
OUT = HERE.parent / "knowledge" / "handbook" / "bo-san-pham"

OPENING = (general.front_matter, general.which_set, general.set_apart, general.own_fact, general.points)
OF_GOODS = (
    general.points_of_parts_a_and_b,
    materials.origin,
    materials.other_provinces,
    materials.rarity,
    quality.quality_points,
    quality.quality_levels,
    quality.single_matters,
    stars.packing,
    stars.story,
    stars.brand,
    producer.workers,
    producer.business,
    papers.declared_quality,
    papers.vouched_quality,
    stars.market,
    stars.links_environment_profit,
)
CLOSING = (general.rejections, general.advice, general.misprints)


def write(card: Scorecard, hand: dict[str, Any]) -> str:
    """The Markdown of one page, from its score sheet and its hand-kept words."""
    page = Page(card, hand)
    for section in (*OPENING, *((tourism,) if card.set == TOURISM else OF_GOODS)):
        section(page)
    for star in BANDS:
        stars.minimums(page, star)
    for section in CLOSING:
        section(page)
    return "\n".join(page.lines) + "\n"


def main() -> int:
    """Write every page into the folder; 0 when done."""
    parser = argparse.ArgumentParser(description="Write one handbook page for each set of products.")
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    hand = yaml.safe_load(HAND.read_text(encoding="utf-8"))
    args.out.mkdir(parents=True, exist_ok=True)
    for number, card in load_scorecards().items():
        (args.out / f"bo-{number:02}.md").write_text(write(card, hand[number]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
