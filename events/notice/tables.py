"""Rows of the post room: what must go out, what lies in the in-app inbox, what development may read."""

from piccolo.columns import JSONB, UUID, BigInt, BigSerial, Bytea, ForeignKey, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from events.people.tables import Student


class Notice(Table):
    """A letter that must go out, written in the commit of its cause.

    `facts` holds ids only; the words are composed from the state at the time of sending.
    """

    id: BigSerial = BigSerial(primary_key=True)
    dedupe_key = Varchar(120, unique=True)
    kind = Varchar(30)
    student = ForeignKey(Student, null=True, default=None)
    address = Varchar(254, null=True, default=None)  # for people without a student row: staff, sign-in codes
    booking_id = BigInt(null=True, default=None)
    facts = JSONB(default="{}")
    due_at = Timestamptz(default=TimestamptzNow())
    state = Varchar(10, default="pending")
    lease_token = UUID(null=True, default=None)
    lease_until = Timestamptz(null=True, default=None)
    attempts = SmallInt(default=0)
    last_error = Text()
    sent_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())
    known_state = Check("state IN ('pending', 'leased', 'sent', 'dropped', 'failed')")


class InboxMessage(Table):
    """A letter in the student's in-app inbox."""

    id: BigSerial = BigSerial(primary_key=True)
    student = ForeignKey(Student, null=False, index=True)
    notice = ForeignKey(Notice, null=False)
    title = Varchar(200)
    body = Text()
    link = Varchar(200)
    created_at = Timestamptz(default=TimestamptzNow())
    read_at = Timestamptz(null=True, default=None)
    once = Unique(["notice"])


class DevLetter(Table):
    """A letter as it went out, kept only in development and shown at /dev/inbox."""

    id: BigSerial = BigSerial(primary_key=True)
    channel = Varchar(10)
    address = Varchar(254)
    subject = Varchar(200)
    text = Text()
    calendar = Bytea(null=True, default=None)
    sent_at = Timestamptz(default=TimestamptzNow())
