"""Rows of a roster, written many at once. All join the caller's transaction."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from events import database
from events.people.roster.compare import Difference, Known
from events.people.roster.shapes import Field, RosterStudent
from events.people.rosters import COLUMNS, FACTS

SCHOOL_LOCK: Final = 4  # first key of the advisory locks on schools
TYPES: Final[Mapping[Field, str]] = {Field.GRADE: "smallint", Field.GRADUATION_YEAR: "smallint"}  # all others: text
CONTACTS: Final = frozenset({Field.PHONE, Field.EMAIL})


async def lock_school(school: str) -> None:
    """One roster of a school at a time."""
    await database.rows("SELECT pg_advisory_xact_lock($1, hashtext($2))", SCHOOL_LOCK, school)


async def write_students(school: str, students: Sequence[RosterStudent], is_demo: bool) -> None:
    fields = tuple(Field)
    await database.rows(
        f"""INSERT INTO student (school, is_demo, {", ".join(fields)})
            SELECT $1, $2, * FROM unnest({arrays(fields, 3)})""",
        school,
        is_demo,
        *([getattr(student, field.value) for student in students] for field in fields),
    )


async def write_changes(changes: Sequence[Difference]) -> None:
    """Each student gets what the file says; whoever had left is back. A new phone or address signs them out."""
    after = [
        {field: each.fields[field][1] if field in each.fields else each.known.facts[field] for field in FACTS}
        for each in changes
    ]
    ids = [each.known.id for each in changes]
    await database.rows(
        f"""UPDATE student SET left_at = NULL, {", ".join(f"{field} = new.{field}" for field in FACTS)}
            FROM unnest($1::int[], {arrays(FACTS, 2)})
                 AS new (id, {COLUMNS}) WHERE student.id = new.id""",
        ids,
        *([facts[field] for facts in after] for field in FACTS),
    )
    moved = [each.known.id for each in changes if CONTACTS & each.fields.keys()]
    await database.rows("DELETE FROM login WHERE student = ANY($1::int[])", moved)


async def mark_gone(gone: Sequence[Known]) -> int:
    """Their bookings and their history stay; what is for people on the roster is closed to them."""
    left: list[Any] = await database.rows(
        "UPDATE student SET left_at = now() WHERE id = ANY($1::int[]) AND left_at IS NULL RETURNING id",
        [each.id for each in gone],
    )
    return len(left)


def arrays(fields: Sequence[Field], first: int) -> str:
    """One parameter for each field, counted from `first`: "$2::text[], $3::smallint[]"."""
    return ", ".join(f"${place}::{TYPES.get(field, 'text')}[]" for place, field in enumerate(fields, first))
