"""Pages: parse what was asked, call a query or an action, show it. German: Seiten"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from vorort.deadlines import read_rules
from vorort.ledger import AGES, BEDS
from vorort.ledger.acts.places import ENDINGS
from vorort.problems import Problem, Refused
from vorort.vocabulary import LIVING
from vorort.web import asked, clock, forms, sight, tables
from vorort.web.accounts import rights
from vorort.web.accounts.models import ReadLog
from vorort.web.accounts.rights import needs
from vorort.web.accounts.trail import Done
from vorort.web.deadlines.queries import dates_of
from vorort.web.intake.fields import SEPARATIONS, offices
from vorort.web.intake.household import blocks
from vorort.web.intake.models import Household, Person
from vorort.web.intake.person import may_here
from vorort.web.middleware import lang_of
from vorort.web.placing import actions, acts, house, lapse, more, queries, waiting
from vorort.web.placing.today import today_page
from vorort.web.requests.queries import of_household
from vorort.web.town import turnaround
from vorort.web.town.models import District, Office, Site, Unit


@require_GET
@needs(rights.TODAY)
def today(request: HttpRequest) -> HttpResponse:
    """What is due now."""
    lapse.write_due()
    day = clock.today()
    page = today_page(asked.user_of(request), day)
    return render(request, "web/today.html", {"page": page, "today": day})


@require_GET
@needs(rights.TODAY)
def needs_open(request: HttpRequest) -> HttpResponse:
    """Who waits for a place, by age and area."""
    day, user = clock.today(), asked.user_of(request)
    every = waiting.needs_for(user, day)
    found = tables.ordered(request.GET, waiting.fitting(every, request.GET), waiting.COLUMNS)
    ages, areas = waiting.by_area(found)
    page = Paginator(found, 100).get_page(request.GET.get("seite", "1"))
    names = dict(District.objects.values_list("key", "name"))
    return render(request, "web/waiting.html", {
        "page": page, "ages": ages, "areas": [(names.get(a, ""), *rest) for a, *rest in areas],
        "total": len(found), "domains": sorted({n.domain for n in every}), "all_ages": AGES,
        "districts": District.objects.order_by("name"), "asked": request.GET,
        "heads": tables.heads(request, waiting.COLUMNS),
        "rows": [(n, names.get(n.area, "")) for n in page],
    })  # fmt: skip


@require_GET
@needs(rights.BOARD)
def board(request: HttpRequest) -> HttpResponse:
    """Sites by days; any day by its address."""
    now = clock.today()
    lapse.write_due()
    start, wrong = asked.day(request.GET.get("tag", ""), now)
    known, odd = asked.day(request.GET.get("bekannt", ""), now)
    is_past = bool(request.GET.get("bekannt")) and not odd and known < now
    length = asked.whole(request.GET.get("tage", "")) or queries.DAYS
    length = length if length in queries.RANGES else queries.DAYS
    found = queries.board(
        asked.user_of(request), start, now, kind=request.GET.get("art", ""),
        district=request.GET.get("stadtteil", ""), opened=request.GET.get("standort", ""),
        known_at=clock.end_of(known) if is_past else None, number=request.GET.get("seite", ""),
        length=length,
    )  # fmt: skip
    beds = Site.objects.filter(pk__in=Unit.objects.filter(domain=BEDS).values("facility"))
    kinds = beds.order_by().values_list("kind", flat=True).distinct()
    return render(request, "web/board.html", {
        "board": found, "start": start, "today": now, "kinds": sorted(set(kinds)),
        "districts": District.objects.order_by("name"), "wrong": wrong or odd,
        "known": known if is_past else None,
        "before": start - timedelta(days=length), "after": start + timedelta(days=length),
        "length": length, "ranges": queries.RANGES,
        "asked": request.GET,
    })  # fmt: skip


@require_GET
@needs(rights.HOUSEHOLD)
def household(request: HttpRequest, key: str) -> HttpResponse:
    """One household."""
    return household_page(request, key)


def household_page(
    request: HttpRequest,
    key: str,
    refused: tuple[Problem, ...] = (),
    status: int = 200,
    what: str = "",
) -> HttpResponse:
    """The page of a household; after a refusal with its reasons."""
    row = _mine(request, key)
    user, day = asked.user_of(request), clock.today()
    lapse.write_due()
    page = house.household_page(user, key, day)
    if row.protected and page.may_place:
        _log_read(request, row)
    lang = lang_of(request)
    what = what or request.GET.get("was", "")
    return render(request, "web/household.html", {
        "page": page, "today": day, "key": key, "separations": SEPARATIONS,
        "offices": [o for o in offices() if o[0] != row.responsible], "what": what,
        "blocks": blocks(user, row, what, request.POST, refused), "all_offices": offices(),
        "act_key": uuid.uuid4(), "endings": ENDINGS,
        "refused": asked.told(refused, lang), "forms": _forms(request, page, what, refused),
        "waits": turnaround.KINDS, "dates": _dates(user, key, day),
        "wishes_asked": of_household(user, key),
        "may_disclose": page.may_place and may_here(user, rights.DISCLOSE, row),
        "open": {s: [r for r in page.stays if r.status == s] for s in LIVING},
    }, status=status)  # fmt: skip


def _dates(user: Any, key: str, day: date) -> list[Any]:
    """Next legal dates of the members, with the right to see them."""
    if not rights.may(user, rights.DATES):
        return []
    rules = read_rules()
    return [(x, rules[x.deadline.rule]) for x in dates_of(user, day, key)]


def _forms(
    request: HttpRequest, page: house.HouseholdPage, what: str, refused: tuple[Problem, ...]
) -> list[dict[str, Any]]:
    """The further acts with their fields; one that was refused keeps what was typed."""
    start = acts.start_values(clock.today())
    found = []
    for name, form, rows in acts.fitting(page.stays, asked.user_of(request)):
        sent = request.POST if name == what and request.POST else None
        found.append({
            "name": name, "form": form, "rows": rows, "open": name == what, "key": uuid.uuid4(),
            "bound": forms.bound(
                acts.fields_for(
                    name, form, asked.user_of(request), page.household.id, asked=name == what
                ), start, sent, refused,
            ),
            "chosen": request.POST.getlist("stay") if sent is not None else [],
            "seen": more.mark(refused) if name == what == "correct" and refused else "",
        })  # fmt: skip
    return found


@require_POST
@needs(rights.CONFIRM)
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Confirm held places."""
    return _on_stays(request, key, lambda k, ids: actions.confirm(asked.user_of(request), k, ids))


