"""The list of next legal dates. German: Fristen"""

from __future__ import annotations

from collections import Counter

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vorort.deadlines import read_rules
from vorort.web import asked, clock, sight, tables
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.deadlines.queries import COLUMNS, dates_for, fitting

STATES = ("overdue", "soon", "later", "unknown")


@require_GET
@needs(rights.DATES)
def deadlines(request: HttpRequest) -> HttpResponse:
    """Overdue first; by rule, office, state."""
    today = clock.today()
    lines = dates_for(asked.user_of(request), today)
    counts = Counter(x.deadline.state for x in lines)
    shown = tables.ordered(request.GET, fitting(lines, request.GET), COLUMNS)
    rules = read_rules()
    page = Paginator(shown, 100).get_page(request.GET.get("seite", "1"))
    return render(request, "web/deadlines.html", {
        "page": page, "rows": [(x, rules[x.deadline.rule]) for x in page], "today": today,
        "hidden": sight.hidden_households(asked.user_of(request)),
        "heads": tables.heads(request, COLUMNS),
        "rules": rules.values(), "offices": sorted({r.office for r in rules.values()}),
        "states": STATES, "asked": request.GET, "counts": counts,
        "sources": [(r, r.source(today)) for r in rules.values()],
    })  # fmt: skip
