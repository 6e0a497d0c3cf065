"""The jobs: doors, not rooms. Each calls one thing and is calm when there is nothing to do."""

from typing import Any

import structlog

from workers.post.room import PostRoom

log = structlog.get_logger(__name__)


async def drain(context: dict[str, Any]) -> None:
    """Rung by the web after a commit, and by the clock."""
    await post_room(context).drain()


async def settle_attendance(context: dict[str, Any]) -> None:
    """Sessions that have ended get their attendance."""
    await settle_due()


async def settle_due() -> None:
    from events.attendance import actions  # late: the post room must start even where attendance cannot

    await actions.settle_due()


def post_room(context: dict[str, Any]) -> PostRoom:
    room = context["post_room"]
    assert isinstance(room, PostRoom)
    return room
