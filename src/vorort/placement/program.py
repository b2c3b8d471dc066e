"""The model as plain columns and rows, filled by rules and seats, handed to the solver as arrays.

Maximise points; every row has the name of the rule it comes from, so that a model can be read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np

from vorort.placement.homes import Flags, Homes, Ints
from vorort.placement.matrix import Floats, Matrix
from vorort.placement.options import Options
from vorort.placement.problem import Lodging, Problem


@dataclass(frozen=True, slots=True)
class Tally:
    """A column that counts the people placed of a group, up to a floor."""

    column: int
    members: Flags  # of each party: does it belong to the group?
    least: int


@dataclass
class Program:
    """Columns: homes (one each option), unplaced (one each party), switches, seats."""

    homes: Homes
    options: Options
    points: list[int] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    party_of: list[int] = field(default_factory=list)  # of each column, -1 = none
    building_of: list[int] = field(default_factory=list)  # of each column, -1 = none
    switch_of: dict[int, int] = field(default_factory=dict)  # option column -> switch it needs
    tallies: dict[str, Tally] = field(default_factory=dict)  # of floors, by their group
    rules: list[str] = field(default_factory=list)  # of each row
    labels: list[str] = field(default_factory=list)  # of each row
    _further: list[str] = field(default_factory=list)  # names of the columns after the options
    _index: list[Ints] = field(default_factory=list)
    _value: list[Floats] = field(default_factory=list)
    _low: list[float] = field(default_factory=list)
    _high: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.problem: Problem = self.homes.problem
        self.sizes = np.array([p.size for p in self.problem.parties], np.int64)
        options, count = self.options, len(self.options)
        self.points += options.points.tolist()
        self.upper += [1.0] * count
        self.party_of += options.party.tolist()
        self.building_of += self.homes.building[options.home].tolist() if count else []
        self.home = np.arange(count)  # the column of each option
        self.unplaced = np.array(
            [
                self.column(f"unplaced[{p.id}]", 0, party=n) if p.asks_home else -1
                for n, p in enumerate(self.problem.parties)
            ],
            np.int64,
        )

    @cached_property
    def _options_in(self) -> dict[str, Ints]:
        """Options by unit, each sorted."""
        rows = self.options.home
        order = np.argsort(rows, kind="stable")
        ends = np.searchsorted(rows[order], np.arange(len(self.homes) + 1))
        return {
            unit: np.sort(np.concatenate([order[ends[r] : ends[r + 1]] for r in mine]))
            for unit, mine in self.homes.rows_of.items()
        }

    @property
    def names(self) -> list[str]:
        """Names of all columns; made when asked for, the options are many."""
        return [*map(self.option_name, range(len(self.options))), *self._further]

    def option_name(self, option: int) -> str:
        """Name of an option's column."""
        home = self.homes.rows[self.options.home[option]]
        day = self.day(int(self.options.start[option]))
        party = self.problem.parties[self.options.party[option]]
        later = "" if day == self.problem.day else f",{day}"
        return f"home[{party.id},{'+'.join(home.units)}{later}]"

    @staticmethod
    def day(ordinal: int) -> date:
        """A day from its number."""
        return date.fromordinal(int(ordinal))

    def options_in(self, unit: str) -> Ints:
        """Numbers of the options that take a unit."""
        return self._options_in.get(unit, np.zeros(0, np.int64))

    def column(
        self, name: str, points: int, upper: float = 1.0, *, party: int = -1, building: int = -1
    ) -> int:
        """A further whole-number column from 0 to ``upper``."""
        self._further.append(name)
        self.points.append(points)
        self.upper.append(upper)
        self.party_of.append(party)
        self.building_of.append(building)
        return len(self.points) - 1

    def tally(self, key: str, members: Flags, least: int) -> None:
        """Count the people placed of a group, up to a floor: the column is never above them."""
        members = members & np.array([p.asks_home for p in self.problem.parties], np.bool_)
        mine = np.flatnonzero(members[self.options.party]) if len(self.options) else self.home
        column = self.column(f"floor[{key}]", 0, least)
        self.tallies[key] = Tally(column, members, least)
        sizes = self.sizes[self.options.party[mine]]
        columns = np.append(self.home[mine], column)
        self.row("floor", f"floor[{key}]", columns, np.append(sizes, -1), 0, np.inf)

    def switch(self, name: str, unit: str) -> int:
        """A further yes-or-no column without points, of a unit."""
        rows = self.homes.rows_of[unit]
        return self.column(name, 0, building=int(self.homes.building[rows[0]]))

    def row(
        self, rule: str, label: str, columns: Ints, values: Ints | None, low: float, high: float
    ) -> None:
        """low <= sum of values * columns <= high; ``values`` None = all 1. Empty rows are left."""
        if len(columns) == 0:
            return
        self.rules.append(rule)
        self.labels.append(label)
        self._index.append(np.asarray(columns, np.int64))
        ones = np.ones(len(columns)) if values is None else np.asarray(values, np.float64)
        self._value.append(ones)
        self._low.append(low)
        self._high.append(high)

    def capacity(
        self, rule: str, label: str, lodging: Lodging, mine: Ints,
        left: Callable[[Lodging, date, date | None], int],
    ) -> None:  # fmt: skip
        """People of options ``mine`` in a shared unit: on no day more than ``left``.

        Nobody leaves within the horizon, so one row each day somebody could come is enough; it
        holds for the days until the next such day, the last one for good.
        """
        starts = self.options.start[mine]
        days = sorted({int(d) for d in starts})
        for i, day in enumerate(days):
            begun = mine[starts <= day]
            until = self.homes.rows[self.options.home[begun[0]]].until
            if i + 1 < len(days):
                until = self.day(days[i + 1])
            most = left(lodging, self.day(day), until)
            name = f"{label}[{lodging.id},{self.day(day)}]"
            sizes = self.sizes[self.options.party[begun]]
            self.row(rule, name, self.home[begun], sizes, 0, most)

    def entries(self, number: int) -> tuple[list[int], list[float], float, float]:
        """A row as it stands: columns, values, both sides."""
        columns = [int(c) for c in self._index[number]]
        values = [float(v) for v in self._value[number]]
        return columns, values, self._low[number], self._high[number]

    def matrix(self) -> Matrix:
        """The arrays."""
        lengths = [len(i) for i in self._index]
        empty = np.zeros(0)
        return Matrix(
            np.array(self.points, np.float64),
            np.array(self.upper, np.float64),
            np.array(self._low, np.float64),
            np.array(self._high, np.float64),
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
            np.concatenate([*self._index, empty]).astype(np.int32),
            np.concatenate([*self._value, empty]).astype(np.float64),
        )
