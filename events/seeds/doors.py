"""The demo's gates: who came, who came twice, what else was held before the camera, and one mistake taken back."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from events.gate.actions import admit, undo
from events.gate.queries import StopRow, stops_of
from events.gate.rules import Direction, GateRefused, Source
from events.people.queries import StaffMember
from events.seeds.booking import MadeBooking
from events.seeds.cast import STAR, Crew
from events.seeds.publishing import MadeSession
from events.ticket.queries import code_text, signing_key, ticket_of

COME: Final = 88  # percent of those who booked
SCAN_OUT: Final = 94  # percent of those who came and are scanned when they leave
QUEUE_BEGINS: Final = timedelta(minutes=22)  # before the start
QUEUE_LASTS: Final = timedelta(minutes=30)
NOT_A_TICKET: Final = "https://pay.example/qr/20881"
WAYS_IN: Final = (Source.CAMERA, Source.CAMERA, Source.CAMERA, Source.KEYBOARD, Source.TYPED)


async def work_the_doors(
    crew: Crew, session: MadeSession, bookings: Sequence[MadeBooking], now: datetime, secret: str
) -> None:
    """Everyone who came is scanned at each stop of the session until `now`; at the first, some are refused."""
    steward = crew.steward_for(session.by)
    stops = await stops_of(steward, session.event_id)
    ways_in = [stop for stop in stops if stop.direction is Direction.IN and not stop.retired]
    came = [each for each in bookings if each.chance < COME or each.student.number == STAR]
    for place, stop in enumerate(ways_in):
        for booking in came:
            moment = arrival(booking, place, len(ways_in))
            if moment <= now:
                await scan(steward, stop, booking, moment, secret)
    if came and session.plan.ends_at <= now:
        await refuse_some(steward, ways_in[0], came, session.plan.starts_at)
    for stop in (stop for stop in stops if stop.direction is Direction.OUT):
        for booking in came:
            moment = session.plan.ends_at - timedelta(minutes=8) + timedelta(seconds=9 * booking.chance)
            if moment <= now and booking.chance * 7 % 100 < SCAN_OUT:
                await scan(steward, stop, booking, moment, secret)


def arrival(booking: MadeBooking, place: int, stops: int) -> datetime:
    plan = booking.session.plan
    if place == 0:
        return plan.starts_at - QUEUE_BEGINS + QUEUE_LASTS * (booking.chance / 100)
    return plan.starts_at + (plan.ends_at - plan.starts_at) * place / stops + timedelta(seconds=7 * booking.chance)


async def scan(steward: StaffMember, stop: StopRow, booking: MadeBooking, moment: datetime, secret: str) -> int:
    """Its id."""
    source = WAYS_IN[booking.chance % len(WAYS_IN)]
    text = booking.code
    if source is not Source.TYPED:
        text = code_text(await ticket_of(booking.student.id, booking.code), await signing_key(secret))
    nonce = name_of(f"{stop.id}:{booking.id}:{moment.isoformat()}")
    return (await admit(steward, stop.id, text, source, nonce, moment, as_of=moment)).scan_id


async def refuse_some(steward: StaffMember, stop: StopRow, came: Sequence[MadeBooking], starts: datetime) -> None:
    """One ticket shown again by a friend, and a payment code."""
    late = starts + timedelta(minutes=12)
    await admit(steward, stop.id, came[0].code, Source.TYPED, name_of(f"{stop.id}:{starts}:twice"), late, as_of=late)
    await admit(steward, stop.id, NOT_A_TICKET, Source.CAMERA, name_of(f"{stop.id}:{starts}:paying"), late, as_of=late)


async def take_one_back(crew: Crew, booking: MadeBooking, now: datetime, secret: str) -> None:
    """A steward let the wrong person pass, says so within the quarter of an hour, and lets nobody else by."""
    steward = crew.steward_for(booking.session.by)
    stop = next(each for each in await stops_of(steward, booking.session.event_id) if each.direction is Direction.IN)
    mistaken = await scan(steward, stop, booking, now, secret)
    with suppress(GateRefused):  # a demo that was broken off and goes on later: too late to undo
        await undo(steward, mistaken)


def name_of(what: str) -> UUID:
    """The same scan has the same nonce, so that a demo broken off goes on where it stopped."""
    return uuid5(NAMESPACE_URL, f"yantu demo {what}")
