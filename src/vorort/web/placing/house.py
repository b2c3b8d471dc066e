"""A household's page: who they are, what they need, where they are. German: Haushalt"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from vorort.ledger import (
    BEDS,
    Gap,
    Ledger,
    UnitDay,
    age_on,
    bucket_of,
    incomplete,
    is_expired,
    is_minor_alone,
)
from vorort.vocabulary import Household, Person, Placement, Unit
from vorort.web import bridge
from vorort.web.accounts import rights
from vorort.web.accounts.models import Act, ActValue, User
from vorort.web.intake.models import Membership, Name, Need, Wish, called
from vorort.web.intake.models import Person as PersonRow
from vorort.web.placing.models import Stay, StayOld
from vorort.web.sight import hides
from vorort.web.totals.now import sites_of_units, states_of
from vorort.web.town.models import Unit as UnitRow


@dataclass(frozen=True)
class Member:
    """A person of the household on the day."""

    person: Person
    age: int | None
    needs: list[Placement]  # one a domain, or None
    name: str = ""
    relation: str = ""


@dataclass(frozen=True)
class Together:
    """Members with the same stay: state, unit, days. German: Belegung"""

    rows: list[Placement]
    names: str  # who, or that it is everybody
    row: Placement
    site: str
    expires_at: datetime | None
    is_over: bool  # neither now nor to come


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
    wishes: list[Wish]
    is_minor: bool  # a child alone: no place is given here
    office: str  # who is responsible, by name
    families: str  # the household by its family names, as far as this user sees names
    languages: list[str]  # of interpreters
    together: list[Together]
    who: dict[str, str]  # a person's name, or number


def household_page(user: User, key: str, today: date) -> HouseholdPage:
    """A household with members, needs, stays and history."""
    mine = PersonRow.objects.filter(membership__household__key=key)
    ledger = bridge.of_people(mine.values_list("pk", flat=True), [key])
    people = ledger.members(key, today)
    placed = not hides(user, ledger.household[key])
    domains = sorted(
        {r.domain for p in people for r in ledger.rows_of.get(p, ()) if r.domain != BEDS}
    )
    names, families = _names(user, people) if placed else ({}, [])
    belong = Membership.objects.filter(household__key=key).values_list(
        "id", "person__key", "relation", "person__language"
    )
    relations = {person: relation for _, person, relation, _ in sorted(belong)} if placed else {}
    languages = {spoken for _, person, _, spoken in belong if person in people and spoken}
    members = [
        Member(
            ledger.person[p],
            age_on(ledger.person[p].born, today),
            [_need(ledger, p, d) for d in domains],
            names.get(p, ""),
            relations.get(p, ""),
        )
        for p in people
    ]
    stays = [r for p in people for r in ledger.rows_of.get(p, ()) if r.domain == BEDS]
    stays.sort(key=lambda r: r.person)
    stays.sort(key=lambda r: (r.from_ or date.max, r.unit or ""), reverse=True)
    values = ActValue.objects.filter(subject__key__in=people).values("act")
    return HouseholdPage(
        ledger.household[key], members, domains, stays if placed else [], dict(ledger.unit),
        {f.id: f.name for f in ledger.facilities}, placed,
        list(Act.objects.filter(id__in=values).order_by("-id")[:20]) if placed else [],
        [g for g in incomplete(ledger) if g.id == key or g.id in people],
        {r.id for r in stays if is_expired(r, today)},
        list(Wish.objects.filter(household__key=key).order_by("id")),
        is_minor_alone(ledger, ledger.household[key], today),
        {o.id: o.name for o in ledger.offices}.get(ledger.household[key].responsible or "", ""),
        ", ".join(families),
        sorted(languages) if placed else [],
        _together(ledger, stays, members) if placed else [],
        {m.person.id: m.name or m.person.id for m in members},
    )  # fmt: skip


def _together(ledger: Ledger, stays: list[Placement], members: list[Member]) -> list[Together]:
    ends = dict(
        Stay.objects.filter(key__in=[r.id for r in stays], expires_at__isnull=False)
        .values_list("key", "expires_at")
    )  # fmt: skip
    who = {m.person.id: m.name or m.person.id for m in members}
    groups: dict[tuple[Any, ...], list[Placement]] = {}
    for r in stays:
        same = (r.status, r.unit, r.from_, r.until, r.kept_until, r.ended_reason, ends.get(r.id))
        groups.setdefault(same, []).append(r)
    found = []
    for rows in groups.values():
        row, rows = rows[0], sorted(rows, key=lambda r: r.person)
        everybody = len(rows) == len(members) > 1
        names = "" if everybody else ", ".join(who[r.person] for r in rows)
        site = ledger.facility[ledger.unit[row.unit].facility].id if row.unit else ""
        is_over = row.status in ("ended", "cancelled", "no_show")
        found.append(Together(rows, names, row, site, ends.get(row.id), is_over))
    return found


def _names(user: User, people: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """The first name recorded for each person, and the family names, each once; with the right to
    see names."""
    if not rights.may(user, rights.NAMES):
        return {}, []
    rows = Name.objects.filter(person__key__in=list(people))
    names: dict[str, str] = {}
    families: dict[str, str] = {}
    found = sorted(rows.values_list("id", "person__key", "given", "family"))
    for _, person, given, family in found:
        names.setdefault(person, called(given, family))
        if family:
            families.setdefault(person, family)
    return names, list(dict.fromkeys(families.values()))


def _need(ledger: Ledger, person: str, domain: str) -> Any:
    rows = [r for r in ledger.rows_of.get(person, ()) if r.domain == domain]
    return rows[-1] if rows else None


NEEDED = {  # a need -> the feature of a unit that meets it
    "ground_floor": "ground_floor", "women_only": "women_only", "own_bath": "bath",
    "near_hospital": "near_hospital", "quiet": "quiet", "lockable": "lockable",
}  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What a household asks of a place on a day. German: gesucht

    Needs narrow what is offered also for whoever may not see them: they are never named then.
    """

    people: tuple[str, ...]
    size: int
    sex: Any
    access: bool | None
    features: frozenset[str]

    @property
    def alike(self) -> tuple[Any, ...]:
        """What of it a place goes by: others who ask the same get the same places."""
        return self.size, self.sex, self.access, self.features


