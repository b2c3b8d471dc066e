"""Who has which place on a day, and what is left. German: Belegung

Per unit and day, and in every total::

    nominal + over = assigned + kept + blocked + unfit + free

``over`` and ``free`` are never netted against each other. Day D is the night from D to D+1.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from operator import attrgetter

from vorort.ledger.book import Ledger, by_unit, reckoned_once, within
from vorort.ledger.capacity import BLOCKS, DECIDED, CapacityPlan, Group, Site, group_of
from vorort.vocabulary import Placement, Unit

# `ended` is history: the person slept there until `until`.
_COUNTS = {"held": "held", "confirmed": "confirmed", "moved_in": "moved_in", "ended": "moved_in"}
ASSIGNED = ("held", "confirmed", "moved_in")


@dataclass(frozen=True, slots=True)
class UnitDay:
    """Places of a unit (or of several, summed) on a day. German: Plätze

    ``blocked``: places by kind. ``kept``: absent people and second places. ``over``: used beyond
    what is open. ``unfit``: the rest of a family unit in use. All in the unit's own ``per``.
    """

    nominal: int = 0
    blocked: Mapping[str, int] = field(default_factory=dict)
    held: int = 0
    confirmed: int = 0
    moved_in: int = 0
    kept: int = 0
    over: int = 0
    unfit: int = 0
    free: int = 0

    @property
    def blocked_places(self) -> int:
        """All blocked places."""
        return sum(self.blocked.values())

    @property
    def open(self) -> int:
        """Places that exist and are not blocked."""
        return self.nominal - self.blocked_places

    @property
    def assigned(self) -> int:
        """Places somebody sleeps in or will."""
        return self.held + self.confirmed + self.moved_in

    @property
    def used(self) -> int:
        """Assigned or kept."""
        return self.assigned + self.kept

    @property
    def usable(self) -> int:
        """Open places that are used or that somebody may use. German: nutzbare Plätze"""
        return self.open - self.unfit

    @classmethod
    def total(cls, days: Iterable[UnitDay]) -> UnitDay:
        """The sum of several; blocked places summed by kind."""
        rows = list(days)
        blocked: Counter[str] = Counter()
        for row in rows:
            if row.blocked:
                blocked.update(row.blocked)
        sums = map(sum, zip(*map(_FIGURES, rows), strict=True))
        return cls(
            blocked={k: blocked[k] for k in BLOCKS if blocked[k]},
            **dict(zip(_SUMMED, sums, strict=False)),
        )


_SUMMED = ("nominal", "held", "confirmed", "moved_in", "kept", "over", "unfit", "free")
_FIGURES = attrgetter(*_SUMMED)


@dataclass(frozen=True)
class Occupancy:
    """The whole ledger on a day, unit by unit, with totals."""

    ledger: Ledger
    day: date
    units: Mapping[str, UnitDay]

    @cached_property
    def overall(self) -> UnitDay:
        """Sum over all units; mixes domains, so mostly of use as a check."""
        return UnitDay.total(self.units.values())

    @cached_property
    def by_facility(self) -> dict[str, UnitDay]:
        """Sums by facility id."""
        return self.by(lambda unit: unit.facility)

    @cached_property
    def by_facility_kind(self) -> dict[str, UnitDay]:
        """Sums by kind of facility."""
        return self.by(lambda unit: self.ledger.facility[unit.facility].kind)

    @cached_property
    def by_domain(self) -> dict[str, UnitDay]:
        """Sums by domain."""
        return self.by(lambda unit: unit.domain)

    @cached_property
    def by_district(self) -> dict[str, UnitDay]:
        """Sums by district id."""
        return self.by(lambda unit: self.ledger.facility[unit.facility].district)

    @cached_property
    def by_owner(self) -> dict[str, UnitDay]:
        """Sums by owning office."""
        return self.by(lambda unit: self.ledger.facility[unit.facility].owner)

    def by(self, name_of: Callable[[Unit], str]) -> dict[str, UnitDay]:
        """Sums by any name a unit has, sorted by that name."""
        parts: defaultdict[str, list[UnitDay]] = defaultdict(list)
        for unit, day in self.units.items():
            parts[name_of(self.ledger.unit[unit])].append(day)
        return {name: UnitDay.total(parts[name]) for name in sorted(parts)}

    def of(self, domain: str, per: str = "place") -> UnitDay:
        """Sum over the units of one domain that are counted alike."""
        return UnitDay.total(
            day
            for unit, day in self.units.items()
            if (self.ledger.unit[unit].domain, self.ledger.unit[unit].per) == (domain, per)
        )


@reckoned_once
def occupancy(
    ledger: Ledger,
    day: date,
    known_at: datetime | None = None,
    *,
    today: date | None = None,
    statuses: Iterable[str] = DECIDED,
) -> Occupancy:
    """What is nominal, blocked, used, over, unfit and free in each unit on a day.

    ``known_at`` (UTC) shows what was known then. ``today`` decides which holds have expired
    (default: the day asked for). ``statuses``: events that count beside those decided.
    """
    plan = CapacityPlan(ledger, statuses, known_at)
    rows = ledger.rows_in if known_at is None else by_unit(ledger.known(known_at))
    found: dict[str, UnitDay] = {}
    for facility in ledger.units_of:
        found.update(site_days(ledger, plan, rows, facility, day, today))
    return Occupancy(ledger, day, {u.id: found[u.id] for u in ledger.units})


def site_days(
    ledger: Ledger,
    plan: CapacityPlan,
    rows: Mapping[str, tuple[Placement, ...]],
    facility: str,
    day: date,
    today: date | None = None,
) -> dict[str, UnitDay]:
    """The units of one facility on a day; ``rows`` are the versions that count, by unit."""
    units = ledger.units_of.get(facility, ())
    return days_in(plan.site(facility, day), units, rows, day, today)


def days_in(
    site: Site,
    units: Sequence[Unit],
    rows: Mapping[str, Sequence[Placement]],
    day: date,
    today: date | None = None,
) -> dict[str, UnitDay]:
    """Units of a facility of which one knows what it offers on the day. All its units, where
    places of the whole facility are blocked."""
    people = {u.id: Counter(bucket_of(r, day, today) for r in rows.get(u.id, ())) for u in units}
    for counts in people.values():
        counts.pop("", None)
    blocked = _named(site, units, {u: counts.total() for u, counts in people.items()})
    return {
        u.id: _unit_day(u, site.units[u.id].nominal, blocked[u.id], people[u.id]) for u in units
    }


def bucket_of(row: Placement, day: date, today: date | None = None) -> str:
    """How a version counts on a day: held, confirmed, moved_in, kept, or '' for not at all.

    A hold whose ``kept_until`` has come frees its place; nothing else is freed by itself.
    An ended placement without a known end counts nowhere (it is listed as incomplete).
    """
    if row.from_ is None or not within(row.from_, row.until, day):
        return ""
    if row.status == "absent":
        return "kept"
    if row.status == "ended" and row.until is None:
        return ""
    if row.status == "held" and is_expired(row, min(day, today or day)):
        return ""
    bucket = _COUNTS.get(row.status, "")
    return "kept" if bucket and row.second_place else bucket


def is_expired(row: Placement, day: date) -> bool:
    """Has a hold run out on a day? Its ``kept_until`` is the first day it no longer counts."""
    return row.status == "held" and row.kept_until is not None and row.kept_until <= day


def _unit_day(
    unit: Unit, nominal: int, blocked: Mapping[str, int], people: Counter[str]
) -> UnitDay:
    used = people.total()
    is_open = nominal - sum(blocked.values())
    over = max(0, used - is_open)
    unfit = max(0, is_open - used) if used and unit.kind == "family" else 0
    return UnitDay(
        nominal,
        blocked,
        people["held"],
        people["confirmed"],
        people["moved_in"],
        people["kept"],
        over,
        unfit,
        is_open + over - used - unfit,
    )


def _named(
    site: Site, units: Sequence[Unit], used: Mapping[str, int]
) -> dict[str, Mapping[str, int]]:
    """Blocked places by unit: those of a whole site go to empty units first, then to empty beds."""
    blocked = {u.id: site.units[u.id].blocked for u in units}
    for group, kinds in site.unnamed.items():
        left = Counter(kinds)
        members = [u for u in units if group_of(u) == group]
        ranked = sorted(members, key=lambda u: (used[u.id] > 0, u.kind == "family", u.id))
        for is_last in (False, True):  # first beds nobody uses, then the others
            for unit in ranked:
                room = site.units[unit.id].nominal - sum(blocked[unit.id].values())
                _take(blocked, unit.id, left, room if is_last else room - used[unit.id])
    return blocked


def _take(blocked: dict[str, Mapping[str, int]], unit: str, left: Counter[str], room: int) -> None:
    for kind in BLOCKS:
        taken = min(left[kind], max(0, room))
        if taken:
            mine = Counter(blocked[unit])
            mine[kind] += taken
            blocked[unit] = {k: mine[k] for k in BLOCKS if mine[k]}
            left[kind] -= taken
            room -= taken


def timeline(ledger: Ledger, unit: str, start: date, end: date) -> list[tuple[date, UnitDay]]:
    """A unit from ``start`` to before ``end``: the first day, then each day something changes."""
    facility = ledger.unit[unit].facility
    plan = CapacityPlan(ledger)
    found: list[tuple[date, UnitDay]] = []
    for day in turning_days(ledger, plan, facility, start, end):
        state = site_days(ledger, plan, ledger.rows_in, facility, day)[unit]
        if not found or found[-1][1] != state:
            found.append((day, state))
    return found


def turning_days(
    ledger: Ledger, plan: CapacityPlan, facility: str, start: date, end: date
) -> list[date]:
    """``start`` and every day before ``end`` on which a facility's figures may change, sorted."""
    found = {start} | plan.boundaries(facility)
    for unit in ledger.units_of.get(facility, ()):
        for row in ledger.rows_in.get(unit.id, ()):
            found.update(d for d in (row.from_, row.until, row.kept_until) if d is not None)
    return sorted(d for d in found if start <= d < end)


__all__ = [
    "ASSIGNED",
    "Group",
    "Occupancy",
    "UnitDay",
    "bucket_of",
    "is_expired",
    "occupancy",
    "timeline",
]
