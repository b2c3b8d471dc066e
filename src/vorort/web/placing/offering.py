"""Which unit for a household: to hold, to move to, or to over-occupy. German: Freie Einheit suchen

Units are chosen from a list, with what they offer, until when they are free and why not the others.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from vorort.ledger import WHY_NOT
from vorort.problems import Problem, Refused
from vorort.vocabulary import Text
from vorort.web import asked, clock, forms, sight
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.accounts.trail import Done
from vorort.web.intake.models import Wish
from vorort.web.middleware import lang_of
from vorort.web.placing import actions, acts, finding, house, lapse
from vorort.web.placing.views import answer_household, placeable
from vorort.web.town.models import District, Site, Unit

ROWS = 40
HOLD_UNTIL = time(10)  # of the next day: what the form offers first; the colleague decides
PURPOSES = {
    "hold": (Text("Vormerken", "Hold"), rights.HOLD),
    "transfer": (Text("Umziehen", "Transfer"), rights.TRANSFER),
    "over_occupy": (Text("Überbelegen", "Over-occupy"), rights.OVER_OCCUPY),
}


class Where(NamedTuple):
    """What is asked of a site before its units are offered."""

    pk: int
    owner: int
    kind: str
    district: str
    is_protected: bool


@dataclass(frozen=True)
class Line:
    """Units offered together, with where they are."""

    value: str
    keys: tuple[str, ...]
    where: Where
    free: int
    why: Text
    is_wished: bool
    too_many: int = 0


@dataclass(frozen=True)
class Shown:
    """A line of the page: its units and their site, and until when they are free."""

    line: Line
    units: list[Unit]
    site: Site
    until: date | None


@require_GET
@needs(rights.HOLD)
def offers(request: HttpRequest, key: str) -> HttpResponse:
    """Units for a household on a day."""
    placeable(request, key)
    return _page(request, key)


def _page(
    request: HttpRequest, key: str, refused: tuple[Problem, ...] = (), purpose: str = ""
) -> HttpResponse:
    user, now = asked.user_of(request), clock.today()
    sent = request.POST if request.method == "POST" else request.GET
    lapse.write_due()
    day, wrong = asked.day(sent.get("ab", ""), now)
    may = {n: t for n, (t, right) in PURPOSES.items() if rights.may(user, right)}
    people = house.people_of([key])
    wanted, lives = house.wanted_of(people, key, day), house.units_in(people, key, day)
    if not lives:
        may.pop("transfer", None)
    purpose = purpose or sent.get("zweck", "hold")
    if purpose not in may:
        purpose = "hold"
    found = _lines(user, key, wanted, day, purpose, sent)
    page = Paginator(found, ROWS).get_page(request.GET.get("seite", "1"))
    until = timezone.localtime(clock.now()) + timedelta(days=1)
    chosen = sent.get("units") or request.GET.get("einheit", "")
    return render(request, "web/offers.html", {
        "key": key, "day": day, "page": page, "rows": _shown(page, day, wanted.size),
        "total": len(found), "wrong": wrong, "wanted": wanted, "lives": lives,
        "purpose": purpose, "purposes": may, "title": may.get(purpose, PURPOSES["hold"][0]),
        "why": [(WHY_NOT[n], units) for n, units in _against(wanted, day).items()],
        "sees_needs": rights.may(user, rights.NEEDS), "asked": sent, "chosen": chosen,
        "kinds": sorted({line.where.kind for line in found}), "act_key": uuid.uuid4(),
        "districts": District.objects.order_by("name"),
        "expires": max(day, until.date()), "hour": HOLD_UNTIL,
        "over_until": day + timedelta(days=14),
        "refused": asked.told(refused, lang_of(request)),
    }, status=409 if refused else 200)  # fmt: skip


def _lines(
    user: Any, key: str, wanted: house.Wanted, day: date, purpose: str, sent: Any
) -> list[Line]:
    offered = finding.over(wanted, day) if purpose == "over_occupy" else (
        [(o, 0) for o in finding.fitting(wanted, day)]
    )  # fmt: skip
    names = {u for o, _ in offered for u in o.units}
    site_of = dict(Unit.objects.filter(key__in=names).values_list("key", "facility_id"))
    columns = ("pk", "owner_id", "kind", "district__key", "address_protected")
    chosen = Site.objects.filter(pk__in=set(site_of.values()))
    sites = {row[0]: Where(*row) for row in chosen.values_list(*columns)}
    visible = set(sight.sites_for(user, rights.BOARD).values_list("pk", flat=True))
    own = purpose != "hold" and rights.own_only(user, PURPOSES[purpose][1])
    wishes = set(Wish.objects.filter(household__key=key, kind="district").values_list("what"))
    found = []
    for offer, too_many in offered:
        site = sites[site_of[offer.units[0]]]
        if site.is_protected and not rights.may(user, rights.PROTECTED):
            continue
        if own and site.owner != user.office.pk:
            continue
        if rights.may(user, rights.BOARD) and site.pk not in visible:
            continue
        if sent.get("art") not in (None, "", site.kind):
            continue
        if sent.get("stadtteil") not in (None, "", site.district):
            continue
        found.append(Line(
            " ".join(offer.units), offer.units, site, offer.places, offer.why,
            (site.district,) in wishes, too_many,
        ))  # fmt: skip
    return sorted(found, key=lambda line: not line.is_wished)  # stable: best fit stays first


def _shown(page: Any, day: date, size: int) -> list[Shown]:
    """The lines of one page with their units; until when they are free, which takes a while."""
    lines = [line for line in page if not line.too_many]
    ends = finding.ends([list(line.keys) for line in lines], day, size)
    end = {line.value: day_ for line, day_ in zip(lines, ends, strict=True)}
    rows = Unit.objects.filter(key__in={u for line in page for u in line.keys})
    units = {u.key: u for u in rows.select_related("facility__district")}
    return [
        Shown(line, [units[u] for u in line.keys], units[line.keys[0]].facility,
              end.get(line.value))
        for line in page
    ]  # fmt: skip


def _against(wanted: house.Wanted, day: date) -> dict[str, list[str]]:
    found = finding.against(wanted, day)
    shut = set(Unit.objects.filter(facility__address_protected=True).values_list("key", flat=True))
    return {name: [u for u in units if u not in shut] for name, units in found.items()}


@require_POST
@needs(rights.HOLD)
def hold(request: HttpRequest, key: str) -> HttpResponse:
    """Hold the units that were chosen, until a day or until an hour of it."""
    placeable(request, key)

    def act(act_key: UUID) -> Done:
        day, ends = asked.needed_day(request, "from"), asked.needed_day(request, "expires")
        until, units = asked.optional_day(request, "until"), request.POST.get("units", "").split()
        beds = house.beds(key, day, units)
        if not beds:
            raise Refused([asked.nothing_chosen()])
        if until is None and request.POST.get("auto"):
            until = finding.ends([sorted(set(beds.values()))], day, len(beds))[0]
        at = hour_of(request, ends)
        return actions.hold(asked.user_of(request), act_key, beds, day, ends, until, at)

    return answer_household(request, key, act)


def hour_of(request: HttpRequest, day: date) -> datetime | None:
    """The hour of a day at which a hold ends; none typed: it ends with the day before."""
    text = request.POST.get("hour", "").strip()
    if not text:
        return None
    hour = acts.hour_in(text)
    if hour is None:
        raise Refused([
            Problem(
                "", f"„{text[:20]}“ ist keine Uhrzeit.", f"“{text[:20]}” is no time of day.",
                "Als HH:MM eintragen.", "Write it as HH:MM.", column="hour",
            )
        ])  # fmt: skip
    return timezone.make_aware(datetime.combine(day, hour))


@require_POST
@needs(rights.HOLD)
def take(request: HttpRequest, key: str) -> HttpResponse:
    """Transfer or over-occupy the unit that was chosen from the list."""
    placeable(request, key)
    what, user = request.POST.get("zweck", ""), asked.user_of(request)
    if what not in ("transfer", "over_occupy"):
        return _page(request, key, (asked.nothing_chosen(),))
    form = acts.FORMS[what]
    if not rights.may(user, form.right):
        raise PermissionDenied(form.right)
    values, problems = forms.read(form.fields, request.POST)
    if problems:
        return _page(request, key, problems, what)
    return asked.answer(
        request, lambda k: form.act(user, k, key, (), values, ""),
        reverse("household", args=[key]),
        lambda refused: _page(request, key, refused, what),
    )  # fmt: skip
