import re
from dataclasses import fields
from pathlib import Path

import pytest

from events.settings import BadSetting, Settings

README = Path(__file__).resolve().parent.parent / "README.md"


def readme_table() -> str:
    """What the README has to say of the settings; `python -m tests.test_settings` prints it."""
    rows = ["| Variable | Default | Meaning |", "|---|---|---|"]
    for each in fields(Settings):
        default = str(each.default).lower() if isinstance(each.default, bool) else str(each.default)
        rows.append(
            f"| `{each.metadata['variable']}` | {f'`{default}`' if default else ''} | {each.metadata['meaning']} |"
        )
    return "\n".join(rows)


def test_the_readme_holds_the_table_of_all_settings():
    assert readme_table() in README.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("YANTU_PORT", "http"),
        ("YANTU_PORT", "0"),
        ("YANTU_PORT", "70000"),
        ("YANTU_WEB_PROCESSES", "-1"),
        ("YANTU_BASE_URL", "example.org"),
        ("YANTU_BASE_URL", "https://example.org/"),
        ("YANTU_SECRET", "short"),
        ("YANTU_TIME_ZONE", "Mars/Olympus"),
        ("YANTU_DEVELOPMENT", "perhaps"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_names_itself(variable, value):
    with pytest.raises(BadSetting, match=re.escape(variable)):
        Settings.from_environment({variable: value})


def test_development_never_goes_with_https():
    with pytest.raises(BadSetting, match="YANTU_DEVELOPMENT"):
        Settings.from_environment({"YANTU_DEVELOPMENT": "1", "YANTU_BASE_URL": "https://example.org"})


def test_empty_variables_count_as_not_given():
    assert Settings.from_environment({"YANTU_PORT": ""}) == Settings()


if __name__ == "__main__":
    print(readme_table())
