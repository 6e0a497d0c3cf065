"""Days that are not what their weekday says (调休), for recurring sessions."""

from dataclasses import dataclass
from datetime import date

from events import database


@dataclass(frozen=True, slots=True)
class FreeDays:
    """`holidays` are days off; `workdays` are weekend days on which people work."""

    holidays: frozenset[date]
    workdays: frozenset[date]


async def free_days() -> FreeDays:
    found = await database.rows("SELECT day, working FROM free_day")
    return FreeDays(
        frozenset(each["day"] for each in found if not each["working"]),
        frozenset(each["day"] for each in found if each["working"]),
    )
