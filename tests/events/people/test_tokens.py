"""Tokens: shown once, kept as a hash, ended at once."""

import pytest

from events import database
from events.errors import Fault, Invalid, NotFound
from events.people.actions import create_token, revoke_token
from events.people.api_callers import Scope, caller_with
from events.people.logins import hash_token
from events.people.tokens import tokens_of
from tests.cast import Cast


async def test_a_token_opens_what_its_scopes_say_and_is_kept_only_as_a_hash(cast: Cast):
    made = await create_token(cast.olga, "数据大屏", [Scope.COUNTS_READ])
    caller = await caller_with(made.token)
    assert caller is not None
    assert caller.staff is not None
    assert (caller.staff.id, caller.scopes) == (cast.olga.id, frozenset({Scope.COUNTS_READ}))
    stored = await database.row("SELECT * FROM api_token")
    assert stored is not None
    assert stored["token_hash"] == hash_token(made.token)
    assert made.token not in str(dict(stored))
    [line] = await tokens_of(cast.olga)
    assert (line.name, made.token.endswith(line.hint), line.live) == ("数据大屏", True, True)


async def test_a_revoked_token_opens_nothing_and_may_be_revoked_again(cast: Cast):
    made = await create_token(cast.olga, "数据大屏", [Scope.COUNTS_READ])
    await revoke_token(cast.olga, made.id)
    await revoke_token(cast.olga, made.id)
    assert await caller_with(made.token) is None
    assert await database.value("SELECT count(*) FROM audit_entry WHERE act = 'token.revoke'") == 1


async def test_somebody_elses_token_looks_absent(cast: Cast):
    made = await create_token(cast.olga, "数据大屏", [Scope.COUNTS_READ])
    with pytest.raises(NotFound):
        await revoke_token(cast.petr, made.id)
    assert await tokens_of(cast.petr) == []
    assert await caller_with(made.token) is not None


@pytest.mark.parametrize(
    ("name", "scopes", "days", "problems"),
    [
        ("", [Scope.COUNTS_READ], 30, {"name": Fault.MISSING}),
        ("x", [], 30, {"scopes": Fault.MISSING}),
        ("x", ["everything"], 30, {"scopes": Fault.NOT_AN_OPTION}),
        ("x", [Scope.COUNTS_READ], 0, {"days": Fault.TOO_LOW}),
        ("x", [Scope.COUNTS_READ], 367, {"days": Fault.TOO_HIGH}),
        ("x", [Scope.COUNTS_READ], None, {"days": Fault.MISSING}),
    ],
)
async def test_what_cannot_be_taken_is_named(cast: Cast, name, scopes, days, problems):
    with pytest.raises(Invalid) as refused:
        await create_token(cast.olga, name, scopes, days)
    assert refused.value.problems == problems
    assert await tokens_of(cast.olga) == []


async def test_one_person_cannot_hold_tokens_without_end(cast: Cast):
    for _ in range(20):
        await create_token(cast.olga, "x", [Scope.COUNTS_READ])
    with pytest.raises(Invalid) as refused:
        await create_token(cast.olga, "x", [Scope.COUNTS_READ])
    assert refused.value.problems == {"name": Fault.TOO_MANY}
