"""Pages of sites, units and seats. German: Standorte, Einheiten, Platzmeldungen"""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vorort.problems import Problem, Refused
from vorort.vocabulary import Text
from vorort.web import asked, clock, forms
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.forms import Field
from vorort.web.middleware import lang_of
from vorort.web.town import actions, queries
from vorort.web.town.fields import FEATURES, SITE_KINDS, site_fields, unit_fields
from vorort.web.town.models import CapacityEvent, District, Site, Unit

BLOCKING = ("block", "unblock")
EVENTS = (
    ("block", Text("sperren", "block")), ("unblock", Text("Sperre beenden", "end a block")),
    ("reserve", Text("als Reserve zurückhalten", "hold in reserve")),
    ("release", Text("Reserve freigeben", "release the reserve")),
    ("open", Text("öffnen", "open")), ("close", Text("schließen", "close")),
    ("lease_end", Text("Vertrag endet", "lease ends")),
    ("step", Text("mehr oder weniger Plätze", "more or fewer places")),
)  # fmt: skip
REASONS = (
    ("repair", Text("Reparatur", "repair")), ("turnaround", Text("Wechsel", "turnaround")),
    ("closed", Text("geschlossen", "closed")), ("other", Text("anderes", "other")),
)  # fmt: skip
STATUSES = (
    ("decided", Text("gilt (beschlossen)", "counts (decided)")),
    ("planned", Text("geplant", "planned")), ("option", Text("Möglichkeit", "option")),
)  # fmt: skip


@require_GET
@needs(rights.BOARD)
def sites(request: HttpRequest) -> HttpResponse:
    """Every site this user sees."""
    user = asked.user_of(request)
    found = queries.sites_of(user)
    kind, district = request.GET.get("art", ""), request.GET.get("stadtteil", "")
    if kind:
        found = found.filter(kind=kind)
    if district:
        found = found.filter(district__key=district)
    rows = [(s, queries.notice_by(s)) for s in found]
    return render(request, "web/sites.html", {
        "rows": rows, "kinds": SITE_KINDS, "asked": request.GET, "today": clock.today(),
        "districts": District.objects.order_by("name"),
        "domains": queries.domains_with_seats(user),
    })  # fmt: skip


def _site(request: HttpRequest, key: str, right: str = rights.BOARD) -> Site:
    found = queries.sites_of(asked.user_of(request), right).filter(key=key).first()
    if found is None:
        raise Http404
    return found


@require_GET
@needs(rights.BOARD)
def site(request: HttpRequest, key: str) -> HttpResponse:
    """One site."""
    return _site_page(request, _site(request, key))


def _site_page(
    request: HttpRequest, row: Site, refused: tuple[Problem, ...] = (), **more: Any
) -> HttpResponse:
    user, today = asked.user_of(request), clock.today()
    is_own = row.owner_id == user.office.pk
    fields = event_fields(row, rights.may(user, rights.PLACES_EDIT))
    sent = request.POST if refused or more.get("effect") else None
    return render(request, "web/site.html", {
        "page": queries.site_page(row, today), "site": row, "today": today,
        "may_edit": rights.may(user, rights.PLACES_EDIT)
        and (is_own or not rights.own_only(user, rights.PLACES_EDIT)),
        "may_block": rights.may(user, rights.BLOCK)
        and (is_own or not rights.own_only(user, rights.BLOCK)),
        "bound": forms.bound(fields, {"date": today, "status": "decided", "target": row.key},
                             sent, refused),
        "act_key": uuid.uuid4(), "refused": asked.told(refused, lang_of(request)),
        "features": dict(FEATURES), **more,
    }, status=409 if refused else 200)  # fmt: skip


def event_fields(row: Site, plans: bool) -> tuple[Field, ...]:
    """Fields of a dated change; who may only block sees only that."""
    units = Unit.objects.filter(facility=row).order_by("key").values_list("key", flat=True)
    whole = Text("ganzer Standort", "whole site")
    targets = ((row.key, whole), *((u, Text(u, u)) for u in units))
    kinds = EVENTS if plans else tuple(e for e in EVENTS if e[0] in BLOCKING)
    return (
        Field("kind", Text("Was", "What"), "choice", True, kinds),
        Field("target", Text("Wo", "Where"), "choice", True, targets),
        Field("date", Text("ab", "from"), "day", True),
        Field("until", Text("bis", "until"), "day",
              hint=Text("leer: bis auf Weiteres", "empty: until further notice")),
        Field("places", Text("Plätze", "Places"), "number", low=-5000, high=5000,
              hint=Text("leer: alle", "empty: all")),
        Field("reason_kind", Text("Grund", "Reason"), "choice", False, REASONS),
        Field("reason", Text("Erläuterung", "Explanation")),
        Field("status", Text("Stand", "Status"), "choice", True, STATUSES),
    )  # fmt: skip


