"""The department's pages: figures with their definitions, as a page, CSV and JSON; and who sees them."""

import json
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from events.catalogue.tables import ProgrammePartner
from events.counts.actions import enter_figure
from events.counts.definitions import DEFINITIONS
from events.counts.manual import FigureDraft
from tests import make
from tests.events.counts.history import absent, attended, held, local, settled

PERIOD = "period=custom&since=2024-01-01&until=2024-12-31"


@pytest_asyncio.fixture
async def counted(cast) -> str:
    """A tour of the league in October 2024 to which alice and mei came, and bob did not. The league's address."""
    event = await make.event(await make.programme(cast.league.id, name="逐梦游学"))
    session = await held(event, local(2024, 10, 19))
    await attended(session, await make.stop(event), cast.alice, cast.mei)
    await absent(session, cast.bob)
    await settled(session)
    return f"/department/{cast.league.id}"


async def test_dora_is_led_to_her_department(as_dora, cast):
    answer = await as_dora.get("/department", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/department/{cast.league.id}")


async def test_the_page_says_the_figures_their_meaning_and_the_moment(as_dora, counted):
    page = (await as_dora.get(f"{counted}?{PERIOD}")).text
    for text in ("逐梦游学", "66.67%", "未到场 1", "截至"):
        assert text in page
    for definition in DEFINITIONS.values():
        assert definition.sentence in page


@pytest.mark.parametrize(("by", "row"), [("kind", "游学"), ("month", "2024年10月"), ("college", "信息工程学院")])
async def test_the_rows_can_be_kinds_months_and_colleges(as_dora, counted, by: str, row: str):
    page = (await as_dora.get(f"{counted}?{PERIOD}&by={by}")).text
    assert row in page
    assert "66.67%" in page


async def test_the_page_is_complete_in_english(as_dora, counted):
    page = (await as_dora.get(f"{counted}?{PERIOD}", headers={"accept-language": "en"})).text
    assert "Person-times" in page
    assert "口径" not in page


async def test_json_holds_the_same_figures_as_numbers(as_dora, counted):
    answer = await as_dora.get(f"{counted}/counts.json?{PERIOD}&by=college")
    found = json.loads(answer.content)
    assert found["rows"] == [
        {
            "key": "信息工程学院",
            "label": "信息工程学院",
            "label_en": "",
            "person_times": 2,
            "persons": 2,
            "bookings": 3,
            "absent": 1,
            "attendance_rate": 66.67,
            "sessions": None,
        }
    ]
    assert (found["total"]["sessions"], found["from"], found["until"]) == (1, "2024-01-01", "2024-12-31")
    assert datetime.fromisoformat(found["cut_at"]) <= datetime.now(UTC)


async def test_csv_ends_with_definitions_cut_off_and_row_count(as_dora, counted):
    answer = await as_dora.get(f"{counted}/counts.csv?{PERIOD}&by=programme")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer.headers["content-disposition"].startswith('attachment; filename="counts-')
    assert lines[0] == "项目,参与人次 (人次),参与人数 (人),报名人次 (人次),未到场人次 (人次),到场率 (%),场次 (场次)"
    assert lines[1] == "逐梦游学,2,2,3,1,66.67,1"
    assert lines[2] == "合计,2,2,3,1,66.67,1"
    assert "统计时段,2024-01-01,2024-12-31" in lines
    assert "行数,1" in lines
    assert any(line.startswith("截至,") for line in lines)
    assert sum(line.startswith("口径") for line in lines) == len(DEFINITIONS)


async def test_a_name_that_looks_like_a_formula_stays_text(as_dora, cast):
    await make.event(await make.programme(cast.league.id, name="=HYPERLINK(1)"))
    event = await make.event(await make.programme(cast.league.id, name="=1+1"))
    session = await held(event, local(2024, 10, 19))
    await settled(session)
    content = (await as_dora.get(f"/department/{cast.league.id}/counts.csv?{PERIOD}")).content.decode("utf-8-sig")
    assert "'=1+1,0,0,0,0,—,1" in content.splitlines()


async def test_days_that_are_none_are_refused_and_stay_in_the_form(as_dora, counted):
    answer = await as_dora.get(f"{counted}?period=custom&since=2024-02-30&until=2024-12-31")
    assert answer.status_code == 422
    assert 'value="2024-02-30"' in answer.text
    assert (
        await as_dora.get(f"{counted}/counts.csv?period=custom&since=2024-03-01&until=2024-01-01")
    ).status_code == 422


async def test_a_partner_sees_no_small_numbers(as_dora, cast):
    fair = await make.programme(cast.bureau.id, name="就业提升活动", kind="job_fair")
    await ProgrammePartner(programme=fair.id, department=cast.league.id).save()
    event = await make.event(fair)
    session = await held(event, local(2024, 10, 19))
    await attended(session, await make.stop(event), cast.alice, cast.bob)
    await settled(session)
    page = (await as_dora.get(f"/department/{cast.league.id}?{PERIOD}&programme={fair.id}&by=college")).text
    assert "&lt;5" in page
    assert "就业提升活动（协办）" in page
    assert "小于 5 的数不显示" in page


@pytest.mark.parametrize("tail", ["", "/counts.csv", "/counts.json", "/figures"])
async def test_petr_sees_nothing_of_the_league(as_petr, counted, tail: str):
    assert (await as_petr.get(counted + tail)).status_code == 404


@pytest.mark.parametrize("tail", ["", "/counts.csv", "/counts.json", "/figures"])
async def test_sam_who_scans_sees_no_figures(as_sam, counted, tail: str):
    assert (await as_sam.get(counted + tail)).status_code == 404
    assert (await as_sam.get("/department")).status_code == 404


async def test_nobody_sees_figures_without_signing_in(signed_out, counted):
    answer = await signed_out.get(counted, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"].startswith("/staff/sign-in")) == (303, True)


async def test_an_unknown_programme_is_not_found(as_dora, counted):
    for programme in ("999", "x", "-1"):
        assert (await as_dora.get(f"{counted}?programme={programme}")).status_code == 404


async def test_a_figure_entered_by_hand_shows_its_mark_and_its_source_and_is_added_to_nothing(as_dora, counted):
    before = (await as_dora.get(f"{counted}/counts.json?{PERIOD}")).json()["total"]
    typed = {"label": "接收高校毕业生", "value": "20,999", "unit": "人", "year": "2023", "source": "B 件"}
    answer = await as_dora.submit(f"{counted}/figures", typed)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{counted}/figures")
    page = (await as_dora.get(f"{counted}?{PERIOD}")).text
    for text in ("※ 接收高校毕业生", "20,999 人", "B 件"):
        assert text in page
    assert (await as_dora.get(f"{counted}/counts.json?{PERIOD}")).json()["total"] == before


async def test_a_figure_without_a_source_is_refused_and_what_was_typed_stays(as_dora, counted):
    typed = {"label": "接收高校毕业生", "value": "二十", "unit": "人", "source": " "}
    answer = await as_dora.submit(f"{counted}/figures", typed)
    assert answer.status_code == 422
    assert 'value="接收高校毕业生"' in answer.text
    assert 'id="f-source-error"' in answer.text
    assert 'id="f-value-error"' in answer.text


async def test_petr_cannot_enter_a_figure_for_the_league(as_petr, counted):
    typed = {"label": "接收高校毕业生", "value": "1", "unit": "人", "source": "B 件"}
    assert (await as_petr.submit(f"{counted}/figures", typed)).status_code == 404


async def test_other_departments_figures_stay_theirs(as_petr, cast):
    from decimal import Decimal

    await enter_figure(cast.olga, FigureDraft(cast.league.id, "家燕归巢", Decimal(8000), "人", "A 件"))
    assert "家燕归巢" not in (await as_petr.get(f"/department/{cast.bureau.id}")).text
