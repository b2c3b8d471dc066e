"""The fairness sheet of a run, and two runs side by side. German: Ausgleichsblatt, Vergleich"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vorort.placement.fairness import SMALL
from vorort.problems import Problem, Refused
from vorort.web import asked, clock
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.middleware import lang_of
from vorort.web.proposals import differences, sheet, snapshot, week
from vorort.web.proposals.models import Run
from vorort.web.proposals.plan_views import run_of

CHOICE = 30  # runs to choose from


@require_GET
@needs(rights.PLACEMENT)
def placement_fairness(request: HttpRequest, number: int) -> HttpResponse:
    """Waiting and fit by group; ``boden`` and ``anteil``: what a floor for one would cost."""
    run = run_of(str(number))
    found = week.seen(asked.user_of(request), clock.today(), run)
    shown = sheet.sheet(found)
    refused: tuple[Problem, ...] = ()
    floor = None
    wanted, share = request.GET.get("boden", ""), request.GET.get("anteil", "")
    if wanted:
        try:
            floor = sheet.floor(found, wanted, share)
        except Refused as error:
            refused = error.problems
    return render(request, "web/placement_fairness.html", {
        "run": run, "sheet": shown, "small": SMALL, "floor": floor, "wanted": wanted,
        "share": share, "shares": [(str(s), s / 10) for s in sheet.SHARES],
        "is_enough": sheet.is_large_enough(shown), "repeatable": snapshot.is_repeatable(run),
        "refused": asked.told(refused, lang_of(request)),
    }, status=409 if refused else 200)  # fmt: skip


@require_GET
@needs(rights.PLACEMENT)
def placement_compare(request: HttpRequest) -> HttpResponse:
    """Two runs: what differs in what went in and in what came out."""
    rows = list(Run.objects.filter(state="done").select_related("actor").order_by("-id")[:CHOICE])
    one, two = request.GET.get("eins", ""), request.GET.get("zwei", "")
    second = run_of(two) if two else next(iter(rows), None)
    earlier = [r for r in rows if second is not None and r.pk < second.pk]
    first = run_of(one) if one else next(iter(earlier), None)
    found = None
    if first is not None and second is not None:
        found = differences.differences(asked.user_of(request), first, second)
    return render(request, "web/placement_compare.html", {
        "runs": rows, "first": first, "second": second, "found": found,
        "deleted": [r for r in (first, second) if r is not None and not snapshot.is_repeatable(r)],
    })  # fmt: skip
