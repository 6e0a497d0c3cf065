"""The ZIP archive that an XLSX file is, looked at before anything in it is unpacked."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat

from events.sheets.shapes import BadSheet, SheetReason

EXPANDED_MOST = 50_000_000  # bytes
RATIO_MOST = 100  # bytes expanded for each byte packed
RATIO_FROM = 1_000_000  # bytes; below this a ratio harms nobody, and small empty sheets pack very well
PARTS_MOST = 100
CHUNK = 1 << 16

ZIP_MAGIC = b"PK\x03\x04"
EMPTY_ZIP_MAGIC = b"PK\x05\x06"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] §2.3.4.4
WORKBOOK = "xl/workbook.xml"
FLAG_ENCRYPTED = 1


def open_archive(content: bytes) -> zipfile.ZipFile:
    """The archive, once its directory promises nothing dangerous. Raises BadSheet."""
    refuse_other_kinds(content)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise BadSheet(SheetReason.BROKEN, "ZIP") from error
    _check_directory(archive.infolist(), len(content))
    return archive


def refuse_other_kinds(content: bytes) -> None:
    """Raises BadSheet for what is called .xlsx and is something else."""
    if content.startswith(OLE_MAGIC):
        reason = SheetReason.ENCRYPTED if ENCRYPTED_STREAM in content else SheetReason.OLD_XLS
        raise BadSheet(reason)
    if not content.startswith((ZIP_MAGIC, EMPTY_ZIP_MAGIC)):
        raise BadSheet(SheetReason.MISNAMED)


def read_part(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part in chunks, never more of it than the directory promised. Raises BadSheet for a part absent or damaged."""
    try:
        with archive.open(name) as part:
            while chunk := part.read(CHUNK):
                yield chunk
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BadSheet(SheetReason.BROKEN, name) from error


def parse_part(archive: zipfile.ZipFile, name: str, parser: expat.XMLParserType) -> None:
    """Feeds a part of XML to a parser. Raises BadSheet; a document type is refused before its entities are read."""
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        for chunk in read_part(archive, name):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise BadSheet(SheetReason.BROKEN, name) from error


def _check_directory(parts: list[zipfile.ZipInfo], packed: int) -> None:
    names = [part.filename for part in parts]
    expanded = sum(part.file_size for part in parts)
    if len(parts) > PARTS_MOST:
        raise BadSheet(SheetReason.TOO_MANY_PARTS, str(len(parts)))
    if any(part.flag_bits & FLAG_ENCRYPTED for part in parts):
        raise BadSheet(SheetReason.ENCRYPTED)
    if expanded > EXPANDED_MOST or _unpacks_too_well(parts) or expanded > max(RATIO_FROM, RATIO_MOST * packed):
        raise BadSheet(SheetReason.EXPANDS_TOO_FAR, f"{expanded:,}")
    if len(set(names)) < len(names) or any(name.startswith("/") or ".." in name.split("/") for name in names):
        raise BadSheet(SheetReason.BROKEN, "ZIP")
    _check_kind(names)


def _unpacks_too_well(parts: list[zipfile.ZipInfo]) -> bool:
    return any(part.file_size > max(RATIO_FROM, RATIO_MOST * part.compress_size) for part in parts)


def _check_kind(names: list[str]) -> None:
    if any(name.casefold().endswith("vbaproject.bin") for name in names):
        raise BadSheet(SheetReason.MACROS)
    if WORKBOOK not in names:
        raise BadSheet(SheetReason.MISNAMED)


def _refuse_doctype(*_: object) -> None:
    raise BadSheet(SheetReason.ENTITIES)
