"""The Today page and a household's page: what is due, and what is known. German: Heute, Haushalt"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from vorort.ledger import (
    BEDS,
    Gap,
    Ledger,
    Offer,
    UnitDay,
    age_on,
    expired_holds,
    free_for,
    incomplete,
    is_expired,
    occupancy,
    overdue,
    stale,
    unaccompanied_minors,
)
from vorort.vocabulary import Household, Person, Placement, Text, Unit
from vorort.web import bridge
from vorort.web.accounts import rights
from vorort.web.accounts.models import Act, ActValue, User
from vorort.web.intake.models import Person as PersonRow
from vorort.web.placing.models import Stay, StayOld
from vorort.web.placing.queries import (
    hidden_households,
    households_for,
    shown_households,
    sites_for,
)
from vorort.web.town.models import Announcement, Kommune, StoredOutlook
from vorort.web.town.models import Unit as UnitRow

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


# ---- one household ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Member:
    """A person of the household on the day."""

    person: Person
    age: int | None
    needs: list[Placement]  # one a domain, or None


@dataclass(frozen=True)
class HouseholdPage:
    """What is known of a household, as far as this user may see it."""

    household: Household
    members: list[Member]
    domains: list[str]
    stays: list[Placement]
    unit: dict[str, Unit]
    site: dict[str, str]
    may_place: bool
    acts: list[Act]
    gaps: list[Gap]
    expired: set[str]


def household_page(user: User, key: str, today: date) -> HouseholdPage:
    """A household with members, needs, stays and history."""
    ledger = _of_household(key)
    people = ledger.members(key, today)
    placed = key not in hidden_households(user)
    domains = sorted(
        {r.domain for p in people for r in ledger.rows_of.get(p, ()) if r.domain != BEDS}
    )
    members = [
        Member(
            ledger.person[p],
            age_on(ledger.person[p].born, today),
            [_need(ledger, p, d) for d in domains],
        )
        for p in people
    ]
    stays = [r for p in people for r in ledger.rows_of.get(p, ()) if r.domain == BEDS]
    stays.sort(key=lambda r: (r.from_ or date.max, r.unit or "", r.person), reverse=True)
    values = ActValue.objects.filter(subject__key__in=people).values("act")
    return HouseholdPage(
        ledger.household[key], members, domains, stays if placed else [], dict(ledger.unit),
        {f.id: f.name for f in ledger.facilities}, placed,
        list(Act.objects.filter(id__in=values).order_by("-id")[:20]) if placed else [],
        [g for g in incomplete(ledger) if g.id == key or g.id in people],
        {r.id for r in stays if is_expired(r, today)},
    )  # fmt: skip


def _of_household(key: str, units: Iterable[str] = ()) -> Ledger:
    """The ledger around a household: its people, and whole the sites of some units."""
    people = PersonRow.objects.filter(membership__household__key=key)
    stays = Stay.objects.filter(person__in=people, unit__isnull=False)
    sites = set(stays.values_list("unit__facility_id", flat=True))
    sites |= set(UnitRow.objects.filter(key__in=list(units)).values_list("facility_id", flat=True))
    return bridge.around(sites, list(people.values_list("id", flat=True)))


def _need(ledger: Ledger, person: str, domain: str) -> Any:
    rows = [r for r in ledger.rows_of.get(person, ()) if r.domain == domain]
    return rows[-1] if rows else None


def offers(key: str, day: date) -> list[tuple[Offer, date | None]]:
    """Units free for a household on a day, best fit first, each with its site's lease end."""
    ledger = bridge.present()
    people = [ledger.person[p] for p in ledger.members(key, day)]
    size = max(len(people), ledger.household[key].size_stated or 0)
    sexes = {p.sex for p in people}
    sex = sexes.pop() if len(sexes) == 1 else None
    if not size:
        return []
    found = free_for(ledger, day, size, sex, any(p.needs_access for p in people) or None)
    return [(o, ledger.facility[ledger.unit[o.units[0]].facility].lease_until) for o in found]


def beds(key: str, day: date, units: list[str]) -> dict[str, str]:
    """A unit for each member: the first unit until it is full, then the next."""
    ledger = _of_household(key, units)
    states = occupancy(ledger, day).units
    rooms = [u for u in units if u in states for _ in range(states[u].free)]
    people = ledger.members(key, day)
    last = units[-1:]
    rooms += last * (len(people) - len(rooms))  # too few: the ledger refuses and says why
    return dict(zip(people, rooms, strict=False))


def versions_of(people: Any) -> list[str]:
    """Ids of all versions of some people's stays, the replaced ones too."""
    return [
        *Stay.objects.filter(person__in=people).values_list("key", flat=True),
        *StayOld.objects.filter(person__in=people).values_list("key", flat=True),
    ]
