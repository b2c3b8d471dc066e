"""From a problem to a plan. First most persons placed, class by class; then most points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from vorort.placement.bound import dual_bound
from vorort.placement.highs import Answer, SolverFailed, solve
from vorort.placement.homes import Homes, Ints, homes_of
from vorort.placement.options import options_of
from vorort.placement.plan import Assigned, Plan
from vorort.placement.problem import CLASSES, Problem
from vorort.placement.program import Floats, Matrix, Program
from vorort.placement.rules import rules_in_force
from vorort.placement.seats import SeatColumns, add_seats, granted

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Model:
    """A problem written out: columns, rows, and where the seats are."""

    program: Program
    seats: SeatColumns

    @property
    def problem(self) -> Problem:
        """The problem it is of."""
        return self.program.problem

    def class_columns(self, urgency: str) -> tuple[Ints, Ints]:
        """Columns that place somebody of a class, and how many persons each."""
        program, options = self.program, self.program.options
        is_mine = np.array([p.urgency == urgency for p in self.problem.parties], np.bool_)
        mine = np.flatnonzero(is_mine[options.party]) if len(options) else options.party
        return program.home[mine], program.sizes[options.party[mine]]

    def persons(self, urgency: str, x: Floats) -> int:
        """Persons of a class a point places."""
        columns, sizes = self.class_columns(urgency)
        return int(np.rint(x[columns]) @ sizes) if len(columns) else 0


def written_out(problem: Problem, homes: Homes | None = None) -> Model:
    """The whole model of a problem: every rule in force adds its rows, then the seats."""
    homes = homes_of(problem) if homes is None else homes
    program = Program(homes, options_of(homes))
    for rule in rules_in_force(homes):
        if rule.rows is not None:
            rule.rows(program)
    return Model(program, add_seats(program))


def place(problem: Problem, *, progress: Progress | None = None) -> Plan:
    """The best plan there is, proved. For small problems; see DESIGN 9 and 16."""
    return exact(written_out(problem), progress)


def exact(model: Model, progress: Progress | None = None) -> Plan:
    """Solve a model to the proved optimum, stage by stage."""
    say = progress or (lambda done, of: None)
    matrix = model.program.matrix()
    fixed: dict[str, int] = {}
    x: Floats | None = None
    for done, urgency in enumerate(CLASSES):
        say(done, len(CLASSES) + 1)
        columns, sizes = model.class_columns(urgency)
        stage = replace(matrix, points=np.zeros(len(matrix.points)))
        stage.points[columns] = sizes
        x = _point(solve(stage, start=x, seed=model.problem.seed))
        fixed[urgency] = model.persons(urgency, x)
        matrix = with_row(matrix, columns, sizes, fixed[urgency])
    x = _point(solve(matrix, start=x, seed=model.problem.seed))
    say(len(CLASSES) + 1, len(CLASSES) + 1)
    found = whole(matrix, x)
    plan = plan_of(model, found, fixed, is_proved=True)
    return replace(plan, bound=plan.objective)


def relaxation_bound(model: Model, placed: dict[str, int]) -> int:
    """A bound on the points of every plan that places at least so many of each class."""
    matrix = model.program.matrix()
    for urgency, persons in placed.items():
        columns, sizes = model.class_columns(urgency)
        matrix = with_row(matrix, columns, sizes, persons)
    answer = solve(matrix, relaxed=True)
    if answer.row_dual is None:
        raise SolverFailed("no duals of the relaxation")
    return dual_bound(matrix, answer.row_dual)


def _point(answer: Answer) -> Floats:
    if answer.x is None or not answer.is_optimal:
        raise SolverFailed("no proved optimum")  # placing nobody is always allowed
    return answer.x


def with_row(matrix: Matrix, columns: Ints, values: Ints, low: float) -> Matrix:
    """A further row: sum of values * columns >= low."""
    return replace(
        matrix,
        low=np.append(matrix.low, low),
        high=np.append(matrix.high, np.inf),
        start=np.append(matrix.start, matrix.start[-1] + len(columns)).astype(np.int32),
        index=np.concatenate([matrix.index, columns]).astype(np.int32),
        value=np.concatenate([matrix.value, values]).astype(np.float64),
    )


def whole(matrix: Matrix, x: Floats) -> Ints:
    """The point in whole numbers; refused where that breaks a row."""
    found = np.rint(x).astype(np.int64)
    if not is_feasible(matrix, found):
        raise SolverFailed("the rounded point breaks a row")
    return found


def is_feasible(matrix: Matrix, x: Ints) -> bool:
    """Does a whole-number point keep every row and bound, exactly?"""
    rows = np.repeat(np.arange(len(matrix.low)), np.diff(matrix.start))
    activity = np.bincount(rows, weights=matrix.value * x[matrix.index], minlength=len(matrix.low))
    inside = (activity >= matrix.low - 1e-9) & (activity <= matrix.high + 1e-9)
    return bool(inside.all() and (x >= 0).all() and (x <= matrix.upper).all())


def plan_of(model: Model, x: Ints, placed_bound: dict[str, int], *, is_proved: bool) -> Plan:
    """A whole-number point as a plan."""
    program, problem = model.program, model.problem
    options, homes = program.options, program.homes
    chosen = {int(options.party[o]): int(o) for o in np.flatnonzero(x[program.home])}
    assigned, districts = [], {}
    for number, party in enumerate(problem.parties):
        districts[party.id] = party.district
        if number in chosen:
            option = chosen[number]
            home = homes.rows[options.home[option]]
            districts[party.id] = homes.lodgings[options.home[option]][0].district
            start = program.day(int(options.start[option]))
            assigned.append(Assigned(party.id, home, start, int(options.points[option])))
        elif party.asks_home:
            assigned.append(Assigned(party.id, None, None, 0))
    objective = sum(int(p) * int(n) for p, n in zip(program.points, x, strict=True) if n)
    return Plan(
        problem, tuple(assigned), granted(problem, model.seats, x, districts), objective,
        objective, placed_bound, is_proved,
    )  # fmt: skip
