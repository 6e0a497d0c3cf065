"""The real application on the test database, and clients that are signed in as one of the cast."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from litestar import Litestar
from litestar.testing import AsyncTestClient

from events import database
from events.people.logins import sign_in_staff, sign_in_student
from web.app import create_app
from web.session import cookie_name, sign


class Browser(AsyncTestClient[Any]):
    """A client that sends the form's token as a page would. `csrf` is that token."""

    csrf: str = ""

    async def submit(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        """POSTs a form without following where it leads."""
        more.setdefault("follow_redirects", False)
        return await self.post(path, data={**(data or {}), "csrf_token": self.csrf}, **more)


@pytest_asyncio.fixture
async def app(db) -> AsyncIterator[Litestar]:
    await database.close_pool()  # the application opens its own
    application = create_app(db)
    async with AsyncTestClient(application):
        yield application


@pytest_asyncio.fixture
async def browser(app: Litestar, db) -> AsyncIterator[Callable[..., Awaitable[Browser]]]:
    """`await browser()` is signed out, `await browser(student=…)` and `await browser(staff=…)` are signed in."""

    async def open_one(student: int | None = None, staff: int | None = None) -> Browser:
        client = Browser(app, base_url="http://testserver.local")
        token = "visitor"
        name = cookie_name(db, "visitor")
        if student is not None:
            name, token = cookie_name(db), await sign_in_student(student)
        elif staff is not None:
            name, token = cookie_name(db), await sign_in_staff(staff)
        client.cookies.set(name, token)
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


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
