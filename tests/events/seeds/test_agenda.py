"""The demo's events as they are written: each would be taken, whenever the demo is filled in."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from events.catalogue.kinds import KIND_NAMES
from events.catalogue.question_rules import question_problems
from events.catalogue.recurrence import expand
from events.catalogue.rules import pool_problems, problems
from events.seeds.agenda import agenda
from events.seeds.programmes import departments, figures, programmes

CITY = ZoneInfo("Asia/Shanghai")
KINDS = {each.code: each.kind for each in programmes()}
DAYS = [datetime(2026, 11, 22, tzinfo=UTC), datetime(2027, 2, 27, tzinfo=UTC), datetime(2028, 6, 30, tzinfo=UTC)]
MOMENTS = [day + timedelta(hours=hour, minutes=59) for day in DAYS for hour in range(0, 24, 3)]


@pytest.mark.parametrize("now", MOMENTS)
def test_every_draft_would_be_taken_at_any_hour(now: datetime):
    for event in agenda(KINDS, now, CITY):
        assert problems(event.draft, now) == {}, event.draft.title
        assert question_problems(event.questions) == {}, event.draft.title
        assert pool_problems(event.pools) == {}, event.draft.title
        for session in event.sessions:
            as_of = min(now, session.starts_at - timedelta(days=30))
            assert problems(session.draft, as_of) == {}, (event.draft.title, session.starts_at)
        for series in event.series:
            assert len(expand(series.rule, series.first)) >= 4


def test_every_programme_has_an_event_that_stays_on():
    now = MOMENTS[0]
    staying = {event.programme for event in agenda(KINDS, now, CITY) if not (event.cancelled or event.postponed)}
    assert staying == set(KINDS)
    assert len(KINDS) == 38
    assert set(KINDS.values()) <= set(KIND_NAMES)


def test_the_sessions_lie_round_today():
    now = MOMENTS[0]
    days = [
        (session.starts_at.astimezone(CITY).date() - now.astimezone(CITY).date()).days
        for event in agenda(KINDS, now, CITY)
        for session in event.sessions
    ]
    assert len(days) >= 80
    assert (min(days), 0 in days, max(days)) == (-7, True, 33)


def test_no_session_wants_more_bookings_than_it_has_places():
    for event in agenda(KINDS, MOMENTS[0], CITY):
        groups = {pool.choice for pool in event.pools if pool.choice}
        least = min(
            [pool.capacity or 0 for pool in event.pools if not pool.choice]
            + [sum(pool.capacity or 0 for pool in event.pools if pool.choice == group) for group in groups],
            default=0,
        )
        for session in event.sessions:
            assert session.booked <= least or not event.draft.needs_booking, event.draft.title
            assert session.stays_full == (session.booked == least > 0), event.draft.title


def test_titles_are_unique_within_a_programme():
    named = [(event.programme, event.draft.title) for event in agenda(KINDS, MOMENTS[0], CITY)]
    assert len(set(named)) == len(named)


def test_departments_hosts_and_figures_fit_together():
    codes = {each.code for each in departments()}
    assert len(codes) == 9
    assert {code for each in programmes() for code in (each.host, *each.partners)} <= codes
    assert {each.code for each in figures()} == {
        "graduates_received", "employment_subsidy", "subsidised_enterprises", "subsidised_students", "talent_funds",
        "industry_college_students", "practice_bases_valid",
    }  # fmt: skip
