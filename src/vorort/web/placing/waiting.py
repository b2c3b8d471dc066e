"""Needs without a place, by age and by area. German: Bedarf ohne Platz

The area is where they sleep tonight, else the district on record. Of a protected household it is
unknown to everybody but the named role.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from operator import itemgetter
from uuid import UUID

from django.db.models import Q, QuerySet

from vorort.files.cells import KINDS
from vorort.ledger import AGES, BEDS, age_group, age_on
from vorort.vocabulary import Text
from vorort.web import bridge, sight
from vorort.web.accounts import rights
from vorort.web.accounts.models import User
from vorort.web.deadlines.households import drawn
from vorort.web.intake.models import Membership, emptied
from vorort.web.placing.models import Stay
from vorort.web.tables import Column
from vorort.web.tasks.days import span
from vorort.web.town.models import District


@dataclass(frozen=True, slots=True)
class Need:
    """Somebody who waits for a place in a domain. German: Bedarf"""

    household: str
    person: str
    domain: str
    ages: str  # a group of `AGES`
    area: str  # a district's key; "" = unknown, or not shown
    since: date | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait in a domain, how many long, since when the first; and how many of each age."""

    domain: str
    people: int
    long: int
    since: date | None
    ages: tuple[tuple[str, int], ...]


COLUMNS = (
    Column("haushalt", Text("Haushalt", "Household"), lambda n: n.household),
    Column("person", Text("Person", "Person"), lambda n: n.person),
    Column("feld", Text("Handlungsfeld", "Domain"), lambda n: n.domain),
    Column("alter", Text("Alter", "Age"), lambda n: AGES.index(n.ages)),
    Column("gebiet", Text("Gebiet", "Area"), lambda n: n.area),
    Column("seit", Text("seit", "since"), lambda n: n.since),
)


def fitting(needs: list[Need], asked: Mapping[str, str]) -> list[Need]:
    """The needs an address asks for: by domain, age, area (- = unknown)."""
    domain, ages, area = (asked.get(n, "") for n in ("feld", "alter", "gebiet"))
    return [
        n for n in needs
        if (not domain or n.domain == domain) and (not ages or n.ages == ages)
        and (not area or n.area == area.removeprefix("-"))
    ]  # fmt: skip


def needs_for(
    user: User, today: date, right: str = rights.TODAY, *, areas: bool = True
) -> list[Need]:
    """Everybody without a place whom this user may see, longest wait first. ``areas``: also where
    they sleep."""
    found = _seen(user, today, right)
    if not areas:
        return [need for _, _, need in found]
    hidden = sight.hidden_households(user)
    where = _areas({pk for pk, _, _ in found}, today)
    return [
        need if need.household in hidden
        else replace(need, area=where.get(pk) or district or "")
        for pk, district, need in found
    ]  # fmt: skip


Found = tuple[UUID, str | None, Need]  # a person, their district on record, and the need


def _seen(user: User, today: date, right: str) -> list[Found]:
    every = needs_of_all(today)
    if not rights.own_only(user, right):
        return every
    mine = sight.opened_among(user, {need.household for _, _, need in every}, right)
    return [f for f in every if f[2].household in mine]


def needs_of_all(today: date) -> list[Found]:
    """Everybody without a place, longest wait first."""
    return drawn("needs", today, _reader(today), "sorted", _sorted)


def _sorted(kept: dict[int, list[Found]]) -> list[Found]:
    found = [f for needs in kept.values() for f in needs]
    return sorted(found, key=lambda f: (f[2].since or date.max, f[2].domain, f[2].household,
                                        f[2].person))  # fmt: skip


def _reader(today: date) -> Callable[[Collection[int] | None], dict[int, list[Found]]]:
    """Who waits, of all households or of some, by household's number."""

    def read(of: Collection[int] | None) -> dict[int, list[Found]]:
        rows = Stay.objects.filter(status="requested", unit__isnull=True)
        if of is not None:
            rows = rows.filter(person__in=Membership.objects.filter(household__in=of)
                               .values("person"))  # fmt: skip
        homes = _homes(rows, today)
        found: defaultdict[int, list[Found]] = defaultdict(list)
        for pk, person, born, domain, since in rows.order_by().values_list(
            "person_id", "person__key", "person__born", "domain", "requested_on"
        ):
            number, home, district = homes.get(pk, (None, "", None))
            if number is not None and (of is None or number in of):
                ages = age_group(age_on(KINDS["born"].read(born) if born else None, today))
                found[number].append((pk, district, Need(home, person, domain, ages, "", since)))
        return dict(found)

    return read


def _homes(rows: QuerySet[Stay], today: date) -> dict[UUID, tuple[int, str, str | None]]:
    """The household of each person today by number and key, with its district on record; the
    first row counts."""
    there = Membership.objects.filter(
        Q(member_from__isnull=True) | Q(member_from__lte=today),
        Q(member_until__isnull=True) | Q(member_until__gt=today),
        person__in=rows.values("person"), person__same_as__isnull=True,
    ).exclude(household__in=emptied())  # fmt: skip
    columns = ("id", "person_id", "household_id", "household__key", "household__district")
    found = sorted(there.values_list(*columns), key=itemgetter(0), reverse=True)
    return {pk: (number, key, district) for _, pk, number, key, district in found}


def _areas(people: set[UUID], today: date) -> dict[UUID, str]:
    """The district in which each person sleeps today."""
    beds = Stay.objects.filter(
        Q(until__isnull=True) | Q(until__gt=today), domain=BEDS, status="moved_in",
        from_on__lte=today, second_place=False, unit__isnull=False,
    )  # fmt: skip
    found: dict[UUID, str] = {}
    for part in bridge.parts(people):
        rows = beds.filter(person__in=part)
        found |= {
            pk: district for _, pk, district in sorted(
                rows.values_list("number", "person_id", "unit__facility__district__key"))
        }  # fmt: skip
    return found


def waiting_for(user: User, today: date) -> list[Waiting]:
    """By domain, each with its ages in the order of life."""
    long = span("waits_long")
    if not rights.own_only(user, rights.TODAY):
        return drawn("needs", today, _reader(today), ("by domain", long),
                     lambda kept: _by_domain(_sorted(kept), today - long))  # fmt: skip
    return _by_domain(_seen(user, today, rights.TODAY), today - long)


def _by_domain(found: list[Found], long_since: date) -> list[Waiting]:
    groups: defaultdict[str, list[Need]] = defaultdict(list)
    for _, _, need in found:
        groups[need.domain].append(need)
    result = []
    for domain, needs in sorted(groups.items()):
        days = [n.since for n in needs if n.since]
        ages = Counter(n.ages for n in needs)
        result.append(Waiting(
            domain, len(needs), sum(d <= long_since for d in days), min(days, default=None),
            tuple((a, ages[a]) for a in AGES if ages[a]),
        ))  # fmt: skip
    return result


def by_area(needs: list[Need]) -> tuple[list[str], list[tuple[str, list[int], int]]]:
    """Age groups there are; and each area with its counts by them and their sum, unknown last."""
    ages = [a for a in AGES if any(n.ages == a for n in needs)]
    rows: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(ages))
    for need in needs:
        rows[need.area][ages.index(need.ages)] += 1
    order = {k: n for n, k in enumerate(District.objects.order_by("name").values_list("key"))}
    areas = sorted(rows, key=lambda a: (a == "", order.get((a,), 0)))
    return ages, [(area, rows[area], sum(rows[area])) for area in areas]
