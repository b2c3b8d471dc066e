"""Floor area a person by the norm of the Land; where either figure is unknown, no rule."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from vorort.placement.homes import Flags, Homes, Ints, within_stay
from vorort.placement.problem import Lodging, Party
from vorort.placement.program import Program
from vorort.placement.rules import Rule
from vorort.vocabulary import Text


def breaks(party: Party, homes: Homes) -> Flags:
    """Fewer square metres a person than the norm, with those already there."""
    norm = homes.problem.space_m2
    if norm is None:
        return np.zeros(len(homes), np.bool_)
    people = party.size + np.where(homes.is_family, 0, homes.people_there)
    known = ~np.isnan(homes.floor_area)
    found: Flags = known & (holds(np.where(known, homes.floor_area, 0), norm) < people)
    return found


def holds(area: Any, norm: float) -> Any:
    """People a floor area is enough for."""
    return np.floor(np.asarray(area) / norm + 1e-9).astype(np.int64)


def lacks(party: Party, homes: Homes) -> Ints:
    """Square metres missing, rounded up; 0 where the area is not known."""
    norm = homes.problem.space_m2 or 0.0
    people = party.size + np.where(homes.is_family, 0, homes.people_there)
    missing = np.ceil(norm * people - np.nan_to_num(homes.floor_area, nan=1e9) - 1e-9)
    return np.maximum(0, missing).astype(np.int64)


def because(party: Party, homes: Homes, row: int) -> Text:
    """In words, with the figures."""
    area, norm = homes.floor_area[row], homes.problem.space_m2 or 0
    people = party.size + (0 if homes.is_family[row] else int(homes.people_there[row]))
    return Text(
        f"{area:.0f} m² für {people} Personen; die Norm ist {norm:g} m² je Person.",
        f"{area:.0f} m² for {people} people; the norm is {norm:g} m² a person.",
    )


def rows(program: Program) -> None:
    """People in a shared unit no more than its floor area allows."""
    norm = program.problem.space_m2
    if norm is None:
        return
    for lodging in program.problem.lodgings:
        if lodging.unit.kind == "family" or lodging.unit.floor_area_m2 is None:
            continue
        mine = program.options_in(lodging.id)
        allowed = int(holds(lodging.unit.floor_area_m2, norm))

        def left(lodging: Lodging, day: date, until: date | None, allowed: int = allowed) -> int:
            used = (s.used for s in within_stay(lodging.steps, day, until))
            return max(0, allowed - max(used, default=0))

        program.capacity("space", "space", lodging, mine, left)


RULE = Rule("space", 80, Text("Fläche je Person (Norm des Landes)", "floor area a person (Land)"),
            breaks, because, rows, lacks=lacks)  # fmt: skip
