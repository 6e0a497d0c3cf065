"""Texts of drafts: how long each may be, what may not stand in them, and how they are stored. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from events.catalogue.drafts import Draft, EventDraft, PoolDraft, ProgrammeDraft, QuestionDraft, SessionDraft
from events.catalogue.prose import BadProse, ProseFault
from events.catalogue.prose import checked as checked_prose
from events.errors import Fault
from events.people.names import BadText, TextFault, clean_line

# Characters.
TITLE_MOST, ENGLISH_MOST, SUMMARY_MOST, PLACE_MOST, ADDRESS_MOST = 100, 200, 200, 100, 200
EDITION_MOST, DISTRICT_MOST, NOTE_MOST, REASON_MOST = 40, 40, 200, 200
POOL_NAME_MOST, POOL_CHOICE_MOST, POOL_NOTE_MOST = 60, 40, 100
LABEL_MOST, HELP_MOST, OPTION_MOST = 200, 300, 100

Problems = dict[str, Fault]

# Fields of one line: the most characters, and whether one must be there.
LINES: dict[type, dict[str, tuple[int, bool]]] = {
    ProgrammeDraft: {"name": (TITLE_MOST, True), "name_en": (ENGLISH_MOST, False)},
    EventDraft: {
        "title": (TITLE_MOST, True),
        "title_en": (ENGLISH_MOST, False),
        "edition": (EDITION_MOST, False),
        "summary": (SUMMARY_MOST, False),
        "place": (PLACE_MOST, False),
        "address": (ADDRESS_MOST, False),
        "district": (DISTRICT_MOST, False),
    },
    SessionDraft: {"place": (PLACE_MOST, False), "note": (NOTE_MOST, False)},
    PoolDraft: {
        "name": (POOL_NAME_MOST, True),
        "choice": (POOL_CHOICE_MOST, False),
        "note": (POOL_NOTE_MOST, False),
    },
    QuestionDraft: {
        "label": (LABEL_MOST, True),
        "label_en": (ENGLISH_MOST, False),
        "help": (HELP_MOST, False),
        "shown_if_value": (OPTION_MOST, False),
    },
}
PARAGRAPHS: dict[type, tuple[str, ...]] = {ProgrammeDraft: ("summary", "note", "source"), EventDraft: ("body",)}


def text_problems(draft: Draft) -> Iterator[tuple[str, Fault | None]]:
    for field, (most, needed) in LINES[type(draft)].items():
        yield field, line_fault(getattr(draft, field), most, needed)
    for field in PARAGRAPHS.get(type(draft), ()):
        yield field, prose_fault(getattr(draft, field))


def line_fault(text: str, most: int, needed: bool = False) -> Fault | None:
    """Spaces of every kind and marks of no width alone count as nothing."""
    try:
        line = clean_line(text, most=most)
    except BadText as error:
        return Fault.TOO_LONG if error.reason is TextFault.TOO_LONG else Fault.BAD_CHARACTER
    return Fault.MISSING if needed and not line else None


def prose_fault(text: str) -> Fault | None:
    try:
        checked_prose(text)
    except BadProse as error:
        return Fault.TOO_LONG if error.reason is ProseFault.TOO_LONG else Fault.BAD_CHARACTER
    return None


def tidy(text: str) -> str:
    """The line as it is stored; a line that may not be stored is empty."""
    try:
        return clean_line(text, most=OPTION_MOST * 2)
    except BadText:
        return ""


def tidy_options(options: Sequence[str]) -> tuple[str, ...]:
    """Without the blank lines that forms leave."""
    return tuple(filter(None, map(tidy, options)))


def repeated(values: Iterable[object]) -> bool:
    """Whether a value that is there at all is there twice."""
    return any(times > 1 for value, times in Counter(values).items() if value is not None)
