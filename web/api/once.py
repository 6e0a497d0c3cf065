"""Idempotent writes: with an `Idempotency-Key`, a repeated POST gets the first answer and changes nothing."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, Final

from litestar import Request
from litestar.exceptions import ClientException

from events.people.once import once

HEADER: Final = "idempotency-key"
LONGEST_KEY: Final = 90


async def made_once(request: Request[Any, Any, Any], make: Callable[[], Awaitable[int]]) -> dict[str, int]:
    """The id of what `make` made, now or when this caller's key came before. Raises KeyRefused, ClientException."""
    key = request.headers.get(HEADER)
    if key is not None and not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise ClientException("Idempotency-Key: 1 to 90 printable ASCII characters")
    request_said = f"{request.method} {request.url.path}\n".encode() + await request.body()
    made = await once(request.user.name, f"api:{key}" if key else "", make, hashlib.sha256(request_said).digest())
    return {"id": made}
