"""The whole house as processes of their own: web, worker, Valkey and an SMTP server that keeps what it receives."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
from aiosmtpd.controller import Controller

from events.settings import Settings
from workers.cli.valkey import Valkey

READY_WITHIN = 40  # seconds
LETTER_WITHIN = 30


@dataclass
class Post:
    """What the SMTP server was given."""

    letters: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # aiosmtpd's name
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 kept"

    async def letter(self, words: str) -> EmailMessage:
        """The first letter whose subject holds these words, when it has come."""
        deadline = asyncio.get_running_loop().time() + LETTER_WITHIN
        while not self.about(words):
            assert asyncio.get_running_loop().time() < deadline, [letter["subject"] for letter in self.letters]
            await asyncio.sleep(0.1)
        return self.about(words)[0]

    def about(self, words: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if words in letter["subject"]]


@dataclass(frozen=True)
class House:
    url: str
    post: Post


@asynccontextmanager
async def open_house(settings: Settings, folder: Path) -> AsyncIterator[House]:
    post, port = Post(), free_port()
    smtp = Controller(post, hostname="127.0.0.1", port=free_port())
    valkey = Valkey(folder)
    smtp.start()
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": valkey.start(),
        "YANTU_SECRET": settings.secret,
        "YANTU_BASE_URL": f"http://127.0.0.1:{port}",
        "YANTU_PORT": str(port),
        "YANTU_DATA": str(folder),
        "YANTU_WEB_PROCESSES": "1",
        "YANTU_DEVELOPMENT": "1",
        "SMTP_URL": f"smtp://127.0.0.1:{smtp.port}",
    }
    parts = [await start(part, environment, folder) for part in ("web", "worker")]
    try:
        await ready(f"http://127.0.0.1:{port}/health/ready")
        yield House(f"http://127.0.0.1:{port}", post)
    finally:
        for part in parts:
            part.terminate()
        await asyncio.gather(*(part.wait() for part in parts))
        valkey.stop()
        smtp.stop()


async def start(part: str, environment: dict[str, str], folder: Path) -> asyncio.subprocess.Process:
    with (folder / f"{part}.log").open("wb") as log:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "workers.cli.main", part, env=environment, stdout=log, stderr=log
        )


async def ready(url: str) -> None:
    async with asyncio.timeout(READY_WITHIN), httpx.AsyncClient() as client:
        while True:
            try:
                if (await client.get(url)).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
