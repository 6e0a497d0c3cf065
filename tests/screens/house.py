"""A house of its own with the demo in it, and the few things that the demo lacks; all of it stopped at the end."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from events import database
from events.booking.actions import cancel
from events.people.actions.roster import preview_roster
from events.people.queries import staff_member
from events.seeds import fill_demo
from events.seeds.cast import OWNER, STAR
from events.seeds.filling import SCHOOL
from events.settings import Settings
from tests.bench.house import own_database
from tests.e2e.house import open_house
from workers.cli.place import make_data_folder
from workers.cli.postgres import Postgres

FOLDER = Path(".yantu/screens").resolve()
SECRET = "only-for-pictures-" + "0123456789abcdef" * 2
MESSY_ROSTER = Path("tests/data/roster_messy.xlsx")


@dataclass(frozen=True)
class Stage:
    url: str
    settings: Settings


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    make_data_folder(FOLDER.parent)
    make_data_folder(FOLDER)
    postgres = None if "TEST_DATABASE_URL" in os.environ else Postgres(FOLDER)
    try:
        url = postgres.start() if postgres else os.environ["TEST_DATABASE_URL"]
        async with furnished(await own_database(url, "screens"), FOLDER) as opened:
            yield opened
    finally:
        if postgres:
            postgres.stop()
        shutil.rmtree(FOLDER, ignore_errors=True)


@asynccontextmanager
async def furnished(database_url: str, folder: Path) -> AsyncIterator[Stage]:
    settings = replace(Settings(), database_url=database_url, secret=SECRET, data_dir=folder, development=True)
    await database.migrate(settings)
    await database.open_pool(settings)
    try:
        await fill_demo(settings)
        await read_a_roster()
        await take_one_back()
        async with open_house(settings, folder) as house:
            yield Stage(house.url, settings)
    finally:
        await database.close_pool()


async def read_a_roster() -> None:
    """Somebody has just read in a messy file and looks at what was found."""
    owner = await staff_member(await database.value("SELECT id FROM staff WHERE email = $1", OWNER.email))
    await preview_roster(owner, MESSY_ROSTER.read_bytes(), MESSY_ROSTER.name, SCHOOL)


async def take_one_back() -> None:
    """The demo's own student has cancelled the last of their bookings."""
    last = await database.row(
        """SELECT student, booking.code FROM booking JOIN student ON student.id = student JOIN session ON session.id =
           session WHERE number = $1 AND booking.state = 'confirmed' AND cancel_until > now()
           ORDER BY starts_at DESC""",
        STAR,
    )
    assert last is not None
    await cancel(last["student"], last["code"])
