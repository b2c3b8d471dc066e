"""What a floor costs in a run too large to be solved again as a whole. German: Preisspanne

First as many of the group as the floor asks for, then the stages of any run, then points; each on
few columns near the plan there is, beside a bound for every plan. So the cost lies between what no
plan beats and a plan that was found; where both meet it is exact. Work limits, never seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vorort.placement.homes import Flags
from vorort.placement.lists import given_point
from vorort.placement.plan import Plan
from vorort.placement.problem import CLASSES
from vorort.placement.resolve import NOTHING, Value
from vorort.placement.search import quickly
from vorort.placement.solve import ASKED, plan_of, with_seats, written_out

COLUMNS, NODES = (2, 6), 20  # of each party, and the search, in a stage
LAST_COLUMNS, LAST_NODES = (1,), 1  # for points: the bound stays a little above them anyway


@dataclass(frozen=True)
class Between:
    """A plan that keeps a floor (None: none was found), and what is certain of every such plan.

    ``reached``: people of the group it counts; ``most``: no plan places more. ``at_least``: what
    every plan that keeps it loses against the plan there is.
    """

    plan: Plan | None
    reached: int
    most: int
    at_least: Value = NOTHING


def silently(done: int, of: int) -> None:
    """Nobody watches."""


def floor_between(
    plan: Plan, members: Flags, least: int, progress: Callable[[int, int], None] = silently
) -> Between:
    """With at least so many people of a group placed. ``members``: of each party, is it of it?

    ``progress``: so many steps of work are done; what it raises ends the work.
    """
    model = written_out(plan.problem)
    model.program.tally(ASKED, members, least)
    matrix, seed = model.program.matrix(), plan.problem.seed
    homes = {a.party: (a.home.units, str(a.start)) for a in plan.assigned if a.home}
    there = given_point(model, matrix, homes)
    x = with_seats(model, matrix, model.counted(there))
    bounds: dict[str, int] = {}
    steps = len(model.stages) + 2  # what is read before, and the points after
    for number, stage in enumerate(model.stages):
        progress(number + 1, steps)
        columns, values = model.stage_columns(stage)
        bounds[stage] = model.most(stage)
        if model.reached(x)[number] < bounds[stage]:
            aim = matrix.with_points(columns, values)
            found = quickly(aim, x, model.groups, seed, there > 0, COLUMNS, NODES)
            bounds[stage] = min(bounds[stage], found.bound)
            x = model.counted(found.x)
        reached = model.reached(x)[number]
        if stage == ASKED and reached < least:
            return Between(None, reached, bounds[stage])
        matrix = matrix.with_row(columns, values, reached)
    progress(steps - 1, steps)
    x = with_seats(model, matrix, x)
    last = quickly(matrix, x, model.groups, seed, there > 0, LAST_COLUMNS, LAST_NODES)
    levels = dict(zip(model.stages, model.reached(last.x), strict=True))
    is_proved = last.is_proved and levels == bounds
    own = {stage: most for stage, most in bounds.items() if stage != ASKED}
    new = plan_of(model, last.x, own, last.bound, is_proved=is_proved)
    return Between(new, levels[ASKED], bounds[ASKED], _at_least(plan, new, bounds))


def _at_least(plan: Plan, new: Plan, bounds: dict[str, int]) -> Value:
    """What every plan with the floor loses: stage by stage, as far as the bound is reached.

    Where it is not, no more is known than of this stage; then nothing is said of those after it.
    While nothing is lost so far, a proved plan is a bound itself.
    """
    old, levels, best = plan.levels, new.levels, dict(plan.levels)
    points, is_same = plan.objective, plan.is_proved
    for stage in old:
        best[stage] = min(bounds[stage], old[stage]) if is_same else bounds[stage]
        if levels[stage] < best[stage]:
            break
        is_same = is_same and best[stage] == old[stage]
    else:
        points = min(new.bound, plan.objective) if is_same else new.bound
    persons = tuple(old[c] - best[c] for c in CLASSES)
    first = tuple((s, old[s] - best[s]) for s in old if s not in CLASSES)
    return Value(persons, plan.objective - points, first=first if any(n for _, n in first) else ())
