"""The tutorial is done as a reader would do it: every command, every file, every changed cell."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from docs_reading import ROOT, cell, change_cell, steps

PAGE = ROOT / "docs" / "tutorial.md"
RUN = f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r}); from vorort.cli import main; main()"


def vorort(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """The command as `./vorort` would pass it on, with few draws."""
    if "--draws" in words:
        words[words.index("--draws") + 1] = "20"
    elif words[0] == "backtest":
        words += ["--draws", "20"]
    return subprocess.run(
        [sys.executable, "-c", RUN, *words], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each command printed, after the whole page was followed."""
    folder = tmp_path_factory.mktemp("reader")
    shutil.copytree(ROOT / "examples", folder / "examples")
    printed: dict[str, str] = {}
    for step in steps(PAGE):
        if step.kind == "file":
            (folder / step.words[0]).write_text(step.text, "utf-8")
        elif step.kind == "cell":
            assert cell(folder / step.words[0], *step.words[1:3]) == step.words[3], step.words
        elif step.kind == "edit":
            change_cell(folder / step.words[0], *step.words[1:])
        elif step.words[0] == "cp":
            shutil.copytree(folder / step.words[2], folder / step.words[3])
        else:
            assert step.words[0] == "./vorort", step.words
            ran = vorort(list(step.words[1:]), folder)
            assert ran.returncode == step.code, (step.words, ran.stderr[-2000:])
            what = "refused" if step.code else " ".join(step.words[1:3])
            printed[what] = ran.stdout + ran.stderr
    printed["files"] = " ".join(sorted(p.name for p in folder.iterdir()))
    return printed


def test_every_command_of_the_tutorial_does_what_the_page_says(done: dict[str, str]) -> None:
    assert {"musterstadt.html", "my-town.html", "allocations.csv"} <= set(done["files"].split())
    assert (
        "Outlook Musterstadt, November 2026 to October 2028" in done["stress examples/musterstadt"]
    )
    assert "hambu" in done["backtest hamburg-2015"]


def test_the_summary_has_the_shape_that_the_tutorial_shows(done: dict[str, str]) -> None:
    printed = done["stress examples/musterstadt"]
    for word in (
        "Domain",
        "overloaded",
        "half by",
        "worst month",
        "waiting then",
        "Accommodation:",
    ):
        assert word in printed and word in PAGE.read_text("utf-8"), word


def test_what_is_tight_today_is_what_the_tutorial_says(done: dict[str, str]) -> None:
    told = (
        "Today 1 person is housed beyond what is open. Too tight today already: School, Childcare,"
    )
    for text in (done["stress examples/musterstadt"], PAGE.read_text("utf-8")):
        assert told in " ".join(text.split())


def test_more_flats_change_only_flats_and_what_follows_from_them(done: dict[str, str]) -> None:
    before, after = (
        {
            line[:16].strip(): line
            for line in done[run].splitlines()
            if "(" in line and " to " in line
        }
        for run in ("stress examples/musterstadt", "stress my-town")
    )
    for domain in ("Childcare", "School", "Language course", "Registration"):
        assert before[domain] == after[domain]
    assert before["Own flat"] != after["Own flat"]


def test_a_wrong_cell_is_refused_as_the_tutorial_says(done: dict[str, str]) -> None:
    said = done["refused"]
    assert "units.csv" in said and "places" in said and "-6" in said


def test_the_middle_of_the_forecast_stays_at_the_last_figure(done: dict[str, str]) -> None:
    rows = [line for line in done["forecast allocations.csv"].splitlines() if "│ 20" in line]
    assert len(rows) == 6
    for row in rows:
        numbers = [int(cell) for cell in row.split("│")[2:-1]]
        assert numbers[len(numbers) // 2] == 63, row
