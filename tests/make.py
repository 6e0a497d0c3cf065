"""Makes rows for tests: sensible defaults, keywords override. Inserts directly, so that a test can begin anywhere."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from events.booking.tables import Booking
from events.catalogue.tables import Event, Pool, Programme, Question, Session
from events.gate.tables import Stop
from events.people.tables import Department, Staff, StaffRole, Student
from events.ticket.tables import Ticket

numbers = count(1)
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


async def department(code: str = "", name: str = "团市委", parent: int | None = None, **more: Any) -> Department:
    row = Department(code=code or f"d{next(numbers)}", name=name, name_en=name, parent=parent, **more)
    await row.save()
    return row


async def staff(name: str = "Olga", role: str = "", department: int | None = None, **more: Any) -> Staff:
    row = Staff(name=name, **({"email": f"s{next(numbers)}@example.org"} | more))
    await row.save()
    if role:
        await StaffRole(staff=row.id, department=department, role=role).save()
    return row


async def student(name: str = "王小燕", **more: Any) -> Student:
    defaults = {
        "school": "宁波大学科学技术学院",
        "number": f"24{next(numbers):08}",
        "gender": "f",
        "college": "信息工程学院",
        "major": "计算机科学与技术",
        "class_name": "计算2401",
        "grade": 2024,
        "education": "本科",
        "graduation_year": 2028,
    }
    row = Student(name=name, **(defaults | more))
    await row.save()
    return row


async def programme(host: int | None = None, **more: Any) -> Programme:
    host = host or (await department()).id
    defaults = {"code": f"p{next(numbers)}", "name": "逐梦游学", "kind": "study_tour"}
    row = Programme(host=host, **(defaults | more))
    await row.save()
    return row


async def event(programme_row: Programme | None = None, **more: Any) -> Event:
    parent = programme_row or await programme()
    defaults = {
        "host": parent.host,
        "kind": parent.kind,
        "title": "走进名企 · 智能家电线",
        "summary": "一天走三家企业",
        "place": "科院南门",
        "district": "浒山街道",
        "state": "published",
        "published_at": now() - timedelta(days=1),
    }
    row = Event(programme=parent.id, **(defaults | more))
    await row.save()
    return row


async def session(event_row: Event | None = None, capacity: int = 40, **more: Any) -> Session:
    """A session three days ahead, open for booking now, with one pool."""
    parent = event_row or await event()
    starts = more.pop("starts_at", now() + timedelta(days=3))
    defaults = {
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=3),
        "opens_at": now() - timedelta(hours=1),
        "closes_at": starts - timedelta(hours=1),
        "cancel_until": starts - timedelta(hours=12),
    }
    row = Session(event=parent.id, **(defaults | more))
    await row.save()
    await pool(row, capacity=capacity)
    return row


async def pool(session_row: Session, capacity: int = 40, **more: Any) -> Pool:
    row = Pool(session=session_row.id, capacity=capacity, **({"name": "名额"} | more))
    await row.save()
    return row


async def question(event_row: Event, kind: str = "text", **more: Any) -> Question:
    row = Question(event=event_row.id, kind=kind, **({"label": "紧急联系人"} | more))
    await row.save()
    return row


async def stop(event_row: Event, **more: Any) -> Stop:
    row = Stop(event=event_row.id, **({"name": "入口"} | more))
    await row.save()
    return row


async def booking(session_row: Session, student_row: Student, state: str = "confirmed", **more: Any) -> Booking:
    """A booking with its ticket, and its places taken."""
    pools = [each["id"] for each in await Pool.select(Pool.id).where(Pool.session == session_row.id)]
    row = Booking(
        session=session_row.id, student=student_row.id, state=state, **({"code": code(), "pools": pools} | more)
    )
    await row.save()
    if state == "confirmed":
        await Pool.update({Pool.taken: Pool.taken + 1}, force=True).where(Pool.id.is_in(row.pools))
        await Ticket(
            id=uuid4(),
            booking=row.id,
            session=session_row.id,
            valid_from=session_row.starts_at - timedelta(hours=12),
            valid_until=session_row.ends_at + timedelta(hours=12),
        ).save()
    return row


def code() -> str:
    number, text = next(numbers) + 32**9, ""
    for _ in range(10):
        number, digit = divmod(number, 32)
        text = CODE_ALPHABET[digit] + text
    return text