@require_POST
@needs(rights.BLOCK)
def event(request: HttpRequest, key: str) -> HttpResponse:
    """Block, open, close, plan: first shown with what it does, where people are hit."""
    row, user = _site(request, key), asked.user_of(request)
    plans = rights.may(user, rights.PLACES_EDIT)
    values, problems = forms.read(event_fields(row, plans), request.POST)
    problems = (*problems, *_event_problems(values))
    if problems:
        return _site_page(request, row, problems)
    if not request.POST.get("sure"):
        effect = actions.effect_of(actions.event_of(values))
        if effect.over > effect.over_before:
            return _site_page(request, row, effect=effect)
    right = rights.BLOCK if values["kind"] in BLOCKING else rights.PLACES_EDIT

    def again(refused: tuple[Problem, ...]) -> HttpResponse:
        return _site_page(request, row, refused)

    return asked.answer(
        request, lambda k: actions.write_event(user, k, values, right),
        reverse("site", args=[key]), again,
    )  # fmt: skip


def _event_problems(values: dict[str, Any]) -> list[Problem]:
    found = []
    start, until = values.get("date"), values.get("until")
    if start and until and until <= start:
        found.append(Problem(
            "", "Das Ende liegt nicht nach dem Anfang.", "The end is not after the beginning.",
            "Daten prüfen.", "Check the days.", column="until",
        ))  # fmt: skip
    if values.get("kind") == "step" and not values.get("places"):
        found.append(Problem(
            "", "Wie viele Plätze mehr oder weniger?", "How many places more or fewer?",
            "Eine Zahl eintragen, weniger mit Minus.", "Enter a number, fewer with a minus.",
            column="places",
        ))  # fmt: skip
    if values.get("kind") != "step" and (values.get("places") or 0) < 0:
        found.append(Problem(
            "", "Eine negative Zahl von Plätzen gibt es nur bei mehr oder weniger Plätzen.",
            "A negative number of places goes with more or fewer places only.",
            "Zahl prüfen.", "Check the number.", column="places",
        ))  # fmt: skip
    if values.get("kind") == "block" and not values.get("reason_kind"):
        found.append(Problem(
            "", "Warum gesperrt wird, fehlt.", "Why it is blocked is missing.",
            "Grund wählen.", "Choose a reason.", column="reason_kind",
        ))  # fmt: skip
    return found


