"""Capacity over time for the engine: a base and dated changes, endings apart from openings.

``base + all changes up to D`` equals the sum of open places on D, and
``base + endings up to D`` is what is left if nothing new opens ("static capacity").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from vorort.ledger.book import Ledger
from vorort.ledger.capacity import DECIDED, CapacityPlan, Group, group_of, is_opening
from vorort.vocabulary import CapacityEvent


@dataclass(frozen=True, slots=True)
class Change:
    """A dated change of open places. German: Kapazitätsänderung

    An opening may take places away again: that is the end of something that opened, or the end of
    what a release gave back, so that the endings alone never count it.
    """

    date: date
    places: int  # signed, not 0
    is_opening: bool
    facility: str
    event_id: str = ""  # blank: the lease or opening date of the facility
    reason: str = ""
    delay_low_days: int | None = None
    delay_high_days: int | None = None


@dataclass(frozen=True, slots=True)
class CapacitySteps:
    """Open places of all units counted together, from a day on."""

    domain: str
    pool: str
    per: str
    for_: str
    base: int
    changes: tuple[Change, ...]

    def on(self, day: date, openings: bool = True) -> int:
        """Open places on a day; without openings = static capacity."""
        return self.base + sum(
            c.places for c in self.changes if c.date <= day and (openings or not c.is_opening)
        )


def capacity_steps(
    ledger: Ledger,
    domain: str,
    pool: str | None = None,
    *,
    start: date,
    end: date,
    statuses: Iterable[str] = DECIDED,
) -> tuple[CapacitySteps, ...]:
    """Open places on ``start`` and every change before ``end``, per (pool, per, for_), sorted.

    Units nobody reports for a pool give no row: that is unknown, not 0.
    """
    statuses = tuple(statuses)
    plan = CapacityPlan(ledger, statuses)
    closing = CapacityPlan(ledger, statuses, no_opening_after=start)
    base: defaultdict[Group, int] = defaultdict(int)
    changes: defaultdict[Group, list[Change]] = defaultdict(list)
    for facility, units in ledger.units_of.items():
        groups = {group_of(u) for u in units if u.domain == domain and pool in (None, u.pool)}
        if groups:
            for group, first, found in _site_steps(ledger, plan, closing, facility, start, end):
                if group in groups:
                    base[group] += first
                    changes[group] += found
    return tuple(
        CapacitySteps(*group, base[group], tuple(sorted(_merged(changes[group]), key=_order)))
        for group in sorted(base)
    )


def _order(change: Change) -> tuple[date, str, str, bool, str]:
    return change.date, change.facility, change.event_id, change.is_opening, change.reason


def _merged(changes: list[Change]) -> list[Change]:
    """One change for each cause, day and side; those that cancel out are gone."""
    found: defaultdict[tuple[object, ...], int] = defaultdict(int)
    for c in changes:
        key = (
            c.date,
            c.is_opening,
            c.facility,
            c.event_id,
            c.reason,
            c.delay_low_days,
            c.delay_high_days,
        )
        found[key] += c.places
    return [Change(key[0], places, *key[1:]) for key, places in found.items() if places]  # type: ignore[arg-type]


def _site_steps(
    ledger: Ledger, plan: CapacityPlan, closing: CapacityPlan, facility: str, start: date, end: date
) -> Iterable[tuple[Group, int, list[Change]]]:
    """For each unit and each group's unnamed blocks: group, open places on start, changes."""
    days = sorted({start} | {d for d in plan.boundaries(facility) if start < d < end})
    full, left = _series(ledger, plan, facility, days), _series(ledger, closing, facility, days)
    units = ledger.units_of[facility]
    kept = {name: _lowest(series) for name, series in left.items()}
    for group in {group_of(u) for u in units}:
        # Places blocked somewhere in the site never make the static capacity negative.
        room = [sum(kept[u.id][i] for u in units if group_of(u) == group) for i in range(len(days))]
        key = "/".join(group)
        kept[key] = [max(-n, x) for n, x in zip(room, kept[key], strict=True)]
    for name, series in full.items():
        unit = ledger.unit.get(name)
        group = group_of(unit) if unit else _group(name)
        causes = _causes(plan, facility, name)
        found = []
        for i in range(1, len(days)):
            ending = kept[name][i] - kept[name][i - 1]
            opening = series[i] - series[i - 1] - ending
            for places, side in ((ending, False), (opening, True)):
                if places:
                    found.append(_change(days[i], places, side, facility, causes))
        # On the first day nothing has ended yet: both series begin at the same height.
        yield group, series[0], found


def _group(name: str) -> Group:
    domain, pool, per, for_ = name.split("/")
    return domain, pool, per, for_


def _series(
    ledger: Ledger, plan: CapacityPlan, facility: str, days: list[date]
) -> dict[str, list[int]]:
    """Open places on each day by unit id, and minus the unnamed blocks by `domain/pool/per/for`."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    groups = {group_of(u) for u in ledger.units_of[facility]}
    for day in days:
        site = plan.site(facility, day)
        for unit, standing in site.units.items():
            found[unit].append(standing.open)
        for group in groups:
            found["/".join(group)].append(-sum(site.unnamed.get(group, {}).values()))
    return dict(found)


def _lowest(series: list[int]) -> list[int]:
    lowest: list[int] = []
    for n in series:
        lowest.append(min(n, lowest[-1]) if lowest else n)
    return lowest


def _causes(plan: CapacityPlan, facility: str, name: str) -> list[CapacityEvent]:
    return [*plan.events.get(name, ()), *plan.events.get(facility, ())]


def _change(
    day: date, places: int, side: bool, facility: str, causes: list[CapacityEvent]
) -> Change:
    """Name the event behind a change: one of that day, first one that works in this direction."""
    of_day = [e for e in causes if day in (e.date, e.until)]
    gives = [e for e in of_day if (is_opening(e) == (e.date == day)) == (places > 0)]
    cause = next(iter(gives or of_day), None)
    if cause is None:
        return Change(
            day, places, side, facility, reason="opens_on" if places > 0 else "lease_until"
        )
    return Change(
        day,
        places,
        side,
        facility,
        cause.id,
        cause.reason or cause.kind,
        cause.delay_low_days,
        cause.delay_high_days,
    )
