"""What placement has to know of a household, on one page. German: Angaben für die Vergabe"""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from vorort.problems import Problem, Refused
from vorort.web import asked, forms, sight
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.accounts.trail import Done
from vorort.web.intake.models import Household
from vorort.web.intake.person import may_here
from vorort.web.middleware import lang_of
from vorort.web.proposals import wants
from vorort.web.proposals.models import Decline, Lock

SEEN = {
    "requirement": rights.NEEDS, "exclusion": rights.NEEDS, "wish": rights.HOUSEHOLD,
    "open": rights.HOUSEHOLD,
}  # fmt: skip


@require_GET
@needs(rights.HOUSEHOLD)
def placing_wants(request: HttpRequest, key: str) -> HttpResponse:
    """Everything placement reads about one household, and a form for each kind."""
    return _page(request, asked.opened(request, key))


def _page(
    request: HttpRequest, home: Household, what: str = "", refused: tuple[Problem, ...] = ()
) -> HttpResponse:
    user = asked.user_of(request)
    hidden = sight.hidden_households(user)
    blocks = []
    for name, form in wants.FORMS.items():
        if not _sees(user, name, home):
            continue
        rows = list(wants.TABLES[name].objects.filter(household=home).order_by("id"))
        if name == "exclusion":
            rows = [r for r in rows if not (r.other and r.other.key in hidden)]
        sent = request.POST if name == what else None
        bound = forms.bound(form.fields(), {"strength": "must"}, sent, refused)
        blocks.append((name, form, rows, bound if may_here(user, form.right, home) else None))
    if any(name == "requirement" and rows for name, _, rows, _ in blocks):
        _log(request, home)
    return render(request, "web/placing_wants.html", {
        "home": home, "key": home.key, "blocks": blocks, "what": what, "act_key": uuid.uuid4(),
        "codes": dict(wants.CODES), "domains": dict(wants.DOMAINS),
        "locks": Lock.objects.filter(household=home).select_related("unit"),
        "declined": Decline.objects.filter(household=home).select_related("unit").order_by("-on"),
        "refused": asked.told(refused, lang_of(request)),
    }, status=409 if refused else 200)  # fmt: skip


def _sees(user: Any, name: str, home: Household) -> bool:
    right = SEEN[name]
    return may_here(user, right, home) if right == rights.NEEDS else rights.may(user, right)


def _log(request: HttpRequest, home: Household) -> None:
    """Who looked at what is restricted."""
    from vorort.web.intake.models import Person
    from vorort.web.intake.person_views import log_read

    for person in Person.objects.filter(membership__household=home).distinct():
        log_read(request, person, "placing.wants")


@require_POST
@needs(rights.HOUSEHOLD)
def placing_want(request: HttpRequest, key: str, what: str) -> HttpResponse:
    """Enter one, or lift one (`end`: its number)."""
    home, user = asked.opened(request, key), asked.user_of(request)
    form = wants.FORMS.get(what)
    if form is None:
        raise Http404
    if not may_here(user, form.right, home):
        raise PermissionDenied(form.right)
    ends = request.POST.get("end", "")
    values, problems = forms.read(form.fields(), request.POST) if not ends else ({}, ())

    def act(act_key: UUID) -> Done:
        if problems:
            raise Refused(problems)
        if ends:
            number = asked.whole(ends) or 0
            return wants.remove(user, act_key, what, home, number)
        return wants.add(user, act_key, what, home, values)

    return asked.answer(
        request, act, reverse("placing_wants", args=[key]),
        lambda refused: _page(request, home, what, refused),
    )  # fmt: skip
