"""Random tiny placement problems: a few parties, units, days, seats. Same number, same problem."""

import random
from dataclasses import replace
from datetime import date, timedelta

from vorort.placement import (
    Lodging,
    Member,
    Party,
    Problem,
    Rulebook,
    SeatLimit,
    SeatNeed,
    Seats,
    Step,
    There,
)
from vorort.placement.problem import HeldSeat
from vorort.vocabulary import Exclusion, Lock, Unit, Wish

DAY = date(2026, 3, 2)
LAST = 40  # nothing changes after this many days
DISTRICTS = ("east", "north", "west")


def day(n):
    return DAY + timedelta(days=n)


def small_problem(number, parties=3, units=4, with_seats=True):
    rng = random.Random(number)
    rooms = number % 3 == 0  # mostly single people and shared rooms
    settings = {
        "horizon_days": rng.choice([0, 1, 2]),
        "due_within_days": (60, 1, 30, 365)[number % 4],
        "shortest_stay_days": rng.choice([4, 9]),
        "adjoining_at_most": rng.choice([1, 2, 2]),
        "screening_unknown_refuses": rng.choice([0, 0, 1]),
    }
    off = frozenset(r for r in ("sex", "access", "space", "screening") if rng.random() < 0.15)
    weights = {"thrift": rng.choice([0, 1, 5])} if rng.random() < 0.5 else {}
    parties += rooms
    lodgings = tuple(_lodging(rng, n, units, rooms) for n in range(rng.randint(1, units)))
    lodgings = _mutual(lodgings)
    people = tuple(
        _party(rng, n, lodgings, with_seats, rooms) for n in range(rng.randint(1, parties))
    )
    seats = tuple(_seats(rng, n) for n in range(rng.randint(0, 4))) if with_seats else ()
    reach = {
        (a, b): rng.choice([5, 20, 50, 70])
        for a in DISTRICTS
        for b in DISTRICTS
        if a < b and rng.random() < 0.8
    }
    return Problem(
        DAY,
        people,
        lodgings,
        seats,
        (SeatLimit("school", "primary", rng.randint(0, 2)),) if rng.random() < 0.5 else (),
        reach,
        tuple(_exclusion(rng) for _ in range(rng.choice([0, 0, 1, 2]))),
        tuple(_lock(rng, lodgings) for _ in range(rng.choice([0, 0, 0, 1]))),
        (),
        (),
        Rulebook(off, weights, settings),
        rng.choice([None, 6.0, 7.5]),
        "housing",
    )


def _lodging(rng, n, units, rooms):
    is_family = rng.random() < (0.15 if rooms else 0.5)
    unit = Unit(
        f"U{n}",
        rng.choice(["A", "B"]),
        "family" if is_family else "shared",
        "accommodation",
        4,
        "general",
        tuple(f"U{m}" for m in range(units) if m != n and rng.random() < 0.4) if is_family else (),
        None if is_family else rng.choice(["f", "m", "any", "by_first", None, None]),
        access=rng.choice([True, False, None]),
        floor_area_m2=rng.choice([None, 10, 14, 21, 28, 40]),
        building=rng.choice(["", "x"]),
        features=tuple(
            f
            for f in ("quiet", "protected", "women_only")
            if rng.random() < (0.05 if rooms else 0.2)
        ),
    )
    there, steps = [], []
    for k in range(rng.choice([0, 0, 0, 1, 2])):
        start = rng.choice([-5, -5, 0, 1, 2, 12, 30])
        end = None if rng.random() < 0.5 else start + rng.choice([6, 7, 20])
        if end is None or end > 0:
            sex = rng.choice(["f", "m", "m", None])
            name = rng.choice(["old1", "old2", "p0"]) if k == 0 else "old3"
            there.append(There(name, sex, day(start), None if end is None else day(end)))
    places = rng.randint(1, 4)
    for n_day in range(LAST + 1):
        used = sum(t.start <= day(n_day) and (not t.until or t.until > day(n_day)) for t in there)
        nominal, is_open = places, places
        if unit.facility == "B" and rng_closed(n, n_day):
            nominal = is_open = 0
        elif n % 3 == 1 and 1 <= n_day < 3:
            is_open = max(0, places - 1)
        step = Step(day(n_day), nominal, is_open, used)
        if not steps or (steps[-1].nominal, steps[-1].open, steps[-1].used) != (
            nominal,
            is_open,
            used,
        ):
            steps.append(step)
    district = {"A": "north", "B": "west"}[unit.facility]
    return Lodging(unit, district, "housing", tuple(steps), tuple(there))


def rng_closed(n, n_day):
    """Site B: unit 2 closes on day 8, unit 3 opens on day 1."""
    return (n == 2 and n_day >= 8) or (n == 3 and n_day < 1)


def _mutual(lodgings):
    """Adjoining is mutual, as the reader demands."""
    found = []
    for one in lodgings:
        near = {
            o.id
            for o in lodgings
            if o.unit.kind == "family"
            and one.unit.kind == "family"
            and (o.id in one.unit.adjoins or one.id in o.unit.adjoins)
        }
        found.append(replace(one, unit=replace(one.unit, adjoins=tuple(sorted(near - {one.id})))))
    return tuple(found)


