"""Two small simulators in which results act back, with the same luck as the engine's one-way run.

Beds: who waits for a bed spends the budget of staying faster. Kita and course: a mother who has
waited long for a course keeps the child at home and gives its seat, or its turn, to others. With
strength nought both are the engine's own run.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from math import ceil


@dataclass
class Guest:
    """A household that asks for beds; ``budget`` = months of ordinary staying times the rate."""

    arrives: int
    size: int
    budget: float
    came_in: int | None = None
    left: int | None = None


def guests(seed: int, days: int, people_a_day: float) -> list[Guest]:
    luck = random.Random(seed)
    found, day = [], luck.expovariate(people_a_day / 2.0)
    while day < days:
        size = luck.choices((1, 2, 3, 4, 5), (52, 18, 13, 11, 6))[0]
        found.append(Guest(int(day), size, luck.expovariate(1.0)))
        day += luck.expovariate(people_a_day / 2.0)
    return found


def leaves_without_feedback(guest: Guest, rate: float) -> int:
    """Day of leaving, rate per day; counted from the day after arrival."""
    return ceil(guest.arrives + 1 + guest.budget / rate)


def beds(
    lot: list[Guest], places: int, rate: float, faster: float, passing: int, days: int
) -> list[int]:
    """People waiting each evening; whoever waits leaves ``faster`` times as fast."""
    queue: list[Guest] = []
    inside: list[Guest] = []
    coming = sorted(lot, key=lambda g: g.arrives)
    spent = {id(g): 0.0 for g in lot}
    counts = []
    for day in range(days):
        for g in [*queue, *inside]:
            is_early = day == g.arrives + 1  # departures are counted from then
            hazard = 0.0 if is_early else rate * (faster if g in queue else 1.0)
            spent[id(g)] += hazard
            if spent[id(g)] >= g.budget - 1e-12 and not is_early:
                g.left = day
        queue = [g for g in queue if g.left is None]
        inside = [g for g in inside if g.left is None]
        while coming and coming[0].arrives <= day:
            queue.append(coming.pop(0))
        free, skipped = places - sum(g.size for g in inside), 0
        for g in list(queue):
            if free <= 0 or skipped > passing:
                break
            if g.size > free:
                skipped += 1
                continue
            free -= g.size
            g.came_in = day
            queue.remove(g)
            inside.append(g)
        counts.append(sum(g.size for g in queue))
    return counts


@dataclass
class Family:
    """A mother who wants a course and a child that needs a seat first."""

    asks_kita: int
    school: int  # the child's seat is needed until then
    enrols: int
    gives_in: float  # luck: below the strength, the family gives way
    seat: int | None = None
    gave_back: int | None = None
    joined: int | None = None
    course: int | None = None


def families(seed: int, days: int, a_month: float) -> list[Family]:
    luck = random.Random(seed)
    found, day = [], 0.0
    while (day := day + luck.expovariate(a_month / 30.4375)) < days:
        ask = int(day)
        found.append(
            Family(ask, ask + luck.randint(300, 1500), ask + luck.randint(30, 150), luck.random())
        )
    return found


@dataclass(frozen=True)
class Town:
    """Seats, and how long mothers wait."""

    kita: int
    courses: int
    length: int = 200
    patience: int = 180  # for a seat, then the course is asked for without it
    tired_after: int = 90  # of waiting for a course
    days: int = 900

    @property
    def starts(self) -> list[int]:
        return list(range(0, self.days, 30))


def kita_and_course(lot: list[Family], town: Town, strength: float) -> tuple[int, int]:
    """Child-days waited for a seat and mother-days waited for a course."""
    child_days = mother_days = 0
    for day in range(town.days):
        if day in town.starts:
            _give_seats(lot, town, day)
        _ask_for_courses(lot, town, day)
        if day in town.starts:
            _start_courses(lot, town, day)
        for f in lot:
            waits = f.joined is not None and f.course is None
            is_tired = waits and day >= (f.joined or 0) + town.tired_after
            if is_tired and f.gives_in < strength and f.gave_back is None:
                f.gave_back = day
            mother_days += waits
            child_days += _asks_seat(f, day)
    return child_days, mother_days


def _give_seats(lot: list[Family], town: Town, day: int) -> None:
    used = sum(f.seat is not None and _keeps(f, day) for f in lot)
    for f in sorted((f for f in lot if _asks_seat(f, day)), key=lambda f: f.asks_kita):
        if used < town.kita:
            f.seat, used = day, used + 1


def _ask_for_courses(lot: list[Family], town: Town, day: int) -> None:
    """A mother asks once the child has a seat, needs none, or she has waited long enough."""
    for f in lot:
        if f.joined is None and day >= f.enrols:
            is_free = not (f.asks_kita <= f.enrols < f.school) or f.seat is not None
            if is_free or day >= f.enrols + town.patience:
                f.joined = day


def _start_courses(lot: list[Family], town: Town, day: int) -> None:
    busy = sum(f.course is not None and day < f.course + town.length for f in lot)
    line = [f for f in lot if f.joined is not None and f.course is None]
    for f in sorted(line, key=lambda f: f.joined or 0):
        if busy < town.courses:
            f.course, busy = day, busy + 1


def _asks_seat(f: Family, day: int) -> bool:
    return f.seat is None and f.gave_back is None and f.asks_kita <= day < f.school


def _keeps(f: Family, day: int) -> bool:
    return day < f.school and (f.gave_back is None or day <= f.gave_back)
