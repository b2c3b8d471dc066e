"""Bringing the totals up to date: after each act what it touched, and from the rows altogether.

The ledger says what changes (`vorort.ledger.deltas`); here it is written down. `settle` runs at
the end of every act, in its transaction: a page never sees an act without its totals.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import Any

from django.db import connection, transaction
from django.db.models import OuterRef, Q, Subquery, Sum

from vorort.ledger import Ledger
from vorort.ledger.capacity import BLOCKING
from vorort.ledger.deltas import (
    NAMES,
    NOTHING,
    Counts,
    act_deltas,
    is_bed,
    plus,
    site_deltas,
)
from vorort.ledger.deltas import Delta as Change
from vorort.web import bridge, bulk, clock
from vorort.web.accounts.models import Act
from vorort.web.placing.models import Stay, StayOld
from vorort.web.totals.models import Delta, SiteDay, SiteMark, Touched
from vorort.web.town.models import CapacityEvent, Site, Unit

EVER = datetime(1, 1, 2, tzinfo=UTC)  # known since always
Step = Callable[[int, int], None]


@dataclass(frozen=True)
class _Notes:
    """What was touched: sites to be counted again, units to be taken in, events that are new."""

    anew: set[int]
    units: dict[int, int]  # unit -> site
    events: set[str]
    sites: set[int]  # every site something was touched of
    rows: dict[int, set[int]]  # which sites each note is about


def settle(act: Act | None) -> None:
    """Bring everything that was touched into the totals. None: outside an act, all anew, site by
    site, so that nobody waits long for one of them."""
    rows = list(Touched.objects.values_list("pk", "site", "unit", "target", "event", "is_anew"))
    if not rows:
        return
    notes = _read(rows, act)
    # What was touched outside of any act may lie where another act is at work just now: it takes
    # that in. An act holds the sites it touched itself, so of these none is left out.
    mine = notes.sites if act is None else set(_hold(notes.sites, skip_locked=True))
    rebuild(sorted(notes.anew & mine), marks=False)
    if act is not None and notes.units:
        _take_in(act, notes)
    mark(notes.sites)  # all at once, in order; also where only somebody's sex or household changed
    left = {row for row, sites in notes.rows.items() if sites & notes.anew - mine}
    # only what was read: another act's note may have come in between
    Touched.objects.filter(pk__in=[r[0] for r in rows if r[0] not in left]).delete()


def _hold(sites: Collection[int], *, skip_locked: bool = False) -> list[int]:
    """Lock sites, as every act does before it writes about one; PostgreSQL only."""
    rows = Site.objects.filter(pk__in=sites).order_by("pk")
    return list(
        rows.select_for_update(no_key=True, skip_locked=skip_locked).values_list("pk", flat=True)
    )


def _read(rows: list[Any], act: Act | None) -> _Notes:
    keys = {r[3] for r in rows if r[3]}
    sites = dict(Site.objects.filter(key__in=keys).values_list("key", "pk"))
    ids = {r[2] for r in rows if r[2] is not None}
    chosen = Unit.objects.filter(Q(pk__in=ids) | Q(key__in=keys) | Q(facility__in=sites.values()))
    units = {pk: (key, site) for pk, key, site in chosen.values_list("pk", "key", "facility_id")}
    by_key = {key: (pk, site) for pk, (key, site) in units.items()}
    inside: defaultdict[int, set[int]] = defaultdict(set)
    for pk, (_, site) in units.items():
        inside[site].add(pk)
    late = _not_of(act, ids, {r[4] for r in rows if r[4]})
    anew: set[int] = set()
    touched: dict[int, int] = {}
    events: set[str] = set()
    every: set[int] = set()
    about: dict[int, set[int]] = {}
    for row, site, unit, target, event, is_anew in rows:
        mine = {unit} if unit in units else {by_key[target][0]} if target in by_key else (
            inside[sites[target]] if target in sites else set())  # fmt: skip
        there = {units[u][1] for u in mine} | ({site} if site is not None else set())
        there |= {sites[target]} if target in sites else set()
        about[row] = there
        every |= there
        if act is None or is_anew or event in late or mine & late:
            anew |= there
        else:
            touched |= {u: units[u][1] for u in mine}
            events |= {event} if event else set()
    known = set(Site.objects.filter(pk__in=every).values_list("pk", flat=True))
    left = {u: s for u, s in touched.items() if s not in anew}
    return _Notes(anew & known, left, events, known, about)


def mark(sites: Iterable[int]) -> None:
    """Sites that are no longer what a process may have kept of them."""
    SiteMark.objects.bulk_create(
        (SiteMark(site_id=s, value=secrets.randbits(62)) for s in sorted(sites)),
        update_conflicts=True, unique_fields=["site"], update_fields=["value"],
    )  # fmt: skip


def _not_of(act: Act | None, units: Collection[int], events: Collection[str]) -> set[Any]:
    """Units and events that were touched, but whose rows do not bear the instant of the act."""
    if act is None:
        return set()
    found = Stay.objects.filter(unit__in=units, act=act).exclude(recorded_at=act.at)
    others = CapacityEvent.objects.filter(key__in=events).exclude(recorded_at=act.at)
    return {*found.values_list("unit_id", flat=True), *others.values_list("key", flat=True)}


# ---- one act ------------------------------------------------------------------------------------


def _take_in(act: Act, notes: _Notes) -> None:
    before, after, units = _around(act, notes)
    keys = {u for u in units if is_bed(after.unit[u])}
    if not keys:
        return
    changes = act_deltas(before, after, act.at, keys)
    ids = dict(Site.objects.filter(pk__in=set(notes.units.values())).values_list("key", "pk"))
    write(changes, ids, clock.today())
    _move_sums(changes, ids)


def _around(act: Act, notes: _Notes) -> tuple[Ledger, Ledger, set[str]]:
    """The units touched as they were before the act and as they are: rows of the act are new, rows
    it replaced are in the history under its name."""
    sites = set(notes.units.values())
    facilities, units, events = bridge.places(sites)
    whole = {f.id for f in facilities} & {e.target for e in events if e.kind in BLOCKING}
    rows = Q(unit__in=list(notes.units)) | Q(unit__facility__key__in=whole)
    now = Stay.objects.filter(rows)
    old = StayOld.objects.filter(rows, superseded_by=act).exclude(act=act)
    before = bridge.placements(now.exclude(act=act), old)
    since = tuple(e for e in events if e.id not in notes.events)
    chosen = Unit.objects.filter(pk__in=list(notes.units)).values_list("key", flat=True)
    touched = {u.id for u in units if u.facility in whole} | set(chosen)
    return (
        Ledger(facilities=facilities, units=units, placements=before, capacity_events=since),
        Ledger(
            facilities=facilities, units=units, placements=bridge.placements(now),
            capacity_events=events,
        ),
        touched,
    )  # fmt: skip


# ---- from the rows ------------------------------------------------------------------------------


def rebuild(sites: Iterable[int], step: Step | None = None, *, marks: bool = True) -> None:
    """Count sites again from every row about them, over all days and instants. ``marks``: draw
    each site's mark with it; who draws more of them does it at the end."""
    chosen = list(sites)
    today = clock.today()
    for n, site in enumerate(chosen, 1):
        with transaction.atomic():
            _hold([site])
            for table in (Delta, SiteDay):
                table.objects.filter(site=site).delete()  # type: ignore[attr-defined]
            ledger = bridge.history_of(site)
            key = ledger.facilities[0].id
            changes = site_deltas(ledger, key, today)
            write(changes, {key: site}, today)
            sum_up(_first_days(changes, {key: site}))
            if marks:
                mark([site])
        if step is not None:
            step(n, len(chosen))


