import asyncio
from datetime import timedelta

from events import database
from events.notice.actions import write_notices, write_sign_in_code
from events.notice.lease import Fate, Outcome, bury_exhausted, claim, failure, settle
from events.notice.queries import post_room_health
from events.notice.rules import MOST_ATTEMPTS, Kind, NoticeRow
from tests.cast import Cast
from tests.conftest import TEST_SECRET


async def write(cast: Cast, count: int = 1) -> None:
    due = await database.database_now() - timedelta(minutes=1)
    await write_notices(
        [NoticeRow(f"confirm:{n}", Kind.CONFIRM, cast.alice.id, n, 0, due) for n in range(1, count + 1)]
    )


async def one() -> database.asyncpg.Record:
    found = await database.row("SELECT * FROM notice ORDER BY id LIMIT 1")
    assert found is not None
    return found


async def lease_runs_out() -> None:
    await database.rows("UPDATE notice SET lease_until = now() - interval '1 second'")


async def test_what_is_claimed_is_nobody_elses(cast: Cast) -> None:
    await write(cast, 30)
    claims = await asyncio.gather(*(claim(20) for _ in range(3)))
    taken = [due.id for each in claims for due in each.due]
    assert len(taken) == len(set(taken)) == 30
    assert (await claim()).due == []


async def test_what_is_not_due_stays(cast: Cast) -> None:
    await write(cast)
    await database.rows("UPDATE notice SET due_at = now() + interval '1 minute'")
    assert (await claim()).due == []


async def test_a_code_passes_a_crowd_of_reminders(cast: Cast) -> None:
    await write(cast, 30)
    await write_sign_in_code(5, "alice@example.org", "483920", TEST_SECRET)
    due = (await claim(3)).due
    assert [each.dedupe_key for each in due] == ["code:5", "confirm:1", "confirm:2", "confirm:3"]
    assert (due[0].facts.code_id, due[0].address, due[0].booking_id) == (5, "alice@example.org", None)


async def test_a_lease_that_ran_out_is_claimed_again_and_the_late_mark_is_rejected(cast: Cast) -> None:
    await write(cast)
    early = await claim()
    assert (await claim()).due == []
    await lease_runs_out()
    late = await claim()
    assert [each.attempts for each in late.due] == [2]

    notice_id = late.due[0].id
    assert await settle(early.token, [Outcome(notice_id, Fate.DROPPED, "late")]) == set()
    assert (await one())["state"] == "leased"
    assert await settle(late.token, [Outcome(notice_id, Fate.SENT)]) == {notice_id}
    assert await settle(late.token, [Outcome(notice_id, Fate.FAILED, "twice")]) == set()
    found = await one()
    assert (found["state"], found["lease_token"], found["lease_until"]) == ("sent", None, None)
    assert found["sent_at"] is not None


async def test_a_failure_waits_and_the_last_one_is_final(cast: Cast) -> None:
    await write(cast)
    for attempt in range(1, MOST_ATTEMPTS):
        held = await claim()
        await settle(held.token, [failure(held.due[0], "450 busy")])
        found = await one()
        assert (found["state"], found["attempts"], found["last_error"]) == ("pending", attempt, "450 busy")
        assert (await claim()).due == []
        await database.rows("UPDATE notice SET due_at = now()")
    held = await claim()
    await settle(held.token, [failure(held.due[0], "450 busy")])
    assert ((await one())["state"], (await one())["attempts"]) == ("failed", MOST_ATTEMPTS)


async def test_what_was_never_tried_does_not_count(cast: Cast) -> None:
    await write(cast)
    held = await claim()
    await settle(held.token, [Outcome(held.due[0].id, Fate.AGAIN, "server down", timedelta(0), counted=False)])
    assert [each.attempts for each in (await claim()).due] == [1]


async def test_a_code_is_wiped_once_it_has_gone_out_and_kept_while_it_is_tried(db: object) -> None:
    await write_sign_in_code(5, "alice@example.org", "483920", TEST_SECRET)
    held = await claim()
    await settle(held.token, [Outcome(held.due[0].id, Fate.AGAIN, "450 busy")])
    held = await claim()
    assert held.due[0].facts.sealed != ""
    await settle(held.token, [Outcome(held.due[0].id, Fate.SENT)])
    assert (await one())["facts"] == "{}"


async def test_a_notice_that_kills_every_sender_is_given_up(cast: Cast) -> None:
    await write(cast)
    for _ in range(MOST_ATTEMPTS):
        assert len((await claim()).due) == 1
        assert await bury_exhausted() == 0
        await lease_runs_out()
    assert (await claim()).due == []
    assert await bury_exhausted() == 1
    assert (await one())["state"] == "failed"


async def test_health_tells_what_waits_and_what_was_given_up(cast: Cast) -> None:
    await write(cast, 3)
    held = await claim(1)
    await settle(held.token, [Outcome(held.due[0].id, Fate.FAILED, "550 no such user")])
    health = await post_room_health()
    assert (health.waiting, health.failed) == (2, 1)
    assert 60 <= health.overdue_seconds < 120
