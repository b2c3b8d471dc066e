"""A week's plan: run it, look at each proposal with its reasons, decide. German: Vergabe"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from vorort.placement.override import Override
from vorort.problems import Problem, Refused
from vorort.web import asked, clock, running
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.accounts.trail import Done
from vorort.web.middleware import lang_of
from vorort.web.proposals import decisions, runs, snapshot
from vorort.web.proposals import week as plan
from vorort.web.proposals.models import Run
from vorort.web.proposals.words import others

PLACES = 12  # lines of the other places of a household
SEATS = 20


@require_GET
@needs(rights.PLACEMENT)
def placement(request: HttpRequest) -> HttpResponse:
    """The newest plan; ``haushalt``: with the reasons for one."""
    return _page(request, _run(request.GET.get("lauf", "")), request.GET.get("haushalt", ""))


def run_of(text: str) -> Run:
    """A run that is done, by its number; else 404."""
    row = Run.objects.filter(pk=asked.whole(text), state="done").first()
    if row is None:
        raise Http404
    return row


def _run(text: str) -> Run | None:
    """The run asked for, else the newest."""
    return run_of(text) if text else runs.newest()


def _page(
    request: HttpRequest,
    run: Run | None,
    key: str = "",
    refused: tuple[Problem, ...] = (),
    status: int = 200,
) -> HttpResponse:
    running.settle(Run)
    open_run = Run.objects.filter(state__in=running.OPEN).first()
    user, today = asked.user_of(request), clock.today()
    is_news = open_run is not None and "war" in request.GET  # of the run alone, every two seconds
    found = plan.seen(user, today, run) if run and not is_news else None
    shown = plan.week(found) if found else None
    one = None
    if key and found:
        if key not in found.shown or key not in found.plan.problem.party:
            raise Http404
        one = plan.panel(found, key, _answer(request))
    plus, minus = plan.parts_of(one.why) if one else ([], [])
    newest = runs.newest()
    return render(request, "web/placement.html", {
        "week": shown, "run": run, "running": open_run,
        "panel": one, "plus": plus, "minus": minus, "key": key, "is_newest": run == newest,
        "page": Paginator(one.places if one else [], PLACES).get_page(request.GET.get("seite")),
        "answer": _answer(request),
        "seats": Paginator(shown.seats_only if shown else [], SEATS).get_page(
            request.GET.get("sitze")),
        "swaps": [x for x in shown.lines if x.is_open and x.key != key] if shown and one else [],
        "oldest": Run.objects.filter(state="done").order_by("id").first(),
        "repeatable": snapshot.is_repeatable(run) if run else False,
        "runs": Run.objects.filter(state__in=("done", "failed", "cancelled"))
        .select_related("actor").order_by("-id")[:10],
        "reasons": decisions.REASONS, "consequences": decisions.CONSEQUENCES,
        "refused": asked.told(refused, lang_of(request)), "today": today,
    }, status=status)  # fmt: skip


def _answer(request: HttpRequest) -> str:
    """Which of the three answers is asked for; none: all places."""
    wanted = request.GET.get("antwort", "")
    return wanted if wanted in ("possible", "full", "forbidden") else ""


@require_POST
@needs(rights.PLACEMENT_RUN)
def placement_start(request: HttpRequest) -> HttpResponse:
    """Queue a run; one at a time."""
    runs.begin(asked.user_of(request))
    return HttpResponseRedirect(reverse("placement"))


@require_POST
@needs(rights.PLACEMENT_RUN)
def placement_stop(request: HttpRequest, number: int) -> HttpResponse:
    """Stop; what was found so far is kept."""
    row = Run.objects.filter(pk=number).first()
    if row is None:
        raise Http404
    running.cancel(row)
    return HttpResponseRedirect(reverse("placement"))


def _seen(request: HttpRequest, number: int, key: str) -> tuple[plan.Seen, plan.Line]:
    """A household of a run, or 404 where this user may not know of it."""
    row = Run.objects.filter(pk=number, state="done").first()
    if row is None:
        raise Http404
    found = plan.seen(asked.user_of(request), clock.today(), row)
    if key not in found.shown or key not in found.plan.problem.party:
        raise Http404
    return found, found.line(key)


def _address(key: str = "") -> str:
    return (
        f"{reverse('placement')}?{urlencode({'haushalt': key})}#grund"
        if key
        else reverse("placement")
    )


def _decide(
    request: HttpRequest,
    number: int,
    key: str,
    right: str,
    act: Callable[[Any, UUID, plan.Seen, plan.Line], Done],
) -> HttpResponse:
    user = asked.user_of(request)
    if not rights.may(user, right):
        raise PermissionDenied(right)
    found, line = _seen(request, number, key)
    return asked.answer(
        request, lambda act_key: act(user, act_key, found, line), _address(key),
        lambda refused: _page(request, found.run, key, refused, 409),
    )  # fmt: skip


@require_POST
@needs(rights.DECIDE)
def placement_confirm(request: HttpRequest, number: int, key: str) -> HttpResponse:
    """Hold and confirm what is proposed for one household."""
    return _decide(request, number, key, rights.HOLD, decisions.confirm)


@require_POST
@needs(rights.DECIDE)
def placement_ask(request: HttpRequest, number: int, key: str) -> HttpResponse:
    """Ask other offices for the proposed seats of one household."""
    return _decide(request, number, key, rights.REQUEST, decisions.ask_for_seats)


@require_POST
@needs(rights.DECIDE)
def placement_change(request: HttpRequest, number: int, key: str) -> HttpResponse:
    """Lock, forbid, swap, decline, lift: first who else would move, then, sent again, stored."""
    user, sent = asked.user_of(request), request.POST
    found, line = _seen(request, number, key)

    def again(problems: tuple[Problem, ...]) -> HttpResponse:
        return _page(request, found.run, key, problems, 409)

    try:
        override = _override(sent, found, line)
    except Refused as refused:
        return again(refused.problems)
    note = sent.get("note", "")[:500]
    if sent.get("store") == "1":
        return asked.answer(
            request, lambda act_key: decisions.store(
                user, act_key, found, override, note, has_agreed=sent.get("agreed") == "1"),
            _address(key), again,
        )  # fmt: skip
    try:
        result = decisions.redone(found, override, is_asked=True)
    except Refused as refused:
        return again(refused.problems)
    moved = [m for m in result.moved if m.household in found.shown]
    hidden = len(result.moved) - len(moved)
    return render(request, "web/placement_change.html", {
        "found": result, "moved": moved, "hidden": others(hidden) if hidden else None,
        "gained": [m for m in result.gained if m.household in found.shown],
        "key": key, "line": line, "run": found.run, "override": override, "note": note,
        "points": result.points / 1000, "act_key": uuid.uuid4(), "units": " ".join(override.units),
        "reasons": dict(decisions.REASONS), "consequences": dict(decisions.CONSEQUENCES),
    })  # fmt: skip


def _override(sent: Any, found: plan.Seen, line: plan.Line) -> Override:
    kind = sent.get("kind", "")
    if kind not in decisions.KINDS:
        raise Refused([asked.nothing_chosen()])
    units = tuple(sent.get("units", "").split())
    if kind in ("lock", "forbid") and not units and line.home:
        units = line.home.units
    other = sent.get("other", "") or None
    if kind == "swap" and (other is None or other not in found.shown):
        raise Refused([asked.nothing_chosen()])
    override = Override(kind, line.key, units, other, sent.get("reason", "")[:200])
    if kind != "decline":
        return override
    if override.reason not in dict(decisions.REASONS):
        raise Refused([decisions.problem(
            "Der Grund der Ablehnung fehlt.", "The reason for declining is missing.",
            "Einen Grund wählen.", "Choose a reason.",
        )])  # fmt: skip
    wanted: Any = sent.get("consequence", "offer")
    is_known = wanted in dict(decisions.CONSEQUENCES)
    return replace(override, consequence=wanted if is_known else "offer")
