"""Who is to be expected soon, by what they need: for holding rare places back (CONTRACTS).

Counts per draw of the households that arrive within some weeks and need a bed, by size and by the
need of step-free access; and unaccompanied minors, who are the youth office's and get no bed here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vorort import luck
from vorort.columns import Calendar, Ints, People, Values

DAYS = 28
SIZES = (1, 2, 3, 4, 5, 6)  # the last stands for six and more


@dataclass(frozen=True)
class Expected:
    """Arrivals per draw. German: erwartete Haushalte"""

    households: Ints  # within DAYS, shape (draw, size, without or with access)
    minors_alone: Ints  # over the whole horizon, shape (draw,). German: UMA

    @classmethod
    def empty(cls, draws: int) -> Expected:
        """Zeros to be filled chunk by chunk."""
        return cls(np.zeros((draws, len(SIZES), 2), np.int32), np.zeros(draws, np.int32))

    def put(self, part: slice, chunk: Expected) -> None:
        """Write the draws of a chunk."""
        self.households[part] = chunk.households
        self.minors_alone[part] = chunk.minors_alone


def count_expected(people: People, values: Values, draws: int, calendar: Calendar) -> Expected:
    """Count the households of some draws that are not here yet; those who return count as well."""
    h = people.households
    found = Expected.empty(draws)
    comes = ~h.in_stock & (h.arrives >= 0)
    soon = comes & (h.arrives < DAYS) & ~h.is_hosted & ~h.is_minor_alone
    who = np.flatnonzero(soon)
    share = values.of("arrivals.access_share", h.draw[who])
    access = luck.uniform(h.key[who], "arrivals/access") < share
    size = np.minimum(h.size[who], SIZES[-1]) - 1
    np.add.at(found.households, (h.draw[who], size, access.astype(np.int32)), 1)
    alone = np.flatnonzero(comes & (h.arrives < calendar.days) & h.is_minor_alone)
    np.add.at(found.minors_alone, h.draw[alone], 1)
    return found
