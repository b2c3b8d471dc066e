"""`vorort bench`: benchmarks as ratios against a peer, or against what was promised, in one run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from vorort.bench.machine import machine
from vorort.bench.sizes import FULL, Size
from vorort.problems import Problem, Refused, near_miss

NAMES = ("engine", "model", "forecast", "place", "web")


def run_bench(names: Sequence[str], console: Console, size: Size = FULL) -> dict[str, Any]:
    """Run the named benchmarks, all where none is named; print each and return all figures.

    Raises ``Refused`` where a name is unknown. The result holds ``machine`` and one entry a name.
    """
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise Refused([_no_such(name) for name in unknown])
    from vorort.bench import engine, forecast, outlook, placement, web

    measure = {
        "engine": engine.bench_engine,
        "model": outlook.bench_outlook,
        "forecast": forecast.bench_forecast,
        "place": placement.bench_place,
        "web": web.bench_web,
    }
    found: dict[str, Any] = {"machine": machine()}
    console.print("  ".join(f"{k} {v}" for k, v in found["machine"].items()))
    for name in [n for n in NAMES if not names or n in names]:
        console.rule(name)
        found[name] = measure[name](console, size)
    return found


def _no_such(name: str) -> Problem:
    near, known = near_miss(name, NAMES), ", ".join(NAMES)
    return Problem(
        "bench", f"{name} gibt es nicht.", f"There is no {name}.",
        f"Meinten Sie {near}?" if near else f"Bekannt sind: {known}.",
        f"Did you mean {near}?" if near else f"Known are: {known}.",
    )  # fmt: skip
