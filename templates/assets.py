"""Where the built files are: the `manifest.json` of the client build knows the hashed name of each of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DIST: Final = Path(__file__).parent.parent / "web" / "static" / "dist"
SERVED_UNDER: Final = "/static/dist/"


class AssetMissing(LookupError):
    """The build does not have this file, or nothing was built yet."""


@dataclass(frozen=True)
class Assets:
    """The built files by their plain names, such as `site.css` or `posters/race.svg`."""

    hashed: Mapping[str, str]

    def url(self, name: str) -> str:
        """`/static/dist/…` of a built file; raises AssetMissing."""
        if name not in self.hashed:
            raise AssetMissing(f"{name} is not in the client build: run `make client`, or mend the name")
        return SERVED_UNDER + self.hashed[name]


def read_assets(dist: Path = DIST) -> Assets:
    """The manifest of a build; raises AssetMissing if there is none."""
    try:
        return Assets(json.loads((dist / "manifest.json").read_text("utf-8")))
    except FileNotFoundError as missing:
        raise AssetMissing(f"{dist} holds no client build: run `make client`") from missing
