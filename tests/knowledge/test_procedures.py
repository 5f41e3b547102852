"""Procedures: the shipped data has its grounds, and what is wrong is refused."""

from pathlib import Path

import pytest

import knowledge
from knowledge.catalogue import load_sources
from knowledge.errors import BadInput
from knowledge.procedures import faults, load_procedures
from knowledge.references import show_locator
from knowledge.registry import Registry

SHIPPED = Path(knowledge.__file__).parent / "handbook"
PROCEDURES = {procedure.key: procedure for procedure in load_procedures()}
REGISTRY = Registry.load()


def test_every_item_has_its_ground_in_the_register():
    assert faults(PROCEDURES.values(), REGISTRY, load_sources()) == []


def test_every_current_item_names_its_place_in_the_rule():
    bare = [
        f"{procedure.key}.{item.key}"
        for procedure in PROCEDURES.values()
        if procedure.rule != "1048/QĐ-TTg"  # known from the press, without articles
        for case in procedure.cases
        for item in case.items
        if not show_locator(item.grounds[0].locator)
    ]
    assert bare == []


def test_every_page_named_is_in_the_handbook():
    assert [p.page for p in PROCEDURES.values() if not (SHIPPED / p.page).is_file()] == []


def test_situations_of_ocop_ask_for_what_the_decision_says():
    ocop = PROCEDURES["ocop"]
    items = {case.key: {item.key for item in case.items} for case in ocop.cases}
    assert all({"m01", "m02", "mau5", "bo"} <= keys for keys in items.values())
    assert items["nang"] - items["moi"] == {"thaydoi"}
    assert items["lai"] - items["moi"] == {"capnhat", "kndk", "thoihan"}


def test_names_fit_on_a_button():
    names = [p.name for p in PROCEDURES.values()] + [case.name for p in PROCEDURES.values() for case in p.cases]
    assert [name for name in names if len(name) > 46] == []


GOOD = """
- key: a
  name: A
  title: A
  rule: 26/2026/QĐ-TTg
  items:
    x: {text: X, grounds: [26/2026/QĐ-TTg Đ6 k1]}
  cases:
    - {key: c, name: C, grounds: [26/2026/QĐ-TTg Đ6], items: [x]}
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("items: [x]", "items: [y]"),
        ("items: [x]", "items: [x, x]"),
        ("items: [x]", "items: []"),
        ("  title: A\n", ""),
        ("  title: A\n", "  title: A\n  colour: red\n"),
        (", grounds: [26/2026/QĐ-TTg Đ6 k1]", ""),
        ("    x: {", "    z: {text: Z, grounds: [26/2026/QĐ-TTg Đ6 k1]}\n    x: {"),
    ],
)
def test_an_entry_that_is_wrong_is_refused(tmp_path, old, new):
    path = tmp_path / "procedures.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert faults(load_procedures(path), REGISTRY, ()) == []
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput):
        load_procedures(path)


@pytest.mark.parametrize("ground", ["99/2099/QĐ-TTg Đ1", "o-l26", "26/2026/QĐ-TTg 6.1"])
def test_a_ground_that_leads_nowhere_is_found(tmp_path, ground):
    path = tmp_path / "procedures.yaml"
    path.write_text(GOOD.replace("26/2026/QĐ-TTg Đ6 k1", ground), encoding="utf-8")
    assert faults(load_procedures(path), REGISTRY, load_sources())
