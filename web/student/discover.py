"""The first page: what is on, filtered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.params import FromQuery

from events.catalogue.kinds import KIND_NAMES, Kind
from events.catalogue.queries import EventCard, EventFilter, districts, list_events
from events.notice.queries import unread
from web.pages import Page, answer, shell
from web.session import anybody, viewing_student

LONGEST_SEARCH: Final = 60  # characters
WHEN: Final = ("", "week", "weekend", "month")


@dataclass(frozen=True)
class Filters:
    """What the address says; `url` is the same page with one filter changed."""

    when: str
    kind: str
    district: str
    free: bool
    text: str

    def url(self, **changed: object) -> str:
        chosen = {"when": self.when, "kind": self.kind, "district": self.district, "text": self.text}
        chosen["free"] = "1" if self.free else ""
        query = urlencode({name: value for name, value in {**chosen, **changed}.items() if value})
        return f"/?{query}" if query else "/"

    @property
    def any(self) -> bool:
        return bool(self.when or self.kind or self.district or self.free or self.text)


@dataclass(frozen=True, kw_only=True)
class HomePage(Page):
    filters: Filters
    kinds: tuple[tuple[str, str], ...]
    districts: tuple[str, ...]
    cards: tuple[EventCard, ...]
    more: str | None


@get("/", guards=[anybody])
async def home(
    request: Request[Any, Any, Any],
    when: FromQuery[str] = "",
    kind: FromQuery[str] = "",
    district: FromQuery[str] = "",
    free: FromQuery[str] = "",
    text: FromQuery[str] = "",
    cursor: FromQuery[str] = "",
) -> Response[str]:
    student = viewing_student(request)
    filters = Filters(
        when=when if when in WHEN else "",
        kind=kind if kind in set(Kind) else "",
        district=district[:LONGEST_SEARCH],
        free=free == "1",
        text=text.strip()[:LONGEST_SEARCH],
    )
    frame = shell(request, "student", "home", unread=await unread(student.id) if student else 0)
    since, until = stretch(filters.when, frame.now)
    found = await list_events(
        EventFilter(
            kind=filters.kind,
            district=filters.district,
            since=since,
            until=until,
            only_free=filters.free,
            text=filters.text,
            cursor=cursor,
        ),
        student,
    )
    page = HomePage(
        shell=frame,
        filters=filters,
        kinds=tuple((each.value, KIND_NAMES[each]) for each in Kind),
        districts=tuple(await districts(student)),
        cards=found.cards,
        more=filters.url(cursor=found.next_cursor) if found.next_cursor else None,
    )
    return answer(request, "student/home.html", page)


def stretch(when: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """The first and last moment of 本周, 周末, 本月, in the site's zone; weeks begin on Monday."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - timedelta(days=midnight.weekday())
    if when == "week":
        return now, monday + timedelta(days=7)
    if when == "weekend":
        return max(now, monday + timedelta(days=5)), monday + timedelta(days=7)
    if when == "month":
        return now, (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)
    return None, None


HANDLERS = [home]
