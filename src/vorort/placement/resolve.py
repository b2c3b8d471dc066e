"""Solving once more with something pinned: a place forced, somebody kept, a seat added.

Values compare as plans do: first persons placed, most urgent class first, then points.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from vorort.placement.highs import SolverFailed, solve
from vorort.placement.homes import Homes, Ints
from vorort.placement.lists import given_point
from vorort.placement.matrix import Floats, Matrix
from vorort.placement.options import Options
from vorort.placement.plan import Plan
from vorort.placement.problem import CLASSES
from vorort.placement.program import Program
from vorort.placement.rules import rules_in_force
from vorort.placement.search import relaxed
from vorort.placement.seats import add_seats
from vorort.placement.solve import Model, plan_of

WIDE = 2000  # thousandths beyond twice the price that are looked at first; any figure is right


@dataclass(frozen=True, order=True, slots=True)
class Value:
    """What a plan is worth: locks kept and floors, persons placed by class, then thousandths."""

    first: tuple[tuple[str, int], ...] = field(default=(), kw_only=True)  # locks, then floors
    placed: tuple[int, ...]
    points: int

    def __sub__(self, other: Value) -> Value:
        """What is lost; where neither locks nor floors differ nothing is said of them."""
        persons = tuple(a - b for a, b in zip(self.placed, other.placed, strict=True))
        there = dict(other.first)
        first = tuple((name, n - there.get(name, 0)) for name, n in self.first)
        return Value(
            persons, self.points - other.points, first=first if any(n for _, n in first) else ()
        )

    @property
    def by_class(self) -> dict[str, int]:
        """Persons by class."""
        return dict(zip(CLASSES, self.placed, strict=True))


NOTHING = Value((0,) * len(CLASSES), 0)


def value_of(plan: Plan) -> Value:
    """The value of a plan."""
    first = tuple((name, n) for name, n in plan.levels.items() if name not in CLASSES)
    return Value(tuple(plan.placed[c] for c in CLASSES), plan.objective, first=first)


@dataclass(frozen=True)
class Pin:
    """A further row: the sum of some columns, each times its value, is at least ``low``."""

    columns: Ints
    low: float = 1
    values: Ints | None = None  # None = all 1

    @classmethod
    def of(cls, columns: Sequence[tuple[int, int]], low: float) -> Pin:
        """From pairs of column and value."""
        pairs = np.array(columns, np.int64).reshape(-1, 2)
        return cls(pairs[:, 0], low, pairs[:, 1])


def aimed(matrix: Matrix, columns: Ints) -> Matrix:
    """The same rows with another aim: most of these columns."""
    return matrix.with_points(columns, np.ones(len(columns), np.int64))


def persons(model: Model, stage: str, x: Floats) -> int:
    """What a point reaches in a stage: of a class, persons placed."""
    columns, sizes = model.stage_columns(stage)
    return int(np.rint(x[columns]) @ sizes) if len(columns) else 0


def plan_from(model: Model, x: Floats, placed: Mapping[str, int]) -> Plan:
    """A solver's point as a plan proved to be the best."""
    whole = np.rint(x).astype(np.int64)
    worth = model.program.matrix().worth(whole)
    return plan_of(model, whole, dict(placed), worth, is_proved=True)


def written_with(homes: Homes, options: Options) -> Model:
    """A model with only these options; every rule in force adds its rows, then the seats."""
    program = Program(homes, options)
    for rule in rules_in_force(homes):
        if rule.rows is not None:
            rule.rows(program)
    return Model(program, add_seats(program))


def place_columns(model: Model, party: str, units: Sequence[str] | None = None) -> Ints:
    """Columns that place a party: in exactly these units, or anywhere."""
    program = model.program
    number = [p.id for p in program.problem.parties].index(party)
    mine = program.options.of(number)
    if units is not None:
        wanted = tuple(units)
        rows = program.homes.rows
        mine = np.array(
            [o for o in mine if rows[program.options.home[o]].units == wanted], np.int64
        )
    found: Ints = program.home[mine] if len(mine) else np.zeros(0, np.int64)
    return found


def kept(model: Model, parties: Iterable[str]) -> list[Pin]:
    """Each of these parties keeps some place."""
    return [Pin(place_columns(model, p)) for p in sorted(parties)]


def pinned(matrix: Matrix, pins: Iterable[Pin]) -> Matrix:
    """The matrix with further rows."""
    for pin in pins:
        ones = np.ones(len(pin.columns), np.int64)
        matrix = matrix.with_row(pin.columns, ones if pin.values is None else pin.values, pin.low)
    return matrix


