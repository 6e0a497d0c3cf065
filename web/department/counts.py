"""数据: a department's figures for a period, what they mean and when they were cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect

from events.catalogue.kinds import KIND_NAMES, Kind
from events.counts.definitions import NOTE_BASE, NOTE_MANUAL, NOTE_ON_PREVIOUS, NOTE_PARTNER, NOTE_YEAR_ON_YEAR
from events.counts.export import HEADINGS
from events.counts.figures import OTHER, By, Cut, Named
from events.counts.manual import ManualFigureLine, manual_figures
from events.counts.queries import compared, cut
from events.counts.reach import countable_departments, programmes_in_reach
from events.errors import NotFound
from events.people.queries import StaffMember
from templates.environment import Locale, translate
from templates.language import N_
from web import sentences
from web.department.asked import Asked
from web.department.periods import Period
from web.department.showing import ROWS_SHOWN, Line, Tile, days_text, line_of, tiles_of
from web.pages import Page, answer, locale_of, redirect, shell
from web.session import settings_of

PERIOD_NAMES = {
    Period.MONTH: N_("本月"),
    Period.QUARTER: N_("本季度"),
    Period.YEAR: N_("今年"),
    Period.ACADEMIC: N_("本学年"),
    Period.LAST_YEAR: N_("去年"),
    Period.CUSTOM: N_("自定义"),
}
BY_NAMES = {
    By.PROGRAMME: N_("按项目"),
    By.KIND: N_("按类别"),
    By.MONTH: N_("按月份"),
    By.COLLEGE: N_("按学院"),
}
Choice = tuple[str, str, bool]  # text, address, chosen


@dataclass(frozen=True)
class Figures:
    """What was counted. notes: the definitions and what else must be said beside the figures."""

    cut: Cut
    heading: str
    tiles: tuple[Tile, ...]
    lines: tuple[Line, ...]
    total: Line
    notes: tuple[str, ...]
    sources: str
    days: str
    last_year_days: str
    previous_days: str


@dataclass(frozen=True, kw_only=True)
class CountsPage(Page):
    """figures is None while the typed days cannot be understood; `errors` says why."""

    asked: Asked
    department: str
    departments: tuple[Choice, ...]
    periods: tuple[Choice, ...]
    period_options: tuple[tuple[str, str], ...]
    tabs: tuple[Choice, ...]
    programmes: tuple[tuple[str, str], ...]
    kinds: tuple[tuple[str, str], ...]
    errors: dict[str, str]
    figures: Figures | None
    manual: tuple[ManualFigureLine, ...]
    manual_note: str


@get("/")
async def choose_department(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], department: FromQuery[str] = ""
) -> Redirect:
    """To the department asked for, else to the highest of those that staff may count."""
    known = await countable_departments(staff)
    if not known:
        raise NotFound
    wanted = [each.id for each in known if str(each.id) == department] or [known[0].id]
    return redirect(request, f"/department/{wanted[0]}")


@get("/{department_id:int}")
async def show_counts(
    request: Request[Any, Any, Any], staff: NamedDependency[StaffMember], asked: NamedDependency[Asked]
) -> Response[str]:
    departments = await countable_departments(staff)
    programmes = await programmes_in_reach(staff, asked.department_id)
    locale = locale_of(request)
    errors = {field: sentences.of_fault(locale, fault) for field, fault in asked.problems.items()}
    figures = None if errors else await count(request, staff, asked)
    page = CountsPage(
        shell=shell(request, "department", "counts"),
        asked=asked,
        department=name_of(locale, next(each for each in departments if each.id == asked.department_id)),
        departments=department_choices(locale, departments, asked),
        periods=tuple(
            (
                translate(locale, name),
                asked.address(period=period.value, since=None, until=None),
                period is asked.period,
            )
            for period, name in PERIOD_NAMES.items()
            if period is not Period.CUSTOM
        ),
        period_options=tuple((period.value, translate(locale, name)) for period, name in PERIOD_NAMES.items()),
        tabs=tuple(
            (translate(locale, name), asked.address(by=by.value), by is asked.by) for by, name in BY_NAMES.items()
        ),
        programmes=tuple((str(each.id), programme_text(locale, each.name, each.partner_view)) for each in programmes),
        kinds=tuple((kind.value, translate(locale, KIND_NAMES[kind])) for kind in Kind),
        errors=errors,
        figures=figures,
        manual=tuple(await manual_figures(staff, asked.department_id)),
        manual_note=translate(locale, NOTE_MANUAL),
    )
    return answer(request, "department/counts.html", page, 422 if errors else 200)


async def count(request: Request[Any, Any, Any], staff: StaffMember, asked: Asked) -> Figures:
    locale, zone = locale_of(request), settings_of(request).time_zone.key
    most = None if asked.everything or asked.by is By.MONTH else ROWS_SHOWN
    found = await cut(staff, asked.scope, asked.by, most, zone)
    beside = await compared(staff, found, zone)
    return Figures(
        cut=found,
        heading=translate(locale, HEADINGS[found.by]),
        tiles=tiles_of(locale, found, beside),
        lines=tuple(line_of(locale, row, found.by, closer_look(asked, row.key)) for row in found.rows),
        total=line_of(locale, found.total, found.by, None),
        notes=notes_of(locale, found),
        sources=(", " if locale == "en" else "、").join(translate(locale, each) for each in found.sources),
        days=days_text(locale, found.scope.from_day, found.scope.until_day),
        last_year_days=days_text(locale, *beside.last_year_days),
        previous_days=days_text(locale, *beside.previous_days),
    )


def closer_look(asked: Asked, key: str) -> str | None:
    """From a programme or a kind to its months, from 其他 to all rows."""
    if key == OTHER:
        return asked.address(all="1")
    if asked.by is By.PROGRAMME and asked.programme_id is None:
        return asked.address(programme=key, by=By.MONTH.value)
    if asked.by is By.KIND and not asked.kind:
        return asked.address(kind=key, by=By.PROGRAMME.value)
    return None


def notes_of(locale: Locale, found: Cut) -> tuple[str, ...]:
    notes = [each.sentence for each in found.definitions] + [NOTE_YEAR_ON_YEAR, NOTE_ON_PREVIOUS, NOTE_BASE]
    if found.partner_view:
        notes.append(NOTE_PARTNER)
    return tuple(translate(locale, each) for each in notes)


def department_choices(locale: Locale, departments: Sequence[Named], asked: Asked) -> tuple[Choice, ...]:
    if len(departments) == 1:
        return ()
    return tuple(
        (name_of(locale, each), f"/department/{each.id}", each.id == asked.department_id) for each in departments
    )


def name_of(locale: Locale, named: Named) -> str:
    return named.name_en if locale == "en" and named.name_en else named.name


def programme_text(locale: Locale, name: str, partner: bool) -> str:
    return translate(locale, N_("%(name)s（协办）"), name=name) if partner else name


HANDLERS = [choose_department, show_counts]
