"""Tonight: a bed in one minute. German: Heute Nacht"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from vorort.placement import Party, Refusal
from vorort.problems import Problem, Refused
from vorort.vocabulary import Text
from vorort.web import asked, clock, forms
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.accounts.trail import Done
from vorort.web.intake.models import Household
from vorort.web.middleware import lang_of
from vorort.web.proposals import actions, family
from vorort.web.proposals import tonight as night
from vorort.web.proposals.present import present

LINES = 10  # of the table of all others


@require_GET
@needs(rights.HOLD)
def tonight(request: HttpRequest) -> HttpResponse:
    """The short form, and the answer once something was asked."""
    return _page(request, request.GET)


def _page(
    request: HttpRequest, sent: Any, refused: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    user, day = asked.user_of(request), clock.today()
    key = sent.get("haushalt", "")
    is_asked = bool(key) or any(sent.get(f.name) for f in family.FIELDS)
    known, problems = family.read(sent) if is_asked and not key else (family.Family(), ())
    party, stop = (None, None)
    if key:
        party, stop = _registered(request, key)
    elif is_asked and not problems:
        party = known.party()
    found = night.answer(user, party, day) if party else None
    wanted, rows = _because(found, sent.get("grund", ""))
    page = Paginator(rows, LINES).get_page(sent.get("seite", "1"))
    page.object_list = night.told(page.object_list)
    told = family.told(known) if party and not key else None
    return render(request, "web/tonight.html", {
        "answer": found, "day": day, "told": told, "household": key, "stop": stop or
        (found.stop if found else None), "choices": found.choices if found else [],
        "later": found.later[:3] if found and not found.choices else [],
        "page": page, "wanted": wanted,
        "bound": forms.bound(family.FIELDS, {}, sent, problems), "asked_for": family.ASKED,
        "ticked": known.needs, "query": family.query(known), "is_asked": is_asked,
        "expires": night.hold_until(day), "last": night.hold_until(day) - timedelta(days=1),
        "may_register": rights.may(user, rights.HOUSEHOLD_EDIT),
        "refused": asked.told((*refused, *problems), lang_of(request)),
    }, status=status)  # fmt: skip


def _because(found: night.Answer | None, wanted: str) -> tuple[Text | None, Sequence[Refusal]]:
    """All units that are ruled out, or those for one of the reasons."""
    if found is None:
        return None, []
    number = asked.whole(wanted)
    if number is not None and number < len(found.groups):
        rule, reason, _ = found.groups[number]
        return reason, [n for n in found.refused if (n.rule, n.reason) == (rule, reason)]
    return None, found.refused


def _registered(request: HttpRequest, key: str) -> tuple[Party | None, Text | None]:
    """A household on record as a party; or why none is placed by the machine."""
    _placeable(request, key)
    found = present().party(key)
    if isinstance(found, Party):
        return found, None
    out = found.reason if found else None
    nobody = Text("In diesem Haushalt ist niemand erfasst.",
                  "Nobody is recorded in this household.")  # fmt: skip
    return None, out or nobody


def _placeable(request: HttpRequest, key: str) -> None:
    """404 where this user does not see the household, or not where it lives."""
    if not rights.may(request.user, rights.HOUSEHOLD):
        raise Http404
    asked.opened(request, key)


@require_POST
@needs(rights.HOLD)
def tonight_hold(request: HttpRequest) -> HttpResponse:
    """Hold one of the homes; people not registered yet are registered in the same act."""
    user, sent = asked.user_of(request), request.POST
    key = sent.get("haushalt", "")
    if key:
        _placeable(request, key)
    elif not rights.may(user, rights.HOUSEHOLD_EDIT):
        raise PermissionDenied(rights.HOUSEHOLD_EDIT)
    typed, problems = family.read(sent) if not key else (family.Family(), ())
    if problems:
        return _page(request, sent, problems, 409)

    def act(act_key: UUID) -> Done:
        here = present()
        party = here.party(key) if key else typed.party()
        if not isinstance(party, Party):
            raise Refused([asked.nothing_chosen()])
        before = _done_before(act_key)
        if before is not None:
            return before
        found = night.answer(user, party, clock.today(), here)
        choice = night.chosen(found, sent.get("units", ""))
        if choice is None or found.stop is not None:
            raise Refused([_gone(sent.get("units", ""))])
        ends = asked.needed_day(request, "expires")
        home = choice.fit.home
        if key:
            return actions.hold(user, act_key, here.problem, party, home, ends)
        return actions.register_and_hold(user, act_key, here.problem, typed, home, ends)

    return asked.answer(
        request, act, lambda done: reverse("household", args=[key or _made(done)]),
        lambda refused: _page(request, sent, refused, 409),
    )  # fmt: skip


def _done_before(key: UUID) -> Done | None:
    """The same form sent twice: the unit is no longer free, because it is theirs."""
    from vorort.web.accounts.models import Act

    act = Act.objects.filter(key=key, kind__in=("hold", "register_and_hold")).first()
    return Done(act, repeated=True) if act else None


def _made(done: Done) -> str:
    row = done.act.changed.filter(table="household", subject__isnull=True).first()
    return str(Household.objects.get(pk=row.row).key) if row else ""


def _gone(units: str) -> Problem:
    names = ", ".join(units.split())[:80]
    return Problem(
        "", f"{names}: gerade vergeben oder nicht mehr möglich.",
        f"{names}: just given away, or no longer possible.",
        "Unten steht, was jetzt passt.", "What fits now stands below.",
    )  # fmt: skip
