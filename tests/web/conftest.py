"""The real application on the test database, and clients that are signed in as one of the cast."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest_asyncio
from httpx import ASGITransport, AsyncClient
from litestar import Litestar

from events import database
from events.people.logins import sign_in_staff, sign_in_student
from events.ticket.actions import ensure_key
from web import shared
from web.app import create_app
from web.session import cookie_name, sign


class Browser(AsyncClient):
    """A client that sends the form's token as a page would. `csrf` is that token.

    It runs the application in the loop of the test, where the pool is: Litestar's own client runs it in another thread.
    """

    csrf: str = ""

    def __init__(self, app: Litestar, base_url: str = "http://testserver.local") -> None:
        super().__init__(transport=ASGITransport(app), base_url=base_url, follow_redirects=True)  # type: ignore[arg-type]

    def keep(self, name: str, value: str) -> None:
        """A cookie as the site itself would have set it."""
        self.cookies.set(name, value, domain=self.base_url.host)

    async def submit(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        """POSTs a form without following where it leads."""
        more.setdefault("follow_redirects", False)
        return await self.post(path, data={**(data or {}), "csrf_token": self.csrf}, **more)


@pytest_asyncio.fixture(scope="session")
async def application(settings) -> AsyncIterator[Litestar]:
    """Started once for all tests: its pool is the one that `db` hands out."""
    await database.close_pool()
    application = create_app(settings)
    async with running(application):
        yield application


@pytest_asyncio.fixture
async def app(application: Litestar, db) -> Litestar:
    await ensure_key(db.secret)  # the tables are empty again, and the start was before
    shared._kept.clear()  # ids begin again
    return application


@asynccontextmanager
async def running(application: Litestar) -> AsyncIterator[None]:
    """The application's lifespan in a task of its own: a fixture begins in one task and ends in another."""
    up, down = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with application.lifespan():
            up.set()
            await down.wait()

    life, started = asyncio.create_task(live()), asyncio.create_task(up.wait())
    await asyncio.wait({life, started}, return_when=asyncio.FIRST_COMPLETED)
    if life.done():
        started.cancel()
    else:
        yield
        down.set()
    await life


@pytest_asyncio.fixture
async def browser(app: Litestar, db) -> AsyncIterator[Callable[..., Awaitable[Browser]]]:
    """`await browser()` is signed out, `await browser(student=…)` and `await browser(staff=…)` are signed in."""

    async def open_one(student: int | None = None, staff: int | None = None) -> Browser:
        client = Browser(app)
        name, token = cookie_name(db, "visitor"), secrets.token_urlsafe()
        if student is not None:
            name, token = cookie_name(db), await sign_in_student(student)
        elif staff is not None:
            name, token = cookie_name(db), await sign_in_staff(staff)
        client.keep(name, token)
        client.csrf = sign(db.secret, "form", token)
        return client

    yield open_one


@pytest_asyncio.fixture
async def as_alice(browser, cast) -> Browser:
    return await browser(student=cast.alice.id)


@pytest_asyncio.fixture
async def as_bob(browser, cast) -> Browser:
    return await browser(student=cast.bob.id)


@pytest_asyncio.fixture
async def as_olga(browser, cast) -> Browser:
    return await browser(staff=cast.olga.id)


@pytest_asyncio.fixture
async def as_petr(browser, cast) -> Browser:
    return await browser(staff=cast.petr.id)


@pytest_asyncio.fixture
async def as_dora(browser, cast) -> Browser:
    return await browser(staff=cast.dora.id)


@pytest_asyncio.fixture
async def as_sam(browser, cast) -> Browser:
    return await browser(staff=cast.sam.id)


@pytest_asyncio.fixture
async def signed_out(browser) -> Browser:
    return await browser()
