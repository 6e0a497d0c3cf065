"""Tickets are rows, keys are sealed, and only the holder sees the code."""

import asyncio
from datetime import timedelta

import pytest

from events import database
from events.errors import NotFound
from events.ticket.actions import NewTicket, ensure_key, issue, reissue_for_session
from events.ticket.code import BadCode, CodeFault, decode
from events.ticket.queries import (
    NoKey,
    code_text,
    forget_keys,
    public_keys,
    signing_key,
    ticket_of,
    verifying_keys,
)
from events.ticket.short_code import show_short_code
from events.ticket.signing import BrokenSeal, SigningKey, seal
from events.ticket.tables import Ticket
from tests import make

HALF_A_DAY = timedelta(hours=12)


async def bookings_without_tickets(session, students) -> list[NewTicket]:
    bookings = [await make.booking(session, each) for each in students]
    await Ticket.delete(force=True)
    return [NewTicket(each.id, session.id, session.starts_at, session.ends_at) for each in bookings]


async def add_key(key_id: int, secret: str) -> SigningKey:
    key = SigningKey.generate(key_id)
    await database.rows(
        "INSERT INTO ticket_key (id, public, sealed) VALUES ($1, $2, $3)",
        key_id,
        key.public_bytes(),
        seal(key.private_bytes(), secret.encode(), key_id),
    )
    return key


async def test_ten_processes_at_their_start_make_one_key(db):
    await asyncio.gather(*(ensure_key(db.secret) for _ in range(10)))
    await ensure_key(db.secret)
    assert [each["id"] for each in await database.rows("SELECT id FROM ticket_key")] == [1]


async def test_the_key_that_signs_is_the_one_that_devices_get(db):
    await ensure_key(db.secret)
    key = await signing_key(db.secret)
    assert await public_keys() == {1: key.public_bytes()}
    assert key.private_bytes() not in bytes(await database.value("SELECT sealed FROM ticket_key"))


async def test_without_a_key_or_with_another_secret_nothing_is_signed(db):
    forget_keys()
    with pytest.raises(NoKey):
        await signing_key(db.secret)
    await ensure_key(db.secret)
    with pytest.raises(BrokenSeal):
        await signing_key("another secret of at least 32 characters")


async def test_keys_are_read_once_and_a_retired_one_still_verifies(db):
    await ensure_key(db.secret)
    assert await verifying_keys() is await verifying_keys()
    await add_key(2, db.secret)
    await database.rows("UPDATE ticket_key SET retired_at = now() WHERE id = 1")
    assert set(await verifying_keys()) == {1}
    forget_keys()
    assert set(await verifying_keys()) == {1, 2}
    assert (await signing_key(db.secret)).key_id == 2
    await database.rows("UPDATE ticket_key SET retired_at = now() - interval '181 days' WHERE id = 1")
    forget_keys()
    assert set(await verifying_keys()) == {2}


async def test_tickets_are_good_from_half_a_day_before_to_half_a_day_after(cast):
    session = await make.session()
    tickets = await bookings_without_tickets(session, [cast.alice, cast.bob, cast.mei])
    await issue(tickets)
    rows = await database.rows("SELECT booking, session, valid_from, valid_until, revoked_at FROM ticket")
    assert [tuple(each) for each in rows] == [
        (each.booking_id, session.id, session.starts_at - HALF_A_DAY, session.ends_at + HALF_A_DAY, None)
        for each in tickets
    ]


async def test_tickets_go_with_the_transaction_that_issues_them(cast):
    tickets = await bookings_without_tickets(await make.session(), [cast.alice])
    with pytest.raises(RuntimeError):
        async with database.transaction():
            await issue(tickets)
            raise RuntimeError
    assert await database.value("SELECT count(*) FROM ticket") == 0
    await issue([])


async def test_alice_sees_her_ticket_and_bob_does_not(cast, db):
    await ensure_key(db.secret)
    event = await make.event(place="科院南门", title_en="Smart home tour")
    session = await make.session(event, place="北门", note="请带身份证")
    coach = await make.pool(session, name="市区上车", choice="上车点")
    booking = await make.booking(session, cast.alice)
    ticket = await ticket_of(cast.alice.id, show_short_code(booking.code).lower())
    assert (ticket.code, ticket.state, ticket.student_name) == (booking.code, "confirmed", "王小燕")
    assert (ticket.title_en, ticket.place, ticket.note) == ("Smart home tour", "北门", "请带身份证")
    assert (ticket.pools, ticket.revoked) == ((coach.name,), False)
    for student, code in ((cast.bob, booking.code), (cast.alice, "7K3M9Q2WXD"), (cast.alice, "no code")):
        with pytest.raises(NotFound):
            await ticket_of(student.id, code)


async def test_the_code_says_what_the_row_says_and_is_the_same_each_time(cast, db):
    await ensure_key(db.secret)
    session = await make.session()
    booking = await make.booking(session, cast.alice)
    ticket, key = await ticket_of(cast.alice.id, booking.code), await signing_key(db.secret)
    text = code_text(ticket, key)
    facts = decode(text, await verifying_keys())
    assert (facts.ticket_id, facts.session_id) == (ticket.ticket_id, session.id)
    assert (facts.valid_from, facts.valid_until) == (ticket.valid_from, ticket.valid_until)
    assert code_text(ticket, key) == text
    with pytest.raises(BadCode) as bad:
        decode(text, {1: SigningKey.generate(1).public})
    assert bad.value.reason is CodeFault.BAD_SIGNATURE


async def test_a_moved_session_keeps_its_tickets_and_moves_their_validity(cast):
    session, other = await make.session(), await make.session()
    for each in (cast.alice, cast.bob):
        await make.booking(session, each)
    await make.booking(other, cast.alice)
    before = {each["id"]: each["valid_from"] for each in await database.rows("SELECT id, valid_from FROM ticket")}
    day = timedelta(days=1)
    await database.rows(
        "UPDATE session SET starts_at = starts_at + $2, ends_at = ends_at + $2 WHERE id = $1", session.id, day
    )
    assert await reissue_for_session(session.id) == 2
    assert await reissue_for_session(session.id) == 0
    after = await database.rows("SELECT id, session, valid_from FROM ticket")
    assert {each["id"] for each in after} == before.keys()
    assert all(each["valid_from"] - before[each["id"]] == day * (each["session"] == session.id) for each in after)
