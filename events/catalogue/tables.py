"""Rows of what is published: programmes, events, sessions, pools, questions, posters."""

from piccolo.columns import (
    JSONB,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    Serial,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from events.people.tables import Department, Staff


class Programme(Table):
    id: Serial
    code = Varchar(40, unique=True)
    name = Varchar(100)
    name_en = Varchar(200)
    kind = Varchar(20)
    host = ForeignKey(Department, null=False)
    summary = Text()
    note = Text()
    source = Text()
    archived_at = Timestamptz(null=True, default=None)
    is_demo = Boolean(default=False)
    version = Integer(default=1)
    created_at = Timestamptz(default=TimestamptzNow())


class ProgrammePartner(Table):
    id: Serial
    programme = ForeignKey(Programme, null=False)
    department = ForeignKey(Department, null=False)
    once = Unique(["programme", "department"])


class Event(Table):
    """What is published. Times of a session are the session's own; these are the rules they share."""

    id: Serial
    programme = ForeignKey(Programme, null=False, index=True)
    host = ForeignKey(Department, null=False, index=True)
    kind = Varchar(20)
    edition = Varchar(40)
    title = Varchar(100)
    title_en = Varchar(200)
    summary = Varchar(200)
    body = Text()  # Markdown
    place = Varchar(100)
    address = Varchar(200)
    district = Varchar(40)
    state = Varchar(10, default="draft")
    visibility = Varchar(10, default="public")
    admission = Varchar(12, default="first_come")
    needs_booking = Boolean(default=True)
    eligibility = JSONB(default='{"all": []}')
    forbids_clashes = Boolean(default=True)
    published_at = Timestamptz(null=True, default=None)
    version = Integer(default=1)
    is_demo = Boolean(default=False)
    created_by = ForeignKey(Staff, null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())
    known_state = Check("state IN ('draft', 'published', 'postponed', 'cancelled')")
    known_visibility = Check("visibility IN ('public', 'signed_in', 'eligible', 'link')")
    known_admission = Check("admission IN ('first_come', 'draw', 'review')")


class Poster(Table):
    id: Serial
    event = ForeignKey(Event, null=False, unique=True)
    content = Bytea()
    thumb = Bytea()
    sha256 = Varchar(64)
    created_at = Timestamptz(default=TimestamptzNow())


class Session(Table):
    """One dated occurrence. `version` rises when it moves, so that reminders of the old time die."""

    id: Serial
    event = ForeignKey(Event, null=False, index=True)
    starts_at = Timestamptz(index=True)
    ends_at = Timestamptz()
    opens_at = Timestamptz()
    closes_at = Timestamptz()
    cancel_until = Timestamptz()
    place = Varchar(100)  # empty: the event's
    note = Varchar(200)
    state = Varchar(10, default="scheduled")
    version = Integer(default=1)
    settled_at = Timestamptz(null=True, default=None)
    ends_after_start = Check("ends_at > starts_at")
    closes_after_opening = Check("closes_at > opens_at")
    known_state = Check("state IN ('scheduled', 'postponed', 'cancelled')")


class Pool(Table):
    """A counted capacity. A booking takes one place in each pool whose `choice` is empty,
    and in one pool of each group of pools that share a `choice` (a coach by pick-up stop)."""

    id: Serial
    session = ForeignKey(Session, null=False, index=True)
    name = Varchar(60)
    choice = Varchar(40)
    note = Varchar(100)
    position = SmallInt(default=0)
    capacity = Integer()
    taken = Integer(default=0)
    within_capacity = Check("taken >= 0 AND taken <= capacity")


class Question(Table):
    """Asked at booking. A question that was answered is never edited: it is retired and replaced."""

    id: Serial
    event = ForeignKey(Event, null=False, index=True)
    position = SmallInt(default=0)
    kind = Varchar(10)
    label = Varchar(200)
    label_en = Varchar(200)
    help = Varchar(300)
    required = Boolean(default=False)
    options = JSONB(default="[]")
    minimum = Integer(null=True, default=None)
    maximum = Integer(null=True, default=None)
    shown_if = Integer(null=True, default=None)  # id of another question of this event
    shown_if_value = Varchar(200)
    retired_at = Timestamptz(null=True, default=None)
    known_kind = Check("kind IN ('text', 'choice', 'number', 'date', 'file', 'consent')")


class FreeDay(Table):
    """A day on which recurring office hours do not happen: holidays, or a working weekend by exception."""

    day = Date(primary_key=True)
    name = Varchar(60)
    working = Boolean(default=False)
