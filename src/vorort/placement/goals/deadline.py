"""Nobody waits longer than need be, least of all beyond a legal date."""

from __future__ import annotations

import numpy as np

from vorort.placement.goals import Goal
from vorort.placement.homes import Homes, Ints
from vorort.placement.problem import Party, Problem, SeatNeed
from vorort.vocabulary import Text


def home(party: Party, homes: Homes) -> Ints:
    """A person loses 500 over the horizon by waiting, and 500 more by waiting past the due day."""
    ready = (party.ready or homes.problem.day).toordinal()
    start = homes.begins(party)
    days = homes.problem.rulebook["horizon_days"] + 1
    late = np.maximum(0, start - party.due.toordinal()) if party.due else homes.same(0)
    lost = 500 * (start - ready) + 500 * np.minimum(late, days)
    found: Ints = -party.size * lost // days
    return found


def due(problem: Problem, need: SeatNeed) -> int:
    """1,000 for a need due today or before, less by the day; one that is due later than the setting
    says counts like one without a date."""
    if need.due is None:
        return 0
    days = max(0, (need.due - problem.day).days)
    soon = problem.rulebook["due_within_days"]
    return 1000 * max(0, soon - days) // soon


GOAL = Goal("deadline", 6, Text("gesetzliche Fristen", "legal deadlines"), home, due=due)
