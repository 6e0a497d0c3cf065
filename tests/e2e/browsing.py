"""A real browser on a phone's screen, and what people do in it more than once."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, Playwright, async_playwright

from events import database

PHONE = {"width": 390, "height": 844}
CHROMIUM = "/usr/bin/chromium"
FAKE_CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


@asynccontextmanager
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as running:
        yield running


async def browser(running: Playwright, film: Path | None = None) -> Browser:
    """Chromium; with a film, that is what its camera sees."""
    camera = [*FAKE_CAMERA, f"--use-file-for-fake-video-capture={film}"] if film else []
    return await running.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *camera])


async def phone(opened: Browser, complaints: list[str]) -> Page:
    """A page at 390 × 844 that notes what the browser complains of: scripts that break, policies that are broken."""
    context = await opened.new_context(
        viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", permissions=["camera"]
    )
    page = await context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    return page


async def sign_in(page: Page, url: str, account: str) -> None:
    """With the code that the worker has sent, as development shows it."""
    await page.goto(url)
    await page.fill("[name=account]", account)
    await page.click("main button.primary")
    await page.wait_for_selector("[name=code]")
    await page.fill("[name=code]", await code_for(page))
    await page.click("main button.primary")
    await page.wait_for_url(lambda there: "sign-in" not in there)


async def code_for(page: Page) -> str:
    for _ in range(300):
        letter = await database.row("SELECT id, text FROM dev_letter WHERE text ~ '[0-9]{6}' ORDER BY id DESC LIMIT 1")
        if letter is not None and (found := re.search(r"(?<!\d)\d{6}(?!\d)", letter["text"])):
            await database.rows("DELETE FROM dev_letter WHERE id = $1", letter["id"])
            return found[0]
        await page.wait_for_timeout(100)
    raise AssertionError("no code came")


async def fill_in(form: Locator) -> None:
    """Answers every question of a form as somebody would who reads none of them."""
    for field in await form.locator("input[type=text]:visible, input[type=tel]:visible").all():
        await field.fill("13900001234")
    for box in await form.locator("input[type=checkbox]").all():
        await box.check(force=True)
    names = {await radio.get_attribute("name") for radio in await form.locator("input[type=radio]:enabled").all()}
    for name in names:
        await form.locator(f"input[type=radio][name='{name}']:enabled").first.check(force=True)
