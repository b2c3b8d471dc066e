"""Few moves: the district stays the same, and no move is foreseen."""

from __future__ import annotations

import numpy as np

from vorort.placement.goals import Goal
from vorort.placement.homes import Homes, Ints
from vorort.placement.problem import Party
from vorort.vocabulary import Text

YEAR = 365


def home(party: Party, homes: Homes) -> Ints:
    """A person gains 500 in the district lived in now; loses up to 500 by an end within a year."""
    stays = np.array([d == party.district for d in homes.districts], np.int64)[homes.district]
    missing = np.clip(YEAR - (homes.until - homes.begins(party)), 0, YEAR)
    found: Ints = 500 * party.size * stays - 500 * party.size * missing // YEAR
    return found


GOAL = Goal("stability", 2, Text("wenig Umzüge", "few moves"), home)
