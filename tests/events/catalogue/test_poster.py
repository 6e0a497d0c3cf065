import asyncio
import hashlib
import os
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from events.catalogue.poster import (
    MAX_INPUT_BYTES,
    MAX_OUTPUT_BYTES,
    PAPER,
    BadImage,
    ImageFault,
    Poster,
    reencode,
    reencode_async,
)

RED, BLUE, GREEN = (200, 30, 40), (30, 60, 200), (20, 160, 60)


def written(picture, kind, **options):
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def halves(left=RED, right=BLUE, size=(1600, 900)):
    picture = Image.new("RGB", size, left)
    picture.paste(right, (size[0] // 2, 0, *size))
    return picture


def shown(poster: Poster):
    return Image.open(BytesIO(poster.content))


def near(pixel, colour, by=6):
    return all(abs(a - b) <= by for a, b in zip(pixel, colour, strict=True))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_header(width, height, *chunks):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + header
        + b"".join(chunks)
        + chunk(b"IDAT", zlib.compress(bytes(64)))
        + chunk(b"IEND", b"")
    )


def webp_header(width, height):
    frame = b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14) + bytes(8)
    body = b"WEBPVP8L" + struct.pack("<I", len(frame)) + frame + b"\0"
    return b"RIFF" + struct.pack("<I", len(body)) + body


# What is taken


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_becomes_a_progressive_jpeg_named_by_its_hash(kind):
    poster = reencode(written(halves(), kind))
    picture = shown(poster)
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (1280, 720))
    assert (poster.media_type, poster.width, poster.height) == ("image/jpeg", 1280, 720)
    assert picture.info["progressive"] == 1
    assert poster.sha256 == hashlib.sha256(poster.content).hexdigest()
    assert near(picture.getpixel((100, 360)), RED)
    assert near(picture.getpixel((1180, 360)), BLUE)


def test_the_thumb_is_the_middle_square():
    thumb = Image.open(BytesIO(reencode(written(halves(), "PNG")).thumb))
    assert (thumb.format, thumb.size) == ("JPEG", (416, 416))
    assert near(thumb.getpixel((50, 208)), RED)
    assert near(thumb.getpixel((366, 208)), BLUE)


@pytest.mark.parametrize(
    ("size", "poster_size"),
    [
        ((4000, 3000), (1280, 720)),
        ((900, 1600), (900, 506)),
        ((800, 450), (800, 450)),
        ((3000, 300), (533, 300)),
        ((1, 1), (1, 1)),
        ((1, 4000), (1, 1)),
        ((4000, 1), (1, 1)),
    ],
)
def test_the_middle_is_kept_at_16_to_9_and_never_enlarged(size, poster_size):
    assert shown(reencode(written(Image.new("RGB", size, RED), "PNG"))).size == poster_size


def test_the_top_and_bottom_of_a_tall_picture_are_cut():
    tall = Image.new("RGB", (900, 1600), RED)
    tall.paste(BLUE, (0, 500, 900, 1100))
    picture = shown(reencode(written(tall, "PNG")))
    assert [near(picture.getpixel((450, y)), BLUE) for y in (2, 253, 503)] == [True, True, True]


def test_even_noise_is_light_enough():
    noise = Image.frombytes("RGB", (1920, 1080), os.urandom(1920 * 1080 * 3))
    poster = reencode(written(noise, "JPEG", quality=95))
    assert len(poster.content) <= MAX_OUTPUT_BYTES


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_from_a_phone_is_turned_upright_and_forgets_where_it_was_taken(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Cixi Phone"
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 10.0, 0.0), 3: "E", 4: (121.0, 15.0, 0.0)})
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Image.Transpose: what the camera did before it wrote
    upright = halves()
    stored = upright.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else upright
    content = written(stored, "JPEG", exif=exif, comment=b"at home", quality=95)
    assert b"Cixi Phone" in content
    poster = reencode(content)
    picture = shown(poster)
    assert (picture.size, near(picture.getpixel((100, 360)), RED)) == ((1280, 720), True)
    assert (dict(picture.getexif()), picture.info.keys() & {"exif", "icc_profile", "comment", "xmp"}) == ({}, set())
    assert [hidden in poster.content + poster.thumb for hidden in (b"Exif", b"Cixi Phone", b"at home")] == [False] * 3


