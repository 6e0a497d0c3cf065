"""All pictures on one page, those with something to complain of first."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from tests.screens.camera import Taken

STYLE = """body { font: 15px/1.5 system-ui, sans-serif; margin: 24px; background: #eee; color: #222 }
section { display: flex; gap: 16px; align-items: start; margin-bottom: 40px; overflow-x: auto }
figure { margin: 0; background: #fff; padding: 8px } img { display: block; height: 600px; border: 1px solid #ccc }
.wrong { color: #98203d }"""


def write_album(folder: Path, taken: Sequence[Taken]) -> Path:
    names = dict.fromkeys(each.shot.name for each in sorted(taken, key=lambda each: not each.problems))
    body = "\n".join(chapter(name, [each for each in taken if each.shot.name == name]) for name in names)
    head = f'<meta charset="utf-8"><title>Screens</title><style>{STYLE}</style>'
    page = f'<!doctype html><html lang="en">{head}{body}</html>'
    file = folder / "index.html"
    file.write_text(page, encoding="utf-8")
    return file


def chapter(name: str, taken: Sequence[Taken]) -> str:
    shot = taken[0].shot
    head = f"<h2>{escape(name)}</h2><p>{escape(shot.role)} at <code>{escape(shot.path)}</code></p>"
    return f"{head}<section>{''.join(picture(each) for each in taken)}</section>"


def picture(taken: Taken) -> str:
    wrong = "".join(f'<p class="wrong">{escape(each)}</p>' for each in taken.problems)
    return f'<figure><a href="{taken.file.name}"><img src="{taken.file.name}" alt=""></a>{taken.size}{wrong}</figure>'
