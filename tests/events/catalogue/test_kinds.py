from datetime import timedelta

import pytest

from events.catalogue.kinds import (
    ADMISSION_NAMES,
    KIND_NAMES,
    RESCUE_MINIMUM_AGE,
    Admission,
    Kind,
    QuestionKind,
    labels,
    preset_of,
)

every_kind = pytest.mark.parametrize("kind", Kind)


def test_every_kind_and_mode_of_admission_has_a_name_of_its_own():
    assert list(KIND_NAMES) == list(Kind)
    assert list(ADMISSION_NAMES.values()) == ["报名制", "中签制", "评审制"]
    assert len({*KIND_NAMES.values()}) == len(Kind)


@every_kind
def test_a_code_fits_its_column(kind):
    assert len(kind.value) <= 20
    assert len(preset_of(kind).admission.value) <= 12


@every_kind
def test_booking_opens_before_it_closes_and_ends_no_later_than_the_start(kind):
    preset = preset_of(kind)
    assert preset.opens_before > preset.closes_before >= timedelta(0)
    assert preset.opens_before > preset.cancel_before >= timedelta(0)
    assert preset.duration > timedelta(0)


@every_kind
def test_a_session_has_places_and_a_pool_that_every_booking_takes_or_chooses(kind):
    preset = preset_of(kind)
    choices = {pool.choice for pool in preset.pools}
    assert preset.capacity >= 1
    assert choices != set()
    names = [pool.name for pool in preset.pools]
    assert len(names) == len(set(names))
    assert all(0 < pool.percent <= 100 for pool in preset.pools)


@every_kind
def test_the_pools_of_a_choice_hold_everyone_whom_the_session_holds(kind):
    preset = preset_of(kind)
    for choice in {pool.choice for pool in preset.pools if pool.choice}:
        assert sum(pool.percent for pool in preset.pools if pool.choice == choice) >= 100


@every_kind
def test_some_stop_counts_and_leaving_is_scanned_exactly_where_minutes_are_counted(kind):
    preset = preset_of(kind)
    assert any(stop.counts for stop in preset.stops)
    assert ("out" in {stop.direction for stop in preset.stops}) == preset.needs_checkout
    assert {stop.direction for stop in preset.stops} <= {"in", "out"}
    assert not any(stop.counts for stop in preset.stops if stop.direction == "out")


@every_kind
def test_only_choices_have_options_and_only_an_earlier_consent_opens_a_question(kind):
    questions = preset_of(kind).questions
    for place, question in enumerate(questions):
        assert bool(question.options) == (question.kind is QuestionKind.CHOICE)
        if question.shown_if is not None:
            assert question.shown_if < place
            assert questions[question.shown_if].kind is QuestionKind.CONSENT


@every_kind
def test_health_is_asked_only_after_a_consent_that_may_be_withheld(kind):
    questions = preset_of(kind).questions
    for question in (q for q in questions if "过敏" in q.label):
        assert not question.required
        assert "健康信息" in questions[question.shown_if].label
        assert not questions[question.shown_if].required


@every_kind
def test_texts_fit_their_columns(kind):
    preset = preset_of(kind)
    assert all(len(stop.name) <= 60 for stop in preset.stops)
    assert all(len(pool.name) <= 60 and len(pool.choice) <= 40 for pool in preset.pools)
    assert all(len(question.label) <= 200 for question in preset.questions)


def test_a_study_tour_is_rolled_called_from_the_meeting_point_to_the_way_back():
    tour = preset_of(Kind.STUDY_TOUR)
    assert [stop.name for stop in tour.stops] == ["集合点", "车上点名", "参观点", "返程"]
    assert [(pool.name, pool.choice) for pool in tour.pools] == [
        ("座位", ""),
        ("校门口上车", "上车点"),
        ("市区上车", "上车点"),
    ]
    assert {"紧急联系人姓名", "紧急联系人电话"} <= {question.label for question in tour.questions if question.required}


def test_matchmaking_is_for_adults_in_balanced_halves():
    party = preset_of(Kind.SOCIAL)
    assert [(pool.name, pool.percent) for pool in party.pools] == [("男", 50), ("女", 50)]
    assert (party.minimum_age, party.admission) == (18, Admission.DRAW)


def test_minors_may_volunteer_but_not_rescue():
    assert (preset_of(Kind.VOLUNTEER).minimum_age, RESCUE_MINIMUM_AGE) == (None, 18)


def test_hours_need_a_checkout():
    needing = {kind for kind in Kind if preset_of(kind).needs_checkout}
    assert needing == {Kind.VOLUNTEER, Kind.WORKSHOP, Kind.PLACEMENT, Kind.STAY}


def test_people_come_to_festivals_and_job_fairs_without_booking():
    assert {kind for kind in Kind if preset_of(kind).open_attendance} == {Kind.FESTIVAL, Kind.JOB_FAIR}


def test_no_preset_reaches_the_size_that_needs_a_permit():
    """大型群众性活动安全管理条例 第二条: 1,000 persons."""
    assert max(preset_of(kind).capacity for kind in Kind) < 1000


def test_the_labels_for_translation_leave_nothing_out():
    found = labels()
    assert {"游学", "报名制", "集合点", "座位", "上车点", "衣服尺码", "XXL", "签到即计到场"} <= found
    assert "" not in found
