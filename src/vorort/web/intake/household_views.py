"""What is entered about a household, from its page. German: Haushalt"""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from vorort.web import asked, forms
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.intake import actions, events
from vorort.web.intake.models import Household, Person


def _to_change(request: HttpRequest, key: str) -> Household:
    """A household this user may change, else 404; a protected one is for the named role."""
    from vorort.web.intake.person import may_here

    row = asked.opened(request, key)
    if not may_here(asked.user_of(request), rights.HOUSEHOLD_EDIT, row):
        raise Http404
    return row


@require_POST
@needs(rights.HOUSEHOLD_EDIT)
def hand_over(request: HttpRequest, key: str) -> HttpResponse:
    """Another office is responsible from a day on."""
    from vorort.web.placing.views import household_page

    user, household = asked.user_of(request), _to_change(request, key)

    def act(act_key: uuid.UUID) -> Any:
        on, office = asked.needed_day(request, "on"), request.POST.get("responsible", "")
        return actions.hand_over(user, act_key, household, office, on)

    # the own case may be somebody else's now
    back = "households" if rights.own_only(user, rights.HOUSEHOLD) else "household"
    return asked.answer(
        request, act, reverse(back, args=[key] if back == "household" else []),
        lambda refused: household_page(request, key, refused, 409),
    )  # fmt: skip


@require_POST
@needs(rights.HOUSEHOLD_EDIT)
def separate(request: HttpRequest, key: str) -> HttpResponse:
    """Some members form their own household."""
    from vorort.web.intake.fields import SEPARATIONS
    from vorort.web.placing.views import household_page

    user, household = asked.user_of(request), _to_change(request, key)
    names = request.POST.getlist("person")
    people = list(Person.objects.filter(membership__household=household, key__in=names).distinct())
    reason = request.POST.get("reason", "")
    if reason not in dict(SEPARATIONS):
        reason = "separation"

    def act(act_key: uuid.UUID) -> Any:
        on = asked.needed_day(request, "on")
        return events.separate(user, act_key, household, people, on, reason)

    return asked.answer(
        request, act, reverse("household", args=[key]),
        lambda refused: household_page(request, key, refused, 409),
    )  # fmt: skip


@require_POST
@needs(rights.HOUSEHOLD_EDIT)
def household_act(request: HttpRequest, key: str, what: str) -> HttpResponse:
    """One of the things that can be entered about a household."""
    from vorort.web.intake.household import FORMS
    from vorort.web.intake.person import may_here
    from vorort.web.placing.views import household_page

    user, household = asked.user_of(request), _to_change(request, key)
    form = FORMS.get(what)
    if form is None or not may_here(user, form.right, household):
        raise Http404
    values, problems = forms.read(form.fields(user, household), request.POST)
    if problems:
        return household_page(request, key, problems, 409, what)

    def target(done: Any) -> str:
        there = what == "together" and values["household"].split()[0].upper()
        return reverse("household", args=[there or key])

    return asked.answer(
        request, lambda k: form.act(user, k, household, values), target,
        lambda refused: household_page(request, key, refused, 409, what),
    )  # fmt: skip
