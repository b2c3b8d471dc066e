"""Units in which nobody ever was: what they offer is added to their sites or taken away.

The sites are not counted again, which for a list of thousands would take minutes. Where places of
a whole site are blocked, the units decide over each other's: that is left to `keeping.settle`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace

from vorort.ledger import Ledger
from vorort.ledger.deltas import NOTHING, counts_apart, empty_units, plus
from vorort.ledger.deltas import Delta as Change
from vorort.web import bridge, clock
from vorort.web.totals import keeping, notes
from vorort.web.town.models import Site, Unit


@dataclass(frozen=True)
class Offered:
    """What units give to their sites, by the sites' keys; of those that can be told apart."""

    sites: dict[str, int]
    changes: list[Change]


def offered(units: Collection[int]) -> Offered:
    """Asked while the units are there, and with their sites locked."""
    chosen: defaultdict[int, set[str]] = defaultdict(set)
    for part in bridge.parts(units):
        for key, site in Unit.objects.filter(pk__in=part).values_list("key", "facility_id"):
            chosen[site].add(key)
    facilities, inside, events = bridge.places(chosen)
    whole = Ledger(facilities=facilities, units=inside, capacity_events=events)
    numbers = dict(Site.objects.filter(pk__in=list(chosen)).values_list("key", "pk"))
    apart = {f.id: numbers[f.id] for f in facilities if counts_apart(whole, f.id)}
    today = clock.today()
    return Offered(apart, [
        change for key, site in apart.items()
        for change in empty_units(whole, key, chosen[site], today)
    ])  # fmt: skip


def take(found: Offered, before: int, *, gone: bool = False) -> None:
    """The units are there, or have ``gone``. Sites of which somebody else has noted something are
    left to `keeping.settle`. ``before``: `notes.last`."""
    noted = notes.of_others(before)
    if any(target for _, _, target in noted):
        return
    units = [unit for unit, _, _ in noted if unit is not None]
    others = set(Unit.objects.filter(pk__in=units).values_list("facility_id", flat=True))
    others |= {site for _, site, _ in noted if site is not None}
    sites = {key: pk for key, pk in found.sites.items() if pk not in others}
    changes = [c for c in found.changes if c.facility in sites]
    if gone:
        changes = [replace(c, counts=plus(NOTHING, c.counts, -1)) for c in changes]
    keeping.add(changes, sites)
    notes.drop_own(before, list(sites.values()))
