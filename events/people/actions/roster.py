"""Rosters: read and shown first, then taken over whole or not at all."""

import asyncio
import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

import msgspec

from events import database
from events.errors import NotFound, Refused
from events.people.actions.roster_rows import lock_school, mark_gone, write_changes, write_students
from events.people.audit import record
from events.people.names import printable
from events.people.queries import StaffMember
from events.people.roster import read_roster
from events.people.roster.compare import Comparison, compare
from events.people.roster.verdict import StoredVerdict, stored
from events.people.rosters import known_students, require_import
from events.sheets import read_table

PREVIEW_LASTS: Final = timedelta(hours=24)
FILENAME_MOST: Final = 200  # characters


class RosterRefusal(StrEnum):
    EXPIRED = "roster_preview_expired"
    OVERTAKEN = "roster_overtaken"  # another roster of the school was taken over since the preview
    ROWS_REFUSED = "roster_rows_refused"  # who is missing cannot be told while rows of the file are refused


class RosterRefused(Refused):
    """Raised with a RosterRefusal."""


@dataclass(frozen=True, slots=True)
class RosterCounts:
    """Students, but `refused`: rows of the file. `left`: marked as gone."""

    added: int
    changed: int
    unchanged: int
    refused: int
    left: int = 0


@dataclass(frozen=True, slots=True)
class RosterPreview:
    import_id: int
    verdict: StoredVerdict
    comparison: Comparison


async def preview_roster(staff: StaffMember | None, content: bytes, filename: str, school: str) -> RosterPreview:
    """Reads a file of students of one school and keeps what it says; no student is touched. None: the operator.

    Raises NotFound (not the staff's school), BadSheet, BadRoster.
    """
    await require_import(staff, school)
    sheets = await read_table(content, filename)
    colleges = await known_colleges(school)
    year = (await database.database_now()).year
    roster = await asyncio.to_thread(read_roster, sheets, this_year=year, known_colleges=colleges)
    verdict = await asyncio.to_thread(stored, roster)
    async with database.transaction():
        comparison = compare(verdict.students, await known_students(school), verdict.fields)
        await forget_old_previews()
        import_id = await keep(staff, school, filename, content, verdict, comparison)
    return RosterPreview(import_id, verdict, comparison)


async def apply_roster(
    staff: StaffMember | None, import_id: int, *, gone_have_left: bool = False, is_demo: bool = False
) -> RosterCounts:
    """Takes over what the preview showed, in one commit; rows that were refused stay out. Done twice, the first counts.

    Columns that the file lacks and cells that it leaves empty change nothing. Who is not in the file stays, unless
    `gone_have_left`. Raises NotFound, RosterRefused.
    """
    async with database.transaction():
        kept = await hold(staff, import_id)
        if kept["applied_at"] is not None:
            return await counts_of(import_id)
        await lock_school(kept["school"])
        verdict = msgspec.json.decode(kept["verdict"], type=StoredVerdict)
        await refuse_stale(kept, verdict, gone_have_left)
        comparison = compare(verdict.students, await known_students(kept["school"]), verdict.fields)
        await write_students(kept["school"], comparison.added, is_demo)
        await write_changes(comparison.changed)
        left = await mark_gone(comparison.gone) if gone_have_left else 0
        counts = RosterCounts(
            len(comparison.added), len(comparison.changed), comparison.unchanged, verdict.refused, left
        )
        await settle(staff, import_id, verdict, counts)
        return counts


async def known_colleges(school: str) -> list[str]:
    found = await database.rows("SELECT DISTINCT college FROM student WHERE school = $1 AND college <> ''", school)
    return [each["college"] for each in found]


async def forget_old_previews() -> None:
    """They hold names and numbers: none outlives its use."""
    await database.rows(
        "DELETE FROM roster_import WHERE applied_at IS NULL AND created_at < now() - $1::interval", PREVIEW_LASTS
    )


async def keep(
    staff: StaffMember | None, school: str, filename: str, content: bytes, verdict: StoredVerdict, seen: Comparison
) -> int:
    import_id: int = await database.value(
        """INSERT INTO roster_import
               (staff, school, filename, content_hash, verdict, added, changed, unchanged, refused)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id""",
        staff.id if staff else None,
        school,
        printable(filename)[:FILENAME_MOST],
        hashlib.sha256(content).digest(),
        encoded(verdict),
        len(seen.added),
        len(seen.changed),
        seen.unchanged,
        verdict.refused,
    )
    return import_id


async def hold(staff: StaffMember | None, import_id: int) -> Any:
    """The import, kept from a second press until the commit. Raises NotFound."""
    found = await database.row(
        """SELECT id, school, verdict, created_at, applied_at, created_at < now() - $2::interval AS expired,
                  EXISTS (SELECT FROM roster_import AS other WHERE other.school = roster_import.school
                          AND other.applied_at > roster_import.created_at AND other.id <> roster_import.id) AS overtaken
           FROM roster_import WHERE id = $1 FOR NO KEY UPDATE""",
        import_id,
        PREVIEW_LASTS,
    )
    if found is None:
        raise NotFound
    await require_import(staff, found["school"])
    return found


async def refuse_stale(kept: Any, verdict: StoredVerdict, gone_have_left: bool) -> None:
    if kept["expired"]:
        raise RosterRefused(RosterRefusal.EXPIRED)
    if kept["overtaken"]:
        raise RosterRefused(RosterRefusal.OVERTAKEN)
    if gone_have_left and verdict.refused:
        raise RosterRefused(RosterRefusal.ROWS_REFUSED, rows=verdict.refused)


async def settle(staff: StaffMember | None, import_id: int, verdict: StoredVerdict, counts: RosterCounts) -> None:
    await database.rows(
        """UPDATE roster_import SET applied_at = clock_timestamp(), verdict = $2, added = $3, changed = $4,
                  unchanged = $5, refused = $6 WHERE id = $1""",
        import_id,
        encoded(replace(verdict, students=(), changes=())),
        counts.added,
        counts.changed,
        counts.unchanged,
        counts.refused,
    )
    detail = msgspec.to_builtins(counts)
    await record(staff.id if staff else None, "roster.apply", f"roster_import:{import_id}", detail)


async def counts_of(import_id: int) -> RosterCounts:
    """What taking it over came to."""
    detail = await database.value(
        "SELECT detail FROM audit_entry WHERE subject = $1 AND act = 'roster.apply'", f"roster_import:{import_id}"
    )
    return msgspec.json.decode(detail, type=RosterCounts)


def encoded(verdict: StoredVerdict) -> str:
    return msgspec.json.encode(verdict).decode()
