"""Posters, drawn anew: what was uploaded is decoded and thrown away, so nothing hidden in it reaches a student.

Nothing of the upload survives but its pixels: no metadata, no place of taking, no second file behind the first. The
result is a progressive JPEG: not every old WeChat core shows WebP.
"""

import asyncio
import hashlib
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from io import BytesIO

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

MAX_INPUT_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 25_000_000
WIDTHS = (1280, 960, 640)  # of 16:9; the narrower only when no quality makes the picture light enough
QUALITIES = (82, 74, 66, 58, 50, 42)
MAX_OUTPUT_BYTES = 200 * 1024
THUMB = (416, 416)
PAPER = (0xFB, 0xFA, 0xF6)  # shows where a picture is transparent
MEDIA_TYPE = "image/jpeg"

MAX_CHILDREN = 2
CHILD_SECONDS = 20
CHILD_MEMORY_BYTES = 1024 * 1024 * 1024

_FORMATS = ("JPEG", "PNG", "WEBP")
_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_OTHER_SIGNATURES = (b"GIF8", b"BM", b"II*\0", b"MM\0*", b"8BPS", b"%PDF", b"<svg", b"\0\0\1\0")
_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_HEADER_END = b"\n"

Image.MAX_IMAGE_PIXELS = MAX_PIXELS  # Pillow itself refuses twice as many before our own check is asked


class ImageFault(StrEnum):
    """Why a picture is refused. The sentence for the organizer lives with the page."""

    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    NOT_AN_IMAGE = "not_an_image"
    HEIC = "heic"  # what an iPhone keeps: the page says how to send a JPEG instead
    UNSUPPORTED = "unsupported"
    BROKEN = "broken"


class BadImage(ValueError):
    """The picture was refused; `reason` says why."""

    def __init__(self, reason: ImageFault) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Poster:
    """A picture that is safe to serve: 16:9, at most 1280 × 720 px and 200 KiB, without metadata.

    sha256 is the hex digest of `content`, a name for its address. thumb is the middle of the picture, 416 × 416 px, of
    the same media type.
    """

    content: bytes
    media_type: str
    width: int
    height: int
    sha256: str
    thumb: bytes


async def reencode_async(content: bytes) -> Poster:
    """As `reencode`, in a process of its own with bounded memory and time: neither a bomb nor a slow picture is felt.

    At most two at once; more wait. Raises BadImage.
    """
    return await asyncio.get_running_loop().run_in_executor(_CHILDREN, _reencode_in_child, content)


def reencode(content: bytes) -> Poster:
    """The picture turned upright, cut to 16:9 round its middle and made small.

    Takes JPEG, PNG and WebP, told by their bytes and not by a name; of an animation, the first picture. Small pictures
    are not enlarged, but for the thumb. Raises BadImage. Blocks for up to a second: requests call `reencode_async`.
    """
    picture = _decoded(_opened(content))
    poster, (width, height) = _light_enough(picture)
    thumb = _jpeg(_fitted(picture, THUMB), QUALITIES[1])
    return Poster(poster, MEDIA_TYPE, width, height, hashlib.sha256(poster).hexdigest(), thumb)


def _opened(content: bytes) -> Image.Image:
    _check_weight(content)
    with _faults_of_decoders():
        try:
            picture = Image.open(BytesIO(content), formats=_FORMATS)
        except UnidentifiedImageError:
            raise BadImage(_fault_of_stranger(content)) from None
    if picture.width * picture.height > MAX_PIXELS:
        raise BadImage(ImageFault.TOO_MANY_PIXELS)
    return picture


def _check_weight(content: bytes) -> None:
    if len(content) > MAX_INPUT_BYTES:
        raise BadImage(ImageFault.TOO_LARGE)


@contextmanager
def _faults_of_decoders() -> Iterator[None]:
    try:
        yield
    except BadImage:
        raise
    except (MemoryError, Image.DecompressionBombError) as error:
        raise BadImage(ImageFault.TOO_MANY_PIXELS) from error
    except Exception as error:  # damaged files make decoders raise whatever they like
        raise BadImage(ImageFault.BROKEN) from error


