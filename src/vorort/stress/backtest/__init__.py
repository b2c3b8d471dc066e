"""Backtests: predicted bands of published cases against what happened.

German: Rückschau. ``run_case`` scores one folder, ``run_all`` all of them, ``to_json`` is the form
of DESIGN 14, ``case_points`` the rows a picture is drawn from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from vorort.arrivals.forecast import LEVELS
from vorort.arrivals.series import name_of
from vorort.parameters import Resolved, load, read_own, resolve
from vorort.problems import Problem, Refused
from vorort.stress.backtest.case import Case
from vorort.stress.backtest.reading import read_case
from vorort.stress.backtest.scores import CaseResult, Point, score
from vorort.vocabulary import Value

DRAWS = 1000
PARAMETERS = Path(__file__).parent

__all__ = [
    "CaseResult",
    "Point",
    "case_points",
    "cases_in",
    "read_case",
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


def to_json(results: Iterable[CaseResult]) -> dict[str, Any]:
    """All results in the form of DESIGN 14, with further keys."""
    return {"cases": [_case_json(r) for r in results]}


def case_points(result: CaseResult) -> list[dict[str, Any]]:
    """Rows for a picture, by quantity and date: the band, what happened, what was known or planned.

    ``what`` is ``known``, ``plan``, ``observed``; observed rows carry the band without late values.
    """
    case = result.case
    rows: list[dict[str, Any]] = [
        {"what": "known", "date": f.date, "quantity": f.quantity, "value": f.value}
        for name in case.quantities
        for f in case.readable(name, late=False)
    ]
    rows += [
        {"what": "plan", "date": p.date, "quantity": p.quantity, "value": p.value}
        for p in case.plans
    ]
    rows += [{"what": "observed", "value": p.observed, **_point_json(p)} for p in result.points]
    return rows


def _case_json(result: CaseResult) -> dict[str, Any]:
    case = result.case
    return {
        "case": case.id,
        "name": case.name,
        "kind": case.kind,
        "origin": name_of(case.origin),
        "unit": asdict(case.unit),
        "lead_quantity": case.lead_quantity,
        "quantities": {name: asdict(q.label) for name, q in case.quantities.items()},
        "draws": result.draws,
        "seed": result.seed,
        "late": list(result.late),
        "points": [_point_json(p) for p in result.points],
        "points_with_late": [_point_json(p) for p in result.points_with_late],
        "errors": asdict(result.errors),
        "errors_with_late": asdict(result.errors_with_late),
        "not_predicted": list(result.not_predicted),
        "plan_revisions": [asdict(r) for r in result.revisions],
        "plan_source": case.plan_source,
        "notes": [asdict(n) for n in result.notes],
    }


def _point_json(point: Point) -> dict[str, Any]:
    return {
        "date": point.date,
        "quantity": point.quantity,
        "observed": point.observed,
        "observed_range": None if point.low is None else [point.low, point.high],
        "quantiles": {f"{p:g}": q for p, q in zip(LEVELS, point.quantiles, strict=True)},
        "inside_50": point.inside_50,
        "inside_90": point.inside_90,
        "source": point.source,
    }
