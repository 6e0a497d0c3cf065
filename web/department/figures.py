"""※ Figures that are entered by hand, with their source."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from events.counts.actions import enter_figure
from events.counts.definitions import NOTE_MANUAL
from events.counts.manual import (
    LABEL_MOST,
    REMARK_MOST,
    SOURCE_MOST,
    UNIT_MOST,
    YEARS,
    FigureDraft,
    ManualFigureLine,
    manual_figures,
)
from events.counts.reach import programmes_in_reach
from events.errors import Fault, Invalid
from events.people.queries import StaffMember
from templates.environment import Locale, translate
from templates.language import N_
from web import sentences
from web.forms import Form, read_form
from web.pages import Page, answer, locale_of, redirect, shell


@dataclass(frozen=True, kw_only=True)
class FiguresPage(Page):
    """values: what the form holds; errors: a sentence by field."""

    department_id: int
    figures: tuple[ManualFigureLine, ...]
    programmes: tuple[tuple[str, str], ...]
    note: str
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@get("/{department_id:int}/figures")
async def show_figures(
    request: Request[Any, Any, Any], department_id: FromPath[int], staff: NamedDependency[StaffMember]
) -> Response[str]:
    return answer(request, "department/figures.html", await page_of(request, staff, department_id))


@post("/{department_id:int}/figures")
async def add_figure(
    request: Request[Any, Any, Any], department_id: FromPath[int], staff: NamedDependency[StaffMember]
) -> Response[str] | Redirect:
    form = await read_form(request)
    try:
        await enter_figure(staff, draft_of(department_id, form))
    except Invalid as error:
        page = await page_of(request, staff, department_id, form.values, sentences_of(locale_of(request), error))
        return answer(request, "department/figures.html", page, 422)
    return redirect(request, f"/department/{department_id}/figures", done=N_("已填报。"))


async def page_of(
    request: Request[Any, Any, Any],
    staff: StaffMember,
    department_id: int,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> FiguresPage:
    return FiguresPage(
        shell=shell(request, "department", "counts"),
        department_id=department_id,
        figures=tuple(await manual_figures(staff, department_id)),
        programmes=tuple((str(each.id), each.name) for each in await programmes_in_reach(staff, department_id)),
        note=translate(locale_of(request), NOTE_MANUAL),
        values=values or {},
        errors=errors or {},
    )


def draft_of(department_id: int, form: Form) -> FigureDraft:
    """Raises Invalid for what no draft can hold."""
    draft = FigureDraft(
        department_id=department_id,
        label=form.line("label", most=LABEL_MOST),
        value=decimal_of(form, "value"),
        unit=form.line("unit", most=UNIT_MOST),
        source=form.line("source", most=SOURCE_MOST),
        year=form.number("year", least=YEARS[0], most=YEARS[-1], required=False),
        programme_id=form.number("programme_id", least=1, required=False),
        remark=form.line("remark", most=REMARK_MOST, required=False),
    )
    form.check()
    return draft


def decimal_of(form: Form, name: str) -> Decimal | None:
    """A number as people type it: 3,354.76 too."""
    text = form.raw(name).strip().replace(",", "").replace("，", "")
    if not text:
        return form.wrong(name, Fault.MISSING, None)
    try:
        return Decimal(text)
    except InvalidOperation:
        return form.wrong(name, Fault.NOT_A_NUMBER, None)


def sentences_of(locale: Locale, error: Invalid) -> dict[str, str]:
    return {name: sentences.of_fault(locale, fault) for name, fault in error.problems.items()}


HANDLERS = [show_figures, add_figure]
