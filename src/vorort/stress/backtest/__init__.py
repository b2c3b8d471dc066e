"""Backtests: predicted bands of published cases against what happened.

German: Rückschau. ``run_case`` scores one folder, ``run_all`` all of them, ``to_json`` is the form
of DESIGN 14, ``case_points`` the rows a picture is drawn from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from vorort.arrivals.forecast import LEVELS
from vorort.arrivals.series import name_of
from vorort.parameters import Resolved, load, read_own, resolve
from vorort.problems import Problem, Refused
from vorort.stress.backtest.case import Case
from vorort.stress.backtest.context import read_context
from vorort.stress.backtest.kreise import Coverage, coverage_kreise
from vorort.stress.backtest.reading import read_case
from vorort.stress.backtest.scores import CaseResult, Point, planned_for, score
from vorort.vocabulary import Value

DRAWS = 1000
PARAMETERS = Path(__file__).parent

__all__ = [
    "CaseResult",
    "Coverage",
    "Point",
    "case_points",
    "cases_in",
    "coverage_kreise",
    "read_case",
    "read_context",
    "run_all",
    "run_case",
    "to_json",
]


def cases_in(root: Path | str) -> list[Path]:
    """The case folders below ``root``, by name."""
    return sorted(f.parent for f in Path(root).glob("*/case.yaml"))


def run_case(folder: Path | str, draws: int = DRAWS, seed: int = 1) -> CaseResult:
    """Score the case in ``folder``; deterministic in (folder, draws, seed).

    Raises ``Refused`` with every complaint about the case and its own values.
    """
    case = read_case(folder)
    return score(case, _resolved(case), draws, seed)


def run_all(root: Path | str, draws: int = DRAWS, seed: int = 1) -> list[CaseResult]:
    """Score every case below ``root``. Raises ``Refused`` with the complaints of all of them."""
    results: list[CaseResult] = []
    problems: list[Problem] = []
    for folder in cases_in(root):
        try:
            results.append(run_case(folder, draws, seed))
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return results


def _resolved(case: Case) -> Resolved:
    catalogue = load([PARAMETERS])
    own: dict[str, tuple[Value, ...]] = {}
    path = case.folder / "values.yaml"
    if path.exists():
        own, problems = read_own(path, catalogue, case.name, f"{case.id}/values.yaml")
        if problems:
            raise Refused(problems)
    on = date(case.origin // 12, case.origin % 12 + 1, 1)
    return resolve(catalogue, on, case.land, own)


def to_json(
    results: Iterable[CaseResult],
    context: Iterable[Mapping[str, Any]] = (),
    coverage: Iterable[Coverage] = (),
) -> dict[str, Any]:
    """All results in the form of DESIGN 14, with further keys; context is told, not scored."""
    found: dict[str, Any] = {"cases": [_case_json(r) for r in results]}
    found["context"] = [dict(c) for c in context]
    found["coverage"] = [_coverage_json(c) for c in coverage]
    return found


def case_points(result: CaseResult) -> list[dict[str, Any]]:
    """Rows for a picture of all quantities: what was known, planned, observed, with the bands.

    ``what`` is ``known``, ``plan`` or ``observed``; observed rows carry the band without late
    values.
    """
    rows = [{"what": "known", **k} for name in result.case.quantities for k in _known(result, name)]
    rows += [{"what": "plan", **p} for name in result.case.quantities for p in _plan(result, name)]
    rows += [{"what": "observed", **_point_json(result, p)} for p in result.points]
    return rows


def _case_json(result: CaseResult) -> dict[str, Any]:
    case = result.case
    return {
        "case": case.id,
        "label": {"de": f"{case.name} {_year(case)}", "en": f"{case.name} {_year(case)}"},
        "name": case.name,
        "kind": case.kind,
        "origin": name_of(case.origin),
        "unit": asdict(case.unit),
        "quantity": case.quantity,
        "lead_quantity": case.lead_quantity,
        "quantities": {name: asdict(q.label) for name, q in case.quantities.items()},
        "draws": result.draws,
        "seed": result.seed,
        "late": list(result.late),
        "points": [_point_json(result, p) for p in result.points],
        "points_with_late": [_point_json(result, p) for p in result.points_with_late],
        "errors": asdict(result.errors),
        "errors_with_late": asdict(result.errors_with_late),
        "known": _known(result, case.lead_quantity),
        "plan": _plan(result, case.lead_quantity),
        "plan_source": case.plan_source,
        "plan_revisions": [asdict(r) for r in result.revisions],
        "not_predicted": list(result.not_predicted),
        "notes": [asdict(n) for n in result.notes],
        "picture": case_points(result),
    }


def _year(case: Case) -> str:
    return case.id.rpartition("-")[2]


def _known(result: CaseResult, quantity: str) -> list[dict[str, Any]]:
    """What the prediction of a quantity could read without late values."""
    return [
        {"date": f.date, "quantity": quantity, "value": f.value}
        for f in result.case.readable(quantity, late=False)
    ]


def _plan(result: CaseResult, quantity: str) -> list[dict[str, Any]]:
    """What the plan in force at the origin said for each observed date."""
    planned = [(f, planned_for(result.case, f)) for f in result.case.observed]
    return [
        {"date": f.date, "quantity": quantity, "value": round(value)}
        for f, value in planned
        if f.quantity == quantity and value is not None
    ]


def _point_json(result: CaseResult, point: Point) -> dict[str, Any]:
    return {
        "date": point.date,
        "quantity": point.quantity,
        "quantity_label": asdict(result.case.quantities[point.quantity].label),
        "observed": point.observed,
        "low": point.low,
        "high": point.high,
        "observed_range": None if point.low is None else [point.low, point.high],
        "quantiles": {f"{p:g}": q for p, q in zip(LEVELS, point.quantiles, strict=True)},
        "inside_50": point.inside_50,
        "inside_90": point.inside_90,
        "source": point.source,
    }


def _coverage_json(row: Coverage) -> dict[str, Any]:
    reception = "ohne", "without"
    if not row.without_reception:
        reception = "mit", "with"
    methods = {
        "history": ("allein aus der eigenen Reihe", "from the own series alone"),
        "stock": ("Bestandsrechnung mit Bundeszahlen", "stock calculation with national totals"),
    }
    return {
        **{key: value for key, value in asdict(row).items() if key not in ("kreise", "origin")},
        "origin": f"{row.origin}-12",
        "n": row.kreise,
        "note": {
            "de": f"{methods[row.method][0]}, {reception[0]} Kreise mit Aufnahmestellen des Landes",
            "en": f"{methods[row.method][1]}, {reception[1]} reception centres of the Land",
        },
    }
