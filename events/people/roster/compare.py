"""What a roster would change: its students against those that we know. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from events.people.roster.shapes import Field, RosterStudent


@dataclass(frozen=True, slots=True)
class Known:
    """A student of the school as stored. `facts` has every Field but the number."""

    id: int
    number: str
    facts: Mapping[Field, Any]
    has_left: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """`fields`: what is other than before, with the old and the new value. `returns`: had been marked as gone."""

    known: Known
    student: RosterStudent
    fields: Mapping[Field, tuple[Any, Any]]
    returns: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """`gone`: on our roster and not in the file."""

    added: tuple[RosterStudent, ...]
    changed: tuple[Difference, ...]
    unchanged: int
    gone: tuple[Known, ...]


def compare(students: Sequence[RosterStudent], known: Sequence[Known], fields: Collection[Field]) -> Comparison:
    """`fields`: the columns of the file. An absent column and an empty cell say nothing of a student."""
    by_number = {each.number: each for each in known}
    added = tuple(each for each in students if each.number not in by_number)
    met = [(by_number[each.number], each) for each in students if each.number in by_number]
    differences = [difference(before, after, fields) for before, after in met]
    changed = tuple(each for each in differences if each.fields or each.returns)
    present = {each.number for each in students}
    gone = tuple(each for each in known if each.number not in present and not each.has_left)
    return Comparison(added, changed, len(met) - len(changed), gone)


def difference(before: Known, after: RosterStudent, fields: Collection[Field]) -> Difference:
    said = {field: getattr(after, field) for field in Field if field in fields and field is not Field.NUMBER}
    changes: dict[Field, tuple[Any, Any]] = {
        field: (before.facts[field], value) for field, value in said.items() if value and value != before.facts[field]
    }
    return Difference(before, after, changes, before.has_left)
