"""Goals: what makes one plan better than another, one file each. German: Ziele

A file defines ``GOAL``. Points are thousandths, whole numbers. ``home`` gives a party's points for
every home at once; ``seat`` those of a seat in one district for somebody living in another;
``together`` those of siblings at one site; ``due`` those of meeting a seat need at all. The
weight of a goal is a whole number an office can set. Adding a goal is adding a file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from vorort.placement.homes import Homes, Ints
from vorort.placement.problem import Party, Problem, SeatNeed
from vorort.vocabulary import Text


@dataclass(frozen=True)
class Goal:
    """A goal; ``weight`` is the default, in steps by its place in the order."""

    name: str
    weight: int
    text: Text
    home: Callable[[Party, Homes], Ints] | None = None
    seat: Callable[[Problem, str | None, str], int] | None = None
    together: Callable[[Problem, int], int] | None = None
    due: Callable[[Problem, SeatNeed], int] | None = None


@cache
def all_goals() -> tuple[Goal, ...]:
    """Every goal there is, most important first by default."""
    found = [import_module(f"{__name__}.{m.name}").GOAL for m in iter_modules(__path__)]
    return tuple(sorted(found, key=lambda goal: (-goal.weight, goal.name)))


def weight(problem: Problem, goal: Goal) -> int:
    """What a goal weighs in a problem."""
    return problem.rulebook.weights.get(goal.name, goal.weight)


def parts(party: Party, homes: Homes) -> dict[str, Ints]:
    """Weighted points of every home, by goal; `placed` is the constant for being placed at all."""
    problem = homes.problem
    found = {"placed": homes.same(1000 * party.size * problem.rulebook["home_points"])}
    for goal in all_goals():
        if goal.home is not None and weight(problem, goal):
            found[goal.name] = weight(problem, goal) * goal.home(party, homes)
    found["held_back"] = -homes.price
    return found


def home_points(party: Party, homes: Homes) -> Ints:
    """Weighted points of every home for a party, all goals together."""
    total = homes.same(0)
    for points in parts(party, homes).values():
        total = total + points
    return total


def seat_points(problem: Problem, here: str | None, there: str) -> int:
    """Weighted points of a seat in a district for somebody who lives in another."""
    return sum(weight(problem, g) * g.seat(problem, here, there) for g in all_goals() if g.seat)


def together_points(problem: Problem, siblings: int) -> int:
    """Weighted points of so many siblings at one site."""
    return sum(
        weight(problem, g) * g.together(problem, siblings) for g in all_goals() if g.together
    )


def need_points(problem: Problem, need: SeatNeed) -> int:
    """Weighted points of meeting a seat need at all."""
    due = sum(weight(problem, g) * g.due(problem, need) for g in all_goals() if g.due)
    return 1000 * problem.rulebook["seat_points"] + due
