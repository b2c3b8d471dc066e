"""Pages of people who may be recorded twice. German: Dubletten"""

from __future__ import annotations

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from vorort.problems import Problem, Refused
from vorort.web import asked, sight
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.intake import duplicates, merging
from vorort.web.intake.models import Household, Membership, Person
from vorort.web.intake.person_views import person_of
from vorort.web.middleware import lang_of


@require_http_methods(["GET", "POST"])
@needs(rights.MERGE)
def merge(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Who may be the same person; make one record of two, or take that back."""
    user = asked.user_of(request)
    household, row = person_of(request, key, number)
    if request.method == "GET":
        return _merge_page(request, household, row)
    other = Person.objects.filter(key=request.POST.get("other", "")).first()

    def act(act_key: uuid.UUID) -> Any:
        if request.POST.get("what") == "undo":
            found = merging.open_merge(row)
            if found is not None:
                return merging.undo(user, act_key, found)
        elif other is not None and _may_open(user, other):
            return merging.merge(user, act_key, row, other)
        raise Refused([asked.nothing_chosen()])

    return asked.answer(
        request, act, reverse("person", args=[key, number]),
        lambda refused: _merge_page(request, household, row, refused),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(rights.MERGE)
def twice(request: HttpRequest) -> HttpResponse:
    """Everybody who may be recorded twice, pair by pair; two people are told apart here."""
    user = asked.user_of(request)
    if request.method == "GET":
        return _twice_page(request)

    def act(key: uuid.UUID) -> Any:
        found = [
            Person.objects.filter(key=request.POST.get(n, "")).first() for n in ("one", "other")
        ]
        one, other = found
        if one is None or other is None or one == other:
            raise Refused([asked.nothing_chosen()])
        if not (_may_open(user, one) and _may_open(user, other)):
            raise Refused([asked.nothing_chosen()])
        return duplicates.tell_apart(user, key, one, other)

    return asked.answer(
        request, act, reverse("twice"), lambda refused: _twice_page(request, refused)
    )


def _twice_page(request: HttpRequest, refused: tuple[Problem, ...] = ()) -> HttpResponse:
    found, is_more = duplicates.pairs(asked.user_of(request))
    page = Paginator(found, 50).get_page(request.GET.get("seite", "1"))
    rows = [(a, b, uuid.uuid4()) for a, b in duplicates.shown(page)]
    return render(request, "web/twice.html", {
        "page": page, "rows": rows, "is_more": is_more,
        "refused": asked.told(refused, lang_of(request)),
    }, status=409 if refused else 200)  # fmt: skip


def _may_open(user: Any, person: Person) -> bool:
    households = sight.households_for(user).exclude(key__in=sight.hidden_households(user))
    return bool(Membership.objects.filter(person=person, household__in=households).exists())


def _merge_page(
    request: HttpRequest, household: Household, row: Person, refused: tuple[Problem, ...] = ()
) -> HttpResponse:
    from vorort.files.cells import KINDS

    user = asked.user_of(request)
    born = KINDS["born"].read(row.born) if row.born else None
    found: dict[str, duplicates.Candidate] = {}
    for name in row.names.all():
        for c in duplicates.candidates(user, name.family, name.given, born, [row.pk]):
            found.setdefault(c.person.key, c)
    return render(request, "web/merge.html", {
        "household": household, "person": row, "name": row.names.first(),
        "found": [(c, uuid.uuid4()) for c in found.values()], "act_key": uuid.uuid4(),
        "open": merging.open_merge(row), "refused": asked.told(refused, lang_of(request)),
    }, status=409 if refused else 200)  # fmt: skip
