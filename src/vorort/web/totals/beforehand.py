"""Sites counted again as they will be without some people, before anybody has to wait.

For acts that take away what ever was there: all instants change, so the whole site is counted from
its rows. That is done beforehand; the act itself exchanges only what differs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from vorort.ledger.deltas import NAMES, site_deltas
from vorort.ledger.deltas import Delta as Change
from vorort.web import bridge, clock
from vorort.web.totals import keeping, notes
from vorort.web.totals.models import Delta, SiteMark
from vorort.web.town.models import Unit


@dataclass(frozen=True)
class Recount:
    """What changes of a site's totals without these people, as long as its mark is the same."""

    site: int
    key: str
    people: frozenset[str]
    mark: int | None
    gone: list[int]  # rows that will hold no longer
    new: list[Change]
    since: date | None  # the first day that changes; None: none does


def without(site: int, people: Collection[str]) -> Recount:
    """Count a site again as if these people had never been recorded."""
    mark = SiteMark.objects.filter(site=site).values_list("value", flat=True).first()
    with bridge.snapshot():
        ledger = bridge.history_of(site)
        kept: defaultdict[Row, list[int]] = defaultdict(list)
        for pk, *row in Delta.objects.filter(site=site).values_list("pk", *_COLUMNS):
            kept[tuple(row)].append(pk)
    left = tuple(p for p in ledger.placements if p.person not in people)
    today, key = clock.today(), ledger.facilities[0].id
    new = []
    for change in site_deltas(replace(ledger, placements=left), key, today):
        if change.expires is not None and change.expires <= today:
            continue
        same = kept.get(_row(change))
        if same:
            same.pop()
        else:
            new.append(change)
    gone = [pk for pks in kept.values() for pk in pks]
    days = [c.day for c in new] + [row[0] for row, pks in kept.items() if pks]
    return Recount(site, key, frozenset(people), mark, gone, new, min(days, default=None))


Row = tuple[Any, ...]
_COLUMNS = ("day", "known_at", "expires", *NAMES)


def _row(change: Change) -> Row:
    return change.day, change.known_at or keeping.EVER, change.expires, *change.counts


def still_true(
    recounts: Iterable[Recount], people: Mapping[int, Collection[str]], before: int
) -> list[Recount]:
    """Those that hold now; asked with the sites locked. ``people``: who is taken away from each
    site; ``before``: `notes.last`. What others have noted is left to `keeping.settle`."""
    asked = {r.site: r for r in recounts if people.get(r.site) == r.people}
    marks = dict(SiteMark.objects.filter(site__in=list(asked)).values_list("site", "value"))
    units = dict(Unit.objects.filter(facility__in=list(asked)).values_list("pk", "facility_id"))
    noted = notes.of_others(before)
    if any(target for _, _, target in noted):
        return []
    others = {site if unit is None else units.get(unit, site) for unit, site, _ in noted}
    return [
        r for s, r in asked.items()
        if r.mark is not None and r.mark == marks.get(s) and s not in others
    ]  # fmt: skip


def take(recounts: Collection[Recount], before: int) -> None:
    """Write down what differs, after the act has taken the people away; its own notes of these
    sites are settled by it."""
    for part in bridge.parts([pk for r in recounts for pk in r.gone]):
        Delta.objects.filter(pk__in=part).delete()
    ids = {r.key: r.site for r in recounts}
    keeping.write((c for r in recounts for c in r.new), ids, clock.today())
    keeping.sum_up({r.site: r.since for r in recounts if r.since is not None})
    keeping.mark(ids.values())
    notes.drop_own(before, list(ids.values()))
