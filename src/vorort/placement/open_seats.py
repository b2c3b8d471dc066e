"""Seats of other offices that are left, from the ledger. German: freie Plätze anderer Stellen"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from vorort.ledger import Ledger, occupancy
from vorort.placement.problem import SeatLimit, Seats
from vorort.vocabulary import Request, ResidentDemand, Text, Unit


@dataclass(frozen=True, slots=True)
class SeatCount:
    """A group of seats on a day; ``asked``: requests that wait for its office."""

    unit: Unit
    district: str
    owner: str
    open: int
    used: int
    free: int
    asked: int


def counted_seats(ledger: Ledger, day: date, domains: Iterable[str]) -> tuple[SeatCount, ...]:
    """The groups of some domains as they are on a day."""
    wanted = set(domains)
    units = [u for u in ledger.units if u.domain in wanted and u.per == "place"]
    if not units:
        return ()
    state = occupancy(ledger, day).units
    asked = Counter(
        r.unit for r in ledger.current
        if r.status == "requested" and r.unit is not None and (r.until is None or r.until > day)
    )  # fmt: skip
    found = []
    for unit in units:
        site, now = ledger.facility[unit.facility], state[unit.id]
        counts = (now.open, now.used, now.free, asked[unit.id])
        found.append(SeatCount(unit, site.district, site.owner, *counts))
    return tuple(found)


def open_seats(
    counts: Iterable[SeatCount], day: date, demand: Sequence[ResidentDemand],
    cycle_days: int | None, requests: Iterable[Request] = (),
) -> tuple[tuple[Seats, ...], tuple[SeatLimit, ...], list[Text]]:  # fmt: skip
    """Seats left, the limits residents set, and what is unknown.

    An open request keeps its seat from others; a confirmed one has a row in the ledger.
    """
    found, limits, unknown = [], [], []
    groups: defaultdict[tuple[str, str], list[SeatCount]] = defaultdict(list)
    wanted = Counter(r.seat for r in requests if r.is_open)
    for count in counts:
        one = replace(count, asked=count.asked + wanted[count.unit.id])
        groups[one.unit.domain, one.unit.pool].append(one)
    for (domain, pool), group in sorted(groups.items()):
        open_to_all = [c for c in group if c.unit.for_ == "everyone"]
        others = _residents(demand, day, domain, pool) if open_to_all else 0
        if others is None:
            unknown.append(
                Text(
                    f"{domain}/{pool}: Bedarf der übrigen Bevölkerung unbekannt, nur Plätze "
                    "für Zugewanderte zählen.",
                    f"{domain}/{pool}: demand of other residents unknown, only places for "
                    "newcomers count.",
                )
            )
            group = [c for c in group if c.unit.for_ != "everyone"]
        elif open_to_all:
            left = sum(c.open - c.used - c.asked for c in open_to_all) - others
            limits.append(SeatLimit(domain, pool, max(0, left)))
        found += [_seats(c, day, cycle_days) for c in group]
    return tuple(found), tuple(limits), unknown


def _seats(one: SeatCount, day: date, cycle_days: int | None) -> Seats:
    unit = one.unit
    is_stale = (
        cycle_days is not None
        and unit.reported_on is not None
        and unit.reported_on < day - timedelta(days=cycle_days)
    )
    return Seats(
        unit.id, unit.facility, one.district, one.owner, unit.domain, unit.pool,
        max(0, one.free - one.asked), is_stale, unit.for_ == "everyone",
    )  # fmt: skip


def _residents(demand: Sequence[ResidentDemand], day: date, domain: str, pool: str) -> int | None:
    """Places other residents use in the month of the day; None = unknown, 0 = nobody asked."""
    month = f"{day:%Y-%m}"
    rows = [r for r in demand if r.domain == domain and r.month <= month]
    rows = [r for r in rows if r.pool in (None, pool)]
    if not rows:
        return None
    newest = max(r.month for r in rows)
    figures = [r.central for r in rows if r.month == newest]
    return None if None in figures else sum(f or 0 for f in figures)
