"""Procedures and their dossiers, from `data/procedures.yaml`: what a situation asks for, each item with its ground."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import BadInput
from knowledge.grounds import ground_faults, read_grounds
from knowledge.registry import Registry
from knowledge.shipped_data import read_yaml
from knowledge.types import Source

SHIPPED = Path(__file__).parent / "data" / "procedures.yaml"

_PROCEDURE = {"key", "name", "title", "rule", "page", "note", "items", "cases"}
_CASE = {"key", "name", "grounds", "note", "items"}
_ITEM = {"text", "if", "grounds"}


@dataclass(frozen=True)
class Item:
    """One thing that a dossier needs; `condition` says when only."""

    key: str
    text: str
    grounds: tuple[Source, ...]
    condition: str = ""


@dataclass(frozen=True)
class Case:
    """One situation of a procedure with its items; without any, `note` says why."""

    key: str
    name: str
    items: tuple[Item, ...]
    grounds: tuple[Source, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Procedure:
    """A procedure; the standing of its `rule` decides whether it is today's."""

    key: str
    name: str
    title: str
    rule: str
    cases: tuple[Case, ...]
    page: str = ""
    note: str = ""

    def case(self, key: str) -> Case | None:
        """The situation with this key, or None."""
        return next((case for case in self.cases if case.key == key), None)


@dataclass(frozen=True)
class Line:
    """A row of a checklist on paper."""

    text: str
    ground: str
    had: bool = False


@dataclass(frozen=True)
class Checklist:
    """A dossier checklist as it is printed: what a person has ticked on the day it is made."""

    title: str
    case: str
    subject: str
    made_on: date
    standing: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = field(default=())


def load_procedures(path: Path = SHIPPED) -> tuple[Procedure, ...]:
    """The shipped procedures; BadInput names the entry that is wrong."""
    try:
        data = read_yaml(path)
    except (OSError, yaml.YAMLError) as error:
        raise BadInput(f"Không đọc được các thủ tục {path}: {error}") from error
    procedures = tuple(map(_procedure, data))
    if len({procedure.key for procedure in procedures}) != len(procedures):
        raise BadInput(f"{path}: có hơn một thủ tục cùng khóa.")
    return procedures


def faults(procedures: Collection[Procedure], registry: Registry, others: Collection[str]) -> list[str]:
    """What is wrong with the grounds, one Vietnamese line each; `others` are the keys of other sources."""
    found = []
    for procedure in procedures:
        if registry.get(procedure.rule) is None:
            found.append(f"{procedure.key}: «{procedure.rule}» không có trong danh bạ văn bản")
        for case in procedure.cases:
            where = f"{procedure.key}.{case.key}"
            found += ground_faults(where, case.grounds, registry, others)
            found += [] if case.grounds else [f"{where}: thiếu căn cứ"]
            for item in case.items:
                found += ground_faults(f"{where}.{item.key}", item.grounds, registry, others)
                found += [] if item.grounds else [f"{where}.{item.key}: thiếu căn cứ"]
    return found


# -- reading -----------------------------------------------------------------------------------------------------------


def _procedure(entry: Mapping[str, Any]) -> Procedure:
    try:
        _only(entry, _PROCEDURE)
        items = {str(key): _item(str(key), value) for key, value in entry["items"].items()}
        cases = tuple(_case(case, items) for case in entry["cases"])
        if not cases or len({case.key for case in cases}) != len(cases):
            raise ValueError("thiếu trường hợp, hoặc hai trường hợp cùng khóa")
        if unused := set(items) - {item.key for case in cases for item in case.items}:
            raise ValueError(f"không trường hợp nào dùng: {', '.join(sorted(unused))}")
        text = {name: str(entry[name]) for name in ("key", "name", "title", "rule")}
        return Procedure(**text, cases=cases, page=str(entry.get("page") or ""), note=str(entry.get("note") or ""))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        name = entry.get("key", entry) if isinstance(entry, Mapping) else entry
        raise BadInput(f"Thủ tục «{name}» thiếu hoặc sai trường: {error}") from error


def _case(entry: Mapping[str, Any], items: Mapping[str, Item]) -> Case:
    _only(entry, _CASE)
    keys = [str(key) for key in entry["items"]]
    if len(set(keys)) != len(keys):
        raise ValueError(f"«{entry['key']}» có thành phần hai lần")
    if not keys and not entry.get("note"):
        raise ValueError(f"«{entry['key']}» không có thành phần nào thì phải nói vì sao ở note")
    return Case(
        key=str(entry["key"]),
        name=str(entry["name"]),
        items=tuple(items[key] for key in keys),
        grounds=read_grounds(entry.get("grounds")),
        note=str(entry.get("note") or ""),
    )


def _item(key: str, entry: Mapping[str, Any]) -> Item:
    _only(entry, _ITEM)
    return Item(key, str(entry["text"]), read_grounds(entry["grounds"]), str(entry.get("if") or ""))


def _only(entry: Mapping[str, Any], known: set[str]) -> None:
    if unknown := set(entry) - known:
        raise ValueError(f"trường lạ: {', '.join(sorted(map(str, unknown)))}")
