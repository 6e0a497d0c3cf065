"""Bad drafts and what is said about them; places; states. No database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from types import SimpleNamespace as Pool
from zoneinfo import ZoneInfo

import pytest

from events.catalogue.availability import (
    SessionFacts,
    SessionState,
    event_state,
    places,
    places_held,
    places_left,
    session_state,
)
from events.catalogue.changes import (
    CatalogueRefusal,
    Missing,
    SessionOutline,
    days_between,
    missing_to_publish,
    shifted,
)
from events.catalogue.drafts import EventDraft, PoolDraft, ProgrammeDraft, QuestionDraft, SessionDraft
from events.catalogue.kinds import Kind
from events.catalogue.presets import event_of, pools_of, questions_of, session_of
from events.catalogue.question_rules import question_problems
from events.catalogue.rules import pool_problems, problems
from events.errors import Fault

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
EVENT = EventDraft(title="走进名企", kind="study_tour")
SESSION = SessionDraft(starts_at=NOW + 3 * DAY, ends_at=NOW + 3 * DAY + 3 * HOUR)
CHOICE = QuestionDraft(kind="choice", label="衣服尺码", options=("S", "M"))


def pool(capacity: int, taken: int = 0, choice: str = "") -> Pool:
    return Pool(capacity=capacity, taken=taken, choice=choice)


@pytest.mark.parametrize("text", ["", "   ", "\u3000\u3000", "\u200b\u200d\ufeff", "\u00a0\u200b"])
def test_a_title_of_nothing_visible_is_missing(text: str):
    assert problems(replace(EVENT, title=text), NOW) == {"title": Fault.MISSING}


@pytest.mark.parametrize("text", ["走进\x00名企", "走进\n名企", "走进\u202e名企", "走进\ud800"])
def test_a_title_with_a_control_character_is_refused(text: str):
    assert problems(replace(EVENT, title=text), NOW) == {"title": Fault.BAD_CHARACTER}


@pytest.mark.parametrize(
    ("field", "most"),
    [("title", 100), ("title_en", 200), ("edition", 40), ("summary", 200), ("place", 100), ("address", 200)],
)
def test_a_line_may_be_as_long_as_its_column_and_no_longer(field: str, most: int):
    assert problems(replace(EVENT, **{field: "溪" * most}), NOW) == {}
    assert problems(replace(EVENT, **{field: "溪" * (most + 1)}), NOW) == {field: Fault.TOO_LONG}


def test_a_body_may_have_20000_characters_and_no_control_characters():
    assert problems(replace(EVENT, body="# 行程\n\n" + "溪" * 19_000), NOW) == {}
    assert problems(replace(EVENT, body="溪" * 20_001), NOW) == {"body": Fault.TOO_LONG}
    assert problems(replace(EVENT, body="a\x00b"), NOW) == {"body": Fault.BAD_CHARACTER}


def test_unknown_kinds_visibilities_and_admissions_are_not_options():
    draft = replace(EVENT, kind="party", visibility="secret", admission="bribe")
    assert problems(draft, NOW) == dict.fromkeys(("kind", "visibility", "admission"), Fault.NOT_AN_OPTION)


def test_a_programme_needs_a_name_a_kind_and_a_host():
    assert problems(ProgrammeDraft(name="", kind="", host=None, code="A B"), NOW) == {
        "name": Fault.MISSING,
        "kind": Fault.NOT_AN_OPTION,
        "host": Fault.MISSING,
        "code": Fault.BAD_CHARACTER,
    }


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, {}),
        ({"starts_at": None}, {"starts_at": Fault.MISSING}),
        ({"ends_at": None}, {"ends_at": Fault.MISSING}),
        ({"starts_at": datetime(1, 1, 1, tzinfo=UTC)}, {"starts_at": Fault.NOT_A_DATE}),
        ({"ends_at": datetime(9999, 12, 31, tzinfo=UTC)}, {"ends_at": Fault.NOT_A_DATE}),
        ({"starts_at": datetime(1, 1, 1, tzinfo=timezone(14 * HOUR))}, {"starts_at": Fault.NOT_A_DATE}),
        ({"starts_at": datetime(2026, 11, 25, 8)}, {"starts_at": Fault.NOT_A_DATE}),
        ({"ends_at": SESSION.starts_at}, {"ends_at": Fault.BEFORE_START}),
        ({"ends_at": NOW + 400 * DAY}, {"ends_at": Fault.TOO_HIGH}),
        ({"opens_at": NOW + DAY, "closes_at": NOW + DAY}, {"closes_at": Fault.BEFORE_OPENING}),
        ({"opens_at": NOW + DAY, "closes_at": NOW}, {"closes_at": Fault.BEFORE_OPENING}),
        ({"closes_at": SESSION.ends_at}, {}),
        ({"closes_at": NOW + 4 * DAY}, {"closes_at": Fault.AFTER_END}),
        ({"cancel_until": NOW + 3 * DAY + HOUR}, {"cancel_until": Fault.AFTER_START}),
        ({"starts_at": NOW - HOUR, "ends_at": NOW + HOUR}, {}),
        ({"note": "雨\x07天"}, {"note": Fault.BAD_CHARACTER}),
    ],
)
def test_the_times_of_a_session(changed: dict, found: dict):
    assert problems(replace(SESSION, **changed), NOW) == found


def test_a_session_that_is_over_already_is_in_the_past():
    draft = SessionDraft(NOW - 2 * HOUR, NOW - HOUR, opens_at=NOW - DAY)
    assert problems(draft, NOW) == {"starts_at": Fault.IN_THE_PAST}


@pytest.mark.parametrize(
    ("capacity", "found"),
    [
        (None, Fault.MISSING),
        (-1, Fault.TOO_LOW),
        (0, Fault.TOO_LOW),
        (100_001, Fault.TOO_HIGH),
        (2**63, Fault.TOO_HIGH),
    ],
)
def test_a_capacity_is_from_1_to_100000(capacity: int | None, found: Fault):
    assert pool_problems([PoolDraft("大厅", capacity)]) == {"pools.0.capacity": found}
    assert pool_problems([PoolDraft("大厅", 1), PoolDraft("看台", 100_000)]) == {}


def test_two_pools_of_one_name_are_told_apart_by_their_choice_only():
    assert pool_problems([PoolDraft("东门", 5), PoolDraft("东门\u200b", 5)]) == {"pools.1.name": Fault.ALREADY_USED}
    assert pool_problems([PoolDraft("东门", 5), PoolDraft("东门", 5, choice="上车点")]) == {}


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ((), Fault.MISSING),
        (("S",), Fault.MISSING),
        (("S", " ", "\u3000"), Fault.MISSING),
        (("S", "M", " S "), Fault.ALREADY_USED),
        (("S", "M" * 101), Fault.TOO_LONG),
        (("S", "M\x00"), Fault.BAD_CHARACTER),
        (tuple(map(str, range(51))), Fault.TOO_MANY),
        (tuple(map(str, range(10_000))), Fault.TOO_MANY),
    ],
)
def test_a_choice_has_at_least_two_different_options(options: tuple[str, ...], found: Fault):
    assert question_problems([replace(CHOICE, options=options)]) == {"questions.0.options": found}


def test_a_question_hangs_only_on_a_possible_answer_to_an_earlier_choice_or_consent():
    consent = QuestionDraft(kind="consent", label="同意使用健康信息")
    text = QuestionDraft(kind="text", label="过敏情况")
    asked = [
        CHOICE,
        consent,
        replace(text, shown_if=0, shown_if_value=" M"),
        replace(text, shown_if=1, shown_if_value="true"),
    ]
    assert question_problems(asked) == {}
    wrong = {"shown_if": Fault.NOT_AN_OPTION}
    for later, found in (
        (replace(text, shown_if=1), wrong),  # itself
        (replace(text, shown_if=2), wrong),  # one that does not exist
        (replace(text, shown_if=-1), wrong),
        (replace(text, shown_if=0, shown_if_value="XXL"), {"shown_if_value": Fault.NOT_AN_OPTION}),
    ):
        found = {f"questions.1.{field}": fault for field, fault in found.items()}
        assert question_problems([CHOICE, later]) == found
    assert question_problems([text, replace(text, shown_if=0, shown_if_value="")]) == {
        "questions.1.shown_if": Fault.NOT_AN_OPTION
    }


def test_the_bounds_of_a_number_are_in_order():
    number = QuestionDraft(kind="number", label="人数", minimum=5, maximum=3)
    assert question_problems([number]) == {"questions.0.maximum": Fault.TOO_LOW}
    assert question_problems([replace(number, minimum=-5)]) == {}
    assert question_problems([replace(number, kind="text", minimum=-5)]) == {"questions.0.minimum": Fault.TOO_LOW}
    assert question_problems([replace(number, minimum=None, maximum=2**63)]) == {"questions.0.maximum": Fault.TOO_HIGH}


@pytest.mark.parametrize("kind", Kind)
def test_every_preset_makes_drafts_without_problems(kind: Kind):
    assert problems(event_of(kind, "活动"), NOW) == {}
    assert problems(session_of(kind, NOW + 60 * DAY), NOW) == {}
    assert pool_problems(pools_of(kind)) == {}
    assert pool_problems(pools_of(kind, 1)) == {}
    assert question_problems(questions_of(kind)) == {}


@pytest.mark.parametrize(
    ("pools", "left", "all_places", "held"),
    [
        ([], 0, 0, 0),
        ([pool(40, 15)], 25, 40, 15),
        ([pool(40, 15), pool(20, 15)], 5, 20, 15),
        ([pool(40, 15), pool(10, 10, "上车点"), pool(30, 5, "上车点")], 25, 40, 15),
        ([pool(100, 15), pool(10, 10, "上车点"), pool(6, 5, "上车点")], 1, 16, 15),
        ([pool(9, 9, "上车点"), pool(9, 8, "餐食"), pool(9, 1, "餐食")], 0, 9, 9),
        ([pool(3, 3, "男女"), pool(3, 1, "男女")], 2, 6, 4),
    ],
)
def test_a_booking_takes_one_place_in_each_required_pool_and_one_in_each_group(pools, left, all_places, held):
    assert (places_left(pools), places(pools), places_held(pools)) == (left, all_places, held)


FACTS = SessionFacts("published", "scheduled", True, NOW + 2 * DAY, NOW - DAY, NOW + DAY, 5)


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({}, SessionState.OPEN),
        ({"opens_at": NOW + HOUR}, SessionState.NOT_OPEN),
        ({"opens_at": NOW}, SessionState.OPEN),
        ({"closes_at": NOW}, SessionState.CLOSED),
        ({"places_left": 0}, SessionState.FULL),
        ({"places_left": 0, "closes_at": NOW}, SessionState.CLOSED),
        ({"needs_booking": False, "places_left": 0}, SessionState.WALK_IN),
        ({"ends_at": NOW}, SessionState.ENDED),
        ({"state": "cancelled", "ends_at": NOW}, SessionState.CANCELLED),
        ({"state": "postponed"}, SessionState.POSTPONED),
        ({"event_state": "cancelled"}, SessionState.CANCELLED),
        ({"event_state": "cancelled", "ends_at": NOW}, SessionState.ENDED),
        ({"event_state": "postponed"}, SessionState.POSTPONED),
    ],
)
def test_how_a_session_stands(changed: dict, state: SessionState):
    assert session_state(replace(FACTS, **changed), NOW) is state


def test_an_event_stands_as_its_best_session_does():
    assert event_state([SessionState.FULL, SessionState.OPEN, SessionState.CANCELLED]) is SessionState.OPEN
    assert event_state([SessionState.FULL, SessionState.NOT_OPEN]) is SessionState.NOT_OPEN
    assert event_state([]) is SessionState.ENDED


def test_publishing_asks_for_a_session_ahead_and_for_places_in_each():
    past, bare, good = (
        SessionOutline(1, "scheduled", NOW, 1),
        SessionOutline(2, "scheduled", NOW + DAY, 0),
        SessionOutline(3, "scheduled", NOW + DAY, 1),
    )
    nothing = (Missing(CatalogueRefusal.NO_FUTURE_SESSION),)
    assert missing_to_publish(True, [], NOW) == nothing
    assert missing_to_publish(True, [past, replace(good, state="cancelled")], NOW) == nothing
    assert missing_to_publish(True, [past, bare, good], NOW) == (Missing(CatalogueRefusal.SESSION_WITHOUT_POOL, 2),)
    assert missing_to_publish(False, [bare], NOW) == ()
    assert missing_to_publish(True, [good], NOW) == ()


def test_a_shift_keeps_the_hour_on_the_wall():
    berlin = ZoneInfo("Europe/Berlin")
    before_the_clock_change = datetime(2026, 10, 20, 18, tzinfo=berlin)
    assert shifted(before_the_clock_change, 7, berlin) == datetime(2026, 10, 27, 18, tzinfo=berlin)
    late = datetime(2026, 11, 22, 23, 30, tzinfo=SHANGHAI).astimezone(UTC)
    assert days_between(late, date(2026, 11, 23), SHANGHAI) == 1
