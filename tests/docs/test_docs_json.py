"""docs/reference/json.md describes every key that the commands write, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from docs_reading import ROOT

from vorort.arrivals.forecast import forecast_series
from vorort.arrivals.series import read_series
from vorort.placement import place, told
from vorort.placement.front import problem_of_folder
from vorort.placement.holding import as_record, holding, told_of
from vorort.reports.figures import figures
from vorort.stress.front import run_backtests, run_folder

PAGE = (ROOT / "docs/reference/json.md").read_text("utf-8")
NAMED = (  # keys that are names, not words of the format
    (r"(^|\.)(domains|static)\.[a-z_]+", r"\1\2.NAME"),
    (r"\b(weights|by_scenario)\.[a-z_0-9]+", r"\1.SCENARIO"),
    (r"\bby_group\.[a-z_]+", "by_group.GROUP"),
    (r"\b(placed|asked|placed_bound|fewer_placed)\.[a-z]+", r"\1.CLASS"),
    (r"\b(why|runners_up)\.[AH]-\d+", r"\1.HOUSEHOLD"),
    (r"HOUSEHOLD\.refused\.[a-z_]+", "HOUSEHOLD.refused.RULE"),
    (r"HOUSEHOLD\.points\.[a-z_]+", "HOUSEHOLD.points.GOAL"),
    (r"\bquantities\.[a-z_0-9]+", "quantities.QUANTITY"),
)
SILENT = re.compile(r"\.(de|en|0\.\d+)$")  # texts and quantiles are described once
POINT = r"(points|points_with_late|picture|known|plan|errors|errors_with_late)(\[\])?\."


def keys(content: Any, path: str = "") -> Iterator[str]:
    """Every key as a path; a list adds []."""
    if isinstance(content, dict):
        for key, inner in content.items():
            here = f"{path}.{key}".lstrip(".")
            yield here
            yield from keys(inner, here)
    elif isinstance(content, list):
        for inner in content:
            yield from keys(inner, f"{path}[]")


def written(content: Any) -> set[str]:
    found = set()
    for path in keys(content):
        for pattern, name in NAMED:
            path = re.sub(pattern, name, path)
        if not SILENT.search(path):
            found.add(path)
    return found


def described(heading: str, below: str = "") -> set[str]:
    """The keys in backticks of the tables under a heading."""
    part = re.search(rf"^#+ {heading}\n(.*?)(?=^#|\Z)", PAGE, re.M | re.S)
    assert part, heading
    rows = [line for line in part[1].splitlines() if line.startswith("| `")]
    words = {w for line in rows for w in re.findall(r"`([a-z\[][A-Za-z0-9_\[\].]*)`", line)}
    cells = {w for line in rows for w in re.findall(r"`([^`]+)`", line.split("|")[1])}
    dotted = {w for w in words if "." in w and not w.startswith("0.")} | cells
    return {f"{below}{w}" for w in dotted}


@pytest.fixture(scope="module")
def outlook() -> dict[str, Any]:
    return figures(run_folder(ROOT / "examples/musterstadt", draws=90, months=8))


def test_every_key_of_a_stress_result_is_described_and_no_other(outlook: dict[str, Any]) -> None:
    said = described("stress") | {"parameters"}
    said |= described("A domain", "domains.NAME.")
    said |= described("A scenario alone", "by_scenario.SCENARIO.")
    said |= {
        w.replace("parameters.[]", "parameters[]") for w in described("A parameter", "parameters.")
    }
    said |= {"domains.NAME", "by_scenario.SCENARIO"}
    found = {k for k in written(outlook) if not k.startswith("static.")}
    assert found - said == set()
    assert said - found == set()


def test_capacity_if_nothing_is_done_has_the_shape_of_the_domains(outlook: dict[str, Any]) -> None:
    found = written(outlook)
    shape = {k.removeprefix("domains.") for k in found if k.startswith("domains.")}
    assert {k.removeprefix("static.") for k in found if k.startswith("static.")} == shape


def test_every_key_of_a_forecast_is_described() -> None:
    series = ROOT / "tests/docs/series.csv"
    found = written(forecast_series(read_series(series, None, "2026-03"), 2))
    assert found == described("forecast")


def test_every_key_of_a_backtest_is_described() -> None:
    result = run_backtests(["all"], draws=20)
    found = {k for k in written(result) if not k.startswith("coverage[]")}
    part = PAGE.partition("## backtest\n")[2].partition("## bench")[0]
    for path in sorted(found):
        short = re.sub(r"^cases\[\]", "[]", path)
        last = path.rpartition(".")[2]
        is_column = re.search(POINT, path) is not None or "plan_revisions[]" in path
        assert f"`{last if is_column else short}`" in part or short == "cases", path


def test_every_key_of_a_placement_is_described_and_no_other() -> None:
    found = written(told(place(problem_of_folder(ROOT / "examples/musterstadt"))))
    bare = {"placed_bound.CLASS"} & described("place")
    assert found == described("place") | {"placed.CLASS", "asked.CLASS"} | bare


def test_every_key_of_what_is_held_back_is_described_and_no_other(outlook: dict[str, Any]) -> None:
    problem = problem_of_folder(ROOT / "examples/musterstadt")
    held = holding(problem, outlook)
    plan = place(held.within(problem))
    found = written({"reserve": as_record(held, told_of(plan, held))})
    assert "reserve.units[].unit" in found, "something is held back here"
    assert found == described("With an outlook", "reserve.") | {"reserve"}