@require_POST
@needs(rights.PLACES_EDIT)
def withdraw(request: HttpRequest, key: str, event: str) -> HttpResponse:
    """Take back what was only planned."""
    row, user = _site(request, key), asked.user_of(request)
    targets = [row.key, *Unit.objects.filter(facility=row).values_list("key", flat=True)]
    if not CapacityEvent.objects.filter(key=event, target__in=targets).exists():
        raise Http404
    return asked.answer(
        request, lambda k: actions.withdraw(user, k, event), reverse("site", args=[key]),
        lambda refused: _site_page(request, row, refused),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(rights.PLACES_EDIT)
def site_form(request: HttpRequest, key: str = "") -> HttpResponse:
    """Make or change a site."""
    user = asked.user_of(request)
    row = _site(request, key, rights.PLACES_EDIT) if key else None
    fields = site_fields()
    known = _known(row, fields) if row else {"owner": user.office.key}
    if request.method == "GET":
        return _form(request, "site_form", fields, known, row)
    values, problems = forms.read(fields, request.POST)
    if problems:
        return _form(request, "site_form", fields, known, row, problems)
    return asked.answer(
        request,
        lambda k: actions.save_site(user, k, values, site=key, seen=request.POST.get("seen", "")),
        lambda done: reverse("site", args=[key or _made(done, Site)]),
        lambda refused: _form(request, "site_form", fields, known, row, refused),
    )


def _made(done: Any, table: Any) -> str:
    """The key of the row an act has made."""
    name = "site" if table is Site else "unit"
    row = done.act.changed.filter(table=name).first()
    return str(table.objects.get(pk=row.row).key)


def _known(row: Any, fields: tuple[Field, ...]) -> dict[str, Any]:
    found = {f.name: getattr(row, f.name) for f in fields}
    for name in actions.REFERS:
        if name in found:
            found[name] = found[name].key
    return found


def _form(
    request: HttpRequest,
    address: str,
    fields: tuple[Field, ...],
    known: dict[str, Any],
    row: Any,
    refused: tuple[Problem, ...] = (),
    **more: Any,
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    return render(request, "web/site_form.html", {
        "bound": forms.bound(fields, known, sent, refused), "row": row, "address": address,
        "act_key": uuid.uuid4(), "seen": actions.seen_of(row) if row else "",
        "refused": asked.told(refused, lang_of(request)), **more,
    }, status=409 if refused else 200)  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(rights.PLACES_EDIT)
def unit_form(request: HttpRequest, key: str, unit: str = "") -> HttpResponse:
    """Make or change a unit of a site."""
    home, user = _site(request, key, rights.PLACES_EDIT), asked.user_of(request)
    row = Unit.objects.filter(key=unit, facility=home).first()
    if unit and row is None:
        raise Http404
    fields = unit_fields(not unit)
    start = {"domain": "accommodation", "pool": "general", "per": "place", "for_whom": "newcomers"}
    known = _known(row, fields) if row else start
    chosen = request.POST.getlist("feature") if request.method == "POST" else (
        row.features.split() if row else []
    )  # fmt: skip
    names = [n for n, _ in FEATURES]
    others = [f for f in (row.features.split() if row else []) if f not in names]
    more: dict[str, Any] = {"home": home, "features": [(n, t, n in chosen) for n, t in FEATURES]}
    if request.method == "GET":
        return _form(request, "unit_form", fields, known, row, **more)
    values, problems = forms.read(fields, request.POST)
    if problems:
        return _form(request, "unit_form", fields, known, row, problems, **more)
    features = [n for n in names if n in chosen] + others
    return asked.answer(
        request,
        lambda k: actions.save_unit(
            user, k, values, features, site=key, unit=unit, seen=request.POST.get("seen", "")
        ),
        reverse("site", args=[key]),
        lambda refused: _form(request, "unit_form", fields, known, row, refused, **more),
    )


@require_GET
@needs(rights.BOARD)
def seats(request: HttpRequest, domain: str) -> HttpResponse:
    """Seats of a domain with who reported them when."""
    return _seats(request, domain)


def _seats(request: HttpRequest, domain: str, refused: tuple[Problem, ...] = ()) -> HttpResponse:
    user, today = asked.user_of(request), clock.today()
    domains = queries.domains_with_seats(user)
    if domain not in domains:
        raise Http404
    lines = queries.seats(user, domain, today)
    return render(request, "web/seats.html", {
        "lines": [(line, uuid.uuid4()) for line in lines], "domain": domain, "domains": domains,
        "today": today, "may_report": rights.may(user, rights.PLACES_EDIT),
        "free": sum(line.state.free for line in lines), "total": len(lines),
        "stale": sum(line.is_stale for line in lines),
        "refused": asked.told(refused, lang_of(request)),
    }, status=409 if refused else 200)  # fmt: skip


@require_POST
@needs(rights.PLACES_EDIT)
def report(request: HttpRequest, domain: str, unit: str) -> HttpResponse:
    """A figure reported by this office on a day."""
    user = asked.user_of(request)
    if not Unit.objects.filter(
        key=unit, domain=domain, facility__in=queries.sites_of(user)
    ).exists():
        raise Http404
    fields = (
        Field("places", Text("Plätze", "Places"), "number", True, high=5000),
        Field("on", Text("gemeldet am", "reported on"), "day", True),
    )
    values, problems = forms.read(fields, request.POST)

    def act(key: uuid.UUID) -> Any:
        if problems:
            raise Refused(problems)
        return actions.report(user, key, unit, values["places"], values["on"])

    return asked.answer(
        request, act, reverse("seats", args=[domain]) + "#" + quote(unit),
        lambda refused: _seats(request, domain, refused),
    )  # fmt: skip
