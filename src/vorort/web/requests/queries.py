"""Requests a user sees, with what the other office may know of the person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from vorort.files.cells import KINDS
from vorort.ledger import BEDS, age_on
from vorort.web import clock, sight
from vorort.web.accounts import rights
from vorort.web.accounts.models import User
from vorort.web.intake.models import Household, Membership, Name, Person
from vorort.web.placing.models import Stay
from vorort.web.requests.models import OPEN, Request
from vorort.web.requests.owners import Went, went
from vorort.web.totals.now import sites_now, states_of
from vorort.web.town.models import District, Unit


@dataclass(frozen=True)
class Incoming:
    """A request as its owner sees it: no name and no number of the person before a yes."""

    row: Request
    age: int | None
    sex: str | None
    area: str  # a district's name; "" = unknown, or not to be told
    name: str  # after the confirmation
    units: list[Unit]  # what may be offered instead
    went: tuple[Went, ...] = ()  # from office to office


@dataclass(frozen=True)
class Outgoing:
    """A request as its asker sees it."""

    row: Request
    household: str
    name: str
    went: tuple[Went, ...] = ()  # from office to office


@dataclass(frozen=True)
class Choice:
    """A unit that may be asked for. German: Wahl"""

    unit: Unit
    free: int
    asked: int  # open requests for it
    is_near: bool
    is_stale: bool


def to_us(user: User, today: date) -> list[Incoming]:
    """What is asked of this office, open ones first, by day."""
    if not rights.may(user, rights.ANSWER):
        return []
    rows = Request.objects.filter(owner=user.office).filter(
        Q(status__in=OPEN) | Q(answered_by__at__date__gte=today - timedelta(days=60))
    )
    found = _ordered(rows)
    if not found:
        return []
    own = list(Unit.objects.filter(facility__owner=user.office).select_related("facility")
               .exclude(domain=BEDS).order_by("facility__name", "key"))  # fmt: skip
    about = _about(r.person_id for r in found)
    over = went(found)
    return [_incoming(r, today, own, about, over.get(r.pk, ())) for r in found]


@dataclass(frozen=True)
class _About:
    """What is needed of the people of many requests, read at once."""

    home: dict[Any, str]
    protected: set[Any]
    area: dict[Any, str]
    name: dict[Any, str]


def _about(people: Iterable[Any]) -> _About:
    ids = list(people)
    names = dict(District.objects.values_list("key", "name"))
    homes = {}
    protected, area = set(), {}
    members = Membership.objects.filter(person__in=ids, member_until__isnull=True)
    for person, key, hides, district in members.values_list(
        "person_id", "household__key", "household__protected", "household__district"
    ):
        homes[person] = key
        area[person] = names.get(district or "", "")
        protected |= {person} if hides else set()
    sleeps = Stay.objects.filter(
        person__in=ids, domain=BEDS, status="moved_in", until__isnull=True, second_place=False
    )
    area |= dict(sleeps.values_list("person_id", "unit__facility__district__name"))
    called = {n.person_id: str(n) for n in Name.objects.filter(person__in=ids).order_by("-id")}
    return _About(homes, protected, area, called)


def _ordered(rows: QuerySet[Request]) -> list[Request]:
    found = rows.select_related(
        "person", "unit__facility", "asker", "owner", "offer_unit__facility", "made_by"
    ).order_by("due", "id")  # fmt: skip
    return sorted(found, key=lambda r: (r.status not in OPEN, r.due, r.pk))


def _incoming(
    row: Request, today: date, own: list[Unit], about: _About, over: tuple[Went, ...]
) -> Incoming:
    person = row.person
    born = KINDS["born"].read(person.born) if person.born else None
    hides = person.pk in about.protected
    return Incoming(
        row, age_on(born, today), person.sex, "" if hides else about.area.get(person.pk, ""),
        about.name.get(person.pk, "") if row.status == "confirmed" else "",
        [u for u in own if u.domain == row.domain], over,
    )  # fmt: skip


def area_of(person: Any) -> str:
    """The name of the district somebody sleeps in, else the one on record."""
    stay = Stay.objects.filter(
        person=person, domain=BEDS, status="moved_in", until__isnull=True, second_place=False
    ).select_related("unit__facility__district").first()  # fmt: skip
    if stay is not None and stay.unit is not None:
        return stay.unit.facility.district.name
    home = Household.objects.filter(
        membership__person=person, membership__member_until__isnull=True
    ).first()  # fmt: skip
    names = dict(District.objects.values_list("key", "name"))
    return names.get(home.district or "", "") if home else ""


def from_us(user: User) -> list[Outgoing]:
    """What this office has asked, as far as the user may open the households."""
    since = clock.now() - timedelta(days=60)
    found = _ordered(_ours(user).filter(Q(status__in=OPEN) | Q(answered_by__at__gte=since)))
    about, sees = _about(r.person_id for r in found), rights.may(user, rights.NAMES)
    over = went(found)
    return [
        Outgoing(r, about.home.get(r.person_id, ""),
                 about.name.get(r.person_id, "") if sees else "", over.get(r.pk, ()))
        for r in found
    ]  # fmt: skip


def _ours(user: User) -> QuerySet[Request]:
    if not rights.may(user, rights.REQUEST):
        return Request.objects.none()
    return Request.objects.filter(
        person__membership__household__in=visible(user),
        person__membership__member_until__isnull=True, asker=user.office,
    ).distinct()  # fmt: skip


def open_to_us(user: User) -> list[Request]:
    """What waits for an answer of this office, by day."""
    if not rights.may(user, rights.ANSWER):
        return []
    return list(Request.objects.filter(owner=user.office, status="open").order_by("due", "id"))


def open_from_us(user: User) -> list[Request]:
    """What this office has asked and is not settled, by day."""
    rows = _ours(user).filter(status__in=OPEN).select_related("person")
    return list(rows.order_by("due", "id"))


def visible(user: User) -> QuerySet[Household]:
    """Households for whose people this user may ask, and see what was asked."""
    found = sight.households_for(user)
    return found if rights.may(user, rights.PROTECTED) else found.exclude(protected=True)


def members(home: Household) -> QuerySet[Person]:
    """Who belongs to a household now."""
    return Person.objects.filter(
        membership__household=home, membership__member_until__isnull=True, same_as__isnull=True
    ).order_by("number")


@dataclass(frozen=True)
class Candidate:
    """A member for whom a place may be asked."""

    person: Person
    age: int | None
    name: str
    waits: bool  # for a place in this domain already


def candidates(user: User, home: Household, domain: str, today: date) -> list[Candidate]:
    """The members of a household, with who waits in a domain."""
    waits = set(
        Stay.objects.filter(person__in=members(home), domain=domain, status="requested",
                            unit__isnull=True).values_list("person_id", flat=True)
    )  # fmt: skip
    sees = rights.may(user, rights.NAMES)
    return [
        Candidate(
            p, age_on(KINDS["born"].read(p.born) if p.born else None, today),
            str(p.names.order_by("id").first() or "") if sees else "", p.pk in waits,
        )
        for p in members(home)
    ]  # fmt: skip


def of_household(user: User, key: str) -> list[Outgoing]:
    """Requests for the people of a household, newest first."""
    if not rights.may(user, rights.REQUESTS) or not visible(user).filter(key=key).exists():
        return []
    rows = Request.objects.filter(
        person__membership__household__key=key, person__membership__member_until__isnull=True
    ).select_related("person", "unit__facility", "owner", "offer_unit")  # fmt: skip
    # sorted here: asked for the newest, a database walks all requests from the end
    newest = sorted(rows, key=lambda r: -r.pk)[:50]
    over = went(newest)
    return [Outgoing(r, key, "", over.get(r.pk, ())) for r in newest]


def choices(domain: str, home: Household, today: date) -> list[Choice]:
    """Units of a domain with their free places, those of the same district first."""
    units = Unit.objects.filter(domain=domain, per="place").select_related("facility__district")
    sites = set(units.values_list("facility_id", flat=True))
    state = states_of(sites_now(sites, today), today)
    open_ = dict(
        Request.objects.filter(domain=domain, status__in=OPEN).values("unit")
        .annotate(n=Count("id")).values_list("unit", "n")
    )  # fmt: skip
    member = home.membership_set.filter(member_until__isnull=True).first()
    near = area_of(member.person_id) if member else ""
    cycle = clock.cycle()
    found = [
        Choice(u, state[u.key].free, open_.get(u.pk, 0), u.facility.district.name == near,
               bool(cycle) and (u.reported_on is None
                                or u.reported_on < today - timedelta(days=cycle or 0)))
        for u in units
    ]  # fmt: skip
    return sorted(found, key=lambda c: (not c.is_near, c.free <= c.asked, c.unit.facility.name,
                                        c.unit.key))  # fmt: skip
