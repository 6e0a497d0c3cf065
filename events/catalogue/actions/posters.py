"""The poster of an event, drawn anew before it is kept."""

from events import database
from events.catalogue.actions.hold import hold_live_event
from events.catalogue.poster import BadImage, Poster, reencode_async
from events.errors import Fault, Invalid
from events.people.queries import StaffMember


async def set_poster(staff: StaffMember, event_id: int, content: bytes) -> str:
    """The sha256 of what is shown. Raises NotFound, Refused CANCELLED, Invalid `poster` (detail `image`: why)."""
    async with database.transaction():
        await hold_live_event(staff, event_id)  # a stranger's picture is not even opened
    poster = await redrawn(content)  # takes up to seconds: nothing is locked meanwhile
    async with database.transaction():
        await hold_live_event(staff, event_id)
        await database.rows(
            """INSERT INTO poster (event, content, thumb, sha256) VALUES ($1, $2, $3, $4)
               ON CONFLICT (event) DO UPDATE SET content = excluded.content, thumb = excluded.thumb,
                   sha256 = excluded.sha256, created_at = clock_timestamp()""",
            event_id,
            poster.content,
            poster.thumb,
            poster.sha256,
        )
    return poster.sha256


async def remove_poster(staff: StaffMember, event_id: int) -> None:
    """Done twice, the first time counts. Raises NotFound, Refused CANCELLED."""
    async with database.transaction():
        await hold_live_event(staff, event_id)
        await database.rows("DELETE FROM poster WHERE event = $1", event_id)


async def redrawn(content: bytes) -> Poster:
    try:
        return await reencode_async(content)
    except BadImage as error:
        raise Invalid({"poster": Fault.BAD_FILE}, image=error.reason) from error
