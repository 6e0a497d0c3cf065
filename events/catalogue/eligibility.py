"""Whom an event is for: an AND of ORs over verified facts of the roster, kept as JSON beside the event.

{"all": [{"any": [{"fact": "college", "is": ["信息工程学院"]}, {"fact": "grade", "is": [2024]}]}]}
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from events.errors import Fault, Invalid
from events.people.names import BadText, clean_line
from events.people.queries import StudentProfile

MAX_CLAUSES = 20
MAX_CONDITIONS = 20  # in one clause
MAX_VALUES = 300  # in one condition
VALUE_MOST = 100  # characters

Value = str | int | bool


class Fact(StrEnum):
    SCHOOL = "school"
    COLLEGE = "college"
    MAJOR = "major"
    CLASS_NAME = "class_name"
    GRADE = "grade"
    GENDER = "gender"
    EDUCATION = "education"
    GRADUATION_YEAR = "graduation_year"
    ON_ROSTER = "on_roster"


NUMBERS = frozenset({Fact.GRADE, Fact.GRADUATION_YEAR})


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Met when the student's fact is one of these values."""

    fact: Fact
    is_: tuple[Value, ...] = msgspec.field(name="is")


class Clause(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Met when one of its conditions is."""

    any: tuple[Condition, ...]


class Eligibility(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Met when all its clauses are; without any, by everyone."""

    all: tuple[Clause, ...] = ()


EVERYONE = Eligibility()


def from_json(text: str | bytes) -> Eligibility:
    """Raises Invalid on what is not such a rule."""
    try:
        return msgspec.json.decode(text, type=Eligibility)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise Invalid({"eligibility": Fault.NOT_AN_OPTION}) from error


def to_json(rule: Eligibility) -> str:
    return msgspec.json.encode(rule).decode()


def facts_of(student: StudentProfile) -> dict[Fact, Value]:
    """What the roster vouches for. Off-roster students typed their facts themselves: nothing but that is known."""
    if not student.on_roster:
        return {Fact.ON_ROSTER: False}
    known: Mapping[Fact, Value | None] = {fact: getattr(student, fact.value) for fact in Fact}
    return {fact: value for fact, value in known.items() if value is not None}


def admits(rule: Eligibility, student: StudentProfile | None) -> bool:
    """Whether the student meets the rule; nobody signed in meets only the rule without clauses."""
    return not unmet(rule, student)


def unmet(rule: Eligibility, student: StudentProfile | None) -> tuple[Clause, ...]:
    """The clauses that the student does not meet, so that a refusal can say what would have to change."""
    facts = facts_of(student) if student else {}
    return tuple(clause for clause in rule.all if not any(is_met(each, facts) for each in clause.any))


def is_met(condition: Condition, facts: Mapping[Fact, Value]) -> bool:
    known = facts.get(condition.fact)
    return any(value == known and type(value) is type(known) for value in condition.is_)


def cleaned(rule: Eligibility) -> Eligibility:
    """The rule with its texts as the roster writes them. Raises Invalid: `eligibility` or `eligibility.<clause>`."""
    if found := problems(rule):
        raise Invalid(found)
    return Eligibility(
        all=tuple(
            Clause(any=tuple(Condition(fact=each.fact, is_=cleaned_values(each)) for each in clause.any))
            for clause in rule.all
        )
    )


def problems(rule: Eligibility) -> dict[str, Fault]:
    if len(rule.all) > MAX_CLAUSES:
        return {"eligibility": Fault.TOO_MANY}
    faults = {f"eligibility.{place}": clause_fault(clause) for place, clause in enumerate(rule.all)}
    return {field: fault for field, fault in faults.items() if fault}


def clause_fault(clause: Clause) -> Fault | None:
    if not clause.any:
        return Fault.MISSING  # nobody could ever meet it
    if len(clause.any) > MAX_CONDITIONS:
        return Fault.TOO_MANY
    return next(filter(None, map(condition_fault, clause.any)), None)


def condition_fault(condition: Condition) -> Fault | None:
    if not condition.is_:
        return Fault.MISSING
    if len(condition.is_) > MAX_VALUES:
        return Fault.TOO_MANY
    return next((fault for value in condition.is_ if (fault := value_fault(condition.fact, value))), None)


def value_fault(fact: Fact, value: Value) -> Fault | None:
    if fact is Fact.ON_ROSTER:
        return None if isinstance(value, bool) else Fault.NOT_AN_OPTION
    if fact in NUMBERS:
        return None if type(value) is int and 1900 <= value <= 2200 else Fault.NOT_A_NUMBER
    if not isinstance(value, str):
        return Fault.NOT_AN_OPTION
    try:
        return None if clean_line(value, most=VALUE_MOST) else Fault.MISSING
    except BadText:
        return Fault.BAD_CHARACTER


def cleaned_values(condition: Condition) -> tuple[Value, ...]:
    values = (clean_line(each, most=VALUE_MOST) if isinstance(each, str) else each for each in condition.is_)
    return tuple(dict.fromkeys(values))
