"""The application: audiences, each behind its guard, on one database pool."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from litestar import Litestar, Router
from litestar.datastructures import CacheControlHeader
from litestar.di import NamedDependency, Provide  # noqa: F401  # NamedDependency is what handlers import from here
from litestar.static_files import create_static_files_router

from events import database
from events.settings import Settings
from events.ticket.actions import ensure_key
from web import errors, health, preferences
from web.api import api_router
from web.api.docs import docs_router
from web.department import department_router
from web.doorbell import Doorbell
from web.frame import Frame
from web.gate import gate_router
from web.logs import configure_logs
from web.organizer import organizer_router
from web.people import people_router
from web.session import WhoIsAsking, anybody, refuse_forged
from web.student import student_router

SMALL_BODY = 64 * 1024  # bytes; routes that take files say more
STATIC = Path(__file__).parent / "static"
MOST_PARTS = 100  # of one multipart form; an event asks at most thirty questions
HASHED_LASTS = 31_536_000  # seconds; file names under dist/ carry the hash of their content
STATIC_LASTS = 3600  # seconds


def create_app(settings: Settings | None = None) -> Litestar:
    """One web process. Raises BadSetting before anything is opened."""
    settings = settings or Settings.from_environment()
    configure_logs(settings.log_level)

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        await database.open_pool(settings)
        await ensure_key(settings.secret)
        app.state.doorbell = Doorbell(settings)
        try:
            yield
        finally:
            await app.state.doorbell.close()
            await database.close_pool()

    app = Litestar(
        route_handlers=[
            *health.HANDLERS,
            static_files("dist", CacheControlHeader(public=True, max_age=HASHED_LASTS, immutable=True)),
            static_files("", CacheControlHeader(public=True, max_age=STATIC_LASTS)),
            Router(
                path="/",
                route_handlers=[
                    preferences.choose_language,
                    preferences.choose_size,
                    people_router,
                    student_router,
                    organizer_router,
                    gate_router,
                    department_router,
                ],
                before_request=refuse_forged,
                middleware=[WhoIsAsking],
                include_in_schema=False,
            ),
            api_router,
            docs_router,
        ],
        lifespan=[lifespan],
        exception_handlers=errors.HANDLERS,
        request_max_body_size=SMALL_BODY,
        multipart_form_part_limit=MOST_PARTS,
        openapi_config=None,
        debug=False,
    )
    app.state.settings = settings
    # Outside the router: what has no route and what cannot be read gets the same frame as everything else.
    app.asgi_handler = Frame(app.asgi_handler, settings.secure)
    return app


def static_files(folder: str, cache_control: CacheControlHeader) -> Router:
    return create_static_files_router(
        path=f"/static/{folder}",
        name=f"static/{folder}",
        directories=[STATIC / folder],
        guards=[anybody],
        cache_control=cache_control,
        include_in_schema=False,
    )
