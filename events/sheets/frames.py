"""What the confined reader says to us: frames of MessagePack, each behind its length in four bytes.

Typed on arrival, because a reader that a hostile file has taken over must not be able to hand us an object.
"""

from typing import BinaryIO

import msgspec

from events.sheets.shapes import BadSheet, CellMark, SheetReason, SheetRow

LENGTH_BYTES = 4
FRAME_MOST = 64_000_000  # bytes; a single row of 200 cells of 32,767 characters fits

Mark = tuple[int, int, CellMark]  # line, column, mark


class Opened(msgspec.Struct, frozen=True, array_like=True, tag=1):
    name: str


class Rows(msgspec.Struct, frozen=True, array_like=True, tag=2):
    rows: list[SheetRow]
    marks: list[Mark]


class Refused(msgspec.Struct, frozen=True, array_like=True, tag=3):
    reason: SheetReason
    detail: str


class Done(msgspec.Struct, frozen=True, array_like=True, tag=4):
    pass


Frame = Opened | Rows | Refused | Done

_decoder = msgspec.msgpack.Decoder(Frame)


def send(frame: Frame, to: BinaryIO) -> None:
    body = msgspec.msgpack.encode(frame)
    to.write(len(body).to_bytes(LENGTH_BYTES) + body)


def parse(body: bytes) -> Frame:
    """Raises BadSheet, broken, for anything that is not a frame."""
    try:
        frame: Frame = _decoder.decode(body)
        return frame
    except msgspec.MsgspecError as error:
        raise BadSheet(SheetReason.BROKEN, "reader") from error
