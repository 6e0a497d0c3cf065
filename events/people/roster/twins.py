"""Rows that speak of the same number, or share a contact."""

from collections import defaultdict
from collections.abc import Sequence

from events.people.roster.drafts import Draft
from events.people.roster.shapes import Doubt, DoubtKind, Fault, Field

CONTACTS = (Field.PHONE, Field.EMAIL)


def settle_twins(drafts: Sequence[Draft]) -> None:
    """The same row again counts once; two people, or two versions of one, under a number refuse each other."""
    for twins in _by(Field.NUMBER, drafts):
        reason = _conflict(twins)
        if reason:
            _refuse_each_other(twins, reason)
        else:
            _keep_the_first(twins)


def doubt_shared_contacts(drafts: Sequence[Draft]) -> None:
    """A phone or an address signs one person in, so two students who give the same one should be looked at."""
    kept = [draft for draft in drafts if not draft.problems and draft.repeats is None]
    for contact in CONTACTS:
        for sharers in _by(contact, kept):
            for draft in sharers:
                others = _lines_of_others(draft, sharers)
                draft.doubts.append(Doubt(DoubtKind.SHARED_CONTACT, draft.cell(contact), contact, lines=others))


def _by(field: Field, drafts: Sequence[Draft]) -> list[list[Draft]]:
    groups: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if value := draft.facts.get(field):
            groups[value].append(draft)
    return [group for group in groups.values() if len(group) > 1]


def _conflict(twins: Sequence[Draft]) -> Fault | None:
    names = {name for draft in twins if (name := draft.facts.get(Field.NAME))}
    sound = [draft.facts for draft in twins if not draft.problems]
    if len(names) > 1:
        return Fault.TWO_PEOPLE
    return Fault.TWO_VERSIONS if any(facts != sound[0] for facts in sound) else None


def _refuse_each_other(twins: Sequence[Draft], reason: Fault) -> None:
    for draft in twins:
        draft.refuse(Field.NUMBER, reason, _lines_of_others(draft, twins))


def _keep_the_first(twins: Sequence[Draft]) -> None:
    first, *others = [draft for draft in twins if not draft.problems] or [twins[0]]
    for draft in others:
        draft.repeats = first.line


def _lines_of_others(draft: Draft, group: Sequence[Draft]) -> tuple[int, ...]:
    return tuple(other.line for other in group if other is not draft)
