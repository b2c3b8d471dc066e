"""Rows to nouns and nouns to rows. No arithmetic: whatever is counted, the ledger counts.

Each function reads what a page or an act needs, as nouns of `vorort.vocabulary` in the order in
which they came; `scenarios` reads the whole register.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from operator import itemgetter
from typing import Any

from django.db import connection, models
from django.db.models import Q

from vorort.files.cells import KINDS
from vorort.ledger import Ledger
from vorort.vocabulary import (
    CapacityEvent,
    Facility,
    Household,
    LegalBasis,
    Membership,
    Office,
    Person,
    Placement,
    Unit,
)
from vorort.web import answer
from vorort.web.accounts.models import Act
from vorort.web.intake import models as intake
from vorort.web.placing.models import Stay, StayOld
from vorort.web.town import models as town

HOUSEHOLD = (
    "key", "kind", "group", "arrived_on", "district", "hosted", "protected", "responsible",
    "responsible_from", "may_move_from", "size_stated", "announced_id", "recorded_at", "source",
)  # fmt: skip
PERSON = (
    "key", "born", "sex", "recognised_on", "needs_access", "left_on", "left_reason",
    "recorded_at", "source", "age_disputed",
)  # fmt: skip
FACILITY = (
    "key", "name", "district__key", "kind", "owner__key", "opens_on", "lease_until",
    "notice_months", "cost_month_eur", "cost_once_eur", "standby_eur", "activation_days", "source",
)  # fmt: skip
UNIT = (
    "key", "facility__key", "kind", "domain", "places", "pool", "adjoins", "sex", "per",
    "for_whom", "access", "floor_area_m2", "building", "floor", "features", "reported_on",
    "reported_by", "other_places", "other_by", "other_on", "source",
)  # fmt: skip
STAY = (
    "key", "person__key", "domain", "status", "unit__key", "requested_on", "from_on", "until",
    "ended_reason", "kept_until", "over_occupancy_reason", "over_until", "second_place",
    "recorded_at", "replaces", "source",
)  # fmt: skip
EVENT = (
    "key", "target", "date", "kind", "status", "places", "until", "delay_low_days",
    "delay_high_days", "reason", "recorded_at", "source",
)  # fmt: skip
PLAIN = {"for_whom": "for_", "from_on": "from_", "key": "id"}
LISTS = ("adjoins", "features")


def nouns_name(column: str) -> str:
    """The field of the noun that a column holds."""
    column = column.split("__")[0]
    return PLAIN.get(column, column)


def read(
    noun: type[Any], columns: tuple[str, ...], rows: models.QuerySet[Any], by: str = "id"
) -> Iterator[Any]:
    names = [nouns_name(c) for c in columns]
    for values in _in_order(rows, columns, by):
        found = dict(zip(names, values, strict=True))
        for name in LISTS:
            if name in found:
                found[name] = tuple(found[name].split())
        if found.get("born"):
            found["born"] = KINDS["born"].read(found["born"])
        yield noun(**found)


def _in_order(rows: models.QuerySet[Any], columns: tuple[str, ...], by: str) -> list[Any]:
    """Rows sorted here: asked to sort, SQLite walks a whole table along an index in that order
    rather than take the few rows that are meant."""
    found = sorted(rows.order_by().values_list(by, *columns), key=itemgetter(0))
    return [row[1:] for row in found]


def placements(*groups: models.QuerySet[Any]) -> tuple[Placement, ...]:
    """Versions of stays from one or both tables, in their order."""
    names = [nouns_name(c) for c in STAY]
    found = {r[1]: r for rows in groups for r in rows.order_by().values_list("number", *STAY)}
    ordered = sorted(found.values(), key=itemgetter(0))
    return tuple(Placement(**dict(zip(names, r[1:], strict=True))) for r in ordered)


LEGAL = ("person__key", "name", "valid_from", "valid_until", "opens_claim")


def persons(rows: models.QuerySet[intake.Person]) -> tuple[Person, ...]:
    """People with their legal bases."""
    legal: defaultdict[str, list[LegalBasis]] = defaultdict(list)
    bases = intake.LegalBasis.objects.filter(person__in=rows.order_by().values("id"))
    for key, *values in _in_order(bases, LEGAL, "id"):
        legal[key].append(LegalBasis(*values))
    return tuple(
        Person(**{**{f: getattr(p, f) for f in _PERSON_FIELDS}, "legal": tuple(legal[p.id])})
        for p in read(Person, PERSON, rows, "number")
    )


_PERSON_FIELDS = tuple(nouns_name(c) for c in PERSON)


def households(rows: models.QuerySet[intake.Household]) -> tuple[Household, ...]:
    """Households in their order."""
    return tuple(read(Household, HOUSEHOLD, rows))


def units(rows: models.QuerySet[town.Unit]) -> tuple[Unit, ...]:
    """Units in their order."""
    return tuple(read(Unit, UNIT, rows))


def facilities(rows: models.QuerySet[town.Site]) -> tuple[Facility, ...]:
    """Sites in their order."""
    return tuple(read(Facility, FACILITY, rows))


MEMBER = ("person__key", "household__key", "member_from", "member_until", "reason")


def memberships(rows: models.QuerySet[intake.Membership]) -> tuple[Membership, ...]:
    """Who belongs where and when."""
    return tuple(Membership(*row) for row in _in_order(rows, MEMBER, "id"))


def offices() -> tuple[Office, ...]:
    """All offices."""
    return tuple(Office(*r) for r in town.Office.objects.order_by("id").values_list("key", "name"))


@contextmanager
def snapshot() -> Iterator[None]:
    """One state of the register for several queries, without taking the write lock.

    Inside a transaction, or another snapshot, nothing is to be done.
    """
    if connection.in_atomic_block or getattr(connection, "in_snapshot", False):
        yield
        return
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(
            "BEGIN DEFERRED" if is_sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        )
        connection.in_snapshot = True  # type: ignore[attr-defined]
        try:
            yield
        finally:
            connection.in_snapshot = False  # type: ignore[attr-defined]
            cursor.execute("ROLLBACK")


def whole_ledger() -> Ledger:
    """Everything the register holds."""
    with snapshot():
        return _whole(Stay.objects.all(), StayOld.objects.all())


def _whole(*versions: models.QuerySet[Any]) -> Ledger:
    everyone = intake.Person.objects.filter(same_as__isnull=True)
    return Ledger(
        households(intake.Household.objects.exclude(id__in=intake.emptied())),
        persons(everyone),
        memberships(intake.Membership.objects.filter(person__same_as__isnull=True)),
        facilities(town.Site.objects.all()),
        units(town.Unit.objects.all()),
        placements(*versions),
        tuple(read(CapacityEvent, EVENT, town.CapacityEvent.objects.all())),
        offices(),
    )


def state() -> tuple[Any, ...]:
    """Changes with every act: what was read before it is old."""
    return tuple(Act.objects.aggregate(models.Max("id"), models.Count("id")).values())


def sites_between(sites: Iterable[int], start: date, end: date) -> Ledger:
    """Whole sites, and who is in them on a day from ``start`` to before ``end``."""
    chosen = list(sites)
    stays = Stay.objects.filter(
        Q(until__isnull=True) | Q(until__gt=start),
        unit__facility__in=chosen,
        from_on__lt=end,
    )
    with snapshot():
        return _with_people(places(chosen), [stays])


def sites_from(sites: Iterable[int], since: date) -> tuple[dict[str, int], Ledger]:
    """Whole sites and who is in them from a day on, or was and nobody has ended it; with the sites'
    numbers by key. Of people only the sex and where they belong, of households nothing more."""
    chosen = list(sites)
    stays = Stay.objects.filter(
        Q(until__isnull=True) | Q(until__gt=since) | Q(ended_reason__isnull=True)
        | Q(from_on__isnull=True), unit__facility__in=chosen,
    )  # fmt: skip
    with snapshot():
        sites_of, units_of, events = places(chosen)
        sexes = stays.order_by().values_list("person__key", "person__sex").distinct()
        people = tuple(Person(key, sex=sex) for key, sex in sexes)
        there = intake.Membership.objects.filter(person__in=stays.order_by().values("person"))
        numbers = dict(town.Site.objects.filter(id__in=chosen).values_list("key", "id"))
        return numbers, Ledger(
            persons=people, memberships=memberships(there), facilities=sites_of, units=units_of,
            placements=placements(stays), capacity_events=events,
        )  # fmt: skip


def sites_known(sites: Iterable[int]) -> Ledger:
    """Whole sites with every version that ever was in them, and what took its place.

    For what was known on a day: a version counts until its successor was recorded, and that one
    may lie elsewhere.
    """
    chosen = list(sites)
    stays, old = _ever_in(chosen)
    with snapshot():
        return _with_people(places(chosen), stays, old)


def of_people(people: Iterable[Any], households: Iterable[str] = ()) -> Ledger:
    """Some people with their households and stays, and the units these are in with their sites.

    For what is about them; places are counted in the ledger around a site.
    """
    mine = set(people)
    with snapshot():
        stays = placements(Stay.objects.filter(person__in=mine))
        there = {row.unit for row in stays if row.unit is not None}
        theirs = units(town.Unit.objects.filter(key__in=there))
        sites = facilities(town.Site.objects.filter(key__in={u.facility for u in theirs}))
        return _belonging((sites, theirs, ()), stays, mine, tuple(households))


def of_stays(stays: models.QuerySet[Stay]) -> Ledger:
    """Some stays and where their people belong."""
    names = [nouns_name(c) for c in STAY]
    with snapshot():
        rows = list(stays.order_by().values_list("number", "person_id", *STAY))
        rows.sort(key=itemgetter(0))
        gone = intake.emptied()
        belong: list[tuple[Any, ...]] = []
        for part in parts({row[1] for row in rows}):
            there = intake.Membership.objects.filter(
                person__in=part, person__same_as__isnull=True
            ).exclude(household__in=gone)  # fmt: skip
            belong += there.values_list("id", *MEMBER)
    return Ledger(
        placements=tuple(Placement(**dict(zip(names, r[2:], strict=True))) for r in rows),
        memberships=tuple(Membership(*r[1:]) for r in sorted(belong, key=itemgetter(0))),
    )


Places = tuple[tuple[Facility, ...], tuple[Unit, ...], tuple[CapacityEvent, ...]]


def places(sites: Iterable[int]) -> Places:
    """Whole sites without anybody in them: facilities, units, and what changes their places."""
    chosen = town.Site.objects.filter(id__in=list(sites))
    inside = town.Unit.objects.filter(facility__in=chosen)
    targets = Q(target__in=inside.values("key")) | Q(target__in=chosen.values("key"))
    events = town.CapacityEvent.objects.filter(targets)
    return (
        facilities(chosen),
        units(inside),
        tuple(read(CapacityEvent, EVENT, events)),
    )


def site_alone(site: int) -> Ledger:
    """A site and what changes its places, without anybody in it."""
    with snapshot():
        sites, inside, events = places([site])
    return Ledger(facilities=sites, units=inside, capacity_events=events)


def history_of(site: int) -> Ledger:
    """A site with every version that ever was in it and what took its place, without the people.

    As `sites_known`, for figures only.
    """
    sites, inside, events = places([site])
    stays, old = _ever_in([site])
    return Ledger(
        facilities=sites, units=inside, placements=placements(*stays, *old),
        capacity_events=events,
    )  # fmt: skip


def _ever_in(
    sites: list[int],
) -> tuple[list[models.QuerySet[Stay]], list[models.QuerySet[StayOld]]]:
    """Every version that ever was in sites, and what took its place."""
    were = StayOld.objects.filter(unit__facility__in=sites).values("stay")
    stays = [Stay.objects.filter(unit__facility__in=sites), Stay.objects.filter(id__in=were)]
    return stays, [StayOld.objects.filter(stay__in=rows.values("id")) for rows in stays]


def around(sites: Iterable[int], people: Iterable[Any], households: Iterable[str] = ()) -> Ledger:
    """Whole sites with everybody ever in them, some people with all their versions, and
    households by number also where nobody of them is recorded.

    It is what an act is checked against. Whole sites, because a closure of a site counts over
    all its units.
    """
    chosen, mine = list(sites), list(people)
    # two questions and not one with an "or": of that neither database makes use of an index
    stays = [
        Stay.objects.filter(unit__facility__in=chosen), Stay.objects.filter(person__in=mine),
    ]  # fmt: skip
    with snapshot():
        there = places(chosen)
        old = [StayOld.objects.filter(person__in=mine)]
        return _with_people(there, stays, old, mine, tuple(households))


def _with_people(
    there: Places,
    stays: Iterable[models.QuerySet[Stay]],
    old: Iterable[models.QuerySet[StayOld]] = (),
    people: Iterable[Any] = (),
    numbers: tuple[str, ...] = (),
) -> Ledger:
    """Places, stays, everybody in these with their households, and who else belongs to them."""
    chosen = set(people)
    for rows in stays:
        chosen.update(rows.values_list("person_id", flat=True))
    return _belonging(there, placements(*stays, *old), chosen, numbers)


def _belonging(
    there: Places, stays: tuple[Placement, ...], chosen: set[Any], numbers: tuple[str, ...]
) -> Ledger:
    sites, inside, events = there
    belongs = intake.Membership.objects
    homes: set[int] = set()
    if numbers:
        named = intake.Household.objects.filter(key__in=numbers)
        homes.update(named.values_list("pk", flat=True))
    for part in parts(chosen):
        homes.update(belongs.filter(person__in=part).values_list("household_id", flat=True))
    everyone = set(chosen)
    for part in parts(homes):
        everyone.update(belongs.filter(household__in=part).values_list("person_id", flat=True))
    found_homes: list[Household] = []
    members: list[Membership] = []
    found_persons: list[Person] = []
    for part in parts(homes):
        found_homes += households(intake.Household.objects.filter(id__in=part))
        members += memberships(belongs.filter(household__in=part, person__same_as__isnull=True))
    for part in parts(everyone):
        found_persons += persons(intake.Person.objects.filter(id__in=part, same_as__isnull=True))
    return Ledger(
        tuple(found_homes), tuple(found_persons), tuple(members), sites, inside, stays, events,
        answer.once("offices of the ledger", offices),
    )  # fmt: skip


def parts(ids: Iterable[Any], most: int = 5000) -> Iterator[list[Any]]:
    """Not more in one question than a database takes."""
    ordered = sorted(ids)
    for n in range(0, len(ordered), most):
        yield ordered[n : n + most]


def row_of(noun: Any, columns: tuple[str, ...], refers: dict[str, dict[str, Any]]) -> Any:
    """A noun as the columns of its table; ``refers``: ids of the rows it refers to, by key."""
    found: dict[str, Any] = {}
    for column in columns:
        value = getattr(noun, nouns_name(column))
        if column in refers:
            found[column.split("__")[0] + "_id"] = None if value is None else refers[column][value]
        elif column in LISTS:
            found[column] = " ".join(value)
        elif column == "born":
            found[column] = None if value is None else KINDS["born"].write(value)
        else:
            found[column] = value
    return found
