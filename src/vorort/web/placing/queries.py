"""What the pages read. Figures come from the ledger; here rows are chosen and put in order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from django.core.paginator import Page, Paginator

from vorort.ledger import BEDS, Ledger, Occupancy, UnitDay, bucket_of, occupancy
from vorort.vocabulary import Unit
from vorort.web import bridge
from vorort.web.accounts import rights
from vorort.web.accounts.models import User
from vorort.web.retention import kept
from vorort.web.sight import shown_households, sites_for
from vorort.web.totals.now import BACK, sites_now
from vorort.web.totals.reading import site_totals

DAYS = 14
RANGES = (7, DAYS, 28)  # how many days the board may show
LINES = 40  # sites on a page of the board; sums are of all


class Standing(NamedTuple):
    """What the board says of a site besides its figures. German: Standort"""

    pk: int
    key: str
    name: str
    kind: str
    district: str


@dataclass(frozen=True)
class Line:
    """A row of the board: a site, or several together, on each of the days."""

    name: str
    today: UnitDay
    days: list[tuple[date, UnitDay]]
    key: str = ""
    district: str = ""
    sites: int = 0


@dataclass(frozen=True)
class Span:
    """Consecutive days on which a unit is in the same state."""

    length: int
    start: date
    state: UnitDay
    kind: str  # the class of the cell
    blocked: str
    who: list[tuple[str, str]] = field(default_factory=list)  # household or '', state


@dataclass(frozen=True)
class Row:
    """A unit of an opened site."""

    unit: Unit
    spans: list[Span]


@dataclass(frozen=True)
class Board:
    """Sites by days. German: Belegungsplan"""

    days: list[date]
    total: Line
    groups: list[tuple[Line, list[Line]]]
    rows: list[Row]
    opened: str
    page: Page[Standing]


def board(
    user: User,
    start: date,
    today: date,
    *,
    kind: str = "",
    district: str = "",
    opened: str = "",
    known_at: datetime | None = None,
    number: str = "",
    length: int = DAYS,
) -> Board:
    """Each site on so many days, and the units of one of them. ``known_at``: not what was true,
    but what was known at that instant. ``number``: of the page, where there are many sites."""
    chosen = sites_for(user, rights.BOARD).order_by("kind", "id")
    if kind:
        chosen = chosen.filter(kind=kind)
    if district:
        chosen = chosen.filter(district__key=district)
    sites = [Standing(*row) for row in chosen.values_list(*Standing._fields[:-1], "district__name")]
    days = [start + timedelta(days=n) for n in range(length)]
    counted = site_totals([s.pk for s in sites], days, today, known_at)
    # what people were who are deleted now, so that past totals stay what they were
    by_site = [
        kept.added(states, more)
        for states, more in zip(counted, kept.kept_on(days, known_at), strict=True)
    ]
    page = _page_of(sites, opened, number)
    shown = {s.pk for s in page.object_list}
    groups = []
    for group, members in groupby(sites, key=lambda s: s.kind):
        mine = list(members)
        sums = [UnitDay.total(states[s.key] for s in mine) for states in by_site]
        lines = [
            _line(s.name, days, [states[s.key] for states in by_site], s.key, s.district)
            for s in mine if s.pk in shown
        ]  # fmt: skip
        groups.append((_line(group, days, sums, sites=len(mine)), lines))
    overall = [UnitDay.total(g.days[n][1] for g, _ in groups) for n in range(length)]
    total = _line("", days, overall, sites=len(sites))
    there = next((s for s in sites if s.key == opened), None)
    rows = [] if there is None else _opened(user, there, days, today, known_at)
    return Board(days, total, groups, rows, opened if rows else "", page)


def _page_of(sites: list[Standing], opened: str, number: str) -> Page[Standing]:
    """The lines to show: of the page asked for, else of the one that holds the opened site."""
    pages = Paginator(sites, LINES)
    places = [n for n, s in enumerate(sites) if s.key == opened]
    return pages.get_page(number or (places[0] // LINES + 1 if places else 1))


def _opened(
    user: User, site: Standing, days: list[date], today: date, known_at: datetime | None
) -> list[Row]:
    """The units of one site: as this process keeps it, else from the ledger around it."""
    if known_at is None and days[0] >= today - BACK:
        for now in sites_now([site.pk], days[0]):
            states = [_beds(Occupancy(now.ledger, d, now.on(d, today))) for d in days]
            return _rows(user, now.ledger, states, site.key, today)
        return []
    if known_at is None:
        ledger = bridge.sites_between([site.pk], days[0], days[-1] + timedelta(days=1))
    else:
        ledger = bridge.sites_known([site.pk])
        ledger = replace(ledger, placements=ledger.known(known_at))
    states = [_beds(occupancy(ledger, d, known_at, today=today)) for d in days]
    return _rows(user, ledger, states, site.key, today)


def _beds(found: Occupancy) -> Occupancy:
    """Only places people sleep in; a site may also hold other units."""
    units = {
        u: d
        for u, d in found.units.items()
        if (found.ledger.unit[u].domain, found.ledger.unit[u].per) == (BEDS, "place")
    }
    return Occupancy(found.ledger, found.day, units)


def _line(
    name: str,
    days: list[date],
    states: list[UnitDay],
    key: str = "",
    district: str = "",
    sites: int = 0,
) -> Line:
    return Line(name, states[0], list(zip(days, states, strict=True)), key, district, sites)


def _rows(
    user: User, ledger: Ledger, states: list[Occupancy], opened: str, today: date
) -> list[Row]:
    shown = shown_households(user, {m.household for m in ledger.memberships})
    found = []
    for unit in ledger.units_of[opened]:
        if unit.id not in states[0].units:
            continue
        daily = [(s.day, s.units[unit.id], _who(ledger, unit, s.day, today, shown)) for s in states]
        spans = []
        for (state, who), group in groupby(daily, key=lambda d: (d[1], d[2])):
            part = list(group)
            blocked = next(iter(state.blocked), "")
            spans.append(Span(len(part), part[0][0], state, _kind(state), blocked, list(who)))
        found.append(Row(unit, spans))
    return found


def _who(
    ledger: Ledger, unit: Unit, day: date, today: date, shown: frozenset[str]
) -> tuple[tuple[str, str], ...]:
    """Households in a unit with their state; of those not shown only that it is used."""
    found: dict[tuple[str, str], None] = {}
    for row in ledger.rows_in.get(unit.id, ()):
        state = bucket_of(row, day, today)
        if state:
            household = ledger.household_of(row.person, day) or ""
            found[(household, state) if household in shown else ("", "")] = None
    return tuple(found)


def _kind(state: UnitDay) -> str:
    """How a cell looks; the words in it say the same."""
    if state.over:
        return "over"
    if state.used:
        return "held" if state.held and not (state.confirmed or state.moved_in) else "used"
    return "blocked" if state.blocked else "free"
