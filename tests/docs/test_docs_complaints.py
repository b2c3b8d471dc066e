"""Every complaint in the table of the how-to page is one that Vorort really makes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from docs_reading import ROOT, change_cell

from vorort.problems import Refused
from vorort.stress.setup import open_scenario

PAGE = (ROOT / "docs/how-to/own-scenario-folder.md").read_text("utf-8")
Fault = Callable[[Path], None]


def _as_cp1252(town: Path) -> None:
    path = town / "facilities.csv"
    path.write_bytes(path.read_text("utf-8-sig").encode("cp1252"))


def _misspelt_column(town: Path) -> None:
    path = town / "persons.csv"
    path.write_text(path.read_text("utf-8-sig").replace("left_reason", "left_reasn", 1), "utf-8")


def _one_of_three(town: Path) -> None:
    path = town / "resident_demand.csv"
    text = path.read_text("utf-8-sig")
    path.write_text(re.sub(r";\d+;(\d+);(\d+);", r";;\1;\2;", text, count=1), "utf-8")


def _until_before_from(town: Path) -> None:
    path = town / "placements.csv"
    rows = path.read_text("utf-8-sig").splitlines()
    at = next(i for i, row in enumerate(rows) if ";moved_in;" in row)
    change_cell(path, rows[at].partition(";")[0], "until", "2001-01-01")


def _cell(file: str, row: str, column: str, value: str) -> Fault:
    return lambda town: change_cell(town / file, row, column, value)


FAULTS: dict[str, tuple[Fault, str]] = {  # words of the page -> fault, words of the complaint
    "not UTF-8 (cp1252)": (_as_cp1252, "UTF-8"),
    "a decimal comma, `12,5`": (_cell("units.csv", "GU-ZIE-001", "places", "12,5"), "whole number"),
    "a date like `23.11.26`": (_cell("units.csv", "GU-ZIE-001", "reported_on", "23.11.26"), "date"),
    'unknown column, "did you mean …"': (_misspelt_column, "left_reason"),
    "starts with `=`": (_cell("units.csv", "GU-ZIE-001", "building", "=A1"), "formula"),
    "unknown unit, facility, household": (
        _cell("units.csv", "GU-ZIE-001", "facility", "GU-ZIX"), "GU-ZIE",
    ),
    "until before from": (_until_before_from, "before"),
    "resident demand: fill all three or write `unknown`": (_one_of_three, "blank"),
}  # fmt: skip


def test_the_page_lists_the_complaints_that_are_tested() -> None:
    part = PAGE.partition("| complaint | why | remedy |")[2].partition("\n\n")[0]
    told = [line.split(" | ")[0].removeprefix("| ") for line in part.splitlines()[2:]]
    assert told == list(FAULTS)


@pytest.mark.parametrize("words", FAULTS)
def test_the_complaint_comes_with_a_place_and_a_remedy(words: str, tmp_path: Path) -> None:
    fault, said = FAULTS[words]
    town = shutil.copytree(ROOT / "examples/musterstadt", tmp_path / "town")
    fault(town)
    with pytest.raises(Refused) as refused:
        open_scenario(town)
    found = [p.text("en") for p in refused.value.problems]
    assert any(said in text for text in found), found
    assert all(p.file and p.remedy_de and p.remedy_en for p in refused.value.problems)
