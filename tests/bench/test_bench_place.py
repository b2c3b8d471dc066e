"""`vorort bench place`: everybody gets the same matrix, and no answer is believed unchecked."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from vorort.bench import overrides, placement, placement_peers
from vorort.bench.machine import installed
from vorort.bench.placement_town import invented_week
from vorort.bench.placement_weeks import show_weeks, summed_up
from vorort.bench.sizes import QUICK
from vorort.placement.resolve import value_of
from vorort.placement.solve import place, written_out

HAS_PEERS = all(installed(package) for package in placement_peers.PACKAGES.values())
TINY = replace(QUICK, week=(16, 12, 3, 4), place_seconds=3.0)


def measured(size: Any = TINY) -> tuple[dict[str, Any], str]:
    page = Console(file=io.StringIO(), width=160)
    result = placement.bench_place(page, size)
    assert isinstance(page.file, io.StringIO)
    return json.loads(json.dumps(result)), page.file.getvalue()


@pytest.mark.skipif(not HAS_PEERS, reason="PuLP or OR-Tools is not installed")
@pytest.mark.parametrize("seed", [1, 2])
def test_everybody_finds_the_optimum_of_a_tiny_week_and_breaks_no_rule(seed: int) -> None:
    found, page = measured(replace(TINY, seed=seed))
    ours, first, *peers = found["contestants"]
    assert [r["name"] for r in peers] == [
        "PuLP, CBC", "PuLP, CBC, from the list", "CP-SAT", "CP-SAT, from the list",
    ]  # fmt: skip
    plan = place(invented_week(seed, *TINY.week))
    assert ours["value"] == plan.objective / 1000
    assert ours["placed"] == plan.placed
    assert plan.is_proved
    for row in peers:
        assert row["rules_broken"] == 0
        assert ours["value"] <= row["value"] <= found["bound"], "spared the order of classes"
        if row["placed"] == ours["placed"]:
            assert row["value"] == ours["value"]
    assert first["value"] <= ours["value"]
    assert first["gap"] >= ours["gap"] >= 0
    assert all(found["kept"].values())
    assert "CP-SAT" in page


def test_a_peer_that_is_missing_is_named_with_what_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(placement, "installed", lambda package: None)
    found, page = measured()
    assert [r["missing"] for r in found["contestants"][2:]] == ["pulp", "ortools"]
    assert page.count("./vorort setup --dev") == 2
    assert found["contestants"][0]["households"] > 0, "our own figures are there all the same"


def test_an_answer_that_breaks_a_row_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody everywhere at once would be worth most."""
    monkeypatch.setattr(placement, "installed", lambda package: "1.0")

    def lies(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        folder = Path(command[4])
        with np.load(folder / placement_peers.MATRIX) as given:
            np.save(folder / placement_peers.POINT, given["upper"].astype(np.int64))
        told = {"build_seconds": 0.1, "solve_seconds": 0.2}
        (folder / placement_peers.TOLD).write_text(json.dumps(told))
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(placement.subprocess, "run", lies)
    found, page = measured()
    for row in found["contestants"][2:]:
        assert row["none"] == "its point breaks a row"
        assert row["against_ours"] is None
    assert page.count("breaks a row") == 4


def test_a_peer_that_dies_or_finds_nothing_counts_as_none_and_not_as_nought(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(placement, "installed", lambda package: "1.0")

    def dies(command: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        if command[3] == "cbc":
            return subprocess.CompletedProcess(command, 1, "", "Traceback\nMemoryError")
        told = {"build_seconds": 0.1, "solve_seconds": 3.0}
        (Path(command[4]) / placement_peers.TOLD).write_text(json.dumps(told))
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(placement.subprocess, "run", dies)
    rows = measured()[0]["contestants"][2:]
    assert [r["none"] for r in rows] == ["MemoryError"] * 2 + ["no solution"] * 2
    assert not any("value" in r for r in rows)


def test_a_peers_process_loads_neither_highs_nor_our_placement() -> None:
    script = (
        "import sys, vorort.bench.placement_peers\n"
        "bad = [m for m in sys.modules if m == 'highspy' or m.startswith('vorort.placement')]\n"
        "assert not bad, bad"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_what_is_handed_over_is_the_matrix_that_is_solved(tmp_path: Path) -> None:
    matrix = written_out(invented_week(3, *TINY.week)).program.matrix()
    start = np.zeros(len(matrix.points), np.int64)
    placement.handed_over(matrix, tmp_path / placement_peers.MATRIX, start)
    with np.load(tmp_path / placement_peers.MATRIX) as given:
        for name in ("points", "upper", "low", "high", "index", "value"):
            assert (given[name] == getattr(matrix, name)).all(), name
        assert (given["row_start"] == matrix.start).all()
        rows = list(placement_peers._rows(dict(given)))
        whole = [given["points"], given["value"], given["upper"]]
    assert all((a == np.rint(a)).all() for a in whole), "CP-SAT is given whole numbers only"
    model = written_out(invented_week(3, *TINY.week))
    contest = placement._contest(model)
    assert contest.matrix.is_feasible(contest.first), "a start must be one"
    assert len(rows) == len(matrix.low)
    x = np.arange(len(matrix.points)) % 2
    sums = [sum(v * x[c] for c, v in zip(columns, values, strict=True))
            for columns, values, _, _ in rows]  # fmt: skip
    assert np.allclose(sums, matrix.activity(x))
    assert value_of(place(invented_week(3, *TINY.week))).points > 0


def test_decisions_of_a_person_are_timed_and_counted_by_what_they_moved() -> None:
    size = replace(TINY, seeds=2, has_peers=False, overrides=12)
    found, page = measured(size)
    assert [len(w["contestants"]) for w in found["weeks"]] == [2, 2]
    assert [w["seed"] for w in found["weeks"]] == [TINY.seed, TINY.seed + 1]
    for week in found["weeks"]:
        told = week["overrides"]
        rows = told["decisions"]
        assert [r["kind"] for r in rows] == ["forbid", "decline", "lock", "swap"] * 3
        assert told["within_a_second"] == sum(r["cpu_seconds"] <= 1 for r in rows)
        for kind, row in told["by_kind"].items():
            assert row["moved"] == sum(r["moved"] for r in rows if r["kind"] == kind)
        assert told["kept"]["more others move only where that is proved"]
    assert "2 weeks" in page
    assert page.count("within a second in 95 of 100") == 2


def test_several_weeks_give_a_row_a_seed_and_what_they_are_together() -> None:
    found, page = measured(replace(TINY, seeds=3, has_peers=False, overrides=0))
    assert [s["name"] for s in found["summary"]] == ["vorort", "first-come list"]
    for n, whole in enumerate(found["summary"]):
        mine = [week["contestants"][n] for week in found["weeks"]]
        assert (whole["weeks"], whole["answers"]) == (3, 3)
        assert whole["households"] == sum(r["households"] for r in mine)
        ratios = [r["value"] / w["contestants"][0]["value"]
                  for r, w in zip(mine, found["weeks"], strict=True)]  # fmt: skip
        assert whole["against_ours"] == pytest.approx(sum(ratios) / 3)
        assert whole["against_ours_worst"] == max(ratios)
        assert whole["gap_worst"] == max(r["gap"] for r in mine)
        for week, row in zip(found["weeks"], mine, strict=True):
            assert week["seed"] in (1, 2, 3)
            assert any(
                row["name"] in line and f"{row['value']:,.1f}" in line and "│ all" not in line
                and f"│ {week['seed']} " in line
                for line in page.splitlines()
            )  # fmt: skip
    assert page.count("│ all ") == 2


def test_a_peer_that_did_not_answer_in_one_week_has_no_mean_over_all() -> None:
    answer = {"name": "CP-SAT", "households": 3, "asked": 4, "value": 9.0, "gap": 0.1,
              "against_ours": 0.9, "seconds": 1.0, "rules_broken": 0}  # fmt: skip
    none = {"name": "CP-SAT", "none": "no solution", "seconds": 3.0}
    weeks = [{"seed": 1, "contestants": [answer]}, {"seed": 2, "contestants": [none]}]
    summary = summed_up(weeks)
    assert (summary[0]["answers"], summary[0]["weeks"]) == (1, 2)
    assert "gap" not in summary[0] and "against_ours" not in summary[0]
    page = Console(file=io.StringIO(), width=160)
    show_weeks(page, weeks, summary)
    assert isinstance(page.file, io.StringIO)
    assert "no solution" in page.file.getvalue() and "1 of 2 answered" in page.file.getvalue()


def test_a_decision_that_moves_many_without_proof_is_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = place(invented_week(2, *TINY.week))
    slow = {"kind": "lock", "household": "H", "cpu_seconds": 1.5, "seconds": 2.0, "moved": 9,
            "lost": 0, "is_within": False, "is_fewest": False, "is_shown": False,
            "points": 0.0}  # fmt: skip
    monkeypatch.setattr(overrides, "_measured", lambda plan, override: slow)
    assert not any(overrides.measure_overrides(plan, 4, 1)["kept"].values())
