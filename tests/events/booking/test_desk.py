"""The desk on the real server: never oversold, never undersold, never doubled."""

import asyncio
import contextlib
from datetime import timedelta

import pytest

from events import database
from events.booking import actions, ledger
from events.booking.desk import Desk
from events.booking.rules import BookingRefused, Refusal, Request
from events.errors import Invalid, NotFound
from events.ticket.desk import book, desk, issue_tickets
from tests import make


async def crowd(size: int) -> list[int]:
    return [(await make.student(f"学生{number}")).id for number in range(size)]


async def outcomes(session_id: int, students: list[int]) -> list[str]:
    async def one(student_id: int) -> str:
        try:
            return "again" if (await book(student_id, session_id)).already else "booked"
        except BookingRefused as refusal:
            return refusal.reason.value

    return await asyncio.gather(*(one(student_id) for student_id in students))


async def places(session_id: int) -> tuple[int, int]:
    """Places taken by the counter, and by counting the bookings."""
    counted = await database.value("SELECT sum(taken) FROM pool WHERE session = $1", session_id)
    held = await database.value(
        "SELECT count(*) FROM booking, unnest(pools) WHERE session = $1 AND state = 'confirmed'", session_id
    )
    return counted, held


async def test_forty_places_and_a_hundred_students_make_forty_bookings(db):
    session = await make.session(capacity=40)
    answers = await outcomes(session.id, await crowd(100))
    assert (answers.count("booked"), answers.count("full")) == (40, 60)
    assert await places(session.id) == (40, 40)


async def test_a_booking_brings_its_ticket_and_its_letters_in_the_same_commit(cast):
    session = await make.session()
    booked = await book(cast.alice.id, session.id)
    assert await database.value("SELECT count(*) FROM ticket WHERE booking = $1", booked.booking_id) == 1
    kinds = await database.rows("SELECT kind FROM notice WHERE booking_id = $1 ORDER BY due_at", booked.booking_id)
    assert [each["kind"] for each in kinds] == ["confirm", "remind_24h", "remind_2h"]


async def test_pressing_twice_gives_the_same_booking(cast):
    session = await make.session()
    first, second = await asyncio.gather(book(cast.alice.id, session.id), book(cast.alice.id, session.id))
    assert first.code == second.code
    assert (await book(cast.alice.id, session.id)).code == first.code
    assert await places(session.id) == (1, 1)


async def test_without_the_lock_two_desks_oversell_and_the_check_is_all_that_is_left(cast, monkeypatch):
    """The negative control: the race exists. Two processes read the same free place, and only the CHECK stops one."""
    session = await make.session(capacity=1)

    async def unlocked(session_ids):
        found = await database.rows(
            "SELECT id, choice, capacity - taken AS free FROM pool WHERE session = $1", session.id
        )
        await asyncio.sleep(0.2)
        return found

    monkeypatch.setattr(ledger, "lock_pools", unlocked)
    await database.rows("ALTER TABLE pool DROP CONSTRAINT pool_check")
    try:
        await two_desks(session.id, cast)
        assert await places(session.id) == (2, 2)
    finally:
        await database.rows("DELETE FROM notice")
        await database.rows("UPDATE pool SET taken = 0")
        await database.rows("ALTER TABLE pool ADD CONSTRAINT pool_check CHECK (taken >= 0 AND taken <= capacity)")


async def test_with_the_lock_two_desks_sell_the_last_place_once(cast):
    session = await make.session(capacity=1)
    assert sorted(await two_desks(session.id, cast)) == ["booked", "full"]
    assert await places(session.id) == (1, 1)


async def two_desks(session_id: int, cast) -> list[str]:
    """Two processes, as far as the database can tell."""

    async def one(desk: Desk, student_id: int) -> str:
        try:
            await desk.book(session_id, Request(student_id, make.code()))
        except BookingRefused as refusal:
            return refusal.reason.value
        return "booked"

    return await asyncio.gather(one(Desk(issue_tickets), cast.alice.id), one(Desk(issue_tickets), cast.bob.id))


async def test_two_overlapping_sessions_booked_at_once_give_one_student_one_of_them(cast):
    first, second = await make.session(), await make.session()
    answers = await asyncio.gather(outcomes(first.id, [cast.alice.id]), outcomes(second.id, [cast.alice.id]))
    assert sorted(answer for (answer,) in answers) == ["booked", "clash"]


async def test_a_student_who_closes_the_phone_after_pressing_still_has_the_place(cast):
    session = await make.session()
    pressing = asyncio.create_task(book(cast.alice.id, session.id))
    async with asyncio.timeout(5):
        while session.id not in desk.lines:
            await asyncio.sleep(0)  # the desk tells nobody, and must not for a test's sake
    pressing.cancel()
    await asyncio.gather(pressing, return_exceptions=True)
    assert (await book(cast.alice.id, session.id)).already
    assert await places(session.id) == (1, 1)


