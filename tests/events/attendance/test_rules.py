"""What scans amount to."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from events.attendance.rules import Evidence, GoodScan, Outcome, State, outcome
from events.gate.rules import Direction, Hours, Source
from tests import make

NOON = make.now()
SESSION = Hours(NOON, NOON + timedelta(hours=3))


def scan(
    number: int, minutes: float, direction: str = "in", counts: bool = True, source: str = "camera", stop: int = 1
):
    at = NOON + timedelta(minutes=minutes)
    return GoodScan(number, stop, counts, Direction(direction), Source(source), at)


def test_nobody_came():
    assert outcome(SESSION, [], (), on_leave=False) == Outcome(State.ABSENT)
    assert outcome(SESSION, [], (), on_leave=True) == Outcome(State.EXCUSED)


def test_one_good_scan_is_an_attendance_and_one_way_in_has_no_minutes():
    assert outcome(SESSION, [scan(1, 5)], (), False) == Outcome(State.ATTENDED, Evidence.LIVE, None, 1)


def test_who_came_although_on_leave_has_come():
    assert outcome(SESSION, [scan(1, 5)], (), True).state is State.ATTENDED


def test_an_undone_scan_never_was():
    assert outcome(SESSION, [scan(1, 5)], {1}, False) == Outcome(State.ABSENT)
    assert outcome(SESSION, [scan(1, 5), scan(2, 6)], {1}, False) == Outcome(State.ATTENDED, Evidence.LIVE, None, 1)


def test_a_stop_that_does_not_count_makes_no_attendance():
    assert outcome(SESSION, [scan(1, 5, counts=False)], (), False) == Outcome(State.ABSENT)


def test_a_found_name_is_a_stewards_word_and_one_code_outweighs_it():
    assert outcome(SESSION, [scan(1, 5, source="search")], (), False).evidence is Evidence.MANUAL
    for source in ("camera", "photo", "typed", "keyboard"):
        both = [scan(1, 5, source="search"), scan(2, 6, source=source)]
        assert outcome(SESSION, both, (), False).evidence is Evidence.LIVE


def test_stops_are_different_stops_that_count():
    tour = [scan(1, 1, stop=1), scan(2, 2, stop=2), scan(3, 3, stop=2), scan(4, 4, stop=3, counts=False)]
    assert outcome(SESSION, tour, (), False).stops == 2


def test_minutes_are_from_the_way_in_to_the_way_out_within_the_hours():
    out = {"direction": "out", "counts": False}
    for visit, minutes in (
        ([scan(1, 5), scan(2, 65, **out)], 60),
        ([scan(1, -30), scan(2, 200, **out)], 180),
        ([scan(1, 5), scan(2, 35.9, **out)], 30),
        ([scan(1, 5), scan(2, 25, **out), scan(3, 60), scan(4, 90, **out)], 50),
        ([scan(1, 5), scan(2, 25, **out), scan(3, 60)], 20),
        ([scan(1, 5), scan(2, 6, stop=2), scan(3, 25, **out)], 20),
        ([scan(1, 185), scan(2, 200, **out)], 0),
        ([scan(1, 5)], None),
        ([scan(1, 5, counts=False), scan(2, 10), scan(3, 25, **out)], 15),
    ):
        assert outcome(SESSION, visit, (), False).minutes == minutes


scans = st.lists(
    st.builds(
        scan,
        number=st.integers(1, 30),
        minutes=st.integers(-60, 300),
        direction=st.sampled_from(["in", "out"]),
        counts=st.booleans(),
        source=st.sampled_from(list(Source)),
        stop=st.integers(1, 4),
    ),
    max_size=10,
    unique_by=lambda each: each.id,
).map(lambda drawn: sorted(drawn, key=lambda each: each.at))


@given(scans, st.sets(st.integers(1, 30)), st.booleans())
def test_minutes_never_exceed_the_session_and_undoing_is_as_if_it_never_was(history, undone, on_leave):
    found = outcome(SESSION, history, undone, on_leave)
    assert found == outcome(SESSION, [each for each in history if each.id not in undone], (), on_leave)
    assert found.minutes is None or 0 <= found.minutes <= 180
    assert (found.state is State.ATTENDED) == (found.stops > 0) == (found.evidence is not Evidence.NONE)
