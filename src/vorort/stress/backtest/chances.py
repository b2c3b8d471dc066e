"""Draw the parameters of a backtest: the published range, or the range before any figure.

A value published after the origin, of unknown date, or an estimate is *late*: without late values
the parameter is drawn from ``before``, which is wide and the same for all cases.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vorort import luck
from vorort.parameters import Backtest
from vorort.parameters.sampling import inverse, is_uncertain
from vorort.stress.backtest.case import Share

Array = NDArray[np.float64]


@dataclass
class Chances:
    """Draws of one case under named luck; remembers which values came too late.

    ``keys``: one a draw. ``late``: whether late values may be used.
    """

    values: Backtest
    keys: luck.Keys
    origin: int  # month since year 0
    late: bool
    met_late: dict[str, None] = field(default_factory=dict)  # an ordered set

    def of(self, name: str) -> Array:
        """The parameter in each draw, shape (draw,)."""
        if name in self.values.late:
            self.met_late[name] = None
        value = self.values.resolved[name].value
        if value is None or value.amount is None or name in self.values.without_before:
            raise KeyError(f"{name} has neither a value in time nor a range `before`")
        if not is_uncertain(value):
            return np.full(len(self.keys), value.amount)
        chance = luck.uniform(self.keys, f"parameter/{name}").astype(np.float64)
        return inverse(value, chance).astype(np.float64)

    def may_read(self, share: Share) -> bool:
        """Was the share published by the origin, or may late values be used?"""
        return self.late or not self._is_late(share)

    def share(self, share: Share, name: str) -> Array:
        """A share typed into the case file, as a number below 1, shape (draw,)."""
        if self._is_late(share):
            self.met_late[name] = None
        chance = luck.uniform(self.keys, f"share/{name}").astype(np.float64)
        drawn = luck.triangular(chance, share.low, share.permille, share.high)
        return drawn.astype(np.float64) / 1000.0

    def _is_late(self, share: Share) -> bool:
        return share.known_in is None or share.known_in > self.origin

    def normal(self, purpose: str) -> Array:
        """Standard normal numbers, shape (draw,)."""
        return luck.normal(self.keys, purpose).astype(np.float64)
