from dataclasses import dataclass
from datetime import datetime

BEGINS = datetime.fromisoformat("2026-11-28T08:30:00+08:00")
ENDS = datetime.fromisoformat("2026-11-28T17:00:00+08:00")


@dataclass(frozen=True)
class JustConfirmed:
    """What the desk knows of a booking that it has just made."""

    booking_id: int
    student_id: int
    session_version: int
    starts_at: datetime


@dataclass(frozen=True)
class AsItIs:
    """A booking as the post room finds it."""

    state: str = "confirmed"
    called_off: bool = False
    version: int = 1
    starts_at: datetime = BEGINS
    ends_at: datetime = ENDS
