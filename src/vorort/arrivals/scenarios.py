"""Named scenarios: possible worlds that a run mixes by weight. German: Planfälle"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from vorort.columns import Ints
from vorort.vocabulary import SCENARIOS, Text

NAMES = SCENARIOS
LABELS: Mapping[str, Text] = {
    "calm": Text("Ruhig", "Calm"),
    "trend": Text("Trend", "Trend"),
    "pulse_2015": Text("Schub wie 2015", "Pulse as in 2015"),
    "pulse_2022": Text("Schub wie 2022", "Pulse as in 2022"),
    "high_plateau": Text("Hohes Plateau", "High plateau"),
    "double_shock": Text("Doppelschub", "Double shock"),
    "sudden_exit": Text("Plötzlicher Rückgang", "Sudden exit"),
    "law_change": Text("Rechtsänderung", "Change of law"),
}
CALM, TREND, PULSE_2015, PULSE_2022, PLATEAU, DOUBLE, EXIT, LAW = range(8)
_GOLDEN = 0.6180339887498949


@dataclass(frozen=True)
class Mixture:
    """The scenario of each draw, shape (draw,), as index into NAMES."""

    of_draw: Ints

    def is_(self, *scenarios: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Draws that lie in one of these scenarios."""
        return np.isin(self.of_draw, scenarios)


def mix_scenarios(weights: Mapping[str, float], draws: Ints) -> Mixture:
    """Spread draws over the scenarios by weight; draw 0 is the trend, else the heaviest scenario.

    The golden-ratio sequence keeps every beginning of the draws close to the weights, and draw 7
    has the same scenario however many draws there are.
    """
    share = np.array([weights.get(name, 0.0) for name in NAMES])
    edges = np.cumsum(share) / share.sum()
    place = np.modf(draws * _GOLDEN)[0]
    found = np.minimum(np.searchsorted(edges, place, side="right"), len(NAMES) - 1)
    central = TREND if share[TREND] > 0 else int(np.argmax(share))
    return Mixture(np.where(draws == 0, central, found).astype(np.int32))
