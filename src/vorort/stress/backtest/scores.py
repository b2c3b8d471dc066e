"""Score a case: its bands against what happened, beside persistence and the official plan.

Persistence carries the last known figure on, with the spread of its own past (normal in the
logarithm); with fewer than three past points the spread is 0.21 a month and counts as late.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from vorort import luck
from vorort.arrivals.forecast import LEVELS
from vorort.arrivals.rolling import quantile_loss
from vorort.parameters import Resolved
from vorort.stress.backtest.case import Case, Figure
from vorort.stress.backtest.chances import Chances
from vorort.stress.backtest.predict import Prediction, predict
from vorort.vocabulary import Text

Array = NDArray[np.float64]

SPREAD = 0.21  # a month [parameters_simulation arrivals.monthly_log_change_sd, rounded]
SPREAD_NAME = "persistence.monthly_log_spread"
_NORMAL = np.array([NormalDist().inv_cdf(p) for p in LEVELS])


@dataclass(frozen=True, slots=True)
class Point:
    """One observed figure and its band; quantiles as in ``LEVELS``, whole numbers."""

    date: str
    quantity: str
    observed: int
    low: int | None
    high: int | None
    quantiles: tuple[int, ...]
    source: str

    def inside(self, first: int, last: int) -> bool:
        """Does the band between two quantiles overlap what was observed?"""
        low = self.observed if self.low is None else self.low
        high = self.observed if self.high is None else self.high
        return self.quantiles[first] <= high and low <= self.quantiles[last]

    @property
    def inside_50(self) -> bool:
        """Inside the middle half."""
        return self.inside(2, 4)

    @property
    def inside_90(self) -> bool:
        """Inside the band that should hold nine times in ten."""
        return self.inside(0, 6)

    @property
    def median(self) -> int:
        """The middle of the band."""
        return self.quantiles[3]


@dataclass(frozen=True, slots=True)
class Errors:
    """Mean absolute error over mean observed on the lead quantity; None = cannot be said."""

    median: float | None
    persistence: float | None
    official_plan: float | None
    pinball: float | None
    pinball_persistence: float | None


@dataclass(frozen=True, slots=True)
class Revision:
    """A version of the plan made after the origin: shown beside, not scored."""

    date: str
    quantity: str
    dated: str | None
    planned: float
    observed: int


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of a case; ``points`` are without late values, ``points_with_late`` with them."""

    case: Case
    draws: int
    seed: int
    late: tuple[str, ...]
    points: tuple[Point, ...]
    points_with_late: tuple[Point, ...]
    errors: Errors
    errors_with_late: Errors
    not_predicted: tuple[str, ...]
    revisions: tuple[Revision, ...]
    notes: tuple[Text, ...]


def score(case: Case, resolved: Resolved, draws: int, seed: int) -> CaseResult:
    """Predict a case twice, without and with late values, and compare."""
    keys = luck.worlds(seed, np.arange(1, draws + 1))
    own = luck.mix(keys, luck.word(f"backtest/{case.id}"))
    day = resolved.on
    blind, hindsight = (
        Chances(resolved.for_backtest(day, late), own, case.origin, late) for late in (False, True)
    )
    points = _points(case, predict(case, blind))
    with_late = _points(case, predict(case, hindsight))
    late = dict.fromkeys([f"known.csv: {f.quantity} {f.date}" for f in case.late_figures()])
    late |= blind.met_late | hindsight.met_late
    if len(case.readable(case.lead_quantity, False)) < 3:
        late[SPREAD_NAME] = None
    seen = {p.quantity for p in points}
    missing = tuple(dict.fromkeys(f.quantity for f in case.observed if f.quantity not in seen))
    return CaseResult(
        case=case,
        draws=draws,
        seed=seed,
        late=tuple(late),
        points=points,
        points_with_late=with_late,
        errors=_errors(case, points, late=False),
        errors_with_late=_errors(case, with_late, late=True),
        not_predicted=missing,
        revisions=_revisions(case),
        notes=_notes(case, missing),
    )


def _points(case: Case, prediction: Prediction) -> tuple[Point, ...]:
    found = []
    for figure in case.observed:
        draws = prediction.at(figure.quantity, figure.span)
        if draws is not None:
            levels = np.quantile(draws, LEVELS, method="inverted_cdf")
            band = tuple(math.floor(q + 0.5) for q in levels)
            found.append(
                Point(
                    figure.date,
                    figure.quantity,
                    figure.value,
                    figure.low,
                    figure.high,
                    band,
                    figure.source,
                )
            )
    return tuple(found)


