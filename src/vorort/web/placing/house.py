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
    Offer,
    age_on,
    bucket_of,
    free_for,
    incomplete,
    is_expired,
    is_minor_alone,
    may_join,
    occupancy,
    why_not,
)
from vorort.vocabulary import Household, Person, Placement, Text, Unit
from vorort.web import bridge, clock
from vorort.web.accounts import rights
from vorort.web.accounts.models import Act, ActValue, User
from vorort.web.intake.models import Membership, Name, Need, Wish
from vorort.web.intake.models import Person as PersonRow
from vorort.web.placing.models import Stay, StayOld
from vorort.web.sight import hidden_households, shown_households
from vorort.web.town.models import Office
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
    placed = key not in hidden_households(user)
    domains = sorted(
        {r.domain for p in people for r in ledger.rows_of.get(p, ()) if r.domain != BEDS}
    )
    names = _names(user, people) if placed else {}
    rows = Membership.objects.filter(household__key=key).order_by("id")
    relations = dict(rows.values_list("person__key", "relation")) if placed else {}
    languages = rows.filter(person__key__in=people).values_list("person__language", flat=True)
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
        dict(Office.objects.values_list("key", "name")).get(
            ledger.household[key].responsible or "", ""
        ),
        _families(user, people) if placed else "",
        sorted({x for x in languages if x}) if placed else [],
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


def _names(user: User, people: Iterable[str]) -> dict[str, str]:
    """The first name recorded for each person, with the right to see names."""
    if not rights.may(user, rights.NAMES):
        return {}
    rows = Name.objects.filter(person__key__in=list(people)).order_by("-id")
    return {n.person.key: str(n) for n in rows.select_related("person")}


def _families(user: User, people: Iterable[str]) -> str:
    if not rights.may(user, rights.NAMES):
        return ""
    rows = Name.objects.filter(person__key__in=list(people)).exclude(family="").order_by("id")
    first: dict[Any, str] = {}
    for person, family in rows.values_list("person", "family"):
        first.setdefault(person, family)
    return ", ".join(dict.fromkeys(first.values()))


def _of_household(key: str, units: Iterable[str] = ()) -> Ledger:
    """The ledger around a household: its people, and whole the sites of some units."""
    people = PersonRow.objects.filter(membership__household__key=key)
    stays = Stay.objects.filter(person__in=people, unit__isnull=False)
    sites = set(stays.values_list("unit__facility_id", flat=True))
    sites |= set(UnitRow.objects.filter(key__in=list(units)).values_list("facility_id", flat=True))
    return bridge.around(sites, list(people.values_list("id", flat=True)), [key])


def _need(ledger: Ledger, person: str, domain: str) -> Any:
    rows = [r for r in ledger.rows_of.get(person, ()) if r.domain == domain]
    return rows[-1] if rows else None


MOST_SWAPS = 40
MOST_WAITING = 20
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


def wanted(key: str, day: date) -> Wanted:
    """Size, sex, and what its members need that has not expired."""
    ledger = bridge.present()
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


def fitting(what: Wanted, day: date) -> list[Offer]:
    """Units free for it, best fit first."""
    if not what.size:
        return []
    return free_for(bridge.present(), day, what.size, what.sex, what.access, features=what.features)


def against(what: Wanted, day: date) -> dict[str, list[str]]:
    """Every other unit by the first reason against it."""
    if not what.size:
        return {}
    ledger = bridge.present()
    return why_not(
        ledger,
        day,
        what.size,
        what.sex,
        what.access,
        features=what.features,
        days=occupancy(ledger, day, today=clock.today()).units,
    )


def over(what: Wanted, day: date) -> list[tuple[Offer, int]]:
    """Units that would take it only with more people than places, fewest too many first."""
    ledger = bridge.present()
    states = occupancy(ledger, day, today=clock.today()).units
    found = []
    for reason, units in against(what, day).items():
        for name in units if reason in ("small", "full") else ():
            unit, state = ledger.unit[name], states[name]
            there = {
                r.person for r in ledger.rows_in.get(name, ()) if bucket_of(r, day)
            } - set(what.people)  # fmt: skip
            sexes = {ledger.person[p].sex for p in there}
            if not state.open or (unit.kind == "family" and there):
                continue
            if unit.kind == "shared" and not may_join(unit, what.sex, sexes):
                continue
            many = len(there) + what.size - state.open
            if many > 0:
                text = Text(f"{len(there)} auf {state.open} Plätzen", f"{len(there)} on "
                            f"{state.open} places")  # fmt: skip
                found.append((Offer((name,), state.free, 0, text), many))
    return sorted(found, key=lambda f: (f[1], f[0].units))


def offers(key: str, day: date) -> list[tuple[Offer, date | None]]:
    """Units free for a household on a day, best fit first, each with its site's lease end."""
    ledger = bridge.present()
    found = fitting(wanted(key, day), day)
    return [(o, ledger.facility[ledger.unit[o.units[0]].facility].lease_until) for o in found]


