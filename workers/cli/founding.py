"""`yantu department` and `yantu owner`: the first body of a new installation, and who may then make all others."""

import asyncio
from argparse import Namespace
from collections.abc import Awaitable, Callable

from events.settings import Settings
from workers.cli.problem import Problem
from workers.cli.ready import ready


def department(settings: Settings, chosen: Namespace) -> None:
    async def found() -> None:
        from events.people.actions.departments import found_department

        await found_department(chosen.code, chosen.name, chosen.english, chosen.parent)

    with ready(settings) as ground:
        asyncio.run(with_pool(ground.settings, found))
    print(f"{chosen.code}: {chosen.name}")


def owner(settings: Settings, chosen: Namespace) -> None:
    async def appoint_one() -> None:
        from events.people.actions.departments import department_with
        from events.people.actions.staff import appoint
        from events.people.queries import OWNER

        await appoint(chosen.name, chosen.email, {await department_with(chosen.code): OWNER})

    with ready(settings) as ground:
        asyncio.run(with_pool(ground.settings, appoint_one))
    print(f"{chosen.name} owns {chosen.code} and all below it, and signs in at /staff/sign-in with {chosen.email}")


async def with_pool(settings: Settings, act: Callable[[], Awaitable[None]]) -> None:
    """Raises Problem for input that an action refuses."""
    from events import database
    from events.errors import Invalid, NotFound

    await database.migrate(settings)
    await database.open_pool(settings)
    try:
        await act()
    except NotFound:
        raise Problem("There is no department with that code; `yantu department CODE NAME` makes one.") from None
    except Invalid as invalid:
        raise Problem("; ".join(f"{field} is {fault.value}" for field, fault in invalid.problems.items())) from None
    finally:
        await database.close_pool()
