"""Short statistical forecast of a monthly series: a random walk of the logarithm with honest tails.

The last known level carries on without drift; its monthly log-changes are Student t with five
degrees of freedom. Their scale is estimated robustly from the last months, recent ones weighing
more, and pulled towards a prior. Settings were fixed before scoring and are the same for all
series: `docs/method/forecast.md` has what was tried and what it scored. Nothing after the origin
is ever read, and the quantiles are computed (Gil-Pelaez), not drawn: same input, same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from vorort import luck
from vorort.arrivals.series import Series, name_of, number_of
from vorort.problems import Problem, Refused

Array = NDArray[np.float64]
Known = Sequence[float | None]

MOST_MONTHS = 120
LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Settings:
    """How a forecast is made; one set for all series.

    ``prior_scale`` and ``short_scale`` are standard deviations of a monthly log-change: 0.2 is the
    rounded 0.213 of parameters_simulation ``arrivals.monthly_log_change_sd``, 0.3 the upper end of
    its range. The rest are project estimates from the trials.
    """

    window: int = 36  # months of changes looked at
    half_life: float = 12.0  # months after which a change weighs half
    prior_scale: float = 0.2
    prior_weight: float = 3.0  # months
    short_scale: float = 0.3  # instead of the prior where fewer than three points are known


SETTINGS = Settings()
_FREEDOM = 5  # degrees of freedom; the closed form of the characteristic function is for 5 only
_CLIP = 3.0  # the three-sigma rule: a single leap does not set the width of calm months
_TO_T = math.sqrt((_FREEDOM - 2) / _FREEDOM)  # scale of a t5 of standard deviation 1


@dataclass(frozen=True, slots=True)
class Start:
    """Where a forecast starts from.

    ``level`` is the last known value (None: nothing known), ``age`` the months since, ``scale``
    the standard deviation of a monthly log-change, ``offset`` what is added before the logarithm
    (half the smallest positive value where zeros occur, else 0), ``points`` the known values.
    """

    level: float | None
    age: int
    scale: float
    offset: float
    points: int

    def notes(self) -> tuple[tuple[str, str], ...]:
        """What a reader must know about this start, as (German, English)."""
        found = []
        if not self.points:
            found.append((
                "Bis zum Ursprung ist kein Wert bekannt: es gibt keine Vorhersage.",
                "No value is known up to the origin: there is no forecast.",
            ))  # fmt: skip
        elif self.points < 3:
            found.append((
                f"Bekannte Werte: {self.points}. Die Breite ist allein eine Vorannahme.",
                f"Known values: {self.points}. The width is a prior assumption alone.",
            ))  # fmt: skip
        if self.level is not None and self.age:
            found.append((
                f"Der letzte bekannte Wert ist {self.age} Monate alt.",
                f"The last known value is {self.age} months old.",
            ))  # fmt: skip
        if self.offset:
            found.append((
                "Die Reihe enthält Nullen: vor dem Logarithmus kommt ein kleiner Zuschlag hinzu.",
                "The series contains zeros: a small amount was added before the logarithm.",
            ))  # fmt: skip
        return tuple(found)


def forecast(values: Known, months: int, settings: Settings = SETTINGS) -> Array:
    """Quantiles of the next months of a series that ends at the origin.

    ``values``: one number a month, oldest first, None where unknown; the last is the origin's.
    Returns shape (month, quantile) in the unit of the series, quantiles as in ``LEVELS``; all NaN
    where no value is known. Raises ``ValueError`` on negative or infinite values.
    """
    if months < 1:
        raise ValueError("a forecast needs at least one month")
    return _quantiles(start_of(values, settings), months)


def start_of(values: Known, settings: Settings = SETTINGS) -> Start:
    """Level, age and scale a forecast of ``values`` starts from."""
    known = [(i, float(v)) for i, v in enumerate(values) if v is not None]
    if any(v < 0 or not math.isfinite(v) for _, v in known):
        raise ValueError("a forecast takes finite numbers of zero and above")
    if not known:
        return Start(None, 0, settings.short_scale, 0.0, 0)
    positive = [v for _, v in known if v > 0]
    has_zeros = len(positive) < len(known)
    offset = (min(positive) / 2 if positive else 0.5) if has_zeros else 0.0
    when = np.array([i for i, _ in known])
    logs = np.log(np.array([v for _, v in known]) + offset)
    scale = _scale(when, logs, len(values) - 1, settings)
    return Start(known[-1][1], len(values) - 1 - int(when[-1]), scale, offset, len(known))


def _scale(when: NDArray[np.int_], logs: Array, origin: int, settings: Settings) -> float:
    """Standard deviation of a monthly log-change."""
    if len(logs) < 3:
        return settings.short_scale
    steps = np.diff(when)
    ages = origin - when[1:]
    recent = ages < settings.window
    # A change over a gap of k months is as wide as the square root of k changes of one month.
    changes = (np.diff(logs) / np.sqrt(steps))[recent]
    weights = 0.5 ** (ages[recent] / settings.half_life)
    prior = np.array(settings.prior_scale)
    return float(robust_scale(changes, weights, prior, settings.prior_weight))


def robust_scale(changes: Array, weights: Array, prior: Array, prior_weight: float) -> Array:
    """Weighted standard deviation of the changes, none counted beyond three of it.

    ``prior_weight`` months of changes just as wide as the prior are added; ``prior`` may be a
    number or one a draw, and so is the answer. The equation has one solution, because its right
    side is concave in the variance and positive at zero.
    """
    own = np.asarray(prior, np.float64) ** 2
    variance = own
    total = weights.sum() + prior_weight
    for _ in range(500):
        clipped = np.minimum(changes**2, (_CLIP**2) * variance[..., None])
        new = (clipped @ weights + prior_weight * own) / total
        done = np.all(np.abs(new - variance) <= 1e-12 * variance)
        variance = new
        if done:
            break
    return np.sqrt(variance)


def _quantiles(start: Start, months: int) -> Array:
    if start.level is None:
        return np.full((months, len(LEVELS)), np.nan)
    steps = start.age + np.arange(1, months + 1)
    spread = start.scale * _TO_T * np.array([sum_quantiles(int(n)) for n in steps])
    grown = (start.level + start.offset) * np.exp(spread)
    return np.maximum(0.0, grown - start.offset)


@cache
def sum_quantiles(steps: int, levels: tuple[float, ...] = LEVELS) -> tuple[float, ...]:
    """Quantiles of the sum of ``steps`` independent Student t5 numbers of scale 1.

    From the characteristic function of t5, exp(-s)(1 + s + s²/3) with s = sqrt(5)|t|, by the
    inversion formula of Gil-Pelaez and bisection.
    """
    top = 40.0 / math.sqrt(steps)  # beyond it the function is below 1e-30 of its start
    t = (np.arange(4_000) + 0.5) * (top / 4_000)
    s = math.sqrt(5.0) * t
    weight = np.exp(steps * (np.log1p(s + s * s / 3) - s)) / t * (top / 4_000 / math.pi)

    def share_below(x: float) -> float:
        return 0.5 + float(np.sin(t * x) @ weight)

    def quantile(level: float) -> float:
        low, high = 0.0, 8.0 * math.sqrt(steps)
        for _ in range(50):
            middle = (low + high) / 2
            low, high = (middle, high) if share_below(middle) < level else (low, middle)
        return (low + high) / 2

    upper = {p: quantile(p) for p in {max(p, 1 - p) for p in levels} if p > 0.5}
    return tuple(0.0 if p == 0.5 else math.copysign(upper[max(p, 1 - p)], p - 0.5) for p in levels)


def paths(
    values: Known,
    months: int,
    keys: luck.Keys,
    purpose: str = "arrivals/national",
    settings: Settings = SETTINGS,
) -> Array:
    """Drawn futures: logarithm of each coming month over the last known value.

    ``keys``: one a draw (``luck.worlds``). Returns shape (draw, month); the median is 0 in every
    month, so a central draw uses zeros.
    """
    start = start_of(values, settings)
    walk = walks(keys, start.age + months, purpose) * start.scale
    return walk[:, start.age :]


def walks(keys: luck.Keys, months: int, purpose: str) -> Array:
    """Sums of t5 numbers of standard deviation 1, shape (draw, month), under named luck."""
    steps = [_student(keys, f"{purpose}/{month}") * _TO_T for month in range(months)]
    return np.cumsum(np.stack(steps, axis=1), axis=1)


def _student(keys: luck.Keys, purpose: str) -> Array:
    """Student t5 numbers, one a key: a normal number over the root of a chi-square of five."""
    half = luck.exponential(keys, f"{purpose}/a") + luck.exponential(keys, f"{purpose}/b")
    square = luck.normal(keys, f"{purpose}/c").astype(np.float64) ** 2 + 2.0 * half
    return luck.normal(keys, purpose) / np.sqrt(square / _FREEDOM)


def forecast_series(
    series: Series, months: int, settings: Settings = SETTINGS
) -> dict[str, object]:
    """The forecast of a series as read, in the form of DESIGN 14, with what to know about it.

    Raises ``Refused`` where ``months`` is not 1 to 120.
    """
    if not 1 <= months <= MOST_MONTHS:
        reason = (f"{months} Monate gehen nicht.", f"{months} months are not possible.")
        remedy = (f"Bitte 1 bis {MOST_MONTHS} wählen.", f"Choose 1 to {MOST_MONTHS}.")
        raise Refused([Problem("", *reason, *remedy)])
    quantiles = forecast(series.values, months, settings)
    notes = start_of(series.values, settings).notes()
    return {**as_json(series.origin, quantiles, notes), "column": series.column}


def as_json(
    origin: str, quantiles: Array, notes: Sequence[tuple[str, str]] = ()
) -> dict[str, object]:
    """The forecast as in DESIGN 14; quantiles that are unknown become null."""
    first = number_of(origin) + 1
    rows = [
        {
            "month": name_of(first + i),
            "quantiles": {
                f"{p:g}": None if math.isnan(q) else round(float(q), 3)
                for p, q in zip(LEVELS, row, strict=True)
            },
        }
        for i, row in enumerate(quantiles)
    ]
    return {"origin": origin, "forecast": rows, "notes": [{"de": d, "en": e} for d, e in notes]}
