"""Which sessions this process knows to be full, for a moment: enough to refuse without a lock, never to grant."""

import time
from collections.abc import Iterable
from typing import Final

FULL_IS_KNOWN_FOR: Final = 1.0  # seconds

_full_until: dict[int, float] = {}


def remember_full(session_id: int) -> None:
    _full_until[session_id] = time.monotonic() + FULL_IS_KNOWN_FOR


def forget_full(session_ids: Iterable[int]) -> None:
    """A place came free here; other processes forget by themselves within a second."""
    for session_id in session_ids:
        _full_until.pop(session_id, None)


def is_full(session_id: int) -> bool:
    if _full_until.get(session_id, 0.0) > time.monotonic():
        return True
    _full_until.pop(session_id, None)
    return False
