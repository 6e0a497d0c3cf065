"""One picture at a time, and what is wrong with the page that is in it."""

from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Error, Page

from events.people.logins import sign_in_staff, sign_in_student
from events.settings import Settings
from tests.screens.shots import Role, Shot
from web.session import cookie_name

SIZES = {"phone": (390, 844), "desk": (1280, 800)}
ANSWERED_WITHIN = 8_000  # milliseconds
TALLEST = 2600  # pixels of a picture
LOOK = Path(__file__).with_name("look.js").read_text("utf-8")
LOADED = """() => Promise.all([...document.images]
  .filter(each => each.getBoundingClientRect().top < innerHeight).map(each => each.decode().catch(() => null)))"""
EMPTIED = """form => { form.noValidate = true;
  for (const each of form.querySelectorAll("input[type=text], input[type=email], input[type=tel], input[type=number],"
    + "input[type=date], input[type=datetime-local], textarea")) each.value = ""; }"""


@dataclass(frozen=True)
class Taken:
    shot: Shot
    size: str
    file: Path
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Camera:
    """`people`: the id of who plays each role; `folder`: where pictures go."""

    browser: Browser
    url: str
    settings: Settings
    people: dict[Role, int]
    folder: Path

    async def take(self, shot: Shot) -> list[Taken]:
        """The page as the phone got it, then the same page as wide as a desk."""
        width, height = SIZES["phone"]
        context = await self.browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        try:
            await context.add_cookies(await self.cookies(shot))
            return await self.pictures(await context.new_page(), shot)
        finally:
            await context.close()

    async def cookies(self, shot: Shot) -> list[dict[str, str]]:
        values = {
            "yantu-language": "en" if shot.english else "zh-CN",
            "yantu-size": "large" if shot.large else "normal",
        }
        if shot.role == "student":
            values[cookie_name(self.settings)] = await sign_in_student(self.people["student"])
        elif shot.role != "nobody":
            values[cookie_name(self.settings)] = await sign_in_staff(self.people[shot.role])
        return [{"name": name, "value": value, "url": self.url} for name, value in values.items()]

    async def pictures(self, page: Page, shot: Shot) -> list[Taken]:
        problems: list[str] = []
        answers: list[int] = []
        page.on("pageerror", lambda error: problems.append(f"script: {error}"))
        page.on("console", lambda said: problems.append(f"console: {said.text}") if is_complaint(said, shot) else None)
        page.on("response", lambda each: answers.append(each.status) if each.request.is_navigation_request() else None)
        await page.goto(self.url + shot.path)
        try:
            await act(page, shot)
        except Error as error:
            problems.append(f"could not {shot.act}: {error.message.splitlines()[0]}")
        await page.wait_for_load_state("load")
        if answers[-1] != shot.status:
            problems.append(f"answered {answers[-1]}, not {shot.status}")
        if await page.get_attribute("html", "lang") != shot.language:
            problems.append(f"not in {shot.language}")
        return [await self.picture(page, shot, size, problems) for size in SIZES]

    async def picture(self, page: Page, shot: Shot, size: str, problems: list[str]) -> Taken:
        width, height = SIZES[size]
        await page.set_viewport_size({"width": width, "height": height})
        seen = [*problems, *await page.evaluate(LOOK, size == "phone")]
        file = self.folder / f"{shot.name}_{size}.png"
        await save(page, file, width, height)
        return Taken(shot, size, file, tuple(seen))


def is_complaint(said, shot: Shot) -> bool:
    """The browser also complains of every answer from 400 on, the ones that we asked for too."""
    return said.type in ("error", "warning") and not (shot.status >= 400 and "Failed to load resource" in said.text)


async def act(page: Page, shot: Shot) -> None:
    if shot.act == "submit_empty":
        form = page.locator("main form.form").first
        await form.evaluate(EMPTIED)
        await press(page, form)
    elif shot.act == "wrong_code" and shot.role == "gate":
        await page.fill("[name=code]", "00000-00000")
        await page.press("[name=code]", "Enter")
        await page.wait_for_timeout(600)
    elif shot.act == "wrong_code":
        await page.fill("[name=account]", "nobody@campus.example")
        await press(page, page.locator("main form.form").first)
        await page.fill("[name=code]", "000000")
        await press(page, page.locator("main form.form").first)


async def press(page: Page, form) -> None:
    async with page.expect_navigation(timeout=ANSWERED_WITHIN):
        await form.locator("button[type=submit], button:not([type])").last.click()


async def save(page: Page, file: Path, width: int, height: int) -> None:
    """The whole page, so far as it is not endless; what is fixed at its foot stays at its foot."""
    tall = await page.evaluate("document.documentElement.scrollHeight")
    await page.set_viewport_size({"width": width, "height": min(max(tall, height), TALLEST)})
    await page.evaluate(LOADED)
    await page.screenshot(path=file)
