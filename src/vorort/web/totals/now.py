"""Each site as it is, kept by this process until something in it changes. German: Stand der Häuser

A city has 15,000 units; between two acts all but one or two sites are what they were. A site's
mark is drawn anew whenever its places or the stays in it change (`keeping.settle`): a page reads
the marks, and again only the sites whose mark is another.
"""

from __future__ import annotations

import gc
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeVar

from django.db import connection

from vorort.ledger import BEDS, CapacityPlan, Ledger, UnitDay, bucket_of
from vorort.ledger.deltas import is_bed
from vorort.ledger.occupancy import site_days, turning_days
from vorort.web import answer, bridge, clock
from vorort.web.totals.models import SiteMark
from vorort.web.town.models import Unit

BACK = timedelta(days=31)  # pages seldom ask for an earlier day; then the sites are read again
MANY = 50  # sites read at once: after a start, or in a new month
MOST_DAYS = 64  # days counted of one site that are kept
MOST_ONCE = 512  # answers about one site that are kept, each some numbers of units
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Home:
    """Where a household sleeps, at one site. German: Zuhause"""

    household: str
    units: tuple[str, ...]
    people: int
    places: int  # open in these units, whoever uses them
    is_own: bool  # family units only: nobody else sleeps there


@dataclass(frozen=True, eq=False)
class SiteNow:
    """One site: its units, and who is or will be in them from ``since`` on. Of people only their
    sex, which rooms go by, and their household's number are known here."""

    ledger: Ledger
    since: date
    mark: int | None  # None: not counted yet, nobody knows whether it changes
    _days: dict[tuple[date, date], dict[str, UnitDay]] = field(default_factory=dict)
    _once: dict[tuple[Hashable, date], Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Of the site."""
        return self.ledger.facilities[0].id

    @cached_property
    def has_beds(self) -> bool:
        """Does anybody sleep here?"""
        return any(u.domain == BEDS for u in self.ledger.units)

    @cached_property
    def plan(self) -> CapacityPlan:
        """Which places there are on a day."""
        return CapacityPlan(self.ledger)

    def on(self, day: date, today: date) -> Mapping[str, UnitDay]:
        """Its units on a day; ``today``: which holds still live."""
        found = self._days.get((day, today))  # threads share it: asked for once, not twice
        if found is None:
            if len(self._days) >= MOST_DAYS:
                self._days.clear()
            found = self._days[day, today] = site_days(
                self.ledger, self.plan, self.ledger.rows_in, self.key, day, today
            )
        return found

    def once(self, what: Hashable, day: date, read: Callable[[SiteNow, date], Read]) -> Read:
        """What ``read`` finds of this site on a day, asked once while the site stays as it is."""
        found: Read | None = self._once.get((what, day))
        if found is None:
            if len(self._once) >= MOST_ONCE:
                self._once.clear()
            found = self._once[what, day] = read(self, day)
        return found

    def homes(self, day: date) -> list[Home]:
        """Households that have a bed here on a day, confirmed or moved in."""
        return self.once("homes", day, SiteNow._homes_on)

    def beds(self, today: date) -> UnitDay:
        """All beds together, today, as the board counts them."""
        return self.once("beds", today, SiteNow._beds_on)

    def _beds_on(self, today: date) -> UnitDay:
        units = self.ledger.unit
        return UnitDay.total(s for u, s in self.on(today, today).items() if is_bed(units[u]))

    def _homes_on(self, day: date) -> list[Home]:
        units: defaultdict[str, dict[str, None]] = defaultdict(dict)
        people: Counter[str] = Counter()
        for unit, rows in self.ledger.rows_in.items():
            for row in rows if self.ledger.unit[unit].domain == BEDS else ():
                if bucket_of(row, day) in ("confirmed", "moved_in"):
                    home = self.ledger.household_of(row.person, day) or ""
                    units[home][unit] = None
                    people[home] += 1
        states, kinds = self.on(day, day), {u.id: u.kind for u in self.ledger.units}
        return [
            Home(home, tuple(sorted(mine)), people[home], sum(states[u].open for u in mine),
                 all(kinds[u] == "family" for u in mine))
            for home, mine in units.items()
        ]  # fmt: skip

    def turns(self, start: date, end: date) -> list[date]:
        """``start`` and each day before ``end`` on which a figure may change."""
        return turning_days(self.ledger, self.plan, self.key, start, end)


_KEPT: dict[str, dict[int, SiteNow]] = {}
_ONE_READS = threading.RLock()  # twenty colleagues after a start: one thread reads, all have it


def sites_now(sites: Iterable[int], day: date) -> list[SiteNow]:
    """Sites by number as they are on a day or later, in the order of their keys."""
    asked = list(sites)
    kept = _KEPT.setdefault(str(connection.settings_dict["NAME"]), {})

    def stale(marks: Mapping[int, int]) -> list[int]:
        return [
            s for s in asked
            if s not in kept or kept[s].mark != marks.get(s) or kept[s].since > day
        ]  # fmt: skip

    found: dict[int, SiteNow] = {}
    # most pages find all as it was, and wait for nobody who reads just now
    if stale(answer.once("marks", read_marks)):
        with _ONE_READS, bridge.snapshot():
            marks = read_marks()
            again = stale(marks)
            found = _read(again, min(day, clock.today() - BACK), marks) if again else {}
    kept.update({s: now for s, now in found.items() if now.mark is not None})
    if len(found) >= MANY:
        settled()
    every = (found.get(s) or kept.get(s) for s in asked)
    return sorted((now for now in every if now is not None), key=lambda now: now.key)


def states_of(sites: Iterable[SiteNow], today: date) -> dict[str, UnitDay]:
    """Every unit of some sites, today."""
    return {unit: state for site in sites for unit, state in site.on(today, today).items()}


def settled() -> None:
    """What is kept is there to stay: the collector of cycles need not walk through it again, which
    in a city takes it a second in the midst of some page."""
    gc.collect()
    gc.freeze()


def read_marks() -> dict[int, int]:
    """The mark of each site that has been counted."""
    return dict(SiteMark.objects.values_list("site", "value"))


def sites_of_units(units: Iterable[str], day: date) -> list[SiteNow]:
    """The sites of some units, as they are on a day or later."""
    rows = Unit.objects.filter(key__in=list(units))
    return sites_now(set(rows.values_list("facility_id", flat=True)), day)


def _read(sites: list[int], since: date, marks: dict[int, int]) -> dict[int, SiteNow]:
    numbers, whole = bridge.sites_from(sites, since)
    units: defaultdict[str, list[Any]] = defaultdict(list)
    home: dict[str, str] = {f.id: f.id for f in whole.facilities}
    for unit in whole.units:
        home[unit.id] = unit.facility
        units[unit.facility].append(unit)
    events: defaultdict[str, list[Any]] = defaultdict(list)
    for event in whole.capacity_events:
        events[home[event.target]].append(event)
    belongs: defaultdict[str, list[Any]] = defaultdict(list)
    for member in whole.memberships:
        belongs[member.person].append(member)
    stays: defaultdict[str, list[Any]] = defaultdict(list)
    people: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for row in whole.placements:
        there = home[row.unit or ""]
        stays[there].append(row)
        people[there][row.person] = None
    return {
        numbers[f.id]: SiteNow(Ledger(
            persons=tuple(whole.person[p] for p in people[f.id]),
            memberships=tuple(m for p in people[f.id] for m in belongs[p]), facilities=(f,),
            units=tuple(units[f.id]), placements=tuple(stays[f.id]),
            capacity_events=tuple(events[f.id]),
        ), since, marks.get(numbers[f.id]))
        for f in whole.facilities
    }  # fmt: skip
