from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.catalogue.recurrence import (
    LONGEST_RUN,
    MAX_EXCEPTIONS,
    MAX_OCCURRENCES,
    BadRecurrence,
    Frequency,
    Recurrence,
    RecurrenceFault,
    WeekendShift,
    expand,
)

TWO_HOURS = timedelta(hours=2)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def rule(frequency=Frequency.DAILY, until=date(2026, 12, 31), **fields):
    return Recurrence(frequency, fields.pop("starts_at", time(14)), fields.pop("duration", TWO_HOURS), until, **fields)


def days(occurrences, zone=SHANGHAI):
    return [begin.astimezone(zone).date() for begin, _ in occurrences]


def november(*numbers):
    return [date(2026, 11, number) for number in numbers]


# What the rules mean


def test_a_session_is_two_instants_in_utc():
    [only] = expand(rule(until=date(2026, 11, 22)), date(2026, 11, 22))
    assert only == (datetime(2026, 11, 22, 6, tzinfo=UTC), datetime(2026, 11, 22, 8, tzinfo=UTC))
    assert only[0].tzinfo is UTC


def test_every_third_day_includes_both_ends():
    assert days(expand(rule(interval=3, until=date(2026, 11, 10)), date(2026, 11, 1))) == november(1, 4, 7, 10)


def test_weekly_on_two_weekdays_of_every_second_week_counts_weeks_from_monday():
    every_other = rule(Frequency.WEEKLY, date(2026, 11, 30), interval=2, weekdays=frozenset({0, 5}))
    assert days(expand(every_other, date(2026, 11, 4))) == november(7, 16, 21, 30)


def test_weekly_without_weekdays_means_the_weekday_of_the_first_day():
    assert days(expand(rule(Frequency.WEEKLY, date(2026, 11, 30)), date(2026, 11, 18))) == november(18, 25)


def test_the_31st_passes_over_shorter_months():
    last_days = rule(Frequency.MONTHLY, date(2026, 7, 31), month_days=frozenset({31}))
    assert days(expand(last_days, date(2026, 1, 1))) == [date(2026, month, 31) for month in (1, 3, 5, 7)]


def test_the_first_day_is_no_session_unless_the_rule_says_so():
    assert days(
        expand(rule(Frequency.WEEKLY, date(2026, 11, 9), weekdays=frozenset({0})), date(2026, 11, 3))
    ) == november(9)


def test_the_office_hours_of_the_employment_centre_move_to_working_days_and_rest_in_the_holidays():
    """除寒暑假外，每月的15日、25日；遇休息日顺延至下一个工作日."""
    office_hours = rule(
        Frequency.MONTHLY,
        date(2026, 12, 31),
        month_days=frozenset({15, 25}),
        skip_ranges=((date(2026, 1, 17), date(2026, 3, 1)), (date(2026, 7, 4), date(2026, 8, 31))),
        shift_weekend=WeekendShift.NEXT_WORKING_DAY,
        holidays=frozenset({date(2026, 9, 25)}),
        starts_at=time(9),
    )
    month_days = [(1, 15), (3, 16), (3, 25), (4, 15), (4, 27), (5, 15), (5, 25), (6, 15), (6, 25)]
    month_days += [(9, 15), (9, 28), (10, 15), (10, 26), (11, 16), (11, 25), (12, 15), (12, 25)]
    sessions = expand(office_hours, date(2026, 1, 1))
    assert days(sessions) == [date(2026, month, day) for month, day in month_days]
    assert sessions[0][0] == datetime(2026, 1, 15, 1, tzinfo=UTC)


def test_days_off_can_be_left_out_instead_of_moved():
    weekdays_only = rule(until=date(2026, 11, 9), shift_weekend=WeekendShift.SKIP, holidays=frozenset(november(4)))
    assert days(expand(weekdays_only, date(2026, 11, 1))) == november(2, 3, 5, 6, 9)


def test_a_weekend_day_on_which_people_work_is_kept():
    moved = rule(until=date(2026, 11, 9), shift_weekend=WeekendShift.SKIP, workdays=frozenset(november(7)))
    assert days(expand(moved, date(2026, 11, 6))) == november(6, 7, 9)


def test_two_dates_that_move_to_one_monday_make_one_session():
    moved = rule(until=date(2026, 11, 9), shift_weekend=WeekendShift.NEXT_WORKING_DAY)
    assert days(expand(moved, date(2026, 11, 6))) == november(6, 9)


@pytest.mark.parametrize(
    "barrier",
    [
        {"excluded": frozenset(november(16))},
        {"skip_ranges": ((date(2026, 11, 16), date(2026, 11, 20)),)},
        {"until": date(2026, 11, 15)},
    ],
)
def test_a_shift_never_lands_where_no_session_may_be(barrier):
    monthly = {"until": date(2026, 11, 30), "month_days": frozenset({10, 15})} | barrier
    moved = rule(Frequency.MONTHLY, shift_weekend=WeekendShift.NEXT_WORKING_DAY, **monthly)
    assert days(expand(moved, date(2026, 11, 1))) == november(10)


