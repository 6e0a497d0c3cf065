"""`yantu import`: a roster from the operator's own disk, by the same reading and the same commit as on the page."""

import asyncio
from pathlib import Path

from events.people.actions.roster import RosterCounts, apply_roster, preview_roster
from events.people.roster.verdict import StoredVerdict


async def import_roster_file(path: Path, school: str, *, is_demo: bool = False) -> str:
    """Takes the file over, but for the rows that it refuses, and says in English what came of it.

    Raises BadSheet, BadRoster, OSError.
    """
    content = await asyncio.to_thread(path.read_bytes)
    preview = await preview_roster(None, content, path.name, school)
    counts = await apply_roster(None, preview.import_id, is_demo=is_demo)
    return report(counts, preview.verdict)


def report(counts: RosterCounts, verdict: StoredVerdict) -> str:
    """A line of counts, and one for each problem."""
    refused = [
        f"  row {each.line}, cell {each.cell}: {each.reason.replace('_', ' ')} ({each.field.replace('_', ' ')})"
        for each in verdict.problems
    ]
    counted = f"{counts.added} added, {counts.changed} changed, {counts.unchanged} unchanged"
    return "\n".join([f"{counted}, {counts.refused} rows refused", *refused])