def rebuild_all(step: Step | None = None) -> None:
    """Count everything again; what was noted until now is settled by it."""
    Touched.objects.all().delete()
    rebuild(Site.objects.order_by("pk").values_list("pk", flat=True), step)


def write(changes: Iterable[Change], ids: dict[str, int], today: date) -> None:
    """Deltas as rows. What had expired when it was written never counts again."""
    rows = (
        {
            "site_id": ids[c.facility], "day": c.day, "known_at": c.known_at or EVER,
            "expires": c.expires, **dict(zip(NAMES, c.counts, strict=True)),
        }
        for c in changes
        if c.expires is None or c.expires > today
    )  # fmt: skip
    bulk.write(Delta, rows)


def _first_days(changes: Iterable[Change], ids: dict[str, int]) -> dict[int, date]:
    """Of each site that has changed the first such day."""
    found: dict[int, date] = {}
    for c in changes:
        site = ids[c.facility]
        found[site] = min(c.day, found.get(site, c.day))
    return found


FEW = 4  # days of a site on which its sums change: so many statements are quicker than all anew


def _move_sums(changes: Collection[Change], ids: dict[str, int]) -> None:
    """The running sums of sites by what their deltas have become more, from each day on."""
    more: defaultdict[tuple[int, date], Counts] = defaultdict(lambda: NOTHING)
    for c in changes:
        if c.expires is None:
            more[ids[c.facility], c.day] = plus(more[ids[c.facility], c.day], c.counts)
    if len(more) > FEW * len({site for site, _ in more}):
        sum_up(_first_days(changes, ids))
        return
    _begin_days(more)
    day_of, quote = connection.ops.adapt_datefield_value, connection.ops.quote_name
    higher = ", ".join(f"{quote(n)} = {quote(n)} + %s" for n in NAMES)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(SiteDay._meta.db_table)} SET {higher} "  # noqa: S608 our own names
            "WHERE site_id = %s AND day >= %s",
            [[*counts, site, day_of(day)] for (site, day), counts in more.items() if any(counts)],
        )