async def test_a_coach_is_one_of_several_and_must_be_chosen(cast):
    session = await make.session(capacity=10)
    south = await make.pool(session, 1, name="南门", choice="上车点")
    north = await make.pool(session, 1, name="北门", choice="上车点")
    with pytest.raises(BookingRefused) as refused:
        await book(cast.alice.id, session.id)
    assert refused.value.reason == Refusal.CHOOSE_PLACE
    await book(cast.alice.id, session.id, choices=[south.id])
    with pytest.raises(BookingRefused) as refused:
        await book(cast.bob.id, session.id, choices=[south.id])
    assert refused.value.reason == Refusal.PLACE_FULL
    await book(cast.bob.id, session.id, choices=[north.id])
    assert await outcomes(session.id, [cast.mei.id]) == ["full"]


async def test_a_pool_of_another_session_is_no_choice(cast):
    session = await make.session()
    await make.pool(session, 5, name="南门", choice="上车点")
    elsewhere = await make.pool(await make.session(), 5, name="南门", choice="上车点")
    with pytest.raises(BookingRefused) as refused:
        await book(cast.alice.id, session.id, choices=[elsewhere.id])
    assert refused.value.reason == Refusal.CHOOSE_PLACE


@pytest.mark.parametrize(
    ("times", "reason"),
    [
        ({"opens_at": make.now() + timedelta(minutes=5)}, Refusal.NOT_OPEN),
        ({"opens_at": make.now() - timedelta(days=2), "closes_at": make.now() - timedelta(days=1)}, Refusal.CLOSED),
        ({"state": "cancelled"}, Refusal.CANCELLED),
        ({"state": "postponed"}, Refusal.POSTPONED),
    ],
)
async def test_a_session_that_is_not_open_says_why(cast, times, reason):
    session = await make.session(**times)
    assert await outcomes(session.id, [cast.alice.id]) == [reason.value]
    assert await places(session.id) == (0, 0)


async def test_a_draft_and_an_unknown_session_and_an_unknown_student_are_not_found(cast):
    draft = await make.session(await make.event(state="draft"))
    for session_id in (draft.id, 10**6):
        with pytest.raises(NotFound):
            await book(cast.alice.id, session_id)
    with pytest.raises(NotFound):
        await book(10**6, (await make.session()).id)


async def test_someone_of_another_college_is_told_the_condition(cast):
    event = await make.event(eligibility='{"all": [{"any": [{"fact": "college", "is": ["人文学院"]}]}]}')
    session = await make.session(event)
    with pytest.raises(BookingRefused) as refused:
        await book(cast.alice.id, session.id)
    assert refused.value.reason == Refusal.NOT_ELIGIBLE
    assert refused.value.detail["clause"].any[0].is_ == ("人文学院",)


async def test_a_required_answer_that_is_missing_books_nothing(cast):
    event = await make.event()
    question = await make.question(event, required=True)
    session = await make.session(event)
    with pytest.raises(Invalid) as invalid:
        await book(cast.alice.id, session.id, given={f"q{question.id}": "\u200b　"})
    assert list(invalid.value.problems) == [f"q{question.id}"]
    assert await places(session.id) == (0, 0)


async def test_giving_a_place_back_frees_it_for_the_next_at_once(cast):
    session = await make.session(capacity=1)
    booked = await book(cast.alice.id, session.id)
    assert await outcomes(session.id, [cast.bob.id]) == ["full"]
    await actions.cancel(cast.alice.id, booked.code)
    await actions.cancel(cast.alice.id, booked.code)
    assert await outcomes(session.id, [cast.bob.id]) == ["booked"]
    assert await places(session.id) == (1, 1)
    letters = await database.rows("SELECT kind, state FROM notice WHERE booking_id = $1", booked.booking_id)
    assert sorted((each["kind"], each["state"]) for each in letters) == [
        ("cancel", "pending"),
        ("confirm", "pending"),
        ("remind_24h", "dropped"),
        ("remind_2h", "dropped"),
    ]


async def test_another_students_booking_cannot_be_given_back(cast):
    booked = await book(cast.alice.id, (await make.session()).id)
    with pytest.raises(NotFound):
        await actions.cancel(cast.bob.id, booked.code)


async def test_after_the_deadline_only_the_organizer_can_cancel(cast):
    session = await make.session(cancel_until=make.now() - timedelta(minutes=1))
    booked = await book(cast.alice.id, session.id)
    with pytest.raises(BookingRefused) as refused:
        await actions.cancel(cast.alice.id, booked.code)
    assert refused.value.reason == Refusal.TOO_LATE_TO_CANCEL
    assert await places(session.id) == (1, 1)


async def test_booking_cancelling_and_booking_again_in_a_rush_leaves_the_counter_right(db):
    session = await make.session(capacity=3)
    students = await crowd(8)

    async def dither(student_id: int) -> None:
        for _ in range(4):
            with contextlib.suppress(BookingRefused):
                booked = await book(student_id, session.id)
                await actions.cancel(student_id, booked.code)

    await asyncio.gather(*(dither(student_id) for student_id in students))
    assert await places(session.id) == (0, 0)
