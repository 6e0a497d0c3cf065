"""Rows of tickets and of the keys that sign them."""

from piccolo.columns import UUID, Bytea, ForeignKey, SmallInt, Timestamptz
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.table import Table

from events.booking.tables import Booking
from events.catalogue.tables import Session


class TicketKey(Table):
    """An Ed25519 key pair; the private half is sealed with the server's secret."""

    id = SmallInt(primary_key=True)
    public = Bytea()
    sealed = Bytea()
    created_at = Timestamptz(default=TimestamptzNow())
    retired_at = Timestamptz(null=True, default=None)


class Ticket(Table):
    """What is signed. The code itself is made from this row when it is shown."""

    id: UUID = UUID(primary_key=True)
    booking = ForeignKey(Booking, null=False, unique=True)
    session = ForeignKey(Session, null=False)
    valid_from = Timestamptz()
    valid_until = Timestamptz()
    issued_at = Timestamptz(default=TimestamptzNow())
    revoked_at = Timestamptz(null=True, default=None)
