"""Small line drawings, 24 × 24, stroked in the colour of the text beside them."""

from functools import cache
from typing import Final

from markupsafe import Markup


def _ring(x: float, y: float, radius: float) -> str:
    across = 2 * radius
    return f"M{x + radius} {y}a{radius} {radius} 0 1 1-{across} 0 {radius} {radius} 0 0 1 {across} 0z"


PATHS: Final[dict[str, str]] = {
    # places of the interface
    "home": "M4 11 12 4l8 7v9h-6v-6h-4v6H4z",
    "calendar": "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
    "ticket": "M4 7h16v3a2 2 0 0 0 0 4v3H4v-3a2 2 0 0 0 0-4zM14 7v2M14 11v2M14 15v2",
    "person": f"{_ring(12, 8, 4)}M4 21c1-5 4-7 8-7s7 2 8 7",
    "people": f"{_ring(9, 8, 4)}M2 20c.6-4 3-6 7-6s6.4 2 7 6M16 4.5a4 4 0 0 1 0 7M18.5 14.5c2 .8 3.1 2.7 3.5 5.5",
    "desk": "M4 4h7v9H4zM13 4h7v5h-7zM13 12h7v8h-7zM4 16h7v4H4z",
    "list": "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
    "scan": "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16",
    "chart": "M4 20h16M7 16v-4M12 16V6M17 16V9",
    "folder": "M3 6h6l2 2h10v11H3z",
    "building": "M5 21V4h9v17M14 9h5v12M3 21h18M8.5 8h2M8.5 12h2M8.5 16h2",
    "settings": f"M4 7h10M18 7h2M4 17h2M10 17h10{_ring(16, 7, 2)}{_ring(8, 17, 2)}",
    # acts
    "search": f"{_ring(10.5, 10.5, 6.5)}M15.3 15.3 20 20",
    "filter": "M4 6h16M7 12h10M10 18h4",
    "plus": "M12 5v14M5 12h14",
    "minus": "M5 12h14",
    "edit": "M5 19h3.5L19 8.5 15.5 5 5 15.5zM13 7.5l3.5 3.5",
    "copy": "M9 9h11v11H9zM15 9V4H4v11h5",
    "trash": "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
    "download": "M12 4v11M7.5 10.5 12 15l4.5-4.5M4 20h16",
    "upload": "M12 16V5M7.5 9.5 12 5l4.5 4.5M4 20h16",
    "share": "M12 15V4M8 7.5 12 3.5l4 4M6 11H4v9h16v-9h-2",
    "external": "M10 5H5v14h14v-5M14 4h6v6M20 4l-9 9",
    "refresh": "M20 5v5h-5M4 19v-5h5M19.4 10A8 8 0 0 0 5.6 7M4.6 14a8 8 0 0 0 13.8 3",
    "undo": "M9 6 4 11l5 5M4 11h10a6 6 0 0 1 0 12",
    "back": "M15 5l-7 7 7 7",
    "forward": "M9 5l7 7-7 7",
    "down": "M5 9l7 7 7-7",
    "check": "M4.5 12.5 10 18 20 6.5",
    "cross": "M6 6l12 12M18 6 6 18",
    "exit": "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
    "camera": f"M3 8h4l2-3h6l2 3h4v11H3z{_ring(12, 13, 4)}",
    "keyboard": "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M18 10h.01M8 14h8",
    # things
    "bell": "M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 19a2 2 0 0 0 4 0M12 3v2",
    "mail": "M3 6h18v13H3zM3 7l9 7 9-7",
    "phone": "M8 3h8v18H8zM11 18h2",
    "place": f"M12 21c-4.5-5-7-8.2-7-11.5a7 7 0 0 1 14 0C19 12.8 16.5 16 12 21z{_ring(12, 9.5, 2.5)}",
    "clock": f"{_ring(12, 12, 8)}M12 7v5l3.5 2",
    "bus": "M5 5h14v12H5zM5 12h14M8 17v3M16 17v3M8 14.5h.01M16 14.5h.01",
    "star": "M12 4l2.5 5.2 5.7.8-4.1 4 1 5.7L12 17l-5.1 2.7 1-5.7-4.1-4 5.7-.8z",
    "flag": "M6 21V4M6 5h12l-2.5 4L18 13H6",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "eye": f"M2.5 12C5 7.7 8 5.5 12 5.5s7 2.2 9.5 6.5c-2.5 4.3-5.5 6.5-9.5 6.5S5 16.3 2.5 12z{_ring(12, 12, 3)}",
    "image": "M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.5L20 17M15.5 9h.01",
    "file": "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
    "globe": f"{_ring(12, 12, 8)}M4 12h16M12 4c5 5 5 11 0 16M12 4c-5 5-5 11 0 16",
    "text-size": "M3 18 8 6l5 12M4.7 14h6.6M15 18l3-7 3 7M16 15.7h4",
    "offline": "M4 4l16 16M8.5 15.5a5 5 0 0 1 6 0M5 12a10 10 0 0 1 4-2.5M19 12a10 10 0 0 0-5.5-2.9M12 19h.01",
    "award": f"{_ring(12, 9, 5)}M9 13.5 7.5 21l4.5-2.5 4.5 2.5-1.5-7.5",
    # tones of a message
    "info": f"{_ring(12, 12, 8)}M12 11v5M12 8h.01",
    "warning": "M12 4 3 20h18zM12 10v5M12 17.5h.01",
}  # fmt: skip


@cache
def icon(name: str, label: str | None = None) -> Markup:
    """The drawing as inline SVG, silent unless it has a `label`; raises KeyError for an unknown name."""
    meaning = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" viewBox="0 0 24 24" {}><path d="{}"/></svg>').format(meaning, PATHS[name])
