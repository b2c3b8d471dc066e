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

from vorort.ledger import BEDS, CapacityPlan, Ledger, Offer, UnitDay, free_for, free_until
from vorort.ledger.occupancy import site_days, turning_days
from vorort.vocabulary import Text
from vorort.web import asked, bridge, clock, sight
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.placing import house, lapse
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
    ledger = bridge.present()
    lines = [Line(s, _counts(ledger, s.key, days, what)) for s in sites] if what.size else []
    opened = next((s for s in sites if s.key == request.GET.get("standort", "")), None)
    kinds = sorted({s.kind for s in sites})
    fitting = [line for line in lines if any(line.counts)]
    return render(request, "web/fits.html", {
        "what": what, "household": household, "days": days, "start": start, "today": now,
        "groups": [(k, [x for x in fitting if x.site.kind == k]) for k in kinds],
        "total": [sum(x.counts[n] for x in lines) for n in range(DAYS)], "wrong": wrong,
        "without": len(lines) - len(fitting), "opened": opened,
        "fits": _fits(ledger, opened, start, what) if opened and what.size else [],
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
    size = int(text) if text.isascii() and text.isdigit() else 0
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


def _counts(ledger: Ledger, site: str, days: list[date], what: house.Wanted) -> list[int]:
    """On each of the days; counted anew only where something changes."""
    found: list[int] = []
    turns = set(turning_days(ledger, _plan(ledger), site, days[0], days[-1] + timedelta(days=1)))
    for day in days:
        if day in turns or not found:
            found.append(len(_offers(ledger, site, day, what)))
        else:
            found.append(found[-1])
    return found


def _offers(ledger: Ledger, site: str, day: date, what: house.Wanted) -> list[Offer]:
    states = _states(ledger, site, day)
    units = [u for u in ledger.units_of.get(site, ()) if u.domain == BEDS and states[u.id].free]
    if sum(states[u.id].free for u in units) < what.size:
        return []
    return free_for(
        ledger, day, what.size, what.sex, what.access, features=what.features, days=states,
        among=units,
    )  # fmt: skip


def _fits(ledger: Ledger, site: Site, day: date, what: house.Wanted) -> list[Fit]:
    rows = {u.key: u for u in Unit.objects.filter(facility=site)}
    return [
        Fit(" ".join(o.units), [rows[u] for u in o.units if u in rows], o.why,
            free_until(ledger, o.units, day, what.size, clock.today()))
        for o in _offers(ledger, site.key, day, what)
    ]  # fmt: skip


# The register as it is now is one object until the next act: what was counted on it is kept.
_LAST: dict[str, Any] = {"ledger": None, "plan": None, "states": {}}


def _plan(ledger: Ledger) -> CapacityPlan:
    if _LAST["ledger"] is not ledger:
        _LAST.update(ledger=ledger, plan=CapacityPlan(ledger), states={})
    plan: CapacityPlan = _LAST["plan"]
    return plan


def _states(ledger: Ledger, site: str, day: date) -> dict[str, UnitDay]:
    plan, states = _plan(ledger), _LAST["states"]
    if (site, day) not in states:
        today = clock.today()
        states[site, day] = site_days(ledger, plan, ledger.rows_in, site, day, today)
    found: dict[str, UnitDay] = states[site, day]
    return found
