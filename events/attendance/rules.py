"""What a session's scans amount to for one booking. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from events.errors import Refused
from events.gate.rules import Direction, Hours, Source

SETTLE_AFTER: Final = timedelta(minutes=30)  # after the end: the last coach has been scanned by then
MINUTE: Final = timedelta(minutes=1)


class State(StrEnum):
    ATTENDED = "attended"
    ABSENT = "absent"
    EXCUSED = "excused"


class Evidence(StrEnum):
    """What an attendance rests on: a code that was read there, or a steward's word. Nothing if nobody came."""

    LIVE = "live"
    MANUAL = "manual"
    NONE = ""


class SettleRefusal(StrEnum):
    NOT_OVER = "not_over"


class SettleRefused(Refused):
    """Raised with a SettleRefusal."""


@dataclass(frozen=True, slots=True)
class GoodScan:
    """A scan that let somebody through. `counts`: its stop makes an attendance."""

    id: int
    stop_id: int
    counts: bool
    direction: Direction
    source: Source
    at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """`minutes` is None without a way in and a way out; `stops` is how many different counting stops were scanned."""

    state: State
    evidence: Evidence = Evidence.NONE
    minutes: int | None = None
    stops: int = 0


def outcome(session: Hours, scans: Iterable[GoodScan], undone: Collection[int], on_leave: bool) -> Outcome:
    """The attendance of one booking. Who came has come, even if they were on leave. `scans` in order of time."""
    standing = [scan for scan in scans if scan.id not in undone]
    counting = [scan for scan in standing if scan.counts]
    if not counting:
        return Outcome(State.EXCUSED if on_leave else State.ABSENT)
    return Outcome(
        State.ATTENDED, evidence_of(counting), minutes_of(session, standing), len({scan.stop_id for scan in counting})
    )


def evidence_of(counting: Sequence[GoodScan]) -> Evidence:
    return Evidence.MANUAL if all(scan.source is Source.SEARCH for scan in counting) else Evidence.LIVE


def minutes_of(session: Hours, scans: Sequence[GoodScan]) -> int | None:
    """Whole minutes between coming in and going out, within the session's hours; None if nobody was seen to go out.

    Going out and coming back makes two stays; a stay without its end is worth nothing.
    """
    stays: list[timedelta] = []
    since: datetime | None = None
    for scan in scans:
        if scan.direction is Direction.IN and scan.counts:
            since = since or scan.at
        elif scan.direction is Direction.OUT and since is not None:
            stays.append(min(scan.at, session.ends_at) - max(since, session.starts_at))
            since = None
    return sum((max(stay, timedelta(0)) for stay in stays), timedelta(0)) // MINUTE if stays else None
