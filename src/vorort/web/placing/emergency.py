"""Many at once, by one named official: fire at night, 80 people. German: Notverlegung

Whence and whereto are ticked; shown first, then entered; works for a night that is past as well.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from vorort.ledger import BEDS, Ledger, bucket_of, occupancy
from vorort.problems import Problem
from vorort.vocabulary import Text
from vorort.web import asked, bridge, clock, forms, sight
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.forms import Field
from vorort.web.intake.models import Person
from vorort.web.middleware import lang_of
from vorort.web.placing import more
from vorort.web.totals.now import sites_of_units
from vorort.web.totals.reading import site_totals
from vorort.web.town.models import Site

FIELDS = (
    Field("start", Text("einzelne Einheiten oder Haushalte", "single units or households"),
          hint=Text("Nummern mit Leerzeichen", "numbers with spaces")),
    Field("units", Text("in einzelne Einheiten", "into single units"),
          hint=Text("Nummern mit Leerzeichen", "numbers with spaces")),
    Field("on", Text("am", "on"), "day", True),
    Field("over_until", Text("Überbelegung längstens bis", "over-occupied at the latest until"),
          "day", True),
    Field("reason", Text("Grund", "Reason"), needed=True),
)  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """A site from which or to which people can be moved."""

    key: str
    name: str
    people: int
    free: int


@dataclass(frozen=True)
class Going:
    """How many go into a unit, and how many are then too many there."""

    unit: str
    people: int
    too_many: int


@require_http_methods(["GET", "POST"])
@needs(rights.EMERGENCY)
def emergency(request: HttpRequest) -> HttpResponse:
    """First shown, then entered."""
    user, today = asked.user_of(request), clock.today()
    start = {"on": today, "over_until": today + timedelta(days=14)}
    if request.method == "GET":
        start["start"] = request.GET.get("wer", "")[:80]  # type: ignore[assignment]
        return _page(request, forms.bound(FIELDS, start))
    values, problems = forms.read(FIELDS, request.POST)
    whence = [*request.POST.getlist("start_site"), *(values.get("start") or "").split()]
    whereto = [*request.POST.getlist("to_site"), *(values.get("units") or "").split()]
    problems = (*problems, *_missing(whence, "start"), *_missing(whereto, "units"))
    beds: dict[str, str] = {}
    if not problems:
        beds, problems = _spread(whence, whereto, values["on"])
    bound = forms.bound(FIELDS, start, request.POST, problems)
    if problems:
        return _page(request, bound, problems)
    if not request.POST.get("sure"):
        return _page(request, bound, going=_going(beds, values["on"]), people=len(beds))
    return asked.answer(
        request,
        lambda key: more.emergency(
            user, key, beds, values["on"], values["over_until"], values["reason"]
        ),
        reverse("tasks"), lambda refused: _page(request, bound, refused),
    )  # fmt: skip


def _missing(tokens: list[str], column: str) -> list[Problem]:
    if tokens:
        return []
    what = ("Woher", "Whence") if column == "start" else ("Wohin", "Whereto")
    return [
        Problem(
            "", f"{what[0]} fehlt.", f"{what[1]} is missing.",
            "Standorte ankreuzen oder Nummern eintragen.", "Tick sites or enter numbers.",
            column=column,
        )
    ]  # fmt: skip


def _going(beds: dict[str, str], on: date) -> list[Going]:
    """What it does to each unit; who is moved leaves an own place in none of them."""
    states = {
        unit: state
        for site in sites_of_units(beds.values(), on)
        for unit, state in site.on(on, clock.today()).items()
    }
    counts: defaultdict[str, int] = defaultdict(int)
    for unit in beds.values():
        counts[unit] += 1
    return [
        Going(unit, n, max(0, states[unit].used + n - states[unit].open) - states[unit].over)
        for unit, n in sorted(counts.items())
    ]


def _choices(user: Any, day: date) -> list[Choice]:
    """The sites this user may move people from and to, with people and free places."""
    sites = sight.sites_for(user, rights.EMERGENCY)
    found = site_totals(sites.values_list("pk", flat=True), [day], day)[0]
    return [
        Choice(s.key, s.name, found[s.key].used, found[s.key].free)
        for s in sites.order_by("name") if s.key in found
    ]  # fmt: skip


def _spread(
    whence: list[str], whereto: list[str], on: date
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """A unit for each person, households together: into free places first, then evenly."""
    ledger = _around([*whence, *whereto])
    people, wrong = _who(ledger, whence, on)
    left = {u for token in whence for u in _units(ledger, token) or ()}
    room, odd = _room(ledger, whereto, left, on)
    if wrong or odd:
        return {}, (*wrong, *odd)
    parties: defaultdict[str, list[str]] = defaultdict(list)
    for person in people:
        parties[ledger.party_of(person, on)].append(person)
    beds: dict[str, str] = {}
    for party in sorted(parties, key=lambda p: (-len(parties[p]), p)):
        size = len(parties[party])
        unit = max(room, key=lambda u: (room[u] >= size, room[u], u))
        room[unit] -= size
        beds.update(dict.fromkeys(parties[party], unit))
    return beds, ()


def _around(tokens: list[str]) -> Ledger:
    """Whole the sites that are meant or whose units are, and the households that are meant."""
    chosen = Site.objects.filter(Q(key__in=tokens) | Q(unit__key__in=tokens)).distinct()
    people = Person.objects.filter(membership__household__key__in=tokens).distinct()
    sites = chosen.values_list("pk", flat=True)
    return bridge.around(sites, people.values_list("pk", flat=True), tokens)


def _who(ledger: Ledger, whence: list[str], on: date) -> tuple[list[str], list[Problem]]:
    problems, people = [], dict[str, None]()
    for token in whence:
        found = _people(ledger, token, on)
        if found is None:
            problems.append(_unknown(token, "start"))
        people.update(dict.fromkeys(found or ()))
    if not problems and not people:
        problems.append(Problem(
            "", "Dort ist an diesem Tag niemand.", "Nobody is there on that day.",
            "Angabe und Tag prüfen.", "Check what you gave and the day.", column="start",
        ))  # fmt: skip
    return list(people), problems


def _room(
    ledger: Ledger, whereto: list[str], left: set[str], on: date
) -> tuple[dict[str, int], list[Problem]]:
    """Free places of each unit people may go to; of a site only units that are open and that
    nobody is moved from."""
    states = occupancy(ledger, on, today=clock.today()).units
    problems, room = [], dict[str, int]()
    for token in whereto:
        there = _units(ledger, token)
        if not there:
            problems.append(_unknown(token, "units"))
        for unit in there or ():
            if unit == token or (unit not in left and states[unit].open):
                room[unit] = states[unit].free
    if not problems and not room:
        problems.append(Problem(
            "", "Dort gibt es an diesem Tag keine Plätze.", "There are no places on that day.",
            "Einen anderen Standort wählen.", "Choose another site.", column="units",
        ))  # fmt: skip
    return room, problems


def _units(ledger: Ledger, token: str) -> list[str] | None:
    """Units with beds that a unit's or a site's number means."""
    if token in ledger.unit:
        return [token] if ledger.unit[token].domain == BEDS else []
    if token in ledger.facility:
        return [u.id for u in ledger.units_of.get(token, ()) if u.domain == BEDS]
    return None


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


def _page(
    request: HttpRequest,
    bound: list[forms.Bound],
    refused: tuple[Problem, ...] = (),
    **more_: Any,
) -> HttpResponse:
    return render(request, "web/emergency.html", {
        "bound": {b.field.name: b for b in bound}, "act_key": uuid.uuid4(),
        "choices": _choices(asked.user_of(request), clock.today()),
        "whence": request.POST.getlist("start_site"), "whereto": request.POST.getlist("to_site"),
        "wrong": {p.column for p in refused}, "refused": asked.told(refused, lang_of(request)),
        **more_,
    }, status=409 if refused else 200)  # fmt: skip
