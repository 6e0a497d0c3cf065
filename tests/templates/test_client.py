"""What the scripts of the pages do, in a real browser; the site behind them is a dictionary of answers."""

import shutil
from collections.abc import AsyncIterator
from urllib.parse import parse_qs

import pytest_asyncio
from playwright.async_api import Page, Request, Route, async_playwright, expect

from templates.assets import DIST, SERVED_UNDER
from templates.environment import environment
from tests.templates.gallery import HERE
from tests.templates.shell import NOW
from tests.templates.shell import Page as Content

SITE = "http://yantu.test"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))


@pytest_asyncio.fixture
async def page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = await browser.new_page(viewport={"width": 390, "height": 844})
        await page.clock.install(time=NOW)
        await page.route("**/*", answer)
        await page.goto(SITE)
        yield page
        await browser.close()


async def answer(route: Route) -> None:
    path = route.request.url.removeprefix(SITE)
    if path.startswith(SERVED_UNDER):
        await route.fulfill(path=DIST / path.removeprefix(SERVED_UNDER))
    elif path == "/":
        source = (HERE / "behaviour.html").read_text("utf-8")
        html = environment("zh-CN").from_string(source).render(page=Content())
        await route.fulfill(body=html, content_type="text/html; charset=utf-8")
    else:
        await route.fulfill(status=204)  # the page stays, so that its state after a send can be looked at


def sent(page: Page) -> list[Request]:
    """The list that the forms sent from now on come into."""
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request) if request.is_navigation_request() else None)
    return requests


def form_of(request: Request) -> dict[str, list[str]]:
    return parse_qs(request.post_data or "")


async def test_the_button_counts_down_by_the_servers_clock_and_opens_without_a_reload(page: Page) -> None:
    button = page.locator("[data-open-label]")
    await expect(button).to_have_text("距开放报名 02:13:45")
    await expect(button).to_be_disabled()
    await page.clock.fast_forward("02:13:44")
    await expect(button).to_have_text("距开放报名 00:00:01")
    await expect(button).to_be_disabled()
    await page.clock.fast_forward(1000)
    await expect(button).to_have_text("立即报名")
    await expect(button).to_be_enabled()


async def test_a_form_pressed_twice_is_sent_once_and_says_that_it_is_busy(page: Page) -> None:
    await page.clock.fast_forward("03:00:00")
    requests = sent(page)
    button = page.locator("[data-open-label]")
    await button.dblclick()
    await expect(button).to_have_attribute("aria-busy", "true")
    await expect(button).to_have_text("请稍候…")
    assert [(request.method, request.url) for request in requests] == [("POST", f"{SITE}/booking")]
    assert form_of(requests[0])["csrf_token"] == ["token"]


async def test_a_page_that_comes_back_can_be_sent_again(page: Page) -> None:
    await page.clock.fast_forward("03:00:00")
    button = page.locator("[data-open-label]")
    await button.click()
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    await expect(button).to_have_text("立即报名")
    requests = sent(page)
    await button.click()
    assert len(requests) == 1


async def test_a_grave_act_asks_first_and_no_sends_nothing(page: Page) -> None:
    requests = sent(page)
    await page.get_by_role("button", name="取消报名").click()
    dialog = page.get_by_role("dialog", name="确定取消报名？")
    await dialog.get_by_role("button", name="再想想").click()
    await expect(dialog).to_have_count(0)
    assert requests == []


async def test_a_grave_act_is_sent_as_confirmed(page: Page) -> None:
    requests = sent(page)
    await page.get_by_role("button", name="取消报名").click()
    await page.get_by_role("dialog").get_by_role("button", name="取消报名").click()
    await expect(page.locator("form[action='/cancellation'] button")).to_have_attribute("aria-busy", "true")
    assert [request.url for request in requests] == [f"{SITE}/cancellation"]
    assert form_of(requests[0]) == {"csrf_token": ["token"], "confirmed": ["1"]}


async def test_a_question_that_depends_on_an_answer_is_shown_and_sent_only_with_it(page: Page) -> None:
    note = page.get_by_label("其他忌口")
    await expect(note).to_be_hidden()
    await expect(note).to_be_disabled()
    await page.get_by_label("清真餐").check()
    await expect(note).to_be_visible()
    await expect(note).to_be_enabled()
    await page.get_by_label("都可以").check()
    await expect(note).to_be_hidden()


async def test_the_counter_says_how_much_of_a_field_is_used(page: Page) -> None:
    await page.get_by_label("清真餐").check()
    await page.get_by_label("其他忌口").fill("花生")
    await expect(page.locator("output.counter")).to_have_text("2 / 20")


async def test_a_filter_is_sent_when_its_choice_changes(page: Page) -> None:
    await expect(page.get_by_role("button", name="筛选")).to_be_hidden()
    async with page.expect_request("**/filtered*") as request:
        await page.get_by_label("类型").select_option("lecture")
    assert (await request.value).url == f"{SITE}/filtered?kind=lecture"


async def test_what_is_copied_is_said(page: Page) -> None:
    await page.get_by_role("button", name="复制票号").click()
    await expect(page.locator(".toast")).to_have_text("已复制")
    await page.clock.fast_forward(3000)
    await expect(page.locator(".toast")).to_have_count(0)


async def test_a_dialog_opens_and_closes(page: Page) -> None:
    dialog = page.get_by_role("dialog", name="活动须知")
    await expect(dialog).to_be_hidden()
    await page.get_by_role("button", name="须知").click()
    await expect(dialog).to_be_visible()
    await dialog.get_by_role("button", name="关闭").click()
    await expect(dialog).to_be_hidden()
