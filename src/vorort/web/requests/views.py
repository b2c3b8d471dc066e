"""The page of an office's requests: what others ask of it, and what it asks. German: Anfragen"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vorort.ledger import BEDS
from vorort.problems import Problem, Refused
from vorort.web import asked, clock
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.intake.models import Household
from vorort.web.middleware import lang_of
from vorort.web.requests import actions, queries
from vorort.web.requests.models import OPEN, Request
from vorort.web.town.models import Unit
from vorort.web.town.queries import domains_with_seats

ANSWER_DAYS = 7  # what the form offers first; the colleague decides


@require_GET
@needs(rights.REQUESTS)
def requests(request: HttpRequest) -> HttpResponse:
    """What is asked of this office, and what it has asked."""
    return _page(request)


def _page(request: HttpRequest, refused: tuple[Problem, ...] = ()) -> HttpResponse:
    user, today = asked.user_of(request), clock.today()
    domain, state = request.GET.get("feld", ""), request.GET.get("stand", "open")

    def fits(row: Request) -> bool:
        return (not domain or row.domain == domain) and (state != "open" or row.status in OPEN)

    incoming, outgoing = queries.to_us(user, today), queries.from_us(user)
    fields = {x.row.domain for x in incoming} | {x.row.domain for x in outgoing}
    return render(request, "web/requests.html", {
        "incoming": [(x, [uuid.uuid4() for _ in range(3)]) for x in incoming if fits(x.row)],
        "outgoing": [(x, [uuid.uuid4() for _ in range(2)]) for x in outgoing if fits(x.row)],
        "waiting": sum(x.row.status == "open" for x in incoming),
        "may_answer": rights.may(user, rights.ANSWER), "may_ask": rights.may(user, rights.REQUEST),
        "today": today, "due": today + timedelta(days=ANSWER_DAYS),
        "reasons": [(r, f"answer_{r}") for r in actions.REASONS],
        "domains": sorted(fields),
        "seats": domains_with_seats(user) if rights.may(user, rights.PLACES_EDIT) else [],
        "domain": domain, "state": state, "refused": asked.told(refused, lang_of(request)),
    }, status=409 if refused else 200)  # fmt: skip


@require_POST
@needs(rights.ANSWER)
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Yes, no, or something else instead; only for what is asked of the own office."""
    user = asked.user_of(request)
    row = Request.objects.filter(pk=number, owner=user.office).select_related("unit").first()
    if row is None:
        raise Http404
    what, own = request.POST.get("what", ""), Unit.objects.filter(facility__owner=user.office)
    unit = own.filter(key=request.POST.get("unit", ""), domain=row.domain).first() or row.unit

    def act(key: uuid.UUID) -> Any:
        if what == "confirm" and unit is not None:
            day = asked.optional_day(request, "from") or row.wanted_from
            return actions.confirm(user, key, number, unit, day)
        if what == "refuse":
            note = request.POST.get("note", "").strip()[:500]
            return actions.refuse(user, key, number, request.POST.get("reason", ""), note)
        if what == "counter":
            day, due = asked.needed_day(request, "from"), asked.needed_day(request, "due")
            return actions.counter(user, key, number, unit, day, due)
        raise Refused([asked.nothing_chosen()])

    return asked.answer(request, act, reverse("requests"), lambda refused: _page(request, refused))


@require_POST
@needs(rights.REQUEST)
def end(request: HttpRequest, number: int) -> HttpResponse:
    """The asker takes a counter-offer or not, or needs the place no longer."""
    user = asked.user_of(request)
    row = Request.objects.filter(
        pk=number, asker=user.office, person__membership__household__in=queries.visible(user)
    ).first()  # fmt: skip
    if row is None:
        raise Http404
    what = request.POST.get("what", "")

    def act(key: uuid.UUID) -> Any:
        if what == "accept":
            return actions.accept(user, key, number)
        if what in ("decline", "withdraw"):
            return actions.end(user, key, number, what)
        raise Refused([asked.nothing_chosen()])

    return asked.answer(request, act, reverse("requests"), lambda refused: _page(request, refused))


@require_http_methods(["GET", "POST"])
@needs(rights.REQUEST)
def new(request: HttpRequest, key: str) -> HttpResponse:
    """Ask for places for people of a household."""
    user = asked.user_of(request)
    home = queries.visible(user).filter(key=key).first()
    if home is None:
        raise Http404
    if request.method == "GET":
        return _new(request, home)

    def act(act_key: uuid.UUID) -> Any:
        unit = Unit.objects.filter(key=request.POST.get("unit", "")).exclude(domain=BEDS).first()
        if unit is None:
            raise Refused([asked.nothing_chosen()])
        chosen = queries.members(home).filter(key__in=request.POST.getlist("person"))
        start, due = asked.needed_day(request, "from"), asked.needed_day(request, "due")
        return actions.ask(user, act_key, chosen, unit, start, due)

    return asked.answer(
        request, act, reverse("household", args=[key]),
        lambda refused: _new(request, home, refused),
    )  # fmt: skip


def _new(request: HttpRequest, home: Household, refused: tuple[Problem, ...] = ()) -> HttpResponse:
    today: date = clock.today()
    domains = sorted(set(Unit.objects.filter(per="place").exclude(domain=BEDS)
                         .values_list("domain", flat=True)))  # fmt: skip
    domain = (request.POST or request.GET).get("feld", "")
    domain = domain if domain in domains else (domains or [""])[0]
    found = queries.choices(domain, home, today)
    return render(request, "web/request_new.html", {
        "home": home, "domains": domains, "domain": domain, "choices": found[:120],
        "total": len(found), "act_key": uuid.uuid4(),
        "members": queries.candidates(asked.user_of(request), home, domain, today),
        "today": today, "due": today + timedelta(days=ANSWER_DAYS),
        "chosen": request.POST.getlist("person"),
        "refused": asked.told(refused, lang_of(request)),
    }, status=409 if refused else 200)  # fmt: skip
