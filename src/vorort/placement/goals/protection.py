"""Who needs protection, or has children, has a unit of their own and what they should have."""

from __future__ import annotations

from vorort.placement.goals import Goal
from vorort.placement.homes import Homes, Ints
from vorort.placement.problem import Party
from vorort.vocabulary import Text


def home(party: Party, homes: Homes) -> Ints:
    """1,000 a person times the share met of what should be there, a unit of one's own included."""
    met, asked = homes.same(0), 0
    for code in party.should:
        met = met + (homes.is_family if code == "own_unit" else homes.has_feature(code))
        asked += 1
    if party.children or party.is_protected or party.urgency == "protection":
        met, asked = met + homes.is_family, asked + 1
    return 1000 * party.size * met // max(1, asked)


GOAL = Goal("protection", 7, Text("Schutz", "protection"), home)
