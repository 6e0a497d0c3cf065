"""Sent at least once, and twice only if the sender dies between the send and the mark."""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from email.message import EmailMessage

from events import database
from events.notice.lease import claim
from events.notice.queries import dev_letters, inbox
from events.notice.rules import Kind
from events.people.tables import Student
from events.settings import Settings
from tests import make
from tests.cast import Cast
from tests.workers.mailbox import TAKEN, Mailbox, open_mailbox, take
from tests.workers.story import ask_for_code, book, comes_due, lease_runs_out, states
from workers.post.room import LINES, PostRoom


async def class_of(size: int) -> list[Student]:
    """Students who all hold a booking, their confirmations written."""
    session = await make.session(capacity=size)
    students = [await make.student(email=f"s{number}@example.org") for number in range(size)]
    for student in students:
        await book(student, session)
    return students


async def test_two_rooms_at_once_send_each_reminder_once(posting: Settings, mailbox: Mailbox) -> None:
    await class_of(60)
    await comes_due(Kind.REMIND_24H)
    await asyncio.gather(*(PostRoom(posting).drain() for _ in range(4)))
    assert Counter(letter["To"] for letter in mailbox.letters) == {f"s{number}@example.org": 1 for number in range(60)}


async def test_without_the_claim_two_rooms_would_send_twice(posting: Settings, mailbox: Mailbox) -> None:
    """The race of the test above is real: let both see the same rows."""
    await class_of(5)
    await comes_due(Kind.REMIND_24H)
    first = await claim()
    await database.rows("UPDATE notice SET state = 'pending' WHERE state = 'leased'")
    assert {each.id for each in (await claim()).due} == {each.id for each in first.due}


async def test_a_sender_that_dies_after_the_send_sends_again_and_no_more(
    cast: Cast, posting: Settings, mailbox: Mailbox
) -> None:
    await book(cast.alice)
    room = PostRoom(posting)
    dying = asyncio.create_task(room.drain())

    async def taken_and_then_death(letter: EmailMessage) -> str:
        mailbox.letters.append(letter)
        return await death_of(dying)

    mailbox.answer = taken_and_then_death
    with suppress(asyncio.CancelledError):
        await dying
    assert len(mailbox.letters) == 1
    assert [state for state in (await states()).values() if state == "leased"] == ["leased"]
    assert await PostRoom(posting).drain() == 0

    await lease_runs_out()
    mailbox.answer = take
    assert await PostRoom(posting).drain() == 1
    await lease_runs_out()
    assert await PostRoom(posting).drain() == 0
    assert len({letter["Message-ID"] for letter in mailbox.letters}) == 1
    assert len(mailbox.letters) == 2
    assert len(await inbox(cast.alice.id)) == 1


async def test_a_death_in_a_crowd_repeats_no_more_letters_than_there_are_lines(
    posting: Settings, mailbox: Mailbox
) -> None:
    await class_of(40)
    dying = asyncio.create_task(PostRoom(posting).drain())

    async def death_at_the_twentieth(letter: EmailMessage) -> str:
        if len(mailbox.seen) < 20:
            return TAKEN
        mailbox.letters.append(letter)
        return await death_of(dying)

    mailbox.answer = death_at_the_twentieth
    with suppress(asyncio.CancelledError):
        await dying
    mailbox.answer = take
    await lease_runs_out()
    await PostRoom(posting).drain()

    copies = Counter(letter["To"] for letter in mailbox.letters)
    assert set(copies) == {f"s{number}@example.org" for number in range(40)}
    assert max(copies.values()) <= 2
    assert sum(number == 2 for number in copies.values()) <= LINES


async def test_a_letter_that_cannot_be_composed_does_not_hold_up_the_others(
    cast: Cast, posting: Settings, mailbox: Mailbox
) -> None:
    students = await class_of(20)
    poisoned = students[7]
    await database.rows("UPDATE notice SET kind = 'sign_in_code' WHERE student = $1", poisoned.id)
    code_id = await ask_for_code("olga@example.org")
    await database.rows(
        """UPDATE notice SET facts = jsonb_build_object('code_id', $1::bigint, 'sealed', 'AAAA'), due_at = now()
           WHERE student = $2 AND dedupe_key LIKE 'confirm:%'""",
        code_id,
        poisoned.id,
    )
    await PostRoom(posting).drain()
    assert len(mailbox.letters) == 20
    assert "s7@example.org" not in {letter["To"] for letter in mailbox.letters}
    found = await database.row(
        "SELECT state, attempts, last_error FROM notice WHERE student = $1 ORDER BY id", poisoned.id
    )
    assert found is not None
    assert (found["state"], found["attempts"]) == ("pending", 1)
    assert "BrokenSeal" in found["last_error"]


