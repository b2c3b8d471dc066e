"""Decisions of people bind the machine: exactly here, or not here."""

from __future__ import annotations

import numpy as np

from vorort.placement.homes import Flags, Homes
from vorort.placement.problem import Party
from vorort.placement.rules import Rule
from vorort.vocabulary import Text


def breaks(party: Party, homes: Homes) -> Flags:
    """Forbidden here, or locked elsewhere. A lock on adjoining units names each of them."""
    mine = [row for row in homes.problem.locks if row.household == party.id]
    found = homes.where(row.unit for row in mine if row.kind == "forbid")
    wanted = frozenset(row.unit for row in mine if row.kind == "lock")
    if wanted:
        found |= np.array([not wanted <= set(row.units) for row in homes.rows], np.bool_)
    return found


def because(party: Party, homes: Homes, row: int) -> Text:
    """In words."""
    units = set(homes.rows[row].units)
    for lock in homes.problem.locks:
        if lock.household == party.id and lock.kind == "forbid" and lock.unit in units:
            reason = f" ({lock.reason})" if lock.reason else ""
            return Text(f"Von Hand ausgeschlossen{reason}.", f"Ruled out by hand{reason}.")
    return Text("Von Hand anderswo festgelegt.", "Fixed elsewhere by hand.")


RULE = Rule(
    "locks", 5, Text("Festlegungen von Hand", "decisions by hand"), breaks, because,
    is_optional=False,
)  # fmt: skip
