"""Which assumptions move the result most: first-order shares of variance, from the draws at hand.

Rank-based: the outcome is replaced by its rank, so that a few extreme draws do not decide. For a
number the draws are sorted by it into equal bins, for the scenario each scenario is a bin; the
share is the variance of the bin means over the whole variance, less what bins of pure chance would
show. Standard error: jackknife over blocks of draws. First order only: shares need not add up to
one, the rest is interaction and chance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vorort.columns import Floats, Ints

BINS, BLOCKS = 20, 20
ENOUGH = 0.05  # share of draws that must differ from zero


@dataclass(frozen=True)
class Share:
    """How much of the variance one assumption explains alone. German: Anteil an der Streuung"""

    parameter: str
    share: float
    standard_error: float


def shares(
    outcome: Floats, numbers: Mapping[str, Floats], groups: Mapping[str, Ints]
) -> list[Share]:
    """Shares of every assumption, largest first; [] where hardly any draw shows a shortage.

    ``outcome`` has shape (draw,); ``numbers`` and ``groups`` one column each of the same shape.
    """
    draws = len(outcome)
    if draws < 4 * BINS or np.count_nonzero(outcome) < ENOUGH * draws:
        return []
    rank = _ranks(outcome)
    bins = {name: _bins(column) for name, column in numbers.items() if np.ptp(column) > 0}
    bins |= {name: column.astype(np.int64) for name, column in groups.items() if np.ptp(column) > 0}
    found = [Share(name, *_share(rank, at)) for name, at in bins.items()]
    return sorted(found, key=lambda s: (-s.share, s.parameter))


def _ranks(outcome: Floats) -> Floats:
    """Ranks from 0; equal outcomes share the mean of their ranks."""
    _, inverse, counts = np.unique(outcome, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - (counts + 1) / 2
    ranks: Floats = middle[inverse]
    return ranks


def _bins(column: Floats) -> NDArray[np.int64]:
    place = np.empty(len(column), np.int64)
    place[np.argsort(column, kind="stable")] = np.arange(len(column))
    return place * BINS // len(column)


def _share(rank: Floats, at: NDArray[np.int64]) -> tuple[float, float]:
    whole = _first_order(rank, at)
    block = np.arange(len(rank)) % BLOCKS
    without = np.array([_first_order(rank[block != b], at[block != b]) for b in range(BLOCKS)])
    error = np.sqrt((BLOCKS - 1) / BLOCKS * ((without - without.mean()) ** 2).sum())
    return float(np.clip(whole, 0.0, 1.0)), float(error)


def _first_order(rank: Floats, at: NDArray[np.int64]) -> float:
    counts = np.bincount(at)
    used = counts > 0
    means = np.bincount(at, weights=rank)[used] / counts[used]
    between = float(counts[used] @ (means - rank.mean()) ** 2)
    total = float(((rank - rank.mean()) ** 2).sum())
    if total == 0.0:
        return 0.0
    n, k = len(rank), int(used.sum())
    within = (total - between) / max(n - k, 1)
    return (between - (k - 1) * within) / total
