"""Makes what a count is made of: sessions, bookings, scans, settlements; and random stretches of them."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from events import database
from events.attendance.actions import settle_session
from events.booking.tables import Booking
from events.catalogue.tables import Event, Programme, Session
from events.gate.tables import Scan, Stop
from events.people.tables import Department, Student
from tests import make

ZONE = "Asia/Shanghai"
SHANGHAI = ZoneInfo(ZONE)
KINDS = ("study_tour", "lecture", "volunteer")
COLLEGES = ("信息工程学院", "经济与管理学院", "机械与电气学院", "")


def local(year: int, month: int, day: int, hour: int = 14, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


async def held(event: Event, starts_at: datetime, capacity: int = 100) -> Session:
    """A session that is over, whose booking was open in time."""
    return await make.session(
        event,
        capacity=capacity,
        starts_at=starts_at,
        opens_at=starts_at - timedelta(days=7),
        closes_at=starts_at - timedelta(hours=1),
    )


async def scanned(stop: Stop, booking: Booking, admitted: bool = True, undoes: int | None = None) -> Scan:
    row = Scan(
        stop=stop.id,
        session=booking.session,
        booking=booking.id,
        admitted=admitted,
        reason="" if admitted else "undone" if undoes else "already_admitted",
        source="camera",
        code_read=booking.code,
        undoes=undoes,
    )
    await row.save()
    return row


async def attended(session: Session, stop: Stop, *students: Student) -> None:
    for student in students:
        await scanned(stop, await make.booking(session, student))


async def absent(session: Session, *students: Student) -> None:
    for student in students:
        await make.booking(session, student)


async def settled(session: Session) -> None:
    await settle_session(session.id, ZONE)


async def random_history(seed: int, top: Department) -> list[Department]:
    """Two departments below `top` and one beside it, with sessions, bookings and scans of every sort.

    About a fifth of the sessions is not settled. Returns the departments below `top`.
    """
    dice = random.Random(seed)
    below = [await make.department(parent=top.id), await make.department(parent=top.id)]
    beside = await make.department()
    students = [await make.student(college=dice.choice(COLLEGES)) for _ in range(30)]
    programmes = [
        await make.programme(dice.choice([top, *below, beside]).id, kind=dice.choice(KINDS)) for _ in range(5)
    ]
    for programme in programmes:
        await random_event(dice, programme, [top, *below, beside], students)
    return below


async def random_event(
    dice: random.Random, programme: Programme, hosts: list[Department], students: list[Student]
) -> None:
    event = await make.event(programme, host=dice.choice(hosts).id, kind=dice.choice(KINDS))
    stops = [await make.stop(event, position=0), await make.stop(event, position=1), await make.stop(event, position=2)]
    stops.append(await make.stop(event, position=3, counts=False))
    for _ in range(3):
        # evenings round the ends of months: UTC and Shanghai disagree about the day
        starts = local(2024, dice.randint(8, 11), dice.choice([1, 15, 28]), dice.choice([0, 1, 7, 14, 23]), 30)
        session = await held(event, starts)
        for student in dice.sample(students, 15):
            await random_claim(dice, session, student, stops)
        if dice.random() < 0.8:
            await settled(session)


async def random_claim(dice: random.Random, session: Session, student: Student, stops: list[Stop]) -> None:
    if dice.random() < 0.15:
        await make.booking(session, student, state="cancelled")
    state = dice.choices(["confirmed", "on_leave", "cancelled", "waitlisted", "declined"], [75, 8, 7, 5, 5])[0]
    booking = await make.booking(session, student, state=state)
    if state != "confirmed":
        return
    for stop in stops:
        if dice.random() < 0.6:
            await random_pass(dice, stop, booking)


async def random_pass(dice: random.Random, stop: Stop, booking: Booking) -> None:
    """Through the stop, perhaps twice tried, perhaps taken back, perhaps taken back and through again."""
    scan = await scanned(stop, booking)
    if dice.random() < 0.3:
        await scanned(stop, booking, admitted=False)
    if dice.random() < 0.4:
        await scanned(stop, booking, admitted=False, undoes=scan.id)
        if dice.random() < 0.3:
            await scanned(stop, booking)


async def stale_months() -> int:
    return await database.value("SELECT count(*) FROM counted_month WHERE stale")
