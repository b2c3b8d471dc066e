"""Requirements of protection are codes of features, not diagnoses; what must be there is there.

A unit with the feature `protected` or `women_only` takes only those it is meant for.
"""

from __future__ import annotations

import numpy as np

from vorort.placement.homes import Flags, Homes
from vorort.placement.problem import Party
from vorort.placement.rules import Rule
from vorort.vocabulary import Text

PROTECTED, WOMEN_ONLY, OWN_UNIT = "protected", "women_only", "own_unit"
NOT_OF_A_UNIT = (OWN_UNIT, "screening_open", "interpreter")


def breaks(party: Party, homes: Homes) -> Flags:
    """A feature is missing, or the unit is kept for others."""
    found = np.zeros(len(homes), np.bool_)
    for code in party.must:
        if code == OWN_UNIT:
            found |= ~homes.is_family
        elif code not in NOT_OF_A_UNIT:
            found |= ~homes.has_feature(code)
    if not (party.is_protected or PROTECTED in party.must):
        found |= homes.has_any(PROTECTED)
    if not women_and_children(party):
        found |= homes.has_any(WOMEN_ONLY)
    return found


def women_and_children(party: Party) -> bool:
    """Every member is a woman or known to be a child."""
    known = len(party.members) == party.size
    return known and all(m.sex == "f" or (m.age is not None and m.age < 18) for m in party.members)


def because(party: Party, homes: Homes, row: int) -> Text:
    """In words: what is missing, or whom the unit is kept for."""
    features = [set(x.unit.features) for x in homes.lodgings[row]]
    missing = [
        c for c in party.must if c not in NOT_OF_A_UNIT and not all(c in f for f in features)
    ]
    if OWN_UNIT in party.must and not homes.is_family[row]:
        missing.append(OWN_UNIT)
    if missing:
        listed = ", ".join(missing)
        return Text(f"Anforderung nicht erfüllt: {listed}.", f"Requirement not met: {listed}.")
    return Text("Für andere vorgesehen.", "Meant for others.")


RULE = Rule(
    "protection", 50, Text("Schutz und Anforderungen", "protection and requirements"),
    breaks, because,
)  # fmt: skip
