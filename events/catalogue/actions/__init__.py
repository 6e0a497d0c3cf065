"""What organizers do to the catalogue. Each verb is one transaction, or takes part in its caller's."""

from events.catalogue.actions.clones import ALL_PARTS, Part, clone_event
from events.catalogue.actions.events import create_event, edit_event, set_eligibility
from events.catalogue.actions.hold import Changed
from events.catalogue.actions.pools import set_pools
from events.catalogue.actions.posters import remove_poster, set_poster
from events.catalogue.actions.programmes import (
    archive_programme,
    create_programme,
    edit_programme,
    restore_programme,
)
from events.catalogue.actions.publishing import cancel_event, postpone_event, publish_event, unpublish_event
from events.catalogue.actions.questions import set_questions
from events.catalogue.actions.recurring import add_sessions_by_recurrence
from events.catalogue.actions.sessions import add_session, cancel_session, edit_session, remove_session

__all__ = [
    "ALL_PARTS",
    "Changed",
    "Part",
    "add_session",
    "add_sessions_by_recurrence",
    "archive_programme",
    "cancel_event",
    "cancel_session",
    "clone_event",
    "create_event",
    "create_programme",
    "edit_event",
    "edit_programme",
    "edit_session",
    "postpone_event",
    "publish_event",
    "remove_poster",
    "remove_session",
    "restore_programme",
    "set_eligibility",
    "set_pools",
    "set_poster",
    "set_questions",
    "unpublish_event",
]