def _begin_days(wanted: Collection[tuple[int, date]]) -> None:
    """Days of sites on which their sums begin anew, each as on the day before."""
    rows = SiteDay.objects.filter(site__in={s for s, _ in wanted}, day__in={d for _, d in wanted})
    days: defaultdict[date, set[int]] = defaultdict(set)
    for site, day in set(wanted).difference(rows.values_list("site_id", "day")):
        days[day].add(site)
    for day, sites in sorted(days.items()):
        totals = _sums_before(sites, day)
        bulk.write(SiteDay, [
            {"site_id": site, "day": day,
             **dict(zip(NAMES, totals.get(site, NOTHING), strict=True))}
            for site in sorted(sites)
        ])  # fmt: skip


def _sums_before(sites: Collection[int], day: date) -> dict[int, Counts]:
    """What holds for sites until a day; nothing where nothing is known before it."""
    before = SiteDay.objects.filter(site=OuterRef("pk"), day__lt=day).order_by("-day")
    last = Site.objects.filter(pk__in=sites).annotate(last=Subquery(before.values("pk")[:1]))
    rows = SiteDay.objects.filter(pk__in=last.values("last")).values_list("site_id", *NAMES)
    return {site: tuple(row) for site, *row in rows}


def sum_up(changed: dict[int, date]) -> None:
    """The running sums of sites that have changed, from the first such day of all of them on."""
    if not changed:
        return
    since, sites = min(changed.values()), sorted(changed)
    totals = _sums_before(sites, since)
    SiteDay.objects.filter(site__in=sites, day__gte=since).delete()
    found = Delta.objects.filter(site__in=sites, day__gte=since, expires__isnull=True)
    sums = found.order_by().values("site", "day").annotate(**{f"sum_{n}": Sum(n) for n in NAMES})
    days = []
    for row in sorted(sums, key=itemgetter("site", "day")):
        more = tuple(row[f"sum_{n}"] for n in NAMES)
        total = totals[row["site"]] = plus(totals.get(row["site"], NOTHING), more)
        days.append({"site_id": row["site"], "day": row["day"],
                     **dict(zip(NAMES, total, strict=True))})  # fmt: skip
    bulk.write(SiteDay, days)


# ---- an act made ready before anybody has to wait ----------------------------------------------


def take_ready(act: Act, changes: Iterable[Change], ids: dict[str, int]) -> None:
    """Totals of an act that were reckoned before it, while no mark of its sites changed. It holds
    these sites: what is noted of their units is its own, or asks for no more than the mark."""
    add([replace(c, known_at=act.at) for c in changes], ids)
    units = Unit.objects.filter(facility__in=ids.values())
    Touched.objects.filter(unit__in=units.values("pk"), is_anew=False).delete()


def add(changes: Collection[Change], ids: dict[str, int]) -> None:
    """More deltas of sites the act holds, and a mark for each of these."""
    write(changes, ids, clock.today())
    _move_sums(changes, ids)
    mark(ids.values())
