"""Text messages. No provider is wired, for signatures and templates must be filed first: this driver is a dry run."""

import structlog

from events.people.masks import mask_phone
from workers.post.letter import Letter

log = structlog.get_logger(__name__)


async def send_sms(letter: Letter) -> None:
    """Dry run: logs whom it would reach, and never the words, for they may hold a code."""
    log.info("sms_dry_run", phone=mask_phone(letter.address), characters=len(letter.text), notice=letter.notice_id)
