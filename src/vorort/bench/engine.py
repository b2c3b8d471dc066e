"""The benchmark town: production engine against agents of Mesa, side by side in one run."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from vorort.bench import town
from vorort.bench.machine import installed
from vorort.bench.queues import run_in_chunks
from vorort.bench.sizes import Size

SEED = 1
THREADS = (1, 2)
PROMISED = {1: 150, 2: 300}  # times as fast as Mesa (DESIGN 16)
REACH = 500
TOO_FAR = 4.0  # standard errors; eleven series, so chance alone stays below

Runs = NDArray[np.int32]  # (series, run, month)


def bench_engine(console: Console, size: Size) -> dict[str, Any]:
    """Milliseconds a run, ratios of minima and medians, and how well the means agree."""
    console.print(
        f"{len(town.SERVICES)} services, {town.PEOPLE:,} people, {town.MONTHS} months: the"
        " production engine against the same rules as Mesa agents, timed in turns"
    )
    run_in_chunks(SEED, 4, 2)  # loads or compiles the kernel, which is no part of a run
    if installed("mesa") is None:
        console.print(
            "[yellow]Mesa fehlt / is missing: ./vorort setup --dev. Only our own times.[/]"
        )
    agents, seconds = _in_turns(size)
    figures = {name: _milliseconds(taken) for name, taken in seconds.items()}
    result: dict[str, Any] = {"milliseconds_a_run": figures, "peer": None, "ratios": None}
    if agents is not None:
        result["peer"] = f"mesa {installed('mesa')}"
        result["ratios"] = {
            str(n): {
                k: figures["mesa"][k] / figures[f"{n} threads"][k] for k in ("minimum", "median")
            }
            for n in THREADS
        }
        result["promised"] = {str(n): p for n, p in PROMISED.items()} | {"reach": REACH}
        result["agreement"] = _agreement(agents, run_in_chunks(SEED + 1, 4 * size.draws, 2))
    _show(console, result, size)
    return result


def _in_turns(size: Size) -> tuple[Runs | None, dict[str, list[float]]]:
    """Counts of the agents (None without Mesa), and seconds a run of each contestant."""
    runs: list[NDArray[np.int32]] = []
    seconds: dict[str, list[float]] = {f"{n} threads": [] for n in THREADS}
    has_peer = installed("mesa") is not None
    if has_peer:
        from vorort.bench.agents import run_agents

        seconds["mesa"] = []
    for k in range(size.agent_runs if has_peer else size.repeats):
        if has_peer:
            seconds["mesa"].append(_timed(lambda k=k: runs.append(run_agents(k))))  # type: ignore[misc]
        if k < size.repeats:
            for n in THREADS:
                took = _timed(lambda n=n: run_in_chunks(SEED, size.draws, n))  # type: ignore[misc]
                seconds[f"{n} threads"].append(took / size.draws)
    if has_peer:
        seconds["mesa"] = seconds["mesa"][: size.repeats]  # those timed in turns with ours
    return (np.stack(runs, axis=1) if runs else None), seconds


def _timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _milliseconds(seconds: list[float]) -> dict[str, float]:
    taken = np.array(seconds) * 1000
    return {
        "minimum": float(taken.min()),
        "median": float(np.median(taken)),
        "maximum": float(taken.max()),
    }


def _agreement(agents: Runs, ours: Runs) -> dict[str, Any]:
    """How many standard errors the means are apart: of each series' mean over time, and of cells.

    Months follow from each other, so cells are no independent tests; the series are the verdict.
    """
    over_time = _apart(agents.mean(axis=2), ours.mean(axis=2))
    cells = _apart(agents.astype(np.float64), ours.astype(np.float64)).ravel()
    cells = cells[np.isfinite(cells)]
    return {
        "runs": {"mesa": agents.shape[1], "engine": ours.shape[1]},
        "mean": {
            name: {"mesa": float(a.mean()), "engine": float(b.mean()), "z": float(z)}
            for name, a, b, z in zip(town.SERIES, agents, ours, over_time, strict=True)
        },
        "cells": {
            "count": len(cells), "beyond_2": float((abs(cells) > 2).mean()),
            "beyond_3": float((abs(cells) > 3).mean()), "largest": float(abs(cells).max()),
        },
        "agrees": bool((abs(over_time) < TOO_FAR).all()),
    }  # fmt: skip


def _apart(a: NDArray[np.floating], b: NDArray[np.floating]) -> NDArray[np.float64]:
    """Difference of the means over axis 1 in standard errors; NaN where nearly nothing varies."""
    variance = a.var(axis=1, ddof=1) / a.shape[1] + b.var(axis=1, ddof=1) / b.shape[1]
    varies = np.minimum(a.var(axis=1), b.var(axis=1)) > 0.05
    with np.errstate(divide="ignore", invalid="ignore"):
        z: NDArray[np.float64] = np.where(
            varies, (b.mean(axis=1) - a.mean(axis=1)) / np.sqrt(variance), np.nan
        )
    return z


def _show(console: Console, result: dict[str, Any], size: Size) -> None:
    table = Table("", "minimum ms", "median ms", "x Mesa (min)", "x Mesa (median)", "promised")
    for name, ms in result["milliseconds_a_run"].items():
        threads = name.split()[0]
        row = [name, f"{ms['minimum']:.3f}", f"{ms['median']:.3f}"]
        if result["ratios"] and threads in result["ratios"]:
            ratio = result["ratios"][threads]
            row += [f"{ratio['minimum']:.0f}", f"{ratio['median']:.0f}"]
            row += [f"{PROMISED[int(threads)]}, reach {REACH}"]
        table.add_row(*row)
    console.print(table)
    console.print(
        f"{size.repeats} turns, {size.draws} draws of the engine and one run of Mesa each"
    )
    if "agreement" in result:
        _show_agreement(console, result["agreement"])


def _show_agreement(console: Console, found: dict[str, Any]) -> None:
    runs, cells = found["runs"], found["cells"]
    far, name = max((abs(m["z"]), name) for name, m in found["mean"].items())
    console.print(
        f"means of {runs['mesa']} runs of Mesa and {runs['engine']} of the engine"
        f" {'agree' if found['agrees'] else 'DISAGREE'}: at most {far:.1f} standard errors apart"
        f" ({name}); of {cells['count']:,} cells {cells['beyond_2']:.1%} beyond 2,"
        f" {cells['beyond_3']:.1%} beyond 3"
    )
