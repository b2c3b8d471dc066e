"""The list of tasks, overdue first."""

from __future__ import annotations

import uuid

from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from vorort.problems import Problem
from vorort.web import asked, clock, tables
from vorort.web.accounts import rights
from vorort.web.accounts.models import User
from vorort.web.accounts.rights import needs
from vorort.web.middleware import lang_of
from vorort.web.tasks import actions
from vorort.web.tasks.handover import begun_by, homes_of
from vorort.web.tasks.kinds import KINDS
from vorort.web.tasks.models import Task
from vorort.web.tasks.queries import COLUMNS, tasks_for

ON_A_PAGE = 40  # lines of each part of a handing over


@require_GET
@needs(rights.TASKS)
def tasks(request: HttpRequest) -> HttpResponse:
    """What is to be done."""
    return _tasks(request)


def leaver_of(task: Task) -> str:
    """The number of the colleague a handing over is about."""
    if task.kind != "handover":
        return ""
    row = task.made_by.changed.filter(table="user").first()
    return row.row if row else ""


def _tasks(
    request: HttpRequest, refused: tuple[Problem, ...] = (), status: int = 200
) -> HttpResponse:
    user, kind = asked.user_of(request), request.GET.get("art", "")
    found = tasks_for(user).select_related("household", "person", "unit", "site", "office")
    kinds = sorted(found.order_by().values_list("kind", flat=True).distinct())
    if kind in kinds:
        found = found.filter(kind=kind)
    found = found.order_by(F("due").asc(nulls_last=True), "id")
    found = tables.ordered_rows(request.GET, found, COLUMNS)
    page = Paginator(found, 50).get_page(request.GET.get("seite", "1"))
    lang = lang_of(request)
    return render(request, "web/tasks.html", {
        "page": page, "rows": [(t, KINDS[t.kind], uuid.uuid4(), leaver_of(t)) for t in page],
        "today": clock.today(), "heads": tables.heads(request, COLUMNS),
        "kinds": [(k, KINDS[k]) for k in kinds], "kind": kind,
        "refused": asked.told(refused, lang),
    }, status=status)  # fmt: skip


@require_GET
@needs(rights.TASKS)
def handover(request: HttpRequest, number: int) -> HttpResponse:
    """What a colleague of the own office leaves behind."""
    user = asked.user_of(request)
    leaver = User.objects.filter(pk=number, office=user.office).select_related(
        "office", "role"
    ).first()  # fmt: skip
    if leaver is None:
        raise Http404
    begun = begun_by(leaver, user)
    holds, requests, tasks, cases = (
        Paginator(rows, ON_A_PAGE).get_page(request.GET.get(name, "1"))
        for name, rows in (("gehalten", begun.holds), ("anfragen", begun.requests),
                           ("aufgaben", begun.tasks), ("faelle", begun.cases))
    )  # fmt: skip
    home = homes_of({row.person_id for page in (holds, requests) for row in page}, user)
    return render(request, "web/handover.html", {
        "leaver": leaver, "holds": holds, "requests": requests, "tasks": tasks, "cases": cases,
        "held": [(home[s.person_id], s) for s in holds],
        "asked_for": [(home[r.person_id], r) for r in requests],
        "to_do": [(t, KINDS[t.kind]) for t in tasks],
    })  # fmt: skip


@require_POST
@needs(rights.TASKS_END)
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Done."""
    user = asked.user_of(request)
    if (
        not tasks_for(user).filter(pk=number).exists()
        and not Task.objects.filter(pk=number, done_by__isnull=False, office=user.office).exists()
    ):
        raise Http404
    back = request.POST.get("next", "")  # a page of a site or unit shows its tasks as well
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = reverse("tasks")
    return asked.answer(
        request, lambda key: actions.end(user, key, number), back,
        lambda problems: _tasks(request, problems, 409),
    )  # fmt: skip
