"""The ground that every command stands on: servers that answer, a secret, and settings that name them."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, replace
from typing import Protocol

from events.settings import Settings
from workers.cli.place import make_data_folder
from workers.cli.postgres import Postgres
from workers.cli.reach import reach_database, reach_redis
from workers.cli.secret import secret_of
from workers.cli.valkey import Valkey

HANDED_ON = ("database_url", "redis_url", "data_dir", "secret", "base_url")  # to our children, by the environment


class Server(Protocol):
    def start(self) -> str: ...
    def stop(self) -> None: ...
    def is_running(self) -> bool: ...


@dataclass(frozen=True)
class Ground:
    settings: Settings
    embedded: tuple[Server, ...]  # the servers that are ours to keep up


@contextmanager
def ready(settings: Settings, probe: bool = True) -> Iterator[Ground]:
    """Starts or joins the embedded servers that no setting replaces; leaves them at the end.

    With `probe`, servers that a setting names must answer. The settings are also put into the
    environment. Raises Problem.
    """
    make_data_folder(settings.data_dir)
    settings = replace(
        settings,
        data_dir=settings.data_dir.resolve(),
        secret=settings.secret or secret_of(settings.data_dir),
        base_url=base_url_of(settings),
    )
    with ExitStack() as held:
        embedded: list[Server] = []
        if not settings.database_url:
            settings = replace(settings, database_url=_join(held, embedded, Postgres(settings.data_dir)))
        elif probe:
            asyncio.run(reach_database(settings.database_url))
        if not settings.redis_url:
            settings = replace(settings, redis_url=_join(held, embedded, Valkey(settings.data_dir)))
        elif probe:
            asyncio.run(reach_redis(settings.redis_url))
        _hand_on(settings)
        yield Ground(settings, tuple(embedded))


def base_url_of(settings: Settings) -> str:
    """The address given, or the one that we listen on: a changed port alone must not break every link."""
    if "YANTU_BASE_URL" in os.environ:
        return settings.base_url
    return f"http://{reachable(settings.host)}:{settings.port}"


def reachable(host: str) -> str:
    """The host to ask for when we listen on this one."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - read, not bound
    return f"[{shown}]" if ":" in shown else shown


def _join(held: ExitStack, embedded: list[Server], server: Server) -> str:
    url = server.start()
    held.callback(server.stop)
    embedded.append(server)
    return url


def _hand_on(settings: Settings) -> None:
    for each in fields(settings):
        if each.name in HANDED_ON:
            os.environ[each.metadata["variable"]] = str(getattr(settings, each.name))
