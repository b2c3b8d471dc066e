"""Scalar beds against a clerk who gives real rooms: how far off, on 20 small towns of two kinds.

The bounds are what was measured (docs/method/engine.md), with room for one more percent point: the
test keeps the page true and would notice a change of the engine, it does not claim a small error.
``python tests/oracles/test_accommodation_error.py`` prints the tables of the page.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from unit_clerk import Household, Seen, Town

from vorort.columns import Dates, Discipline, Ints, Needs
from vorort.queues import Capacity, serve

TODAY, PASSING, TOWNS = 360, 5, 20
PAGE = Path(__file__).parents[2] / "docs/method/engine.md"


@dataclass(frozen=True)
class Compared:
    """One town: person-days waited and peak, by real rooms and by scalar beds."""

    places: int
    demanded: int  # person-days
    clerk_waits: int
    engine_waits: int
    clerk_peak: int
    engine_peak: int

    @property
    def points(self) -> float:
        """Engine less clerk, person-days waited as a share of those demanded, in percent points."""
        return 100 * (self.engine_waits - self.clerk_waits) / self.demanded

    @property
    def relative(self) -> float:
        """Engine less clerk over clerk, in percent."""
        return 100 * (self.engine_waits - self.clerk_waits) / self.clerk_waits

    @property
    def peak(self) -> float:
        """Engine less clerk, people waiting at the worst, in percent of all places."""
        return 100 * (self.engine_peak - self.clerk_peak) / self.places


def by_engine(town: Town, seen: Seen, unfit: int) -> tuple[Ints, Ints]:
    """Waiting and occupied with usable = open - unfit beds (CONTRACTS 2.7)."""
    there = seen.inside_before | seen.waiting_before
    known = [h for h in town.households if h.arrives >= TODAY or h.number in there]

    def column(of: Callable[[Household], int]) -> Ints:
        return np.array([of(h) for h in known], np.int32)

    def joined(h: Household) -> int:
        day = h.arrives - TODAY
        return min(day, -1) if h.number in there else day

    needs = Needs(
        np.arange(len(known), dtype=np.int32),
        column(joined), column(lambda h: h.leaves - TODAY), amount=column(lambda h: h.size),
        priority=column(lambda h: 0 if h.is_urgent else 1),
    )  # fmt: skip
    held = np.array([h.number in seen.inside_before for h in known], np.bool_)
    days = town.days - TODAY
    dates = Dates(np.arange(days, dtype=np.int32), days)
    usable = np.array([[town.places - unfit]], np.int32)
    served = serve(
        needs, np.zeros(len(known), np.int32), 1, held, Capacity(usable),
        Discipline(dates, 2, PASSING), dates,
    )  # fmt: skip
    return served.waiting[0, 0], served.occupied[0, 0]


@cache
def compare(seed: int, is_planned: bool, with_later_share: bool = False) -> Compared:
    """``with_later_share``: usable less the beds really left over on average, known afterwards."""
    town = Town.invented(seed, is_planned)
    seen = town.run(TODAY)
    unfit = round(float(np.mean(seen.unfit_later))) if with_later_share else seen.unfit
    waiting, occupied = by_engine(town, seen, unfit)
    return Compared(
        town.places, int((waiting + occupied).sum()), sum(seen.waiting), int(waiting.sum()),
        max(seen.waiting), int(waiting.max()),
    )  # fmt: skip


def table(is_planned: bool) -> list[Compared]:
    return [compare(seed, is_planned) for seed in range(TOWNS)]


@pytest.mark.parametrize(
    ("is_planned", "mean_points", "worst_points", "mean_peak", "worst_peak"),
    [(True, -4.1, -10.4, -4.3, -12.3), (False, -12.3, -21.3, -14.8, -28.1)],
)
def test_the_error_of_scalar_beds_is_the_measured_one(
    is_planned: bool, mean_points: float, worst_points: float, mean_peak: float, worst_peak: float
) -> None:
    rows = table(is_planned)
    points, peak = [r.points for r in rows], [r.peak for r in rows]
    assert np.mean(points) == pytest.approx(mean_points, abs=1)
    assert min(points) == pytest.approx(worst_points, abs=1)
    assert np.mean(peak) == pytest.approx(mean_peak, abs=1)
    assert min(peak) == pytest.approx(worst_peak, abs=1)
    # the page says: the engine counts too little, nearly always
    assert sum(p < 0 for p in points) >= 0.85 * len(points)


def test_half_of_the_error_of_a_planned_town_is_the_share_of_the_first_day() -> None:
    """With the share of later days the rest is rooms that do not fit who waits."""
    later = np.mean([compare(seed, True, True).points for seed in range(TOWNS)])
    assert later == pytest.approx(-1.9, abs=0.5)


def test_the_engine_never_asks_for_other_people_than_the_clerk() -> None:
    """Both see the same demand on each day, so that the difference is one of rooms only."""
    town = Town.invented(3, True)
    seen = town.run(TODAY)
    waiting, occupied = by_engine(town, seen, seen.unfit)
    there = [
        sum(h.size for h in town.households
            if h.arrives <= day < h.leaves
            and (h.arrives >= TODAY or h.number in seen.inside_before | seen.waiting_before))
        for day in range(TODAY, town.days)
    ]  # fmt: skip
    assert (waiting + occupied).tolist() == there


def test_the_clerk_keeps_the_rules_of_rooms() -> None:
    for seed in range(TOWNS if os.environ.get("VORORT_FULL") else 4):
        town = Town.invented(seed, True)
        town.run(TODAY)
        sizes = {h.number: h for h in town.households}
        beds: dict[int, int] = {}
        for unit in town.units:
            assert sum(unit.inside.values()) <= unit.places
            assert not unit.is_family or len(unit.inside) <= 1
            assert unit.is_family or len({sizes[n].sex for n in unit.inside}) <= 1
            assert unit.is_family or all(sizes[n].size == 1 for n in unit.inside)
            for number, people in unit.inside.items():
                beds[number] = beds.get(number, 0) + people
        assert all(sizes[n].size == people for n, people in beds.items())


def markdown(is_planned: bool) -> list[str]:
    """The lines of the table on the page."""
    rows = table(is_planned)
    lines = [
        f"| {k} | {r.places} | {100 * r.demanded / (r.places * 540):.0f} | {r.clerk_waits:,} | "
        f"{r.engine_waits:,} | {r.relative:+.0f} | {r.points:+.1f} | {r.clerk_peak} | "
        f"{r.engine_peak} | {r.peak:+.1f} |"
        for k, r in enumerate(rows)
    ]
    for name, pick in (("mean", np.mean), ("worst", np.min)):
        lines.append(
            f"| {name} | | | | | {pick([r.relative for r in rows]):+.0f} | "
            f"{pick([r.points for r in rows]):+.1f} | | | {pick([r.peak for r in rows]):+.1f} |"
        )
    return lines


def test_the_page_shows_these_tables() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for is_planned in (True, False):
        for line in markdown(is_planned):
            assert line in page


if __name__ == "__main__":
    for kind in (True, False):
        print("\n".join(markdown(kind)), "\n")
