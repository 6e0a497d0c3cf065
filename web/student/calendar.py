"""A month of sessions."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromQuery

from events.catalogue.queries import MonthDay, MonthEntry, calendar_month
from events.errors import NotFound
from events.notice.queries import unread
from web.pages import Page, answer, shell
from web.session import anybody, settings_of, viewing_student


@dataclass(frozen=True)
class Square:
    """One day of the grid; `inside`: it belongs to the month shown."""

    day: date
    inside: bool
    today: bool
    entries: tuple[MonthEntry, ...]


@dataclass(frozen=True, kw_only=True)
class CalendarPage(Page):
    first: date
    weeks: tuple[tuple[Square, ...], ...]
    days: tuple[MonthDay, ...]
    previous: str
    next: str


@get("/calendar", guards=[anybody])
async def month(request: Request[Any, Any, Any], month: FromQuery[str] = "") -> Response[str]:
    student = viewing_student(request)
    frame = shell(request, "student", "calendar", unread=await unread(student.id) if student else 0)
    first = first_of(month, frame.now.date())
    days = await calendar_month(first.year, first.month, student, settings_of(request).time_zone)
    page = CalendarPage(
        shell=frame,
        first=first,
        weeks=weeks_of(first, {each.day: each for each in days}, frame.now.date()),
        days=tuple(days),
        previous=f"/calendar?month={first - timedelta(days=1):%Y-%m}",
        next=f"/calendar?month={first + timedelta(days=32):%Y-%m}",
    )
    return answer(request, "student/calendar.html", page)


def first_of(text: str, today: date) -> date:
    """The first day of a month written as 2026-11; today's month for an empty text. Raises NotFound."""
    try:
        return date.fromisoformat(f"{text}-01") if text else today.replace(day=1)
    except ValueError:
        raise NotFound from None


def weeks_of(first: date, days: dict[date, MonthDay], today: date) -> tuple[tuple[Square, ...], ...]:
    """Whole weeks from Monday that cover the month."""
    day = first - timedelta(days=first.weekday())
    weeks: list[tuple[Square, ...]] = []
    while not weeks or day.month == first.month:
        week = [day + timedelta(days=each) for each in range(7)]
        weeks.append(
            tuple(
                Square(each, each.month == first.month, each == today, days[each].entries if each in days else ())
                for each in week
            )
        )
        day += timedelta(days=7)
    return tuple(weeks)


HANDLERS = [month]
