"""The queue against an event-driven SimPy model: equal in every start, end and daily count."""

from __future__ import annotations

import os

import numpy as np
import pytest
from simpy_twin import Client, Office, Rules

from vorort.columns import NEVER, Dates, Discipline, Needs
from vorort.queues import Capacity, Served, Step, serve

H = 120
FULL = bool(os.environ.get("VORORT_FULL"))
FEATURES = (
    "first come", "priorities", "admission dates", "groups", "household blocks", "reneging",
    "second rounds", "steps and over-occupied start", "all at once",
)  # fmt: skip


class Case:
    """A small random configuration of one feature, or of all that can be together."""

    def __init__(self, feature: str, seed: int) -> None:
        rng = np.random.default_rng([FEATURES.index(feature), seed])
        every = feature == "all at once"
        n = int(rng.integers(20, 90))
        start = rng.integers(-10, H, n)
        self.start, self.end = start, start + rng.integers(1, 80, n)
        self.gives_up = self.end.copy()
        self.amount = np.ones(n, int)
        self.priority, self.rounds = np.zeros(n, int), np.ones(n, int)
        self.duration = rng.integers(1, 40, n)
        self.holds = np.zeros(n, bool)
        self.days = np.arange(H)
        self.passing, self.group = 0, (0, 0)
        self.steps: tuple[tuple[int, int], ...] = ()
        self.tolerated = int(rng.integers(0, 15))
        self.places = int(rng.integers(2, 12))
        if every or feature == "priorities":
            self.priority = rng.integers(0, 3, n)
        if feature == "admission dates":
            self.days = np.unique(rng.integers(0, H, 12))
        if feature == "groups":
            self.days, self.group, self.places = np.arange(0, H, 14), (3, 5), 12
            self.priority = rng.integers(0, 2, n)
        if every or feature == "household blocks":
            self.amount, self.passing = rng.integers(1, 6, n), int(rng.integers(0, 4))
        if every or feature == "reneging":
            self.gives_up = np.minimum(self.end, start + rng.integers(1, 20, n))
        if every or feature == "second rounds":
            self.rounds = rng.integers(1, 4, n)
        if every or feature == "steps and over-occupied start":
            self.holds = start <= 0
            self.steps = tuple(
                (int(rng.integers(0, H)), int(rng.integers(-4, 6))) for _ in range(4)
            )

    def kernel(self) -> Served:
        as_ints = {
            c: getattr(self, c).astype(np.int32)
            for c in ("start", "end", "amount", "priority", "duration", "gives_up", "rounds")
        }
        n = len(self.start)
        needs = Needs(np.arange(n, dtype=np.int32), **as_ints)
        one = np.zeros(n, np.int32)
        steps = tuple(Step(np.array([d], np.int32), np.array([p], np.int32)) for d, p in self.steps)
        return serve(
            needs, one, 1, self.holds, Capacity(np.array([[self.places]], np.int32), steps),
            Discipline(Dates(self.days.astype(np.int32), H), 3, self.passing, *self.group),
            Dates(np.arange(H + 1, dtype=np.int32), H), self.tolerated,
        )  # fmt: skip

    def simpy(self) -> tuple[Office, list[Client]]:
        columns = (
            self.start, self.end, self.gives_up, self.amount, self.priority, self.duration,
            self.rounds, self.holds,
        )  # fmt: skip
        clients = [
            Client(start, end, gives_up, amount, priority, duration, rounds, holds)
            for start, end, gives_up, amount, priority, duration, rounds, holds in zip(
                *(c.tolist() for c in columns), strict=True
            )
        ]
        office = Office(
            Rules(
                self.places, frozenset(self.days.tolist()), self.passing,
                self.group if self.group[1] else None, self.steps, self.tolerated,
            ),
            H,
        )  # fmt: skip
        office.run(clients)
        return office, clients


@pytest.mark.parametrize("seed", range(25 if FULL else 4))
@pytest.mark.parametrize("feature", FEATURES)
def test_every_start_end_and_daily_count_equals_the_event_driven_twin(
    feature: str, seed: int
) -> None:
    case = Case(feature, seed)
    served = case.kernel()
    office, clients = case.simpy()
    assert served.begins.tolist() == [NEVER if c.first is None else c.first for c in clients]
    assert served.ends.tolist() == [NEVER if c.last is None else c.last for c in clients]
    counted = np.stack([served.occupied, served.waiting, served.overdue], axis=-1)[0, 0]
    assert counted.tolist() == [list(row) for row in office.counts]


def test_the_cases_exercise_what_they_are_named_after() -> None:
    groups = Case("groups", 0).simpy()[0]
    assert max(row[0] for row in groups.counts) > 3
    over = [Case("steps and over-occupied start", s).simpy()[0] for s in range(4)]
    assert any(o.counts[0][0] > o.rules.places for o in over)
    left = [c for s in range(4) for c in Case("reneging", s).simpy()[1]]
    assert sum(c.first is None for c in left) > 10
    again = Case("second rounds", 1).simpy()[1]
    assert any(c.rounds > 1 and c.last is not None for c in again)
