"""The Today page: what is due. German: Heute"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from vorort.ledger import (
    BEDS,
    Gap,
    Ledger,
    UnitDay,
    expired_holds,
    incomplete,
    is_expired,
    occupancy,
    overdue,
    stale,
    unaccompanied_minors,
)
from vorort.vocabulary import Placement, Text
from vorort.web import bridge
from vorort.web.accounts import rights
from vorort.web.accounts.models import User
from vorort.web.sight import (
    households_for,
    shown_households,
    sites_for,
)
from vorort.web.town.models import Announcement, Kommune, StoredOutlook

SOON = timedelta(days=7)
MOST = 25  # rows of a list on the page; the rest is counted, not hidden


@dataclass(frozen=True)
class Due:
    """People of a household with the same thing due. German: Vorgang auf der Tagesliste"""

    household: str
    unit: str
    day: date | None
    people: int


@dataclass(frozen=True)
class Listed:
    """Rows to show and how many there are altogether."""

    rows: list[Any]
    total: int


@dataclass(frozen=True)
class Today:
    """What an office decides before nine."""

    beds: UnitDay
    outlook: StoredOutlook | None
    announced: Listed
    arriving: Listed
    expiring: Listed
    expired: Listed
    over: Listed
    overdue: Listed
    waiting: list[tuple[str, int, date | None]]
    minors: Listed
    gaps: Listed
    gaps_by: list[tuple[Text, int]]
    stale: Listed


def today_page(user: User, today: date) -> Today:
    """Every list of the Today page, for what this user may see."""
    ledger = bridge.present()
    sites = set(sites_for(user, rights.TODAY).values_list("key", flat=True))
    mine = set(households_for(user, rights.TODAY).values_list("key", flat=True))
    shown = shown_households(user) & mine
    units = {u.id for u in ledger.units if u.facility in sites}
    states = occupancy(ledger, today, today=today)
    current = [r for r in ledger.current if r.domain == BEDS and r.unit in units]
    held = [r for r in current if r.status == "held" and not is_expired(r, today)]

    def due(rows: list[Placement], day: str) -> Listed:
        return _due(ledger, rows, today, shown, day)

    cycle = Kommune.objects.get().reported_cycle_days
    gaps = [g for g in incomplete(ledger) if _belongs(ledger, g, mine, today)]
    minors = [h for h in unaccompanied_minors(ledger, today) if h.id in mine]
    return Today(
        UnitDay.total(states.units[u] for u in sorted(units) if ledger.unit[u].domain == BEDS),
        StoredOutlook.objects.order_by("-id").first(),
        _listed(list(Announcement.objects.filter(
            expected_on__gte=today, expected_on__lt=today + SOON).order_by("expected_on", "id"))),
        due([r for r in current if r.status == "confirmed" and r.from_ and r.from_ <= today],
            "from_"),
        due([r for r in held if r.kept_until and r.kept_until < today + SOON], "kept_until"),
        due([r for r in expired_holds(ledger, today) if r.unit in units], "kept_until"),
        _listed([(ledger.unit[u], s) for u, s in states.units.items() if u in units and s.over]),
        due([r for r in overdue(ledger, today) if r.unit in units], "until"),
        _waiting(ledger, mine, today),
        _listed(minors),
        _listed(gaps),
        Counter(g.text for g in gaps).most_common(12),
        _listed([u for u in stale(ledger, today, cycle) if u.facility in sites] if cycle else []),
    )  # fmt: skip


def _listed(rows: list[Any]) -> Listed:
    return Listed(rows[:MOST], len(rows))


def _due(
    ledger: Ledger, rows: list[Placement], today: date, shown: set[str] | frozenset[str], day: str
) -> Listed:
    """By household and unit, soonest first; people of households not shown are left out."""
    people: Counter[tuple[str, str, date | None]] = Counter()
    for row in rows:
        household = ledger.household_of(row.person, row.from_ or today)
        if household in shown:
            on = getattr(row, day) or row.kept_until or row.over_until
            people[household or "", row.unit or "", on] += 1
    found = [Due(h, u, on, n) for (h, u, on), n in people.items()]
    return _listed(sorted(found, key=lambda d: (d.day or date.max, d.household, d.unit)))


def _waiting(ledger: Ledger, mine: set[str], today: date) -> list[tuple[str, int, date | None]]:
    """Requests without a place by area, with the longest wait."""
    found: dict[str, list[date | None]] = {}
    for row in ledger.current:
        waits = row.status == "requested" and row.unit is None
        if waits and ledger.household_of(row.person, today) in mine:
            found.setdefault(row.domain, []).append(row.requested_on)
    return [
        (domain, len(days), min((d for d in days if d), default=None))
        for domain, days in sorted(found.items())
    ]


def _belongs(ledger: Ledger, gap: Gap, mine: set[str], today: date) -> bool:
    if gap.noun == "household":
        return gap.id in mine
    person = gap.id if gap.noun == "person" else ledger.placement[gap.id].person
    return ledger.household_of(person, today) in mine
