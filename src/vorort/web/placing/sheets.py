"""The week's comings and goings, the sheet for a night without power, and the emergency move."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from vorort.ledger import BEDS, Ledger, UnitDay, bucket_of, occupancy
from vorort.problems import Problem
from vorort.vocabulary import Text, Unit
from vorort.web import asked, bridge, clock, forms, sight
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.forms import Field
from vorort.web.intake.models import Name
from vorort.web.middleware import lang_of
from vorort.web.placing import more
from vorort.web.town.models import Site

WEEK = 7


@dataclass(frozen=True)
class Move:
    """People of a household who come or go on a day."""

    day: date
    site: str
    unit: str
    household: str  # '' where this user does not see who
    people: int
    status: str


@require_GET
@needs(rights.BOARD)
def week(request: HttpRequest) -> HttpResponse:
    """Arrivals and leavings of the next seven days, by day and site."""
    user, today = asked.user_of(request), clock.today()
    sites = sight.sites_for(user, rights.BOARD)
    end = today + timedelta(days=WEEK)
    ledger = bridge.sites_between(sites.values_list("id", flat=True), today, end)
    shown = sight.shown_households(user)
    coming, going = (_moves(ledger, today, end, shown, column) for column in ("from_", "until"))
    return render(request, "web/week.html", {"coming": coming, "going": going, "today": today})


def _moves(
    ledger: Ledger, start: date, end: date, shown: frozenset[str], column: str
) -> list[Move]:
    counts: defaultdict[tuple[date, str, str, str, str], int] = defaultdict(int)
    for row in ledger.current:
        day = getattr(row, column)
        if row.domain != BEDS or row.unit is None or day is None or not start <= day < end:
            continue
        if row.status not in ("held", "confirmed", "moved_in"):
            continue
        site = ledger.facility[ledger.unit[row.unit].facility].name
        who = ledger.household_of(row.person, row.from_ or day) or ""
        counts[day, site, row.unit, who if who in shown else "", row.status] += 1
    return [Move(d, s, u, h, n, st) for (d, s, u, h, st), n in sorted(counts.items())]


@dataclass(frozen=True)
class NightSheet:
    """A site on paper: who sleeps in which unit tonight, and what is free."""

    site: Site
    total: UnitDay
    rows: list[tuple[Unit, UnitDay, list[tuple[str, list[str], str]]]]


@require_GET
@needs(rights.BOARD)
def night(request: HttpRequest) -> HttpResponse:
    """To print before it is needed: one page a site. Protected people are "belegt" here too."""
    user, today = asked.user_of(request), clock.today()
    sites = list(sight.sites_for(user, rights.BOARD).order_by("name"))
    chosen = request.GET.get("standort", "")
    if chosen:
        sites = [s for s in sites if s.key == chosen]
    ledger = bridge.sites_between([s.pk for s in sites], today, today + timedelta(days=1))
    states = occupancy(ledger, today, today=today).units
    shown = sight.shown_households(user)
    names = names_of_people(user, shown)
    sheets = []
    for site in sites:
        rows = [
            (u, states[u.id], _sleepers(ledger, u, today, shown, names))
            for u in ledger.units_of.get(site.key, ())
            if u.domain == BEDS
        ]
        sheets.append(NightSheet(site, UnitDay.total(s for _, s, _ in rows), rows))
    return render(request, "web/night.html", {
        "sheets": sheets, "today": today, "now": clock.now(), "chosen": chosen,
    })  # fmt: skip


def names_of_people(user: Any, shown: frozenset[str]) -> dict[str, str]:
    """The first name recorded of each person of some households, with the right to names."""
    if not rights.may(user, rights.NAMES):
        return {}
    rows = Name.objects.filter(person__membership__household__key__in=shown).order_by("-id")
    return {n.person.key: str(n) for n in rows.select_related("person")}


def _sleepers(
    ledger: Ledger, unit: Unit, day: date, shown: frozenset[str], names: dict[str, str]
) -> list[tuple[str, list[str], str]]:
    """By household: its number, its people, the state; '' for those this user does not see."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in ledger.rows_in.get(unit.id, ()):
        state = bucket_of(row, day, day)
        if state:
            who = ledger.household_of(row.person, day) or ""
            is_shown = who in shown
            person = names.get(row.person, row.person) if is_shown else ""
            found[who if is_shown else "", state if is_shown else ""].append(person)
    return [(who, sorted(p for p in people if p), state) for (who, state), people in found.items()]


# ---- emergency move -----------------------------------------------------------------------------

