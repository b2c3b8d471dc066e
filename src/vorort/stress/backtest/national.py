"""The national flow as it was known at a case's origin, carried on by the forecast.

German: bundesweite Zugänge
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vorort.arrivals.forecast import SETTINGS, robust_scale, walks
from vorort.stress.backtest.case import Case, Figure
from vorort.stress.backtest.chances import Chances

Array = NDArray[np.float64]

# The change between two years' means of a monthly random walk has 8 times the variance of a step:
# 12 months x 2/3.
_YEARLY = 8.0
_SMALLEST = 0.5  # a month without anybody, for the logarithm


@dataclass(frozen=True, slots=True)
class National:
    """The flow by month, shape (draw, month), months from ``first``; before it flat as in it."""

    first: int
    flow: Array

    def of(self, start: int, end: int) -> Array:
        """Months ``start`` to ``end`` inclusive, shape (draw, month)."""
        return self.flow[:, self._at(start) : self._at(end) + 1]

    def through(self, start: int, end: int) -> Array:
        """As ``of``, but months before the first figure are held at its level."""
        missing = max(0, self.first - start)
        body = self.of(max(start, self.first), end)
        return np.concatenate([np.repeat(self.flow[:, :1], missing, axis=1), body], axis=1)

    def _at(self, month: int) -> int:
        return month - self.first


def national(case: Case, chances: Chances, end: int) -> National:
    """The flow from the first known month to ``end``.

    Monthly figures where known, else a twelfth of the year's; after the last one a random walk
    without drift. A yearly mean stands for the middle of its year, so it is six months old at the
    end of it. Without any figure the flow is 1 throughout and only its changes are drawn.
    """
    known, middle = _known(case, chances.late)
    first = min(known, default=case.origin)
    last = max(known, default=case.origin)
    history = np.ones(1)
    if known:
        history = _filled(np.array([known.get(m, np.nan) for m in range(first, last + 1)]))
    start = last if middle is None else middle
    spread = _spread(case, chances)
    walk = walks(chances.keys, max(1, end - start), "backtest/national") * spread[:, None]
    ahead = history[-1] * np.exp(walk[:, last - start : end - start])
    body = np.repeat(history[None, :], len(spread), axis=0)
    return National(first, np.concatenate([body, ahead], axis=1))


def _known(case: Case, late: bool) -> tuple[dict[int, float], int | None]:
    """Flow by month; the middle of the last year where the last figure is a yearly one."""
    known: dict[int, float] = {}
    years, monthly = _read(case, late)
    for figure in years:
        for month in range(figure.span.first, figure.span.last + 1):
            known[month] = max(_SMALLEST, figure.value / figure.span.months)
    for figure in monthly:
        known[figure.span.last] = max(_SMALLEST, figure.value)
    last_month = max((f.span.last for f in monthly), default=-1)
    ends_yearly = bool(years) and years[-1].span.last > last_month
    return known, years[-1].span.last - 6 if ends_yearly else None


def _filled(history: Array) -> Array:
    """Months without a figure between two known ones, on a straight line of the logarithm."""
    at = np.flatnonzero(~np.isnan(history))
    filled: Array = np.exp(np.interp(np.arange(len(history)), at, np.log(history[at])))
    return filled


def _spread(case: Case, chances: Chances) -> Array:
    """Standard deviation of a monthly log-change in each draw: the known changes and the prior."""
    prior = chances.of("backtest.monthly_log_spread")
    years, months = _read(case, chances.late)
    changes_known = _changes(months, case.origin, 1.0) + _changes(years, case.origin, _YEARLY)
    recent = [(age, c) for age, c in changes_known if age < SETTINGS.window]
    ages = np.array([age for age, _ in recent])
    changes = np.array([c for _, c in recent])
    return robust_scale(changes, 0.5 ** (ages / SETTINGS.half_life), prior, SETTINGS.prior_weight)


def _read(case: Case, late: bool) -> tuple[list[Figure], list[Figure]]:
    """Yearly and monthly figures of the case's driver; months are refined by years before them."""
    if case.driver == "national_temporary":
        return [], case.readable("national_temporary", late)
    years = case.readable("national_asylum_year", late) if case.driver else []
    if case.driver == "national_asylum_month":
        return years, case.readable("national_asylum_month", late)
    return years, []


def _changes(figures: list[Figure], origin: int, variance: float) -> list[tuple[int, float]]:
    """Age in months and log-change of neighbouring figures, per root of a month's variance."""
    found = []
    for one, two in pairwise(figures):
        steps = (two.span.last - one.span.last) / two.span.months
        ratio = max(_SMALLEST, two.value) / max(_SMALLEST, one.value)
        found.append((origin - two.span.last, float(np.log(ratio) / np.sqrt(steps * variance))))
    return found
