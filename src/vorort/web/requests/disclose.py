"""Facts about a household go to another office: on a ground, the fields it allows, written down.

German: Weitergabe. The sheet is shown once, to be handed over; only that it went out is kept.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from vorort.ledger import BEDS
from vorort.problems import Problem, Refused
from vorort.web import asked, clock
from vorort.web.accounts import rights, trail, transfers
from vorort.web.accounts.models import Act, Transfer
from vorort.web.accounts.rights import needs
from vorort.web.intake.models import Household, LegalBasis, Person
from vorort.web.intake.person import may_here
from vorort.web.middleware import lang_of
from vorort.web.placing.models import Stay
from vorort.web.requests import queries
from vorort.web.town.models import Office

NEEDED = {"name": rights.NAMES, "legal": rights.LEGAL}  # nobody passes on what they may not see


@require_http_methods(["GET", "POST"])
@needs(rights.DISCLOSE)
def disclose(request: HttpRequest, key: str) -> HttpResponse:
    """Choose office, ground and people; the answer is the sheet."""
    user = asked.user_of(request)
    home = queries.visible(user).filter(key=key).first()
    if home is None or not may_here(user, rights.DISCLOSE, home):
        raise Http404
    if request.method == "GET":
        return _page(request, home)
    try:
        return _sheet(request, home)
    except ValueError as error:
        found = error.problems if isinstance(error, Refused) else (asked.nothing_chosen(),)
        return _page(request, home, found)


def _sheet(request: HttpRequest, home: Household) -> HttpResponse:
    user = asked.user_of(request)
    ground, _, office = request.POST.get("to", "").partition(" ")
    chosen = list(queries.members(home).filter(key__in=request.POST.getlist("person")))
    found = transfers.grounds_for(office).get(ground)
    to = Office.objects.filter(key=office).first()
    if found is None or to is None or not chosen:
        raise Refused([Problem(
            "", "Anlass oder Personen fehlen.", "The ground or the people are missing.",
            "Beides wählen.", "Choose both.",
        )])  # fmt: skip
    fields = [
        f for f in transfers.allowed(found.fields, home.protected)
        if f not in NEEDED or rights.may(user, NEEDED[f])
    ]  # fmt: skip

    def do(act: Act) -> None:
        transfers.note(act, to, ground, fields, chosen)

    trail.once(user, uuid.UUID(request.POST.get("key", "")), "disclose", do, ground)
    lines = [(p.key, [(transfers.FIELDS[f], _value(f, p, home)) for f in fields]) for p in chosen]
    return render(request, "web/disclosed.html", {
        "home": home, "to": to, "ground": found, "lines": lines, "today": clock.today(),
        "fields": [transfers.FIELDS[f] for f in fields],
    })  # fmt: skip


def _value(field: str, person: Person, home: Household) -> Any:
    """A field of a person as the sheet says it; None = unknown."""
    if field == "name":
        return str(person.names.order_by("id").first() or "") or None
    if field == "address":
        stay = Stay.objects.filter(
            person=person, domain=BEDS, status="moved_in", until__isnull=True, second_place=False
        ).select_related("unit__facility").first()  # fmt: skip
        site = stay.unit.facility if stay and stay.unit else None
        if site is None or site.address_protected:
            return None
        return f"{site.address or site.name}, {stay.unit.key}" if stay and stay.unit else None
    if field == "legal":
        rows = LegalBasis.objects.filter(person=person).order_by("id")
        return [(b.name, b.valid_from, b.valid_until) for b in rows] or None
    if field == "arrived_on":
        return home.arrived_on
    return getattr(person, field, None) or None


def _page(request: HttpRequest, home: Household, refused: tuple[Problem, ...] = ()) -> HttpResponse:
    user = asked.user_of(request)
    offices = {o.key: o.name for o in Office.objects.order_by("name")}
    options = [
        (f"{ground} {key}", name, found.text,
         [transfers.FIELDS[f] for f in transfers.allowed(found.fields, home.protected)
          if f not in NEEDED or rights.may(user, NEEDED[f])])
        for key, name in offices.items() for ground, found in transfers.grounds_for(key).items()
    ]  # fmt: skip
    before = Transfer.objects.filter(
        subject__membership__household=home, subject__membership__member_until__isnull=True
    ).select_related("act", "to_office", "subject").order_by("-pk")  # fmt: skip
    return render(request, "web/disclose.html", {
        "home": home, "options": options, "members": queries.members(home),
        "act_key": uuid.uuid4(), "before": [transfers.Told.of(t) for t in before[:100]],
        "refused": asked.told(refused, lang_of(request)),
    }, status=409 if refused else 200)  # fmt: skip
