"""The commands that do one thing and end; each starts or joins the embedded servers for that long."""

import asyncio
from argparse import Namespace

from events.settings import Settings
from workers.cli import backup as backups
from workers.cli import doctor as examination
from workers.cli import roster
from workers.cli.problem import Problem
from workers.cli.ready import ready
from workers.cli.sign_ins import show_sign_ins
from workers.cli.up import fill_demo


def migrate(settings: Settings, chosen: Namespace) -> None:
    from events import database

    with ready(settings) as ground:
        applied = asyncio.run(database.migrate(ground.settings))
    print("\n".join(f"{name} applied" for name in applied) or "nothing to do")


def demo(settings: Settings, chosen: Namespace) -> None:
    with ready(settings) as ground:
        asyncio.run(_demo(ground.settings))


async def _demo(settings: Settings) -> None:
    from events import database

    await database.migrate(settings)
    await fill_demo(settings)
    show_sign_ins(settings)


def import_roster(settings: Settings, chosen: Namespace) -> None:
    if not chosen.file.is_file():
        raise Problem(f"{chosen.file} is not there.")
    with ready(settings) as ground:
        asyncio.run(roster.import_roster(ground.settings, chosen.file, chosen.school or settings.school))


def doctor(settings: Settings, chosen: Namespace) -> int:
    return 0 if examination.doctor(settings) else 1


def backup(settings: Settings, chosen: Namespace) -> None:
    with ready(settings) as ground:
        backups.backup(ground.settings, chosen.file)
    print(f"{chosen.file} written, {chosen.file.stat().st_size:,} bytes")


def restore(settings: Settings, chosen: Namespace) -> None:
    with ready(settings) as ground:
        backups.restore(ground.settings, chosen.file, chosen.force)
    print(f"{chosen.file} restored; `yantu up` or `yantu migrate` brings it to this version")
