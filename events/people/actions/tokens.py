"""Tokens with which programs act for a member of staff: shown once, kept as a hash, with scopes and an end."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from events import database
from events.errors import Fault, Invalid, NotFound
from events.people.actions.departments import line_fault
from events.people.api_callers import Scope
from events.people.audit import record
from events.people.logins import hash_token
from events.people.names import clean_line
from events.people.queries import StaffMember

PREFIX: Final = "yantu_"  # lets secret scanners know what leaked
TOKEN_BYTES: Final = 32
HINT_CHARACTERS: Final = 4
NAME_MOST: Final = 100  # characters
DAYS: Final = range(1, 366 + 1)
TOKENS_MOST: Final = 20  # live ones of one person


@dataclass(frozen=True, slots=True)
class NewToken:
    """`token` is the only copy."""

    id: int
    token: str


async def create_token(staff: StaffMember, name: str, scopes: Sequence[str], days: int | None = 90) -> NewToken:
    """A token of the person's own, for so many days. Raises Invalid."""
    refuse_problems(name, scopes, days)
    token = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    async with database.transaction():
        await refuse_too_many(staff)
        token_id: int = await database.value(
            """INSERT INTO api_token (name, token_hash, hint, staff, scopes, expires_at)
               VALUES ($1, $2, $3, $4, $5, now() + $6::interval) RETURNING id""",
            clean_line(name, most=NAME_MOST),
            hash_token(token),
            token[-HINT_CHARACTERS:],
            staff.id,
            sorted(set(scopes)),
            timedelta(days=days or 0),
        )
        await record(staff.id, "token.create", f"api_token:{token_id}", {"scopes": sorted(set(scopes))})
    return NewToken(token_id, token)


async def revoke_token(staff: StaffMember, token_id: int) -> None:
    """Ends it at once. Done twice, the first time counts. Raises NotFound (somebody else's, too)."""
    async with database.transaction():
        found = await database.row(
            "SELECT revoked_at FROM api_token WHERE id = $1 AND staff = $2 FOR NO KEY UPDATE", token_id, staff.id
        )
        if found is None:
            raise NotFound
        if found["revoked_at"] is None:
            await database.rows("UPDATE api_token SET revoked_at = now() WHERE id = $1", token_id)
            await record(staff.id, "token.revoke", f"api_token:{token_id}", {})


def refuse_problems(name: str, scopes: Sequence[str], days: int | None) -> None:
    problems: dict[str, Fault] = {}
    if fault := line_fault(name, NAME_MOST, needed=True):
        problems["name"] = fault
    if not scopes:
        problems["scopes"] = Fault.MISSING
    elif set(scopes) - set(Scope):
        problems["scopes"] = Fault.NOT_AN_OPTION
    if days is None or days not in DAYS:
        problems["days"] = Fault.MISSING if days is None else Fault.TOO_HIGH if days > 0 else Fault.TOO_LOW
    if problems:
        raise Invalid(problems)


async def refuse_too_many(staff: StaffMember) -> None:
    await database.rows("SELECT id FROM staff WHERE id = $1 FOR NO KEY UPDATE", staff.id)
    live = await database.value(
        "SELECT count(*) FROM api_token WHERE staff = $1 AND revoked_at IS NULL AND expires_at > now()", staff.id
    )
    if live >= TOKENS_MOST:
        raise Invalid({"name": Fault.TOO_MANY})
