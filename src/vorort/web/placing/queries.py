"""What the pages read. Figures come from the ledger; here rows are chosen and put in order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from vorort.ledger import BEDS, Ledger, Occupancy, UnitDay, bucket_of, occupancy
from vorort.vocabulary import Unit
from vorort.web import bridge
from vorort.web.accounts import rights
from vorort.web.accounts.models import User
from vorort.web.retention import kept
from vorort.web.sight import shown_households, sites_for
from vorort.web.town.models import Site

DAYS = 14


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


def board(
    user: User,
    start: date,
    today: date,
    *,
    kind: str = "",
    district: str = "",
    opened: str = "",
    known_at: datetime | None = None,
) -> Board:
    """Each site on fourteen days, and the units of one of them. ``known_at``: not what was true,
    but what was known at that instant."""
    chosen = sites_for(user, rights.BOARD)
    if kind:
        chosen = chosen.filter(kind=kind)
    if district:
        chosen = chosen.filter(district__key=district)
    days = [start + timedelta(days=n) for n in range(DAYS)]
    ids = chosen.values_list("id", flat=True)
    if known_at is None:
        ledger = bridge.sites_between(ids, start, start + timedelta(days=DAYS))
    else:
        ledger = bridge.sites_known(ids)
        ledger = replace(ledger, placements=ledger.known(known_at))
    states = [_beds(occupancy(ledger, d, known_at, today=today)) for d in days]
    # what people were who are deleted now, so that past totals stay what they were
    by_site = [kept.added(s.by_facility, kept.kept_on(s.day, known_at)) for s in states]
    by_kind = [_by_kind(ledger, sites) for sites in by_site]
    names = dict(Site.objects.values_list("key", "district__name"))
    groups = []
    for group in by_kind[0]:
        facilities = [f for f in ledger.facilities if f.kind == group]
        lines = [
            _line(f.name, days, [s[f.id] for s in by_site], f.id, names[f.id]) for f in facilities
        ]
        groups.append((_line(group, days, [s[group] for s in by_kind], sites=len(lines)), lines))
    overall = [UnitDay.total(sites.values()) for sites in by_site]
    total = _line("", days, overall, sites=len(ledger.facilities))
    rows = _rows(user, ledger, states, opened, today) if opened in ledger.facility else []
    return Board(days, total, groups, rows, opened if rows else "")


def _by_kind(ledger: Ledger, sites: dict[str, UnitDay]) -> dict[str, UnitDay]:
    parts: dict[str, list[UnitDay]] = {}
    for key, state in sites.items():
        parts.setdefault(ledger.facility[key].kind, []).append(state)
    return {kind: UnitDay.total(parts[kind]) for kind in sorted(parts)}


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
    shown = shown_households(user)
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