def beds(key: str, day: date, units: list[str]) -> dict[str, str]:
    """A unit for each member: the first unit until it is full, then the next."""
    ledger = _of_household(key, units)
    states = occupancy(ledger, day).units
    rooms = [u for u in units if u in states for _ in range(states[u].free)]
    people = present(ledger, key, day)
    last = units[-1:]
    rooms += last * (len(people) - len(rooms))  # too few: the ledger refuses and says why
    return dict(zip(people, rooms, strict=False))


def present(ledger: Ledger, key: str, day: date) -> tuple[str, ...]:
    """Members of a household who have not left by a day: who needs a bed."""
    found = (ledger.person[p] for p in ledger.members(key, day))
    return tuple(p.id for p in found if p.left_on is None or p.left_on > day)


def units_of(key: str, day: date) -> list[str]:
    """Where a household's people sleep on a day."""
    ledger = _of_household(key)
    found = {
        r.unit
        for p in ledger.members(key, day)
        for r in ledger.rows_of.get(p, ())
        if r.domain == BEDS and r.unit and bucket_of(r, day) in ("confirmed", "moved_in")
    }
    return sorted(found)


def swappable(user: User, key: str) -> tuple[tuple[str, str], ...]:
    """Households with whom this one could change places: each fits into the other's units."""
    ledger, today = bridge.present(), clock.today()
    states = occupancy(ledger, today).units
    homes: dict[str, set[str]] = {}
    people: dict[str, int] = {}
    for r in ledger.current:
        if r.domain == BEDS and r.unit and bucket_of(r, today) in ("confirmed", "moved_in"):
            home = ledger.household_of(r.person, today) or ""
            homes.setdefault(home, set()).add(r.unit)
            people[home] = people.get(home, 0) + 1
    mine = homes.get(key, set())
    if not mine or any(ledger.unit[u].kind != "family" for u in mine):
        return ()
    room = {h: sum(states[u].open for u in units) for h, units in homes.items()}
    shown = shown_households(user)
    found = []
    for home, units in homes.items():
        if home == key or home not in shown or any(ledger.unit[u].kind != "family" for u in units):
            continue
        if people[home] <= room[key] and people[key] <= room[home]:
            found.append((abs(people[home] - people[key]), home, ", ".join(sorted(units))))
    return tuple((h, f"{people[h]} · {where}") for _, h, where in sorted(found)[:MOST_SWAPS])


def neighbours(key: str) -> tuple[str, ...]:
    """Units of the sites in which a household is or was."""
    ledger = _of_household(key)
    people = set(PersonRow.objects.filter(membership__household__key=key)
                 .values_list("key", flat=True))  # fmt: skip
    beds = [r for r in ledger.current if r.person in people and r.domain == BEDS]
    sites = {ledger.unit[r.unit].facility for r in beds if r.unit and r.unit in ledger.unit}
    return tuple(u.id for s in sorted(sites) for u in ledger.units_of[s] if u.domain == BEDS)


def waiting_for(user: User, unit: Unit, day: date) -> list[tuple[str, int]]:
    """Households without any bed, held ones too, whom a unit takes; the best fit first. Never a
    minor alone, and nobody whose place this user may not know."""
    ledger, today = bridge.present(), clock.today()
    state = occupancy(ledger, day, today=today).units[unit.id]
    if not state.free:
        return []
    housed = {
        r.person for r in ledger.current
        if r.domain == BEDS and r.status in ("held", "confirmed", "moved_in", "absent")
        and not is_expired(r, today) and (r.until is None or r.until > day)
    }  # fmt: skip
    shown = shown_households(user)
    found = []
    for household in ledger.households:
        people = present(ledger, household.id, day) if household.id in shown else ()
        if not people or housed & set(people) or len(people) > state.free:
            continue
        if household.hosted or is_minor_alone(ledger, household, day):
            continue
        what = wanted(household.id, day)
        if free_for(ledger, day, what.size, what.sex, what.access, features=what.features,
                    days={unit.id: state}, among=[unit]):  # fmt: skip
            found.append((household.id, what.size))
    return sorted(found, key=lambda f: (-f[1], f[0]))[:MOST_WAITING]


def lease_of(units: Iterable[str]) -> date | None:
    """The first day on which one of the units' sites has no lease; nobody stays beyond it."""
    rows = UnitRow.objects.filter(key__in=list(units), facility__lease_until__isnull=False)
    return min(rows.values_list("facility__lease_until", flat=True), default=None)


def into(key: str, units: list[str], day: date) -> dict[str, str]:
    """A unit for each member, filled by their places, whoever is in them now."""
    ledger = _of_household(key, units)
    states = occupancy(ledger, day).units
    rooms = [u for u in units if u in states for _ in range(states[u].open)]
    people = present(ledger, key, day)
    rooms += units[-1:] * (len(people) - len(rooms))
    return dict(zip(people, rooms, strict=False))


def versions_of(people: Any) -> list[str]:
    """Ids of all versions of some people's stays, the replaced ones too."""
    return [
        *Stay.objects.filter(person__in=people).values_list("key", flat=True),
        *StayOld.objects.filter(person__in=people).values_list("key", flat=True),
    ]
