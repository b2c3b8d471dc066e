"""Free for whom? The board counted in fitting units instead of beds. German: frei für ...

The size is chosen right there, or a household brings its own; a site's number of a day is how many
of its units, or pairs of connected units, would take all of them in that night.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vorort.vocabulary import Text
from vorort.web import asked, clock, sight
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.placing import finding, house, lapse
from vorort.web.totals.now import SiteNow, sites_now
from vorort.web.town.models import District, Site, Unit

DAYS = 14
MOST = 40  # people asked for at once
SEXES = (
    ("", Text("gemischt oder unbekannt", "mixed or unknown")), ("f", Text("alle weiblich", "all "
     "female")), ("m", Text("alle männlich", "all male")),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A site with how many of its units fit on each of the days."""

    site: Site
    now: SiteNow
    counts: list[int]


@dataclass(frozen=True)
class Fit:
    """Units of the opened site that fit on the first day."""

    value: str
    units: list[Unit]
    why: Text
    until: date | None


@require_GET
@needs(rights.BOARD)
def free(request: HttpRequest) -> HttpResponse:
    """Sites by days, in units that fit."""
    user, now = asked.user_of(request), clock.today()
    lapse.write_due()
    start, wrong = asked.day(request.GET.get("tag", ""), now)
    household = _household(user, request.GET.get("haushalt", ""))
    what = house.wanted(household, start) if household else _typed(request)
    days = [start + timedelta(days=n) for n in range(DAYS)]
    sites = _sites(request, user)
    lines = _lines(sites, days, what, now) if what.size else []
    opened = next((x for x in lines if x.site.key == request.GET.get("standort", "")), None)
    kinds = sorted({s.kind for s in sites})
    fitting = [line for line in lines if any(line.counts)]
    return render(request, "web/fits.html", {
        "what": what, "household": household, "days": days, "start": start, "today": now,
        "groups": [(k, [x for x in fitting if x.site.kind == k]) for k in kinds],
        "total": [sum(x.counts[n] for x in lines) for n in range(DAYS)], "wrong": wrong,
        "without": len(lines) - len(fitting), "opened": opened.site if opened else None,
        "fits": _fits(opened, start, what, now) if opened else [],
        "asked": request.GET, "sexes": SEXES, "districts": District.objects.order_by("name"),
        "kinds": sorted(set(sight.sites_for(user, rights.BOARD).values_list("kind", flat=True))),
        "before": start - timedelta(days=DAYS), "after": start + timedelta(days=DAYS),
        "may_hold": rights.may(user, rights.HOLD) and household,
    })  # fmt: skip


def _household(user: Any, key: str) -> str:
    """A household whose place this user sees, else none: a wrong number says nothing."""
    if not key or not rights.may(user, rights.HOUSEHOLD):
        return ""
    return key if sight.opened(user, key) is not None else ""


def _typed(request: HttpRequest) -> house.Wanted:
    text = request.GET.get("fuer", "")
    size = asked.whole(text) or 0
    sex = request.GET.get("geschlecht", "")
    access = True if request.GET.get("stufenlos") == "1" else None
    return house.Wanted((), min(size, MOST), sex if sex in ("f", "m") else None, access,
                        frozenset())  # fmt: skip


def _sites(request: HttpRequest, user: Any) -> list[Site]:
    found = sight.sites_for(user, rights.BOARD).select_related("district").order_by("kind", "name")
    kind, district = request.GET.get("art", ""), request.GET.get("stadtteil", "")
    if kind:
        found = found.filter(kind=kind)
    if district:
        found = found.filter(district__key=district)
    return list(found)


def _lines(sites: list[Site], days: list[date], what: house.Wanted, today: date) -> list[Line]:
    there = {x.key: x for x in sites_now([s.pk for s in sites], days[0])}
    return [Line(s, there[s.key], _counts(there[s.key], days, what, today)) for s in sites]


def _counts(site: SiteNow, days: list[date], what: house.Wanted, today: date) -> list[int]:
    """On each of the days; counted anew only where something changes."""
    found: list[int] = []
    turns = set(site.turns(days[0], days[-1] + timedelta(days=1)))
    for day in days:
        if day in turns or not found:
            found.append(len(finding.fitting_in(site, what, day, today)))
        else:
            found.append(found[-1])
    return found


def _fits(opened: Line, day: date, what: house.Wanted, today: date) -> list[Fit]:
    rows = {u.key: u for u in Unit.objects.filter(facility=opened.site)}
    offers = finding.fitting_in(opened.now, what, day, today)
    ends = finding.ends([list(o.units) for o in offers], day, what.size)
    return [
        Fit(" ".join(o.units), [rows[u] for u in o.units if u in rows], o.why, end)
        for o, end in zip(offers, ends, strict=True)
    ]