FIELDS = (
    Field("start", Text("Wer", "Who"), needed=True,
          hint=Text("Standorte, Einheiten oder Haushalte, mit Leerzeichen",
                    "sites, units or households, with spaces")),
    Field("units", Text("Wohin", "Where to"), needed=True,
          hint=Text("Einheiten, mit Leerzeichen", "units, with spaces")),
    Field("on", Text("am", "on"), "day", True),
    Field("over_until", Text("Überbelegung längstens bis", "over-occupied at the latest until"),
          "day", True),
    Field("reason", Text("Grund", "Reason"), needed=True),
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(rights.EMERGENCY)
def emergency(request: HttpRequest) -> HttpResponse:
    """Many at once: first shown, then entered. Works for a night that is past as well."""
    user, today = asked.user_of(request), clock.today()
    start = {"on": today, "over_until": today + timedelta(days=14)}
    if request.method == "GET":
        return _emergency_page(request, forms.bound(FIELDS, start))
    values, problems = forms.read(FIELDS, request.POST)
    beds: dict[str, str] = {}
    if not problems:
        beds, problems = _spread(values["start"].split(), values["units"].split(), values["on"])
    bound = forms.bound(FIELDS, start, request.POST, problems)
    if problems:
        return _emergency_page(request, bound, problems)
    if not request.POST.get("sure"):
        counts: defaultdict[str, int] = defaultdict(int)
        for unit in beds.values():
            counts[unit] += 1
        return _emergency_page(request, bound, counts=sorted(counts.items()), people=len(beds))
    return asked.answer(
        request,
        lambda key: more.emergency(
            user, key, beds, values["on"], values["over_until"], values["reason"]
        ),
        reverse("tasks"), lambda refused: _emergency_page(request, bound, refused),
    )  # fmt: skip


def _spread(
    start: list[str], units: list[str], on: date
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """A unit for each person, households together: into free places first, then evenly."""
    ledger = bridge.present()
    problems = [_unknown(t, "units") for t in units
                if t not in ledger.unit or ledger.unit[t].domain != BEDS]  # fmt: skip
    people: dict[str, None] = {}
    for token in start:
        found = _people(ledger, token, on)
        if found is None:
            problems.append(_unknown(token, "start"))
        people.update(dict.fromkeys(found or ()))
    if not problems and not people:
        problems.append(Problem(
            "", "Dort ist an diesem Tag niemand.", "Nobody is there on that day.",
            "Angabe und Tag prüfen.", "Check what you gave and the day.", column="start",
        ))  # fmt: skip
    if problems:
        return {}, tuple(problems)
    states = occupancy(ledger, on).units
    room = {u: states[u].free for u in units}
    parties: defaultdict[str, list[str]] = defaultdict(list)
    for person in people:
        parties[ledger.party_of(person, on)].append(person)
    beds: dict[str, str] = {}
    for party in sorted(parties, key=lambda p: (-len(parties[p]), p)):
        size = len(parties[party])
        unit = max(units, key=lambda u: (room[u] >= size, room[u], u))
        room[unit] -= size
        beds.update(dict.fromkeys(parties[party], unit))
    return beds, ()


def _people(ledger: Ledger, token: str, on: date) -> list[str] | None:
    """Who is meant by a household, a unit or a whole site; None: there is no such thing."""
    if token in ledger.household:
        return list(ledger.members(token, on))
    if token in ledger.unit:
        units = [token]
    elif token in ledger.facility:
        units = [u.id for u in ledger.units_of.get(token, ()) if u.domain == BEDS]
    else:
        return None
    return sorted({
        r.person for u in units for r in ledger.rows_in.get(u, ())
        if bucket_of(r, on) in ("confirmed", "moved_in")
    })  # fmt: skip


def _unknown(token: str, column: str) -> Problem:
    return Problem(
        "", f"„{token[:40]}“ ist unbekannt.", f"“{token[:40]}” is not known.",
        "Nummer prüfen, zum Beispiel GU-ZIE, GU-ZIE-003 oder H-0002.",
        "Check the number, for example GU-ZIE, GU-ZIE-003 or H-0002.", column=column,
    )  # fmt: skip


def _emergency_page(
    request: HttpRequest,
    bound: list[forms.Bound],
    refused: tuple[Problem, ...] = (),
    **more_: Any,
) -> HttpResponse:
    return render(request, "web/emergency.html", {
        "bound": bound, "act_key": uuid.uuid4(), "refused": asked.told(refused, lang_of(request)),
        **more_,
    }, status=409 if refused else 200)  # fmt: skip
