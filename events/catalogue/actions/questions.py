"""Questions: what was asked of students stays readable beside their answers."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from events import database
from events.catalogue.actions.check import question_columns
from events.catalogue.actions.hold import hold_live_event, raise_version, record
from events.catalogue.drafts import QuestionDraft
from events.catalogue.tables import Question
from events.errors import Stale
from events.people.queries import StaffMember

# What an answer was given to. A question that differs in one of these is another question.
WORDING = ("kind", "label", "label_en", "help", "options", "minimum", "maximum")


async def set_questions(
    staff: StaffMember, event_id: int, drafts: Sequence[QuestionDraft], version: int | None = None
) -> list[int]:
    """Their ids, in the order of the drafts.

    Once the event was published, somebody may have answered: a question with other words is then retired and replaced,
    and one without a draft is retired. Before, they are edited and removed.
    Raises NotFound, Stale (an id that is not a question of this event, too), Invalid, Refused CANCELLED.
    """
    async with database.transaction():
        event = await hold_live_event(staff, event_id, version)
        columns = question_columns(drafts)
        known = await questions_now(event_id)
        if {draft.id for draft in drafts if draft.id is not None} - known.keys():
            raise Stale(event.version)
        kept = [
            draft.id if draft.id and (not event.was_published or same_words(known[draft.id], new)) else None
            for draft, new in zip(drafts, columns, strict=True)
        ]
        await take_away([each for each in known if each not in kept])
        ids = await write_all(event_id, kept, columns)
        if event.was_published:
            detail = {"was": list(known), "is": ids}
            await record(staff, "questions.set", f"event:{event_id}", detail)
        await raise_version(event_id)
        return ids


async def write_questions(event_id: int, drafts: Sequence[QuestionDraft]) -> list[int]:
    """The questions of an event that has none yet. Raises Invalid."""
    return await write_all(event_id, [None] * len(drafts), question_columns(drafts))


async def questions_now(event_id: int) -> dict[int, Mapping[str, Any]]:
    found = await database.rows(
        "SELECT * FROM question WHERE event = $1 AND retired_at IS NULL ORDER BY position, id", event_id
    )
    return {each["id"]: {**each, "options": tuple(msgspec.json.decode(each["options"]))} for each in found}


def same_words(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return all(old[field] == new[field] for field in WORDING)


async def take_away(ids: Sequence[int]) -> None:
    """Retired, never deleted: an answer, or a file given as one, may point at the row."""
    await database.rows("UPDATE question SET retired_at = clock_timestamp() WHERE id = ANY($1::int[])", list(ids))


async def write_all(event_id: int, ids: Sequence[int | None], columns: Sequence[Mapping[str, Any]]) -> list[int]:
    """Edits those that have an id, inserts the others. A condition names an earlier one, whose id is known by then."""
    written: list[int] = []
    for known, each in zip(ids, columns, strict=True):
        shown_if = None if each["shown_if"] is None else written[each["shown_if"]]
        stored = {**each, "options": msgspec.json.encode(each["options"]).decode(), "shown_if": shown_if}
        written.append(await write_one(event_id, known, stored))
    return written


async def write_one(event_id: int, known: int | None, stored: dict[str, Any]) -> int:
    if known is None:
        made = await Question.insert(Question(**stored, event=event_id)).returning(Question.id)
        return int(made[0]["id"])
    await Question.update(dict[Any, Any](stored)).where(Question.id == known)
    return known
