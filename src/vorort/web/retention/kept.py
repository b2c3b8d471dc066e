"""The counts that stay: what a person was to the totals of sites, added to what is counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from vorort.ledger import BEDS, Ledger, UnitDay, occupancy
from vorort.web.retention.models import SiteDelta

COUNTED = ("held", "confirmed", "moved_in", "kept", "over", "unfit", "free")
EVER = datetime(1900, 1, 1, tzinfo=UTC)
FOREVER = date(9999, 1, 1)


def totals(ledger: Ledger, day: date, known_at: datetime | None, today: date) -> dict[str, UnitDay]:
    """Beds by site on a day."""
    found = occupancy(ledger, day, known_at, today=today)
    by_site: dict[str, list[UnitDay]] = {}
    for unit, state in found.units.items():
        if (ledger.unit[unit].domain, ledger.unit[unit].per) == (BEDS, "place"):
            by_site.setdefault(ledger.unit[unit].facility, []).append(state)
    return {site: UnitDay.total(states) for site, states in by_site.items()}


def deltas(before: Ledger, person: str, today: date) -> list[dict[str, Any]]:
    """What the totals lose with a person, by site, day and instant of knowing.

    Exact: also when a family's rest of beds changes with one member. Days run over all the
    person's rows, cut wherever anything at these sites changes.
    """
    mine = [r for r in before.placements if r.person == person and r.unit and r.domain == BEDS]
    if not mine:
        return []
    after = replace(before, placements=tuple(r for r in before.placements if r.person != person))
    instants = _instants(before, mine)
    days = _days(before, mine, today)
    sites = {before.unit[r.unit].facility for r in mine if r.unit}
    found = []
    for known, until in zip(instants, [*instants[1:], None], strict=True):
        at = None if until is None else until - timedelta(microseconds=1)
        for start, end in pairwise(days):
            was, now = (totals(x, start, at, today) for x in (before, after))
            for site in sites:
                lost = {n: getattr(was[site], n) - getattr(now[site], n) for n in COUNTED}
                if any(lost.values()):
                    found.append({
                        "site": site, "day_from": start, "day_until": end, "known_from": known,
                        "known_until": until, **lost,
                    })  # fmt: skip
    return found


def _instants(ledger: Ledger, mine: Iterable[Any]) -> list[datetime]:
    """From the first knowledge of the person, each at which anything about its units was learnt."""
    rows = list(mine)
    units = {r.unit for r in rows}
    first = min(r.recorded_at or EVER for r in rows)
    targets = units | {ledger.unit[u].facility for u in units if u}
    people = {r.person for r in ledger.placements if r.unit in units}
    found = {r.recorded_at or EVER for r in ledger.placements if r.person in people}
    found |= {e.recorded_at or EVER for e in ledger.capacity_events if e.target in targets}
    return sorted(t for t in found if t >= first)


def _days(ledger: Ledger, mine: Iterable[Any], today: date) -> list[date]:
    """Every day on which something may change while the person counts somewhere."""
    rows = list(mine)
    start = min((r.from_ for r in rows if r.from_), default=today)
    # a version without end, since replaced, counted on every later day as long as it was known
    end = max([start + timedelta(days=1), *(r.until or FOREVER for r in rows)])
    units = {u.id for r in rows if r.unit for u in ledger.units_of[ledger.unit[r.unit].facility]}
    points = {start, end}
    for row in ledger.placements:
        if row.unit in units:
            points |= {d for d in (row.from_, row.until, row.kept_until) if d}
    targets = units | {ledger.unit[u].facility for u in units}
    for event in ledger.capacity_events:
        if event.target in targets:
            points |= {d for d in (event.date, event.until) if d}
    for site in {ledger.unit[u].facility for u in units}:
        contract = (ledger.facility[site].opens_on, ledger.facility[site].lease_until)
        points |= {d for d in contract if d}
    return sorted(d for d in points if start <= d <= end)


def kept_on(days: Sequence[date], known_at: datetime | None = None) -> list[dict[str, UnitDay]]:
    """What is to be added to each site's totals, on each of consecutive days."""
    rows = SiteDelta.objects.filter(day_from__lte=days[-1], day_until__gt=days[0])
    if known_at is None:
        rows = rows.filter(known_until__isnull=True)
    else:
        rows = rows.filter(known_from__lte=known_at).exclude(known_until__lte=known_at)
    told = list(rows.values_list("site__key", "day_from", "day_until", *COUNTED))
    found = []
    for day in days:
        by_site: dict[str, list[UnitDay]] = {}
        for site, start, end, *counts in told:
            if start <= day < end:
                lost = UnitDay(**dict(zip(COUNTED, counts, strict=True)))
                by_site.setdefault(site, []).append(lost)
        found.append({site: UnitDay.total(states) for site, states in by_site.items()})
    return found


def added(states: Mapping[str, UnitDay], kept: Mapping[str, UnitDay]) -> dict[str, UnitDay]:
    """Totals by site with what deleted people were to them."""
    return {
        site: UnitDay.total((state, kept[site])) if site in kept else state
        for site, state in states.items()
    }
