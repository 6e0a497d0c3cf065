"""Colleges written short: "信工学院" may be 信息工程学院, but 经济学院 may be a college beside 经济与管理学院.

So a short name is written out only where the row itself bears it out: the file has its major in that one college and in
no other. Everywhere else it is kept as written, and doubted.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from events.people.roster.drafts import Draft
from events.people.roster.shapes import Doubt, DoubtKind, Field, How

ENDINGS = ("学院", "学部", "系")
STEM_LEAST = 2  # characters

Candidates = Mapping[str, tuple[str, ...]]


def settle_colleges(drafts: Sequence[Draft], known: Collection[str], aliases: Mapping[str, str]) -> None:
    """Writes out aliases and borne-out short names; doubts the others, and what is not known, if `known` says any."""
    for draft in drafts:
        if draft.facts.get(Field.COLLEGE) in aliases:
            draft.change(Field.COLLEGE, aliases[draft.facts[Field.COLLEGE]], How.COLLEGE_NAME)
    written = {college for draft in drafts if (college := draft.facts.get(Field.COLLEGE))}
    candidates = {short: _written_out(short, written | set(known)) for short in written - set(known)}
    teaching = _teaching(drafts, candidates)
    for draft in drafts:
        _settle(draft, candidates, teaching, bool(known))


def is_short_for(short: str, full: str) -> bool:
    """信工学院 is short for 信息工程学院: the same ending and first character, the others in order, some left out."""
    ending = next((ending for ending in ENDINGS if short.endswith(ending) and full.endswith(ending)), None)
    if ending is None:
        return False
    stem, whole = short.removesuffix(ending), full.removesuffix(ending)
    remaining = iter(whole)
    return STEM_LEAST <= len(stem) < len(whole) and stem[0] == whole[0] and all(mark in remaining for mark in stem)


def _written_out(short: str, colleges: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(full for full in colleges if is_short_for(short, full)))


def _teaching(drafts: Sequence[Draft], candidates: Candidates) -> dict[str, set[str]]:
    """By major, the colleges in which the file has it, as far as they are written in full."""
    teaching: dict[str, set[str]] = defaultdict(set)
    for draft in drafts:
        college, major = draft.facts.get(Field.COLLEGE), draft.facts.get(Field.MAJOR)
        if college and major and not candidates.get(college):
            teaching[major].add(college)
    return teaching


def _settle(draft: Draft, candidates: Candidates, teaching: Mapping[str, set[str]], listed: bool) -> None:
    college = draft.facts.get(Field.COLLEGE, "")
    if college not in candidates:
        return
    fulls = candidates[college]
    if len(fulls) == 1 and teaching.get(draft.facts.get(Field.MAJOR, "")) == set(fulls):
        draft.change(Field.COLLEGE, fulls[0], How.COLLEGE_NAME)
    elif fulls or listed:
        kind = DoubtKind.COLLEGE_UNSURE if fulls else DoubtKind.COLLEGE_UNKNOWN
        draft.doubts.append(Doubt(kind, draft.cell(Field.COLLEGE), Field.COLLEGE, college, fulls))
