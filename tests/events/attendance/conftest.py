"""A lecture that ended an hour ago, with a way in and a way out."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import pytest_asyncio

from events.booking.tables import Booking
from events.catalogue.tables import Event, Session
from events.gate.actions import admit
from events.gate.results import ScanResult
from events.gate.rules import Source
from events.gate.tables import Stop
from events.ticket.actions import ensure_key
from tests import make
from tests.cast import Cast

ZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Past:
    cast: Cast
    event: Event
    session: Session
    door: Stop
    way_out: Stop

    async def scan(self, booking: Booking, minutes: int, stop: Stop | None = None, source: Source = Source.CAMERA):
        at = self.session.starts_at + timedelta(minutes=minutes)
        result: ScanResult = await admit(self.cast.sam, (stop or self.door).id, booking.code, source, uuid4(), as_of=at)
        return result


@pytest_asyncio.fixture
async def past(cast, db) -> Past:
    await ensure_key(db.secret)
    event = await make.event(await make.programme(cast.league.id, kind="volunteer"), title="河道清洁")
    starts = make.now() - timedelta(hours=4)
    session = await make.session(event, starts_at=starts, opens_at=starts - timedelta(days=7), capacity=5000)
    door = await make.stop(event, name="签到")
    way_out = await make.stop(event, name="签退", position=1, direction="out", counts=False)
    return Past(cast, event, session, door, way_out)
