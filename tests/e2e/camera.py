"""A picture as a film that Chromium plays as its camera: YUV4MPEG2, 4:2:0."""

from pathlib import Path

from PIL import Image

SIZE = (640, 480)
FRAMES = 10


def film(picture: Path, into: Path) -> Path:
    """The picture, fitted into the middle of a white frame."""
    frame = Image.new("RGB", SIZE, "white")
    shown = Image.open(picture).convert("RGB")
    shown.thumbnail((SIZE[0] - 40, SIZE[1] - 40))
    frame.paste(shown, ((SIZE[0] - shown.width) // 2, (SIZE[1] - shown.height) // 2))
    luma, blue, red = frame.convert("YCbCr").split()
    small = (SIZE[0] // 2, SIZE[1] // 2)
    planes = luma.tobytes() + blue.resize(small).tobytes() + red.resize(small).tobytes()
    header = f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F10:1 Ip A1:1 C420jpeg\n".encode()
    into.write_bytes(header + b"".join(b"FRAME\n" + planes for _ in range(FRAMES)))
    return into
