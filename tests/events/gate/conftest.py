"""A lecture that is on now, its entrance, and alice with a ticket for it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest_asyncio

from events.booking.tables import Booking
from events.catalogue.tables import Event, Session
from events.gate.tables import Stop
from events.ticket.actions import ensure_key
from events.ticket.queries import code_text, signing_key, ticket_of
from tests import make
from tests.cast import Cast


@dataclass(frozen=True)
class Evening:
    cast: Cast
    event: Event
    session: Session
    door: Stop
    booking: Booking
    secret: str

    async def qr(self, booking: Booking) -> str:
        ticket = await ticket_of(booking.student, booking.code)
        return code_text(ticket, await signing_key(self.secret))


@pytest_asyncio.fixture
async def evening(cast, db) -> Evening:
    await ensure_key(db.secret)
    event = await make.event(await make.programme(cast.league.id, kind="lecture"), title="青年夜校")
    session = await make.session(
        event, starts_at=make.now() - timedelta(minutes=10), opens_at=make.now() - timedelta(days=7)
    )
    door = await make.stop(event)
    booking = await make.booking(session, cast.alice)
    return Evening(cast, event, session, door, booking, db.secret)