@require_POST
@needs(rights.MOVE_IN)
def move_in(request: HttpRequest, key: str) -> HttpResponse:
    """They came."""
    user, sent = asked.user_of(request), request.POST
    keys, rules = sent.get("keys", "")[:80], sent.get("rules") == "1"
    return _on_stays(
        request, key,
        lambda k, ids: actions.move_in(
            user, k, ids, asked.needed_day(request, "on"), keys, rules),
    )  # fmt: skip


@require_POST
@needs(rights.MOVE_OUT)
def move_out(request: HttpRequest, key: str) -> HttpResponse:
    """They left."""
    reason = request.POST.get("reason", "")
    user = asked.user_of(request)
    office = Office.objects.filter(key=request.POST.get("office", "")).first()
    return _on_stays(
        request, key,
        lambda k, ids: actions.move_out(
            user, k, ids, asked.needed_day(request, "on"), reason, request.POST.getlist("then"),
            office=office, due=asked.optional_day(request, "due")),
    )  # fmt: skip


@require_POST
@needs(rights.HOUSEHOLD)
def stay_act(request: HttpRequest, key: str, what: str) -> HttpResponse:
    """Keep, extend, transfer, swap, cancel, over-occupy, correct ...: see `acts.FORMS`."""
    form, user = acts.FORMS.get(what), asked.user_of(request)
    if form is None:
        raise Http404
    if not rights.may(user, form.right):
        raise PermissionDenied(form.right)
    placeable(request, key)
    names = list(dict.fromkeys(request.POST.getlist("stay")))
    people = Person.objects.filter(membership__household__key=key)
    if not set(names) <= set(house.versions_of(people)):
        raise Http404
    values, problems = forms.read(form.fields, request.POST)
    if form.statuses and (not names or (form.one and len(names) != 1)):
        problems = (*problems, asked.nothing_chosen())
    if problems:
        return household_page(request, key, problems, 409, what)

    def act(act_key: UUID) -> Done:
        return form.act(user, act_key, key, names, values, request.POST.get("seen", ""))

    return asked.answer(
        request, act, reverse("household", args=[key]),
        lambda refused: household_page(request, key, refused, 409, what),
    )  # fmt: skip


def _on_stays(
    request: HttpRequest, key: str, act: Callable[[UUID, list[str]], Done]
) -> HttpResponse:
    placeable(request, key)
    names = list(dict.fromkeys(request.POST.getlist("stay")))
    people = Person.objects.filter(membership__household__key=key)
    known = set(house.versions_of(people))
    if not set(names) <= known:
        raise Http404

    def checked(act_key: UUID) -> Done:
        if not names:
            raise Refused([asked.nothing_chosen()])
        return act(act_key, names)

    return answer_household(request, key, checked)


def answer_household(request: HttpRequest, key: str, act: Callable[[UUID], Done]) -> HttpResponse:
    """Do it and show the household; where refused, show every reason on the same page (409)."""

    def again(problems: tuple[Problem, ...]) -> HttpResponse:
        if not rights.may(request.user, rights.HOUSEHOLD):
            raise Refused(problems)
        return household_page(request, key, problems, status=409)

    return asked.answer(request, act, reverse("household", args=[key]), again)


def _mine(request: HttpRequest, key: str) -> Household:
    """The household, or 404 where this user may not know of it."""
    row = sight.households_for(asked.user_of(request)).filter(key=key).first()
    if row is None:
        raise Http404
    return row


def placeable(request: HttpRequest, key: str) -> Household:
    """A household whose place this user sees, else 404: a refusal would say where it lives."""
    if not rights.may(request.user, rights.HOUSEHOLD):
        raise Http404
    return asked.opened(request, key)


def _log_read(request: HttpRequest, row: Household) -> None:
    people = Person.objects.filter(membership__household=row).distinct()
    ReadLog.objects.bulk_create(
        ReadLog(actor=request.user, subject=p, purpose_code="household.page", at=clock.now())
        for p in people
    )
