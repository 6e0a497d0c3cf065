"""The demo's events, and when each of their sessions is, seen from one moment. Pure but for reading its file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml

from events.catalogue.drafts import EventDraft, PoolDraft, QuestionDraft, SessionDraft, SessionTerms
from events.catalogue.eligibility import Clause, Condition, Eligibility, Fact
from events.catalogue.kinds import Kind
from events.catalogue.presets import questions_of, terms_of
from events.catalogue.recurrence import Frequency, Recurrence
from events.seeds.data import EVENTS

OPEN_SINCE: Final = timedelta(days=4)  # that booking has been open where some is wanted already


@dataclass(frozen=True, slots=True)
class PlannedSession:
    draft: SessionDraft
    starts_at: datetime
    ends_at: datetime
    booked: int
    with_star: bool
    by_gender: bool
    stays_full: bool


@dataclass(frozen=True, slots=True)
class PlannedSeries:
    """Sessions that a rule makes, all of them ahead."""

    rule: Recurrence
    first: date
    terms: SessionTerms


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """`programme` is a code."""

    programme: str
    draft: EventDraft
    questions: tuple[QuestionDraft, ...]
    eligibility: Eligibility
    pools: tuple[PoolDraft, ...]
    sessions: tuple[PlannedSession, ...]
    series: tuple[PlannedSeries, ...]
    cancelled: str
    postponed: str


def agenda(kinds: Mapping[str, str], now: datetime, zone: ZoneInfo) -> list[PlannedEvent]:
    """All events. kinds: the kind of each programme, by code. Days count from `now`'s date in the zone."""
    written: Sequence[dict[str, Any]] = yaml.safe_load(EVENTS.read_text(encoding="utf-8"))
    return [planned(each, Kind(kinds[each["programme"]]), Calendar(now, zone)) for each in written]


@dataclass(frozen=True, slots=True)
class Calendar:
    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def at(self, days: int, clock: str) -> datetime:
        return datetime.combine(self.today + timedelta(days=days), time.fromisoformat(clock), self.zone)


def planned(written: Mapping[str, Any], kind: Kind, calendar: Calendar) -> PlannedEvent:
    asked = tuple(
        QuestionDraft(**{**each, "options": tuple(each.get("options", ()))}) for each in written.get("asks", ())
    )
    return PlannedEvent(
        written["programme"],
        event_draft(written, kind),
        (*questions_of(kind), *asked),
        Eligibility(
            all=tuple(
                Clause(any=(Condition(fact=Fact(fact), is_=tuple(values)),))
                for fact, values in written.get("who", {}).items()
            )
        ),
        tuple(PoolDraft(*each) for each in written.get("places", ())),
        tuple(each for plan in written["plan"] if "days" in plan for each in sessions(plan, kind, calendar)),
        tuple(series(plan, calendar) for plan in written["plan"] if "monthly" in plan),
        written.get("cancelled", ""),
        written.get("postponed", ""),
    )


def event_draft(written: Mapping[str, Any], kind: Kind) -> EventDraft:
    """First come everywhere: what draws and reviews is not in the demo yet."""
    texts = ("title", "title_en", "edition", "summary", "body", "place", "address", "district")
    return EventDraft(
        kind=kind.value,
        visibility=written.get("visibility", "public"),
        needs_booking=written.get("booking", True),
        forbids_clashes=kind not in (Kind.FESTIVAL, Kind.JOB_FAIR, Kind.PLACEMENT, Kind.STAY),
        is_demo=True,
        **{field: written.get(field, "") for field in texts},
    )


def sessions(plan: Mapping[str, Any], kind: Kind, calendar: Calendar) -> Iterator[PlannedSession]:
    for days in plan["days"]:
        starts = calendar.at(days, plan["at"])
        ends = starts + timedelta(hours=plan["hours"])
        yield PlannedSession(
            session_draft(plan, kind, calendar, starts, ends),
            starts,
            ends,
            plan.get("booked", 0),
            plan.get("star", False),
            plan.get("by_gender", False),
            plan.get("full", False),
        )


def session_draft(
    plan: Mapping[str, Any], kind: Kind, calendar: Calendar, starts: datetime, ends: datetime
) -> SessionDraft:
    """Booking times are the kind's usual ones, but for what the plan says, and open where it wants bookings."""
    usual = terms_of(kind).draft(starts, ends)
    opens = calendar.at(*plan["opens"]) if "opens" in plan else usual.opens_at
    if plan.get("booked") and opens is not None:
        opens = min(opens, calendar.now - OPEN_SINCE)
    closes = calendar.at(*plan["closes"]) if "closes" in plan else usual.closes_at
    if closes is not None and starts <= calendar.now < ends:
        closes = starts
    return SessionDraft(starts, ends, opens, closes, usual.cancel_until, note=plan.get("note", ""))


def series(plan: Mapping[str, Any], calendar: Calendar) -> PlannedSeries:
    rule = Recurrence(
        Frequency.MONTHLY,
        time.fromisoformat(plan["at"]),
        timedelta(hours=plan["hours"]),
        until=calendar.today + timedelta(days=plan["until"]),
        month_days=frozenset(plan["monthly"]),
        zone=calendar.zone.key,
    )
    terms = SessionTerms(opens_before=timedelta(days=plan["opens_before"]))
    return PlannedSeries(rule, calendar.today + timedelta(days=1), terms)
