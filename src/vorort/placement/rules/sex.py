"""A shared unit is of one sex unless declared otherwise; who is there first decides.

The rule itself is the ledger's (`may_join`): what may be confirmed there may be proposed here.
"""

from __future__ import annotations

import numpy as np

from vorort.placement.homes import ALONE, FEMALE, MALE, MIXED, Flags, Homes
from vorort.placement.problem import Party
from vorort.placement.program import Program
from vorort.placement.rules import Rule
from vorort.vocabulary import Text

GROUPS = {FEMALE: "f", MALE: "m", ALONE: "alone"}


def group(party: Party) -> int:
    """The bit a party counts as in a shared unit."""
    if party.sexes == {"f"}:
        return FEMALE
    if party.sexes == {"m"}:
        return MALE
    return ALONE if party.size == 1 else MIXED


def breaks(party: Party, homes: Homes) -> Flags:
    """The party's sexes do not go with the unit or with those there."""
    found: Flags = (homes.who & group(party)) == 0
    return found


def because(party: Party, homes: Homes, row: int) -> Text:
    """In words."""
    unit = homes.lodgings[row][0].unit
    if group(party) == MIXED:
        return Text(
            "Gemeinschaftseinheit für Personen eines Geschlechts.",
            "Shared unit for people of one sex.",
        )
    if unit.sex in ("f", "m"):
        who = Text("Frauen", "women") if unit.sex == "f" else Text("Männer", "men")
        return Text(f"Gemeinschaftseinheit nur für {who.de}.", f"Shared unit for {who.en} only.")
    return Text(
        "Dort wohnen Personen anderen oder unbekannten Geschlechts.",
        "People of another or of unknown sex live there.",
    )


def rows(program: Program) -> None:
    """Each shared unit whose sex is open takes one group; x <= y for every pair (tight)."""
    options = program.options
    groups = np.array([group(p) for p in program.problem.parties], np.int64)
    for lodging in program.problem.lodgings:
        unit = lodging.unit
        if unit.kind == "family" or unit.sex in ("f", "m", "any"):
            continue
        mine = program.options_in(lodging.id)
        present = [g for g in GROUPS if (groups[options.party[mine]] == g).any()]
        alone = mine[groups[options.party[mine]] == ALONE]
        if len(present) < 2 and len(alone) < 2:
            continue
        chosen = []
        for bit in present:
            if bit == ALONE:  # one person of unknown or diverse sex takes the room
                chosen += [int(c) for c in program.home[alone]]
                continue
            y = program.switch(f"is[{lodging.id},{GROUPS[bit]}]", lodging.id)
            chosen.append(y)
            for option in mine[groups[options.party[mine]] == bit]:
                column = int(program.home[option])
                program.switch_of[column] = y
                name = f"goes[{program.option_name(option)}]"
                program.row("sex", name, np.array([column, y]), np.array([1, -1]), -np.inf, 0)
        program.row("sex", f"one_sex[{lodging.id}]", np.array(chosen), None, 0, 1)


RULE = Rule(
    "sex", 30, Text("Gemeinschaftseinheiten nach Geschlecht", "shared units by sex"),
    breaks, because, rows,
)  # fmt: skip
