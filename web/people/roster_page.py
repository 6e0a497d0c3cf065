"""What the preview of a roster shows: lists cut to a length that a phone can hold, contacts masked."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from litestar import Request

from events.people.masks import mask_email, mask_name, mask_phone
from events.people.roster import Field, How
from events.people.roster.compare import Difference
from events.people.rosters import ImportDetail, ImportLine
from templates.environment import Locale, translate
from templates.language import N_
from web.pages import Page, locale_of, shell
from web.people.roster_sentences import FIELDS, HOWS, of_doubt, of_problem

SHOWN: Final = 50  # rows of a list on the page


@dataclass(frozen=True)
class Told:
    """One line of a table: where, which column, and what."""

    line: int
    cell: str
    field: str
    value: str
    text: str


@dataclass(frozen=True)
class Changed:
    """What a student's record would become; contact data masked."""

    number: str
    name: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class RosterPage(Page):
    """`gone`: masked names with numbers, the first of `gone_count`. Lists are cut to SHOWN, counts are whole."""

    found: ImportLine
    rows: int
    accepted: int
    normalised: int
    repeated: int
    problems: tuple[Told, ...]
    doubts: tuple[Told, ...]
    readings: tuple[Told, ...]
    changes: tuple[Changed, ...]
    added: int
    changed: int
    unchanged: int
    gone: tuple[str, ...]
    gone_count: int
    may_mark_gone: bool
    refusal: str


def roster_page(request: Request[Any, Any, Any], found: ImportDetail, refusal: str = "") -> RosterPage:
    locale = locale_of(request)
    verdict, seen = found.verdict, found.comparison
    return RosterPage(
        shell=shell(request, "organizer", "desk"),
        found=found.line,
        rows=verdict.rows,
        accepted=verdict.accepted,
        normalised=verdict.normalised,
        repeated=verdict.repeated,
        problems=tuple(
            Told(each.line, each.cell, field_name(locale, each.field), each.value, of_problem(locale, each))
            for each in verdict.problems
        ),
        doubts=tuple(Told(each.line, each.cell, "", "", of_doubt(locale, each)) for each in verdict.doubts[:SHOWN]),
        readings=tuple(
            Told(
                each.line, each.cell, field_name(locale, each.field), each.before, reading(locale, each.after, each.how)
            )
            for each in verdict.changes[:SHOWN]
        ),
        changes=tuple(change for each in (seen.changed if seen else ())[:SHOWN] for change in changes_of(locale, each)),
        added=len(seen.added) if seen else found.line.added,
        changed=len(seen.changed) if seen else found.line.changed,
        unchanged=seen.unchanged if seen else found.line.unchanged,
        gone=tuple(
            f"{each.number} {mask_name(each.facts[Field.NAME])}" for each in (seen.gone if seen else ())[:SHOWN]
        ),
        gone_count=len(seen.gone) if seen else 0,
        may_mark_gone=not verdict.refused,
        refusal=refusal,
    )


def reading(locale: Locale, after: str, how: str) -> str:
    return (
        f"{after}（{translate(locale, HOWS[How(how)])}）"
        if locale == "zh-CN"
        else f"{after} ({translate(locale, HOWS[How(how)])})"
    )


def changes_of(locale: Locale, difference: Difference) -> Iterator[Changed]:
    number, name = difference.student.number, mask_name(difference.student.name)
    for field, (before, after) in difference.fields.items():
        yield Changed(number, name, translate(locale, FIELDS[field]), shown(field, before), shown(field, after))
    if difference.returns:
        yield Changed(
            number,
            name,
            translate(locale, N_("在校状态")),
            translate(locale, N_("离校")),
            translate(locale, N_("在校")),
        )


def shown(field: Field, value: Any) -> str:
    text = "" if value is None else str(value)
    if field is Field.PHONE and text:
        return mask_phone(text)
    return mask_email(text) if field is Field.EMAIL and text else text or "—"


def field_name(locale: Locale, field: str) -> str:
    return translate(locale, FIELDS[Field(field)])
