"""Figures as people read them: numbers with commas, “<5”, “—”, changes with their sign."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.dates import format_date

from events.counts.figures import OTHER, By, Cell, Changes, Compared, Cut, Hidden, Row
from templates.environment import Locale, translate
from templates.formats import NOTHING, month, number
from templates.language import N_

ROWS_SHOWN = 12  # before the rest becomes 其他


@dataclass(frozen=True)
class Line:
    """One row of the table, ready to read. size: of its bar, 0 where the number is hidden. href: a closer look."""

    label: str
    href: str | None
    person_times: str
    persons: str
    bookings: str
    absent: str
    rate: str
    sessions: str
    size: int


@dataclass(frozen=True)
class Tile:
    label: str
    value: str
    note: str
    tone: str


def line_of(locale: Locale, row: Row, by: By, href: str | None) -> Line:
    return Line(
        label=label_of(locale, row, by),
        href=href,
        person_times=cell(locale, row.person_times),
        persons=cell(locale, row.persons),
        bookings=cell(locale, row.bookings),
        absent=cell(locale, row.absent),
        rate=rate(row.attendance_rate),
        sessions=cell(locale, row.sessions),
        size=row.person_times if isinstance(row.person_times, int) else 0,
    )


def label_of(locale: Locale, row: Row, by: By) -> str:
    if by is By.MONTH and row.key not in ("", OTHER):
        return month(locale, date.fromisoformat(f"{row.key}-01"))
    if locale == "en" and row.label_en:
        return row.label_en
    if by is By.PROGRAMME and row.key not in ("", OTHER):
        return row.label  # a name that somebody gave
    return translate(locale, row.label) if row.label else ""


def labeller(locale: Locale, by: By) -> Callable[[Row], str]:
    return lambda row: label_of(locale, row, by)


def cell(locale: Locale, value: Cell) -> str:
    return value.value if isinstance(value, Hidden) else number(locale, value)


def rate(value: Decimal | Hidden | None) -> str:
    if isinstance(value, Hidden):
        return value.value
    return NOTHING if value is None else f"{value}%"


def tiles_of(locale: Locale, cut: Cut, compared: Compared) -> tuple[Tile, ...]:
    def say(text: str, **values: object) -> str:
        return translate(locale, text, **values)

    total, year = cut.total, compared.year_on_year
    return (
        changed(locale, N_("参与人次"), total.person_times, compared, "person_times"),
        changed(locale, N_("参与人数"), total.persons, compared, "persons"),
        Tile(
            say(N_("到场率")),
            rate(total.attendance_rate),
            say(N_("未到场 %(num)s · 同比 %(change)s"), num=cell(locale, total.absent), change=points(locale, year)),
            "",
        ),
        Tile(
            say(N_("报名人次")),
            cell(locale, total.bookings),
            say(N_("已办 %(num)s 场次"), num=cell(locale, total.sessions)),
            "",
        ),
    )


def changed(locale: Locale, label: str, value: Cell, compared: Compared, figure: str) -> Tile:
    """Of a whole year only one change is said: the period before it is last year itself."""
    year: Decimal | None = getattr(compared.year_on_year, figure)
    before: Decimal | None = getattr(compared.on_previous, figure)
    if compared.previous_days == compared.last_year_days:
        note = translate(locale, N_("同比 %(change)s"), change=growth(year))
    else:
        note = translate(locale, N_("同比 %(year)s · 环比 %(before)s"), year=growth(year), before=growth(before))
    tone = "" if not year else "up" if year > 0 else "down"
    return Tile(translate(locale, label), cell(locale, value), note, tone)


def growth(change: Decimal | None) -> str:
    return NOTHING if change is None else f"{signed(change)}%"


def points(locale: Locale, changes: Changes) -> str:
    if changes.attendance_rate is None:
        return NOTHING
    return translate(locale, N_("%(points)s 个百分点"), points=signed(changes.attendance_rate))


def signed(change: Decimal) -> str:
    """+18.42, −3.75, 0.00."""
    return f"{'+' if change > 0 else '−' if change < 0 else ''}{abs(change):,}"


def days_text(locale: Locale, first: date, last: date) -> str:
    """2026年1月1日—12月31日 · 1 January 2026 – 31 December 2026."""
    if locale == "en":
        return f"{format_date(first, 'd MMMM y', 'en')} – {format_date(last, 'd MMMM y', 'en')}"
    year = "" if first.year == last.year else f"{last.year}年"
    return f"{first.year}年{first.month}月{first.day}日—{year}{last.month}月{last.day}日"
