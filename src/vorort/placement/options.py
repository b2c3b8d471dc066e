"""Who could live where, enumerated beforehand: pairs of a party and a home no rule forbids."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from vorort.placement.goals import home_points
from vorort.placement.homes import Flags, Homes, Ints
from vorort.placement.problem import Party
from vorort.placement.rules import broken


@dataclass(frozen=True)
class Options:
    """Columns of the model: party number, home row, first day (ordinal), points (thousandths).

    Sorted by party, then home row.
    """

    party: Ints
    home: Ints
    start: Ints
    points: Ints

    def __len__(self) -> int:
        return len(self.party)

    def of(self, party: int) -> Ints:
        """Numbers of a party's options."""
        low, high = np.searchsorted(self.party, (party, party + 1))
        return np.arange(low, high)

    def but(self, gone: Flags, more: Options) -> Options:
        """Without some options, and with others."""
        columns = [
            np.concatenate([mine[~gone], new])
            for mine, new in zip(
                (self.party, self.home, self.start, self.points),
                (more.party, more.home, more.start, more.points), strict=True,
            )
        ]  # fmt: skip
        order = np.lexsort((columns[1], columns[0]))
        return Options(*(column[order] for column in columns))


def reachable(party: Party, homes: Homes) -> Flags:
    """Rows that count for a party: of each home the one in effect when it is ready, and later."""
    ready = (party.ready or homes.problem.day).toordinal()
    last = homes.problem.day.toordinal() + homes.problem.rulebook["horizon_days"]
    found: Flags = (homes.next_start > ready) & (homes.begins(party) <= last)
    return found


def admissible(party: Party, homes: Homes) -> Flags:
    """Rows no rule forbids to the party, against what is known."""
    found = reachable(party, homes)
    for flags in broken(party, homes).values():
        found = found & ~flags
    return found


def options_of(homes: Homes, only: Collection[str] | None = None) -> Options:
    """All options of all parties that ask for a home, or of some."""
    party, home, start, points = [], [], [], []
    for number, one in enumerate(homes.problem.parties):
        if not one.asks_home or (only is not None and one.id not in only):
            continue
        rows = np.flatnonzero(admissible(one, homes))
        party.append(np.full(len(rows), number, np.int64))
        home.append(rows)
        start.append(homes.begins(one)[rows])
        points.append(home_points(one, homes)[rows])
    if not party:
        none = np.zeros(0, np.int64)
        return Options(none, none, none, none)
    return Options(*(np.concatenate(x) for x in (party, home, start, points)))
