"""The lock files: everything by hash, no address, one version of each package in all of them."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = ("requirements-setup.lock", "requirements.lock", "requirements-dev.lock")
ALL = (*FILES, "requirements-node.lock")
OTHER_NAMES = {
    "csp": "django-csp",
    "django_tasks": "django-tasks",
    "django_tasks_db": "django-tasks-db",
    "highspy": "highspy",  # loaded by its name, when first needed
    "docx": "python-docx",
    "yaml": "pyyaml",
    "vl_convert": "vl-convert-python",
    "python_calamine": "python-calamine",
}
PIN = re.compile(
    r"^([a-z0-9][a-z0-9-]*)==(\S+)(?: ; (.+?))?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", re.M
)


def pins(name: str) -> dict[tuple[str, str], str]:
    """(package, marker) -> version."""
    text = (ROOT / name).read_text()
    return {(found[1], found[3] or ""): found[2] for found in PIN.finditer(text)}


def required(names: list[str]) -> set[str]:
    return {re.split(r"[><=~! \[;]", name)[0] for name in names}


@pytest.mark.parametrize("name", ALL)
def test_a_lock_holds_pins_with_hashes_and_nothing_else(name: str) -> None:
    text = (ROOT / name).read_text()
    rest = PIN.sub("", text)
    assert pins(name)
    assert all(line.startswith("#") for line in rest.splitlines() if line.strip()), rest[:500]
    assert "://" not in text and "index" not in text.replace("--index", "index ")


def test_tools_and_core_agree_on_every_version() -> None:
    core, dev, setup = pins(FILES[1]), pins(FILES[2]), pins(FILES[0])
    for (package, marker), version in core.items():
        # a package of the core for one system only may be one of the tools' everywhere
        wider = dev.get((package, marker), dev.get((package, "")))
        assert wider == version, (package, marker)
    for package, version in setup.items():
        assert dev.get(package, version) == version


def test_the_locks_hold_what_the_package_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    core, dev = ({package for package, _ in pins(name)} for name in FILES[1:])
    setup = {package for package, _ in pins(FILES[0])}
    assert required(project["project"]["dependencies"]) <= core
    assert required(project["project"]["optional-dependencies"]["dev"]) <= dev
    assert required(project["dependency-groups"]["setup"]) | {"hatchling", "uv"} <= setup
    assert required(project["build-system"]["requires"]) <= setup


def imported(folder: Path) -> set[str]:
    """Packages from outside that a folder's code imports, by their name in the registry."""
    found = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(str(node.module).split(".")[0])
            elif isinstance(node, ast.Constant) and node.value in OTHER_NAMES:
                found.add(str(node.value))  # settings name an application, Django imports it
    outside = found - set(sys.stdlib_module_names) - {"vorort"}
    return {OTHER_NAMES.get(name, name) for name in outside}


def test_what_is_declared_is_imported_and_what_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    core = required(project["dependencies"])
    tools = required(project["optional-dependencies"]["dev"])
    bench = imported(ROOT / "src/vorort/bench")  # runs beside its peers, which are tools
    used = imported(ROOT / "src/vorort")
    assert used - (bench & tools) <= core, "imported, not declared"
    assert core <= used, "declared, not imported"


def test_the_lock_that_names_the_registry_is_not_kept() -> None:
    assert "uv.lock" in (ROOT / ".gitignore").read_text().splitlines()
