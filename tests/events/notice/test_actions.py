from datetime import UTC, datetime, timedelta

import pytest

from events import database
from events.notice.actions import (
    drop_reminders,
    mark_read,
    redate_reminders,
    write_cancellations,
    write_changes,
    write_notices,
    write_sign_in_code,
)
from events.notice.inbox import InboxEntry, put_in_inbox
from events.notice.queries import inbox, unread
from events.notice.rules import Held, notices_of_confirmation
from tests.cast import Cast
from tests.conftest import TEST_SECRET
from tests.events.notice.facts import JustConfirmed

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
STARTS = NOW + timedelta(days=3)


async def waiting() -> list[str]:
    return [
        each["dedupe_key"]
        for each in await database.rows("SELECT dedupe_key FROM notice WHERE state = 'pending' ORDER BY dedupe_key")
    ]


async def confirm(cast: Cast, booking_id: int = 7) -> None:
    await write_notices(notices_of_confirmation([JustConfirmed(booking_id, cast.alice.id, 1, STARTS)], NOW))


async def test_writing_the_same_notices_twice_writes_them_once(cast: Cast) -> None:
    await confirm(cast)
    await confirm(cast)
    assert await waiting() == ["confirm:7", "remind:7:1:24h", "remind:7:1:2h"]
    found = await database.row("SELECT * FROM notice WHERE dedupe_key = 'remind:7:1:24h'")
    assert found is not None
    assert (found["student"], found["booking_id"], found["facts"]) == (cast.alice.id, 7, '{"version": 1}')
    assert found["due_at"] == STARTS - timedelta(hours=24)


async def test_three_hundred_confirmations_are_one_statement(cast: Cast) -> None:
    confirmed = [JustConfirmed(number, cast.alice.id, 1, STARTS) for number in range(1, 301)]
    await write_notices(notices_of_confirmation(confirmed, NOW))
    assert len(await waiting()) == 900


async def test_nothing_to_write_is_no_statement(db: object) -> None:
    await write_notices([])
    assert await waiting() == []


async def test_notices_vanish_with_the_transaction_of_their_cause(cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction():
            await confirm(cast)
            _ = 1 / 0
    assert await waiting() == []


async def test_dropping_reminders_leaves_the_confirmation_and_other_bookings_alone(cast: Cast) -> None:
    await confirm(cast, 7)
    await confirm(cast, 8)
    await drop_reminders([7])
    assert await waiting() == ["confirm:7", "confirm:8", "remind:8:1:24h", "remind:8:1:2h"]


async def test_a_cancellation_stops_the_reminders_and_is_told_once(cast: Cast) -> None:
    await confirm(cast)
    await write_cancellations([Held(7, cast.alice.id)], NOW)
    await write_cancellations([Held(7, cast.alice.id)], NOW)
    assert await waiting() == ["cancel:7", "confirm:7"]


async def test_a_move_replaces_the_reminders(cast: Cast) -> None:
    await confirm(cast)
    await redate_reminders([Held(7, cast.alice.id)], 2, STARTS + timedelta(days=1), NOW)
    assert await waiting() == ["change:7:2", "confirm:7", "remind:7:2:24h", "remind:7:2:2h"]
    due = await database.value("SELECT due_at FROM notice WHERE dedupe_key = 'remind:7:2:24h'")
    assert due == STARTS


async def test_a_change_of_place_is_one_letter(cast: Cast) -> None:
    await write_changes([Held(7, cast.alice.id)], 2, NOW)
    assert await waiting() == ["change:7:2"]


async def test_a_sign_in_code_does_not_lie_open_in_the_table(db: object) -> None:
    await write_sign_in_code(5, "alice@example.org", "483920", TEST_SECRET)
    await write_sign_in_code(5, "alice@example.org", "483920", TEST_SECRET)
    (found,) = await database.rows("SELECT dedupe_key, address, facts FROM notice")
    assert (found["dedupe_key"], found["address"]) == ("code:5", "alice@example.org")
    assert "483920" not in found["facts"]


async def test_alice_reads_her_messages_and_not_bobs(cast: Cast) -> None:
    await confirm(cast)
    notice_id = await database.value("SELECT id FROM notice WHERE dedupe_key = 'confirm:7'")
    await put_in_inbox([InboxEntry(notice_id, cast.alice.id, "已报名", "到场时出示票码", "/tickets/7K3M9Q2WXD")])
    (message,) = await inbox(cast.alice.id)
    assert (message.title, message.link, message.read_at) == ("已报名", "/tickets/7K3M9Q2WXD", None)
    assert await inbox(cast.bob.id) == []

    await mark_read(cast.bob.id, message.id)
    assert await unread(cast.alice.id) == 1
    await mark_read(cast.alice.id, message.id)
    assert await unread(cast.alice.id) == 0


async def test_a_notice_lies_in_the_inbox_once(cast: Cast) -> None:
    await confirm(cast)
    notice_id = await database.value("SELECT id FROM notice WHERE dedupe_key = 'confirm:7'")
    for _ in range(2):
        await put_in_inbox([InboxEntry(notice_id, cast.alice.id, "已报名" * 99, "…", "")])
    (message,) = await inbox(cast.alice.id)
    assert len(message.title) == 200
