"""Places suffice on every day; a family unit holds one party; no second unit without need."""

from __future__ import annotations

from functools import cache

import numpy as np

from vorort.placement.homes import Flags, Homes, Ints, places_left
from vorort.placement.problem import Party
from vorort.placement.program import Program
from vorort.placement.rules import Rule
from vorort.vocabulary import Text


def breaks(party: Party, homes: Homes) -> Flags:
    """Too few places left, or adjoining units where one of them would do."""
    found: Flags = (homes.places < party.size) | (homes.smaller >= party.size)
    return found


def lacks(party: Party, homes: Homes) -> Ints:
    """Places missing."""
    return np.maximum(0, party.size - homes.places)


def because(party: Party, homes: Homes, row: int) -> Text:
    """In words, with the figures."""
    home = homes.rows[row]
    return _because(party.size, home.places, home.smaller)


@cache  # of 15,000 homes most are told one of a few sentences
def _because(size: int, places: int, smaller: int) -> Text:
    if smaller >= size:
        return Text("Schon eine der Einheiten allein reicht.", "One of the units alone would do.")
    if places == 0:
        return Text("Belegt.", "Occupied.")
    return Text(
        f"{places} Plätze frei, gebraucht werden {size}.",
        f"{places} places free, {size} are needed.",
    )


def rows(program: Program) -> None:
    """A family unit: one party. A shared one: people on every day no more than places left."""
    for lodging in program.problem.lodgings:
        mine = program.options_in(lodging.id)
        if lodging.unit.kind == "family":
            program.row("fit", f"unit[{lodging.id}]", program.home[mine], None, 0, 1)
            continue
        program.capacity("fit", "places", lodging, mine, places_left)


RULE = Rule(
    "fit", 20, Text("Plätze reichen", "places suffice"), breaks, because, rows, is_optional=False,
    lacks=lacks,
)  # fmt: skip
