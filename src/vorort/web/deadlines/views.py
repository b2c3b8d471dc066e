"""The list of next legal dates, and what a changed rule has moved. German: Fristen"""

from __future__ import annotations

import uuid

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from vorort.deadlines import read_rules
from vorort.problems import Problem
from vorort.web import asked, clock, sight, tables
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.deadlines import changes, queries
from vorort.web.deadlines.models import RulesChange
from vorort.web.middleware import lang_of
from vorort.web.tasks.days import span

STATES = ("overdue", "soon", "later", "unknown")


@require_GET
@needs(rights.DATES)
def deadlines(request: HttpRequest) -> HttpResponse:
    """Overdue first; by rule, office, state."""
    user, today = asked.user_of(request), clock.today()
    dues = queries.dues_for(user, today)
    fits = queries.fitting(dues, request.GET, today)
    shown = tables.ordered_rows(request.GET, fits, queries.COLUMNS)
    rules = read_rules()
    page = Paginator(shown.select_related("person", "household"), 100).get_page(
        request.GET.get("seite", "1")
    )
    lines = queries.lines(page.object_list, today)
    return render(request, "web/deadlines.html", {
        "page": page, "rows": [(x, rules[x.deadline.rule]) for x in lines], "today": today,
        "hidden": sight.hidden_households(user),
        "heads": tables.heads(request, queries.COLUMNS),
        "rules": rules.values(), "offices": sorted({r.office for r in rules.values()}),
        "states": STATES, "asked": request.GET, "counts": queries.counts(user, today),
        "soon": span("date_soon").days,
        "sources": [(r, r.source(today)) for r in rules.values()],
        "changed": [(told, uuid.uuid4()) for told in changes.unseen(asked.user_of(request))],
        "earlier": RulesChange.objects.order_by("-pk")[:10],
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(rights.DATES)
def moved(request: HttpRequest, number: int) -> HttpResponse:
    """Whose dates a change of rules has moved; posted to, the own office has taken note."""
    row, user = RulesChange.objects.filter(pk=number).first(), asked.user_of(request)
    if row is None:
        raise Http404
    if request.method == "POST":
        return asked.answer(
            request, lambda key: changes.take_note(user, key, row), reverse("deadlines"),
            lambda refused: _moved(request, row, refused),
        )  # fmt: skip
    return _moved(request, row)


def _moved(
    request: HttpRequest, row: RulesChange, refused: tuple[Problem, ...] = ()
) -> HttpResponse:
    user = asked.user_of(request)
    told, found = changes.told(user, row), changes.moved_for(user, row)
    rule = request.GET.get("frist", "")
    if rule:
        found = found.filter(rule=rule)
    shown = tables.ordered_rows(request.GET, found, changes.COLUMNS)
    page = Paginator(shown.select_related("person", "household"), 100).get_page(
        request.GET.get("seite", "1")
    )
    names = {r.key: r.name for r in told.rules}
    return render(request, "web/moved.html", {
        "told": told, "number": str(row.pk), "page": page,
        "rows": [(m, names[m.rule]) for m in page],
        "asked": request.GET, "heads": tables.heads(request, changes.COLUMNS),
        "act_key": uuid.uuid4(), "hidden": sight.hidden_households(user),
        "is_seen": changes.is_seen(user, row), "refused": asked.told(refused, lang_of(request)),
    }, status=409 if refused else 200)  # fmt: skip