def resolved(model: Model, pins: Sequence[Pin] = (), known: Known | None = None) -> Plan | None:
    """The proved best plan that keeps every pin; None where there is none.

    ``known``: of the plan without these pins. Where as many can be placed with them, a few columns
    are enough.
    """
    if any(len(pin.columns) == 0 for pin in pins):
        return None
    matrix = pinned(model.program.matrix(), pins)
    seed = model.problem.seed
    if known is not None:
        x = _near(_placing(model, matrix, known.levels), pins, known.prices, seed)
        if x is not None:
            return plan_from(model, x, known.levels)
    fixed: dict[str, int] = {}
    for stage in model.stages:
        columns, sizes = model.stage_columns(stage)
        answer = solve(_placing(model, matrix.with_points(columns, sizes), fixed), seed=seed)
        if answer.is_infeasible:
            return None
        fixed[stage] = persons(model, stage, _point(answer.x, answer.is_optimal))
    answer = solve(_placing(model, matrix, fixed), seed=seed)
    return plan_from(model, _point(answer.x, answer.is_optimal), fixed)


def _near(matrix: Matrix, pins: Sequence[Pin], prices: Prices, seed: int) -> Floats | None:
    """The best point, or None where there is none.

    A point worth w uses no column that loses more than the bound less w. So among the columns that
    lose no more than some limit the best point is the best of all, if it is worth that much.
    """
    least = max((float(prices.loss[pin.columns].min()) for pin in pins), default=0.0)
    limit = 2 * least + WIDE
    while True:
        free = prices.loss <= limit
        found = solve(matrix.only(free), seed=seed)
        if free.all() and not found.is_optimal:
            return None
        if found.x is None:
            limit = np.inf
            continue
        x = np.zeros(len(free))
        x[free] = found.x
        lost = prices.bound - matrix.worth(np.rint(x).astype(np.int64)) + 1
        if lost <= limit:
            return x
        limit = lost


def nearest(
    model: Model, pins: Sequence[Pin], found: Plan, old: Plan, prices: Prices | None = None
) -> Plan:
    """Of all plans worth as much as ``found``, one in which most stay where they are in ``old``.

    ``prices`` are of ``old``; where ``found`` places as many, a few columns are enough.
    """
    stay = [
        column
        for one in old.assigned
        if one.home is not None
        for column in place_columns(model, one.party, one.home.units)
    ]
    if not stay:
        return found
    matrix = _placing(model, pinned(model.program.matrix(), pins), found.levels)
    worth = np.flatnonzero(matrix.points)
    points = matrix.points[worth].astype(np.int64)
    matrix = aimed(matrix.with_row(worth, points, found.objective), np.array(stay, np.int64))
    free = np.ones(len(matrix.points), np.bool_)
    if prices is not None and found.levels == old.levels:
        free = prices.loss <= prices.bound - found.objective + 1
    answer = solve(matrix.only(free), seed=model.problem.seed)
    if answer.x is None:
        return found
    x = np.zeros(len(free))
    x[free] = answer.x
    plan = plan_from(model, x, found.placed_bound)
    return plan if value_of(plan) == value_of(found) else found


def _placing(model: Model, matrix: Matrix, placed: Mapping[str, int]) -> Matrix:
    for stage, least in placed.items():
        columns, sizes = model.stage_columns(stage)
        if least:
            matrix = matrix.with_row(columns, sizes, least)
    return matrix


def _point(x: Floats | None, is_optimal: bool) -> Floats:
    if x is None or not is_optimal:
        raise SolverFailed("no proved optimum")
    return x


@dataclass(frozen=True)
class Known:
    """Of a proved plan: no plan reaches more in each stage; and its prices."""

    levels: Mapping[str, int]
    prices: Prices


@dataclass(frozen=True)
class Prices:
    """What the linear relaxation says each column loses, and the bound it gives.

    Never a fact, always "about"; only ``bound`` and `at_best` are certain.
    """

    loss: Floats  # of each column against the bound
    bound: int

    def at_best(self, columns: Ints) -> int:
        """No plan that uses one of these columns and places as many is worth more."""
        return int(np.floor(self.bound - self.loss[columns].min(initial=np.inf) + 1))

    def about(self, columns: Ints) -> int:
        """What the best of these columns loses by these prices."""
        return round(float(self.loss[columns].min(initial=np.inf)))


def prices_of(model: Model, plan: Plan) -> Prices:
    """Prices among plans that place at least so many persons of each class as this one."""
    matrix = _placing(model, model.program.matrix(), plan.levels)
    homes = {a.party: (a.home.units, str(a.start)) for a in plan.assigned if a.home}
    start = given_point(model, model.program.matrix(), homes)
    bound, loss, _ = relaxed(matrix, start, model.groups)
    return Prices(loss, bound)
