"""Of a group at least so many people are placed, where a floor is set. German: Untergrenze

A floor comes after decisions by hand and before urgency: as many of the group are placed as the
floor asks for, then most persons class by class. What cannot be reached is reached as far as it
goes, and said. Groups are those of the fairness sheet; nobody is forbidden a home by a floor.
"""

from __future__ import annotations

import numpy as np

from vorort.placement.groups import floors_wanted, in_group
from vorort.placement.homes import Flags, Homes
from vorort.placement.problem import Party
from vorort.placement.program import Program
from vorort.placement.rules import Rule
from vorort.vocabulary import Text


def breaks(party: Party, homes: Homes) -> Flags:
    """No home: a floor speaks of many households, never of one."""
    return np.zeros(len(homes), np.bool_)


def because(party: Party, homes: Homes, row: int) -> Text:
    """In words."""
    return RULE.text


def rows(program: Program) -> None:
    """A column that counts the people placed, up to the floor: it is no more than they are."""
    options, problem = program.options, program.problem
    for key, least in floors_wanted(problem).items():
        is_mine = np.array([p.asks_home and in_group(p, key) for p in problem.parties], np.bool_)
        mine = np.flatnonzero(is_mine[options.party]) if len(options) else options.party
        column = program.column(f"floor[{key}]", 0, least)
        program.floors[key] = column
        sizes = program.sizes[options.party[mine]]
        columns = np.append(program.home[mine], column)
        program.row("floor", f"floor[{key}]", columns, np.append(sizes, -1), 0, np.inf)


RULE = Rule(
    "floor", 90, Text("Untergrenzen für Gruppen, wo gesetzt", "floors for groups, where set"),
    breaks, because, rows, is_mendable=False,
)  # fmt: skip
