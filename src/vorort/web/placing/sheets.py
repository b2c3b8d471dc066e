"""The week's comings and goings, the sheet for a night without power, and the emergency move."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vorort.ledger import BEDS, Ledger, UnitDay, bucket_of
from vorort.vocabulary import Unit
from vorort.web import asked, bridge, clock, sight
from vorort.web.accounts import rights
from vorort.web.accounts.rights import needs
from vorort.web.intake.models import Name, called
from vorort.web.totals.now import SiteNow, sites_now
from vorort.web.town.models import Site

WEEK = 7


@dataclass(frozen=True)
class Move:
    """People of a household who come or go on a day."""

    unit: str
    household: str  # '' where this user does not see who
    people: int
    status: str


@dataclass(frozen=True)
class SiteMoves:
    """A site's moves of a day."""

    key: str
    name: str
    moves: list[Move]


@dataclass(frozen=True)
class Day:
    """A day of the week with who comes and who goes, by site."""

    day: date
    coming: list[SiteMoves]
    going: list[SiteMoves]
    come: int
    go: int


@require_GET
@needs(rights.BOARD)
def week(request: HttpRequest) -> HttpResponse:
    """Arrivals and leavings of seven days, by day and site; of one site where asked."""
    user, today = asked.user_of(request), clock.today()
    start, wrong = asked.day(request.GET.get("tag", ""), today)
    sites = sight.sites_for(user, rights.BOARD).order_by("name")
    chosen = request.GET.get("standort", "")
    some = [s for s in sites if chosen in ("", s.key)]
    end = start + timedelta(days=WEEK)
    every = sites_now([s.pk for s in some], start - timedelta(days=1))
    counted = [
        (site.key, site.once(("moves", end), start, lambda s, day: _counted(s.ledger, day, end)))
        for site in every
    ]
    hidden = sight.hidden_households(user)
    shown = sight.shown_households(user, {row[3] for _, mine in counted for row in mine})
    coming, going = (_moves(counted, shown, hidden, column) for column in COLUMNS)
    days = [_day(start + timedelta(days=n), some, coming, going) for n in range(WEEK)]
    return render(request, "web/week.html", {
        "days": days, "today": today, "start": start, "sites": sites, "chosen": chosen,
        "wrong": wrong, "come": sum(d.come for d in days), "go": sum(d.go for d in days),
        "before": start - timedelta(days=WEEK), "after": end, "asked": request.GET,
    })  # fmt: skip


Moves = dict[tuple[date, str], list[Move]]
Counted = Counter[tuple[str, date, str, str, str]]  # column, day, unit, household, status
COLUMNS = ("from_", "until")


def _counted(ledger: Ledger, start: date, end: date) -> Counted:
    """People who come or go at a site, from a day on until another."""
    found: Counted = Counter()
    for row in ledger.current:
        if row.domain != BEDS or row.unit is None:
            continue
        if row.status not in ("held", "confirmed", "moved_in", "ended"):
            continue
        for column in COLUMNS:
            day = getattr(row, column)
            if day is None or not start <= day < end:
                continue
            if column == "until" and row.ended_reason == "absent":
                continue
            who = ledger.household_of(row.person, row.from_ or day) or ""
            found[column, day, row.unit, who, row.status] += 1
    return found


def _moves(
    sites: list[tuple[str, Counted]], shown: frozenset[str], hidden: frozenset[str], column: str
) -> Moves:
    """By day and site. A protected household's coming and going is in no list; of others whom
    this user does not see, only how many."""
    found: Moves = {}
    for site, counted in sites:
        seen: Counter[tuple[date, str, str, str]] = Counter()
        for (what, day, unit, who, status), n in counted.items():
            if what == column and who not in hidden:
                seen[day, unit, who if who in shown else "", status] += n
        for (day, unit, who, status), n in sorted(seen.items()):
            found.setdefault((day, site), []).append(Move(unit, who, n, status))
    return found


def _day(day: date, sites: list[Site], coming: Moves, going: Moves) -> Day:
    come, go = (
        [SiteMoves(s.key, s.name, moves[day, s.key]) for s in sites if (day, s.key) in moves]
        for moves in (coming, going)
    )
    count = [sum(m.people for s in group for m in s.moves) for group in (come, go)]
    return Day(day, come, go, *count)


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
    every = {now.key: now for now in sites_now([s.pk for s in sites], today)}
    shown = sight.shown_households(
        user, (home for now in every.values() for home in now.once("there", today, _there))
    )
    names = names_of_people(user, shown)
    sheets = []
    for site in sites:
        now = every[site.key]
        states = now.on(today, today)
        rows = [
            (u, states[u.id], _sleepers(now.ledger, u, today, shown, names))
            for u in now.ledger.units if u.domain == BEDS
        ]  # fmt: skip
        sheets.append(NightSheet(site, UnitDay.total(s for _, s, _ in rows), rows))
    return render(request, "web/night.html", {
        "sheets": sheets, "today": today, "now": clock.now(), "chosen": chosen,
    })  # fmt: skip


def _there(site: SiteNow, day: date) -> frozenset[str]:
    """Households with a row in one of a site's units on a day, whatever its state."""
    ledger = site.ledger
    return frozenset(
        ledger.household_of(row.person, day) or ""
        for rows in ledger.rows_in.values() for row in rows if bucket_of(row, day, day)
    )  # fmt: skip


def names_of_people(user: Any, shown: frozenset[str]) -> dict[str, str]:
    """The first name recorded of each person of some households, with the right to names."""
    if not rights.may(user, rights.NAMES):
        return {}
    found: dict[str, str] = {}
    for part in bridge.parts(shown):
        rows = Name.objects.filter(person__membership__household__key__in=part).order_by("-id")
        names = rows.values_list("person__key", "given", "family")  # of a city, 60,000
        found |= {key: called(given, family) for key, given, family in names}
    return found


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
