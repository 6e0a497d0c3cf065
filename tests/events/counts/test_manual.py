"""Figures entered by hand: with a source, corrected in the open, and only for one's own department."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from events import database
from events.counts.actions import enter_figure
from events.counts.manual import FigureDraft, figure_problems, manual_figures
from events.errors import Fault, Invalid, NotFound
from tests import make


def draft(department_id: int, **more: object) -> FigureDraft:
    base = FigureDraft(
        department_id, "接收高校毕业生", Decimal(20999), "人", "市人力社保局答复", 2023, code="received-2023"
    )
    return replace(base, **more)


async def test_a_figure_is_kept_as_it_was_entered(cast):
    await enter_figure(cast.dora, draft(cast.league.id, value=Decimal("3354.76"), unit="万元"))
    (found,) = await manual_figures(cast.dora, cast.league.id)
    assert (found.label, found.value, found.unit, found.year) == ("接收高校毕业生", Decimal("3354.76"), "万元", 2023)
    assert (found.source, found.entered_by) == ("市人力社保局答复", "Dora")


async def test_a_correction_replaces_the_figure_and_the_audit_keeps_what_stood_there(cast):
    first = await enter_figure(cast.dora, draft(cast.league.id))
    assert await enter_figure(cast.dora, draft(cast.league.id, value=Decimal(21000))) == first
    assert [each.value for each in await manual_figures(cast.dora, cast.league.id)] == [Decimal("21000.00")]
    kept = await database.rows("SELECT detail, staff FROM audit_entry WHERE act = 'enter_figure' ORDER BY id")
    assert [json.loads(each["detail"]) for each in kept] == [
        {"value": "20999", "before": None},
        {"value": "21000", "before": "20999.00"},
    ]
    assert {each["staff"] for each in kept} == {cast.dora.id}


async def test_figures_without_a_code_stand_side_by_side(cast):
    ids = [await enter_figure(cast.dora, draft(cast.league.id, code="")) for _ in range(2)]
    assert ids[0] != ids[1]


async def test_petr_cannot_correct_doras_figure(cast):
    await enter_figure(cast.dora, draft(cast.league.id))
    with pytest.raises(Invalid) as caught:
        await enter_figure(cast.petr, draft(cast.bureau.id, value=Decimal(1)))
    assert caught.value.problems == {"code": Fault.ALREADY_USED}
    assert [each.value for each in await manual_figures(cast.dora, cast.league.id)] == [Decimal("20999.00")]


async def test_nobody_enters_or_reads_figures_elsewhere(cast):
    with pytest.raises(NotFound):
        await enter_figure(cast.petr, draft(cast.league.id))
    with pytest.raises(NotFound):
        await manual_figures(cast.petr, cast.league.id)


async def test_a_figure_can_only_name_a_programme_in_reach(cast):
    theirs = await make.programme(cast.bureau.id)
    with pytest.raises(Invalid) as caught:
        await enter_figure(cast.dora, draft(cast.league.id, programme_id=theirs.id))
    assert caught.value.problems == {"programme_id": Fault.NOT_AN_OPTION}


async def test_an_upper_department_reads_the_figures_below_it(cast):
    below = await make.department(parent=cast.league.id)
    dora = replace(cast.dora, roles={**cast.dora.roles, below.id: frozenset({"analyst"})})
    await enter_figure(dora, draft(below.id))
    assert len(await manual_figures(cast.dora, cast.league.id)) == 1


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({"label": " \u3000"}, {"label": Fault.MISSING}),
        ({"label": "长" * 201}, {"label": Fault.TOO_LONG}),
        ({"source": ""}, {"source": Fault.MISSING}),
        ({"unit": "人\x00"}, {"unit": Fault.BAD_CHARACTER}),
        ({"value": None}, {"value": Fault.MISSING}),
        ({"value": Decimal("NaN")}, {"value": Fault.NOT_A_NUMBER}),
        ({"value": Decimal("1.005")}, {"value": Fault.NOT_A_NUMBER}),
        ({"value": Decimal("-1")}, {"value": Fault.TOO_LOW}),
        ({"value": Decimal("1e12")}, {"value": Fault.TOO_HIGH}),
        ({"value": Decimal("1e400")}, {"value": Fault.TOO_HIGH}),
        ({"year": 202}, {"year": Fault.NOT_AN_OPTION}),
    ],
)
def test_what_cannot_be_taken_is_named(change: dict[str, object], problems: dict[str, Fault]):
    assert figure_problems(draft(1, **change)) == problems
