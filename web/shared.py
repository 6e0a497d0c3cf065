"""Pages that are the same for everybody who brings no cookie: made once, then given out for a moment."""

import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from litestar import Request, Response
from litestar.enums import MediaType

from web.pages import locale_of, path_with_query

GIVEN_OUT_FOR: Final = 0.5  # seconds: how old the places left, and the clock of a countdown, may be
MOST_KEPT: Final = 500

Key = tuple[str, str]
_kept: dict[Key, tuple[float, Response[Any], str]] = {}


async def shared(request: Request[Any, Any, Any], make: Callable[[], Awaitable[Response[Any]]]) -> Response[Any]:
    """What `make` answers, or a copy of what it answered a moment ago, with this answer's own nonce.

    Whoever brings a cookie gets a page made for them alone. Errors are not kept.
    """
    if request.cookies:
        return await make()
    key, nonce = (path_with_query(request), locale_of(request)), request.scope["state"]["nonce"]
    until, kept, its_nonce = _kept.get(key, (0.0, None, ""))
    if kept is not None and time.monotonic() < until:
        text = kept.content.replace(its_nonce, nonce)
        return Response(text, media_type=MediaType.HTML, headers=dict(kept.headers))
    made = await make()
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[key] = (time.monotonic() + GIVEN_OUT_FOR, made, nonce)
    return made
