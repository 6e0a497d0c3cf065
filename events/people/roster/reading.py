"""Reads a roster: finds its header, reads every cell, compares the rows, and gives each a verdict."""

from collections.abc import Collection, Mapping, Sequence

from events.people.roster.colleges import settle_colleges
from events.people.roster.drafts import finished, read_draft
from events.people.roster.headers import Header, find_header
from events.people.roster.shapes import BadRoster, Doubt, DoubtKind, Roster, RosterReason
from events.people.roster.twins import doubt_shared_contacts, settle_twins
from events.sheets import CellMark, Sheet, address, column_letters

NO_ALIASES: Mapping[str, str] = {}


def read_roster(
    sheets: Sequence[Sheet],
    *,
    this_year: int,
    known_colleges: Collection[str] = (),
    college_aliases: Mapping[str, str] = NO_ALIASES,
    sheet: str | None = None,
) -> Roster:
    """A verdict for each row of the one sheet that is a roster, or of the sheet named. 0.1 ms a row: use a thread.

    What can be understood is normalised and told; a row of which anything cannot is refused with its cell and reason.
    Known colleges are kept as they are; aliases are written out. Years run from 1950 to eight ahead of this one.
    Raises BadRoster: no header, required columns missing or doubled, several sheets of students, no student at all.
    """
    header = find_header(sheets, sheet)
    drafts = [read_draft(header, row, this_year) for row in header.rows()]
    if not drafts:
        raise BadRoster(RosterReason.NO_STUDENTS)
    settle_colleges(drafts, known_colleges, college_aliases)
    settle_twins(drafts)
    doubt_shared_contacts(drafts)
    columns = {field: column_letters(column) for field, column in header.columns.items()}
    rows = tuple(finished(draft) for draft in drafts)
    return Roster(header.sheet.name, header.line, columns, rows, header.doubts + _formula_doubts(header))


def _formula_doubts(header: Header) -> tuple[Doubt, ...]:
    """For each column, the first formula whose saved value was taken."""
    first: dict[int, int] = {}
    fields = {column: field for field, column in header.columns.items()}
    texts = {row.line: row.cells for row in header.sheet.rows if row.line > header.line}
    for (line, column), mark in header.sheet.marks.items():
        cells = texts.get(line, ())
        if mark == CellMark.FORMULA and column in fields and column < len(cells) and cells[column].strip():
            first[column] = min(line, first.get(column, line))
    return tuple(
        Doubt(DoubtKind.FORMULA_VALUES, address(line, column), fields[column]) for column, line in sorted(first.items())
    )
