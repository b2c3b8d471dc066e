"""Notes of what was touched, and whose they are: an act takes up its own and no others.

On SQLite one act writes at a time: what is noted after its `last` is its own. On PostgreSQL a row
bears the transaction that wrote it. German: Merker
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection
from django.db.models import Max, Q, QuerySet

from vorort.web.totals.models import Touched
from vorort.web.town.models import Unit

Note = tuple[int | None, int | None, str]  # unit, site, target of an event


def last() -> int:
    """Asked before the act writes."""
    return Touched.objects.aggregate(last=Max("pk"))["last"] or 0


def of_others(before: int) -> list[Note]:
    """What others have noted; ``before``: the `last`."""
    return list(_rows(before, is_own=False).values_list("unit", "site", "target"))


def drop_own(before: int, sites: Collection[int]) -> None:
    """The act has counted these sites itself: its notes of them or of a unit there go."""
    here = Unit.objects.filter(facility__in=sites)
    own = _rows(before, is_own=True).filter(target="")
    own.filter(Q(site__in=sites) | Q(unit__in=here.values("pk"))).delete()


def _rows(before: int, *, is_own: bool) -> QuerySet[Touched]:
    if connection.vendor == "sqlite":
        newer = Q(pk__gt=before)
        return Touched.objects.filter(newer if is_own else ~newer)
    here = "xmin = pg_current_xact_id()::xid"
    return Touched.objects.extra(where=[here if is_own else f"NOT {here}"])  # noqa: S610 no input
