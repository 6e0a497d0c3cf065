"""The README's two pictures, in docs/: one screen of a phone each, light enough for a repository."""

from pathlib import Path

from PIL import Image

from tests.screens.camera import LOADED, SIZES, Camera
from tests.screens.picks import Picks
from tests.screens.shots import Shot

DOCS = Path("docs")
COLOURS = 128
HEAVIEST = 120_000  # bytes


async def take_pictures(camera: Camera, student: Picks) -> list[Path]:
    shown = {"student": Shot("/", "student"), "ticket": Shot(f"/tickets/{student['code']}", "student")}
    return [await take_one(camera, shot, DOCS / f"{name}.png") for name, shot in shown.items()]


async def take_one(camera: Camera, shot: Shot, file: Path) -> Path:
    width, height = SIZES["phone"]
    context = await camera.browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    await context.add_cookies(await camera.cookies(shot))
    page = await context.new_page()
    await page.goto(camera.url + shot.path)
    await page.evaluate(LOADED)
    await page.screenshot(path=file)
    await context.close()
    Image.open(file).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    assert file.stat().st_size < HEAVIEST, f"{file} is too heavy"
    return file
