"""A home lasts: it does not close, and nobody confirmed comes, within the shortest stay."""

from __future__ import annotations

from datetime import date

import numpy as np

from vorort.placement.homes import Flags, Homes, Ints
from vorort.placement.problem import Party
from vorort.placement.rules import Rule
from vorort.vocabulary import Text


def breaks(party: Party, homes: Homes) -> Flags:
    """Ends before the shortest stay after the party has come."""
    shortest = homes.problem.rulebook["shortest_stay_days"]
    found: Flags = homes.until < homes.begins(party) + shortest
    return found


def lacks(party: Party, homes: Homes) -> Ints:
    """Days missing to the shortest stay."""
    shortest = homes.problem.rulebook["shortest_stay_days"]
    found: Ints = np.maximum(0, homes.begins(party) + shortest - homes.until)
    return found


def because(party: Party, homes: Homes, row: int) -> Text:
    """In words, with the day."""
    until = homes.rows[row].until or date.max
    if until <= homes.rows[row].start:
        return Text("Nicht in Betrieb.", "Not in operation.")
    return Text(f"Nur bis {until:%d.%m.%Y} verfügbar.", f"Only available until {until}.")


RULE = Rule(
    "lasting",
    15,
    Text("Der Platz bleibt", "the place lasts"),
    breaks,
    because,
    is_optional=False,
    lacks=lacks,
)  # fmt: skip
