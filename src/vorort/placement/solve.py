"""From a problem to a plan. First who is locked by hand and floors, where there are any, then most
persons placed, class by class; then most points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vorort.placement.highs import SolverFailed, solve
from vorort.placement.homes import Homes, Ints, homes_of
from vorort.placement.lists import ORDERS, given_point, list_point
from vorort.placement.matrix import Matrix
from vorort.placement.options import options_of
from vorort.placement.plan import Assigned, Plan
from vorort.placement.problem import CLASSES, LOCKS, Party, Problem
from vorort.placement.program import Program
from vorort.placement.rules import rules_in_force
from vorort.placement.search import ENOUGH_COLUMNS, Groups, first_by_key, maximise
from vorort.placement.seats import SeatColumns, add_seats, granted

Progress = Callable[[int, int], None]
Stop = Callable[[], bool]
ROUNDS = 60  # blocks solved anew at most; about a minute where nothing is proved before
STEPS = 1000  # of the progress told
SEAT_NODES = 20
ASKED = "asked"  # a floor somebody asks about: of no group the rules name


@dataclass(frozen=True)
class Model:
    """A problem written out: columns, rows, and where the seats are."""

    program: Program
    seats: SeatColumns

    @property
    def problem(self) -> Problem:
        """The problem it is of."""
        return self.program.problem

    @cached_property
    def groups(self) -> Groups:
        """Party and building of each column."""
        program = self.program
        party, building = np.array(program.party_of), np.array(program.building_of)
        is_small = (party < 0) & (building >= 0)
        is_small[[tally.column for tally in program.tallies.values()]] = True
        return Groups(party, building, is_small)

    def class_columns(self, urgency: str) -> tuple[Ints, Ints]:
        """Columns that place somebody of a class, and how many persons each."""
        program, options = self.program, self.program.options
        is_mine = np.array([p.urgency == urgency for p in self.problem.parties], np.bool_)
        mine = np.flatnonzero(is_mine[options.party]) if len(options) else options.party
        return program.home[mine], program.sizes[options.party[mine]]

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """What counts before points, most important first: who is locked, floors, classes; before
        all a floor that somebody asks about."""
        asked = tuple(name for name in self.program.tallies if name == ASKED)
        floors = tuple(name for name in self.program.tallies if name != ASKED)
        locks = (LOCKS,) if self.problem.locked else ()
        return (*asked, *locks, *floors, *CLASSES)

    def stage_columns(self, stage: str) -> tuple[Ints, Ints]:
        """Columns a stage counts, and how much each: locked parties, or persons."""
        program, options = self.program, self.program.options
        if stage in program.tallies:
            return np.array([program.tallies[stage].column], np.int64), np.ones(1, np.int64)
        if stage != LOCKS:
            return self.class_columns(stage)
        locked = np.array([p.id in self.problem.locked for p in self.problem.parties], np.bool_)
        mine = np.flatnonzero(locked[options.party]) if len(options) else options.party
        return program.home[mine], np.ones(len(mine), np.int64)

    def reached(self, x: Ints) -> tuple[int, ...]:
        """What a point reaches in each stage."""
        found = []
        for stage in self.stages:
            columns, values = self.stage_columns(stage)
            found.append(int(x[columns] @ values) if len(columns) else 0)
        return tuple(found)

    @cached_property
    def possible(self) -> list[Party]:
        """Parties for whom there is a home by themselves."""
        numbers: list[int] = np.unique(self.program.options.party).tolist()
        return [self.problem.parties[n] for n in numbers]

    def most(self, stage: str) -> int:
        """No more than this, whatever the others get."""
        if stage == LOCKS:
            return sum(p.id in self.problem.locked for p in self.possible)
        tally = self.program.tallies.get(stage)
        if tally is None:
            return sum(p.size for p in self.possible if p.urgency == stage)
        could = np.unique(self.program.options.party)
        people = int(self.program.sizes[could[tally.members[could]]].sum())
        return min(tally.least, people)

    def counted(self, x: Ints) -> Ints:
        """The same homes with every floor counted."""
        program = self.program
        chosen = program.options.party[np.flatnonzero(x[program.home])]
        for tally in program.tallies.values():
            people = int(program.sizes[chosen[tally.members[chosen]]].sum())
            x = x.copy()
            x[tally.column] = min(tally.least, people)
        return x

    @cached_property
    def asking(self) -> list[int]:
        """Numbers of the parties that ask for a home, in the order of their keys."""
        return [n for n, p in enumerate(self.problem.parties) if p.asks_home]

    def persons(self, x: Ints) -> tuple[int, ...]:
        """Persons of each class a point places, most urgent first."""
        found = []
        for urgency in CLASSES:
            columns, sizes = self.class_columns(urgency)
            found.append(int(x[columns] @ sizes) if len(columns) else 0)
        return tuple(found)


def written_out(problem: Problem, homes: Homes | None = None) -> Model:
    """The whole model of a problem: every rule in force adds its rows, then the seats."""
    homes = homes_of(problem) if homes is None else homes
    program = Program(homes, options_of(homes))
    for rule in rules_in_force(homes):
        if rule.rows is not None:
            rule.rows(program)
    return Model(program, add_seats(program))


def place(
    problem: Problem,
    *,
    old: Plan | None = None,
    rounds: int = ROUNDS,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Plan:
    """The best plan found, with a bound on any; small problems are solved to the proved optimum.

    ``old``: an earlier plan; where it still holds, no worse one comes out. ``rounds``: work limit.
    ``stop`` is asked between the steps; once it says yes, the best plan so far is the answer.
    """
    return planned(written_out(problem), old=old, rounds=rounds, progress=progress, stop=stop)


def planned(
    model: Model,
    *,
    old: Plan | None = None,
    rounds: int = ROUNDS,
    progress: Progress | None = None,
    stop: Stop | None = None,
) -> Plan:
    """The same for a model that is written out."""
    say, ends = progress or (lambda done, of: None), stop or (lambda: False)
    matrix = model.program.matrix()
    seed, groups = model.problem.seed, model.groups
    say(0, STEPS)
    x = start_point(model, matrix, old)
    placed_bound: dict[str, int] = {}
    is_first_proved, stages = True, len(model.stages) + 1
    for number, stage in enumerate(model.stages):
        columns, values = model.stage_columns(stage)
        placed_bound[stage] = model.most(stage)
        if model.reached(x)[number] < placed_bound[stage] and not ends():
            aim = matrix.with_points(columns, values)
            found = maximise(aim, x, groups, seed, _within(say, number, stages), ends, rounds)
            placed_bound[stage] = min(placed_bound[stage], found.bound)
            x = model.counted(found.x)
        reached = model.reached(x)[number]
        is_first_proved = is_first_proved and reached == placed_bound[stage]
        matrix = matrix.with_row(columns, values, reached)
    x = with_seats(model, matrix, x)
    found = maximise(matrix, x, groups, seed, _within(say, stages - 1, stages), ends, rounds)
    x = found.x
    if found.is_proved and len(x) <= ENOUGH_COLUMNS and not ends():
        x = first_by_key(matrix, x, found.worth, [_ranked(model, n) for n in model.asking], seed)
    say(STEPS, STEPS)
    return plan_of(
        model, x, placed_bound, found.bound,
        is_proved=found.is_proved and is_first_proved, rounds=found.rounds, is_cancelled=ends(),
    )  # fmt: skip


def _ranked(model: Model, number: int) -> Ints:
    """Columns of a party in the order of unit and day; being without a home comes last."""
    program = model.program
    mine = program.home[program.options.of(number)]
    return np.append(mine, program.unplaced[number])


def _within(say: Progress, stage: int, stages: int) -> Callable[[float], None]:
    """Progress of one stage as part of the whole."""
    return lambda share: say(int(STEPS * (stage + min(1.0, share)) / stages), STEPS)


def start_point(model: Model, matrix: Matrix, old: Plan | None = None) -> Ints:
    """The best of all lists and of the earlier plan, with the best seats for these homes."""
    points = [list_point(model, matrix, order) for order in ORDERS]
    if old is not None:
        homes = {a.party: (a.home.units, str(a.start)) for a in old.assigned if a.home}
        points.append(given_point(model, matrix, homes))
    points = [with_seats(model, matrix, model.counted(x)) for x in points]
    return max(points, key=lambda x: (model.reached(x), matrix.worth(x)))


def with_seats(model: Model, matrix: Matrix, x: Ints) -> Ints:
    """The same homes with the best seats for them."""
    columns = [*model.seats.flow.values(), *model.seats.split.values()]
    if not columns:
        return x
    free = np.zeros(len(x), np.bool_)
    free[columns] = True
    bare = np.where(free, 0, x)
    part, _ = matrix.part(free, bare)
    answer = solve(part, start=x[free].astype(np.float64), nodes=SEAT_NODES)
    found = bare.copy()
    if answer.x is not None:
        found[free] = np.rint(answer.x).astype(np.int64)
    return found if matrix.is_feasible(found) and matrix.worth(found) >= matrix.worth(x) else x


def relaxation_bound(model: Model, placed: dict[str, int]) -> int:
    """A bound on the points of every plan that places at least so many of each class."""
    matrix = model.program.matrix()
    for stage, least in placed.items():
        matrix = matrix.with_row(*model.stage_columns(stage), least)
    answer = solve(matrix, relaxed=True)
    if answer.row_dual is None:
        raise SolverFailed("no duals of the relaxation")
    return matrix.bound(answer.row_dual)


def plan_of(
    model: Model, x: Ints, placed_bound: dict[str, int], bound: int, *,
    is_proved: bool, rounds: int = 0, is_cancelled: bool = False,
) -> Plan:  # fmt: skip
    """A whole-number point as a plan; refused where it breaks a row."""
    program, problem = model.program, model.problem
    matrix = program.matrix()
    if not matrix.is_feasible(x):
        raise SolverFailed("the point breaks a row")
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
    return Plan(
        problem, tuple(assigned), granted(problem, model.seats, x, districts), matrix.worth(x),
        bound, placed_bound, is_proved, rounds, is_cancelled,
    )  # fmt: skip
