"""A bound that is a bound: recomputed from row duals in float64, whatever the solver's tolerances.

For any multipliers y with the right signs, every plan is worth at most
sum of (row side * y) + sum over columns of max(0, points - y A) * upper. Nothing else is trusted.
"""

from __future__ import annotations

import math

import numpy as np

from vorort.placement.program import Floats, Matrix


def dual_bound(matrix: Matrix, dual: Floats) -> int:
    """The bound in whole thousandths, rounded up past any error of summing."""
    y = np.asarray(dual, np.float64)
    # A positive multiplier needs an upper side, a negative one a lower side.
    y = np.where((y > 0) & np.isinf(matrix.high), 0.0, y)
    y = np.where((y < 0) & np.isinf(matrix.low), 0.0, y)
    side = np.where(y > 0, matrix.high, np.where(y < 0, matrix.low, 0.0))
    rows = np.repeat(np.arange(len(y)), np.diff(matrix.start))
    terms = matrix.value * y[rows]
    priced = np.bincount(matrix.index, weights=terms, minlength=len(matrix.points))
    reduced = matrix.points - priced
    gains = np.maximum(0.0, reduced) * matrix.upper
    total = math.fsum((side * y).tolist()) + math.fsum(gains.tolist())
    size = math.fsum(np.abs(terms).tolist()) + float(np.abs(matrix.points).sum()) + abs(total)
    slack = size * np.finfo(np.float64).eps * 4 + 1e-6
    return math.floor(total + slack)
