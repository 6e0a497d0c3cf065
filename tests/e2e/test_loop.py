"""Publish → book → ticket → scan → letters → count, by five people in real browsers."""

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import zxingcpp
from PIL import Image

from events import database
from events.attendance.actions import settle_due
from tests import make
from tests.e2e.browsing import browser, fill_in, phone, playwright, sign_in
from tests.e2e.camera import film
from tests.e2e.house import House, open_house

ZONE = ZoneInfo("Asia/Shanghai")
TITLE = "走进名企，爱上慈溪 · 智能家电线"


async def test_the_main_loop_runs_from_publishing_to_the_count(cast, db, tmp_path):
    programme = await make.programme(cast.league.id, name="“走进名企，爱上慈溪”逐梦游学")
    complaints: list[str] = []
    async with open_house(db, tmp_path) as house, playwright() as running:
        opened = await browser(running)
        await olga_publishes(await phone(opened, complaints), house, programme.id)
        picture = await alice_books(await phone(opened, complaints), house, tmp_path)
        (code,) = zxingcpp.read_barcodes(Image.open(picture))
        assert code.text.startswith("YT1:")
        await confirmation_came(house)
        filmed = await browser(running, film(picture, tmp_path / "camera.y4m"))
        await sam_scans(await phone(filmed, complaints), house)
        await filmed.close()
        await one_reminder_comes(house)
        await the_tour_ends()
        await dora_counts(await phone(opened, complaints), house)
        await opened.close()
    assert complaints == []


async def olga_publishes(page, house: House, programme_id: int) -> None:
    starts = datetime.now(ZONE) + timedelta(hours=3)
    await sign_in(page, f"{house.url}/staff/sign-in", "olga@example.org")
    await page.goto(f"{house.url}/organizer/events/new?programme={programme_id}")
    await page.fill("[name=title]", TITLE)
    await page.fill("[name=starts_at]", starts.strftime("%Y-%m-%dT%H:%M"))
    await page.fill("[name=ends_at]", (starts + timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M"))
    await page.fill("[name=place]", "科院南门")
    await page.fill("[name=capacity]", "45")
    await page.click("button[value=publish]")
    await page.wait_for_url("**/organizer/events/*")
    assert await database.value("SELECT state FROM event WHERE title = $1", TITLE) == "published"


async def alice_books(page, house: House, folder: Path) -> Path:
    """Books from the first page on and returns a picture of the screen with the ticket."""
    await page.goto(house.url)
    await page.click(f"text={TITLE}")
    await page.click("text=立即报名")
    await page.wait_for_url("**/sign-in?**")
    await sign_in(page, page.url, "alice@example.org")
    await page.wait_for_url("**/booking")
    await fill_in(page.locator("main form"))
    await page.click("main form button.primary")
    await page.wait_for_url("**/tickets/*")
    await page.wait_for_function("[...document.images].every(image => image.complete && image.naturalWidth > 0)")
    assert "已报名" in await page.inner_text("main")
    picture = folder / "ticket.png"
    await page.screenshot(path=picture)
    return picture


async def confirmation_came(house: House) -> None:
    letter = await house.post.letter("已报名")
    assert letter["to"].endswith("alice@example.org")
    starts = await database.value("SELECT starts_at FROM session")
    assert calendar_of(letter)["DTSTART"].dt == starts


async def sam_scans(page, house: House) -> None:
    """The camera sees the picture of alice's screen: green, and the second time red with the reason."""
    await sign_in(page, f"{house.url}/staff/sign-in?next=/gate", "sam@example.org")
    stop = await database.value("SELECT id FROM stop WHERE counts ORDER BY position, id LIMIT 1")
    await page.goto(f"{house.url}/gate/{stop}")
    await page.click("[data-start]")
    await page.wait_for_selector("[data-verdict] .undo", timeout=20_000)
    verdict = await page.inner_text("[data-verdict]")
    assert "已签到" in verdict
    assert "王*燕" in verdict
    await page.wait_for_selector("[data-verdict].refused", timeout=20_000)
    assert "已经验过" in await page.inner_text("[data-verdict]")
    scans = await database.rows("SELECT admitted, reason, source FROM scan ORDER BY id")
    assert [tuple(each) for each in scans[:2]] == [(True, "", "camera"), (False, "already_admitted", "camera")]


async def one_reminder_comes(house: House) -> None:
    kinds = await database.rows("SELECT kind FROM notice WHERE state = 'pending' AND kind LIKE 'remind%'")
    assert [each["kind"] for each in kinds] == ["remind_2h"]
    await database.rows("UPDATE notice SET due_at = now() WHERE kind = 'remind_2h'")
    reminder = await house.post.letter("即将开始")
    assert calendar_of(reminder)["SUMMARY"] == TITLE
    await two_sweeps()
    assert len(house.post.about("即将开始")) == 1


async def two_sweeps() -> None:
    """Two more sweeps of the workers pass, in which a second reminder would come."""
    await asyncio.sleep(11)


async def the_tour_ends() -> None:
    await database.rows(
        "UPDATE session SET starts_at = starts_at - interval '9 hours', ends_at = ends_at - interval '9 hours',"
        " opens_at = opens_at - interval '9 hours', closes_at = closes_at - interval '9 hours'"
    )
    await settle_due("Asia/Shanghai", timedelta(0))


async def dora_counts(page, house: House) -> None:
    await sign_in(page, f"{house.url}/staff/sign-in?next=/department", "dora@example.org")
    assert "1" in await page.inner_text("main .tiles .tile >> nth=0")
    department = await database.value("SELECT host FROM event")
    today = datetime.now(ZONE).date()
    url = f"{house.url}/api/v1/departments/{department}/counts?since={today - timedelta(days=1)}&until={today}"
    counted = json.loads(await (await page.request.get(url)).text())
    assert counted["total"]["person_times"] == 1
    assert counted["total"]["persons"] == 1


def calendar_of(letter) -> icalendar.Event:
    (part,) = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    (event,) = icalendar.Calendar.from_ical(part.get_content()).walk("VEVENT")
    return event
