"""Means of a queue with two classes and impatience against Ciw, in continuous time.

Arrivals are Poisson, service and patience exponential. The kernel counts in whole days; here a
mean service lasts 200 days, so that rounding is below a percent of it. Ciw draws its own numbers.
"""

from __future__ import annotations

import os

import ciw
import numpy as np
import pytest

from vorort.columns import NEVER, Dates, Discipline, Needs
from vorort.queues import Capacity, serve

FULL = bool(os.environ.get("VORORT_FULL"))
SERVERS, RATE, PATIENCE, DAY = 4, 4.4, 2.5, 200  # per mean service; DAY = days of one
WARM, LAST = 20, 120  # arrivals counted, in mean services
TRIALS_CIW, DRAWS = (60, 800) if FULL else (12, 200)
Means = dict[str, tuple[float, float]]  # mean and its standard error


def _means(trials: list[dict[str, float]]) -> Means:
    table = {name: np.array([t[name] for t in trials]) for name in trials[0]}
    return {n: (float(x.mean()), float(x.std(ddof=1) / np.sqrt(len(x)))) for n, x in table.items()}


def by_ciw() -> Means:
    half = ciw.dists.Exponential(rate=RATE / 2)
    network = ciw.create_network(
        arrival_distributions={"first": [half], "rest": [half]},
        service_distributions={c: [ciw.dists.Exponential(rate=1.0)] for c in ("first", "rest")},
        reneging_time_distributions={
            c: [ciw.dists.Exponential(rate=1 / PATIENCE)] for c in ("first", "rest")
        },
        priority_classes={"first": 0, "rest": 1},
        number_of_servers=[SERVERS],
    )
    trials = []
    for seed in range(TRIALS_CIW):
        ciw.seed(seed)
        town = ciw.Simulation(network)
        town.simulate_until_max_time(LAST + 20)
        seen = [r for r in town.get_all_records() if WARM <= r.arrival_date < LAST]
        trial = {}
        for c in ("first", "rest"):
            mine = [r for r in seen if r.customer_class == c]
            served = [r for r in mine if r.record_type == "service"]
            trial[f"gave up, {c}"] = 1 - len(served) / len(mine)
            trial[f"wait, {c}"] = sum(r.waiting_time for r in served) / len(served)
        trials.append(trial)
    return _means(trials)


def by_kernel() -> Means:
    rng = np.random.default_rng(7)
    horizon = (LAST + 20) * DAY
    many = rng.poisson(RATE * (LAST + 20), DRAWS)
    draw = np.repeat(np.arange(DRAWS, dtype=np.int32), many)
    start = rng.integers(0, horizon, len(draw)).astype(np.int32)
    length = np.rint(rng.exponential(DAY, len(draw))).astype(np.int32)
    patience = np.ceil(rng.exponential(PATIENCE * DAY, len(draw))).astype(np.int32)
    priority = (rng.random(len(draw)) < 0.5).astype(np.int32)
    needs = Needs(
        np.arange(len(draw), dtype=np.int32), start, np.full(len(draw), NEVER, np.int32),
        priority=priority, duration=np.maximum(length, 1), gives_up=start + patience,
    )  # fmt: skip
    days = np.arange(horizon, dtype=np.int32)
    served = serve(
        needs, draw, DRAWS, np.zeros(len(draw), np.bool_),
        Capacity(np.array([[SERVERS]], np.int32)), Discipline(Dates(days, horizon), 2),
        Dates(days[::DAY], horizon),
    )  # fmt: skip
    seen = (start >= WARM * DAY) & (start < LAST * DAY)
    trials = []
    for d in range(DRAWS):
        trial = {}
        for c, name in enumerate(("first", "rest")):
            mine = seen & (draw == d) & (priority == c)
            got = mine & (served.begins < NEVER)
            trial[f"gave up, {name}"] = 1 - got.sum() / mine.sum()
            trial[f"wait, {name}"] = float((served.begins - start)[got].mean()) / DAY
        trials.append(trial)
    return _means(trials)


def test_waits_and_shares_that_give_up_agree_with_ciw_for_both_classes() -> None:
    ours, theirs = by_kernel(), by_ciw()
    assert ours.keys() == theirs.keys()
    for name, (mean, error) in ours.items():
        other, other_error = theirs[name]
        assert mean == pytest.approx(other, abs=3 * np.hypot(error, other_error) + 0.005), name
    assert ours["wait, rest"][0] > 2 * ours["wait, first"][0]
