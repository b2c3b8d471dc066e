"""Homes and seats as they are now, for a household looked at by itself. German: Stand der Plätze

The parts of each site are made from the site as it is kept (`totals.now`), and anew only when the
site has changed: in a city one of 600. What people laid down is read each time, there is little
of it. It is the problem that `vorort place` makes of the folder, with one party at a time.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection

from vorort.files import Scenario
from vorort.ledger import Ledger
from vorort.parameters import Resolved
from vorort.placement import (
    HeldBack,
    Homes,
    LeftOut,
    Near,
    Party,
    Problem,
    Surroundings,
    homes_of,
    lodgings_of,
)
from vorort.placement.front import SPACE, ages, pools_by_age, rulebook_of
from vorort.placement.gather import SEATS, deciding, party_of
from vorort.placement.joined import joined
from vorort.placement.open_seats import SeatCount, counted_seats, open_seats
from vorort.placement.packing import unpacked
from vorort.stress.setup import resolved_of
from vorort.vocabulary import PlacementFiles
from vorort.web import bridge, clock, scenarios
from vorort.web.intake.models import Membership
from vorort.web.proposals import bridge as placing_rows
from vorort.web.proposals.problems import newest_runs
from vorort.web.totals import now
from vorort.web.totals.now import MANY, SiteNow, sites_now
from vorort.web.town.models import Site, Unit


@dataclass(frozen=True, eq=False)
class Part:
    """What one site gives to the problem."""

    names: dict[str, str]  # of its facility, by number
    homes: Homes
    seats: tuple[SeatCount, ...]


@dataclass(frozen=True, eq=False)
class Joint:
    """The parts of all sites in one: kept as long as none of them is another."""

    parts: tuple[Part, ...]
    decided: Part
    measures: Ledger  # of which that part was made
    homes: Homes
    seats: tuple[SeatCount, ...]
    names: dict[str, str]


@dataclass(frozen=True)
class Present:
    """The problem of a day without any party, and its homes."""

    day: date
    town: Scenario  # without places and people
    resolved: Resolved
    around: Surroundings
    joint: Joint
    homes: Homes

    @property
    def problem(self) -> Problem:
        """Places, seats, rules and what people laid down."""
        return self.homes.problem

    @property
    def planned(self) -> set[str]:
        """Units a decided measure will open: they stand in no list of units yet."""
        return {x.id for x in self.joint.decided.homes.problem.lodgings}

    def names(self, facility: str) -> str:
        """What a site is called."""
        return self.joint.names[facility]

    def party(self, household: str) -> Party | LeftOut | None:
        """A household on record; or why the machine places none of it. None: nobody is here."""
        rows = Membership.objects.filter(household__key=household, person__same_as__isnull=True)
        people = rows.order_by().values_list("person", flat=True)
        with bridge.snapshot():
            ledger = bridge.of_people(set(people), [household])
            requirements, wishes = placing_rows.about((household,))
        files = PlacementFiles(requirements=requirements, wishes=wishes)
        return party_of(ledger, self.day, files, self.around, household)

    @cached_property
    def nearest(self) -> dict[tuple[str, str, str], Near | None]:
        """The nearest site with a seat, by domain, pool and district; filled when asked."""
        return {}


def units_of(keys: Iterable[str]) -> dict[str, Unit]:
    """Some units with their site, district and office, by number."""
    rows = Unit.objects.select_related("facility__district", "facility__owner")
    return {u.key: u for part in bridge.parts(set(keys)) for u in rows.filter(key__in=part)}


Asked = tuple[Any, ...]
_PARTS: dict[str, dict[str, tuple[SiteNow, Asked, Part]]] = {}
_JOINT: dict[str, Joint] = {}
_HELD: dict[tuple[str, int, str], tuple[HeldBack, ...]] = {}
_RESOLVED: dict[str, tuple[Any, Resolved]] = {}
_ONE_MAKES = threading.Lock()  # after a start: one thread makes the parts, the others have them


def present() -> Present:
    """Places, seats and what people laid down, as they are now."""
    day = clock.today()
    with bridge.snapshot():
        town = scenarios.town_alone()
        files = placing_rows.laid_down()
        decided = scenarios.decided_only(town.measures)
        held = tuple(h for h in _held() if h.until is None or h.until > day)
        sites = sites_now(Site.objects.values_list("pk", flat=True), day)
    resolved = _resolved(town)
    around = Surroundings(
        rulebook_of(town), (), town.resident_demand, resolved.amount(SPACE),
        pools_by_age(resolved), ages(resolved), town.municipality.reported_cycle_days,
        held_back=held,
    )  # fmt: skip
    bare = Problem(day, rulebook=around.rulebook, space_m2=around.space_m2)
    with _ONE_MAKES:
        joint = _joint(sites, decided, bare)
    seats, limits, unknown = open_seats(
        joint.seats, day, around.resident_demand, around.reported_cycle_days, files.requests
    )
    lodgings = joint.homes.problem.lodgings
    problem = bare.changed(
        lodgings=lodgings, seats=seats, seat_limits=limits, notes=tuple(unknown),
        reach={(r.district, r.other): r.minutes for r in files.reach},
        exclusions=files.exclusions, locks=files.locks, held_back=held,
        office=around.rulebook.office or deciding(lodgings),
    )  # fmt: skip
    return Present(day, town, resolved, around, joint, joint.homes.within(problem))


def _joint(sites: list[SiteNow], decided: Ledger, bare: Problem) -> Joint:
    """The parts, made where they are not as kept; joined, where one of them is another."""
    name = str(connection.settings_dict["NAME"])
    kept, book = _PARTS.setdefault(name, {}), bare.rulebook
    asked: Asked = (
        bare.day, bare.space_m2, book.is_on("space"), book["horizon_days"],
        book["adjoining_at_most"],
    )  # fmt: skip
    parts, made = [], 0
    for site in sites:
        found = kept.get(site.key)
        if found is None or found[0] is not site or found[1] != asked:
            found = kept[site.key] = (site, asked, _part(site.ledger, bare))
            made += 1
        parts.append(found[2])
    before = _JOINT.get(name)
    is_same = before is not None and before.measures == decided
    if before is None or not is_same or list(map(id, before.parts)) != list(map(id, parts)):
        before = _JOINT[name] = _together(tuple(parts), decided, bare)
    if made >= MANY:
        now.settled()
    return before


def _part(ledger: Ledger, bare: Problem) -> Part:
    names = {f.id: f.name for f in ledger.facilities}
    homes = homes_of(bare.changed(lodgings=lodgings_of(ledger, bare.day)))
    return Part(names, homes, counted_seats(ledger, bare.day, SEATS))


def _together(parts: tuple[Part, ...], decided: Ledger, bare: Problem) -> Joint:
    last = _part(decided, bare)
    every = (*parts, last)
    lodgings = tuple(x for part in every for x in part.homes.problem.lodgings)
    names = {key: name for part in every for key, name in part.names.items()}
    homes = joined(bare.changed(lodgings=lodgings), [p.homes for p in every if len(p.homes)])
    seats = tuple(s for part in every for s in part.seats)
    return Joint(parts, last, decided, homes, seats, names)


def _resolved(town: Scenario) -> Resolved:
    """What the parameters are; reckoned again when the day, the Land or an own value changes."""
    name, m = str(connection.settings_dict["NAME"]), town.municipality
    asked = (m.today, m.land, m.name, repr(town.own_values))
    kept = _RESOLVED.get(name)
    if kept is None or kept[0] != asked:
        kept = _RESOLVED[name] = (asked, resolved_of(town))
    return kept[1]


def _held() -> tuple[HeldBack, ...]:
    """What the newest run holds back: also for a household that is looked at by itself."""
    row = newest_runs().values_list("pk", "content").first()
    if row is None:
        return ()
    name = (str(connection.settings_dict["NAME"]), *row)
    if name not in _HELD:
        frame = newest_runs().values_list("frame", flat=True).get(pk=row[0])
        listed = json.loads(frame)["held_back"] if frame else []
        _HELD.clear()
        _HELD[name] = tuple(unpacked(HeldBack, one) for one in listed)
    return _HELD[name]


def forget() -> None:
    """What was kept of any register."""
    _PARTS.clear()
    _JOINT.clear()
    _HELD.clear()
    _RESOLVED.clear()
