"""``vorort backtest`` for the terminal: one line a case, honest about those that failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.table import Table


def backtest_table(result: Mapping[str, Any]) -> Table:
    """Points inside the bands, errors of ours, persistence and the plan; without late values."""
    table = Table(
        "case", "origin", "points", "in 50 %", "in 90 %", "error", "persistence", "plan", "with late values",
        title="Rückschau / backtests (error = mean absolute error / mean observed)",
    )  # fmt: skip
    for column in table.columns[2:]:
        column.justify = "right"
    for case in result["cases"]:
        points, errors = case["points"], case["errors"]
        late = (case.get("errors_with_late") or {}).get("median")
        table.add_row(
            case["case"], case["origin"], str(len(points)), *(str(sum(p[k] for p in points)) for k in ("inside_50", "inside_90")),
            _share(errors["median"]), _share(errors["persistence"]), _share(errors["official_plan"]), _share(late),
        )  # fmt: skip
    return table


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
