"""What staff and the operator do about people: departments, staff and their roles, rosters, tokens."""

from events.people.actions.departments import found_department
from events.people.actions.importing import import_roster_file
from events.people.actions.roster import apply_roster, preview_roster
from events.people.actions.staff import (
    StaffRefusal,
    StaffRefused,
    add_staff,
    appoint,
    disable_staff,
    enable_staff,
    remove_role,
)
from events.people.actions.tokens import NewToken, create_token, revoke_token

__all__ = [
    "NewToken",
    "StaffRefusal",
    "StaffRefused",
    "add_staff",
    "apply_roster",
    "appoint",
    "create_token",
    "disable_staff",
    "enable_staff",
    "found_department",
    "import_roster_file",
    "preview_roster",
    "remove_role",
    "revoke_token",
]
