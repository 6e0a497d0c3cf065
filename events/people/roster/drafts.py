"""A row while it is being judged: its cells read one by one, before it is compared with the others."""

from dataclasses import dataclass, field

from events.people.roster.cells import BadCell, masked, read_cell, shown
from events.people.roster.headers import Header
from events.people.roster.shapes import (
    Change,
    Doubt,
    Fault,
    Field,
    Gender,
    How,
    Problem,
    Reason,
    RosterRow,
    RosterStudent,
)
from events.sheets import CellMark, SheetRow


@dataclass(slots=True)
class Draft:
    """`facts` holds stored text of every cell that could be read, "" where it says nothing."""

    header: Header
    row: SheetRow
    facts: dict[Field, str] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    repeats: int | None = None

    @property
    def line(self) -> int:
        return self.row.line

    def cell(self, field: Field) -> str:
        return self.header.cell(self.line, field)

    def text(self, field: Field) -> str:
        return self.header.text(self.row, field)

    def mark(self, field: Field) -> CellMark | None:
        return self.header.sheet.marks.get((self.line, self.header.columns[field]))

    def refuse(self, field: Field, reason: Reason, lines: tuple[int, ...] = ()) -> None:
        value = masked(field, reason, self.text(field))
        self.problems.append(Problem(self.cell(field), field, reason, value, lines))

    def change(self, field: Field, stored: str, how: How) -> None:
        self.facts[field] = stored
        self.changes.append(Change(self.cell(field), field, self.text(field), shown(field, stored), how))


def read_draft(header: Header, row: SheetRow, this_year: int) -> Draft:
    draft = Draft(header, row)
    for name in header.columns:
        _read(draft, name, this_year)
    if _crossed(draft.facts):
        draft.refuse(Field.GRADUATION_YEAR, Fault.YEARS_CROSSED)
    return draft


def finished(draft: Draft) -> RosterRow:
    student = None if draft.problems else _student(draft.facts)
    problems, changes, doubts = tuple(draft.problems), tuple(draft.changes), tuple(draft.doubts)
    return RosterRow(draft.line, student, changes, problems, doubts, draft.repeats)


def _read(draft: Draft, name: Field, this_year: int) -> None:
    text, mark = draft.text(name), draft.mark(name)
    try:
        stored = read_cell(name, text, mark, this_year)
    except BadCell as error:
        draft.refuse(name, error.reason)
        return
    if shown(name, stored) != text:
        draft.change(name, stored, How.REWRITTEN)
    elif mark == CellMark.NUMBER:
        draft.change(name, stored, How.NUMBER_CELL)
    else:
        draft.facts[name] = stored


def _crossed(facts: dict[Field, str]) -> bool:
    entry, end = facts.get(Field.GRADE), facts.get(Field.GRADUATION_YEAR)
    return bool(entry and end and int(end) < int(entry))


def _student(facts: dict[Field, str]) -> RosterStudent:
    def text(name: Field) -> str:
        return facts.get(name, "")

    def year(name: Field) -> int | None:
        return int(facts[name]) if facts.get(name) else None

    return RosterStudent(
        number=text(Field.NUMBER),
        name=text(Field.NAME),
        gender=Gender(text(Field.GENDER)),
        college=text(Field.COLLEGE),
        major=text(Field.MAJOR),
        class_name=text(Field.CLASS_NAME),
        grade=year(Field.GRADE),
        phone=text(Field.PHONE) or None,
        education=text(Field.EDUCATION),
        graduation_year=year(Field.GRADUATION_YEAR),
        counsellor=text(Field.COUNSELLOR),
        email=text(Field.EMAIL) or None,
    )
