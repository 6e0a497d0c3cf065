"""A code as a PNG that phones keep by a long press and gates read off a cracked screen."""

import asyncio
import io

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError

VERSION = 6  # 41 × 41 modules, always: a ticket has 151 characters, and level M holds 154
BORDER = 4  # modules of quiet zone, ISO/IEC 18004 §9.1
MODULE = 12  # pixels: the picture is 588 px wide, more than 240 CSS px on a screen of two pixels to one
SIDE = VERSION * 4 + 17 + 2 * BORDER

# One fixed mask instead of trying all eight, which costs eight times as much. Measured with zxing-cpp over crisp,
# shrunk, blurred and rotated pictures of 40 tickets, all eight read alike; this one had the lowest mean penalty score.
MASK = 2

BLACK, WHITE = 0, 255


async def draw_qr(text: str) -> bytes:
    """As `qr_png`, in a thread: drawing takes some milliseconds, which the loop must not wait for."""
    return await asyncio.to_thread(qr_png, text)


def qr_png(text: str) -> bytes:
    """A PNG of 588 × 588 px, one bit per pixel, version 6, level M, about 1.1 KB; the same text gives the same bytes.

    ValueError if the text does not fit: 154 characters of digits, capital letters and ` $%*+-./:`, else 106 bytes.
    """
    picture = Image.frombytes("L", (SIDE, SIDE), _pixels(text)).convert("1", dither=Image.Dither.NONE)
    picture = picture.resize((SIDE * MODULE, SIDE * MODULE), Image.Resampling.NEAREST)
    png = io.BytesIO()
    picture.save(png, "PNG")
    return png.getvalue()


def _pixels(text: str) -> bytes:
    code = qrcode.QRCode(version=VERSION, error_correction=ERROR_CORRECT_M, border=BORDER, mask_pattern=MASK)
    code.add_data(text, optimize=0)
    try:
        code.make(fit=False)
    except DataOverflowError as error:
        raise ValueError(f"{len(text)} characters do not fit a QR code of version {VERSION}") from error
    return bytes(BLACK if dark else WHITE for row in code.get_matrix() for dark in row)
