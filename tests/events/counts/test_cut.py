"""A department's figures, written out by hand; and who may see them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from events.catalogue.tables import ProgrammePartner
from events.counts.actions import refresh_due
from events.counts.figures import By, CutScope, Hidden
from events.counts.queries import compared, cut
from events.counts.reach import countable_departments, programmes_in_reach
from events.errors import Fault, Invalid, NotFound
from events.people.queries import staff_member
from tests import make
from tests.events.counts.history import absent, attended, held, local, scanned, settled

YEAR = date(2024, 1, 1), date(2024, 12, 31)


@pytest.fixture(params=["from the rows", "from tallies"])
def tallied(request: pytest.FixtureRequest) -> bool:
    """Everything here holds before and after the months are tallied."""
    return request.param == "from tallies"


async def season(cast, tallied: bool) -> CutScope:
    """A tour in October: alice, bob, mei come, one stays away. A lecture in November: alice comes, bob is on leave."""
    tour = await make.event(await make.programme(cast.league.id, name="逐梦游学"))
    lecture = await make.event(await make.programme(cast.league.id, name="三北讲坛", kind="lecture"))
    gate, door = await make.stop(tour), await make.stop(lecture)
    late = await make.student(college="经济与管理学院")
    october, november = await held(tour, local(2024, 10, 17)), await held(lecture, local(2024, 11, 7))
    await attended(october, gate, cast.alice, cast.bob, cast.mei)
    await absent(october, late)
    await attended(november, door, cast.alice)
    await make.booking(november, cast.bob, state="on_leave")
    await make.booking(november, late, state="cancelled")
    await settled(october)
    await settled(november)
    if tallied:
        assert await refresh_due() == 2
    return CutScope(cast.league.id, *YEAR)


async def test_a_cut_counts_person_times_persons_bookings_and_the_rate(cast, tallied):
    total = (await cut(cast.dora, await season(cast, tallied))).total
    assert (total.person_times, total.persons, total.bookings, total.absent) == (4, 3, 6, 1)
    assert total.attendance_rate == Decimal("80.00")
    assert total.sessions == 2


async def test_rows_by_programme_are_in_order_of_size(cast, tallied):
    found = await cut(cast.dora, await season(cast, tallied), By.PROGRAMME)
    assert [(each.label, each.person_times, each.persons) for each in found.rows] == [
        ("逐梦游学", 3, 3),
        ("三北讲坛", 1, 1),
    ]
    assert found.total.persons == 3  # not the sum: alice is in both rows


async def test_rows_by_kind_carry_the_kinds_name(cast, tallied):
    found = await cut(cast.dora, await season(cast, tallied), By.KIND)
    assert [(each.key, each.label) for each in found.rows] == [("study_tour", "游学"), ("lecture", "讲座")]


async def test_rows_by_month_are_in_order_of_time(cast, tallied):
    found = await cut(cast.dora, await season(cast, tallied), By.MONTH)
    assert [(each.key, each.person_times, each.sessions) for each in found.rows] == [
        ("2024-10", 3, 1),
        ("2024-11", 1, 1),
    ]


async def test_rows_by_college_have_no_sessions(cast, tallied):
    found = await cut(cast.dora, await season(cast, tallied), By.COLLEGE)
    assert [(each.label, each.person_times, each.absent, each.sessions) for each in found.rows] == [
        ("信息工程学院", 4, 0, None),
        ("经济与管理学院", 0, 1, None),
    ]
    assert found.rows[1].attendance_rate == Decimal("0.00")
    assert found.total.sessions == 2


async def test_days_at_the_edges_are_included_and_no_more(cast, tallied):
    scope = await season(cast, tallied)
    only = replace(scope, from_day=date(2024, 10, 17), until_day=date(2024, 11, 6))
    assert (await cut(cast.dora, only)).total.person_times == 3
    assert (await cut(cast.dora, replace(only, until_day=date(2024, 11, 7)))).total.person_times == 4
    assert (await cut(cast.dora, replace(only, from_day=date(2024, 10, 18)))).total.person_times == 0


async def test_a_kind_and_a_programme_narrow_the_cut(cast, tallied):
    scope = await season(cast, tallied)
    assert (await cut(cast.dora, replace(scope, kind="lecture"))).total.persons == 1
    tours = (await cut(cast.dora, scope, By.PROGRAMME)).rows[0]
    found = await cut(cast.dora, replace(scope, programme_id=int(tours.key)))
    assert (found.total.person_times, found.programme.name) == (3, "逐梦游学")


async def test_a_session_after_midnight_belongs_to_the_local_day(cast, tallied):
    event = await make.event(await make.programme(cast.league.id))
    gate = await make.stop(event)
    night = await held(event, local(2024, 11, 1, hour=0, minute=30))  # still October in UTC
    await attended(night, gate, cast.alice)
    await settled(night)
    if tallied:
        await refresh_due()
    found = await cut(cast.dora, CutScope(cast.league.id, date(2024, 11, 1), date(2024, 11, 1)), By.MONTH)
    assert [(each.key, each.person_times, each.sessions) for each in found.rows] == [("2024-11", 1, 1)]


async def test_rows_beyond_the_asked_number_become_one_that_counts_its_people_once(cast, tallied):
    event = await make.event(await make.programme(cast.league.id))
    for month, students in ((8, [cast.alice, cast.bob, cast.mei]), (9, [cast.alice]), (10, [cast.alice, cast.bob])):
        programme = await make.programme(cast.league.id, name=f"第{month}号")
        event = await make.event(programme)
        session = await held(event, local(2024, month, 3))
        await attended(session, await make.stop(event), *students)
        await settled(session)
    if tallied:
        await refresh_due()
    found = await cut(cast.dora, CutScope(cast.league.id, *YEAR), By.PROGRAMME, most=1)
    assert [(each.label, each.person_times, each.persons) for each in found.rows] == [("第8号", 3, 3), ("其他", 3, 2)]
    assert (found.total.person_times, found.total.persons) == (6, 3)


async def test_a_student_who_changes_college_is_still_one_person(cast, tallied):
    event = await make.event(await make.programme(cast.league.id))
    gate = await make.stop(event)
    for month, college in ((9, "信息工程学院"), (10, "经济与管理学院")):
        cast.alice.college = college
        await cast.alice.save()
        session = await held(event, local(2024, month, 3))
        await attended(session, gate, cast.alice)
        await settled(session)
        if tallied:
            await refresh_due()
    found = await cut(cast.dora, CutScope(cast.league.id, *YEAR), By.COLLEGE)
    assert [(each.label, each.persons) for each in found.rows] == [("信息工程学院", 1), ("经济与管理学院", 1)]
    assert (found.total.person_times, found.total.persons) == (2, 1)


async def test_bookings_of_a_session_not_yet_settled_are_bookings_only(cast):
    event = await make.event(await make.programme(cast.league.id))
    session = await held(event, local(2024, 12, 5))
    await make.booking(session, cast.alice)
    await make.booking(session, cast.bob, state="waitlisted")
    total = (await cut(cast.dora, CutScope(cast.league.id, *YEAR))).total
    assert (total.bookings, total.person_times, total.absent, total.sessions) == (1, 0, 0, 0)
    assert total.attendance_rate is None


async def test_an_empty_period_has_no_rate_and_no_rows(cast):
    found = await cut(cast.dora, CutScope(cast.league.id, *YEAR), By.COLLEGE)
    assert found.rows == ()
    assert (found.total.person_times, found.total.persons, found.total.attendance_rate) == (0, 0, None)


async def test_figures_are_compared_with_last_year_and_the_month_before(cast, tallied):
    event = await make.event(await make.programme(cast.league.id))
    gate = await make.stop(event)
    for day, students in (
        (local(2023, 8, 9), [cast.alice]),
        (local(2024, 7, 9), [cast.alice, cast.bob]),
        (local(2024, 8, 9), [cast.alice, cast.bob, cast.mei]),
    ):
        session = await held(event, day)
        await attended(session, gate, *students)
        await settled(session)
    if tallied:
        await refresh_due()
    found = await compared(
        cast.dora, await cut(cast.dora, CutScope(cast.league.id, date(2024, 8, 1), date(2024, 8, 31)))
    )
    assert (found.year_on_year.person_times, found.on_previous.person_times) == (Decimal("200.00"), Decimal("50.00"))
    assert found.year_on_year.attendance_rate == Decimal("0.00")
    assert (found.last_year_days, found.previous_days) == (
        (date(2023, 8, 1), date(2023, 8, 31)),
        (date(2024, 7, 1), date(2024, 7, 31)),
    )


async def test_a_missing_base_leaves_the_comparison_empty(cast):
    found = await compared(cast.dora, await cut(cast.dora, await season(cast, tallied=False)))
    assert (found.year_on_year.person_times, found.year_on_year.attendance_rate) == (None, None)


async def test_a_department_counts_what_is_below_it_and_not_what_is_beside_it(cast):
    centre = await make.department(name="就业中心", parent=cast.bureau.id)
    for host, student in ((centre, cast.alice), (cast.league, cast.bob)):
        event = await make.event(await make.programme(host.id))
        session = await held(event, local(2024, 10, 17))
        await attended(session, await make.stop(event), student)
        await settled(session)
    chief = await staff_member((await make.staff("陈芳", "analyst", cast.bureau.id)).id)
    assert (await cut(chief, CutScope(cast.bureau.id, *YEAR))).total.person_times == 1
    assert (await cut(chief, CutScope(centre.id, *YEAR))).total.person_times == 1
    assert [each.id for each in await countable_departments(chief)] == [cast.bureau.id, centre.id]


async def test_dora_cannot_count_petrs_department(cast):
    with pytest.raises(NotFound):
        await cut(cast.dora, CutScope(cast.bureau.id, *YEAR))


async def test_sam_scans_and_does_not_count(cast):
    with pytest.raises(NotFound):
        await cut(cast.sam, CutScope(cast.league.id, *YEAR))


async def test_dora_cannot_count_a_programme_that_her_department_has_no_part_in(cast):
    theirs = await make.programme(cast.bureau.id)
    with pytest.raises(NotFound):
        await cut(cast.dora, CutScope(cast.league.id, *YEAR, programme_id=theirs.id))


async def test_a_partner_sees_the_programme_without_small_numbers_by_whole_months(cast):
    fair = await make.programme(cast.bureau.id, name="就业提升活动", kind="job_fair")
    await ProgrammePartner(programme=fair.id, department=cast.league.id).save()
    event = await make.event(fair)
    session = await held(event, local(2024, 10, 17))
    crowd = [await make.student(college="信息工程学院") for _ in range(6)]
    few = [await make.student(college="经济与管理学院") for _ in range(2)]
    await attended(session, await make.stop(event), *crowd, *few)
    await settled(session)
    scope = CutScope(cast.league.id, date(2024, 10, 16), date(2024, 10, 20), programme_id=fair.id)
    found = await cut(cast.dora, scope, By.COLLEGE)
    assert found.partner_view
    assert (found.scope.from_day, found.scope.until_day) == (date(2024, 10, 1), date(2024, 10, 31))
    assert [(each.person_times, each.persons) for each in found.rows] == [
        (Hidden.WITHHELD, Hidden.WITHHELD),
        (Hidden.FEW, Hidden.FEW),
    ]
    assert (found.total.person_times, found.total.persons) == (8, 8)
    assert (await cut(cast.dora, replace(scope, programme_id=None))).total.person_times == 0
    assert [(each.name, each.partner_view) for each in await programmes_in_reach(cast.dora, cast.league.id)] == [
        ("就业提升活动", True)
    ]
    assert (await cut(cast.petr, CutScope(cast.bureau.id, *YEAR), By.COLLEGE)).rows[1].persons == 2


async def test_a_period_that_ends_before_it_begins_is_refused(cast):
    with pytest.raises(Invalid) as caught:
        await cut(cast.dora, CutScope(cast.league.id, date(2024, 2, 1), date(2024, 1, 31)))
    assert caught.value.problems == {"until_day": Fault.BEFORE_START}


async def test_a_scan_taken_back_does_not_count(cast):
    event = await make.event(await make.programme(cast.league.id))
    gate, session = await make.stop(event), await held(event, local(2024, 10, 17))
    booking = await make.booking(session, cast.alice)
    scan = await scanned(gate, booking)
    await scanned(gate, booking, admitted=False, undoes=scan.id)
    await settled(session)
    total = (await cut(cast.dora, CutScope(cast.league.id, *YEAR))).total
    assert (total.person_times, total.absent) == (0, 1)


async def test_a_cut_says_when_by_the_databases_clock(cast):
    from events import database

    before = await database.database_now()
    found = await cut(cast.dora, CutScope(cast.league.id, *YEAR))
    assert before < found.cut_at < await database.database_now()
