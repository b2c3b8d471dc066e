"""A problem for each rule and each goal, small enough to follow by hand (at most 4 x 5).

python tests/placement/golden_problems.py     writes the LP files anew
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

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
    There,
    all_goals,
    all_rules,
)
from vorort.placement.lp_text import lp_text
from vorort.placement.solve import written_out
from vorort.vocabulary import Exclusion, Lock, Unit, Wish

FOLDER = Path(__file__).parent / "golden"
DAY = date(2026, 11, 23)


def unit(name, places, kind="family", district="mitte", steps=None, there=(), **facts):
    facility = facts.pop("facility", "NR7")
    found = Unit(name, facility, kind, "accommodation", places, **facts)
    return Lodging(
        found, district, "sozialamt", steps or (Step(DAY, places, places, len(there)),), there
    )


def party(name, ages="", **facts):
    """`34f 2m 5f`: ages and sexes."""
    members = tuple(
        Member(f"{name}.{n}", int(word[:-1]), {"f": "f", "m": "m", "?": None}[word[-1]])
        for n, word in enumerate(ages.split(), 1)
    )
    return Party(name, members, facts.pop("size", len(members)), **facts)


def day(n):
    return DAY + timedelta(days=n)


def problem(parties, lodgings, only=(), weights=None, **more):
    """Only these rules besides those that are always on; goals weigh nothing unless named."""
    off = {r.name for r in all_rules() if r.is_optional and r.name not in only}
    weighed = {g.name: 0 for g in all_goals()} | (weights or {})
    settings = {"horizon_days": 3, "shortest_stay_days": 7, "home_points": 1, "seat_points": 1}
    settings |= more.pop("settings", {})
    floors = more.pop("floors", {})
    return Problem(
        DAY, tuple(parties), tuple(lodgings),
        rulebook=Rulebook(frozenset(off), weighed, settings, floors=floors), **more,
    )  # fmt: skip


FAMILY, COUPLE = party("H1", "34f 2m 5f 9m"), party("H2", "28f 30m")
MAN, OTHER_MAN, WOMAN = party("H3", "25m"), party("H4", "41m"), party("H5", "22f")

ENDS = (Step(DAY, 2, 2, 0), Step(day(100), 0, 0, 0))
CLOSES = (Step(DAY, 2, 2, 0), Step(day(5), 0, 0, 0))
RULES = {
    "together": problem([FAMILY, COUPLE], [unit("A", 2), unit("B", 2)]),
    "fit": problem(
        [FAMILY, COUPLE, MAN, OTHER_MAN],
        [
            unit("A", 2, adjoins=("B",)),
            unit("B", 2, adjoins=("A",)),
            unit("C", 2, "shared", there=(There("alt", "m", day(-9)),)),
        ],
    ),
    "lasting": problem([COUPLE, MAN], [unit("A", 2, steps=CLOSES), unit("B", 3)]),
    "locks": problem(
        [COUPLE, MAN],
        [unit("A", 2), unit("B", 2)],
        locks=(Lock("H2", "B", "lock"), Lock("H3", "A", "forbid", "Treppe")),
    ),
    "sex": problem([MAN, OTHER_MAN, WOMAN], [unit("A", 3, "shared")], ["sex"]),
    "access": problem(
        [party("H1", "70f", needs_access=True), party("H6", "31m", needs_access=True)],
        [unit("A", 1, access=True), unit("B", 1, access=False), unit("C", 1)],
        ["access"],
    ),
    "protection": problem(
        [party("H1", "34f 2m", must=("women_only",)), COUPLE],
        [unit("A", 2, features=("women_only",)), unit("B", 2, features=("women_only",))],
        ["protection"],
    ),
    "screening": problem(
        [party("H3", "25m", screened=False), OTHER_MAN], [unit("A", 2, "shared")], ["screening"]
    ),
    "exclusions": problem(
        [MAN, OTHER_MAN, party("H6", "50m")],
        [unit("A", 1), unit("B", 1), unit("C", 1, facility="BAH")],
        ["exclusions"],
        exclusions=(Exclusion("H3", "H4"), Exclusion("H6", facility="NR7")),
    ),
    "floor": problem([COUPLE, MAN], [unit("A", 2)], ["floor"], floors={"size.1": 1000}),
    "space": problem(
        [COUPLE, MAN, OTHER_MAN],
        [unit("A", 3, floor_area_m2=13), unit("B", 4, "shared", floor_area_m2=15)],
        ["space"],
        space_m2=7.0,
    ),
}
GOALS = {
    "protection": problem(
        [party("H1", "34f 5f", should=("quiet",))],
        [unit("A", 2, features=("quiet",)), unit("B", 2), unit("C", 2, "shared", sex="f")],
        weights={"protection": 7},
    ),
    "deadline": problem(
        [party("H2", "28f 30m", due=DAY)],
        [unit("A", 2, steps=(Step(DAY, 2, 2, 2), Step(day(2), 2, 2, 0))), unit("B", 2)],
        weights={"deadline": 6},
    ),
    "siblings": problem(
        [
            party(
                "H1", "34f 7m 8f", asks_home=False, district="mitte",
                seats=tuple(SeatNeed(f"H1.{n}", "school", "primary") for n in (2, 3)),
            )
        ],
        [],
        weights={"siblings": 5},
        seats=(
            Seats("S1", "ost", "ost", "schulamt", "school", "primary", 1),
            Seats("S2", "nord", "nord", "schulamt", "school", "primary", 2),
        ),
    ),
    "distance": problem(
        [
            party(
                "H1", "34f 4m", held=(HeldSeat("H1.1", "language", "nord"),),
                seats=(SeatNeed("H1.2", "childcare", "o3"),),
            )
        ],
        [unit("A", 2), unit("B", 2, district="nord")],
        weights={"distance": 4}, reach={("mitte", "nord"): 15},
        seats=(Seats("K1", "kita", "nord", "jugendamt", "childcare", "o3", 1),),
    ),
    "wishes": problem(
        [party("H2", "28f 30m", wishes=(Wish("H2", "district", "nord"),))],
        [unit("A", 2), unit("B", 2, district="nord")], weights={"wishes": 3},
    ),
    "stability": problem(
        [party("H2", "28f 30m", district="mitte")],
        [unit("A", 2), unit("B", 2, district="nord", steps=ENDS)],
        weights={"stability": 2},
    ),
    "thrift": problem(
        [COUPLE], [unit("A", 2), unit("B", 4), unit("C", 2, access=True)], weights={"thrift": 1}
    ),
}  # fmt: skip
# What a person finds with a pencil: points in thousandths.
BEST = {
    "rules/together": 2000, "rules/fit": 5000, "rules/lasting": 2000, "rules/locks": 2000,
    "rules/sex": 2000, "rules/access": 1000, "rules/protection": 2000, "rules/screening": 1000,
    "rules/exclusions": 2000, "rules/floor": 2000, "rules/space": 3000,
    "goals/protection": 16_000, "goals/deadline": 2000, "goals/siblings": 7000,
    "goals/distance": 11_000, "goals/wishes": 8000, "goals/stability": 4000, "goals/thrift": 2000,
}  # fmt: skip
PROBLEMS = {
    **{f"rules/{name}": p for name, p in RULES.items()},
    **{f"goals/{name}": p for name, p in GOALS.items()},
}

if __name__ == "__main__":
    for name, one in PROBLEMS.items():
        path = FOLDER / f"{name}.lp"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(lp_text(written_out(one).program), "utf-8")
