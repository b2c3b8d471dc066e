"""How deep, how long, how much: what a shortage means beyond its probability."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vorort.columns import Floats, Ints
from vorort.reports.quantiles import LEVELS, drawn, quantiles
from vorort.stress.classes import DAYS, SIZES
from vorort.stress.run import Run, Series

WORST = 0.05  # share of draws whose mean is told beside the quantiles


def shortage(series: Series) -> dict[str, Any] | None:
    """Peak, months overloaded, place-months missing, resilience loss; None without capacity.

    ``peak``: most places missing at once. ``loss``: sum over the months of the share of demand
    that is not served (Bruneau's triangle) [months]. ``*_worst_5``: mean of the worst 5 %.
    """
    if series.overloaded is None:
        return None
    months = series.months
    peak = drawn(months.waiting).max(axis=1)
    unmet = drawn(months.unmet).sum(axis=1, dtype=np.float64)
    demand = np.maximum(drawn(months.demand), 1)
    loss = (drawn(months.waiting) / demand).sum(axis=1)
    return {
        "peak": quantiles(peak),
        "peak_worst_5": round(_worst(peak)),
        "months": quantiles(drawn(months.overload).sum(axis=1)),
        "place_months": quantiles(unmet),
        "place_months_worst_5": round(_worst(unmet)),
        "idle_place_months": quantiles(drawn(months.idle).sum(axis=1, dtype=np.float64)),
        "loss": _exact(loss, lambda x: round(x, 2)),
    }


def expected_households(run: Run) -> dict[str, Any]:
    """Households that need a bed within four weeks, by class: quantiles and every draw."""
    counts = run.expected_soon.households[1:] if run.draws else run.expected_soon.households
    rows = []
    for k, size in enumerate(SIZES):
        for access in (0, 1):
            column: Ints = counts[:, k, access]
            rows.append(
                {
                    "size": size,
                    "and_more": size == SIZES[-1],
                    "access": bool(access),
                    "quantiles": quantiles(column),
                    "draws": column.tolist(),
                }
            )
    return {"days": DAYS, "classes": rows}


def minors_alone(run: Run) -> dict[str, Any]:
    """Unaccompanied minors: here today, and arriving over the horizon. No bed is proposed."""
    h = run.stock.base.households
    here = int((h.is_minor_alone & h.in_stock).sum())
    return {"stock": here, "arriving": quantiles(run.expected_soon.minors_alone[1:])}


def _worst(column: NDArray[Any]) -> float:
    count = max(1, round(WORST * len(column)))
    return float(np.sort(column)[-count:].mean())


def _exact(column: Floats, shown: Callable[[float], float]) -> dict[str, float]:
    found = np.quantile(column, LEVELS, method="inverted_cdf")
    return {str(level): shown(float(x)) for level, x in zip(LEVELS, found, strict=True)}
