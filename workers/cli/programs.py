"""The servers' programs, as their wheels bring them. The packages are found, never imported."""

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


def runnable(place: Place, package: Path, tree: str, probe: str) -> Path:
    """A package's tree of programs, or a copy of it where the servers' account can run them.

    `probe` is one of the programs; the tree's place in the package is kept, for programs look for the
    wheel's libraries by the way from there.
    """
    original = package / tree
    if place.account is None or _runs(place, original / probe):
        return original
    copies = place.home / "programs"
    copy = copies / f"{package.name}-{(original / probe).stat().st_mtime_ns:x}"
    if not copy.exists():
        _copy(package, tree, copy)
        for outdated in set(copies.glob(f"{package.name}-*")) - {copy}:
            shutil.rmtree(outdated)
    if not _runs(place, copy / package.name / tree / probe):
        raise ServerError(f"The programs in {copy} cannot be run as {place.account.name}: is it mounted noexec?")
    return copy / package.name / tree


def _runs(place: Place, program: Path) -> bool:
    try:
        return run_as(place.account, [program, "--version"]).returncode == 0
    except ServerError:
        return False


def _copy(package: Path, tree: str, copy: Path) -> None:
    half = copy.with_name(f".{copy.name}")
    shutil.rmtree(half, ignore_errors=True)
    libraries = f"{package.name}.libs"
    for part in (f"{package.name}/{tree}", libraries):
        if (package.parent / part).is_dir():
            shutil.copytree(package.parent / part, half / part, ignore=NEEDLESS, symlinks=True)
    for each in (half.parent, half, *half.rglob("*")):
        if not each.is_symlink():
            each.chmod(0o755 if each.is_dir() or each.stat().st_mode & 0o100 else 0o644)
    half.replace(copy)