def test_the_hidden_texts_of_a_png_are_dropped():
    texts = PngInfo()
    texts.add_text("Author", "王小燕")
    poster = reencode(written(halves(), "PNG", pnginfo=texts, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"))
    assert "王小燕".encode() not in poster.content
    assert b"Author" not in poster.content


def test_a_second_file_behind_the_first_is_dropped():
    payload = b"<script>alert(1)</script>PK\x03\x04evil.php"
    poster = reencode(written(halves(), "JPEG", comment=payload) + payload)
    assert [part in poster.content + poster.thumb for part in (b"<script", b"PK\x03\x04", b"evil")] == [False] * 3


def test_cmyk_becomes_rgb():
    picture = shown(reencode(written(halves().convert("CMYK"), "JPEG", quality=95)))
    assert (picture.mode, near(picture.getpixel((100, 360)), RED)) == ("RGB", True)


def test_sixteen_bit_grey_keeps_its_shades():
    picture = shown(reencode(written(Image.new("I;16", (640, 360), 0x8000), "PNG")))
    assert near(picture.getpixel((320, 180)), (128, 128, 128), by=1)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparent_places_show_the_paper(mode):
    picture = Image.new("RGBA", (640, 360), (*GREEN, 255))
    picture.paste((0, 0, 0, 0), (0, 0, 320, 360))
    content = written(picture.quantize(16) if mode == "P" else picture.convert(mode), "PNG")
    assert Image.open(BytesIO(content)).mode == mode
    flat = shown(reencode(content))
    assert near(flat.getpixel((100, 180)), PAPER, by=2)
    assert not near(flat.getpixel((540, 180)), PAPER, by=40)


@pytest.mark.parametrize("mode", ["1", "L", "P"])
def test_black_and_white_grey_and_palette_are_taken(mode):
    white = Image.new("RGB", (640, 360), "white").convert(mode)
    assert near(shown(reencode(written(white, "PNG"))).getpixel((320, 180)), (255, 255, 255), by=1)


def test_a_colour_profile_is_dropped_and_its_colours_hold():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = shown(reencode(written(halves(), "PNG", icc_profile=srgb)))
    assert (near(picture.getpixel((100, 360)), RED), "icc_profile" in picture.info) == (True, False)


def test_a_damaged_colour_profile_costs_nothing():
    picture = shown(reencode(written(halves(), "JPEG", icc_profile=b"\0" * 200, quality=95)))
    assert near(picture.getpixel((100, 360)), RED)


def test_of_an_animation_the_first_picture_is_taken():
    frames = {"save_all": True, "append_images": [Image.new("RGB", (640, 360), BLUE)]}
    for kind in ("PNG", "WEBP"):
        first = shown(reencode(written(Image.new("RGB", (640, 360), RED), kind, **frames)))
        assert near(first.getpixel((320, 180)), RED, by=12)


# What is refused

NOISE = written(Image.effect_noise((300, 200), 90).convert("RGB"), "JPEG")
BAD = {
    "empty": (b"", "not_an_image"),
    "a page under the name poster.png": (b"<!doctype html><script>alert(1)</script>", "not_an_image"),
    "a program": (b"MZ\x90\0" + bytes(500), "not_an_image"),
    "an archive": (b"PK\x03\x04" + bytes(500), "not_an_image"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "unsupported"),
    "animated gif": (
        written(halves(size=(64, 36)), "GIF", save_all=True, append_images=[halves(BLUE, RED, (64, 36))]),
        "unsupported",
    ),
    "gif with markup": (b"GIF89a<script>alert(1)</script>", "unsupported"),
    "bmp": (written(halves(size=(64, 36)), "BMP"), "unsupported"),
    "tiff": (written(halves(size=(64, 36)), "TIFF"), "unsupported"),
    "avif": (b"\0\0\0\x20ftypavif" + bytes(20), "unsupported"),
    "iphone": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100), "heic"),
    "40 MB": (b"\xff\xd8\xff" + bytes(40 * 1024 * 1024), "too_large"),
    "a byte too many": (written(halves(), "JPEG").ljust(MAX_INPUT_BYTES + 1, b"\0"), "too_large"),
    "half a jpeg": (NOISE[: len(NOISE) // 2], "broken"),
    "the head of a jpeg": (NOISE[:20], "broken"),
    "half a png": (written(Image.effect_noise((300, 200), 90), "PNG")[:5000], "broken"),
    "half a webp": (written(Image.effect_noise((300, 200), 90), "WEBP")[:900], "broken"),
    "png without rows": (png_header(640, 360), "broken"),
    "png with a wrong checksum": (png_header(640, 360).replace(b"\x08\x02", b"\x08\x06", 1), "broken"),
    "png of no size": (png_header(0, 0), "broken"),
    "png with a text bomb": (
        png_header(64, 36, chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(8_000_000)))),
        "broken",
    ),
    "png bomb": (png_header(50_000, 50_000), "too_many_pixels"),
    "png just over": (png_header(5_000, 5_001), "too_many_pixels"),
    "webp bomb": (webp_header(16_000, 16_000), "too_many_pixels"),
}


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("name", BAD)
def test_what_is_no_good_picture_is_refused_with_its_reason(name):
    content, reason = BAD[name]
    with pytest.raises(BadImage) as refused:
        reencode(content)
    assert refused.value.reason is ImageFault(reason)


@pytest.mark.parametrize("name", ["animated gif", "half a jpeg", "40 MB", "png bomb", "webp bomb", "empty"])
async def test_the_process_of_its_own_gives_the_same_reasons(name):
    content, reason = BAD[name]
    with pytest.raises(BadImage) as refused:
        await reencode_async(content)
    assert refused.value.reason is ImageFault(reason)


async def test_the_process_of_its_own_gives_the_same_poster():
    content = written(halves(), "PNG")
    assert await reencode_async(content) == reencode(content)


async def test_the_largest_picture_fits_into_the_memory_of_the_process():
    largest = Image.new("RGBA", (5_000, 5_000), (*GREEN, 128))
    poster = await reencode_async(written(largest, "PNG", compress_level=1))
    assert (poster.width, poster.height) == (1280, 720)


async def test_others_are_served_while_a_poster_is_made():
    making = asyncio.create_task(reencode_async(written(halves(), "PNG")))
    turns = 0
    while not making.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 100
    assert (await making).width == 1280
