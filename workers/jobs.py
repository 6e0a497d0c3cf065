"""The jobs: doors, not rooms. Each calls one thing and is calm when there is nothing to do."""

from typing import Any

from events.attendance import actions as attendance
from events.counts import actions as counts
from workers.post.room import PostRoom


async def drain(context: dict[str, Any]) -> None:
    """Rung by the web after a commit, and by the clock."""
    await post_room(context).drain()


async def settle_attendance(context: dict[str, Any]) -> None:
    """Sessions that have ended get their attendance."""
    await settle_due(context["zone"])


async def settle_due(zone: str) -> None:
    """Attendance first, then the counts that rest on it."""
    await attendance.settle_due(zone)
    await counts.refresh_due()


def post_room(context: dict[str, Any]) -> PostRoom:
    room = context["post_room"]
    assert isinstance(room, PostRoom)
    return room
