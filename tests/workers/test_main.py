"""The worker process as `yantu worker` starts it."""

import asyncio
import os
import signal
import sys
from email.message import EmailMessage

import pytest

from events.settings import BadSetting, Settings
from tests.cast import Cast
from tests.workers.mailbox import TAKEN, Mailbox, take
from tests.workers.story import book, lease_runs_out, states
from workers.main import refuse_bad_smtp
from workers.post.room import PostRoom

WITHIN = 30.0  # seconds


async def start(settings: Settings) -> asyncio.subprocess.Process:
    """Its Redis is dead from the beginning."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from workers.main import run; run()",
        stderr=asyncio.subprocess.PIPE,
        env=os.environ
        | {
            "DATABASE_URL": settings.database_url,
            "REDIS_URL": "redis://127.0.0.1:1",
            "SMTP_URL": settings.smtp_url,
            "YANTU_SECRET": settings.secret,
            "YANTU_BASE_URL": settings.base_url,
            "YANTU_DEVELOPMENT": "yes",
        },
    )


async def test_letters_go_out_while_redis_is_dead_and_sigterm_ends_the_process(
    cast: Cast, posting: Settings, mailbox: Mailbox
) -> None:
    await book(cast.alice)
    arrived = asyncio.Event()

    async def note(letter: EmailMessage) -> str:
        arrived.set()
        return TAKEN

    mailbox.answer = note
    worker = await start(posting)
    async with asyncio.timeout(WITHIN):
        await arrived.wait()
        worker.send_signal(signal.SIGTERM)
        _, log = await worker.communicate()
    assert worker.returncode == 0, log.decode()
    assert [letter["To"] for letter in mailbox.letters] == ["alice@example.org"]
    assert sorted((await states()).values()) == ["pending", "pending", "sent"]
    assert b'"event": "redis_lost"' in log
    assert b'"event": "worker_stopped"' in log


async def test_a_process_killed_between_the_send_and_the_mark_loses_nothing(
    cast: Cast, posting: Settings, mailbox: Mailbox
) -> None:
    await book(cast.alice)
    worker = await start(posting)

    async def taken_and_then_killed(letter: EmailMessage) -> str:
        mailbox.letters.append(letter)
        worker.kill()
        await worker.wait()
        return "451 nobody hears this"

    mailbox.answer = taken_and_then_killed
    async with asyncio.timeout(WITHIN):
        await worker.communicate()
    assert worker.returncode == -signal.SIGKILL
    assert len(mailbox.letters) == 1

    mailbox.answer = take
    await lease_runs_out()
    await PostRoom(posting).drain()
    await PostRoom(posting).drain()
    assert len({letter["Message-ID"] for letter in mailbox.letters}) == 1
    assert len(mailbox.letters) == 2


def test_an_smtp_address_that_means_nothing_stops_the_start() -> None:
    for good in ("", "smtp://localhost", "smtps://mail.test:465"):
        refuse_bad_smtp(Settings(smtp_url=good))
    with pytest.raises(BadSetting, match="SMTP_URL"):
        refuse_bad_smtp(Settings(smtp_url="mail.test:25"))
