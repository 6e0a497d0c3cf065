"""Rows of figures: those entered by hand, and the tallies that make a cut over a million attendances quick."""

from typing import Any

from piccolo.columns import (
    BigSerial,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    Numeric,
    Serial,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Unique
from piccolo.table import Table

from events.catalogue.tables import Programme
from events.people.tables import Department, Staff, Student

PLACES = 2048  # students in a block: 256 bytes of bits, so that a row never leaves its page


class ManualFigure(Table):
    """Shown with ※ and its source; never mixed into what the scans say."""

    id: Serial
    code = Varchar(60, unique=True)
    department = ForeignKey(Department, null=False)
    programme = ForeignKey(Programme, null=True, default=None)
    label = Varchar(200)
    year = SmallInt(null=True, default=None)
    value = Numeric((14, 2), null=True, default=None)
    unit = Varchar(10)
    remark = Text()
    source = Text()
    entered_by = ForeignKey(Staff, null=True, default=None)
    entered_at = Timestamptz(default=TimestamptzNow())


class Bits(Column):
    """PostgreSQL's bit(n)."""

    value_type = bytes

    def __init__(self, length: int, **more: Any) -> None:
        self.length = length
        super().__init__(length=length, **more)

    @property
    def column_type(self) -> str:
        return f"BIT({self.length})"


class CountedMonth(Table):
    """Every (host, month) that has attendances. `stale`: they changed since the tally, so it is not to be used.

    A trigger on attendance sets it, in the commit of the change.
    """

    id: Serial
    host = ForeignKey(Department, null=False)
    month = Date()  # its first day
    stale = Boolean(default=True)
    once = Unique(["host", "month"])


class CountedStudent(Table):
    """A student's bit in the tallies. Those of one college share blocks, so that the tallies stay few and dense."""

    student = ForeignKey(Student, null=False, primary_key=True)
    college = Varchar(100)  # whose block it is; the student may move on, the bit stays
    block = Integer()
    place = SmallInt()
    once = Unique(["block", "place"])


class Tally(Table):
    """The attendances of one host and month (`counted`), programme, kind and college, of the students of one block.

    `month` is repeated so that a cut reads this table alone. The three numbers are bookings by outcome; `people` has
    a bit for each student who attended.
    """

    id: BigSerial = BigSerial(primary_key=True)
    counted = ForeignKey(CountedMonth, null=False)
    month = Date()
    programme = ForeignKey(Programme, null=False)
    kind = Varchar(20)
    college = Varchar(100)
    block = Integer()
    attended = Integer()
    absent = Integer()
    excused = Integer()
    people = Bits(PLACES)
    once = Unique(["counted", "programme", "kind", "college", "block"])
