"""A cut as plain values for JSON, and as CSV with its definitions below the figures."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from events.counts.definitions import DEFINITIONS, N_, NOTE_PARTNER
from events.counts.figures import By, Cell, Cut, Hidden, Row
from events.sheets import write_csv

Say = Callable[[str], str]  # translates a message id
Label = Callable[[Row], str]
NOTHING = "—"
HEADINGS = {
    By.PROGRAMME: N_("项目"),
    By.KIND: N_("类别"),
    By.MONTH: N_("月份"),
    By.COLLEGE: N_("学院"),
    By.NONE: N_("范围"),
}
COLUMNS = ("person_times", "persons", "bookings", "absent", "attendance_rate", "sessions")


def as_json(cut: Cut) -> dict[str, Any]:
    """Numbers stay numbers; what is hidden is "<5" or "*"; what does not apply, or has no base, is null."""
    return {
        "department": {"id": cut.department.id, "name": cut.department.name, "name_en": cut.department.name_en},
        "programme": cut.programme and {"id": cut.programme.id, "name": cut.programme.name},
        "kind": cut.scope.kind,
        "from": cut.scope.from_day.isoformat(),
        "until": cut.scope.until_day.isoformat(),
        "by": cut.by.value,
        "rows": [row_as_json(row) for row in cut.rows],
        "total": row_as_json(cut.total),
        "cut_at": cut.cut_at.isoformat(timespec="seconds"),
        "partner_view": cut.partner_view,
        "sources": list(cut.sources),
        "definitions": {
            each.code: {"name": each.name, "unit": each.unit, "definition": each.sentence} for each in cut.definitions
        },
    }


def row_as_json(row: Row) -> dict[str, Any]:
    figures = {column: plain(getattr(row, column)) for column in COLUMNS}
    return {"key": row.key, "label": row.label, "label_en": row.label_en, **figures}


def plain(cell: Cell | Decimal) -> int | float | str | None:
    if isinstance(cell, Hidden):
        return cell.value
    return float(cell) if isinstance(cell, Decimal) else cell


def as_csv(cut: Cut, say: Say = str, cut_at: str = "", label: Label = lambda row: row.label) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, in pieces. cut_at: the moment as the reader writes it; empty for ISO 8601."""
    return write_csv(csv_rows(cut, say, cut_at or cut.cut_at.isoformat(timespec="seconds"), label))


def csv_rows(cut: Cut, say: Say, cut_at: str, label: Label) -> Iterator[list[Any]]:
    yield [say(HEADINGS[cut.by]), *(heading(code, say) for code in COLUMNS)]
    for row in (*cut.rows, cut.total):
        yield [label(row), *(as_cell(getattr(row, column)) for column in COLUMNS)]
    yield []
    yield [say(N_("部门")), cut.department.name]
    yield [say(N_("统计时段")), cut.scope.from_day.isoformat(), cut.scope.until_day.isoformat()]
    yield [say(N_("截至")), cut_at]
    yield [say(N_("行数")), len(cut.rows)]
    yield [say(N_("来源")), *(say(each) for each in cut.sources)]
    for number, each in enumerate(cut.definitions, 1):
        yield [f"{say(N_('口径'))} {number}", say(each.sentence)]
    if cut.partner_view:
        yield [say(N_("说明")), say(NOTE_PARTNER)]


def heading(code: str, say: Say) -> str:
    definition = DEFINITIONS[code]
    return f"{say(definition.name)} ({say(definition.unit)})"


def as_cell(cell: Cell | Decimal) -> int | Decimal | str:
    return NOTHING if cell is None else cell.value if isinstance(cell, Hidden) else cell
