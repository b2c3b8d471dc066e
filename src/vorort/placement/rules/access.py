"""Who needs a step-free place gets one known to be step-free: unknown is not enough."""

from __future__ import annotations

import numpy as np

from vorort.placement.homes import Flags, Homes
from vorort.placement.problem import Party
from vorort.placement.rules import Rule
from vorort.vocabulary import Text


def breaks(party: Party, homes: Homes) -> Flags:
    """Needed and not known to be there."""
    return ~homes.has_access if party.needs_access else np.zeros(len(homes), np.bool_)


def because(party: Party, homes: Homes, row: int) -> Text:
    """In words."""
    if any(x.unit.access is None for x in homes.lodgings[row]):
        return Text("Ob barrierefrei, ist unbekannt.", "Whether step-free is unknown.")
    return Text("Nicht barrierefrei.", "Not step-free.")


RULE = Rule("access", 40, Text("Barrierefrei, wo nötig", "step-free where needed"), breaks, because)
