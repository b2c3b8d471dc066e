"""No home is possible: which rule stands against it, and by how much. German: woran es scheitert

For each rule: how many homes only that rule forbids, the one that misses least, and how much it
misses, in the rule's own measure (places, square metres, days). Lifting or mending that one thing
would make the home possible, as far as the party alone is concerned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vorort.placement.homes import Homes
from vorort.placement.options import reachable
from vorort.placement.problem import Party
from vorort.placement.rules import rules_in_force
from vorort.vocabulary import Text


@dataclass(frozen=True, slots=True)
class Miss:
    """One rule stands alone against so many homes; ``lacks`` None: the rule has no measure."""

    rule: str
    homes: int
    units: tuple[str, ...]  # the home that misses least
    lacks: int | None
    words: Text


def misses(party: Party, homes: Homes) -> tuple[Miss, ...]:
    """Rules that alone stand against some home, the smallest lack first.

    Empty where every home is forbidden by two rules or more: then no single change helps.
    """
    rules = rules_in_force(homes)
    broken = np.array([rule.breaks(party, homes) for rule in rules])
    alone = (broken.sum(axis=0) == 1) & reachable(party, homes)
    found = []
    for number, rule in enumerate(rules):
        rows = np.flatnonzero(alone & broken[number])
        if not len(rows) or not rule.is_mendable:
            continue
        lacks = None if rule.lacks is None else rule.lacks(party, homes)[rows]
        at = 0 if lacks is None else int(np.argmin(lacks))
        row = int(rows[at])
        found.append(
            Miss(
                rule.name, len(rows), homes.rows[row].units,
                None if lacks is None else int(lacks[at]), rule.because(party, homes, row),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda m: (m.lacks is None, m.lacks or 0, m.rule)))