async def test_a_passing_refusal_is_tried_again_and_a_final_one_is_not(
    cast: Cast, posting: Settings, mailbox: Mailbox
) -> None:
    await book(cast.alice)
    await book(cast.bob)

    async def grumble(letter: EmailMessage) -> str:
        return "451 greylisted" if letter["To"].startswith("alice") else "554 no"

    mailbox.answer = grumble
    await PostRoom(posting).drain()
    found = await database.rows("SELECT state, attempts, last_error FROM notice WHERE kind = 'confirm' ORDER BY id")
    assert [tuple(each) for each in found] == [("pending", 1, "451 greylisted"), ("failed", 1, "554 no")]

    mailbox.answer = take
    assert await PostRoom(posting).drain() == 0
    await database.rows("UPDATE notice SET due_at = now() WHERE kind = 'confirm'")
    await PostRoom(posting).drain()
    assert [letter["To"] for letter in mailbox.letters] == ["alice@example.org"]
    assert [len(await inbox(student.id)) for student in (cast.alice, cast.bob)] == [1, 1]


async def test_a_dead_server_costs_no_attempt_and_the_letters_follow_when_it_is_back(posting: Settings) -> None:
    async with open_mailbox() as gone:
        port = int(gone.url.rpartition(":")[2])
    settings = replace(posting, smtp_url=gone.url)
    students = await class_of(8)
    await PostRoom(settings).drain()
    found = await database.rows("SELECT state, attempts, last_error FROM notice WHERE kind = 'confirm'")
    assert {(each["state"], each["attempts"]) for each in found} == {("pending", 0)}
    assert all("SMTPConnectError" in each["last_error"] for each in found)
    assert len(await inbox(students[0].id)) == 1

    async with open_mailbox(port) as back:
        assert await PostRoom(settings).drain() == 0
        await database.rows("UPDATE notice SET due_at = now() WHERE kind = 'confirm'")
        await PostRoom(settings).drain()
        assert len(back.letters) == 8


async def test_a_server_that_hangs_up_in_the_middle_of_a_letter_gets_it_again(
    cast: Cast, posting: Settings, mailbox: Mailbox
) -> None:
    await book(cast.alice)

    async def hang_up(letter: EmailMessage) -> str:
        return "421 closing"

    mailbox.answer = hang_up
    await PostRoom(posting).drain()
    assert (await database.value("SELECT attempts FROM notice WHERE kind = 'confirm'")) == 1
    mailbox.answer = take
    await database.rows("UPDATE notice SET due_at = now() WHERE kind = 'confirm'")
    await PostRoom(posting).drain()
    assert len(mailbox.letters) == 1


async def test_one_connection_serves_many_letters(posting: Settings, mailbox: Mailbox) -> None:
    await class_of(30)
    await PostRoom(posting).drain()
    assert len(mailbox.letters) == 30
    assert mailbox.connections <= LINES


async def test_without_smtp_the_inbox_is_the_only_channel(cast: Cast, db: Settings) -> None:
    await book(cast.alice)
    await PostRoom(replace(db, development=False)).drain()
    assert len(await inbox(cast.alice.id)) == 1
    assert await dev_letters() == []
    code_id = await ask_for_code("olga@example.org")
    await PostRoom(replace(db, development=False)).drain()
    assert (await states())[f"code:{code_id}"] == "failed"


async def test_production_keeps_no_letters(cast: Cast, posting: Settings, mailbox: Mailbox) -> None:
    await book(cast.alice)
    await PostRoom(replace(posting, development=False)).drain()
    assert len(mailbox.letters) == 1
    assert await dev_letters() == []


async def test_a_room_that_is_asked_to_stop_finishes_what_is_on_its_way_and_gives_the_rest_back(
    posting: Settings, mailbox: Mailbox
) -> None:
    await class_of(30)
    room = PostRoom(posting)

    async def stop_now(letter: EmailMessage) -> str:
        room.stop()
        return TAKEN

    mailbox.answer = stop_now
    await room.drain()
    assert 1 <= len(mailbox.letters) <= LINES
    found = await database.rows("SELECT state, attempts FROM notice WHERE kind = 'confirm'")
    assert Counter(each["state"] for each in found) == {
        "sent": len(mailbox.letters),
        "pending": 30 - len(mailbox.letters),
    }
    assert {each["attempts"] for each in found if each["state"] == "pending"} == {0}


async def test_asked_while_busy_it_looks_once_more(cast: Cast, posting: Settings, mailbox: Mailbox) -> None:
    room = PostRoom(posting)
    await book(cast.alice)

    async def another_booking(letter: EmailMessage) -> str:
        if letter["To"] == "alice@example.org":
            await book(cast.bob)
            assert await room.drain() == 0
        return TAKEN

    mailbox.answer = another_booking
    assert await room.drain() == 2
    assert [letter["To"] for letter in mailbox.letters] == ["alice@example.org", "bob@example.org"]


async def death_of(sender: "asyncio.Task[int]") -> str:
    """The server has the letter; the sender is gone before it hears so."""
    sender.cancel()
    await asyncio.wait({sender})
    return "451 nobody hears this"
