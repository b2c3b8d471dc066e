"""The fairness sheet of a run, and two runs side by side. German: Ausgleichsblatt, Vergleich"""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from vorort.placement.fairness import SMALL
from vorort.problems import Refused
from vorort.web import asked, clock, running
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.middleware import lang_of
from vorort.web.proposals import differences, floors, sheet, snapshot, week
from vorort.web.proposals.models import Run
from vorort.web.proposals.plan_views import run_of

CHOICE = 30  # runs to choose from


@require_GET
@needs(rights.PLACEMENT)
def placement_fairness(request: HttpRequest, number: int) -> HttpResponse:
    """Waiting and fit by group; ``boden`` and ``anteil``: what a floor for one would cost."""
    run = run_of(str(number))
    found = week.seen(asked.user_of(request), clock.today(), run)
    wanted, share = request.GET.get("boden", ""), request.GET.get("anteil", "")
    looked = floors.look(found, wanted, share)
    is_news = looked.running is not None and "war" in request.GET  # of the work, every two seconds
    shown = None if is_news else sheet.sheet(found)
    return render(request, "web/placement_fairness.html", {
        "run": run, "sheet": shown, "small": SMALL, "wanted": wanted,
        "share": share, "shares": [(str(s), s / 10) for s in floors.SHARES],
        "is_long": looked.is_long, "floor": looked.answer, "running": looked.running,
        "is_stopped": looked.is_stopped, "asked_for": wanted and not looked.refused,
        "is_enough": shown is None or sheet.is_large_enough(shown),
        "repeatable": snapshot.is_repeatable(run),
        "refused": asked.told(looked.refused, lang_of(request)),
    }, status=409 if looked.refused else 200)  # fmt: skip


def _address(run: Run, wanted: str, share: str) -> str:
    query = urlencode({"boden": wanted, "anteil": share})
    return f"{reverse('placement_fairness', args=[run.pk])}?{query}#boden"


@require_POST
@needs(rights.PLACEMENT)
def placement_floor_start(request: HttpRequest, number: int) -> HttpResponse:
    """Queue what a floor costs in a large run; the page shows how far it is."""
    run = run_of(str(number))
    found = week.seen(asked.user_of(request), clock.today(), run)
    wanted, share = request.POST.get("boden", ""), request.POST.get("anteil", "")
    with suppress(Refused):  # the page says what is wrong
        floors.begin(found, floors.question(found, wanted, share))
    return HttpResponseRedirect(_address(run, wanted, share))


@require_POST
@needs(rights.PLACEMENT)
def placement_floor_stop(request: HttpRequest, number: int, floor: int) -> HttpResponse:
    """Stop it; nothing half-done is kept."""
    run = run_of(str(number))
    row = floors.of_reader(week.seen(asked.user_of(request), clock.today(), run), floor)
    if row is None:
        raise Http404
    running.cancel(row)
    return HttpResponseRedirect(_address(run, f"{row.sheet}:{row.name}", str(row.permille)))


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
