"""The picture of a code, read back by a decoder that shares nothing with its maker."""

import io
import random

import pytest
import zxingcpp
from PIL import Image

from events.ticket.code import encode
from events.ticket.qr import draw_qr, qr_png
from tests.events.ticket.make_vectors import KEYS, TEXT
from tests.events.ticket.mutants import random_facts


def read(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def test_every_ticket_is_read_back_from_its_picture() -> None:
    chance = random.Random(1)
    for _ in range(50):
        text = encode(random_facts(chance), KEYS[1])
        assert read(opened(qr_png(text))) == [text]


def test_a_ticket_is_read_back_at_the_smallest_size_on_a_page() -> None:
    assert read(opened(qr_png(TEXT)).convert("L").resize((240, 240), Image.Resampling.BILINEAR)) == [TEXT]


def test_the_picture_is_crisp_small_and_of_one_bit() -> None:
    png = qr_png(TEXT)
    picture = opened(png)
    assert (picture.format, picture.mode, picture.size) == ("PNG", "1", (588, 588))
    assert len(png) < 1_300
    modules = picture.resize((49, 49), Image.Resampling.NEAREST)
    assert modules.resize((588, 588), Image.Resampling.NEAREST).tobytes() == picture.tobytes()


def test_the_quiet_zone_is_four_modules_of_white() -> None:
    picture = opened(qr_png(TEXT)).convert("L").point(lambda value: 255 - value)
    assert picture.getbbox() == (48, 48, 540, 540)


def test_the_code_is_of_level_m_and_one_version_for_long_and_short_texts() -> None:
    for text in (TEXT, "7K3M9-Q2WXD", "A" * 154):
        (found,) = zxingcpp.read_barcodes(opened(qr_png(text)))
        assert (found.text, found.ec_level) == (text, "M")
        assert opened(qr_png(text)).size == (588, 588)


def test_the_same_text_gives_the_same_picture() -> None:
    assert qr_png(TEXT) == qr_png(TEXT)


def test_a_text_that_does_not_fit_is_refused_and_no_larger_code_drawn() -> None:
    with pytest.raises(ValueError):
        qr_png("A" * 155)
    with pytest.raises(ValueError):
        qr_png("a" * 107)


async def test_drawing_in_a_thread_gives_the_same_picture() -> None:
    assert await draw_qr(TEXT) == qr_png(TEXT)
