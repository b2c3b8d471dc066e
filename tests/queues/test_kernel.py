"""The kernel against a clerk with lists, against closed forms, and against itself uncompiled."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from math import factorial
from pathlib import Path

import numpy as np
import pytest
from clerk import Ask, Book

from vorort import luck
from vorort.columns import NEVER, Dates, Discipline, Ints, Needs
from vorort.queues import Capacity, Served, Step, Trigger, present, serve

H, DRAWS = 60, 2
CASES = 1500 if os.environ.get("VORORT_FULL") else 150
REPORTS = Dates(np.arange(H + 1, dtype=np.int32), H)


class Case:
    """A small random configuration: priorities, blocks, reneging, repeats, pools, steps, groups."""

    def __init__(self, seed: int, is_grouped: bool) -> None:
        rng = np.random.default_rng([seed, is_grouped])
        n, self.pools = int(rng.integers(1, 60)), int(rng.integers(1, 3))
        start = rng.integers(-5, H + 5, n).astype(np.int32)
        end = (start + rng.integers(1, 50, n)).astype(np.int32)
        self.needs = Needs(
            np.arange(n, dtype=np.int32), start, end,
            amount=1 if is_grouped else rng.integers(1, 5, n).astype(np.int32),
            priority=rng.integers(0, 2, n).astype(np.int32),
            duration=rng.integers(1, 30, n).astype(np.int32),
            gives_up=np.minimum(end, start + rng.integers(1, 40, n)).astype(np.int32),
            rounds=rng.integers(1, 3, n).astype(np.int32),
            pool=rng.integers(0, self.pools, n).astype(np.int32),
        )  # fmt: skip
        self.draw = rng.integers(0, DRAWS, n).astype(np.int32)
        self.held = (start <= 0) & (rng.random(n) < 0.5)
        self.capacity = Capacity(
            rng.integers(0, 9, (DRAWS, self.pools)).astype(np.int32),
            tuple(
                Step(
                    rng.integers(0, H, DRAWS).astype(np.int32),
                    rng.integers(-3, 4, DRAWS).astype(np.int32),
                    int(rng.integers(0, self.pools)),
                )
                for _ in range(3)
            ),
            Trigger(1, int(rng.integers(0, 4)), 5, 3),
        )
        days = np.unique(rng.integers(0, H, 25)) if seed % 2 else np.arange(H)
        self.discipline = Discipline(
            Dates(days.astype(np.int32), H), 2, 0 if is_grouped else int(rng.integers(0, 3)),
            *((2, 4) if is_grouped else (0, 0)),
        )  # fmt: skip
        self.tolerated = int(rng.integers(0, 8))

    def serve(self) -> Served:
        return serve(
            self.needs,
            self.draw,
            DRAWS,
            self.held,
            self.capacity,
            self.discipline,
            REPORTS,
            self.tolerated,
            self.marked,
        )

    @property
    def marked(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return self.needs.who % 3 == 0

    def by_clerk(self) -> tuple[list[Ask], dict[tuple[int, int], Book]]:
        def of(name: str, i: int) -> int:
            return int(np.broadcast_to(getattr(self.needs, name), len(self.needs))[i])

        names = ("start", "end", "gives_up", "amount", "priority", "duration", "rounds")
        asks = [
            Ask(i, *(of(name, i) for name in names), bool(self.held[i]))
            for i in range(len(self.needs))
        ]
        books = {}
        t = self.capacity.trigger
        for draw in range(DRAWS):
            for pool in range(self.pools):
                books[draw, pool] = Book(
                    int(self.capacity.places[draw, pool]),
                    [
                        (int(s.day[draw]), int(s.places[draw]))
                        for s in self.capacity.steps
                        if s.pool == pool
                    ],
                    self.discipline.admits.days.tolist(),
                    self.discipline.passing,
                    (self.discipline.group_min, self.discipline.group_max),
                    (t.free_below, t.in_a_row, t.lead, t.places),
                    self.tolerated,
                )
                mine = [
                    a for a in asks if self.draw[a.number] == draw and of("pool", a.number) == pool
                ]
                books[draw, pool].serve(mine, H)
        return asks, books


@pytest.mark.parametrize("is_grouped", [False, True], ids=["single", "groups"])
@pytest.mark.parametrize("block", range(10))
def test_kernel_does_what_a_clerk_would_do(block: int, is_grouped: bool) -> None:
    for seed in range(block * CASES // 10, (block + 1) * CASES // 10):
        case = Case(seed, is_grouped)
        got = case.serve()
        asks, books = case.by_clerk()
        assert got.begins.tolist() == [a.begins for a in asks], seed
        assert got.ends.tolist() == [a.ends for a in asks], seed
        assert got.done.tolist() == [a.done for a in asks], seed
        for (draw, pool), book in books.items():
            counts = np.array([book.count(day) for day in range(H + 1)])
            assert got.occupied[draw, pool].tolist() == counts[:, 0].tolist(), seed
            assert got.waiting[draw, pool].tolist() == counts[:, 1].tolist(), seed
            assert got.overdue[draw, pool].tolist() == counts[:, 2].tolist(), seed
            marked = np.array(
                [
                    book.count(day, {a.number for a in asks if case.marked[a.number]})
                    for day in range(H + 1)
                ]
            )
            assert got.marked_occupied[draw, pool].tolist() == marked[:, 0].tolist(), seed
            assert got.marked_waiting[draw, pool].tolist() == marked[:, 1].tolist(), seed


def digests(seeds: range) -> str:
    """One digest over starts, ends and tallies of some random cases."""
    total = hashlib.blake2b()
    for seed in seeds:
        for is_grouped in (False, True):
            got = Case(seed, is_grouped).serve()
            for part in (got.begins, got.ends, got.done, got.occupied, got.waiting, got.overdue):
                total.update(part.tobytes())
    return total.hexdigest()


def test_the_python_twin_gives_the_same_bytes() -> None:
    """The kernel's own source, run by plain Python in a process without compiler."""
    here = Path(__file__).parent
    code = (
        f"import sys; sys.path.insert(0, {str(here)!r}); "
        "import test_kernel as t; print(t.digests(range(15)))"
    )
    twin = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert twin.stdout.strip() == digests(range(15))


