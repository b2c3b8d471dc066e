"""Who waits for whom: people first, then sites, then units, each in the order of their ids.

Locks are taken before anything is read that a decision rests on. A site is locked as well,
because a closure of the whole site counts over all its units. On SQLite the transaction itself
is the lock: it begins IMMEDIATE, and no row needs one of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from vorort.web import bridge
from vorort.web.intake.models import Person
from vorort.web.town.models import Site, Unit


def lock(people: Iterable[UUID], units: Iterable[int]) -> list[int]:
    """Lock people, the sites of units, and the units; returns the ids of the sites."""
    chosen = sorted(set(units))
    for part in bridge.parts(set(people)):
        _hold(Person.objects.filter(id__in=part))
    sites = sorted(set(Unit.objects.filter(id__in=chosen).values_list("facility_id", flat=True)))
    _hold(Site.objects.filter(id__in=sites))
    _hold(Unit.objects.filter(id__in=chosen))
    return sites


def lock_sites(sites: Iterable[int]) -> None:
    """Lock sites alone, for units that are not there yet."""
    _hold(Site.objects.filter(id__in=set(sites)))


def _hold(rows: object) -> None:
    if connection.vendor == "sqlite":
        return
    list(rows.order_by("id").select_for_update(no_key=True).values_list("id"))  # type: ignore[attr-defined]
