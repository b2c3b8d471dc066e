"""Pages of sites, units and seats. German: Standorte, Einheiten, Platzmeldungen"""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vorort.ledger import BEDS
from vorort.problems import Problem, Refused
from vorort.vocabulary import Text
from vorort.web import asked, clock, forms, tables
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.forms import Field
from vorort.web.middleware import lang_of
from vorort.web.town import actions, changes, inside, queries, reports, units
from vorort.web.town.fields import (
    FEATURES,
    POOLS,
    SITE_KINDS,
    offices,
    site_fields,
    unit_fields,
    words,
)
from vorort.web.town.models import District, Office, Site, Unit

ROWS = 100  # sites on a page
SITES = 30  # the same with all their groups


@require_GET
@needs(rights.BOARD)
def sites(request: HttpRequest) -> HttpResponse:
    """Every site this user sees."""
    user = asked.user_of(request)
    found = queries.fitting_sites(queries.sites_of(user), request.GET, lang_of(request))
    shown = tables.sorted_rows(request.GET, found, queries.SITE_COLUMNS)
    page = Paginator(shown, ROWS).get_page(request.GET.get("seite", "1"))
    return render(request, "web/sites.html", {
        "page": page, "rows": [(s, queries.notice_by(s)) for s in page], "kinds": SITE_KINDS,
        "asked": request.GET, "today": clock.today(), "offices": offices(),
        "districts": District.objects.order_by("name"),
        "heads": tables.heads(request, queries.SITE_COLUMNS),
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
    return site_page(request, _site(request, key))


def site_page(request: HttpRequest, row: Site, refused: tuple[Problem, ...] = ()) -> HttpResponse:
    """The page of a site; after a refusal with its reasons."""
    user, today = asked.user_of(request), clock.today()
    is_own = row.owner_id == user.office.pk
    return render(request, "web/site.html", {
        "page": queries.site_page(user, row, today), "site": row, "today": today,
        "may_edit": rights.may(user, rights.PLACES_EDIT)
        and (is_own or not rights.own_only(user, rights.PLACES_EDIT)),
        "offered": changes.offered(user, is_own), "features": dict(FEATURES),
        "act_key": uuid.uuid4(), "refused": asked.told(refused, lang_of(request)),
    }, status=409 if refused else 200)  # fmt: skip


@require_GET
@needs(rights.BOARD)
def unit(request: HttpRequest, key: str, unit: str) -> HttpResponse:
    """One unit: what it offers, who is in it, what is planned."""
    home, user = _site(request, key), asked.user_of(request)
    row = Unit.objects.filter(key=unit, facility=home).first()
    if row is None:
        raise Http404
    today = clock.today()
    day, wrong = asked.day(request.GET.get("tag", ""), today)
    is_own = home.owner_id == user.office.pk
    waiting = []
    if row.domain == BEDS and all(rights.may(user, r) for r in (rights.HOLD, rights.HOUSEHOLD)):
        from vorort.web.placing.finding import waiting_for

        waiting = waiting_for(user, row.key, day)
    return render(request, "web/unit.html", {
        "waiting": waiting,
        "page": inside.unit_page(user, home, row, day, today), "site": home, "unit": row,
        "day": day, "today": today, "wrong": wrong,
        "names": dict(Office.objects.values_list("key", "name")),
        "may_edit": rights.may(user, rights.PLACES_EDIT)
        and (is_own or not rights.own_only(user, rights.PLACES_EDIT)),
        "offered": [o for o in changes.offered(user, is_own) if o[1].units],
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(rights.PLACES_EDIT)
def site_form(request: HttpRequest, key: str = "") -> HttpResponse:
    """Make or change a site."""
    user = asked.user_of(request)
    row = _site(request, key, rights.PLACES_EDIT) if key else None
    own = user.office if rights.own_only(user, rights.PLACES_EDIT) else None
    fields = site_fields(own, rights.may(user, rights.PROTECTED))
    known = _known(row, fields) if row else {"owner": user.office.key}
    if request.method == "GET":
        return _form(request, "site_form", fields, known, row)
    values, problems = forms.read(fields, request.POST)
    if problems:
        return _form(request, "site_form", fields, known, row, problems)
    names = {f.name: f.label for f in fields}
    return asked.answer(
        request,
        lambda k: actions.save_site(
            user, k, values, names, site=key, seen=request.POST.get("seen", "")
        ),
        lambda done: reverse("site", args=[key or _made(done)]),
        lambda refused: _form(request, "site_form", fields, known, row, refused),
    )


def _made(done: Any) -> str:
    """The key of the site an act has made."""
    return str(Site.objects.get(pk=done.act.changed.filter(table="site").first().row).key)


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
    """Make or change units of a site. What they are for follows the site's kind unless asked."""
    home, user = _site(request, key, rights.PLACES_EDIT), asked.user_of(request)
    row = Unit.objects.filter(key=unit, facility=home).first()
    if unit and row is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    domain = row.domain if row else _domain(request, home)
    fields = unit_fields(home, domain, row is None)
    start = {"for_whom": "newcomers", "number": units.next_number(home), "how_many": 1,
             "kind": "family"}  # fmt: skip
    known = _known(row, fields) if row else start
    features = sent.getlist("feature") if sent else (row.features.split() if row else [])
    doors = sent.getlist("adjoins") if sent else (row.adjoins.split() if row else [])
    names = [n for n, _ in FEATURES]
    others = Unit.objects.filter(facility=home, domain=BEDS).exclude(key=unit).order_by("key")
    more: dict[str, Any] = {
        "home": home, "domain": domain, "is_home": domain == BEDS, "domains": POOLS,
        "features": [(n, t, n in features) for n, t in FEATURES] if domain == BEDS else [],
        "doors": [(u, u.key in doors) for u in others] if domain == BEDS else [],
    }  # fmt: skip
    if sent is None:
        return _form(request, "unit_form", fields, known, row, **more)
    values, problems = forms.read(fields, sent)
    if problems:
        return _form(request, "unit_form", fields, known, row, problems, **more)
    kept = [f for f in (row.features.split() if row else []) if f not in names]
    chosen = [n for n in names if n in features] + kept

    def act(k: uuid.UUID) -> Any:
        if row is None:
            return units.make(user, k, values, chosen, home=home, domain=domain, adjoins=doors)
        labels = {f.name: f.label for f in fields}
        return units.change(user, k, values, chosen, labels, unit=row, adjoins=doors,
                            seen=sent.get("seen", ""))  # fmt: skip

    return asked.answer(
        request, act, reverse("unit", args=[key, unit]) if row else reverse("site", args=[key]),
        lambda refused: _form(request, "unit_form", fields, known, row, refused, **more),
    )  # fmt: skip


def _domain(request: HttpRequest, home: Site) -> str:
    wanted = request.POST.get("domain") or request.GET.get("bereich", "")
    return wanted if wanted in POOLS else SITE_KINDS.get(home.kind, BEDS)


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
    everything = queries.seats(user, domain, today)
    lines = queries.chosen_seats(
        everything, request.GET.get("gruppe", ""), request.GET.get("stadtteil", ""),
        request.GET.get("nur", ""),
    )  # fmt: skip
    columns, sort = queries.SEAT_COLUMNS, tables.asked_order(request.GET, queries.SEAT_COLUMNS)[0]
    listed = (
        Paginator(queries.by_site(lines), SITES) if sort is None
        else Paginator(queries.one_by_one(tables.ordered(request.GET, lines, columns)), ROWS)
    )  # fmt: skip
    page = listed.get_page(request.GET.get("seite", "1"))
    may_report = rights.may(user, rights.PLACES_EDIT)
    names = dict(Office.objects.values_list("key", "name"))
    return render(request, "web/seats.html", {
        "page": page, "asked": request.GET, "pools": words(POOLS.get(domain, ())),
        "districts": District.objects.filter(site__in={line.site.pk for line in everything})
        .distinct().order_by("name"), "tally": queries.tally(everything),
        "domain": domain, "domains": domains, "names": names,
        "today": today, "may_report": may_report, "is_by_site": sort is None,
        "heads": tables.heads(
            request, (*columns, queries.REPORT_ANEW) if may_report else columns),
        "free": sum(line.state.free for line in lines), "total": len(lines),
        "nominal": sum(line.state.nominal for line in lines),
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
        return reports.report(user, key, reports.Reported(unit, values["places"], values["on"]))

    back = request.POST.get("next", "")  # reported on the unit's page
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = reverse("seats", args=[domain]) + "#" + quote(unit)
    return asked.answer(request, act, back, lambda refused: _seats(request, domain, refused))
