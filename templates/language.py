"""The words of the interface: Chinese is the message id, English stands in `locale/en.po`."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Final, Literal, get_args

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Locale = Literal["zh-CN", "en"]

LOCALES: Final[tuple[Locale, ...]] = get_args(Locale)
ENGLISH: Final = Path(__file__).parent / "locale" / "en.po"


def N_(msgid: str) -> str:
    """Marks a message for extraction where it is named, to be translated where it is shown."""
    return msgid


def translate(locale: Locale, msgid: str, **values: object) -> str:
    """`msgid` in the language, its `%(name)s` replaced; a message without values is taken as it stands."""
    text = catalogue(locale).gettext(msgid)
    return text % values if values else text


def translate_n(locale: Locale, msgid: str, num: int, **values: object) -> str:
    """As `translate`, with the plural that `num` needs; the text may show `%(num)s`."""
    return catalogue(locale).ngettext(msgid, msgid, num) % {"num": num, **values}


@cache
def catalogue(locale: Locale) -> NullTranslations:
    """Read once, at the first use; Chinese needs no catalogue, for its messages are their own ids."""
    if locale == "zh-CN":
        return NullTranslations()
    compiled = BytesIO()
    with ENGLISH.open("rb") as po:
        write_mo(compiled, read_po(po, locale=locale, abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)
