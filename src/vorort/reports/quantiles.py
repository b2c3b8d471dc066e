"""Quantiles over the draws, as whole numbers that occurred."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def quantiles(column: NDArray[Any], scale: float = 1.0) -> dict[str, int]:
    """Quantiles over the draws (inverted cumulative distribution), times ``scale``, rounded."""
    found = np.quantile(column, LEVELS, method="inverted_cdf")
    return {str(level): round(float(x) * scale) for level, x in zip(LEVELS, found, strict=True)}


def drawn(column: NDArray[Any]) -> NDArray[Any]:
    """Without draw 0 in row 0, unless there is no other draw."""
    return column[1:] if len(column) > 1 else column