def test_an_excluded_weekend_date_is_dropped_and_not_moved():
    moved = {"month_days": frozenset({10, 15}), "shift_weekend": WeekendShift.NEXT_WORKING_DAY}
    monthly = rule(Frequency.MONTHLY, date(2026, 11, 30), excluded=frozenset(november(15)), **moved)
    assert days(expand(monthly, date(2026, 11, 1))) == november(10)


# Clock changes


def test_a_wall_time_inside_the_gap_is_read_with_the_offset_before_it():
    [(begin, end)] = expand(
        rule(until=date(2026, 3, 29), starts_at=time(2, 30), zone="Europe/Berlin"), date(2026, 3, 29)
    )
    assert (begin, end) == (datetime(2026, 3, 29, 1, 30, tzinfo=UTC), datetime(2026, 3, 29, 3, 30, tzinfo=UTC))
    assert begin.astimezone(ZoneInfo("Europe/Berlin")).time() == time(3, 30)


@pytest.mark.parametrize("fold", [0, 1])
def test_a_wall_time_that_occurs_twice_means_the_first(fold):
    twice = rule(until=date(2026, 10, 25), starts_at=time(2, 30, fold=fold), zone="Europe/Berlin")
    assert expand(twice, date(2026, 10, 25))[0][0] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_session_over_a_clock_change_keeps_its_length():
    [(begin, end)] = expand(
        rule(until=date(2026, 3, 28), starts_at=time(23), duration=timedelta(hours=8), zone="Europe/Berlin"),
        date(2026, 3, 28),
    )
    assert end - begin == timedelta(hours=8)


def test_shanghai_had_summer_time_in_1988():
    summer = expand(rule(until=date(1988, 7, 1)), date(1988, 7, 1))
    assert summer[0][0] == datetime(1988, 7, 1, 5, tzinfo=UTC)


# Refusals


