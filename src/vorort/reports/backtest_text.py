"""``vorort backtest`` for the terminal: one line a case, honest about those that failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group
from rich.table import Table
from rich.text import Text as Line

from vorort.reports.case_chart import verdict

HEADS = (
    "Fall / case",
    "Ursprung",
    "n",
    "in 50",
    "in 90",
    "Fehler",
    "Fortschr.",
    "Plan",
    "m. spät.",
)
LEGEND = (
    "n Punkte, davon im 50- und im 90-%-Band. Fehler der Mitte / mittlerer Wert,",
    "daneben Fortschreibung, amtlicher Plan, und mit später Veröffentlichtem.",
    "n points, inside the 50 and 90 % band. Error of the median / mean observed,",
    "beside persistence, the official plan, and with what was published later.",
)


def backtest_table(result: Mapping[str, Any]) -> Group:
    """Points inside the bands, errors of ours, persistence and the plan; then who failed."""
    table = Table(*HEADS, box=None, pad_edge=False)
    table.columns[0].no_wrap = True
    for column in table.columns[2:]:
        column.justify = "right"
    for case in result["cases"]:
        table.add_row(*_row(case))
    failed = [c["case"] for c in result["cases"] if verdict(c) == "missed"]
    parts: list[Any] = [table, *(Line(line, style="dim") for line in LEGEND)]
    if failed:
        parts.append(Line(f"Misslungen / failed: {', '.join(failed)}", style="bold"))
    if result.get("coverage"):
        parts += [Line(), _coverage(result["coverage"])]
    return Group(*parts)


def _coverage(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Shares of Kreise inside the bands, one year ahead."""
    methods = {"history": "eigene Reihe", "stock": "Bestandsrechnung"}
    table = Table("Kreise, ein Jahr voraus", "Ursprung", "n", "in 50", "in 90", "darüber", box=None)
    for column in table.columns[2:]:
        column.justify = "right"
    for row in rows:
        reception = "ohne" if row["without_reception"] else "mit"
        shares = (f"{row[key]:.0%}" for key in ("inside_50", "inside_90", "above"))
        name = f"{methods[row['method']]}, {reception} Aufnahmestellen"
        table.add_row(name, row["origin"], str(row["n"]), *shares)
    return table


def _row(case: Mapping[str, Any]) -> tuple[str, ...]:
    points, errors = case["points"], case["errors"]
    late = (case.get("errors_with_late") or {}).get("median")
    inside = (str(sum(p[key] for p in points)) for key in ("inside_50", "inside_90"))
    shares = (errors["median"], errors["persistence"], errors["official_plan"], late)
    return (case["case"], case["origin"], str(len(points)), *inside, *map(_share, shares))


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
