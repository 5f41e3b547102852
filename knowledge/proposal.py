"""What a legal text says of its own validity and of others', as an entry proposed for the register.

Each field carries how plainly it was stated and the sentence it rests on, so that the person who confirms can check it
at a glance. A proposal decides nothing: `knowledge.overlay` lays it over the register once an admin has confirmed it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Literal, get_args

from knowledge.dates import as_date
from knowledge.errors import BadInput

# stated in so many words · computed or inferred from them · doubtful
Plainness = Literal["rõ", "suy ra", "ngờ"]
RelationKind = Literal["replaces", "repeals", "amends"]

TOLD_RELATIONS: dict[RelationKind, str] = {"replaces": "thay thế", "repeals": "bãi bỏ", "amends": "sửa đổi"}
FIELDS = ("number", "kind", "title", "issuer", "place", "signed", "effective", "expires", "locality")
_DAYS = ("signed", "effective", "expires")
TOLD_FIELDS = {
    "number": "số, ký hiệu", "kind": "loại văn bản", "title": "tên", "issuer": "cơ quan ban hành", "place": "nơi ký",
    "signed": "ngày ký", "effective": "ngày có hiệu lực", "expires": "ngày cuối cùng còn hiệu lực",
    "locality": "địa phương",
}  # fmt: skip
BY_HAND = "Người quản trị nhập."


@dataclass(frozen=True)
class Stated:
    """One field: its value (a day as ISO text; empty where the text does not say), and what it rests on."""

    value: str = ""
    plainness: Plainness = "ngờ"
    sentence: str = ""


@dataclass(frozen=True)
class Relation:
    """Another instrument that the text ends or changes; `ends` is the last day on which that one holds.

    `amends` never ends the whole; it also stands where only a part is repealed or replaced.
    """

    kind: RelationKind
    number: str
    name: str = ""  # its kind as written: Quyết định
    signed: date | None = None
    ends: date | None = None
    plainness: Plainness = "rõ"
    sentence: str = ""


@dataclass(frozen=True)
class Proposal:
    """An entry proposed for the register."""

    fields: Mapping[str, Stated] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, Stated()).value

    def day(self, name: str) -> date | None:
        """A field that is a day."""
        value = self[name]
        return date.fromisoformat(value) if value else None

    @property
    def number(self) -> str:
        """The number, which is never empty."""
        return self["number"]

    @property
    def doubtful(self) -> tuple[str, ...]:
        """The fields, and the relations by number, that a person should check before confirming."""
        shaky = [name for name in FIELDS if name in self.fields and self.fields[name].plainness != "rõ"]
        return (*shaky, *(relation.number for relation in self.relations if relation.plainness != "rõ"))

    def edited(self, changes: Mapping[str, Any]) -> Proposal:
        """The same with fields or relations as a person wants them; BadInput in Vietnamese for what cannot stand."""
        fields = dict(self.fields)
        relations = self.relations
        for name, value in changes.items():
            if name == "relations":
                relations = tuple(_relation_given(raw) for raw in _list(value))
            elif name not in FIELDS:
                raise BadInput(
                    f"Đề nghị không có trường «{str(name)[:40]}». Các trường: {', '.join(FIELDS)}, relations."
                )
            elif value is not None and not isinstance(value, (str, date)):
                raise BadInput(f"Trường «{name}» phải là chữ.")
            else:
                text = " ".join(str(value or "").split())[:600]
                text = as_date(text).isoformat() if text and name in _DAYS else text
                fields[name] = Stated(text, "rõ", BY_HAND)
        result = replace(self, fields=fields, relations=relations)
        _check(result)
        return result

    def as_data(self) -> dict[str, Any]:
        """JSON-ready."""
        relations = [asdict(r) | {"signed": _iso(r.signed), "ends": _iso(r.ends)} for r in self.relations]
        return {"fields": {name: asdict(stated) for name, stated in self.fields.items()}, "relations": relations}


def proposal_from(data: Mapping[str, Any]) -> Proposal:
    """The proposal that `as_data` wrote."""
    fields = {str(name): Stated(**raw) for name, raw in data["fields"].items()}
    days = [{**raw, "signed": _read(raw["signed"]), "ends": _read(raw["ends"])} for raw in data["relations"]]
    return Proposal(fields, tuple(Relation(**raw) for raw in days))


def _check(proposal: Proposal) -> None:
    if not proposal.number:
        raise BadInput("Đề nghị phải có số, ký hiệu văn bản.")
    signed, start, end = (proposal.day(name) for name in _DAYS)
    if start and end and end < start:
        raise BadInput("Ngày hết hiệu lực sớm hơn ngày có hiệu lực.")
    if start and signed and start < signed:
        raise BadInput("Ngày có hiệu lực sớm hơn ngày ký.")


def _list(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(raw, Mapping) for raw in value):
        raise BadInput("«relations» phải là danh sách các mục {kind, number, signed, ends}.")
    return value


def _relation_given(raw: Mapping[str, Any]) -> Relation:
    kind: Any = raw.get("kind")
    number = str(raw.get("number") or "").strip()
    if kind not in get_args(RelationKind) or not number:
        raise BadInput("Mỗi quan hệ cần «number» và «kind» là replaces, repeals hoặc amends.")
    signed, ends = (as_date(str(raw[name])) if raw.get(name) else None for name in ("signed", "ends"))
    name = str(raw.get("name") or "")[:60]
    return Relation(kind, number[:80], name, signed, ends, "rõ", str(raw.get("sentence") or BY_HAND)[:600])


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _read(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
