"""Rows of what a session's scans amount to."""

from piccolo.columns import BigSerial, Date, ForeignKey, Integer, SmallInt, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check
from piccolo.table import Table

from events.booking.tables import Booking
from events.catalogue.tables import Programme, Session
from events.people.tables import Department, Student


class Attendance(Table):
    """One row for each confirmed booking of a settled session.

    Programme, host, kind, college and day are copied in: they are what they were on the day,
    and a department's cut reads one narrow table.
    """

    id: BigSerial = BigSerial(primary_key=True)
    booking = ForeignKey(Booking, null=False, unique=True)
    session = ForeignKey(Session, null=False, index=True)
    student = ForeignKey(Student, null=False)
    programme = ForeignKey(Programme, null=False)
    host = ForeignKey(Department, null=False)
    kind = Varchar(20)
    college = Varchar(100)
    day = Date()
    state = Varchar(10)
    evidence = Varchar(10)
    minutes = Integer(null=True, default=None)
    stops = SmallInt(default=0)
    settled_at = Timestamptz(default=TimestamptzNow())
    known_state = Check("state IN ('attended', 'absent', 'excused')")
