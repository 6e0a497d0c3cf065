"""The servers' programs, as their wheels bring them. The packages are found, never imported."""

import importlib.metadata
import importlib.util
import shutil
from pathlib import Path

from workers.cli.launch import run_as
from workers.cli.place import Place
from workers.cli.problem import ServerError

NEEDLESS = shutil.ignore_patterns("include", "pkgconfig", "*.a")


def package_folder(package: str, server: str, instead: str) -> Path:
    """Where a wheel put its files. Raises ServerError saying which variable names another server instead."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ServerError(f"{server} is missing: install {package}, or name a server of your own in {instead}.")
    return Path(found.submodule_search_locations[0])


def runnable(place: Place, tree: Path, probe: str, distribution: str) -> Path:
    """The tree itself, or a copy of it where the servers' account can run it. `probe` is a program in it."""
    if place.account is None or _runs(place, tree / probe):
        return tree
    copies = place.home / "programs"
    copy = copies / f"{tree.name}-{importlib.metadata.version(distribution)}"
    if not copy.exists():
        _copy(tree, copy)
        for outdated in set(copies.glob(f"{tree.name}-*")) - {copy}:
            shutil.rmtree(outdated)
    if not _runs(place, copy / probe):
        raise ServerError(f"{copy / probe} cannot be run as {place.account.name}: is that folder mounted noexec?")
    return copy


def _runs(place: Place, program: Path) -> bool:
    try:
        return run_as(place.account, [program, "--version"]).returncode == 0
    except ServerError:
        return False


def _copy(tree: Path, copy: Path) -> None:
    half = copy.with_name(f".{copy.name}")
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(tree, half, ignore=NEEDLESS, symlinks=True)
    for each in (half.parent, half, *half.rglob("*")):
        if not each.is_symlink():
            each.chmod(0o755 if each.is_dir() or each.stat().st_mode & 0o100 else 0o644)
    half.replace(copy)
