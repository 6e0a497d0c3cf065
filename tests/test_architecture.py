"""Keeps the walls of the house up: who may import whom, what may stand at the top, what is never used."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ["people", "notice", "catalogue", "booking", "ticket", "gate", "attendance", "counts"]
TOP = {
    *("events", "web", "workers", "templates", "tests", "docs", ".ci", ".gitignore"),
    *("pyproject.toml", "README.md", "Makefile", "LICENSE", "CHANGELOG.md"),
}
# What each part may never import.
FORBIDDEN = {
    "events": {"web", "workers", "templates", "litestar", "arq", "jinja2", "granian"},
    "web": {"workers"},
    "workers": {"web", "litestar"},
    "templates": {"web", "workers", "litestar", "arq"},
}
# hazards of piccolo that are invisible where they are written
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
NEVER_CALLED = {"batch", "get_or_create", "lock_rows", "run_sync"}


def files(part: str) -> list[Path]:
    return sorted(path for path in (ROOT / part).rglob("*.py") if "node_modules" not in path.parts)


def imports(path: Path) -> set[str]:
    """Full names of the modules that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


@pytest.mark.parametrize("part", FORBIDDEN)
def test_no_part_imports_what_lies_outside_its_walls(part):
    broken = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in files(part)
        for name in imports(path)
        if name.split(".")[0] in FORBIDDEN[part]
    ]
    assert broken == []


def test_rooms_of_events_import_only_earlier_rooms():
    broken = []
    for place, room in enumerate(ROOMS):
        later = {f"events.{name}" for name in ROOMS[place + 1 :]}
        for path in files(f"events/{room}"):
            broken += [
                f"{path.relative_to(ROOT)} imports {name}"
                for name in imports(path)
                if ".".join(name.split(".")[:2]) in later
            ]
    assert broken == []


def test_rules_are_pure():
    broken = [
        f"{path.relative_to(ROOT)}: {what}"
        for path in (ROOT / "events").rglob("*rules.py")
        for what in impurities(path)
    ]
    assert broken == []


def impurities(path: Path) -> list[str]:
    found = ["imports the database"] if "events.database" in imports(path) else []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.AsyncFunctionDef | ast.Await):
            found.append(f"awaits in line {node.lineno}")
        if isinstance(node, ast.Attribute) and ast.unparse(node) in CLOCKS:
            found.append(f"asks a clock in line {node.lineno}")
    return found


def test_dangerous_calls_of_piccolo_stand_nowhere():
    broken = []
    for part in ("events", "web", "workers"):
        for path in files(part):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                called = node.func if isinstance(node, ast.Call) else None
                if isinstance(called, ast.Attribute) and called.attr in NEVER_CALLED:
                    broken.append(f"{path.relative_to(ROOT)}:{node.lineno} calls {called.attr}")
    assert broken == []


def test_rows_are_locked_with_no_key_update_so_that_inserts_do_not_wait():
    broken = [
        f"{path.relative_to(ROOT)}: {statement.strip()[:60]}"
        for part in ("events", "web", "workers")
        for path in files(part)
        for statement in statements(path)
        if re.search(r"FOR UPDATE(?!.*SKIP LOCKED)", statement, re.DOTALL)
    ]
    assert broken == []


def statements(path: Path) -> list[str]:
    """String constants that hold SQL."""
    constants = (
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant)
    )
    return [str(node.value) for node in constants if re.search(r"\bSELECT\b", str(node.value))]


def test_tables_and_sql_stay_within_events():
    """The web asks rooms, never the database; only the process itself opens the pool and asks whether it is there."""
    process = {ROOT / "web/app.py", ROOT / "web/health.py"}
    broken = [
        f"{path.relative_to(ROOT)} imports {name}"
        for part in ("web", "templates")
        for path in files(part)
        for name in imports(path)
        if ".tables" in name or (path not in process and is_sql(name, imports(path)))
    ]
    assert broken == []


def is_sql(name: str, beside: set[str]) -> bool:
    """The database module itself; its clock alone may be asked by anybody."""
    return name == "events.database" and "events.database.database_now" not in beside


def test_the_top_level_holds_only_what_the_design_names():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split("/")[0] for line in listed.splitlines()} - TOP == set()


def test_no_file_names_a_package_registry():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    hosts = re.compile(
        "|".join(("registry" + r"\.npmjs", r"files\." + "pythonhosted", r"pypi\." + "org/simple", "index" + "-url"))
    )
    broken = [
        line
        for line in listed.splitlines()
        if (ROOT / line).suffix not in (".png", ".xlsx", ".md")
        and hosts.search((ROOT / line).read_text(encoding="utf-8", errors="ignore"))
    ]
    assert broken == []