def wanted(key: str, day: date) -> Wanted:
    """Size, sex, and what its members need that has not expired."""
    return wanted_of(people_of([key]), key, day)


def wanted_of(ledger: Ledger, key: str, day: date) -> Wanted:
    """The same from a ledger that holds the household."""
    names = present(ledger, key, day)
    people = [ledger.person[p] for p in names]
    sexes = {p.sex for p in people}
    codes = set(
        Need.objects.filter(person__key__in=names, expires__gt=day).values_list("code", flat=True)
    )
    return Wanted(
        names, max(len(people), ledger.household[key].size_stated or 0),
        sexes.pop() if len(sexes) == 1 else None,
        True if any(p.needs_access for p in people) or "step_free" in codes else None,
        frozenset(NEEDED[c] for c in codes if c in NEEDED),
    )  # fmt: skip


def people_of(keys: Iterable[str]) -> Ledger:
    """Some households with their people and stays."""
    homes = list(keys)
    people = PersonRow.objects.filter(membership__household__key__in=homes)
    return bridge.of_people(people.values_list("pk", flat=True).distinct(), homes)


def beds(key: str, day: date, units: list[str]) -> dict[str, str]:
    """A unit for each member: the first unit until it is full, then the next."""
    return _spread(key, day, units, {u: s.free for u, s in _states(units, day).items()})


def into(key: str, units: list[str], day: date) -> dict[str, str]:
    """A unit for each member, filled by their places, whoever is in them now."""
    return _spread(key, day, units, {u: s.open for u, s in _states(units, day).items()})


def _states(units: list[str], day: date) -> dict[str, UnitDay]:
    return states_of(sites_of_units(units, day), day)


def _spread(key: str, day: date, units: list[str], room: dict[str, int]) -> dict[str, str]:
    """Members in their order into units in theirs."""
    rooms = [u for u in units for _ in range(room.get(u, 0))]
    people = present(people_of([key]), key, day)
    rooms += units[-1:] * (len(people) - len(rooms))  # too few: the ledger refuses and says why
    return dict(zip(people, rooms, strict=False))


def present(ledger: Ledger, key: str, day: date) -> tuple[str, ...]:
    """Members of a household who have not left by a day: who needs a bed."""
    found = (ledger.person[p] for p in ledger.members(key, day))
    return tuple(p.id for p in found if p.left_on is None or p.left_on > day)


def units_of(key: str, day: date) -> list[str]:
    """Where a household's people sleep on a day."""
    return units_in(people_of([key]), key, day)


def units_in(ledger: Ledger, key: str, day: date) -> list[str]:
    """The same from a ledger that holds the household."""
    found = {
        r.unit
        for p in ledger.members(key, day)
        for r in ledger.rows_of.get(p, ())
        if r.domain == BEDS and r.unit and bucket_of(r, day) in ("confirmed", "moved_in")
    }
    return sorted(found)


def neighbours(key: str) -> tuple[str, ...]:
    """Units of the sites in which a household is or was."""
    people = PersonRow.objects.filter(membership__household__key=key)
    stays = Stay.objects.filter(person__in=people.values("pk"), domain=BEDS, unit__isnull=False)
    sites = list(stays.values_list("unit__facility", flat=True).distinct())
    units = UnitRow.objects.filter(facility__in=sites, domain=BEDS)
    return tuple(units.order_by("facility__key", "key").values_list("key", flat=True))


def lease_of(units: Iterable[str]) -> date | None:
    """The first day on which one of the units' sites has no lease; nobody stays beyond it."""
    rows = UnitRow.objects.filter(key__in=list(units), facility__lease_until__isnull=False)
    return min(rows.values_list("facility__lease_until", flat=True), default=None)


def versions_of(people: Any) -> list[str]:
    """Ids of all versions of some people's stays, the replaced ones too."""
    return [
        *Stay.objects.filter(person__in=people).values_list("key", flat=True),
        *StayOld.objects.filter(person__in=people).values_list("key", flat=True),
    ]
