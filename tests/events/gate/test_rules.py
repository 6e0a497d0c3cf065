"""The verdict, case by case, from the file that every other decider at a gate is run against as well."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from events.gate.rules import Direction, Hours, Reason, StopFacts, TicketStanding, Verdict, verdict

FILE = json.loads((Path(__file__).parents[2] / "vectors" / "verdict.json").read_text(encoding="utf-8"))
CASES = FILE["cases"]


def laid_over(base: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """`given` over `base`, objects key by key."""
    return base | {
        key: base[key] | value if isinstance(value, dict) and isinstance(base[key], dict) else value
        for key, value in given.items()
    }


def hours(pair: list[str]) -> Hours:
    return Hours(*map(datetime.fromisoformat, pair))


def ticket_of(plain: dict[str, Any]) -> TicketStanding:
    return TicketStanding(
        event_id=plain["event"],
        event_state=plain["event_state"],
        session_state=plain["session_state"],
        booking_state=plain["booking_state"],
        revoked=plain["revoked"],
        valid_from=datetime.fromisoformat(plain["valid_from"]),
        valid_until=datetime.fromisoformat(plain["valid_until"]),
        hours=hours(plain["hours"]),
        others=[hours(each) for each in plain["others"]],
        passed=plain["passed"],
        inside=plain["inside"],
        left=plain["left"],
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_verdict_is(case: dict[str, Any]) -> None:
    plain = laid_over(FILE["base"], case["given"])
    stop = StopFacts(plain["stop"]["event"], Direction(plain["stop"]["direction"]), plain["stop"]["retired"])
    fault = Reason(plain["fault"]) if plain["fault"] else None
    ticket = ticket_of(plain["ticket"]) if plain["ticket"] else None
    expected = Reason(case["reason"]) if case["reason"] else None
    assert verdict(stop, fault, ticket, datetime.fromisoformat(plain["now"])) == Verdict(expected is None, expected)


def test_every_reason_has_a_case_and_every_case_its_own_name_and_effect() -> None:
    assert {case["reason"] for case in CASES} == {None, *Reason}
    assert len({case["name"] for case in CASES}) == len(CASES) >= 60
    given = [json.dumps(case["given"], sort_keys=True) for case in CASES]
    assert len(set(given)) == len(given)
