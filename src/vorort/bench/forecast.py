"""The forecast against a random walk: rolling origins on the national monthly series."""

from __future__ import annotations

import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from vorort.arrivals.rolling import HORIZONS, RollingScore, score_rolling
from vorort.arrivals.series import read_series
from vorort.bench.sizes import Size

SHARED = "VORORT_SHARED"
SERIES = Path("data/asylum/bamf_monthly_germany_2015_2021.csv")
COLUMN = "applications_first"
CALM, SHOCK = (24, None), (12, 35)  # first and last origin (DESIGN 16)
PROMISED = {
    "ratio_at_most": 1.02, "mean_at_most": 0.95,
    "inside_90_from": 0.85, "inside_90_to": 0.97, "shock_inside_90": 0.80,
}  # fmt: skip
REACH = {"mean_at_most": 0.90, "shock_inside_90": 0.85}


def bench_forecast(console: Console, size: Size) -> dict[str, Any]:
    """Ratios to the 24-month random walk of the logarithm, and how often the bands hold."""
    del size  # 83 months take a second: one size
    folder = os.environ.get(SHARED)
    file = Path(folder or "") / SERIES
    if folder is None or not file.is_file():
        console.print(
            f"[yellow]Fehlt / missing: {SERIES} in the folder that {SHARED} names"
            f" ({'not set' if folder is None else 'set'}). It is public, but no part of Vorort.[/]"
        )
        return {"missing": str(SERIES), "names_the_folder": SHARED}
    values = read_series(file, COLUMN).values
    start = time.perf_counter()
    calm = score_rolling(values, first=CALM[0], last=CALM[1])
    shock = score_rolling(values, first=SHOCK[0], last=SHOCK[1])
    result: dict[str, Any] = {
        "series": f"{SERIES.name}, {COLUMN}, {len(values)} months",
        "seconds": time.perf_counter() - start,
        "calm": _figures(calm),
        "shock": _figures(shock),
        "promised": PROMISED,
        "reach": REACH,
        "kept": _kept(calm, shock),
    }
    _show(console, result)
    return result


def _figures(score: RollingScore) -> dict[str, Any]:
    return {
        "horizons": {
            str(r.horizon): {k: v for k, v in asdict(r).items() if k != "horizon"}
            for r in score.rows
        },
        "mean_ratio": score.mean_ratio, "inside_90": score.pooled(),
        "inside_90_short": score.pooled((1, 3)), "walk_inside_90": score.pooled(walk=True),
        "walk_inside_90_short": score.pooled((1, 3), walk=True),
    }  # fmt: skip


def _kept(calm: RollingScore, shock: RollingScore) -> dict[str, bool]:
    p = PROMISED
    return {
        "ratio at each horizon": all(r.ratio <= p["ratio_at_most"] for r in calm.rows),
        "mean ratio": calm.mean_ratio <= p["mean_at_most"],
        "90 % band, all horizons": p["inside_90_from"] <= calm.pooled() <= p["inside_90_to"],
        "90 % band in a shock, 1 and 3 months": shock.pooled((1, 3)) >= p["shock_inside_90"],
    }


def _show(console: Console, result: dict[str, Any]) -> None:
    console.print(
        f"{result['series']}: score against the 24-month random walk of the logarithm (below 1 is"
        f" better), share inside the 90 % band (the walk's in brackets); {result['seconds']:.2f} s"
    )
    table = Table("origins", *(f"{h} months" for h in HORIZONS), "mean / pooled")
    for name, label in (("calm", "24 on"), ("shock", "12 to 35")):
        score = result[name]
        rows = [*score["horizons"].values(), score]
        ratios = [f"{r.get('ratio', score['mean_ratio']):.2f}" for r in rows]
        inside = [f"{r['inside_90']:.0%} ({r['walk_inside_90']:.0%})" for r in rows]
        table.add_row(f"{label}: ratio", *ratios)
        table.add_row(f"{label}: inside 90 %", *inside)
    console.print(table)
    for name, is_kept in result["kept"].items():
        console.print(f"{'kept' if is_kept else 'NOT KEPT'}: {name}")
