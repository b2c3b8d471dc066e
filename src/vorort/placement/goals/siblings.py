"""Siblings of one kind of school or Kita go to the same site."""

from __future__ import annotations

from vorort.placement.goals import Goal
from vorort.placement.problem import Problem
from vorort.vocabulary import Text


def together(problem: Problem, siblings: int) -> int:
    """1,000 for each sibling beyond the first."""
    return 1000 * (siblings - 1)


GOAL = Goal("siblings", 5, Text("Geschwister zusammen", "siblings together"), together=together)
