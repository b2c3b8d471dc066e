"""The outlook: run it on the register of today, watch, stop, read the report. German: Ausblick"""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from vorort.web import asked
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.middleware import lang_of
from vorort.web.outlook import runs
from vorort.web.outlook.models import OPEN, Run

CHOICES = (100, 1000)  # a quick look, and the one to rely on


@require_GET
@needs(rights.OUTLOOK)
def outlook(request: HttpRequest) -> HttpResponse:
    """The last sentence, the runs, and starting one."""
    runs.settle()
    found = list(Run.objects.select_related("actor").order_by("-pk").defer(
        "result", "report_de", "report_en")[:20])  # fmt: skip
    last = next((r for r in found if r.state == "done"), None)
    running = next((r for r in found if r.state in OPEN), None)
    return render(request, "web/outlook.html", {
        "runs": found, "last": last, "running": running, "choices": CHOICES,
        "refresh": running is not None,
    })  # fmt: skip


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
    runs.cancel(_run(number))
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
