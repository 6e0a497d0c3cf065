"""The doorbell: a real Valkey, which may die."""

import asyncio
import pickle
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from email.message import EmailMessage
from pathlib import Path

import msgspec
import pytest
from arq.connections import ArqRedis, RedisSettings, create_pool
from arq.constants import job_key_prefix

from events.notice.rules import Kind
from tests.cast import Cast
from tests.workers.mailbox import TAKEN, Mailbox
from tests.workers.story import book, comes_due
from workers.cli.valkey import Valkey
from workers.post.room import PostRoom
from workers.queue import QUEUE, serve_queue

WITHIN = 20.0  # seconds; far more than needed


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    server = Valkey(tmp_path)
    server.start()
    yield server
    server.stop()


async def doorbell(url: str) -> ArqRedis:
    return await create_pool(
        RedisSettings.from_dsn(url),
        default_queue_name=QUEUE,
        job_serializer=msgspec.json.encode,
        job_deserializer=msgspec.json.decode,
    )


@asynccontextmanager
async def serving(url: str, room: PostRoom) -> AsyncIterator[None]:
    stop = asyncio.Event()
    serving = asyncio.create_task(serve_queue(url, {"post_room": room, "zone": "Asia/Shanghai"}, stop))
    yield
    stop.set()
    async with asyncio.timeout(WITHIN):
        await serving


def next_letter(mailbox: Mailbox) -> asyncio.Event:
    arrived = asyncio.Event()

    async def note(letter: EmailMessage) -> str:
        arrived.set()
        return TAKEN

    mailbox.answer = note
    return arrived


async def test_a_ring_sends_what_is_due(cast: Cast, room: PostRoom, mailbox: Mailbox, valkey: Valkey) -> None:
    await book(cast.alice)
    arrived = next_letter(mailbox)
    bell = await doorbell(valkey.url)
    async with serving(valkey.url, room), asyncio.timeout(WITHIN):
        await bell.enqueue_job("drain", _job_id="drain")
        await arrived.wait()
    assert [letter["To"] for letter in mailbox.letters] == ["alice@example.org"]
    await bell.aclose()


async def test_the_bell_can_be_rung_again_as_soon_as_the_job_is_done(
    cast: Cast, room: PostRoom, mailbox: Mailbox, valkey: Valkey
) -> None:
    bell = await doorbell(valkey.url)
    async with serving(valkey.url, room), asyncio.timeout(WITHIN):
        for student in (cast.alice, cast.bob):
            await book(student)
            await comes_due(Kind.CONFIRM)
            arrived = next_letter(mailbox)
            assert await bell.enqueue_job("drain", _job_id="drain") is not None
            await arrived.wait()
            await done(bell)
    assert len(mailbox.letters) == 2
    await bell.aclose()


async def test_redis_may_die_and_come_back(cast: Cast, room: PostRoom, mailbox: Mailbox, valkey: Valkey) -> None:
    async with serving(valkey.url, room), asyncio.timeout(WITHIN):
        await served(valkey.url)
        valkey.stop()
        valkey.start()
        await book(cast.alice)
        arrived = next_letter(mailbox)
        bell = await doorbell(valkey.url)
        await bell.enqueue_job("drain", _job_id="drain")
        await arrived.wait()
    assert len(mailbox.letters) == 1
    await bell.aclose()


async def test_a_pickled_job_is_refused_and_runs_nothing(room: PostRoom, valkey: Valkey, tmp_path: Path) -> None:
    bell = await doorbell(valkey.url)
    trap = tmp_path / "sprung"
    await bell.psetex(job_key_prefix + "trap", 60_000, pickle.dumps(Trap(trap)))
    await bell.zadd(QUEUE, {"trap": 1})
    async with serving(valkey.url, room), asyncio.timeout(WITHIN):
        await done(bell, "trap")
    assert not trap.exists()
    await bell.aclose()


class Trap:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[object]]:
        return (Path.touch, (self.path,))


async def served(url: str) -> None:
    """Returns when a worker has done a job of the queue."""
    bell = await doorbell(url)
    await bell.enqueue_job("drain", _job_id="drain")
    await done(bell)
    await bell.aclose()


async def done(bell: ArqRedis, job_id: str = "drain") -> None:
    while await bell.exists(job_key_prefix + job_id):  # it happens in a server that cannot call us
        await asyncio.sleep(0.02)
