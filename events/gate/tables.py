"""Rows of the gate: stops, every scan that was ever made, and who is admitted now."""

from piccolo.columns import UUID, BigInt, BigSerial, Boolean, ForeignKey, Serial, SmallInt, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from events.booking.tables import Booking
from events.catalogue.tables import Event, Session
from events.people.tables import Staff


class Stop(Table):
    """A point where people are scanned. `counts`: a good scan here makes an attendance."""

    id: Serial
    event = ForeignKey(Event, null=False, index=True)
    name = Varchar(60)
    position = SmallInt(default=0)
    counts = Boolean(default=True)
    direction = Varchar(3, default="in")
    retired_at = Timestamptz(null=True, default=None)
    known_direction = Check("direction IN ('in', 'out')")


class Scan(Table):
    """One immutable row for each time a code was read. An undo is a further row that names the first."""

    id: BigSerial = BigSerial(primary_key=True)
    nonce = UUID(unique=True)
    stop = ForeignKey(Stop, null=False, index=True)
    session = ForeignKey(Session, null=True, default=None)
    booking = ForeignKey(Booking, null=True, default=None, index=True)
    admitted = Boolean()
    reason = Varchar(20)  # empty when admitted
    source = Varchar(10)
    code_read = Text()
    staff = ForeignKey(Staff, null=True, default=None)
    device_time = Timestamptz(null=True, default=None)
    scanned_at = Timestamptz(default=TimestamptzNow())
    undoes = BigInt(null=True, default=None)


class Admission(Table):
    """A booking that is through a stop now: the claim that only one scan can make."""

    id: BigSerial = BigSerial(primary_key=True)
    booking = ForeignKey(Booking, null=False)
    stop = ForeignKey(Stop, null=False)
    scan = ForeignKey(Scan, null=False)
    at = Timestamptz(default=TimestamptzNow())
    once = Unique(["booking", "stop"])