@pytest.mark.parametrize(
    ("reason", "fields"),
    [
        ("no_end", {"until": None}),
        ("end_before_start", {"until": date(2026, 10, 31)}),
        ("outside_calendar", {"until": date(9999, 12, 31)}),
        ("too_long", {"until": date(2026, 11, 1) + LONGEST_RUN + timedelta(days=1)}),
        ("too_many", {"until": date(2027, 11, 2)}),
        ("never_matches", {"until": date(2026, 11, 3), "excluded": frozenset(november(1, 2, 3))}),
        ("interval_out_of_range", {"interval": 0}),
        ("interval_out_of_range", {"interval": -1}),
        ("interval_out_of_range", {"interval": 53}),
        ("weekday_out_of_range", {"frequency": Frequency.WEEKLY, "weekdays": frozenset({7})}),
        ("month_day_out_of_range", {"frequency": Frequency.MONTHLY, "month_days": frozenset({0})}),
        ("month_day_out_of_range", {"frequency": Frequency.MONTHLY, "month_days": frozenset({32})}),
        ("month_day_out_of_range", {"frequency": Frequency.MONTHLY, "month_days": frozenset({-1})}),
        ("days_of_another_frequency", {"weekdays": frozenset({1})}),
        ("days_of_another_frequency", {"frequency": Frequency.WEEKLY, "month_days": frozenset({15})}),
        ("duration_out_of_range", {"duration": timedelta(0)}),
        ("duration_out_of_range", {"duration": timedelta(hours=-1)}),
        ("duration_out_of_range", {"duration": timedelta(days=31, seconds=1)}),
        ("start_time_with_zone", {"starts_at": time(14, tzinfo=UTC)}),
        ("too_many_exceptions", {"holidays": frozenset(date.fromordinal(n) for n in range(1, MAX_EXCEPTIONS + 2))}),
        ("range_reversed", {"skip_ranges": ((date(2026, 8, 31), date(2026, 7, 1)),)}),
        ("unknown_zone", {"zone": "China Standard Time"}),
        ("unknown_zone", {"zone": "../../etc/passwd"}),
        ("unknown_zone", {"zone": "Asia"}),
        ("unknown_zone", {"zone": ""}),
        ("unknown_zone", {"zone": "Asia/\x00"}),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_reason(reason, fields):
    with pytest.raises(BadRecurrence) as refused:
        expand(rule(**fields), date(2026, 11, 1))
    assert refused.value.reason is RecurrenceFault(reason)


@pytest.mark.parametrize("extreme", [date.min, date.max])
def test_the_years_1_and_9999_are_refused(extreme):
    with pytest.raises(BadRecurrence) as refused:
        expand(rule(until=extreme), extreme)
    assert refused.value.reason is RecurrenceFault.OUTSIDE_CALENDAR


def test_the_limit_of_366_is_reached_and_not_passed():
    assert len(expand(rule(until=date(2027, 11, 1)), date(2026, 11, 1))) == MAX_OCCURRENCES == 366


def test_a_thirtieth_of_february_is_not_sought_beyond_the_end_of_the_rule():
    never = rule(Frequency.MONTHLY, date(2028, 2, 28), interval=12, month_days=frozenset({30}))
    with pytest.raises(BadRecurrence) as refused:
        expand(never, date(2026, 2, 2))
    assert refused.value.reason is RecurrenceFault.NEVER_MATCHES


# The slow way, a day at a time

dates = st.dates(date(1985, 1, 1), date(2035, 1, 1))
zones = st.sampled_from(
    ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]
)


@st.composite
def rules(draw):
    first = draw(dates)
    near = st.integers(-40, 500).map(lambda n: first + timedelta(days=n))
    frequency = draw(st.sampled_from(Frequency))
    weekdays = draw(st.frozensets(st.integers(0, 6))) if frequency is Frequency.WEEKLY else frozenset()
    month_days = draw(st.frozensets(st.integers(1, 31))) if frequency is Frequency.MONTHLY else frozenset()
    ranges = st.tuples(near, st.integers(0, 70)).map(lambda r: (r[0], r[0] + timedelta(days=r[1])))
    return first, Recurrence(
        frequency,
        draw(st.times()),
        draw(st.timedeltas(timedelta(minutes=1), timedelta(days=31))),
        first + timedelta(days=draw(st.integers(0, 800))),
        draw(st.integers(1, 52)),
        weekdays,
        month_days,
        draw(st.frozensets(near, max_size=20)),
        tuple(draw(st.lists(ranges, max_size=3))),
        draw(st.sampled_from(WeekendShift)),
        draw(st.frozensets(near, max_size=60)),
        draw(st.frozensets(near, max_size=60)),
        draw(zones),
    )


def is_planned(rule, first, day):
    if rule.frequency is Frequency.DAILY:
        return (day - first).days % rule.interval == 0
    if rule.frequency is Frequency.WEEKLY:
        mondays = [d - timedelta(days=d.weekday()) for d in (first, day)]
        on_day = day.weekday() in (rule.weekdays or {first.weekday()})
        return on_day and (mondays[1] - mondays[0]).days // 7 % rule.interval == 0
    months = (day.year - first.year) * 12 + day.month - first.month
    return day.day in (rule.month_days or {first.day}) and months % rule.interval == 0


def by_looking_at_every_day(rule, first):
    found = set()
    left_out = set(rule.excluded)
    for start, end in rule.skip_ranges:
        left_out |= {start + timedelta(days=n) for n in range((end - start).days + 1)}

    def off(day):
        return day in rule.holidays or (day.weekday() in (5, 6) and day not in rule.workdays)

    for n in range((rule.until - first).days + 1):
        day = first + timedelta(days=n)
        if not is_planned(rule, first, day) or day in left_out:
            continue
        if rule.shift_weekend is WeekendShift.SKIP and off(day):
            continue
        walked = 0
        while rule.shift_weekend is WeekendShift.NEXT_WORKING_DAY and off(day) and walked <= 31:
            day, walked = day + timedelta(days=1), walked + 1
        if walked <= 31 and day <= rule.until and day not in left_out:
            found.add(day)
    return sorted(found)


def first_instant(zone, day, wall):
    """The earliest instant that shows the wall time; where none does, the offset that held before the gap."""
    naive = datetime.combine(day, wall.replace(fold=0))
    zone = ZoneInfo(zone)
    before = (naive - timedelta(days=1)).replace(tzinfo=UTC).astimezone(zone).utcoffset()
    after = (naive + timedelta(days=1)).replace(tzinfo=UTC).astimezone(zone).utcoffset()
    instants = sorted({(naive - offset).replace(tzinfo=UTC) for offset in (before, after)})
    shown = [instant for instant in instants if instant.astimezone(zone).replace(tzinfo=None) == naive]
    return shown[0] if shown else (naive - before).replace(tzinfo=UTC)


@settings(max_examples=150, deadline=None)
@given(rules())
def test_expansion_equals_looking_at_every_day(drawn):
    first, rule = drawn
    expected = by_looking_at_every_day(rule, first)
    if not 0 < len(expected) <= MAX_OCCURRENCES:
        with pytest.raises(BadRecurrence) as refused:
            expand(rule, first)
        assert refused.value.reason.value == ("too_many" if expected else "never_matches")
        return
    occurrences = expand(rule, first)
    assert [begin for begin, _ in occurrences] == [first_instant(rule.zone, day, rule.starts_at) for day in expected]
    assert {end - begin for begin, end in occurrences} == {rule.duration}
