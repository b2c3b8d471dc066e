"""Seeded choices that no Python version changes: everything rests on ``Random.random``."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """One stream of luck for one purpose."""

    def __init__(self, purpose: str) -> None:
        self._source = random.Random(f"musterstadt/4711/{purpose}")  # noqa: S311 (an example, no secret)

    def chance(self, share: float) -> bool:
        """True in ``share`` of cases."""
        return self._source.random() < share

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self._source.random() * (high - low + 1))

    def pick(self, options: Sequence[T], weights: Sequence[float] | None = None) -> T:
        """One of the options."""
        if weights is None:
            return options[self.between(0, len(options) - 1)]
        left = self._source.random() * sum(weights)
        for option, weight in zip(options, weights, strict=True):
            left -= weight
            if left < 0:
                return option
        return options[-1]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """All options in an order of luck."""
        ranked = sorted((self._source.random(), i) for i in range(len(options)))
        return [options[i] for _, i in ranked]
