"""Random tiny towns in which most have a place, so that one decision moves others."""

import random
from datetime import date

from vorort.placement import (
    HeldSeat,
    Lodging,
    Member,
    Party,
    Problem,
    Rulebook,
    SeatNeed,
    Seats,
    Step,
)
from vorort.vocabulary import Exclusion, Lock, Unit, Wish

DAY = date(2026, 3, 2)
DISTRICTS = ("east", "north", "west")


def busy_problem(number, parties=4, units=5):
    """Family units of 1 to 4 beds, a shared one, wishes and seats that pull people about."""
    rng = random.Random(70_000 + number)
    lodgings = tuple(_lodging(rng, n) for n in range(rng.randint(3, units)))
    people = tuple(_party(rng, n) for n in range(rng.randint(2, parties)))
    seats = tuple(
        Seats(f"S{n}", f"site{n}", rng.choice(DISTRICTS), "other", "school", "primary",
              rng.randint(0, 2))
        for n in range(2)
    )  # fmt: skip
    reach = {(a, b): rng.choice([5, 25, 50]) for a in DISTRICTS for b in DISTRICTS if a < b}
    exclusions = (Exclusion("p0", "p1"),) if rng.random() < 0.3 else ()
    locks = (Lock("p1", rng.choice(lodgings).id, "lock"),) if rng.random() < 0.2 else ()
    return Problem(
        DAY, people, lodgings, seats, (), reach, exclusions, locks,
        rulebook=Rulebook(settings={"horizon_days": rng.choice([0, 2])}), office="housing",
    )  # fmt: skip


def _lodging(rng, n):
    is_family = rng.random() < 0.75
    places = rng.choice([1, 2, 2, 3, 4] if is_family else [2, 3])
    unit = Unit(
        f"U{n}", rng.choice(["A", "B"]), "family" if is_family else "shared", "accommodation",
        places, sex=None if is_family else rng.choice(["any", None]),
        access=rng.random() < 0.3, building="x",
    )  # fmt: skip
    used = 1 if rng.random() < 0.1 else 0
    steps = (Step(DAY, places, places, used),)
    return Lodging(unit, rng.choice(DISTRICTS), "housing", steps)


def _party(rng, n):
    size = rng.choice([1, 1, 2, 2, 3])
    members = tuple(
        Member(f"p{n}.{k}", 30 if k == 0 else rng.choice([7, 9, 35]), rng.choice("fm"))
        for k in range(size)
    )
    needs = tuple(
        SeatNeed(m.id, "school", "primary")
        for m in members[1:]
        if m.age < 18 and rng.random() < 0.7
    )
    return Party(
        f"p{n}", members, size, needs_access=rng.random() < 0.15,
        urgency=rng.choice(["protection", "deadline", "rest", "rest"]),
        district=rng.choice(DISTRICTS), seats=needs,
        held=(HeldSeat(members[0].id, "language", rng.choice(DISTRICTS)),)
        if rng.random() < 0.5 else (),
        wishes=(Wish(f"p{n}", "district", rng.choice(DISTRICTS)),) if rng.random() < 0.5 else (),
    )  # fmt: skip
