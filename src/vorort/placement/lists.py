"""Lists, as an office works them down: one household after the other, the best home still free.

Every list keeps every rule. The best of them is where the search starts, so that no plan is ever
worse than a careful list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from vorort.placement.homes import Ints
from vorort.placement.matrix import Matrix
from vorort.placement.problem import CLASSES, Party

if TYPE_CHECKING:
    from vorort.placement.solve import Model

Order = Callable[[Party, int], tuple[object, ...]]  # a party and how many homes it could have
# First come; the largest first; who has the least choice first. Within each: by class or not.
ORDERS: dict[str, Order] = {
    "first_come": lambda p, n: (str(p.ready), p.id),
    "largest": lambda p, n: (-p.size, n, p.id),
    "least_choice": lambda p, n: (n, -p.size, p.id),
    "class_then_choice": lambda p, n: (CLASSES.index(p.urgency), n, -p.size, p.id),
    "class_then_largest": lambda p, n: (CLASSES.index(p.urgency), -p.size, n, p.id),
}


class Desk:
    """Takes options one by one as long as no row breaks; seats come later."""

    def __init__(self, model: Model, matrix: Matrix) -> None:
        self._model, self._matrix = model, matrix
        order = np.argsort(matrix.index, kind="stable")
        self._row = matrix.row[order]
        self._value = matrix.value[order]
        counts = np.bincount(matrix.index, minlength=len(matrix.points))
        self._begin = np.concatenate([[0], np.cumsum(counts)])
        self.x: Ints = np.zeros(len(matrix.points), np.int64)
        self._sums = np.zeros(len(matrix.low))
        self._high = matrix.high
        self._seat_rows = {i for i, rule in enumerate(model.program.rules) if rule == "seats"}
        self._switch = model.program.switch_of

    def _entries(self, column: int) -> Iterator[tuple[int, float]]:
        for at in range(self._begin[column], self._begin[column + 1]):
            row = int(self._row[at])
            if row not in self._seat_rows:
                yield row, float(self._value[at])

    def takes(self, column: int) -> bool:
        """Take an option, with the switch it needs, if every row allows it."""
        columns = [column]
        switch = self._switch.get(column)
        if switch is not None and not self.x[switch]:
            columns.append(switch)
        change: dict[int, float] = {}
        for one in columns:
            for row, value in self._entries(one):
                change[row] = change.get(row, 0.0) + value
        if any(self._sums[r] + v > self._high[r] + 1e-9 for r, v in change.items()):
            return False
        for row, value in change.items():
            self._sums[row] += value
        for one in columns:
            self.x[one] = 1
        return True


def list_point(model: Model, matrix: Matrix, order: str) -> Ints:
    """The homes a list gives, without seats."""
    program, options = model.program, model.program.options
    desk = Desk(model, matrix)
    mine = [options.of(n) for n in range(len(model.problem.parties))]
    rank = ORDERS[order]
    for number in sorted(model.asking, key=lambda n: rank(model.problem.parties[n], len(mine[n]))):
        best_first = mine[number][np.argsort(-options.points[mine[number]], kind="stable")]
        if not any(desk.takes(int(program.home[o])) for o in best_first):
            desk.x[program.unplaced[number]] = 1
    return desk.x


def given_point(
    model: Model, matrix: Matrix, homes: dict[str, tuple[tuple[str, ...], str]]
) -> Ints:
    """Homes of an earlier plan by party (units and first day), as far as they still hold."""
    program = model.program
    desk = Desk(model, matrix)
    for number, party in enumerate(model.problem.parties):
        if not party.asks_home:
            continue
        wanted = homes.get(party.id)
        if not any(desk.takes(column) for column in _columns(model, number, wanted)):
            desk.x[program.unplaced[number]] = 1
    return desk.x


def _columns(
    model: Model, number: int, wanted: tuple[tuple[str, ...], str] | None
) -> Iterable[int]:
    program = model.program
    for option in program.options.of(number) if wanted else ():
        if wanted is None or program.homes.rows[program.options.home[option]].units != wanted[0]:
            continue
        if program.day(int(program.options.start[option])).isoformat() == wanted[1]:
            yield int(program.home[option])
