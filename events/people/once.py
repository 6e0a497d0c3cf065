"""A form that is sent twice does its work once: its key and what it came to are one commit with the work itself."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Final

from events import database

KEY_MOST: Final = 100  # characters


def new_key() -> str:
    """For a form when it is shown."""
    return secrets.token_urlsafe(18)


async def once(actor: str, key: str, make: Callable[[], Awaitable[int]]) -> int:
    """What `make` returned, now or when the same key was sent before. Without a key it is made each time.

    `actor` is such as "staff:7": keys of different people never meet. A second one that comes while the first is at work
    waits for it. What `make` raises leaves no key behind.
    """
    async with database.transaction():
        if not key:
            return await make()
        named = f"page:{key}"[:KEY_MOST]
        claimed = await database.row(
            """INSERT INTO idempotency_key (actor, key, fingerprint) VALUES ($1, $2, '')
               ON CONFLICT (actor, key) DO NOTHING RETURNING id""",
            actor,
            named,
        )
        if claimed is None:
            known = await database.value(
                "SELECT body FROM idempotency_key WHERE actor = $1 AND key = $2", actor, named
            )
            return int(known)
        made = await make()
        await database.rows("UPDATE idempotency_key SET body = $2 WHERE id = $1", claimed["id"], str(made).encode())
        return made
