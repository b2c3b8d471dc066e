"""Declared wishes: a district, a site, near to another household."""

from __future__ import annotations

import numpy as np

from vorort.placement.goals import Goal
from vorort.placement.homes import Flags, Homes, Ints
from vorort.placement.problem import Party
from vorort.vocabulary import Text, Wish


def meets(wish: Wish, homes: Homes) -> Flags:
    """Homes that meet a wish."""
    if wish.kind == "facility":
        return np.array([x[0].unit.facility == wish.target for x in homes.lodgings], np.bool_)
    wanted = {wish.target} if wish.kind == "district" else _lives(wish.target, homes)
    numbers = [i for i, d in enumerate(homes.districts) if d in wanted]
    found: Flags = np.isin(homes.district, numbers)
    return found


def _lives(household: str, homes: Homes) -> set[str]:
    """Districts in which a household lives now."""
    return {
        x.district for x in homes.problem.lodgings if any(t.party == household for t in x.there)
    }


def home(party: Party, homes: Homes) -> Ints:
    """1,000 a person times the share of wishes met."""
    met = homes.same(0)
    for wish in party.wishes:
        met = met + meets(wish, homes)
    return 1000 * party.size * met // max(1, len(party.wishes))


GOAL = Goal("wishes", 3, Text("Wünsche", "wishes"), home)
