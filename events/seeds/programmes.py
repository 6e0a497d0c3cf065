"""Departments, programmes and manual figures of the demo, from their file."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Final

import yaml

from events.seeds.data import PROGRAMMES

SOURCES: Final = {
    "A": "团市委协办意见（2024 年）",
    "B": "市人力社保局答复（2024 年）",
    "AB": "团市委协办意见、市人力社保局答复（2024 年）",
}


@dataclass(frozen=True, slots=True)
class DepartmentFacts:
    code: str
    name: str
    en: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class ProgrammeFacts:
    """`host` and `partners` are codes of departments."""

    code: str
    name: str
    en: str
    kind: str
    host: str
    source: str
    partners: tuple[str, ...] = ()
    figure: str = ""
    rule: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FigureFacts:
    code: str
    label: str
    value: Decimal
    unit: str
    source: str
    year: int | None = None
    remark: str = ""


def departments() -> list[DepartmentFacts]:
    """Parents before their children."""
    return [DepartmentFacts(**each) for each in read()["departments"]]


def programmes() -> list[ProgrammeFacts]:
    return [ProgrammeFacts(**{**each, "partners": tuple(each.get("partners", ()))}) for each in read()["programmes"]]


def figures() -> list[FigureFacts]:
    return [FigureFacts(**{**each, "value": Decimal(str(each["value"]))}) for each in read()["figures"]]


@cache
def read() -> dict[str, Any]:
    return dict(yaml.safe_load(PROGRAMMES.read_text(encoding="utf-8")))
