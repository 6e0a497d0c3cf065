"""What the demo is made of."""

from pathlib import Path

FOLDER = Path(__file__).parent
ROSTER = FOLDER / "roster.xlsx"
PROGRAMMES = FOLDER / "programmes.yaml"
EVENTS = FOLDER / "events.yaml"
