"""The organizer's list of attendees: what leaves the database, for whom, and what is written down."""

import msgspec
import pytest
import pytest_asyncio

from events import database
from events.attendance import attendees
from events.attendance.attendees import AttendeeFilter
from events.errors import Fault, Invalid, NotFound
from tests import make


@pytest_asyncio.fixture
async def event(cast):
    return await make.event(await make.programme(cast.league.id))


@pytest_asyncio.fixture
async def session(event):
    return await make.session(event)


async def names(staff, event, **wanted) -> list[str]:
    return [row.name for row in (await attendees.attendees_of(staff, event.id, AttendeeFilter(**wanted))).rows]


async def test_names_numbers_and_contacts_are_masked_without_a_reason(cast, event, session):
    await make.booking(session, cast.mei)
    [row] = (await attendees.attendees_of(cast.olga, event.id)).rows
    assert (row.name, row.phone, row.email) == ("阿依古丽*", "138****0003", "m***@example.org")
    assert row.number == cast.mei.number[:2] + "******" + cast.mei.number[-2:]


async def test_only_editors_of_the_host_see_a_list(cast, event):
    for staff in (cast.petr, cast.sam, cast.dora):
        with pytest.raises(NotFound):
            await attendees.attendees_of(staff, event.id)
        with pytest.raises(NotFound):
            await attendees.attendee_sheet(staff, event.id, AttendeeFilter(), "看看")


async def test_a_blank_reason_unmasks_nothing_and_writes_nothing(cast, event, session):
    await make.booking(session, cast.alice)
    for reason, fault in (("", Fault.MISSING), ("\u3000\u200b", Fault.MISSING), ("很" * 201, Fault.TOO_LONG)):
        with pytest.raises(Invalid) as refused:
            await attendees.unmask_attendees(cast.olga, event.id, AttendeeFilter(), reason)
        assert refused.value.problems == {"reason": fault}
    assert await database.value("SELECT count(*) FROM audit_entry") == 0


async def test_the_audit_says_what_was_looked_at_but_not_the_name_searched_for(cast, event, session):
    await make.booking(session, cast.alice)
    wanted = AttendeeFilter(text="王小燕")
    page = await attendees.unmask_attendees(cast.olga, event.id, wanted, "核对")
    assert [row.name for row in page.rows] == ["王小燕"]
    entry = await database.row("SELECT staff, act, subject, detail, reason FROM audit_entry")
    assert (entry["staff"], entry["act"], entry["reason"]) == (cast.olga.id, "attendees.unmask", "核对")
    assert msgspec.json.decode(entry["detail"]) == {
        "session": None,
        "state": "",
        "checked": "",
        "searched": True,
        "rows": 1,
    }


async def test_marks_of_a_pattern_are_searched_for_literally(cast, event, session):
    await make.booking(session, cast.alice)
    assert await names(cast.olga, event, text="王%") == []
    assert await names(cast.olga, event, text="王_燕") == []
    assert await names(cast.olga, event, text="\\") == []
    assert await names(cast.olga, event, text="小燕") == ["王*燕"]


async def test_a_session_shows_only_its_own_people(cast, event, session):
    other = await make.session(event)
    await make.booking(session, cast.alice)
    await make.booking(other, cast.bob)
    assert await names(cast.olga, event, session_id=session.id) == ["王*燕"]
    assert await names(cast.olga, event) == ["王*燕", "李*"]


async def test_a_scan_that_does_not_count_checks_nobody_in(cast, event, session):
    booking = await make.booking(session, cast.alice)
    for stop, admitted in (
        (await make.stop(event, counts=False), []),
        (await make.stop(event, direction="out"), []),
        (await make.stop(event), ["王*燕"]),
    ):
        scan = await database.value(
            "INSERT INTO scan (stop, booking) VALUES ($1, $2) RETURNING id", stop.id, booking.id
        )
        await database.rows(
            "INSERT INTO admission (booking, stop, scan) VALUES ($1, $2, $3)", booking.id, stop.id, scan
        )
        assert await names(cast.olga, event, checked="in") == admitted


async def test_the_sheet_holds_every_row_whatever_page_is_open(cast, event, session):
    for student in (cast.alice, cast.bob, cast.mei):
        await make.booking(session, student)
    sheet = await attendees.attendee_sheet(cast.olga, event.id, AttendeeFilter(after=10**9, limit=1))
    assert [row.name for row, _ in sheet.rows] == ["王*燕", "李*", "阿依古丽*"]


async def test_the_masked_sheet_leaves_out_the_students_own_words(cast, event, session):
    meal = await make.question(event, "choice", label="午餐", options='["素食"]')
    contact = await make.question(event, label="紧急联系人")
    answers = {str(meal.id): "素食", str(contact.id): "王建国"}
    await make.booking(session, cast.alice, answers=msgspec.json.encode(answers).decode())
    masked = await attendees.attendee_sheet(cast.olga, event.id)
    assert (masked.questions, masked.rows[0][1]) == (("午餐",), ("素食",))
    clear = await attendees.attendee_sheet(cast.olga, event.id, AttendeeFilter(), "投保")
    assert (clear.questions, clear.rows[0][1]) == (("午餐", "紧急联系人"), ("素食", "王建国"))


async def test_one_booking_is_absent_for_others(cast, session):
    booking = await make.booking(session, cast.alice)
    for staff in (cast.petr, cast.sam, cast.dora):
        with pytest.raises(NotFound):
            await attendees.attendee_of(staff, booking.code)
    with pytest.raises(NotFound):
        await attendees.attendee_of(cast.olga, "0000000000")
