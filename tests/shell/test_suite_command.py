"""`vorort test`: how pytest is called, and what is said about tests that did not run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from vorort import suite

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("args", [[], ["tests/ledger"], ["-k", "queue"], ["-x"]])
def test_the_suite_runs_on_two_processes(args: list[str]) -> None:
    called = suite.command(args)
    assert called[called.index("-n") + 1] == "2"
    assert called[len(called) - len(args) :] == args


@pytest.mark.parametrize(
    "args", [["-n", "1"], ["-n0"], ["--pdb"], ["-s"], ["tests/a/test_b.py::test_c"]]
)
def test_an_own_wish_goes_before(args: list[str]) -> None:
    assert "-n" not in suite.command(args)[:-1] or args[0] == "-n"
    assert suite.command(args).count("-n") == args.count("-n")


def test_full_is_what_was_asked_for_and_never_left_over() -> None:
    outside = {"PATH": "x", "VORORT_FULL": "1", "VORORT_SHARED": "there"}
    assert suite.environment(False, outside) == {"PATH": "x", "VORORT_SHARED": "there"}
    assert suite.environment(True, {}) == {"VORORT_FULL": "1"}


def test_reasons_are_counted_and_the_most_frequent_comes_first() -> None:
    assert suite.not_run(["b", "a", "b"]) == ["    2  b", "    1  a"]


@pytest.mark.parametrize("processes", [[], ["-n", "2"]])
def test_what_did_not_run_is_said_before_pytests_last_line(
    tmp_path: Path, processes: list[str]
) -> None:
    (tmp_path / "test_three.py").write_text(
        "import pytest\n"
        "@pytest.mark.skip(reason='VORORT_SHARED is not set')\n"
        "def test_one(): pass\n"
        "def test_two(): pytest.skip('no Chromium here')\n"
        "def test_three(): pass\n"
    )
    call = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "vorort.suite",
        "-p",
        "no:cacheprovider",
        *processes,
    ]
    done = subprocess.run(
        call, cwd=tmp_path, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    lines = done.stdout.strip().splitlines()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "    1  VORORT_SHARED is not set" in lines and "    1  no Chromium here" in lines
    assert "1 passed, 2 skipped" in lines[-1]
