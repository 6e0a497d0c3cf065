"""A write that is sent twice does its work once: its key and what it came to are one commit with the work itself."""

import secrets
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Final

from events import database
from events.errors import Refused

KEY_MOST: Final = 100  # characters


class KeyRefusal(StrEnum):
    REUSED = "idempotency_key_reused"


class KeyRefused(Refused):
    """Raised with a KeyRefusal: the key came before, with another request."""


def new_key() -> str:
    """For a form when it is shown."""
    return secrets.token_urlsafe(18)


async def once(actor: str, key: str, make: Callable[[], Awaitable[int]], fingerprint: bytes = b"") -> int:
    """What `make` returned, now or when the same key was sent before. Without a key it is made each time.

    `actor` is such as "staff:7": keys of different people never meet. `fingerprint` tells requests apart. A second one
    that comes while the first is at work waits for it. What `make` raises leaves no key behind. Raises KeyRefused.
    """
    async with database.transaction():
        if not key:
            return await make()
        named = f"page:{key}"[:KEY_MOST]
        claimed = await database.row(
            """INSERT INTO idempotency_key (actor, key, fingerprint) VALUES ($1, $2, $3)
               ON CONFLICT (actor, key) DO NOTHING RETURNING id""",
            actor,
            named,
            fingerprint,
        )
        if claimed is None:
            return await made_before(actor, named, fingerprint)
        made = await make()
        await database.rows("UPDATE idempotency_key SET body = $2 WHERE id = $1", claimed["id"], str(made).encode())
        return made


async def made_before(actor: str, named: str, fingerprint: bytes) -> int:
    known = await database.row(
        "SELECT fingerprint, body FROM idempotency_key WHERE actor = $1 AND key = $2", actor, named
    )
    if known is None or known["fingerprint"] != fingerprint:
        raise KeyRefused(KeyRefusal.REUSED)
    return int(known["body"])
