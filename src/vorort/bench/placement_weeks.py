"""Several weeks of `vorort bench place` side by side: a row a seed and contestant, then all seeds.

A peer without an answer in a week counts as none in it, never as nought, and has no mean then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import mean
from typing import Any

from rich.console import Console
from rich.table import Table

Row = Mapping[str, Any]


def summed_up(weeks: Sequence[Row]) -> list[dict[str, Any]]:
    """Each contestant over all weeks; ``worst``: where it comes closest to ours, or beats it."""
    return [
        _over([week["contestants"][n] for week in weeks], row["name"])
        for n, row in enumerate(weeks[0]["contestants"])
    ]


def _over(rows: Sequence[Row], name: str) -> dict[str, Any]:
    told = [row for row in rows if "value" in row]
    found: dict[str, Any] = {
        "name": name, "weeks": len(rows), "answers": len(told),
        "households": sum(row["households"] for row in told),
        "asked": sum(row["asked"] for row in told),
    }  # fmt: skip
    if len(told) < len(rows):
        return found
    ratios = [row["against_ours"] for row in told if row["against_ours"] is not None]
    return found | {
        "against_ours": mean(ratios) if ratios else None,
        "against_ours_worst": max(ratios, default=None),
        "gap": mean(row["gap"] for row in told), "gap_worst": max(row["gap"] for row in told),
        "seconds": mean(row["seconds"] for row in told),
        "rules_broken": sum(row["rules_broken"] for row in told),
    }  # fmt: skip


def show_weeks(console: Console, weeks: Sequence[Row], summary: Sequence[Row]) -> None:
    """A row a seed, and under it all of them together."""
    table = Table(f"{len(weeks)} weeks", "seed", "households", "value", "gap", "to ours", "seconds")
    for n, whole in enumerate(summary):
        for week in weeks:
            row = week["contestants"][n]
            table.add_row(row["name"], str(week["seed"]), *_cells(row))
        table.add_row(whole["name"], "all", *_all(whole), end_section=True)
    console.print(table)


def _cells(row: Row) -> list[str]:
    if "value" not in row:
        return ["none", str(row.get("none") or f"missing: {row.get('missing')}"), "", "", ""]
    ratio = row["against_ours"]
    return [
        f"{row['households']} of {row['asked']}", f"{row['value']:,.1f}", f"{row['gap']:.2%}",
        f"{ratio:.3f}" if ratio is not None else "", f"{row['seconds']:.1f}",
    ]  # fmt: skip


def _all(whole: Row) -> list[str]:
    placed = f"{whole['households']} of {whole['asked']}"
    if "gap" not in whole:
        return [f"{whole['answers']} of {whole['weeks']} answered", "", "", "", ""]
    ratio = ""
    if whole["against_ours"] is not None:
        ratio = f"{whole['against_ours']:.3f} (highest {whole['against_ours_worst']:.3f})"
    gap = f"{whole['gap']:.2%} (worst {whole['gap_worst']:.2%})"
    return [placed, "mean", gap, ratio, f"{whole['seconds']:.1f}"]
