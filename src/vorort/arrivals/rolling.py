"""Rolling-origin scores of the forecast beside the 24-month random walk of the logarithm.

From every origin on only the values up to it are used; the score is twice the mean quantile loss
over the seven published quantiles (an approximation of the CRPS, unit of the series).
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from vorort.arrivals.forecast import LEVELS, SETTINGS, Array, Known, Settings, forecast

HORIZONS = (1, 3, 6, 12)
_NORMAL = np.array([NormalDist().inv_cdf(p) for p in LEVELS])


@dataclass(frozen=True, slots=True)
class HorizonScore:
    """Scores at one horizon; ``ratio`` below 1 means better than the random walk."""

    horizon: int
    origins: int
    ratio: float
    inside_50: float
    inside_90: float
    walk_inside_50: float
    walk_inside_90: float


@dataclass(frozen=True, slots=True)
class RollingScore:
    """Scores over all horizons; pooled = over all pairs of origin and horizon."""

    rows: tuple[HorizonScore, ...]

    @property
    def mean_ratio(self) -> float:
        """Mean of the ratios of the horizons."""
        return float(np.mean([r.ratio for r in self.rows]))

    def pooled(self, horizons: tuple[int, ...] = HORIZONS, walk: bool = False) -> float:
        """Share of observations inside the 90 % band over these horizons."""
        rows = [r for r in self.rows if r.horizon in horizons]
        hits = sum((r.walk_inside_90 if walk else r.inside_90) * r.origins for r in rows)
        return hits / sum(r.origins for r in rows)


def random_walk(values: Known, months: int, window: int = 24) -> Array:
    """The peer: no drift, normal log-changes, sd of the last ``window``; (month, quantile)."""
    known = np.log(np.array([v for v in values[-window - 1 :] if v is not None], np.float64))
    spread = np.diff(known).std(ddof=1)
    steps = np.sqrt(np.arange(1, months + 1))
    quantiles: Array = np.exp(known[-1] + spread * steps[:, None] * _NORMAL)
    return quantiles


def quantile_loss(quantiles: Array, observed: Array) -> Array:
    """Twice the mean quantile loss; quantiles (..., level), observed (...)."""
    error = observed[..., None] - quantiles
    levels = np.array(LEVELS)
    loss: Array = 2.0 * np.maximum(levels * error, (levels - 1.0) * error).mean(axis=-1)
    return loss


def score_rolling(
    series: Known,
    settings: Settings = SETTINGS,
    first: int = 24,
    last: int | None = None,
    horizons: tuple[int, ...] = HORIZONS,
) -> RollingScore:
    """Scores from origins ``first`` to ``last`` (inclusive, default: all that have an outcome)."""
    longest = max(horizons)
    end = len(series) - 1 if last is None else last
    origins = range(first, min(end, len(series) - 2) + 1)
    ours = {o: forecast(series[: o + 1], longest, settings) for o in origins}
    walk = {o: random_walk(series[: o + 1], longest) for o in origins}
    return RollingScore(tuple(_row(series, ours, walk, h) for h in horizons))


def _row(series: Known, ours: dict[int, Array], walk: dict[int, Array], h: int) -> HorizonScore:
    usable = [o for o in ours if o + h < len(series) and series[o + h] is not None]
    observed = np.array([series[o + h] for o in usable], np.float64)
    mine = np.array([ours[o][h - 1] for o in usable])
    peer = np.array([walk[o][h - 1] for o in usable])
    return HorizonScore(
        horizon=h,
        origins=len(usable),
        ratio=float(quantile_loss(mine, observed).mean() / quantile_loss(peer, observed).mean()),
        inside_50=_share_inside(mine, observed, 2, 4),
        inside_90=_share_inside(mine, observed, 0, 6),
        walk_inside_50=_share_inside(peer, observed, 2, 4),
        walk_inside_90=_share_inside(peer, observed, 0, 6),
    )


def _share_inside(quantiles: Array, observed: Array, low: int, high: int) -> float:
    inside: NDArray[np.bool_] = (quantiles[:, low] <= observed) & (observed <= quantiles[:, high])
    return float(inside.mean())
