"""How much each benchmark does: as published, or a quick one for the tests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    """One run of the outlook: expected persons arriving over all months, in each draw."""

    draws: int
    arrivals: int
    months: int
    threads: int
    repeats: int = 1


@dataclass(frozen=True)
class Size:
    """Sizes of all benchmarks."""

    agent_runs: int  # for the agreement of the means; the first `repeats` are timed
    repeats: int
    draws: int  # of the engine in one timing
    loads: tuple[Load, ...]  # the first one on one thread and on two is held against the promise
    pilot_draws: int  # to find how the town must be scaled for the arrivals asked for
    city: str = "city"  # of the register under load
    users: int = 20
    seconds: float = 120.0
    week: tuple[int, int, int, int] = (400, 300, 12, 70)  # households, units, districts, buildings
    rounds: int = 60  # work limit of a placement
    place_seconds: float = 60.0  # a peer has at least so long
    overrides: int = 100  # decisions of a person about a placement
    seed: int = 1
    seeds: int = 1  # weeks, one seed after the other
    has_peers: bool = True


FULL = Size(
    agent_runs=60, repeats=10, draws=240, pilot_draws=1000,
    loads=(
        Load(1000, 5000, 120, 1, 2), Load(1000, 5000, 120, 2, 3), Load(300, 5000, 120, 2),
        Load(100, 5000, 120, 2), Load(300, 1000, 120, 2), Load(300, 20_000, 120, 2),
        Load(300, 5000, 24, 2), Load(300, 5000, 60, 2),
    ),
)  # fmt: skip
QUICK = Size(
    agent_runs=16, repeats=2, draws=40, pilot_draws=20,
    loads=(Load(8, 500, 24, 1), Load(8, 500, 24, 2)), city="village", users=4, seconds=4.0,
    week=(30, 22, 4, 6), rounds=4, place_seconds=5.0, overrides=8,
)  # fmt: skip
