"""What is kept of a roster between the preview and its being taken over: the students, and what to say of each row."""

from dataclasses import dataclass

from events.people.roster.shapes import Field, Roster, RosterStudent, Verdict

TOLD_MOST = 300  # rows of each list that are kept to be shown; the counts are whole


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """Why a row is refused. `reason` is the value of a Fault, TextFault or ContactFault; `value` is masked."""

    line: int
    cell: str
    field: str
    reason: str
    value: str
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NormalisedLine:
    """What was read otherwise than written. Unmasked, for whoever has the file: wiped when it is taken over."""

    line: int
    cell: str
    field: str
    before: str
    after: str
    how: str


@dataclass(frozen=True, slots=True)
class DoubtLine:
    """What is accepted, and should be looked at. `line` 0: of the whole file."""

    line: int
    kind: str
    cell: str
    field: str
    value: str
    suggestions: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """The four counts add up to the rows of the file. `students` and `changes` are wiped once they are taken over."""

    sheet: str
    header_line: int
    columns: tuple[str, ...]
    accepted: int
    normalised: int
    repeated: int
    refused: int
    problems: tuple[ProblemLine, ...]
    changes: tuple[NormalisedLine, ...]
    doubts: tuple[DoubtLine, ...]
    students: tuple[RosterStudent, ...] = ()

    @property
    def rows(self) -> int:
        return self.accepted + self.normalised + self.repeated + self.refused

    @property
    def fields(self) -> frozenset[Field]:
        return frozenset(map(Field, self.columns))


def stored(roster: Roster) -> StoredVerdict:
    counts = {verdict: sum(row.verdict is verdict for row in roster.rows) for verdict in Verdict}
    return StoredVerdict(
        roster.sheet,
        roster.header_line,
        tuple(field.value for field in roster.columns),
        counts[Verdict.ACCEPTED],
        counts[Verdict.NORMALISED],
        counts[Verdict.REPEATED],
        counts[Verdict.REFUSED],
        problem_lines(roster),
        change_lines(roster),
        doubt_lines(roster),
        roster.students,
    )


def problem_lines(roster: Roster) -> tuple[ProblemLine, ...]:
    lines = (
        ProblemLine(row.line, each.cell, each.field.value, each.reason.value, each.value, each.lines)
        for row in roster.refused
        for each in row.problems
    )
    return tuple(lines)[:TOLD_MOST]


def change_lines(roster: Roster) -> tuple[NormalisedLine, ...]:
    lines = (
        NormalisedLine(
            row.line,
            each.cell,
            each.field.value,
            each.before,
            each.after,
            each.how.value,
        )
        for row in roster.rows
        if not row.problems
        for each in row.changes
    )
    return tuple(lines)[:TOLD_MOST]


def doubt_lines(roster: Roster) -> tuple[DoubtLine, ...]:
    found = [(0, each) for each in roster.doubts]
    found += [(row.line, each) for row in roster.rows if not row.problems for each in row.doubts]
    return tuple(
        DoubtLine(
            line, each.kind.value, each.cell, each.field.value if each.field else "", each.value, each.suggestions,
            each.lines,
        )
        for line, each in found[:TOLD_MOST]
    )  # fmt: skip
