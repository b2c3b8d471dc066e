"""A week's placement against a list, PuLP with CBC, and CP-SAT, on one matrix in one run.

The same for all: the matrix `vorort place` solves (columns, rows, whole points), written out once
and handed over as arrays; the bound; and the check of the answer, which is put back into a plan
and looked at by `placement.check`. Each peer has the time ours took, at least the size's seconds,
for solving alone, and all cores; ours solves on one.

Not the same: ours first places most persons class by class (protection, deadline, others) and
only then counts points. The peers are spared that and maximise the points at once, in which each
person placed counts as well: what ours finds is allowed to them, so the best they could reach is
never below it. Ours begins with lists; a peer runs twice, as it comes and with the first-come list
given as a start. Peers are not tuned otherwise. The week is invented (`placement_town`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from vorort.bench.machine import installed
from vorort.bench.overrides import measure_overrides, show_overrides
from vorort.bench.placement_peers import MATRIX, PACKAGES, POINT, TOLD
from vorort.bench.placement_town import invented_week
from vorort.bench.placement_weeks import show_weeks, summed_up
from vorort.bench.sizes import Size
from vorort.placement.check import rules_broken
from vorort.placement.homes import Ints
from vorort.placement.lists import list_point
from vorort.placement.matrix import Matrix
from vorort.placement.plan import Plan, share
from vorort.placement.problem import CLASSES
from vorort.placement.search import relaxed
from vorort.placement.solve import Model, plan_of, planned, with_seats, written_out

OURS, LIST = "vorort", "first-come list"
LABELS = {"cbc": "PuLP, CBC", "cp-sat": "CP-SAT"}
WEEK = ("households", "units", "districts", "buildings")
GRACE = 300.0  # seconds for reading, building and writing beside the solving
PROMISED_GAP = 0.015  # DESIGN 16
REACH_GAP = 0.005


@dataclass(frozen=True)
class Contest:
    """What everybody gets."""

    model: Model
    matrix: Matrix
    bound: int  # of every plan there is
    first: Ints  # the first-come list with the best seats for it
    list_seconds: float


def bench_place(console: Console, size: Size) -> dict[str, Any]:
    """One week or several: the first one's figures, all ``weeks``, and their ``summary``."""
    weeks = [_week(console, replace(size, seed=size.seed + n)) for n in range(max(1, size.seeds))]
    summary = summed_up(weeks)
    if len(weeks) > 1:
        show_weeks(console, weeks, summary)
    return {**weeks[0], "weeks": weeks, "summary": summary}


def _week(console: Console, size: Size) -> dict[str, Any]:
    """Households placed, value, gap to the bound and seconds of each contestant."""
    problem = invented_week(size.seed, *size.week)
    contest = _contest(written_out(problem))
    begun = time.perf_counter()
    plan = planned(written_out(problem), rounds=size.rounds)
    seconds = time.perf_counter() - begun
    limit = max(size.place_seconds, seconds)
    rows = [_row(OURS, contest, plan, seconds), _row(
        LIST, contest, _plan(contest, contest.first), contest.list_seconds)]  # fmt: skip
    rows += list(_peers(contest, limit, size.seed)) if size.has_peers else []
    result: dict[str, Any] = {
        "week": dict(zip(WEEK, size.week, strict=True)),
        "seed": size.seed, "columns": len(contest.matrix.points), "rows": len(contest.matrix.low),
        "limit_seconds": limit, "bound": contest.bound / 1000, "contestants": rows,
        "own": {"bound": plan.bound / 1000, "gap": plan.gap, "rounds": plan.rounds,
                "gap_without_constant": plan.gap_without_constant, "is_proved": plan.is_proved},
        "promised": {"gap_at_most": PROMISED_GAP, "reach": REACH_GAP},
        "kept": _kept(plan, contest),
        "overrides": measure_overrides(plan, size.overrides, size.seed),
    }  # fmt: skip
    for row in rows:
        value = row.get("value")
        row["against_ours"] = value / rows[0]["value"] if value and rows[0]["value"] else None
    _show(console, result)
    show_overrides(console, result["overrides"])
    return result


def _contest(model: Model) -> Contest:
    matrix = model.program.matrix()
    begun = time.perf_counter()
    first = with_seats(model, matrix, list_point(model, matrix, "first_come"))
    taken = time.perf_counter() - begun
    bound, _, _ = relaxed(matrix, first, model.groups)
    return Contest(model, matrix, bound, first, taken)


def _plan(contest: Contest, x: Ints) -> Plan:
    return plan_of(contest.model, x, {}, contest.bound, is_proved=False)


def _row(
    name: str, contest: Contest, plan: Plan, seconds: float, build: float = 0.0
) -> dict[str, Any]:
    homes = contest.model.program.homes
    return {
        "name": name, "households": sum(a.home is not None for a in plan.assigned),
        "asked": len(plan.assigned), "placed": plan.placed, "value": plan.objective / 1000,
        "gap": share(contest.bound - plan.objective, contest.bound),
        "seconds": seconds, "build_seconds": build,
        "rules_broken": len(rules_broken(plan, homes)),
    }  # fmt: skip


