"""A person's tokens, as they see them: never the token itself."""

from dataclasses import dataclass
from datetime import datetime

from events import database
from events.people.queries import StaffMember


@dataclass(frozen=True, slots=True)
class TokenLine:
    """`hint`: its last characters. `live`: neither revoked nor past its end."""

    id: int
    name: str
    hint: str
    scopes: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None
    live: bool


async def tokens_of(staff: StaffMember) -> list[TokenLine]:
    """Live ones first, then the newest."""
    found = await database.rows(
        """SELECT id, name, hint, scopes, created_at, last_used_at, expires_at, revoked_at,
                  revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) AS live
           FROM api_token WHERE staff = $1 ORDER BY live DESC, id DESC""",
        staff.id,
    )
    return [TokenLine(**{**each, "scopes": tuple(each["scopes"])}) for each in found]
