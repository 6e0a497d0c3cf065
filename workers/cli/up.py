"""`yantu up`: the whole house in one command."""

import asyncio
import http.client
import os
import signal
import sys
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from urllib.parse import urlsplit

from events.settings import Settings
from workers.cli.children import Child, finish, say
from workers.cli.lease import locked
from workers.cli.place import make_data_folder
from workers.cli.port import require_free
from workers.cli.problem import Problem, ServerError
from workers.cli.ready import Ground, Server, reachable, ready
from workers.cli.sign_ins import show_sign_ins

READY_WITHIN = 60.0  # seconds from the start of the web processes to their first good answer
LOOK_EVERY = 0.05  # seconds between two questions whether they are ready
WATCH_EVERY = 1.0  # seconds between two looks at the embedded servers
HOPELESS_AFTER = 3  # deaths of a child that was never ready
PARTS = ("web", "worker")


def up(settings: Settings, parts: Sequence[str] = PARTS) -> None:
    """Runs until Ctrl-C or SIGTERM; everything that it started has then stopped. Raises Problem."""
    make_data_folder(settings.data_dir)
    with only_one(settings) if parts == PARTS else nullcontext():
        if "web" in parts:
            require_free(settings.host, settings.port)
        with ready(settings) as ground:
            asyncio.run(_house(ground, parts))


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Holds the lock of a running house. Raises Problem naming the one that runs here already."""
    file = settings.data_dir / "up.lock"
    with ExitStack() as held:
        try:
            lock = held.enter_context(locked(file, wait=False))
        except BlockingIOError:
            raise Problem(
                f"Yantu already runs on the data in {settings.data_dir} ({file.read_text()}): stop that one first, "
                "or choose another folder with YANTU_DATA and another port with YANTU_PORT."
            ) from None
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"process {os.getpid()}, port {settings.port}".encode(), 0)
        yield


async def _house(ground: Ground, parts: Sequence[str]) -> None:
    children = [Child(name, _command(name)) for name in parts]
    stop = _asked_to_stop(children)
    await _until(stop, _furnish(ground.settings))
    if stop.is_set():
        return
    keeping = [asyncio.create_task(each.keep_running()) for each in children]
    watching = [asyncio.create_task(_keep_up(server)) for server in ground.embedded]
    try:
        await _until(stop, _first_answer(ground.settings, children))
        if not stop.is_set():
            _announce(ground.settings)
            await stop.wait()
    finally:
        say("stopping …")
        for each in watching:
            each.cancel()
        await finish(children, keeping)


def _asked_to_stop(children: Sequence[Child]) -> asyncio.Event:
    stop = asyncio.Event()

    def asked() -> None:
        if stop.is_set():  # asked twice: no more patience
            for each in children:
                each.kill()
        stop.set()

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(each, asked)
    return stop


async def _until(stop: asyncio.Event, work: Awaitable[None]) -> None:
    """Waits for the work, or for the wish to stop, whichever comes first."""
    working, stopping = asyncio.ensure_future(work), asyncio.create_task(stop.wait())
    await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not working.done():
        working.cancel()
    with suppress(asyncio.CancelledError):
        await working


def _command(part: str) -> tuple[str, ...]:
    return (sys.executable, "-P", "-m", "workers.cli.main", part, "--parent", str(os.getpid()))


async def _furnish(settings: Settings) -> None:
    from events import database

    applied = await database.migrate(settings)
    for name in applied:
        say(f"migration {name} applied.")
    if settings.development:
        if applied:
            say("filling in the demo …")
        await fill_demo(settings)


async def fill_demo(settings: Settings) -> None:
    """Fills the demo in; what is there already stays as it is."""
    from events import database, seeds

    await database.open_pool(settings)
    try:
        await seeds.fill_demo(settings)
    finally:
        await database.close_pool()


async def _first_answer(settings: Settings, children: Sequence[Child]) -> None:
    if all(each.name != "web" for each in children):
        return
    try:
        async with asyncio.timeout(READY_WITHIN):
            while not await asyncio.to_thread(_answers, settings):
                _give_up_on_the_hopeless(children)
                await asyncio.sleep(LOOK_EVERY)
    except TimeoutError:
        raise Problem(f"The web processes were not ready within {READY_WITHIN:.0f} s; see what they wrote.") from None


def _answers(settings: Settings) -> bool:
    line = http.client.HTTPConnection(reachable(settings.host).strip("[]"), settings.port, timeout=2)
    try:
        line.request("GET", "/health/ready", headers={"Host": urlsplit(settings.base_url).netloc})
        return line.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def _give_up_on_the_hopeless(children: Sequence[Child]) -> None:
    for each in children:
        if each.deaths >= HOPELESS_AFTER:
            raise Problem(f"{each.name} ended {each.deaths} times before it was ready; what it wrote is above.")


def _announce(settings: Settings) -> None:
    say(f"ready at {settings.base_url} — Ctrl-C stops it.")
    if settings.development:
        show_sign_ins(settings)


async def _keep_up(server: Server) -> None:
    while True:
        await asyncio.sleep(WATCH_EVERY)
        if not await asyncio.to_thread(server.is_running):
            say(f"{type(server).__name__} ended; it is started again.")
            try:
                await asyncio.to_thread(server.start)
            except ServerError as error:
                say(str(error))
