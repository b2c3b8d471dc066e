"""The outlook: run it on the register of today, watch, stop, read the report. German: Ausblick"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from vorort.reports.heat import by_severity, tint
from vorort.web import asked, clock, running
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.middleware import lang_of
from vorort.web.outlook import runs
from vorort.web.outlook.models import Run

MONTHS = 12  # shown here; the report has all
MONTH_DE = ["Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"]
MONTH_EN = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
CHOICES = (100, 1000)  # a quick look, and the one to rely on


@require_GET
@needs(rights.OUTLOOK)
def outlook(request: HttpRequest) -> HttpResponse:
    """The last sentence, the runs, and starting one."""
    running.settle(Run)
    found = list(Run.objects.select_related("actor").order_by("-pk").defer(
        "result", "report_de", "report_en")[:20])  # fmt: skip
    last = next((r for r in found if r.state == "done"), None)
    current = next((r for r in found if r.state in running.OPEN), None)
    is_news = current is not None and "war" in request.GET  # asked every two seconds
    return render(request, "web/outlook.html", {
        "runs": found, "last": last, "running": current, "left": current and _left(current),
        **(_read(last) if last and not is_news else {}),
    })  # fmt: skip


def _read(run: Run) -> dict[str, Any]:
    """Of a finished run: the months, and for each domain in how many of 100 draws it overflows."""
    result = json.loads(run.result)
    domains = by_severity(result["domains"])
    months = [m["month"] for m in domains[0][1]["months"][:MONTHS]]
    rows = [
        Row(d["label"], d["first_overload"]["month"],
            [(m["month"], *_share(m["overload_probability"])) for m in d["months"][:MONTHS]])
        for _, d in domains if d["capacity"] == "known"
    ]  # fmt: skip
    unknown = [d["label"] for _, d in domains if d["capacity"] == "unknown"]
    return {"estimates": result["estimates"], "months": [_month(m) for m in months],
            "rows": rows, "unknown": unknown}  # fmt: skip


class Row(NamedTuple):
    """A domain: its label, the month by which half of all draws had an overload, its months."""

    label: dict[str, str]
    first: str | None
    months: list[tuple[str, int, str]]


def _share(probability: float | None) -> tuple[int, str]:
    """Tint and words: never 0 or 100 for what is merely rare or merely likely."""
    if probability is None:
        return 0, "–"
    said = round(100 * probability)
    if 0 < probability < 0.02:
        return 0, "< 2"
    return tint(probability), "> 98" if probability > 0.98 else str(said)


def _month(text: str) -> dict[str, str]:
    year, month = text.split("-")
    at = int(month) - 1
    return {"de": MONTH_DE[at], "en": MONTH_EN[at], "year": year if at == 0 else ""}


def _left(run: Run) -> int | None:
    """Seconds until it is done, by the pace so far; None where nothing can be said yet."""
    since = (clock.now() - run.at).total_seconds()
    if not run.done or since <= 0:
        return None
    return max(1, round(since / run.done * (run.total - run.done)))


@require_POST
@needs(rights.OUTLOOK_RUN)
def start(request: HttpRequest) -> HttpResponse:
    """Queue a run; one at a time."""
    text = request.POST.get("draws", "")
    draws = int(text) if text in [str(c) for c in CHOICES] else CHOICES[-1]
    runs.begin(asked.user_of(request), draws)
    return HttpResponseRedirect(reverse("outlook"))


def _run(number: int) -> Run:
    row = Run.objects.filter(pk=number).first()
    if row is None:
        raise Http404
    return row


@require_POST
@needs(rights.OUTLOOK_RUN)
def stop(request: HttpRequest, number: int) -> HttpResponse:
    """Cancel it; nothing half-done is kept."""
    running.cancel(_run(number))
    return HttpResponseRedirect(reverse("outlook"))


@require_GET
@needs(rights.OUTLOOK)
@csp_replace({"style-src": ["'self'", "'unsafe-inline'"], "img-src": ["'self'", "data:"]})
def report(request: HttpRequest, number: int) -> HttpResponse:
    """The report as one page, as the command line writes it. It holds its own styles, no script."""
    row: Any = _run(number)
    text = row.report_en if lang_of(request) == "en" else row.report_de
    if not text:
        raise Http404
    return HttpResponse(text)


@require_GET
@needs(rights.OUTLOOK)
def result(request: HttpRequest, number: int) -> HttpResponse:
    """The figures, as `vorort stress --json` writes them."""
    row = _run(number)
    if not row.result:
        raise Http404
    answer = HttpResponse(row.result, content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="ausblick-{number}.json"'
    return answer
