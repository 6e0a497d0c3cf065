"""Every macro on a few pages, for the eye: `python -m tests.templates.gallery FOLDER` writes files to look at."""

import re
import sys
from pathlib import Path

from templates.assets import DIST
from templates.environment import environment
from tests.templates.shell import Page, Shell

HERE = Path(__file__).parent / "gallery"
AUDIENCES = {"counts": "organizer", "organizer_form": "organizer", "gate": "gate"}
TABS = {"home": "home", "ticket": "tickets", "counts": "counts", "organizer_form": "events"}


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name in sorted(path.stem for path in HERE.glob("*.html")):
        (folder / f"{name}.html").write_text(gallery_page(name), "utf-8")
    (folder / "home_en.html").write_text(gallery_page("home", locale="en"), "utf-8")
    (folder / "home_large.html").write_text(gallery_page("home", large=True), "utf-8")
    (folder / "form_large.html").write_text(gallery_page("form", large=True), "utf-8")


def gallery_page(name: str, **shell: object) -> str:
    """The page with the addresses of its files turned into files of this machine."""
    frame = Shell(audience=AUDIENCES.get(name, "student"), tab=TABS.get(name, ""), **shell)  # type: ignore[arg-type]
    template = environment(frame.locale).from_string((HERE / f"{name}.html").read_text("utf-8"))
    return re.sub(r'(?<=")/static/dist/', f"{DIST.as_uri()}/", template.render(page=Page(frame)))


if __name__ == "__main__":
    main()
