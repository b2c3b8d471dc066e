"""Totals of sites on days, from the sums: what is true, or what was known at an instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from vorort.ledger import UnitDay
from vorort.ledger.deltas import NAMES, NOTHING, Counts, plus, state_of
from vorort.web import answer, bridge
from vorort.web.totals.models import Delta, SiteDay
from vorort.web.totals.now import read_marks
from vorort.web.town.models import Site

Moves = dict[int, list[tuple[date, Counts]]]  # by site: from a day on so much more


def site_totals(
    sites: Iterable[int], days: Sequence[date], today: date, known_at: datetime | None = None
) -> list[dict[str, UnitDay]]:
    """Beds of each site by its key, on each of consecutive days. ``today``: which holds live."""
    keys = dict(Site.objects.filter(pk__in=list(sites)).values_list("pk", "key"))
    if known_at is None:
        found = _kept(keys, days, today)
    else:
        known = Delta.objects.filter(site__in=keys, known_at__lte=known_at)
        known = known.filter(Q(expires__isnull=True) | Q(expires__gt=today))
        found = _states(keys, days, {}, _summed(known, days[0], days[-1]))
    return [{key: found[site][n] for site, key in keys.items()} for n in range(len(days))]


States = list[UnitDay]  # of a site on each of the days
_KEPT: dict[tuple[str, int], tuple[int, dict[Hashable, States]]] = {}
MOST_VIEWS = 8  # of one site that are kept: a few weeks people look at


def _kept(keys: dict[int, str], days: Sequence[date], today: date) -> dict[int, States]:
    """Each site's totals as they are true: those kept, and of sites with another mark read."""
    database, view = str(connection.settings_dict["NAME"]), (days[0], len(days), today)
    with bridge.snapshot():
        marks = answer.once("marks", read_marks)
        kept = {site: _KEPT.get((database, site)) for site in keys}
        found = {
            site: views[1][view] for site, views in kept.items()
            if views is not None and views[0] == marks.get(site) and view in views[1]
        }  # fmt: skip
        left = {site: key for site, key in keys.items() if site not in found}
        if left:
            begin, moves = _present(left, days[0], days[-1])
            alive = Delta.objects.filter(site__in=left, expires__gt=today, day__lte=days[-1])
            _add(moves, _listed(alive, days[0]))
            fresh = _states(left, days, begin, moves)
            found |= fresh
            for site, states in fresh.items():
                mark, views = _KEPT.get((database, site), (None, {}))
                if site not in marks:
                    continue  # not counted yet: nobody knows whether it changes
                if mark != marks[site] or len(views) >= MOST_VIEWS:
                    views = {}
                _KEPT[database, site] = marks[site], {**views, view: states}
    return found


def _states(
    sites: Iterable[int], days: Sequence[date], begin: Mapping[int, Counts], moves: Moves
) -> dict[int, States]:
    found: dict[int, States] = {}
    for site in sites:
        total = begin.get(site, NOTHING)
        todo = sorted(moves.get(site, []), reverse=True)
        last, state = None, UnitDay()
        states = found[site] = []
        for day in days:
            while todo and todo[-1][0] <= day:
                total = plus(total, todo.pop()[1])
            if total != last:
                last, state = total, state_of(total)
            states.append(state)
    return found


def overall(
    sites: Iterable[int], day: date, today: date, known_at: datetime | None = None
) -> UnitDay:
    """The sum over sites on a day."""
    return UnitDay.total(site_totals(sites, [day], today, known_at)[0].values())


def _present(keys: Iterable[int], start: date, end: date) -> tuple[dict[int, Counts], Moves]:
    """Each site's totals on the first day, and its changes until the last."""
    before = SiteDay.objects.filter(site=OuterRef("pk"), day__lte=start).order_by("-day")
    rows = Site.objects.filter(pk__in=keys).annotate(last=Subquery(before.values("pk")[:1]))
    first = SiteDay.objects.filter(pk__in=rows.values("last"))
    begin: dict[int, Counts] = {r[0]: r[1:] for r in first.values_list("site_id", *NAMES)}
    later = SiteDay.objects.filter(site__in=keys, day__gt=start, day__lte=end).order_by("day")
    moves: Moves = defaultdict(list)
    last = dict(begin)
    for site, day, *row in later.values_list("site_id", "day", *NAMES):
        moves[site].append((day, plus(tuple(row), last.get(site, NOTHING), -1)))
        last[site] = tuple(row)
    return begin, moves


def _summed(rows: QuerySet[Delta], start: date, end: date) -> Moves:
    """Deltas added up by the database: until the first day together, then day by day."""
    sums = {f"sum_{n}": Sum(n) for n in NAMES}
    moves: Moves = defaultdict(list)
    until = rows.filter(day__lte=start).order_by().values("site_id").annotate(**sums)
    later = rows.filter(day__gt=start, day__lte=end).order_by().values("site_id", "day")
    for row in (*until, *later.annotate(**sums)):
        moves[row["site_id"]].append((row.get("day", start), _figures(row)))
    return moves


def _figures(row: Any) -> Counts:
    return tuple(row[f"sum_{n}"] for n in NAMES)


def _listed(rows: QuerySet[Delta], start: date) -> Moves:
    found: Moves = defaultdict(list)
    for site, day, *figures in rows.values_list("site_id", "day", *NAMES):
        found[site].append((max(day, start), tuple(figures)))
    return found


def _add(moves: Moves, more: Moves) -> None:
    for site, rows in more.items():
        moves.setdefault(site, []).extend(rows)
