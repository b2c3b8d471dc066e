"""Seeded placement problems in the style of generator A: 400 households, 300 units, 12 districts.

Same sizes as the prototype's generator; added are the sex rule of shared rooms, adjoining units,
people already there, changes over the week, and recorded exclusions instead of abstract groups.
Everybody and everything is invented.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np

from vorort.placement import (
    HeldSeat,
    Lodging,
    Member,
    Party,
    Problem,
    SeatNeed,
    Seats,
    Step,
    There,
)
from vorort.vocabulary import Exclusion, Sex, Unit, Wish

DAY = date(2026, 11, 23)
SIZES = np.array([0.42, 0.14, 0.13, 0.13, 0.09, 0.05, 0.025, 0.015])  # households of 1 to 8
BEDS = np.array([0.01, 0.19, 0.21, 0.20, 0.16, 0.11, 0.07, 0.05])  # units of 1 to 8
SEXES: tuple[Sex, ...] = ("f", "m")
PROTECTED = "women_only"


def invented_week(
    seed: int = 1, households: int = 400, units: int = 300, districts: int = 12, buildings: int = 70
) -> Problem:
    """One week's placement problem; same seed, same problem."""
    rng = np.random.default_rng(seed)
    names = [f"d{n:02}" for n in range(districts)]
    lodgings = _lodgings(rng, units, buildings, names)
    parties = tuple(_party(rng, n, names) for n in range(households))
    minutes = np.rint(60 * rng.random((districts, districts))).astype(int)
    reach = {
        (names[a], names[b]): int((minutes[a, b] + minutes[b, a]) // 2)
        for a in range(districts)
        for b in range(a + 1, districts)
    }
    pairs = [sorted(rng.choice(households, 2, replace=False)) for _ in range(households // 10)]
    exclusions = [Exclusion(f"H{a:04}", f"H{b:04}") for a, b in pairs]
    barred = rng.choice(len(lodgings), households // 40)
    exclusions += [
        Exclusion(f"H{rng.integers(households):04}", None, lodgings[u].unit.facility)
        for u in barred
    ]
    return Problem(
        DAY, parties, lodgings, _seats(rng, parties, names), reach=reach,
        exclusions=tuple(exclusions), office="housing", seed=seed,
    )  # fmt: skip


def _lodgings(
    rng: np.random.Generator, units: int, buildings: int, names: list[str]
) -> tuple[Lodging, ...]:
    district = rng.integers(0, len(names), buildings)
    is_protected = rng.random(buildings) < 0.1
    building = np.sort(rng.integers(0, buildings, units))
    beds = 1 + rng.choice(8, units, p=BEDS)
    is_shared = rng.random(units) < 0.16
    shared_beds = rng.integers(3, 8, units)
    found = []
    for n in range(units):
        at = int(building[n])
        shared = bool(is_shared[n])
        unit = Unit(
            f"U{n:04}", f"S{at:02}", "shared" if shared else "family", "accommodation",
            int(shared_beds[n] if shared else beds[n]),
            sex=rng.choice(["by_first", "by_first", "f", "m"]) if shared else None,
            access=bool(rng.random() < 0.18),
            features=(PROTECTED,) if is_protected[at] else (),
        )  # fmt: skip
        if is_protected[at] and shared:
            unit = replace(unit, sex="f")
        found.append(_occupied(rng, Lodging(unit, names[district[at]], "housing", ())))
    return tuple(_adjoined(rng, found))


def _occupied(rng: np.random.Generator, lodging: Lodging) -> Lodging:
    """Some people are there already, some leave within the week, some rooms are under repair."""
    unit = lodging.unit
    there: list[There] = []
    if rng.random() < (0.25 if unit.kind == "shared" else 0.06):
        people = 1 if unit.kind == "shared" else int(rng.integers(1, unit.places + 1))
        leaves = DAY + timedelta(days=int(rng.integers(1, 7)))
        sex = unit.sex if unit.sex in SEXES else str(rng.choice(SEXES))
        is_leaving = unit.kind == "family" or rng.random() < 0.4
        for n in range(people):
            until = leaves if is_leaving else None
            there.append(
                There(f"old-{unit.id}-{n}", sex, DAY - timedelta(days=90), until)  # type: ignore[arg-type]
            )
    repaired = rng.random() < 0.04 and not there
    back = DAY + timedelta(days=int(rng.integers(1, 7)))
    days = sorted({DAY, *(t.until for t in there if t.until), *([back] if repaired else [])})
    steps = []
    for day in days:
        used = sum(t.until is None or t.until > day for t in there)
        is_open = unit.places - (1 if repaired and day < back else 0)
        steps.append(Step(day, unit.places, is_open, used))
    return replace(lodging, steps=tuple(steps), there=tuple(there))


def _adjoined(rng: np.random.Generator, lodgings: list[Lodging]) -> list[Lodging]:
    """Neighbours of one building, one pair in five: mutual."""
    near: dict[str, set[str]] = {x.id: set() for x in lodgings}
    for one, other in pairwise(lodgings):
        both = one.unit.kind == other.unit.kind == "family"
        if both and one.building == other.building and rng.random() < 0.2:
            near[one.id].add(other.id)
            near[other.id].add(one.id)
    return [replace(x, unit=replace(x.unit, adjoins=tuple(sorted(near[x.id])))) for x in lodgings]


def _party(rng: np.random.Generator, n: int, names: list[str]) -> Party:
    name = f"H{n:04}"
    size = 1 + int(rng.choice(8, p=SIZES))
    adults = 1 if size == 1 else min(size, int(rng.choice([1, 2, 3], p=[0.2, 0.65, 0.15])))
    first: Any = rng.choice(SEXES, p=[0.4, 0.6] if size == 1 else [0.6, 0.4])
    members = [Member(f"{name}.1", int(rng.integers(18, 60)), first)]
    for k in range(1, adults):
        other: Any = "m" if k == 1 and first == "f" else "f"
        members.append(Member(f"{name}.{k + 1}", int(rng.integers(18, 60)), other))
    seats = []
    for k in range(adults, size):
        is_small = rng.random() < 0.38
        age = int(rng.integers(1, 6)) if is_small else int(rng.integers(6, 17))
        sex: Any = rng.choice(SEXES)
        members.append(Member(f"{name}.{k + 1}", age, sex))
        pool = ("childcare", "o3") if is_small else ("school", "primary")
        due = DAY + timedelta(days=30) if not is_small and rng.random() < 0.3 else None
        seats.append(SeatNeed(f"{name}.{k + 1}", *pool, due))
    is_protected = bool(rng.random() < 0.08) and adults == 1 and first == "f"
    women = all(m.sex == "f" or (m.age or 0) < 18 for m in members)
    due = DAY + timedelta(days=int(rng.integers(0, 10))) if rng.random() < 0.1 else None
    return Party(
        name, tuple(members), size, bool(rng.random() < 0.07), False, True,
        (PROTECTED,) if is_protected and women else (), (), None, True,
        DAY + timedelta(days=int(rng.integers(0, 4))),
        "protection" if is_protected else "deadline" if due else "rest", due, None, (), None,
        tuple(seats),
        tuple(
            HeldSeat(m.id, "language", str(rng.choice(names)))
            for m in members[:adults]
            if rng.random() < 0.8
        ),
        (Wish(name, "district", str(rng.choice(names))),) if rng.random() < 0.3 else (),
    )  # fmt: skip


def _seats(
    rng: np.random.Generator, parties: tuple[Party, ...], names: list[str]
) -> tuple[Seats, ...]:
    """Kita seats for three of four children, school seats for 95 of 100, unevenly spread."""
    found = []
    for domain, pool, covered in (("childcare", "o3", 0.75), ("school", "primary", 0.95)):
        asked = sum(need.domain == domain for p in parties for need in p.seats)
        left = rng.multinomial(int(covered * asked), rng.dirichlet(np.full(len(names), 2.0)))
        found += [
            Seats(f"{domain}-{d}", f"{domain}-{d}", d, "youth", domain, pool, int(n))
            for d, n in zip(names, left, strict=True)
        ]
    return tuple(found)
