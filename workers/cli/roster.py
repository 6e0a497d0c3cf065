"""`yantu import`: a roster file into the database, with each refused row named."""

from pathlib import Path

from events.settings import Settings
from workers.cli.problem import Problem


async def import_roster(settings: Settings, file: Path, school: str) -> None:
    """Imports a roster file but for the rows that it refuses, in one commit, and prints what came of it.

    Raises Problem when the file as a whole is no roster.
    """
    from events import database
    from events.people import actions
    from events.people.roster import BadRoster
    from events.sheets import BadSheet

    await database.open_pool(settings)
    try:
        print(await actions.import_roster_file(file, school=school))
    except (BadSheet, BadRoster) as error:
        raise Problem(f"{file} was not imported: {str(error).replace('_', ' ')}") from error
    finally:
        await database.close_pool()
