"""Places are not wasted: no beds left over in a family unit, step-free ones for those in need."""

from __future__ import annotations

import numpy as np

from vorort.placement.goals import Goal
from vorort.placement.homes import Homes, Ints
from vorort.placement.problem import Party
from vorort.vocabulary import Text


def home(party: Party, homes: Homes) -> Ints:
    """Loses 1,000 for each bed nobody else could use, and for a step-free unit not needed."""
    left = np.where(homes.is_family, np.maximum(0, homes.places - party.size), 0)
    unneeded = homes.has_access & (not party.needs_access)
    return -1000 * (left + unneeded)


GOAL = Goal("thrift", 1, Text("passende Größe", "size that fits"), home)
