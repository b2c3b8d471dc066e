"""The files for a server: what can be checked without one. Not run here: no container engine."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service")) + sorted(DEPLOY.glob("*.timer"))
SETTINGS = (ROOT / "src/vorort/web/settings.py").read_text("utf-8")


def commands(text: str) -> list[str]:
    """What follows `vorort` in a file, up to two words."""
    return re.findall(r'(?:bin/|`|"|; |do )vorort ((?:web )?[a-z][a-z-]*)', text)


def known() -> set[str]:
    """Every command of the program."""
    from typer.main import get_command

    from vorort.cli import app

    found = set()
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        found.add(name)
        found |= {f"{name} {below}" for below in getattr(command, "commands", {})}
    return found


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda p: p.name)
def test_a_unit_is_one_that_systemd_understands(unit: Path, tmp_path: Path) -> None:
    """With a program that exists in place of ours, which is installed elsewhere."""
    for other in UNITS:
        text = re.sub(
            r"^ExecStart=\S+", "ExecStart=/bin/true", other.read_text("utf-8"), flags=re.M
        )
        (tmp_path / other.name).write_text(text, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / unit.name)], capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if unit.stem in line]
    assert said == [], said


def test_every_command_named_for_a_server_exists() -> None:
    there = known()
    for path in [*DEPLOY.iterdir(), ROOT / "docs/how-to/install-offline.md",
                 ROOT / "docs/handbuch/betrieb.md"]:  # fmt: skip
        for command in commands(path.read_text("utf-8")):
            assert command in there, f"{path.name}: vorort {command}"


def test_compose_starts_register_worker_and_night_run_on_one_database() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    assert set(services) == {"database", "register", "worker", "nightly"}
    for name in ("register", "worker", "nightly"):
        assert services[name]["depends_on"]["database"]["condition"] == "service_healthy"
        given = services[name]["environment"]
        assert given["VORORT_PASSPHRASE_FILE"].startswith("/run/secrets/")
        assert all("PASSWORD" not in key and "SECRET" not in key for key in given)
    assert services["register"]["ports"] == ["127.0.0.1:8000:8000"], "behind a proxy only"
    assert "backup" in services["nightly"]["command"][-1]


def test_variables_of_the_example_are_read_by_the_program() -> None:
    sources = "".join(p.read_text("utf-8") for p in (ROOT / "src/vorort/web").rglob("*.py"))
    names = re.findall(r"^#?(VORORT_[A-Z_]+)=", (DEPLOY / "environment.example").read_text(), re.M)
    assert names and all(name in sources for name in names)
