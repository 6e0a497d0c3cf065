"""Which pictures are taken: every page once, by whom it is for, and some pages in further states."""

import re
from dataclasses import dataclass
from typing import Literal

from tests.screens.picks import Picks

CHANGING = re.compile(r"(?<=/)(\d+|[0-9A-Z]{10}|(?<=leave/)[^/]+)")
Role = Literal["nobody", "student", "owner", "organizer", "gate", "analyst"]
Act = Literal["", "submit_empty", "wrong_code"]

ROLES: dict[str, Role] = {
    "/organizer/people": "owner",
    "/organizer": "organizer",
    "/gate": "gate",
    "/department": "analyst",
    "/sign-in": "nobody",
    "/staff": "nobody",
    "/dev": "nobody",
    "/api": "nobody",
    "/leave": "nobody",
}


@dataclass(frozen=True, slots=True)
class Shot:
    """`act` is done on the page before its picture; `status` is the answer that is right then."""

    path: str
    role: Role
    note: str = ""
    act: Act = ""
    status: int = 200
    english: bool = False
    large: bool = False

    @property
    def language(self) -> str:
        return "en" if self.english else "zh-CN"

    @property
    def name(self) -> str:
        """The same in every run: ids and codes are left out of it."""
        path = CHANGING.sub("one", self.path.partition("?")[0]).strip("/").replace("/", "-") or "home"
        return "_".join([self.role, path, *filter(None, [self.note]), *["en"] * self.english, *["large"] * self.large])


def role_of(path: str) -> Role:
    return next((role for start, role in ROLES.items() if path == start or path.startswith(f"{start}/")), "student")


def every_page(paths: list[str], student: Picks, organizer: Picks) -> list[Shot]:
    return [Shot(path.format(**picks_for(path, student, organizer)), role_of(path)) for path in paths]


def picks_for(path: str, student: Picks, organizer: Picks) -> Picks:
    return organizer if role_of(path) in ("owner", "organizer", "gate", "analyst") else student


def further(s: Picks, o: Picks) -> list[Shot]:
    """States that a page has besides its usual one."""
    new_event = f"/organizer/events/new?programme={o['programme_id']}"
    return [
        *(Shot(path, "nobody", "signed_out") for path in ("/", f"/events/{s['event_id']}", "/calendar")),
        *(Shot(path, "student", english=True) for path in ("/", f"/events/{s['event_id']}", "/calendar", "/tickets")),
        *(Shot(path, "student", english=True) for path in (f"/tickets/{s['code']}", "/me", "/me/inbox")),
        Shot(f"/sessions/{s['session_id']}/booking", "student", english=True),
        *(Shot(path, "organizer", english=True) for path in ("/organizer", f"/organizer/events/{o['event_id']}")),
        Shot(f"/organizer/events/{o['event_id']}/attendees", "organizer", english=True),
        Shot(f"/department/{o['department_id']}", "analyst", english=True),
        Shot(f"/gate/{o['stop_id']}", "gate", english=True),
        *(Shot(path, "student", large=True) for path in ("/", f"/tickets/{s['code']}", f"/events/{s['event_id']}")),
        Shot("/?text=不存在的活动", "student", "nothing_found"),
        Shot("/?when=week", "student", "week"),
        Shot(f"/events/{s['full_event_id']}", "student", "full"),
        Shot(f"/events/{s['later_event_id']}", "student", "later"),
        Shot(f"/events/{s['open_event_id']}", "student", "open"),
        Shot(f"/events/{s['cancelled_event_id']}", "student", "cancelled"),
        Shot(f"/events/{s['postponed_event_id']}", "student", "postponed"),
        Shot(f"/tickets/{s['past_code']}", "student", "past"),
        Shot(f"/tickets/{s['cancelled_code']}", "student", "cancelled"),
        Shot(f"/sessions/{s['session_id']}/booking", "student", "refused", "submit_empty", 422),
        Shot("/sign-in", "nobody", "refused", "submit_empty", 422),
        Shot("/sign-in", "nobody", "code", "wrong_code", 422),
        Shot("/events/999999", "student", "absent", status=404),
        Shot("/organizer/events/999999", "organizer", "absent", status=404),
        Shot(new_event, "organizer", "form"),
        Shot(new_event, "organizer", "refused", "submit_empty", 422),
        Shot("/organizer/programmes/new", "owner", "refused", "submit_empty", 422),
        Shot(f"/organizer/events/{o['event_id']}/sessions/new", "organizer", "refused", "submit_empty", 422),
        Shot(f"/organizer/events/{o['event_id']}/attendees?q=查无此人", "organizer", "nothing_found"),
        Shot(f"/organizer/people/roster/{o['applied_import_id']}", "owner", "applied"),
        Shot("/organizer/people/staff", "owner", "refused", "submit_empty", 422),
        Shot("/organizer/people/tokens", "owner", "refused", "submit_empty", 422),
        Shot("/organizer/people/roster", "owner", "refused", "submit_empty", 422),
        Shot(f"/department/{o['department_id']}?by=college", "analyst", "by_college"),
        Shot(f"/department/{o['department_id']}?period=custom&since=2030-01-01&until=2030-02-01", "analyst", "empty"),
        Shot(f"/gate/{o['stop_id']}?search=不在名单", "gate", "nothing_found"),
        Shot(f"/gate/{o['stop_id']}", "gate", "refused", "wrong_code"),
    ]
