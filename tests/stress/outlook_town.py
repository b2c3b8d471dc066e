"""A small invented town, built in code for the tests of the stress test."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from vorort.files import Scenario
from vorort.ledger import Ledger
from vorort.vocabulary import (
    Announcement,
    CapacityEvent,
    District,
    Facility,
    Household,
    LegalBasis,
    Membership,
    Municipality,
    MunicipalKey,
    Office,
    PartialDate,
    Person,
    Placement,
    ResidentDemand,
    Source,
    Unit,
)  # fmt: skip

TODAY = date(2026, 11, 23)
INVENTED = Source("project estimate", "estimate")


def municipality(**changes: object) -> Municipality:
    """20,000 inhabitants in Hessen."""
    town = Municipality(
        name="Kleinstadt",
        land="he",
        ags="06999001",
        kind="kreisangehörig",
        today=TODAY,
        months=24,
        population=20_000,
        area_km2=40.0,
        districts=(District("d1", "Mitte"), District("d2", "Nord")),
        offices=(Office("o1", "Sozialamt"), Office("o2", "Jugendamt")),
        key=MunicipalKey("typed", INVENTED, share_permille=3.2),
        scenarios={
            "trend": 0.5,
            "calm": 0.2,
            "pulse_2022": 0.1,
            "double_shock": 0.1,
            "sudden_exit": 0.1,
        },
    )
    return replace(town, **changes)  # type: ignore[arg-type]


def facilities() -> tuple[Facility, ...]:
    return (
        Facility("f1", "Alte Schule", "d1", "shared", "o1", cost_month_eur=20_000),
        Facility(
            "f2",
            "Container",
            "d2",
            "container",
            "o1",
            lease_until=date(2027, 4, 1),
            cost_month_eur=15_000,
        ),
        Facility("k1", "Kita Mitte", "d1", "kita", "o2"),
        Facility("s1", "Schule Mitte", "d1", "school", "o2"),
        Facility("c1", "VHS", "d1", "course", "o2"),
        Facility("a1", "Meldestelle", "d1", "office", "o1"),
    )


def units() -> tuple[Unit, ...]:
    beds = [
        Unit(f"f1-{i}", "f1", "family", "accommodation", 4, for_="newcomers") for i in range(15)
    ]
    beds += [
        Unit(f"f2-{i}", "f2", "shared", "accommodation", 2, sex="m", for_="newcomers")
        for i in range(15)
    ]
    return (
        *beds,
        Unit("k1-u3", "k1", "shared", "childcare", 24, "u3"),
        Unit("k1-o3", "k1", "shared", "childcare", 60, "o3"),
        Unit("s1-p", "s1", "shared", "school", 12, "primary", for_="newcomers"),
        Unit("s1-s", "s1", "shared", "school", 14, "secondary", for_="newcomers"),
        Unit("s1-v", "s1", "shared", "school", 6, "vocational", for_="newcomers"),
        Unit("c1-a", "c1", "shared", "language", 50, for_="newcomers"),
        Unit("a1-1", "a1", "shared", "registration", 6, per="week", for_="newcomers"),
        Unit("w-1", "a1", "shared", "flat", 2, "one", per="month", for_="newcomers"),
        Unit("w-2", "a1", "shared", "flat", 1, "two_three", per="month", for_="newcomers"),
        Unit("w-3", "a1", "shared", "flat", 1, "four_plus", per="month", for_="newcomers"),
    )


def scenario(seed: int = 1, **changes: object) -> Scenario:
    """A town with about forty households in stock."""
    rng = random.Random(seed)
    households, persons, memberships, placements = [], [], [], []
    free = {"f1": [f"f1-{i}" for i in range(15)], "f2": [f"f2-{i // 2}" for i in range(30)]}
    for n in range(40):
        size = rng.choice([1, 1, 1, 2, 3, 4])
        group = rng.choice(["asylum", "temporary"])
        arrived = TODAY - timedelta(days=rng.randrange(20, 1200))
        kind = {1: "single", 2: "couple"}.get(size, "family")
        households.append(Household(f"H{n:03}", kind, group, arrived, "d1"))  # type: ignore[arg-type]
        site = "f2" if size == 1 else "f1"
        unit = free[site].pop(0) if free[site] and rng.random() < 0.9 else None
        for k in range(size):
            pid = f"P{n:03}{k}"
            age = rng.randrange(20, 50) if k < 2 else rng.randrange(0, 17)
            born = (
                None
                if rng.random() < 0.05
                else PartialDate(TODAY.year - age, 1 + rng.randrange(12))
            )
            sex = "m" if size == 1 else ("m", "f")[k % 2]
            persons.append(Person(pid, born, sex, (LegalBasis("x"),)))  # type: ignore[arg-type]
            memberships.append(Membership(pid, f"H{n:03}", arrived))
            if unit:
                placements.append(
                    Placement(f"B{pid}", pid, "accommodation", "moved_in", unit, from_=arrived)
                )
            if k >= 2 and age < 6:
                is_seated = rng.random() < 0.5
                placements.append(
                    Placement(
                        f"K{pid}",
                        pid,
                        "childcare",
                        "moved_in" if is_seated else "requested",
                        ("k1-u3" if age < 3 else "k1-o3") if is_seated else None,
                        requested_on=TODAY - timedelta(days=100),
                        from_=TODAY - timedelta(days=60) if is_seated else None,
                    )
                )
    ledger = Ledger(
        tuple(households),
        tuple(persons),
        tuple(memberships),
        facilities(),
        units(),
        tuple(placements),
        (
            CapacityEvent(
                "e1", "f1-14", TODAY - timedelta(days=3), "block", "decided", reason="repair: water"
            ),
            CapacityEvent(
                "e2",
                "f1",
                date(2027, 9, 1),
                "step",
                "decided",
                8,
                delay_low_days=0,
                delay_high_days=90,
            ),
        ),
        municipality().offices,
    )
    residents = tuple(
        ResidentDemand(month, "all", "childcare", pool, low, mid, high, "invented")
        for month in ("2026-11", "2027-08")
        for pool, low, mid, high in (("u3", 16, 18, 22), ("o3", 44, 48, 56))
    )
    told = (
        Announcement("A1", date(2026, 12, 1), "asylum", "family", 4, (34, 31, 6, 2), (), "Land"),
    )
    found = Scenario(
        municipality=municipality(),
        ledger=ledger,
        resident_demand=residents,
        announced=told,
        measures=(),
        own_values={},
        folder="kleinstadt",
    )
    return replace(found, **changes)  # type: ignore[arg-type]
