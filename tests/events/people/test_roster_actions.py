"""A roster taken over: whole or not at all, the same file twice changes nothing, and what a file does not say stays."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from events import database
from events.errors import NotFound
from events.people.actions import apply_roster, import_roster_file, preview_roster
from events.people.actions.roster import RosterCounts, RosterRefusal, RosterRefused
from events.people.logins import sign_in_student, viewer_of
from events.people.queries import StaffMember, staff_member
from events.people.roster import BadRoster, Field
from events.people.rosters import import_of, schools_open_to
from events.people.tables import Student
from events.sheets import BadSheet
from tests import make
from tests.cast import Cast

DATA = Path(__file__).parents[2] / "data"
SCHOOL = "宁波大学科学技术学院"
HEADER = "学号,姓名,性别,学院,年级,手机号\n"
ALICE, BOB = "2541010001,王小燕,女,人文学院,2025,13800000001\n", "2541010002,李强,男,人文学院,2025,13800000002\n"


@pytest_asyncio.fixture
async def clerk(db) -> StaffMember:
    """An editor of the school."""
    school = await make.department("nbukj", SCHOOL)
    return await staff_member((await make.staff("Clerk", "editor", school.id)).id)


async def import_text(staff: StaffMember, text: str, **how: bool) -> RosterCounts:
    preview = await preview_roster(staff, text.encode(), "名单.csv", SCHOOL)
    return await apply_roster(staff, preview.import_id, **how)


async def student(number: str) -> Student:
    found = await Student.objects().where(Student.number == number).first()
    assert found is not None
    return found


async def test_three_thousand_students_come_in_quickly_and_a_second_time_nothing_changes(db):
    started = time.monotonic()
    said = await import_roster_file(DATA / "roster_sample.xlsx", SCHOOL)
    assert time.monotonic() - started < 10
    assert said == "3000 added, 0 changed, 0 unchanged, 0 rows refused"
    assert await import_roster_file(DATA / "roster_sample.xlsx", SCHOOL) == (
        "0 added, 0 changed, 3000 unchanged, 0 rows refused"
    )
    assert await Student.count() == 3000


async def test_the_messy_roster_brings_in_what_can_be_understood_and_names_the_rest(db):
    said = (await import_roster_file(DATA / "roster_messy.xlsx", SCHOOL)).splitlines()
    assert said[0] == "48 added, 0 changed, 0 unchanged, 6 rows refused"
    assert said[1:] == [
        "  row 8, cell H8: wrong length (phone)",
        "  row 26, cell B26: empty (name)",
        "  row 30, cell B30: formula (name)",
        "  row 34, cell A34: lost digits (number)",
        "  row 42, cell H42: wrong length (phone)",
        "  row 60, cell B60: empty (name)",
    ]
    assert await Student.count() == 48


async def test_a_preview_touches_no_student(clerk):
    preview = await preview_roster(clerk, (HEADER + ALICE + BOB).encode(), "名单.csv", SCHOOL)
    assert [each.name for each in preview.comparison.added] == ["王小燕", "李强"]
    assert await Student.count() == 0
    assert (await import_of(clerk, preview.import_id)).line.added == 2


async def test_columns_that_a_file_lacks_and_cells_that_it_leaves_empty_change_nothing(clerk):
    await import_text(clerk, HEADER + ALICE + BOB)
    await Student.update({Student.email: "alice@example.org"}).where(Student.number == "2541010001")
    narrower = "学号,姓名,学院,手机号\n2541010001,王小燕,法学院,\n2541010002,李强,人文学院,13800000009\n"
    assert await import_text(clerk, narrower) == RosterCounts(added=0, changed=2, unchanged=0, refused=0)
    alice, bob = await student("2541010001"), await student("2541010002")
    assert (alice.college, alice.phone, alice.email, alice.grade) == (
        "法学院",
        "+8613800000001",
        "alice@example.org",
        2025,
    )
    assert (bob.college, bob.phone, bob.gender) == ("人文学院", "+8613800000009", "m")


async def test_a_changed_phone_signs_out_and_an_unchanged_one_does_not(clerk):
    await import_text(clerk, HEADER + ALICE + BOB)
    alice, bob = await student("2541010001"), await student("2541010002")
    tokens = [await sign_in_student(alice.id), await sign_in_student(bob.id)]
    await import_text(clerk, HEADER + ALICE.replace("13800000001", "13800000007") + BOB.replace("李强", "李强强"))
    assert [await viewer_of(token) is None for token in tokens] == [True, False]


async def test_who_is_missing_stays_unless_the_clerk_says_that_they_left_and_may_come_back(clerk):
    await import_text(clerk, HEADER + ALICE + BOB)
    assert (await import_text(clerk, HEADER + ALICE)).left == 0
    assert (await student("2541010002")).left_at is None
    assert await import_text(clerk, HEADER + ALICE, gone_have_left=True) == RosterCounts(0, 0, 1, 0, left=1)
    assert (await student("2541010002")).left_at is not None
    assert (await import_text(clerk, HEADER + BOB)).changed == 1
    assert (await student("2541010002")).left_at is None


async def test_nobody_is_marked_as_gone_while_rows_are_refused(clerk):
    await import_text(clerk, HEADER + ALICE + BOB)
    preview = await preview_roster(clerk, (HEADER + ALICE + ",李强,男,人文学院,2025,\n").encode(), "名单.csv", SCHOOL)
    with pytest.raises(RosterRefused) as refused:
        await apply_roster(clerk, preview.import_id, gone_have_left=True)
    assert refused.value.reason is RosterRefusal.ROWS_REFUSED
    assert (await student("2541010002")).left_at is None


async def test_applied_twice_is_applied_once(clerk):
    preview = await preview_roster(clerk, (HEADER + ALICE).encode(), "名单.csv", SCHOOL)
    first = await apply_roster(clerk, preview.import_id)
    assert await apply_roster(clerk, preview.import_id) == first == RosterCounts(1, 0, 0, 0)
    assert await database.value("SELECT count(*) FROM audit_entry WHERE act = 'roster.apply'") == 1


async def test_what_was_taken_over_is_kept_without_the_students(clerk):
    preview = await preview_roster(clerk, (HEADER + ALICE).encode(), "名单.csv", SCHOOL)
    assert "王小燕" in await database.value("SELECT verdict::text FROM roster_import")
    await apply_roster(clerk, preview.import_id)
    assert "王小燕" not in await database.value("SELECT verdict::text FROM roster_import")


async def test_a_preview_that_another_roster_overtook_is_refused_and_changes_nothing(clerk):
    preview = await preview_roster(clerk, (HEADER + ALICE).encode(), "名单.csv", SCHOOL)
    await import_text(clerk, HEADER + BOB)
    with pytest.raises(RosterRefused) as refused:
        await apply_roster(clerk, preview.import_id)
    assert refused.value.reason is RosterRefusal.OVERTAKEN
    assert await Student.count() == 1


async def test_a_preview_of_yesterday_is_refused_and_goes_with_the_next_one(clerk):
    preview = await preview_roster(clerk, (HEADER + ALICE).encode(), "名单.csv", SCHOOL)
    await database.rows("UPDATE roster_import SET created_at = now() - $1::interval", timedelta(hours=25))
    with pytest.raises(RosterRefused) as refused:
        await apply_roster(clerk, preview.import_id)
    assert refused.value.reason is RosterRefusal.EXPIRED
    await preview_roster(clerk, (HEADER + BOB).encode(), "名单.csv", SCHOOL)
    with pytest.raises(NotFound):
        await import_of(clerk, preview.import_id)


async def test_two_people_under_one_number_are_both_refused(clerk):
    preview = await preview_roster(clerk, (HEADER + ALICE + ALICE.replace("王小燕", "李强")).encode(), "a.csv", SCHOOL)
    assert [(each.cell, each.reason) for each in preview.verdict.problems] == [
        ("A2", "two_people"),
        ("A3", "two_people"),
    ]
    assert await apply_roster(clerk, preview.import_id) == RosterCounts(0, 0, 0, 2)


async def test_what_is_no_roster_leaves_no_trace(clerk):
    with pytest.raises(BadRoster):
        await preview_roster(clerk, "姓名\n王小燕\n".encode(), "名单.csv", SCHOOL)
    with pytest.raises(BadSheet):
        await preview_roster(clerk, b"\x00\x01", "名单.xlsx", SCHOOL)
    assert await database.value("SELECT count(*) FROM roster_import") == 0


async def test_only_the_school_itself_may_replace_its_roster(clerk, cast: Cast):
    preview = await preview_roster(clerk, (HEADER + ALICE).encode(), "名单.csv", SCHOOL)
    for stranger in (cast.olga, cast.petr, cast.dora, cast.sam):
        with pytest.raises(NotFound):
            await preview_roster(stranger, (HEADER + BOB).encode(), "名单.csv", SCHOOL)
        with pytest.raises(NotFound):
            await apply_roster(stranger, preview.import_id)
        with pytest.raises(NotFound):
            await import_of(stranger, preview.import_id)
        assert await schools_open_to(stranger, SCHOOL) == []
    assert await schools_open_to(clerk, SCHOOL) == [SCHOOL]
    assert await database.value("SELECT count(*) FROM student WHERE number = '2541010001'") == 0


async def test_the_roster_of_a_school_that_is_no_department_is_for_owners_of_a_root(cast: Cast):
    owner = await staff_member((await make.staff("Owner", "owner", cast.league.id)).id)
    assert await schools_open_to(owner, SCHOOL) == [SCHOOL]
    assert await schools_open_to(cast.olga, SCHOOL) == []
    below = await make.department("below", "下级", parent=cast.league.id)
    lesser = await staff_member((await make.staff("Lesser", "owner", below.id)).id)
    assert await schools_open_to(lesser, SCHOOL) == []


async def test_the_changes_name_each_field_with_its_old_and_new_value(clerk):
    await import_text(clerk, HEADER + ALICE)
    preview = await preview_roster(clerk, (HEADER + ALICE.replace("人文", "法")).encode(), "名单.csv", SCHOOL)
    [change] = preview.comparison.changed
    assert (dict(change.fields), change.returns) == ({Field.COLLEGE: ("人文学院", "法学院")}, False)