def _peers(contest: Contest, limit: float, seed: int) -> Iterator[dict[str, Any]]:
    """Each peer as it comes, and with a start; one that is not installed is named."""
    for peer, label in LABELS.items():
        version = installed(PACKAGES[peer])
        if version is None:
            yield {"name": label, "missing": PACKAGES[peer], "remedy": "./vorort setup --dev"}
            continue
        for is_started in (False, True):
            name = f"{label}, from the list" if is_started else label
            yield {"version": version} | _asked(
                peer, name, contest, limit, seed, contest.first if is_started else None
            )


def _asked(
    peer: str, name: str, contest: Contest, limit: float, seed: int, start: Ints | None
) -> dict[str, Any]:
    """In a process of its own; no answer within limit and grace is no solution."""
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        handed_over(contest.matrix, folder / MATRIX, start)
        command = [
            sys.executable, "-m", "vorort.bench.placement_peers", peer, text, str(limit),
            str(os.cpu_count() or 1), str(seed),
        ]  # fmt: skip
        begun = time.perf_counter()
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=limit + GRACE, check=False
            )
        except subprocess.TimeoutExpired:
            return {"name": name, "none": "no answer", "seconds": time.perf_counter() - begun}
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no word"])[-1]
            return {"name": name, "none": last, "seconds": time.perf_counter() - begun}
        told = json.loads((folder / TOLD).read_text())
        if not (folder / POINT).is_file():
            return {"name": name, "none": "no solution", "seconds": told["solve_seconds"],
                    "build_seconds": told["build_seconds"]}  # fmt: skip
        x: Ints = np.load(folder / POINT)
    if not contest.matrix.is_feasible(x):
        return {"name": name, "none": "its point breaks a row", "seconds": told["solve_seconds"]}
    return _row(name, contest, _plan(contest, x), told["solve_seconds"], told["build_seconds"])


def handed_over(matrix: Matrix, file: Path, start: Ints | None = None) -> None:
    """The matrix as arrays, with a start where there is one."""
    more: dict[str, Any] = {} if start is None else {"start": start}
    np.savez(
        file, points=matrix.points, upper=matrix.upper, low=matrix.low, high=matrix.high,
        row_start=matrix.start, index=matrix.index, value=matrix.value, **more,
    )  # fmt: skip


def _kept(plan: Plan, contest: Contest) -> dict[str, bool]:
    ours = (tuple(plan.placed[c] for c in CLASSES), plan.objective)
    lists = (contest.model.persons(contest.first), contest.matrix.worth(contest.first))
    return {
        "everybody who can be placed is": plan.placed == dict(plan.placed_bound),
        "never below the list": ours >= lists,
        f"gap at most {PROMISED_GAP:.1%}": plan.gap <= PROMISED_GAP,
        "no rule broken": not rules_broken(plan, contest.model.program.homes),
    }


def _show(console: Console, result: dict[str, Any]) -> None:
    week, own = result["week"], result["own"]
    console.print(
        f"an invented week, seed {result['seed']}: {week['households']} households, "
        f"{week['units']} units; {result['columns']:,} columns, {result['rows']:,} rows; each peer "
        f"{result['limit_seconds']:.0f} s; bound of every plan {result['bound']:,.1f}"
    )
    classes = " / ".join(CLASSES)
    table = Table("", "households", classes, "value", "gap", "to ours", "seconds", "built")
    for row in result["contestants"]:
        if "missing" in row:
            console.print(f"[yellow]{row['name']} fehlt / is missing: {row['remedy']}[/]")
        elif "none" in row:
            table.add_row(row["name"], "none", row["none"], *[""] * 3, f"{row['seconds']:.1f}")
        else:
            table.add_row(
                row["name"], f"{row['households']} of {row['asked']}",
                " / ".join(str(n) for n in row["placed"].values()), f"{row['value']:,.1f}",
                f"{row['gap']:.2%}", f"{row['against_ours']:.3f}", f"{row['seconds']:.1f}",
                f"{row['build_seconds']:.1f}" if row["build_seconds"] else "",
            )  # fmt: skip
            if row["rules_broken"]:
                console.print(f"[red]{row['name']}: {row['rules_broken']} rules broken[/]")
    console.print(table)
    proved = "proved" if own["is_proved"] else f"{own['rounds']} blocks"
    console.print(
        f"ours, among plans that place as many: bound {own['bound']:,.1f}, gap {own['gap']:.2%}; "
        f"without the constant {own['gap_without_constant']:.2%}; {proved}"
    )
    for name, is_kept in result["kept"].items():
        console.print(f"{'kept' if is_kept else 'NOT KEPT'}: {name}")
