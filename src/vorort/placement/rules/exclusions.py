"""Recorded exclusions: two households not in one building, or one not in a building.

Each is a decision of a person, with an expiry; groups of origin do not exist here.
"""

from __future__ import annotations

import numpy as np

from vorort.placement.homes import Flags, Homes
from vorort.placement.problem import Party, Problem
from vorort.placement.program import Program
from vorort.placement.rules import Rule
from vorort.vocabulary import Exclusion, Text


def breaks(party: Party, homes: Homes) -> Flags:
    """A building excluded for the party, or one in which an excluded household lives."""
    barred = barred_buildings(party, homes.problem)
    if not barred:
        return np.zeros(len(homes), np.bool_)
    numbers = [i for i, b in enumerate(homes.buildings) if b in barred]
    found: Flags = np.isin(homes.building, numbers)
    return found


def barred_buildings(party: Party, problem: Problem) -> set[str]:
    """Buildings a party may not enter, by what is recorded and by who lives there for good."""
    barred = set()
    for row in in_force(problem):
        if row.facility is not None and row.household == party.id:
            barred |= {
                x.building
                for x in problem.lodgings
                if x.unit.facility == row.facility and row.building in (None, x.unit.building)
            }
        other = _other(row, party.id)
        if other is not None:
            barred |= problem.living.get(other, set())
    return barred


def in_force(problem: Problem) -> list[Exclusion]:
    """Exclusions that hold on the day of the problem."""
    return [e for e in problem.exclusions if e.until is None or e.until > problem.day]


def _other(row: Exclusion, party: str) -> str | None:
    if row.other is None or party not in (row.household, row.other):
        return None
    return row.other if party == row.household else row.household


def because(party: Party, homes: Homes, row: int) -> Text:
    """In words; who the other household is, is nobody's business."""
    return Text("Für dieses Gebäude ist ein Ausschluss erfasst.",
                "An exclusion is recorded for this building.")  # fmt: skip


def rows(program: Program) -> None:
    """Of two households that exclude each other at most one in each building."""
    options, homes = program.options, program.homes
    number = {p.id: i for i, p in enumerate(program.problem.parties)}
    building = homes.building[options.home]
    for row in in_force(program.problem):
        pair = [number[p] for p in (row.household, row.other) if p in number]
        if len(pair) < 2:
            continue
        mine = np.flatnonzero(np.isin(options.party, pair))
        for place in np.unique(building[mine]):
            both = mine[building[mine] == place]
            if len(np.unique(options.party[both])) == 2:
                name = f"apart[{row.household},{row.other},{homes.buildings[place]}]"
                program.row("exclusions", name, program.home[both], None, 0, 1)


RULE = Rule(
    "exclusions", 70, Text("Erfasste Ausschlüsse", "recorded exclusions"), breaks, because, rows
)
