"""Whom an event is for. No database."""

from dataclasses import replace

import pytest

from events.catalogue.eligibility import (
    EVERYONE,
    Clause,
    Condition,
    Eligibility,
    Fact,
    admits,
    cleaned,
    facts_of,
    from_json,
    problems,
    to_json,
    unmet,
)
from events.errors import Fault, Invalid
from events.people.queries import StudentProfile

ALICE = StudentProfile(
    id=1,
    school="宁波大学科学技术学院",
    number="2400000001",
    name="王小燕",
    gender="f",
    college="信息工程学院",
    major="计算机科学与技术",
    class_name="计算2401",
    grade=2024,
    education="本科",
    graduation_year=None,
    phone=None,
    email=None,
    wants_email=True,
    locale="zh-CN",
    left_at=None,
)
COLLEGE = Condition(fact=Fact.COLLEGE, is_=("信息工程学院", "机电学院"))
GRADE = Condition(fact=Fact.GRADE, is_=(2023,))


def rule(*clauses: tuple[Condition, ...]) -> Eligibility:
    return Eligibility(all=tuple(Clause(any=each) for each in clauses))


def test_a_rule_is_an_and_of_ors():
    assert admits(rule((COLLEGE,)), ALICE)
    assert admits(rule((GRADE, COLLEGE)), ALICE)
    assert not admits(rule((GRADE,), (COLLEGE,)), ALICE)
    assert unmet(rule((GRADE,), (COLLEGE,)), ALICE) == (Clause(any=(GRADE,)),)


def test_a_rule_without_clauses_admits_everyone_and_one_with_clauses_nobody_unknown():
    assert admits(EVERYONE, None)
    assert not admits(rule((COLLEGE,)), None)


def test_what_the_roster_does_not_know_meets_nothing():
    assert not admits(rule((Condition(fact=Fact.GRADUATION_YEAR, is_=(2028,)),)), ALICE)


def test_off_roster_students_vouch_for_nothing_themselves():
    for stranger in (replace(ALICE, number=None), replace(ALICE, left_at=object())):
        assert facts_of(stranger) == {Fact.ON_ROSTER: False}
        assert not admits(rule((COLLEGE,)), stranger)
        assert admits(rule((Condition(fact=Fact.ON_ROSTER, is_=(False,)),)), stranger)


def test_a_number_is_not_a_truth():
    assert not admits(rule((Condition(fact=Fact.ON_ROSTER, is_=(1,)),)), ALICE)


def test_the_json_is_the_documented_one():
    text = '{"all":[{"any":[{"fact":"college","is":["信息工程学院","机电学院"]}]}]}'
    assert to_json(rule((COLLEGE,))) == text
    assert from_json(text) == rule((COLLEGE,))
    assert from_json('{"all": []}') == EVERYONE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        '{"all": [{"any": [{"fact": "salary", "is": [1]}]}]}',
        '{"all": [{"any": [{"fact": "grade", "is": [1.5]}]}]}',
        '{"all": [{"any": [{"fact": "grade", "is": "2024"}]}]}',
        '{"all": [{"any": [], "none": []}]}',
        '{"all": ' * 500,
        b"\xff\xfe",
    ],
)
def test_anything_else_is_refused(text: str | bytes):
    with pytest.raises(Invalid) as refused:
        from_json(text)
    assert refused.value.problems == {"eligibility": Fault.NOT_AN_OPTION}


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        (Condition(fact=Fact.COLLEGE, is_=()), Fault.MISSING),
        (Condition(fact=Fact.COLLEGE, is_=("\u200b",)), Fault.MISSING),
        (Condition(fact=Fact.COLLEGE, is_=("a\x00",)), Fault.BAD_CHARACTER),
        (Condition(fact=Fact.COLLEGE, is_=(2024,)), Fault.NOT_AN_OPTION),
        (Condition(fact=Fact.GRADE, is_=("2024",)), Fault.NOT_A_NUMBER),
        (Condition(fact=Fact.GRADE, is_=(True,)), Fault.NOT_A_NUMBER),
        (Condition(fact=Fact.GRADE, is_=(24,)), Fault.NOT_A_NUMBER),
        (Condition(fact=Fact.ON_ROSTER, is_=(1,)), Fault.NOT_AN_OPTION),
        (Condition(fact=Fact.COLLEGE, is_=tuple(map(str, range(301)))), Fault.TOO_MANY),
    ],
)
def test_values_are_of_the_kind_of_their_fact(condition: Condition, fault: Fault):
    assert problems(rule((COLLEGE,), (condition,))) == {"eligibility.1": fault}


def test_a_clause_that_nobody_could_meet_is_missing_its_conditions():
    assert problems(rule(())) == {"eligibility.0": Fault.MISSING}


def test_values_are_kept_as_the_roster_writes_them():
    wide = Condition(fact=Fact.COLLEGE, is_=("\u3000信息工程学院 ", "信息工程学院"))
    assert cleaned(rule((wide,))) == rule((Condition(fact=Fact.COLLEGE, is_=("信息工程学院",)),))
