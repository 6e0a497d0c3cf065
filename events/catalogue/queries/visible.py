"""Who may see an event: once as SQL for lists, once in Python for a single page. A test holds the two together."""

from datetime import datetime

import msgspec

from events.catalogue.eligibility import Eligibility, admits, facts_of
from events.catalogue.rules import Visibility
from events.people.queries import StudentProfile

# $1: the viewer's facts as jsonb, or NULL when nobody is signed in. An event that goes by its link is in no list.
LISTED = """event.published_at IS NOT NULL AND event.state <> 'draft' AND (
    event.visibility = 'public'
    OR event.visibility = 'signed_in' AND $1::jsonb IS NOT NULL
    OR event.visibility = 'eligible' AND $1::jsonb IS NOT NULL AND NOT EXISTS (
        SELECT FROM jsonb_array_elements(event.eligibility -> 'all') AS clause
        WHERE NOT EXISTS (
            SELECT FROM jsonb_array_elements(clause -> 'any') AS condition
            WHERE condition -> 'is' @> ($1::jsonb -> (condition ->> 'fact')))))"""

POSTER_VERSION = "(SELECT left(sha256, 16) FROM poster WHERE poster.event = event.id)"


def places_of(session: str) -> str:
    """SQL: one row with the free places, all places and places held of a session. The rule is `availability.groups`."""
    return f"""SELECT coalesce(min(free), 0)::int AS free, coalesce(min(places), 0)::int AS places,
                      coalesce(max(held), 0)::int AS held
               FROM (SELECT sum(capacity - taken) AS free, sum(capacity) AS places, sum(taken) AS held FROM pool
                     WHERE pool.session = {session}.id GROUP BY choice, CASE WHEN choice = '' THEN id END) AS part"""


def facts_json(viewer: StudentProfile | None) -> str | None:
    return msgspec.json.encode(facts_of(viewer)).decode() if viewer else None


def may_see(
    state: str, visibility: str, published_at: datetime | None, rule: Eligibility, viewer: StudentProfile | None
) -> bool:
    """Whether the page of an event is for the viewer."""
    if published_at is None or state == "draft":
        return False
    if visibility in (Visibility.PUBLIC, Visibility.LINK):
        return True
    if viewer is None:
        return False
    return visibility == Visibility.SIGNED_IN or admits(rule, viewer)
