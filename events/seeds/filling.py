"""Fills the demo in, once. Each step is an act that may be repeated: a fill that was broken off is gone on with."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from events import database
from events.attendance.actions import settle_session
from events.notice.actions import drop_due
from events.people.actions import import_roster_file
from events.people.audit import record
from events.people.queries import StudentProfile
from events.seeds.agenda import PlannedEvent, agenda
from events.seeds.booking import MadeBooking, back_out, book_session, deck_of
from events.seeds.cast import STAR, Crew, give_star_an_address, hire
from events.seeds.data import ROSTER
from events.seeds.doors import take_one_back, work_the_doors
from events.seeds.programmes import departments, figures, programmes
from events.seeds.publishing import MadeSession, enter_figures, make_event, make_programmes
from events.seeds.side_by_side import side_by_side
from events.settings import Settings
from events.ticket import changes
from events.ticket.actions import ensure_key

SCHOOL: Final = "宁波大学科学技术学院"
TODAY: Final = timedelta(hours=12)  # a ticket is good at the gate so long before
SUBJECT: Final = "demo"  # of its two rows in the audit: begun, with its moment, and done


async def fill_demo(settings: Settings, now: datetime | None = None) -> None:
    """Fills the demo in if it is not there; a fill that was broken off goes on from the moment at which it began.

    Sessions lie round `now`, the database's clock if it is None. The pool must be open; not to be called inside a
    transaction.
    """
    if await is_done():
        return
    now = await begin(now)
    await ensure_key(settings.secret)
    crew = await hire(departments())
    await import_roster_file(ROSTER, SCHOOL, is_demo=True)
    await give_star_an_address(SCHOOL)
    plans = agenda({each.code: each.kind for each in programmes()}, now, settings.time_zone)
    sessions = await publish(crew, plans, now)
    await enter_figures(crew, figures())
    bookings = await book_all(sessions, now)
    await open_doors(crew, await back_out(bookings, now), now, settings)
    await settle_past(sessions, now, settings)
    await call_off(crew, plans)
    await drop_due([each.id for each in bookings if each.student.number != STAR])
    await record(None, "demo.done", SUBJECT, {})


async def is_done() -> bool:
    return (
        await database.value("SELECT id FROM audit_entry WHERE subject = $1 AND act = 'demo.done'", SUBJECT) is not None
    )


async def begin(now: datetime | None) -> datetime:
    """The moment that the demo is seen from."""
    begun = await database.value("SELECT detail FROM audit_entry WHERE subject = $1 AND act = 'demo.begin'", SUBJECT)
    if begun is not None:
        return datetime.fromisoformat(msgspec.json.decode(begun)["now"])
    now = now or await database.database_now()
    await record(None, "demo.begin", SUBJECT, {"now": now.isoformat()})
    return now


async def publish(crew: Crew, plans: Sequence[PlannedEvent], now: datetime) -> list[MadeSession]:
    facts = {each.code: each for each in programmes()}
    ids = await make_programmes(crew, list(facts.values()))

    async def one(plan: PlannedEvent) -> list[MadeSession]:
        return await make_event(crew.editor_of(facts[plan.programme].host), ids[plan.programme], plan, now)

    return [session for made in await side_by_side(one, plans) for session in made]


async def book_all(sessions: Sequence[MadeSession], now: datetime) -> list[MadeBooking]:
    """Who books what is settled first, so that a second fill would ask for the same."""
    deck = await deck_of(SCHOOL)
    wanted = [(session, deck.deal(session)) for session in sessions if session.plan.booked]

    async def one(wish: tuple[MadeSession, list[StudentProfile]]) -> list[MadeBooking]:
        return await book_session(*wish, now)

    return [booking for some in await side_by_side(one, wanted) for booking in some]


async def open_doors(crew: Crew, bookings: Sequence[MadeBooking], now: datetime, settings: Settings) -> None:
    """At all sessions that have begun; and one mistake, at the next volunteers' session of today."""
    begun = {each.session.id: each.session for each in bookings if each.session.plan.starts_at <= now}

    async def one(session: MadeSession) -> None:
        own = [each for each in bookings if each.session is session]
        await work_the_doors(crew, session, own, now, settings.secret)

    await side_by_side(one, begun.values())
    today = [
        each for each in bookings if each.session.plan.starts_at <= now + TODAY and each.session.plan.ends_at > now
    ]
    if today:
        await take_one_back(crew, today[-1], now, settings.secret)


async def settle_past(sessions: Sequence[MadeSession], now: datetime, settings: Settings) -> None:
    over = [each.id for each in sessions if each.plan.ends_at <= now and each.plan.booked]
    await side_by_side(lambda session_id: settle_session(session_id, settings.time_zone.key), over)


async def call_off(crew: Crew, plans: Sequence[PlannedEvent]) -> None:
    """One event is cancelled and one put off, after students had booked."""
    for plan in plans:
        found = await database.row(
            """SELECT event.id, department.code FROM event JOIN department ON department.id = event.host
               JOIN programme ON programme.id = event.programme WHERE programme.code = $1 AND title = $2""",
            plan.programme,
            plan.draft.title,
        )
        assert found is not None
        if plan.cancelled:
            await changes.cancel_event(crew.editor_of(found["code"]), found["id"], plan.cancelled)
        if plan.postponed:
            await changes.postpone_event(crew.editor_of(found["code"]), found["id"], plan.postponed)
