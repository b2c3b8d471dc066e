"""The import contracts hold, and each of them breaks when it is violated."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EDGES = {
    "cli",
    "demo",
    "suite",
    "bench",
    "web",
    "__main__",
}  # may know the clock, the network, Django


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    code = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", code, "--no-logo", "--no-cache"], cwd=folder, text=True,
        capture_output=True, env=os.environ | {"PYTHONPATH": "src"}, check=False,
    )  # fmt: skip


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(
        ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__", "*.nb[ic]")
    )
    return tmp_path


def settings() -> dict[str, object]:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    found: dict[str, object] = tool["importlinter"]
    return found


def modules() -> set[str]:
    source = ROOT / "src/vorort"
    found = {p.stem for p in source.glob("*.py")}
    return found - {"__init__"} | {p.parent.name for p in source.glob("*/__init__.py")}


def test_the_contracts_hold(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("columns.py", "from vorort import queues", "Imports run one way"),
        ("luck.py", "from vorort import problems", "Imports run one way"),
        ("queues/queue.py", "from vorort import suite", "Imports run one way"),
        ("domains/school/__init__.py", "from vorort.domains import flat", "Domains do not know"),
        ("parameters/__init__.py", "from vorort import domains", "Imports run one way"),
        ("columns.py", "import time", "The core knows no web"),
        ("ledger/__init__.py", "import random", "The core knows no web"),
        ("queues/queue.py", "from urllib import request", "The core knows no web"),
    ],
)
def test_a_violation_is_found(copy: Path, file: str, line: str, contract: str) -> None:
    path = copy / "src/vorort" / file
    path.write_text(path.read_text() + f"\n{line}\n")
    done = lint(copy)
    assert done.returncode == 1
    broken = [said for said in done.stdout.splitlines() if " BROKEN" in said]
    assert len(broken) == 1 and broken[0].startswith(contract), done.stdout


def test_a_module_without_a_place_is_found(copy: Path) -> None:
    (copy / "src/vorort/helpers.py").touch()
    done = lint(copy)
    assert done.returncode == 1 and "vorort.helpers" in done.stdout


def test_every_folder_of_code_is_a_package() -> None:
    """The contracts do not see a folder without ``__init__.py``."""
    folders = {path.parent for path in (ROOT / "src/vorort").rglob("*.py")}
    assert [f for f in sorted(folders) if not (f / "__init__.py").exists()] == []


def test_every_core_module_is_kept_from_clock_and_network() -> None:
    contracts = settings()["contracts"]
    assert isinstance(contracts, list)
    (core,) = (c for c in contracts if c["type"] == "forbidden")
    listed = {name.removeprefix("vorort.") for name in core["source_modules"]}
    assert listed == modules() - EDGES
