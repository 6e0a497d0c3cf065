from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from events.notice.rules import (
    MOST_ATTEMPTS,
    Drop,
    Held,
    Kind,
    notices_of_cancellation,
    notices_of_confirmation,
    notices_of_move,
    reason_to_drop,
    reminder_times,
    wait_after,
)
from tests.events.notice.facts import AsItIs, JustConfirmed

STARTS = AsItIs.starts_at
HOUR = timedelta(hours=1)
LONG_BEFORE = STARTS - timedelta(days=9)


def test_reminders_come_a_day_and_two_hours_before() -> None:
    assert reminder_times(STARTS, LONG_BEFORE) == [
        (Kind.REMIND_24H, datetime.fromisoformat("2026-11-27T08:30:00+08:00")),
        (Kind.REMIND_2H, datetime.fromisoformat("2026-11-28T06:30:00+08:00")),
    ]


@pytest.mark.parametrize(
    ("before", "kinds"),
    [
        (25 * HOUR + timedelta(seconds=1), [Kind.REMIND_24H, Kind.REMIND_2H]),
        (25 * HOUR, [Kind.REMIND_2H]),
        (24 * HOUR, [Kind.REMIND_2H]),
        (20 * HOUR, [Kind.REMIND_2H]),
        (2 * HOUR + timedelta(seconds=1), [Kind.REMIND_2H]),
        (2 * HOUR, []),
        (-HOUR, []),
    ],
)
def test_a_reminder_of_the_past_or_just_after_the_confirmation_is_not_made(
    before: timedelta, kinds: list[Kind]
) -> None:
    assert [kind for kind, _ in reminder_times(STARTS, STARTS - before)] == kinds


def test_a_confirmation_brings_its_reminders_with_it() -> None:
    rows = notices_of_confirmation([JustConfirmed(7, 3, 2, STARTS)], LONG_BEFORE)
    assert [(row.dedupe_key, row.kind, row.version, row.due_at) for row in rows] == [
        ("confirm:7", Kind.CONFIRM, 0, LONG_BEFORE),
        ("remind:7:2:24h", Kind.REMIND_24H, 2, STARTS - 24 * HOUR),
        ("remind:7:2:2h", Kind.REMIND_2H, 2, STARTS - 2 * HOUR),
    ]
    assert {(row.booking_id, row.student_id) for row in rows} == {(7, 3)}


def test_a_move_is_told_once_to_each_and_reminds_of_the_new_time() -> None:
    rows = notices_of_move(iter([Held(7, 3), Held(8, 4)]), 3, STARTS + HOUR, LONG_BEFORE)
    assert [row.dedupe_key for row in rows] == [
        "change:7:3",
        "change:8:3",
        "remind:7:3:24h",
        "remind:7:3:2h",
        "remind:8:3:24h",
        "remind:8:3:2h",
    ]


def test_the_cancellation_of_a_booking_has_one_key_whatever_the_version() -> None:
    (row,) = notices_of_cancellation([Held(7, 3)], LONG_BEFORE)
    assert (row.dedupe_key, row.version) == ("cancel:7", 0)


@pytest.mark.parametrize(
    ("kind", "subject", "at", "reason"),
    [
        (Kind.CONFIRM, None, LONG_BEFORE, Drop.NO_BOOKING),
        (Kind.CONFIRM, AsItIs(), LONG_BEFORE, None),
        (Kind.CONFIRM, AsItIs(state="cancelled"), LONG_BEFORE, Drop.NOT_CONFIRMED),
        (Kind.CONFIRM, AsItIs(), AsItIs.ends_at, Drop.TOO_LATE),
        (Kind.REMIND_24H, AsItIs(), STARTS - 24 * HOUR, None),
        (Kind.REMIND_24H, AsItIs(), STARTS - 2 * HOUR, Drop.TOO_LATE),
        (Kind.REMIND_2H, AsItIs(), STARTS - timedelta(seconds=1), None),
        (Kind.REMIND_2H, AsItIs(), STARTS, Drop.TOO_LATE),
        (Kind.REMIND_2H, AsItIs(version=2), STARTS - 2 * HOUR, Drop.MOVED),
        (Kind.REMIND_2H, AsItIs(called_off=True), STARTS - 2 * HOUR, Drop.CALLED_OFF),
        (Kind.REMIND_2H, AsItIs(state="on_leave"), STARTS - 2 * HOUR, Drop.NOT_CONFIRMED),
        (Kind.CHANGE, AsItIs(called_off=True), LONG_BEFORE, None),
        (Kind.CHANGE, AsItIs(version=2), LONG_BEFORE, Drop.MOVED),
        (Kind.CANCEL, AsItIs(), LONG_BEFORE, Drop.NOT_CANCELLED),
        (Kind.CANCEL, AsItIs(state="cancelled", version=5), STARTS + 99 * HOUR, None),
        (Kind.CANCEL, AsItIs(state="on_leave"), LONG_BEFORE, None),
    ],
)
def test_what_has_become_pointless_or_wrong_is_not_sent(
    kind: Kind, subject: AsItIs | None, at: datetime, reason: Drop | None
) -> None:
    version = 0 if kind in (Kind.CONFIRM, Kind.CANCEL) else 1
    assert reason_to_drop(kind, version, subject, at) == reason


def test_a_cancelled_booking_is_not_reminded_even_if_everything_else_is_right() -> None:
    subject = replace(AsItIs(), state="cancelled")
    assert reason_to_drop(Kind.REMIND_24H, 1, subject, STARTS - 24 * HOUR) == Drop.NOT_CONFIRMED


def test_waiting_grows_after_each_failure_and_ends_with_the_eighth() -> None:
    waits = [wait_after(attempt) for attempt in range(1, MOST_ATTEMPTS + 1)]
    assert waits[0] == timedelta(seconds=10)
    assert waits[-1] is None
    assert None not in waits[:-1]
    assert waits[:-1] == sorted(wait for wait in waits if wait is not None)
