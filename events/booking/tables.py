"""Rows of the ledger: a student's claim on a session, and how it ended."""

from piccolo.columns import JSONB, Array, BigSerial, Bytea, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check
from piccolo.table import Table

from events.catalogue.tables import Question, Session
from events.people.tables import Staff, Student


class Booking(Table):
    """`pools` are the ids of the pools in which it holds a place while confirmed.

    One live booking for each student and session: a partial unique index stands behind it.
    """

    id: BigSerial = BigSerial(primary_key=True)
    code = Varchar(10, unique=True)
    session = ForeignKey(Session, null=False, index=True)
    student = ForeignKey(Student, null=False, index=True)
    state = Varchar(10)
    pools = Array(base_column=Integer())
    answers = JSONB(default="{}")
    source = Varchar(10, default="student")
    created_at = Timestamptz(default=TimestamptzNow())
    changed_at = Timestamptz(default=TimestamptzNow())
    known_state = Check("state IN ('applied', 'waitlisted', 'confirmed', 'declined', 'cancelled', 'on_leave')")


class Cancellation(Table):
    """Who gave the place back, when and why. Both columns empty: the event itself was cancelled."""

    id: BigSerial = BigSerial(primary_key=True)
    booking = ForeignKey(Booking, null=False, unique=True)
    by_student = ForeignKey(Student, null=True, default=None)
    by_staff = ForeignKey(Staff, null=True, default=None)
    reason = Text()
    at = Timestamptz(default=TimestamptzNow())


class AnswerFile(Table):
    """A file given as an answer; readable only through its booking."""

    id: BigSerial = BigSerial(primary_key=True)
    booking = ForeignKey(Booking, null=False, index=True)
    question = ForeignKey(Question, null=False)
    filename = Varchar(200)
    media_type = Varchar(60)
    content = Bytea()
    created_at = Timestamptz(default=TimestamptzNow())