def poisson_queue(
    c: int, load: float, draws: int, n: int, gives_up: int | None
) -> tuple[Needs, Served, Ints]:
    """M/M/c with a hundred days as mean service; ``gives_up`` 1 turns waiting into loss."""
    key = luck.mix(
        luck.worlds(5, np.arange(draws))[:, None], np.arange(n, dtype=np.uint64)[None, :]
    )
    gap = luck.exponential(key, "gap").astype(np.float64) * 100 / load
    start = np.cumsum(gap, axis=1).astype(np.int32)
    horizon = int(start.max()) + 1
    needs = Needs(
        np.arange(draws * n, dtype=np.int32),
        start.ravel(),
        np.full(draws * n, NEVER, np.int32),
        duration=np.maximum(1, np.rint(100 * luck.exponential(key, "stay")))
        .ravel()
        .astype(np.int32),
        gives_up=None if gives_up is None else (start.ravel() + gives_up).astype(np.int32),
    )
    every = Dates(np.arange(horizon, dtype=np.int32), horizon)
    lane = np.repeat(np.arange(draws, dtype=np.int32), n)
    served = serve(
        needs, lane, draws, np.zeros(draws * n, bool), Capacity(np.array([[c]], np.int32)),
        Discipline(every), Dates(np.array([0, horizon], np.int32), horizon),
    )  # fmt: skip
    return needs, served, start


def test_mean_wait_agrees_with_erlang_c() -> None:
    draws, n, c, rho = 60, 20_000, 10, 0.9
    needs, served, _ = poisson_queue(c, c * rho, draws, n, None)
    waited = (served.begins - needs.start).reshape(draws, n)[:, n // 10 : -n // 10].mean(1)
    a = c * rho
    top = a**c / factorial(c) / (1 - rho)
    erlang_c = top / (sum(a**k / factorial(k) for k in range(c)) + top)
    expected = erlang_c * 100 / (c - a)
    error = waited.std(ddof=1) / np.sqrt(draws)
    assert abs(waited.mean() - expected) < 3 * error + 0.5  # half a day: time is whole days


def test_loss_agrees_with_erlang_b() -> None:
    draws, n, c, a = 60, 20_000, 10, 8.0
    _, served, _ = poisson_queue(c, a, draws, n, 1)
    lost = (served.begins == NEVER).reshape(draws, n)[:, n // 10 : -n // 10].mean(1)
    expected = a**c / factorial(c) / sum(a**k / factorial(k) for k in range(c + 1))
    error = lost.std(ddof=1) / np.sqrt(draws)
    assert abs(lost.mean() - expected) < 3 * error + 0.002  # service of whole days, at least one


@pytest.mark.parametrize("seed", range(40))
def test_more_places_never_make_more_people_wait_one_place_at_a_time(seed: int) -> None:
    """With needs of one place, first come first served, waiting falls day by day."""
    case = Case(seed, is_grouped=False)
    ones = Needs(
        case.needs.who,
        case.needs.start,
        case.needs.end,
        duration=7,
        gives_up=case.needs.gives_up,
        pool=case.needs.pool,
    )

    def waiting(extra: int) -> Ints:
        more = Capacity(case.capacity.places + np.int32(extra), case.capacity.steps)
        return serve(ones, case.draw, DRAWS, case.held, more, case.discipline, REPORTS).waiting

    assert (waiting(2) <= waiting(0)).all()


@pytest.mark.parametrize("seed", range(40))
def test_nobody_is_lost(seed: int) -> None:
    """Occupied plus waiting is what is present from joining to leaving, on every day."""
    case = Case(seed, is_grouped=bool(seed % 2))
    got = case.serve()
    joins = np.where(case.held, 0, case.needs.start)
    counts = case.needs.start <= H
    there = present(
        case.draw[counts], DRAWS, joins[counts].astype(np.int32), got.done[counts],
        np.broadcast_to(case.needs.amount, len(case.needs))[counts], REPORTS,
    )  # fmt: skip
    total = (got.occupied + got.waiting).sum(axis=1)
    assert (there == total).all()