def _errors(case: Case, points: tuple[Point, ...], late: bool) -> Errors:
    lead = [f for f in case.observed if f.quantity == case.lead_quantity]
    banded = {p.date: p for p in points if p.quantity == case.lead_quantity}
    bands = [np.array(banded[f.date].quantiles, float) if f.date in banded else None for f in lead]
    carried = [_persistence(case, f, late) for f in lead]
    plans = [planned_for(case, f) for f in lead]
    observed = [float(f.value) for f in lead]
    return Errors(
        median=_relative([None if b is None else b[3] for b in bands], observed),
        persistence=_relative([None if c is None else c[3] for c in carried], observed),
        official_plan=_relative(plans, observed),
        pinball=_pinball(bands, observed),
        pinball_persistence=_pinball(carried, observed),
    )


def _relative(said: Sequence[float | None], observed: Sequence[float]) -> float | None:
    """Mean absolute error over mean observed, where something was said; None if it cannot be."""
    pairs = [(s, o) for s, o in zip(said, observed, strict=True) if s is not None]
    total = sum(o for _, o in pairs)
    return round(float(sum(abs(s - o) for s, o in pairs) / total), 4) if total else None


def _pinball(bands: Sequence[Array | None], observed: Sequence[float]) -> float | None:
    """Mean quantile loss over mean observed, where there is a band; None if there is none."""
    pairs = [(b, o) for b, o in zip(bands, observed, strict=True) if b is not None]
    total = sum(o for _, o in pairs)
    loss = sum(float(quantile_loss(b, np.array(o))) for b, o in pairs)
    return round(loss / total, 4) if total else None


def _persistence(case: Case, figure: Figure, late: bool) -> Array | None:
    """Quantiles of the last known figure carried on, shape (quantile,)."""
    past = case.readable(figure.quantity, late)
    past = [f for f in past if f.span.last <= case.origin]
    if not past:
        return None
    last = past[-1]
    is_flow = case.quantities[figure.quantity].role == "flow"
    level = last.value * (figure.span.months / last.span.months if is_flow else 1.0)
    spread = _own_spread(past) * math.sqrt(figure.span.last - last.span.last)
    return np.asarray(level * np.exp(spread * _NORMAL))


def _own_spread(past: list[Figure]) -> float:
    """Standard deviation of a monthly log-change of the own past; no drift."""
    if len(past) < 3:
        return SPREAD
    steps = np.array([b.span.last - a.span.last for a, b in pairwise(past)])
    values = np.maximum(0.5, np.array([f.value for f in past], np.float64))
    changes = np.diff(np.log(values)) / np.sqrt(np.maximum(1, steps))
    return float(np.sqrt((changes**2).mean()))


def planned_for(case: Case, figure: Figure) -> float | None:
    """What the plan in force at the origin said for a span; an annual one is spread evenly."""
    for plan in reversed(case.plans):
        inside = plan.span.first <= figure.span.first and figure.span.last <= plan.span.last
        if plan.quantity == figure.quantity and inside and _dated(plan.dated, case.origin):
            is_flow = case.quantities[figure.quantity].role == "flow"
            return plan.value * (figure.span.months / plan.span.months if is_flow else 1.0)
    return None


def _dated(dated: str | None, origin: int) -> bool:
    """Was the plan made by the origin? A plan without a day counts as made before its period."""
    if dated is None:
        return True
    month = int(dated[5:7]) - 1 if len(dated) > 4 else 0
    return int(dated[:4]) * 12 + month <= origin


def _revisions(case: Case) -> tuple[Revision, ...]:
    found = []
    for plan in case.plans:
        if _dated(plan.dated, case.origin):
            continue
        for figure in case.observed:
            if figure.quantity == plan.quantity and figure.span == plan.span:
                found.append(
                    Revision(
                        plan.date,
                        plan.quantity,
                        plan.dated,
                        float(plan.value),
                        figure.value,
                    )
                )
    return tuple(found)


def _notes(case: Case, missing: tuple[str, ...]) -> tuple[Text, ...]:
    found = list(case.notes)
    for name in missing:
        label = case.quantities[name].label
        found.append(
            Text(
                f"{label.de}: ohne späte Werte nicht vorhersagbar (Anfang unbekannt).",
                f"{label.en}: cannot be predicted without late values (its start is unknown).",
            )
        )
    by_year = [
        p for p in case.plans if case.quantities[p.quantity].role == "flow" and p.span.months == 12
    ]
    if any(f.span.months == 1 and f.quantity == p.quantity for p in by_year for f in case.observed):
        found.append(
            Text(
                "Der Jahresplan ist gleichmäßig auf die Monate verteilt.",
                "The annual plan is spread evenly over the months.",
            )
        )
    if any("unverified" in f.source for f in (*case.known, *case.observed)):
        found.append(
            Text(
                "Einzelne örtliche Zahlen sind nicht gegengeprüft (unverified).",
                "Some local figures have not been checked against a second source (unverified).",
            )
        )
    return tuple(found)
