"""Who holds an API token, and what the token may be used for."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from events import database
from events.people.logins import hash_token
from events.people.queries import StaffMember, StudentProfile, staff_member

USED_AGAIN_AFTER: Final = timedelta(minutes=1)  # how coarse `last_used_at` is, so that reads do not write


class Scope(StrEnum):
    """What a token may be used for, on top of what its staff member may do."""

    EVENTS_READ = "events:read"
    EVENTS_WRITE = "events:write"
    BOOKINGS_READ = "bookings:read"
    BOOKINGS_WRITE = "bookings:write"
    SCANS_WRITE = "scans:write"
    COUNTS_READ = "counts:read"


@dataclass(frozen=True, slots=True)
class ApiCaller:
    """`name` is unique among callers; idempotency keys belong to it."""

    name: str
    student: StudentProfile | None
    staff: StaffMember | None
    scopes: frozenset[Scope]


async def caller_with(token: str) -> ApiCaller | None:
    """The caller behind a bearer token; None if it is unknown, revoked, expired, or its owner disabled."""
    found = await database.row(
        """SELECT api_token.id, staff, scopes, last_used_at IS NULL OR last_used_at < now() - $2::interval AS stale
           FROM api_token JOIN staff ON staff.id = api_token.staff AND staff.disabled_at IS NULL
           WHERE token_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())""",
        hash_token(token),
        USED_AGAIN_AFTER,
    )
    if found is None:
        return None
    if found["stale"]:
        await database.rows("UPDATE api_token SET last_used_at = now() WHERE id = $1", found["id"])
    known = frozenset(Scope(each) for each in found["scopes"] if each in set(Scope))
    return ApiCaller(f"token:{found['id']}", None, await staff_member(found["staff"]), known)
