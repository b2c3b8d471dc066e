"""The domain of docs/how-to/add-a-domain.md works in a copy of the code, and disturbs nobody."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from docs_reading import ROOT

PAGE = (ROOT / "docs/how-to/add-a-domain.md").read_text("utf-8")
RUN = "import sys; sys.path.insert(0, sys.argv.pop(1)); from vorort.cli import main; main()"


def blocks() -> dict[str, str]:
    """The files of the page: the first code block after the heading that names each."""
    found = re.findall(r"^## \d `([\w.]+)`.*?^```\w+\n(.*?)^```", PAGE, re.M | re.S)
    return dict(found)


def outlook(source: Path, scenario: Path) -> dict[str, Any]:
    result = scenario.parent / "result.json"
    words = ["stress", str(scenario), "--draws", "20", "--months", "6", "--json", str(result)]
    ran = subprocess.run(
        [sys.executable, "-c", RUN, str(source), *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    found: dict[str, Any] = json.loads(result.read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def before_and_after(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[dict[str, Any], dict[str, Any]]:
    folder = tmp_path_factory.mktemp("code")
    town = shutil.copytree(ROOT / "examples/musterstadt", folder / "town")
    shutil.copytree(ROOT / "src/vorort", folder / "vorort")  # the compiled kernel comes along
    before = outlook(folder, town)
    new = folder / "vorort/domains/dental_care"
    new.mkdir()
    for name, text in blocks().items():
        (new / name).write_text(text, "utf-8")
    with (town / "units.csv").open("a", encoding="utf-8") as file:
        file.write(
            "ZAHN-1;AM-WOH;;shared;any;dental_care;general;9;week;newcomers" + ";" * 10 + "\r\n"
        )
    return before, outlook(folder, town)


def test_the_page_names_the_three_files_of_a_domain() -> None:
    assert set(blocks()) == {"parameters.yaml", "__init__.py", "cases.yaml"}


def test_the_domain_of_the_page_appears_in_the_outlook(
    before_and_after: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    before, after = before_and_after
    assert set(after["domains"]) - set(before["domains"]) == {"dental_care"}
    new = after["domains"]["dental_care"]
    assert new["capacity"] == "known" and new["tolerance"] == {"days": 60, "amount": 5}
    assert max(month["demand"]["0.5"] for month in new["months"]) > 0


def test_a_new_domain_moves_no_number_of_another(
    before_and_after: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    before, after = before_and_after
    assert {n: d for n, d in after["domains"].items() if n != "dental_care"} == before["domains"]
