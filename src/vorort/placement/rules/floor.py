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
    """A column for each floor that counts the people placed of its group."""
    problem = program.problem
    for key, least in floors_wanted(problem).items():
        members = np.array([in_group(p, key) for p in problem.parties], np.bool_)
        program.tally(key, members, least)


RULE = Rule(
    "floor", 90, Text("Untergrenzen für Gruppen, wo gesetzt", "floors for groups, where set"),
    breaks, because, rows, is_mendable=False,
)  # fmt: skip
