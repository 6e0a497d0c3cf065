"""`yantu import`: a roster file into the database, with each refused row named."""

from pathlib import Path

from events.settings import Settings


async def import_roster(settings: Settings, file: Path, school: str) -> None:
    """Imports a roster file whole or not at all, and prints what came of it."""
    from events import database
    from events.people import actions

    await database.open_pool(settings)
    try:
        print(await actions.import_roster_file(file, school=school))
    finally:
        await database.close_pool()
