"""`python -m tests.screens`: a picture of every page, at a phone's and a desk's size, in screens/.

Words choose among them by name: `… ticket organizer`; `… readme` renews the two pictures in docs/ instead.
Fails when a page answers as it should not, the browser complains, a page is wider than the phone, or `look.js` finds
something to mend.
"""

import asyncio
import logging
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from events import database
from events.seeds.cast import DORA, OLGA, OWNER, SAM, STAR
from tests.e2e.browsing import CHROMIUM, QUIET, playwright
from tests.screens.album import write_album
from tests.screens.camera import Camera, Taken
from tests.screens.house import stage
from tests.screens.picks import organizer_picks, student_picks
from tests.screens.readme import take_pictures
from tests.screens.routes import pages
from tests.screens.shots import Role, Shot, every_page, further

SCREENS = Path("screens")
ACCOUNTS: dict[Role, str] = {
    role: part.email for role, part in (("owner", OWNER), ("organizer", OLGA), ("gate", SAM), ("analyst", DORA))
}


async def main(words: Sequence[str]) -> int:
    if not words:
        shutil.rmtree(SCREENS, ignore_errors=True)
    SCREENS.mkdir(exist_ok=True)
    async with stage() as opened, playwright() as running:
        people = await cast()
        league = await database.value("SELECT id FROM department WHERE code = $1", OLGA.departments[0])
        student, organizer = await student_picks(people["student"]), await organizer_picks(league)
        chromium = await running.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        camera = Camera(chromium, opened.url, opened.settings, people, SCREENS)
        if "readme" in words:
            print(*await take_pictures(camera, student))
            return 0
        shots = [*every_page(pages(opened.settings), student, organizer), *further(student, organizer)]
        return report([told(each) for shot in chosen(shots, words) for each in await camera.take(shot)])


def chosen(shots: Sequence[Shot], words: Sequence[str]) -> list[Shot]:
    assert len({each.name for each in shots}) == len(shots), sorted(each.name for each in shots)
    return [each for each in shots if not words or any(word in each.name for word in words)]


def report(taken: Sequence[Taken]) -> int:
    wrong = [each for each in taken if each.problems]
    print(f"{len(taken)} pictures, {len(wrong)} with something to mend: {write_album(SCREENS, taken)}")
    return 1 if wrong else 0


async def cast() -> dict[Role, int]:
    staff = {
        role: await database.value("SELECT id FROM staff WHERE email = $1", mail) for role, mail in ACCOUNTS.items()
    }
    return {"student": await database.value("SELECT id FROM student WHERE number = $1", STAR), **staff}


def told(taken: Taken) -> Taken:
    for problem in taken.problems:
        print(f"{taken.file.name}: {problem}", flush=True)
    return taken


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was started is stopped then, too
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    sys.exit(asyncio.run(main(sys.argv[1:])))
