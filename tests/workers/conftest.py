from collections.abc import AsyncIterator
from dataclasses import replace

import pytest_asyncio

from events.settings import Settings
from tests.workers.mailbox import Mailbox, open_mailbox
from workers.post.room import PostRoom


@pytest_asyncio.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with open_mailbox() as opened:
        yield opened


@pytest_asyncio.fixture
async def posting(db: Settings, mailbox: Mailbox) -> Settings:
    """Settings whose letters reach the mailbox."""
    return replace(db, smtp_url=mailbox.url, base_url="http://yantu.test", mail_from="燕途 <post@yantu.test>")


@pytest_asyncio.fixture
async def room(posting: Settings) -> PostRoom:
    return PostRoom(posting)
