"""The model as the solver takes it: columns and rows as arrays, maximised, lower bounds 0."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vorort.placement.homes import Flags, Ints

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Matrix:
    """Columns with points and upper bounds; rows in compressed form with both sides."""

    points: Floats
    upper: Floats
    low: Floats
    high: Floats
    start: NDArray[np.int32]
    index: NDArray[np.int32]
    value: Floats

    @cached_property
    def row(self) -> Ints:
        """The row of each entry."""
        return np.repeat(np.arange(len(self.low)), np.diff(self.start))

    def activity(self, x: Floats | Ints) -> Floats:
        """The sum of each row at a point."""
        weights = self.value * x[self.index]
        sums = np.bincount(self.row, weights=weights, minlength=len(self.low))
        return sums.astype(np.float64)

    def is_feasible(self, x: Ints) -> bool:
        """Does a whole-number point keep every row and bound, exactly?"""
        sums = self.activity(x)
        inside = (sums >= self.low - 1e-9) & (sums <= self.high + 1e-9)
        return bool(inside.all() and (x >= 0).all() and (x <= self.upper).all())

    def worth(self, x: Ints) -> int:
        """Points of a whole-number point, exactly."""
        used = np.flatnonzero(x)
        return sum(int(p) * int(n) for p, n in zip(self.points[used], x[used], strict=True))

    def with_points(self, columns: Ints, values: Ints) -> Matrix:
        """The same rows with another objective: these columns, nothing else."""
        points = np.zeros(len(self.points))
        points[columns] = values
        return replace(self, points=points)

    def with_row(self, columns: Ints, values: Ints, low: float) -> Matrix:
        """A further row: sum of values * columns >= low."""
        return replace(
            self,
            low=np.append(self.low, low),
            high=np.append(self.high, np.inf),
            start=np.append(self.start, self.start[-1] + len(columns)).astype(np.int32),
            index=np.concatenate([self.index, columns]).astype(np.int32),
            value=np.concatenate([self.value, values]).astype(np.float64),
        )

    def only(self, free: Flags) -> Matrix:
        """All rows, and only some columns; the others are 0."""
        inside = free[self.index]
        counts = np.bincount(self.row[inside], minlength=len(self.low))
        number = np.cumsum(free) - 1
        return replace(
            self,
            points=self.points[free],
            upper=self.upper[free],
            start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
            index=number[self.index[inside]].astype(np.int32),
            value=self.value[inside],
        )

    def part(self, free: Flags, x: Ints) -> tuple[Matrix, Ints]:
        """Only some columns, the others fixed at a point; and the numbers of the rows kept."""
        inside = free[self.index]
        counts = np.bincount(self.row[inside], minlength=len(self.low))
        kept = np.flatnonzero(counts)
        fixed = np.where(free, 0, x)
        shift = self.activity(fixed)[kept]
        number = np.cumsum(free) - 1
        found = Matrix(
            self.points[free],
            self.upper[free],
            self.low[kept] - shift,
            self.high[kept] - shift,
            np.concatenate([[0], np.cumsum(counts[kept])]).astype(np.int32),
            number[self.index[inside]].astype(np.int32),
            self.value[inside],
        )
        return found, kept

    def reduced(self, dual: Floats) -> Floats:
        """Points of each column less what its rows cost at these multipliers."""
        priced = np.bincount(
            self.index, weights=self.value * dual[self.row], minlength=len(self.points)
        )
        return self.points - priced

    def clean(self, dual: Floats) -> Floats:
        """Multipliers of the right sign: positive with an upper side, negative with a lower."""
        y = np.asarray(dual, np.float64)
        y = np.where((y > 0) & np.isinf(self.high), 0.0, y)
        return np.where((y < 0) & np.isinf(self.low), 0.0, y)

    def bound(self, dual: Floats) -> int:
        """A bound that is a bound, in whole points: recomputed from row multipliers in float64.

        For any multipliers y of the right sign every plan is worth at most the sum of row side * y
        plus the sum over columns of max(0, points - y A) * upper. The solver's own figures are not
        trusted; the error of summing is added.
        """
        y = self.clean(dual)
        side = np.where(y > 0, self.high, np.where(y < 0, self.low, 0.0))
        gains = np.maximum(0.0, self.reduced(y)) * self.upper
        total = math.fsum((side * y).tolist()) + math.fsum(gains.tolist())
        size = float(np.abs(self.value * y[self.row]).sum() + np.abs(self.points).sum())
        slack = (size + abs(total)) * float(np.finfo(np.float64).eps) * 4 + 1e-6
        return math.floor(total + slack)
