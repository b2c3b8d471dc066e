"""The list of next legal dates. German: Fristen"""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vorort.deadlines import read_rules
from vorort.web import asked, clock, sight, tables
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.deadlines import queries

STATES = ("overdue", "soon", "later", "unknown")


@require_GET
@needs(rights.DATES)
def deadlines(request: HttpRequest) -> HttpResponse:
    """Overdue first; by rule, office, state."""
    today = clock.today()
    dues = queries.dues_for(asked.user_of(request), today)
    fits = queries.fitting(dues, request.GET, today)
    shown = tables.ordered_rows(request.GET, fits, queries.COLUMNS)
    rules = read_rules()
    page = Paginator(shown.select_related("person", "household"), 100).get_page(
        request.GET.get("seite", "1")
    )
    lines = queries.lines(page.object_list, today)
    return render(request, "web/deadlines.html", {
        "page": page, "rows": [(x, rules[x.deadline.rule]) for x in lines], "today": today,
        "hidden": sight.hidden_households(asked.user_of(request)),
        "heads": tables.heads(request, queries.COLUMNS),
        "rules": rules.values(), "offices": sorted({r.office for r in rules.values()}),
        "states": STATES, "asked": request.GET, "counts": queries.counts(dues, today),
        "sources": [(r, r.source(today)) for r in rules.values()],
    })  # fmt: skip