def _party(rng, n, lodgings, with_seats, rooms):
    size = 1 if rooms and rng.random() < 0.85 else rng.choice([1, 1, 1, 2, 2, 3, 4])
    members = tuple(
        Member(
            f"p{n}.{k}",
            rng.choice([30, 40, None]) if k == 0 else rng.choice([2, 7, 8, 15, 30, None]),
            rng.choice(["f", "m", "f", "m", "d", None]),
        )
        for k in range(size)
    )
    asks_home = rng.random() < 0.85
    due = rng.choice([None, None, day(0), day(1), day(30)])
    seats = []
    if with_seats:
        for m in members[1:]:
            if rng.random() < 0.6:
                seats.append(SeatNeed(m.id, "school", "primary", rng.choice([None, day(10)])))
        if rng.random() < 0.2:
            seats.append(SeatNeed(members[0].id, "language", "general"))
    now = (rng.choice(lodgings).id,) if rng.random() < 0.15 else ()
    return Party(
        f"p{n}",
        members,
        size + rng.choice([0, 0, 0, 0, 1]),
        rng.random() < 0.15,
        rng.random() < 0.2,
        rng.choice([True, None, None, False]),
        tuple(c for c in ("own_unit", "quiet", "women_only") if rng.random() < 0.08),
        tuple(c for c in ("quiet", "own_unit") if rng.random() < 0.15),
        None,
        asks_home,
        rng.choice([None, None, day(0), day(1)]),
        rng.choice(["protection", "deadline", "rest", "rest"]),
        due,
        None,
        now,
        rng.choice([None, *DISTRICTS]),
        tuple(seats),
        (HeldSeat(members[0].id, "language", rng.choice(DISTRICTS)),) if rng.random() < 0.3 else (),
        tuple(
            w
            for w in (Wish(f"p{n}", "district", "north"), Wish(f"p{n}", "near", "old1"))
            if rng.random() < 0.3
        ),
    )


def _seats(rng, n):
    domain, pool = rng.choice(
        [("school", "primary"), ("school", "primary"), ("language", "general")]
    )
    site = rng.choice(["S1", "S2"])
    district = {"S1": "east", "S2": "north"}[site]
    return Seats(
        f"{site}-{pool}-{n}", f"{site}-{domain}", district, "other", domain, pool,
        rng.randint(0, 2), False, rng.random() < 0.5,
    )  # fmt: skip


def _exclusion(rng):
    if rng.random() < 0.6:
        other = rng.choice(["p1", "p2", "old1"])
        return Exclusion("p0", other, until=rng.choice([None, None, day(0), day(50)]))
    return Exclusion("p1", None, "A", rng.choice([None, "x"]))


def _lock(rng, lodgings):
    kind = rng.choice(["lock", "forbid"])
    return Lock("p0", rng.choice(lodgings).id, kind)


def crowded_problem(number):
    """Single people and few shared rooms: what binds several of them is what decides."""
    rng = random.Random(-1 - number)
    lodgings = tuple(
        Lodging(
            Unit(
                f"U{n}",
                "A",
                "shared",
                "accommodation",
                4,
                sex=rng.choice([None, "by_first", "any"]),
                access=False,
                floor_area_m2=rng.choice([None, 14, 21]),
                building=rng.choice(["", "x"]),
            ),
            "north",
            "housing",
            (Step(DAY, 4, rng.randint(2, 4), 0),),
        )
        for n in range(rng.randint(1, 2))
    )
    people = tuple(
        Party(
            f"p{n}",
            (Member(f"p{n}.0", 30, rng.choice(["f", "m", "m", None])),),
            1,
            urgency=rng.choice(["deadline", "rest"]),
        )
        for n in range(4)
    )
    exclusions = (Exclusion("p0", "p1"),) if rng.random() < 0.4 else ()
    book = Rulebook(settings={"horizon_days": 0})
    space = rng.choice([None, 7.0])
    return Problem(
        DAY, people, lodgings, exclusions=exclusions, rulebook=book, space_m2=space
    )  # fmt: skip


def joined_problem(number):
    """The same people, but family units of one building that all adjoin each other."""
    problem = small_problem(number + 100_000)
    ids = [x.id for x in problem.lodgings]
    rng = random.Random(number)
    lodgings = tuple(
        replace(
            x,
            unit=replace(
                x.unit,
                facility="A",
                building="",
                kind="family",
                sex=None,
                adjoins=tuple(i for i in ids if i != x.id),
                floor_area_m2=rng.choice([None, 14, 21, 28]),
            ),
            district="north",
        )
        for x in problem.lodgings
    )
    book = replace(problem.rulebook, settings={**problem.rulebook.settings, "adjoining_at_most": 2})
    return problem.changed(lodgings=lodgings, rulebook=book)
