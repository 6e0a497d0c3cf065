"""Idempotent writes: with an `Idempotency-Key`, a repeated POST gets the first answer and changes nothing."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from litestar import Request
from litestar.exceptions import ClientException
from litestar.params import HeaderParameter

from events.people.once import once
from web.api.wire import Made

LONGEST_KEY: Final = 90  # characters
IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        description="1 to 90 printable ASCII characters of your choice. "
        "Sent again with the same request, it gets the first answer and makes nothing new.",
    ),
]


async def made_once(request: Request[Any, Any, Any], key: str | None, make: Callable[[], Awaitable[int]]) -> Made:
    """The id of what `make` made, now or when this caller's key came before. Raises KeyRefused, ClientException."""
    if key is not None and not (
        0 < len(key.strip()) <= len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()
    ):
        raise ClientException("Idempotency-Key: 1 to 90 printable ASCII characters")
    request_said = f"{request.method} {request.scope['path']}\n".encode() + await request.body()
    made = await once(request.user.name, f"api:{key}" if key else "", make, hashlib.sha256(request_said).digest())
    return Made(id=made)
