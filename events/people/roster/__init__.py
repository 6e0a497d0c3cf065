"""Rosters of students that schools send as spreadsheets: read, normalised, and judged row by row. Pure: no database."""

from events.people.roster.reading import read_roster
from events.people.roster.shapes import (
    BadRoster,
    Change,
    Doubt,
    DoubtKind,
    Fault,
    Field,
    Gender,
    How,
    Problem,
    Reason,
    Roster,
    RosterReason,
    RosterRow,
    RosterStudent,
    Verdict,
)

__all__ = [
    "BadRoster",
    "Change",
    "Doubt",
    "DoubtKind",
    "Fault",
    "Field",
    "Gender",
    "How",
    "Problem",
    "Reason",
    "Roster",
    "RosterReason",
    "RosterRow",
    "RosterStudent",
    "Verdict",
    "read_roster",
]
