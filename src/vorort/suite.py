"""Runs the tests as `vorort test`, and says in plain words what did not run and why.

This file is also a pytest plugin: the list of what was skipped is printed before pytest's own
closing line, so that the last line of a run stays the one that everybody looks for.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ALONE = ("-n", "--numprocesses", "--dist", "--pdb", "--trace", "-s", "--capture", "--collect-only")


def run_suite(full: bool, args: Sequence[str]) -> int:
    """Runs pytest in a process of its own; returns its exit code.

    ``full`` asks for the sizes that take minutes (environment ``VORORT_FULL=1``). The rest of the
    environment is left as it is: ``VORORT_SHARED`` names the folder with the research data.
    """
    done = subprocess.run(command(args), cwd=ROOT, env=environment(full, os.environ))
    return done.returncode


def command(args: Sequence[str]) -> list[str]:
    """The pytest call: on two processes unless the arguments ask for something else.

    One that has nothing left takes over from the other, which may be at a test of minutes.
    """
    spread = [] if runs_alone(args) else ["-n", "2", "--dist", "worksteal"]
    return [sys.executable, "-m", "pytest", "-p", "vorort.suite", *spread, *args]


def runs_alone(args: Sequence[str]) -> bool:
    """One named test, a debugger or an own choice of processes: no second process then."""
    return any("::" in arg or arg.startswith(ALONE) for arg in args)


def environment(full: bool, outside: Mapping[str, str]) -> dict[str, str]:
    """The variables the tests see; plain ones are never left over from an earlier full run."""
    inside = {name: value for name, value in outside.items() if name != "VORORT_FULL"}
    return inside | ({"VORORT_FULL": "1"} if full else {})


def not_run(reasons: Sequence[str]) -> list[str]:
    """One line for each reason, the most frequent first."""
    counted = sorted(Counter(reasons).items(), key=lambda found: (-found[1], found[0]))
    return [f"{number:5d}  {reason}" for reason, number in counted]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Prints which tests were skipped and why (called by pytest)."""
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    terminalreporter.section("nicht gelaufen, weil ... / not run because ...")
    reasons = [_reason(report) for report in skipped]
    for line in not_run(reasons):
        terminalreporter.write_line(line)


def _reason(report: Any) -> str:
    """The words of one skip; pytest reports it as (file, line, "Skipped: words")."""
    words = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return str(words).removeprefix("Skipped: ")
