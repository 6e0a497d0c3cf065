"""Many at once through one process: each gets their own answer, and nobody waits for somebody else's trouble."""

import asyncio
from uuid import uuid4

import pytest
import pytest_asyncio

from events import database
from events.errors import Busy, NotFound
from events.gate import turnstile as module
from events.gate.actions import admit
from events.gate.encounter import Attempt, encounters
from events.gate.reading import Reading
from events.gate.record import Decided, record
from events.gate.rules import Reason, Source
from events.gate.turnstile import MOST_IN_A_TURN, Turnstile, turnstile
from events.ticket.queries import verifying_keys
from tests import make


@pytest_asyncio.fixture
async def crowd(evening) -> list:
    return [await make.booking(evening.session, await make.student("王小燕")) for _ in range(12)]


def scan(evening, code, person=None, nonce=None):
    return admit(person or evening.cast.sam, evening.door.id, code, Source.TYPED, nonce or uuid4())


async def test_a_crowd_with_everything_in_it_is_answered_one_by_one(evening, crowd):
    codes = [each.code for each in crowd]
    await database.rows("UPDATE booking SET state = 'cancelled' WHERE id = $1", crowd[0].id)
    asked = codes + codes + ["https://evil.example"] * 5 + ["7K3M9Q2WXD"] * 5
    results = await asyncio.gather(
        *(scan(evening, code) for code in asked),
        *(scan(evening, code, evening.cast.petr) for code in codes[:5]),
        return_exceptions=True,
    )
    reasons = [each.reason for each in results[: len(asked)]]
    assert [type(each) for each in results[len(asked) :]] == [NotFound] * 5
    first, second, unreadable, unknown = reasons[:12], reasons[12:24], reasons[24:29], reasons[29:]
    assert {first[0], second[0]} == {Reason.CANCELLED}
    assert [{one, two} for one, two in zip(first[1:], second[1:], strict=True)] == [
        {None, Reason.ALREADY_ADMITTED}
    ] * 11
    assert (unreadable, unknown) == ([Reason.MALFORMED] * 5, [Reason.UNKNOWN_TICKET] * 5)
    assert await database.value("SELECT count(*) FROM scan") == len(asked)
    assert await database.value("SELECT count(*) FROM admission JOIN scan ON scan.id = scan AND scan.admitted") == 11


async def test_each_answer_is_for_the_ticket_that_was_read(evening, crowd):
    results = await asyncio.gather(*(scan(evening, each.code) for each in crowd))
    written = {each["id"]: each["booking"] for each in await database.rows("SELECT id, booking FROM scan")}
    assert [written[each.scan_id] for each in results] == [each.id for each in crowd]


async def test_in_and_out_in_one_turn(evening, crowd):
    way_out = await make.stop(evening.event, name="出口", direction="out", position=1)
    inside, outside = crowd[:6], crowd[6:]
    await asyncio.gather(*(scan(evening, each.code) for each in inside))
    results = await asyncio.gather(
        *(admit(evening.cast.sam, way_out.id, each.code, Source.TYPED, uuid4()) for each in inside),
        *(scan(evening, each.code) for each in outside),
        *(admit(evening.cast.sam, way_out.id, "7K3M9Q2WXD", Source.TYPED, uuid4()) for _ in range(3)),
    )
    assert [each.reason for each in results] == [None] * 12 + [Reason.UNKNOWN_TICKET] * 3
    held = await database.rows("SELECT booking, stop FROM admission ORDER BY booking")
    assert [tuple(each) for each in held] == [(each.id, way_out.id) for each in inside] + [
        (each.id, evening.door.id) for each in outside
    ]


async def test_a_locked_booking_holds_nobody_else_up(evening, crowd):
    async with database.engine.pool.acquire() as connection:
        changing = connection.transaction()
        await changing.start()
        await connection.execute("UPDATE booking SET changed_at = now() WHERE id = $1", crowd[0].id)
        held_up = asyncio.create_task(scan(evening, crowd[0].code))
        others = await asyncio.gather(*(scan(evening, each.code) for each in crowd[1:]))
        assert [each.admitted for each in others] == [True] * 11
        assert not held_up.done()
        await changing.commit()
    assert (await held_up).admitted


async def test_a_scan_is_recorded_even_if_nobody_waits_for_its_answer(evening):
    await verifying_keys()
    asking = asyncio.create_task(scan(evening, evening.booking.code))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await asyncio.gather(*turnstile.tasks)
    assert await database.value("SELECT count(*) FROM scan WHERE admitted") == 1


async def test_a_callers_transaction_does_not_take_the_scan_with_it(evening):
    with pytest.raises(RuntimeError):
        async with database.transaction():
            assert (await scan(evening, evening.booking.code)).admitted
            raise RuntimeError
    assert await database.value("SELECT count(*) FROM scan") == 1


async def test_one_nonce_with_two_codes_at_once_is_one_scan(evening, crowd):
    nonce = uuid4()
    results = await asyncio.gather(
        *(scan(evening, each.code, nonce=nonce) for each in crowd[:2]), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in results) == ["GateRefused", "ScanResult"]
    assert await database.value("SELECT count(*) FROM scan") == 1


async def test_more_than_a_turn_holds_is_more_than_one_turn(evening):
    results = await asyncio.gather(*(scan(evening, "7K3M9Q2WXD") for _ in range(3 * MOST_IN_A_TURN + 1)))
    assert [each.reason for each in results] == [Reason.UNKNOWN_TICKET] * (3 * MOST_IN_A_TURN + 1)


async def test_past_its_bound_the_queue_says_try_again(evening, monkeypatch):
    monkeypatch.setattr(module, "MOST_WAITING", 0)
    with pytest.raises(Busy):
        await Turnstile().admit(None)


@pytest.mark.parametrize("direction", ["in", "out"])
@pytest.mark.parametrize("wait", [True, False])
async def test_a_verdict_that_others_overtook_claims_nothing(evening, direction, wait):
    """Two turns that both looked before either wrote."""
    stop = await make.stop(evening.event, name="另一处", direction=direction, position=1)
    await scan(evening, evening.booking.code)
    reading = Reading(evening.booking.code, short_code=evening.booking.code)
    attempts = [Attempt(evening.cast.sam, stop.id, reading, Source.TYPED, uuid4()) for _ in range(2)]
    first, second = [Decided(*each, None) for each in zip(attempts, await encounters(attempts), strict=True)]
    assert list(await record([first], wait)) == [attempts[0].nonce]
    assert await record([second], wait) == {}
    assert await database.value("SELECT count(*) FROM scan") == 2
