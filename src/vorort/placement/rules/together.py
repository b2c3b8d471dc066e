"""A household is never split by the machine: one home or none. People can split, with reason."""

from __future__ import annotations

import numpy as np

from vorort.placement.homes import Flags, Homes
from vorort.placement.problem import Party
from vorort.placement.program import Program
from vorort.placement.rules import Rule
from vorort.vocabulary import Text


def breaks(party: Party, homes: Homes) -> Flags:
    """Where some of them sleep already: they cannot be placed there anew."""
    return homes.where(party.now)


def because(party: Party, homes: Homes, row: int) -> Text:
    """In words."""
    return Text("Dort wohnt der Haushalt schon.", "The household lives there already.")


def rows(program: Program) -> None:
    """One home, or none: sum of the party's homes + unplaced = 1."""
    options = program.options
    for number in np.unique(options.party):
        party = program.problem.parties[number]
        mine = options.of(int(number))
        columns = np.append(program.home[mine], program.unplaced[number])
        program.row("together", f"one[{party.id}]", columns, None, 1, 1)


RULE = Rule(
    "together", 10, Text("Haushalt bleibt zusammen", "the household stays together"),
    breaks, because, rows, is_optional=False, is_mendable=False,
)  # fmt: skip
