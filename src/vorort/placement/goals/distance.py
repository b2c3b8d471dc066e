"""Short ways from home to Kita, school and course; unknown minutes count as neutral."""

from __future__ import annotations

import numpy as np

from vorort.placement.goals import Goal
from vorort.placement.homes import Homes, Ints
from vorort.placement.problem import Party, Problem
from vorort.vocabulary import Text


def nearness(problem: Problem, here: str | None, there: str) -> int:
    """1,000 next door, 0 at the furthest minutes or beyond."""
    minutes = problem.minutes(here, there)
    if minutes is None:
        minutes = problem.rulebook["neutral_minutes"]
    furthest = problem.rulebook["furthest_minutes"]
    return 1000 * max(0, furthest - minutes) // furthest


def home(party: Party, homes: Homes) -> Ints:
    """Nearness to each seat somebody of the party holds."""
    by_district = [
        sum(nearness(homes.problem, d, seat.district) for seat in party.held)
        for d in homes.districts
    ]
    return np.array(by_district, np.int64)[homes.district]


GOAL = Goal("distance", 4, Text("kurze Wege", "short ways"), home, nearness)
