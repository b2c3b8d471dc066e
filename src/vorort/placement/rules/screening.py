"""Whose first medical screening is known to be open does not share a unit with others.

Not recorded is not open: it is counted in the notes, and a setting can make it refuse as well.
"""

from __future__ import annotations

import numpy as np

from vorort.placement.homes import Flags, Homes
from vorort.placement.problem import Party
from vorort.placement.rules import Rule
from vorort.vocabulary import Text


def breaks(party: Party, homes: Homes) -> Flags:
    """No shared unit."""
    strict = homes.problem.rulebook["screening_unknown_refuses"] == 1
    is_open = party.screened is False or (party.screened is None and strict)
    return ~homes.is_family if is_open else np.zeros(len(homes), np.bool_)


def because(party: Party, homes: Homes, row: int) -> Text:
    """In words."""
    if party.screened is None:
        return Text(
            "Gemeinschaftseinheit; kein Vermerk über die Erstuntersuchung.",
            "Shared unit; no screening is recorded.",
        )
    return Text(
        "Gemeinschaftseinheit; die Erstuntersuchung steht aus.",
        "Shared unit; the first screening is still open.",
    )


RULE = Rule(
    "screening", 60, Text("Erstuntersuchung vor Gemeinschaftseinheit",
                          "screening before a shared unit"),
    breaks, because,
)  # fmt: skip
