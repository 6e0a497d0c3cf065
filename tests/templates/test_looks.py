"""The looks, as far as numbers can say them: contrast, weight, what the lock file and the drawings may hold."""

import gzip
import re
from pathlib import Path

import pytest

from templates.assets import DIST, read_assets
from tests.templates.gallery import gallery_page

WEB = Path(__file__).parents[2] / "web"
TOKENS = (WEB / "static" / "css" / "tokens.css").read_text("utf-8")
LEAST_CONTRAST = 4.5  # WCAG 2.2 AA for text
LEAST_EDGE_CONTRAST = 3.0  # WCAG 2.2 AA for the edge of a control
FIRST_PAGE_LIMIT = 60_000  # bytes, compressed, of HTML, styles and scripts

GROUNDS = ("paper", "card", "celadon-pale", "celadon-mist", "grey-pale")
TEXT_PAIRS = [
    *(("ink", ground) for ground in (*GROUNDS, "berry-pale", "gold-pale")),
    *(("ink-2", ground) for ground in GROUNDS),
    *(("celadon-deep", ground) for ground in GROUNDS),
    *(("berry-ink", ground) for ground in ("paper", "card", "berry-pale")),
    ("gold", "gold-pale"),
    ("on-deep", "berry"),
    ("on-deep", "berry-deep"),
    ("on-deep", "celadon-deep"),
]
GATE_TEXT_PAIRS = [
    *(("ink", ground) for ground in (*GROUNDS, "berry-pale", "gold-pale")),
    *(("ink-2", ground) for ground in ("paper", "card")),
    *(("celadon-deep", ground) for ground in GROUNDS),
    *(("berry-ink", ground) for ground in ("paper", "card", "berry-pale")),
    ("gold", "gold-pale"),
    *(("on-deep", ground) for ground in ("berry", "berry-deep", "good", "bad", "hold")),
]


def colours(selector: str) -> dict[str, str]:
    block = TOKENS.split(f"{selector} {{", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+): #([0-9A-F]{6});", block))


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


DAY = colours(":root")
GATE = DAY | colours(':root[data-audience="gate"]')


def test_the_measure_of_contrast_is_right() -> None:
    assert contrast("000000", "FFFFFF") == 21
    assert round(contrast("777777", "FFFFFF"), 2) == 4.48


@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_can_be_read(text: str, ground: str) -> None:
    assert contrast(DAY[text], DAY[ground]) >= LEAST_CONTRAST


@pytest.mark.parametrize(("text", "ground"), GATE_TEXT_PAIRS)
def test_text_can_be_read_at_the_gate(text: str, ground: str) -> None:
    assert contrast(GATE[text], GATE[ground]) >= LEAST_CONTRAST


@pytest.mark.parametrize("scheme", [DAY, GATE], ids=["day", "gate"])
def test_the_edge_of_a_control_can_be_seen(scheme: dict[str, str]) -> None:
    assert contrast(scheme["line-strong"], scheme["card"]) >= LEAST_EDGE_CONTRAST
    assert contrast(scheme["line-strong"], scheme["paper"]) >= LEAST_EDGE_CONTRAST


def test_colours_are_named_once() -> None:
    loose = {
        path.name: found
        for path in (WEB / "static" / "css").rglob("*.css")
        if path.name not in ("tokens.css", "print.css")
        and (found := set(re.findall(r"#[0-9A-Fa-f]{3,6}\b(?=[;\s)])", path.read_text("utf-8"))))
    }
    assert loose == {}


def test_the_first_page_is_light() -> None:
    assets = read_assets().hashed
    files = [
        gallery_page("home").encode(),
        *((DIST / assets[name]).read_bytes() for name in ("site.css", "student.js")),
    ]
    assert sum(len(gzip.compress(each)) for each in files) < FIRST_PAGE_LIMIT


def test_nothing_is_fetched_from_elsewhere() -> None:
    hosts = {
        path.name: found
        for path in [*(WEB / "static").rglob("*.css"), *(WEB / "static").rglob("*.svg")]
        if (found := set(re.findall(r"https?://[\w.]+", path.read_text("utf-8"))) - {"http://www.w3.org"})
    }
    assert hosts == {}


def test_the_lock_file_names_no_host() -> None:
    # npm writes `funding` links back on every install: take them out again.
    assert "://" not in (WEB / "client" / "package-lock.json").read_text("utf-8")


@pytest.mark.parametrize("poster", sorted((WEB / "static" / "posters").glob("*.svg")), ids=lambda path: path.stem)
def test_a_poster_is_small_and_fits_wide_and_square(poster: Path) -> None:
    drawing = poster.read_text("utf-8")
    assert 'viewBox="0 0 320 180" width="320" height="180"' in drawing
    assert len(drawing) < 6_000
    assert "<script" not in drawing
