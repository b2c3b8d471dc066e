"""Uncertain parameters as one number a draw, by the inverse of their distribution.

Each (parameter, draw) has one uniform number named after the parameter, so that scenarios and
packages share their luck and a new parameter moves no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from vorort import luck
from vorort.columns import Floats, Values
from vorort.parameters.resolve import Resolved
from vorort.vocabulary import Value

FOREVER = date(9999, 12, 31)


def values(
    resolved: Resolved, seed: int, draws: int | Sequence[int] | NDArray[np.integer],
    until: date | None = None,
) -> Values:  # fmt: skip
    """Columns of shape (draw,) for uncertain parameters, one number for the rest.

    ``draws``: the numbers of the draws, or how many there are besides draw 0 (then shape is
    draws + 1, draw 0 first). Draw 0 has the central values. A number that takes over later
    stands in ``changes`` with its day after ``resolved.on``; one that is *unknown* later is
    left out: the last known number goes on.
    """
    numbers = np.arange(draws + 1) if isinstance(draws, int) else np.asarray(draws, np.int64)
    worlds = luck.worlds(seed, numbers)
    central = {name: choice.amount for name, choice in resolved.choices.items()}
    drawn = {
        name: _column(name, choice.value, worlds, numbers)
        for name, choice in resolved.choices.items()
        if choice.value is not None and is_uncertain(choice.value)
    }
    changes = {
        name: tuple(
            ((v.valid_from - resolved.on).days, v.amount)
            for v in resolved.later(name, until or FOREVER)
            if v.amount is not None
        )
        for name in resolved.choices
    }
    return Values(central, drawn, {n: c for n, c in changes.items() if c})


def is_uncertain(value: Value) -> bool:
    """Has a number and a range to draw from."""
    has_range = value.low is not None and value.high is not None and value.low < value.high
    return value.amount is not None and has_range and value.distribution != "fixed"


def inverse(value: Value, chance: Floats) -> Floats:
    """The number below which the given share of the distribution lies; shape of ``chance``.

    Triangular: low, the value as its peak, high. Uniform: low to high.
    """
    if value.low is None or value.high is None or value.amount is None:
        raise ValueError("only a value with a number and a range can be drawn")
    low, high = value.low, value.high
    if value.distribution == "uniform":
        even: Floats = low + chance * (high - low)
        return even
    return luck.triangular(chance, low, value.amount, high)


def _column(name: str, value: Value, worlds: luck.Keys, numbers: NDArray[np.integer]) -> Floats:
    chance = luck.uniform(worlds, f"parameter/{name}").astype(np.float64)
    column = inverse(value, chance)
    column[numbers == 0] = value.amount
    return column
