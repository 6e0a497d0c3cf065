"""Calendar files (RFC 5545, 5546, 7986): the invitation in a letter, the download of a ticket, the feed of one's own.

Times are written in UTC. Every session is dated singly, so no rule has to know the clock changes of a place; RFC 5545
§3.3.5 allows it, every calendar shows its reader's local time, and there is no VTIMEZONE to be wrong or forged.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from icalendar import Alarm, Calendar, Event
from icalendar.prop import vCalAddress, vText, vUri

PRODUCT = "-//Yantu//Yantu 1//ZH"
FEED_REFRESH = timedelta(hours=6)

_LINE_ENDS = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f-\x9f<>\"@:;,?\\]+@[^\s\x00-\x1f\x7f-\x9f<>\"@:;,?\\]+")
_WEB_ADDRESS = re.compile(r"https?://[^\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+", re.IGNORECASE)
_TO_ESCAPE = re.compile(r"[\\;,]")


class Method(StrEnum):
    """What the file asks of a calendar (RFC 5546 §1.4). A letter names it in its Content-Type as well."""

    PUBLISH = "PUBLISH"
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One session as a calendar shows it.

    uid: stays the same for one booking however often it changes. sequence: rises with each change that was told of; a
    calendar ignores a lower one. stamped_at: when this version came to be, so that the same entry gives the same bytes.
    starts_at, ends_at, stamped_at: aware. alarm: how long before the beginning to remind, None for no reminder.
    attendee_email: who is invited; an invitation cannot do without. Texts may hold anything; line ends are kept in the
    description only, control characters nowhere.
    """

    uid: str
    sequence: int
    stamped_at: datetime
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    description: str
    url: str
    organizer_name: str
    organizer_email: str
    attendee_email: str | None = None
    cancelled: bool = False
    alarm: timedelta | None = None


def method_of(entry: CalendarEntry) -> Method:
    """REQUEST, or CANCEL for what is cancelled: the `method` parameter of the letter's text/calendar part."""
    return Method.CANCEL if entry.cancelled else Method.REQUEST


def invitation(entry: CalendarEntry) -> bytes:
    """The calendar part of a letter to one attendee, who has booked and so has already accepted.

    Raises ValueError when the entry has no attendee, no usable address, a naive time, or ends before it starts.
    """
    if entry.attendee_email is None:
        raise ValueError("an invitation needs an attendee")
    event = _event(entry)
    event.add("attendee", _person(entry.attendee_email, ROLE="REQ-PARTICIPANT", PARTSTAT="ACCEPTED", RSVP="FALSE"))
    if not entry.cancelled:  # RFC 5546 §3.2.5: a cancellation carries no alarm
        _add_alarm(event, entry)
    return bytes(_calendar(method_of(entry), [event]).to_ical())


def download(entry: CalendarEntry) -> bytes:
    """The file behind 加入日历. Names no attendee. Raises ValueError as `invitation`."""
    return bytes(_published([entry]).to_ical())


def feed(entries: Iterable[CalendarEntry], name: str) -> bytes:
    """A calendar to subscribe to, called `name`. Names no attendee; what is cancelled stays in it, marked.

    Raises ValueError as `invitation`.
    """
    calendar = _published(entries)
    for label in ("name", "x-wr-calname"):  # RFC 7986 §5.1, and what calendars understood before it
        calendar.add(label, _Text(_line(name)))
    calendar.add("refresh-interval", FEED_REFRESH, parameters={"value": "DURATION"})
    return bytes(calendar.to_ical())


class _Text(vText):
    """Text as RFC 5545 §3.3.11 escapes it. The library's own would turn a typed \\N, as in C:\\New, into a line end."""

    def to_ical(self) -> bytes:
        return _TO_ESCAPE.sub(r"\\\g<0>", self).replace("\n", r"\n").encode()


def _published(entries: Iterable[CalendarEntry]) -> Calendar:
    events = []
    for entry in entries:
        events.append(_event(entry))
        if not entry.cancelled:
            _add_alarm(events[-1], entry)
    return _calendar(Method.PUBLISH, events)


def _calendar(method: Method, events: Iterable[Event]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    for event in events:
        calendar.add_component(event)
    return calendar


def _event(entry: CalendarEntry) -> Event:
    _check(entry)
    event = Event()
    event.add("uid", _Text(_line(entry.uid)))
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamped_at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("organizer", _person(entry.organizer_email, CN=_line(entry.organizer_name).replace('"', "'")))
    _add_texts(event, entry)
    return event


def _check(entry: CalendarEntry) -> None:
    moments = (entry.stamped_at, entry.starts_at, entry.ends_at)
    if any(moment.utcoffset() is None for moment in moments):
        raise ValueError("a calendar entry needs aware times")
    if entry.ends_at <= entry.starts_at:
        raise ValueError("a calendar entry ends after it starts")
    if not _line(entry.uid) or not 0 <= entry.sequence < 2**31:
        raise ValueError("a calendar entry needs a uid and a sequence of 0 to 2³¹ − 1")


def _add_texts(event: Event, entry: CalendarEntry) -> None:
    event.add("summary", _Text(_line(entry.title)))
    if place := _line(entry.place):
        event.add("location", _Text(place))
    if description := _lines(entry.description):
        event.add("description", _Text(description))
    if _WEB_ADDRESS.fullmatch(entry.url):
        event.add("url", vUri(entry.url))


def _add_alarm(event: Event, entry: CalendarEntry) -> None:
    if entry.alarm is None:
        return
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -abs(entry.alarm))
    alarm.add("description", _Text(_line(entry.title)))
    event.add_component(alarm)


def _person(address: str, **parameters: str) -> vCalAddress:
    if not _ADDRESS.fullmatch(address):
        raise ValueError("a calendar entry needs a plain e-mail address")
    person = vCalAddress(f"mailto:{address}")
    person.params.update({name: value for name, value in parameters.items() if value})
    return person


def _lines(text: str) -> str:
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", text)).strip()


def _line(text: str) -> str:
    return " ".join(_lines(text).splitlines())
