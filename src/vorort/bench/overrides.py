"""Random decisions of a person about a week's plan: how long the answer takes, who else moves.

Lock, forbid, swap and decline in turn, each about a household drawn from those placed; what a rule
forbids is drawn anew and counted. The promise: within a second in 95 of 100, and no more others
move than one in a hundred, unless it is proved that they must. Held against the promise are the
seconds of the processor, so that a busy machine does not count; those of the clock stand beside.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from vorort.placement.override import Consequence, Kind, Override, decided
from vorort.placement.plan import Plan
from vorort.placement.redo import redo
from vorort.problems import Refused

KINDS: tuple[Kind, ...] = ("forbid", "decline", "lock", "swap")
PROMISED_SECONDS, PROMISED_SHARE = 1.0, 0.95


def measure_overrides(plan: Plan, count: int, seed: int) -> dict[str, Any]:
    """So many decisions about a plan, each by itself."""
    redraws: list[str] = []
    rows = [_measured(plan, override) for override in _drawn(plan, count, seed, redraws)]
    cpu = np.array([r["cpu_seconds"] for r in rows])
    quick = int((cpu <= PROMISED_SECONDS).sum())
    return {
        "count": len(rows), "against_a_rule": len(redraws), "within_a_second": quick,
        "cpu_seconds": _spread(cpu), "seconds": _spread(np.array([r["seconds"] for r in rows])),
        "by_kind": {kind: _of_kind(rows, kind) for kind in KINDS},
        "decisions": rows,
        "kept": {
            "within a second in 95 of 100": quick >= PROMISED_SHARE * len(rows),
            "more others move only where that is proved":
                all(r["is_within"] or r["is_shown"] for r in rows),
        },
    }  # fmt: skip


def _drawn(plan: Plan, count: int, seed: int, redraws: list[str]) -> Iterator[Override]:
    placed = [a.party for a in plan.assigned if a.home]
    units = [x.id for x in plan.problem.lodgings]
    for number in range(count if len(placed) > 1 else 0):
        rng, kind = np.random.default_rng((seed, number)), KINDS[number % len(KINDS)]
        for _ in range(1000):
            consequence: Consequence = "offer" if number % 8 < len(KINDS) else "waits"
            name, other = (str(n) for n in rng.choice(placed, 2, replace=False))
            found = Override(
                kind, name, (str(rng.choice(units)),) if kind == "lock" else (),
                other if kind == "swap" else None, consequence=consequence,
            )  # fmt: skip
            try:
                decided(plan, found)
            except Refused:
                redraws.append(name)
                continue
            yield found
            break


def _measured(plan: Plan, override: Override) -> dict[str, Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    found = redo(plan, override, is_asked=True)
    return {
        "kind": override.kind, "household": override.household,
        "cpu_seconds": time.process_time() - cpu, "seconds": time.perf_counter() - wall,
        "moved": len(found.moved), "lost": sum(not m.after for m in found.moved),
        "is_within": found.is_within, "is_fewest": found.is_fewest, "is_shown": found.is_shown,
        "points": found.points / 1000,
    }  # fmt: skip


def _spread(seconds: Any) -> dict[str, float]:
    if not len(seconds):
        return {}
    return {
        "median": float(np.median(seconds)), "95 of 100": float(np.quantile(seconds, 0.95)),
        "slowest": float(seconds.max()),
    }  # fmt: skip


def _of_kind(rows: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    mine = [r for r in rows if r["kind"] == kind]
    return {
        "count": len(mine), "moved": sum(r["moved"] for r in mine),
        "most_moved": max((r["moved"] for r in mine), default=0),
        "lost": sum(r["lost"] for r in mine), "fewest_proved": sum(r["is_fewest"] for r in mine),
        "slowest_cpu_seconds": max((r["cpu_seconds"] for r in mine), default=0.0),
    }  # fmt: skip


def show_overrides(console: Console, found: dict[str, Any]) -> None:
    """In a table, by kind."""
    table = Table(
        "decisions of a person", "n", "others moved", "most", "lost a place", "fewest proved",
        "slowest, CPU s",
    )  # fmt: skip
    for kind, row in found["by_kind"].items():
        table.add_row(kind, *(str(v) for v in list(row.values())[:-1]),
                      f"{row['slowest_cpu_seconds']:.2f}")  # fmt: skip
    console.print(table)
    spread = "; ".join(
        f"{what}: " + ", ".join(f"{name} {value:.2f}" for name, value in found[key].items())
        for what, key in (("seconds of the processor", "cpu_seconds"), ("of the clock", "seconds"))
    )
    console.print(
        f"{found['within_a_second']} of {found['count']} within a second; {spread}; "
        f"{found['against_a_rule']} draws stood against a rule"
    )
    for name, is_kept in found["kept"].items():
        console.print(f"{'kept' if is_kept else 'NOT KEPT'}: {name}")
