"""Periods, who would go, certificates, and deleting one person. German: Löschen"""

from __future__ import annotations

import uuid
from typing import Any

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
from vorort.web.intake.models import Person
from vorort.web.middleware import lang_of
from vorort.web.retention import actions
from vorort.web.retention.goes import what_goes
from vorort.web.retention.models import Deletion, LegalHold
from vorort.web.retention.periods import PURPOSES, dry_run
from vorort.web.retention.periods import known as periods_set

DAYS = tuple(Field(p.key, p.text, "number", high=36500, hint=p.hint) for p in PURPOSES)
HOLD = (
    Field("number", Text("Person", "Person"), needed=True,
          hint=Text("zum Beispiel P-00012", "for example P-00012")),
    Field("until", Text("bis", "until"), "day", True),
    Field("reason", Text("Grund", "Reason"), needed=True),
)  # fmt: skip


@require_GET
@needs(rights.RETENTION)
def retention(request: HttpRequest) -> HttpResponse:
    """Periods, the dry run, holds and certificates."""
    return _page(request)


def _page(request: HttpRequest, refused: tuple[Problem, ...] = (), what: str = "") -> HttpResponse:
    today = clock.today()
    due = actions.due(today)
    known = periods_set()
    sent = request.POST if refused else None
    return render(request, "web/retention.html", {
        "dry": list(dry_run(today)), "due": due[:200], "total": len(due),
        "held": sum(h for _, _, h in due), "today": today,
        "known": known, "keys": [uuid.uuid4() for _ in range(3)],
        "bound": forms.bound(DAYS, known, sent if what == "periods" else None, refused),
        "hold": forms.bound(HOLD, {}, sent if what == "hold" else None, refused),
        "holds": [(h, uuid.uuid4()) for h in
                  LegalHold.objects.filter(until__gt=today).select_related("person")],
        "certificates": Deletion.objects.order_by("-pk")[:50],
        "deleted": Deletion.objects.count(), "refused": asked.told(refused, lang_of(request)),
    }, status=409 if refused else 200)  # fmt: skip


@require_POST
@needs(rights.RETENTION)
def periods(request: HttpRequest) -> HttpResponse:
    """Set them; empty means nothing is deleted by the clock."""
    values, problems = forms.read(DAYS, request.POST)
    user = asked.user_of(request)

    def act(key: uuid.UUID) -> Any:
        if problems:
            raise Refused(problems)
        return actions.set_periods(user, key, values)

    return asked.answer(
        request, act, reverse("retention"), lambda refused: _page(request, refused, "periods")
    )


@require_POST
@needs(rights.LEGAL_HOLD)
def legal_hold(request: HttpRequest) -> HttpResponse:
    """Stop the clock for somebody."""
    values, problems = forms.read(HOLD, request.POST)
    found = Person.objects.filter(key=values.get("number") or "").first()
    person = found and (found.same_as or found)  # one that was made one with another

    def act(key: uuid.UUID) -> Any:
        if problems:
            raise Refused(problems)
        if person is None:
            raise Refused([_nobody()])
        return actions.hold(asked.user_of(request), key, person, values["until"], values["reason"])

    return asked.answer(
        request, act, reverse("retention"), lambda refused: _page(request, refused, "hold")
    )


@require_POST
@needs(rights.LEGAL_HOLD)
def lift(request: HttpRequest, number: int) -> HttpResponse:
    """The hold is no longer needed."""
    reason = request.POST.get("reason", "").strip()[:500]
    return asked.answer(
        request, lambda key: actions.lift(asked.user_of(request), key, number, reason),
        reverse("retention"), lambda refused: _page(request, refused),
    )  # fmt: skip


def _nobody() -> Problem:
    return Problem(
        "", "Diese Person gibt es nicht.", "There is no such person.",
        "Nummer prüfen.", "Check the number.", column="number",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(rights.DELETE)
def delete(request: HttpRequest) -> HttpResponse:
    """Delete one person by number: first what goes and what stays, then for good."""
    number = (request.POST.get("number") or request.GET.get("person", "")).strip()[:20]
    person = Person.objects.filter(key=number, same_as__isnull=True).first()
    if not number:
        return render(request, "web/delete.html", {"number": ""})
    if person is None:
        if request.method == "GET":
            raise Http404
        return _delete_page(request, None, number, (_nobody(),))
    if request.method == "GET" or not request.POST.get("sure"):
        return _delete_page(request, person, number)
    user = asked.user_of(request)
    cause = "period" if request.POST.get("cause") == "period" else "request"
    return asked.answer(
        request, lambda key: actions.delete(user, key, person, cause), _certificate,
        lambda refused: _delete_page(request, person, number, refused),
    )  # fmt: skip


def _certificate(done: Any) -> str:
    return reverse("certificate", args=[Deletion.objects.get(act=done.act).pk])


def _delete_page(
    request: HttpRequest, person: Person | None, number: str, refused: tuple[Problem, ...] = ()
) -> HttpResponse:
    if person is not None and not refused:
        try:
            actions.refuse_now(person, clock.today())
        except Refused as found:
            refused = found.problems
    lang = lang_of(request)
    return render(request, "web/delete.html", {
        "person": person, "number": number, "act_key": uuid.uuid4(),
        "goes": what_goes(person) if person else [],
        "refused": asked.told(refused, lang),
    }, status=409 if refused and request.method == "POST" else 200)  # fmt: skip


@require_GET
@needs(rights.RETENTION)
def certificate(request: HttpRequest, number: int) -> HttpResponse:
    """That somebody was deleted; nothing about whom."""
    row = Deletion.objects.filter(pk=number).select_related("act").first()
    if row is None:
        raise Http404
    return render(request, "web/certificate.html", {"row": row})