def _fault_of_stranger(content: bytes) -> ImageFault:
    if content.startswith(_SIGNATURES) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return ImageFault.BROKEN
    if content[4:8] == b"ftyp":
        return ImageFault.HEIC if content[8:12] in _HEIC_BRANDS else ImageFault.UNSUPPORTED
    return ImageFault.UNSUPPORTED if content.lstrip().startswith(_OTHER_SIGNATURES) else ImageFault.NOT_AN_IMAGE


def _decoded(picture: Image.Image) -> Image.Image:
    with _faults_of_decoders():
        picture.draft(None, (WIDTHS[0], WIDTHS[0]))  # a JPEG many times larger than needed is decoded smaller at once
        profile = picture.info.get("icc_profile")
        ImageOps.exif_transpose(picture, in_place=True)
        decoded = _in_srgb(_on_paper(_reduced(_in_full_colour(picture))), profile)
    decoded.info.clear()  # Pillow would write the comment of a JPEG into the new one
    return decoded


def _in_full_colour(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I;16"):
        return picture.point(lambda grey: grey / 256).convert("L")  # convert alone turns everything above 255 white
    if picture.has_transparency_data:
        return picture.convert("RGBA")
    return picture if picture.mode in ("L", "RGB", "CMYK") else picture.convert("RGB")


def _reduced(picture: Image.Image) -> Image.Image:
    return picture.reduce(max(1, min(picture.size) // WIDTHS[0]))


def _on_paper(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    paper = Image.new("RGBA", picture.size, PAPER)
    paper.alpha_composite(picture)
    return paper.convert("RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        with suppress(ImageCms.PyCMSError, OSError):  # a damaged profile costs a shade, not the picture
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            return converted or picture.convert("RGB")
    return picture.convert("RGB")


def _light_enough(picture: Image.Image) -> tuple[bytes, tuple[int, int]]:
    return next(
        (content, size)
        for size in _sizes(picture)
        for fitted in (_fitted(picture, size),)
        for content in (_jpeg(fitted, quality) for quality in QUALITIES)
        if len(content) <= MAX_OUTPUT_BYTES  # even noise is, at 640 × 360
    )


def _sizes(picture: Image.Image) -> Iterator[tuple[int, int]]:
    for widest in WIDTHS:
        width = max(1, min(widest, picture.width, picture.height * 16 // 9))
        yield width, max(1, round(width * 9 / 16))


def _fitted(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return ImageOps.fit(picture, size, Image.Resampling.LANCZOS)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    written = BytesIO()
    picture.save(written, "JPEG", quality=quality, progressive=True, optimize=True)
    return written.getvalue()


# The child. Only its standard input and output connect it to us. Isolated mode also keeps this folder off its module
# path, where calendar.py would stand in for the standard library's.

_CHILDREN = ThreadPoolExecutor(MAX_CHILDREN, "poster")
_COMMAND = (sys.executable, "-I", __file__)


def _reencode_in_child(content: bytes) -> Poster:
    _check_weight(content)
    try:
        child = subprocess.run(_COMMAND, input=content, capture_output=True, timeout=CHILD_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise BadImage(ImageFault.BROKEN) from None
    if child.returncode < 0:  # killed for its time, or crashed in a decoder
        raise BadImage(ImageFault.BROKEN)
    if child.returncode:
        raise RuntimeError(f"poster process failed: {child.stderr.decode(errors='replace')[-2000:]}")
    return _read_answer(child.stdout)


def _read_answer(answer: bytes) -> Poster:
    head, _, body = answer.partition(_HEADER_END)
    fields = json.loads(head)
    if "fault" in fields:
        raise BadImage(ImageFault(fields["fault"]))
    split = fields.pop("split")
    return Poster(content=body[:split], thumb=body[split:], **fields)


def _answer(content: bytes) -> bytes:
    try:
        poster = reencode(content)
    except BadImage as refused:
        return json.dumps({"fault": refused.reason}).encode() + _HEADER_END
    fields = asdict(poster) | {"split": len(poster.content)}
    body: bytes = fields.pop("content") + fields.pop("thumb")
    return json.dumps(fields).encode() + _HEADER_END + body


def _limit_this_process() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY_BYTES, CHILD_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CHILD_SECONDS, CHILD_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _limit_this_process()
    sys.stdout.buffer.write(_answer(sys.stdin.buffer.read()))
