"""Tallies months whose attendance has changed. Cuts are right without it; they are quick with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from events import database
from events.counts.tables import PLACES

TALLY_LOCK = 361872772185  # "TALLY"; the trigger on attendance takes the same one, shared


@dataclass(frozen=True, slots=True)
class Place:
    student: int
    college: str
    block: int
    place: int


async def refresh_due(most: int = 60) -> int:
    """Tallies up to `most` stale months, the newest first, each in a commit of its own. Returns how many."""
    due = await database.rows(
        "SELECT id, host, month FROM counted_month WHERE stale ORDER BY month DESC, host LIMIT $1", most
    )
    for each in due:
        await refresh_month(**each)
    return len(due)


async def refresh_month(id: int, host: int, month: date) -> None:
    """Tallies one row of counted_month anew."""
    async with database.transaction():
        await database.rows("SELECT pg_advisory_xact_lock($1)", TALLY_LOCK)
        await give_places(host, month)
        await database.rows("DELETE FROM tally WHERE counted = $1", id)
        await write_tally(id, host, month)
        await database.rows("UPDATE counted_month SET stale = false WHERE id = $1", id)


async def give_places(host: int, month: date) -> None:
    """A bit for each student of the month who has none yet."""
    newcomers = await database.rows(
        """SELECT DISTINCT ON (student) student, college FROM attendance
           WHERE host = $1 AND day >= $2 AND day < $2::date + interval '1 month'
             AND NOT EXISTS (SELECT FROM counted_student AS known WHERE known.student = attendance.student)
           ORDER BY student, day""",
        host,
        month,
    )
    if not newcomers:
        return
    last = await database.rows(
        """SELECT DISTINCT ON (college) college, block, place FROM counted_student
           ORDER BY college, block DESC, place DESC"""
    )
    used = {each["college"]: (each["block"], each["place"] + 1) for each in last}
    given = list(places_for([(each["college"], each["student"]) for each in newcomers], used))
    await database.rows(
        """INSERT INTO counted_student (student, college, block, place)
           SELECT * FROM unnest($1::int[], $2::text[], $3::int[], $4::smallint[])""",
        [each.student for each in given],
        [each.college for each in given],
        [each.block for each in given],
        [each.place for each in given],
    )


def places_for(newcomers: Sequence[tuple[str, int]], used: Mapping[str, tuple[int, int]]) -> Iterator[Place]:
    """Fills each college's last block, then opens new ones. used: its last block, and the places taken in it."""
    next_block = max((block for block, _ in used.values()), default=0) + 1
    for college, students in groupby(sorted(newcomers), key=lambda each: each[0]):
        block, taken = used.get(college, (0, PLACES))
        for _, student in students:
            if taken == PLACES:
                block, taken, next_block = next_block, 0, next_block + 1
            yield Place(student, college, block, taken)
            taken += 1


async def write_tally(id: int, host: int, month: date) -> None:
    await database.rows(
        f"""INSERT INTO tally (counted, month, programme, kind, college, block, attended, absent, excused, people)
            SELECT $1, $3, programme, kind, attendance.college, block,
                   count(*) FILTER (WHERE state = 'attended'), count(*) FILTER (WHERE state = 'absent'),
                   count(*) FILTER (WHERE state = 'excused'),
                   bit_or(CASE state WHEN 'attended' THEN set_bit(0::bit({PLACES}), place, 1)
                                     ELSE 0::bit({PLACES}) END)
            FROM attendance JOIN counted_student USING (student)
            WHERE host = $2 AND day >= $3 AND day < $3::date + interval '1 month' GROUP BY 3, 4, 5, 6""",
        id,
        host,
        month,
    )
