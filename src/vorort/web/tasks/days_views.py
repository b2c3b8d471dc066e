"""The page on which the Kommune sets after how many days a task arises."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from vorort.problems import Problem, Refused
from vorort.vocabulary import Text
from vorort.web import asked, forms
from vorort.web.accounts import rights
from vorort.web.accounts.models import Act
from vorort.web.accounts.rights import needs
from vorort.web.forms import Field
from vorort.web.middleware import lang_of
from vorort.web.tasks import days
from vorort.web.tasks.models import Days

FIELDS = tuple(
    Field(s.key, s.text, "number", low=s.low, high=s.high,
          hint=Text(f"leer: {s.default} Tage", f"empty: {s.default} days"))
    for s in days.SETTINGS
)  # fmt: skip


@require_GET
@needs(rights.RULES)
def task_days(request: HttpRequest) -> HttpResponse:
    """What holds, with default, range and reason."""
    return _page(request)


@require_POST
@needs(rights.RULES_EDIT)
def task_days_set(request: HttpRequest) -> HttpResponse:
    """All of them anew; what is left empty is the default."""
    values, problems = forms.read(FIELDS, request.POST)

    def act(key: uuid.UUID) -> Any:
        if problems:
            raise Refused(problems)
        return days.save(asked.user_of(request), key, values)

    return asked.answer(
        request, act, reverse("task_days"), lambda refused: _page(request, refused)
    )  # fmt: skip


def _page(request: HttpRequest, refused: tuple[Problem, ...] = ()) -> HttpResponse:
    own, holds = dict(Days.objects.values_list("key", "days")), days.known()
    sent = request.POST if refused else None
    acts = Act.objects.filter(kind="days_change").select_related("actor")
    return render(request, "web/task_days.html", {
        "lines": [(s, holds[s.key], s.key in own) for s in days.SETTINGS],
        "bound": forms.bound(FIELDS, own, sent, refused), "act_key": uuid.uuid4(),
        "acts": acts.prefetch_related("changed").order_by("-id")[:15],
        "refused": asked.told(refused, lang_of(request)),
    }, status=409 if refused else 200)  # fmt: skip
