"""Reads a page as a browser does: its text, its links, its forms with what they hold."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

SILENT = ("script", "style", "title")


@dataclass
class ShownForm:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    files: bool = False


class Seen(HTMLParser):
    """`text` is what is read aloud; `marks` every tag with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.marks: list[tuple[str, dict[str, str | None]]] = []
        self.forms: list[ShownForm] = []
        self.parts: list[str] = []
        self.within: list[str] = []
        self.open_form: ShownForm | None = None
        self.area: str | None = None
        self.feed(page)
        self.close()

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.parts).split())

    @property
    def links(self) -> list[str]:
        return [given["href"] or "" for name, given in self.marks if name == "a" and "href" in given]

    def form(self, action: str) -> ShownForm:
        """The one form that leads to this address."""
        (found,) = [each for each in self.forms if each.action == action]
        return found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.marks.append((tag, given))
        self.within.append(tag)
        if tag == "form":
            self.open_form = ShownForm(given.get("action") or "", given.get("method") or "get")
            self.open_form.files = given.get("enctype") == "multipart/form-data"
            self.forms.append(self.open_form)
        if self.open_form is not None and given.get("name"):
            self.note_field(tag, str(given["name"]), given)

    def note_field(self, tag: str, name: str, given: dict[str, Any]) -> None:
        assert self.open_form is not None
        if tag == "textarea":
            self.area = name
            self.open_form.fields[name] = ""
        elif given.get("type") in ("checkbox", "radio"):
            if "checked" in given:
                self.open_form.fields[name] = given.get("value") or "on"
        elif tag == "input" and given.get("type") != "file":
            self.open_form.fields[name] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        while self.within and self.within.pop() != tag:
            pass
        if tag == "form":
            self.open_form = None
        if tag == "textarea":
            self.area = None

    def handle_data(self, data: str) -> None:
        if self.area is not None and self.open_form is not None:
            self.open_form.fields[self.area] += data
        if not any(tag in self.within for tag in SILENT):
            self.parts.append(data)


async def see(browser: Any, path: str, status: int = 200, **more: Any) -> Seen:
    """The page at an address, where every redirect has been followed."""
    answer = await browser.get(path, **more)
    assert answer.status_code == status, (path, answer.status_code, Seen(answer.text).text[:300])
    return Seen(answer.text)


async def press(browser: Any, shown: ShownForm, **typed: str) -> Any:
    """Submits the form as it stands, with what is typed over it."""
    assert shown.method == "post"
    data: dict[str, Any] = {**shown.fields, **typed}
    if shown.files:
        return await browser.post(
            shown.action, files={name: (None, value.encode()) for name, value in data.items()}, follow_redirects=False
        )
    return await browser.post(shown.action, data=data, follow_redirects=False)
