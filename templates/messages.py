"""The messages of the interface against the English catalogue: `python -m templates.messages` prints what is missing.

Append the output to `locale/en.po` and fill in the English; what stands there and is used no more is named on stderr.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from templates.language import ENGLISH

ROOT: Final = Path(__file__).parent.parent
PATTERNS: Final = {
    "templates/**/*.html": "jinja2",
    "templates/**/*.txt": "jinja2",
    "templates/**/*.py": "python",
    "web/**/*.py": "python",
    "events/**/*.py": "python",
    "workers/**/*.py": "python",
}
KEYWORDS: Final = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "_n": (1, 1),  # one Chinese text is both
    "translate": (2,),
    "translate_n": (2, 2),
}
OPTIONS: Final = {"silent": "false", "trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}


def main() -> None:
    used, english = messages_in_use(), english_catalogue()
    _print_missing(missing(used, english), sys.stdout.buffer)
    for message in dead(used, english):
        print(f"no longer used: {message.id}", file=sys.stderr)


def messages_in_use(root: Path = ROOT) -> Catalog:
    """Every message of templates and code, with the places where it stands."""
    catalogue = Catalog(locale="en")
    for path, method in _sources(root):
        place = path.relative_to(root).as_posix()
        for line, ids, _, context in extract_from_file(method, path, KEYWORDS, options=OPTIONS):
            catalogue.add(ids, locations=[(place, line)], context=context)
    return catalogue


def english_catalogue() -> Catalog:
    """`locale/en.po` as it stands."""
    with ENGLISH.open("rb") as po:
        return read_po(po, locale="en", abort_invalid=True)


def missing(used: Catalog, english: Catalog) -> list[Message]:
    """The messages without complete English; one that is counted somewhere needs a plural."""
    return [message for message in used if message.id and not _is_translated(message, english)]


def dead(used: Catalog, english: Catalog) -> list[Message]:
    """The entries of the catalogue that nothing uses."""
    return [entry for entry in english if entry.id and used.get(_singular(entry), entry.context) is None]


def _sources(root: Path) -> Iterator[tuple[Path, str]]:
    for pattern, method in PATTERNS.items():
        for path in sorted(root.glob(pattern)):
            if "node_modules" not in path.parts:
                yield path, method


def _is_translated(message: Message, english: Catalog) -> bool:
    entry = english.get(_singular(message), message.context)
    if entry is None or (message.pluralizable and not entry.pluralizable):
        return False
    return all(entry.string) if isinstance(entry.string, tuple | list) else bool(entry.string)


def _singular(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def _print_missing(messages: list[Message], out: BinaryIO) -> None:
    wanted = Catalog(locale="en")
    for message in messages:
        wanted.add(message.id, context=message.context)
    write_po(out, wanted, omit_header=True, width=0)


if __name__ == "__main__":
    main()
