"""Applying a batch: every good row in one transaction, in bulk; and taking it back."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max

from vorort.files.cells import KINDS as CELLS
from vorort.ledger import acts, age_on
from vorort.ledger.acts import Entry
from vorort.ledger.names import sounds
from vorort.problems import Problem, Refused
from vorort.web import bridge, clock
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act, ActValue, ReadLog, User
from vorort.web.intake.actions import next_number
from vorort.web.intake.models import Counter, Household, Membership, Name, Person
from vorort.web.intake.reading import kind_of
from vorort.web.lists import staging
from vorort.web.lists.models import Batch, Export, Line, OwnNumber
from vorort.web.lists.staging import Planned
from vorort.web.placing import locks
from vorort.web.placing.models import Stay, StayOld
from vorort.web.tasks.actions import add
from vorort.web.town.models import Announcement, Office, Site, Unit

BULK = 1000


def apply(actor: User, key: UUID, batch: Batch) -> trail.Done:
    """All rows that can be used, or none. Faulty and doubtful ones stay out. German: übernehmen"""
    planned = staging.plan(batch, actor)

    def do(act: Act) -> None:
        row = Batch.objects.select_for_update().get(pk=batch.pk)
        if row.state != "staged":
            raise Refused([_done()])
        good = [p for p in planned if p.becomes == "new" or
                (p.becomes == "doubt" and p.choice == "new")]  # fmt: skip
        _WRITERS[batch.kind](act, actor, row, good)
        _results(row, planned, {p.line for p in good})
        row.state, row.act = "applied", act
        row.save()
        trail.changed(act, "import", row.pk, {"rows": (None, len(good))})

    return trail.once(actor, key, "import", do, batch.kind)


def _done() -> Problem:
    return Problem(
        "", "Diese Liste ist schon übernommen oder verworfen.",
        "This list has been applied or dropped already.", "Neu einlesen.", "Read it anew.",
    )  # fmt: skip


def _results(batch: Batch, planned: list[Planned], good: set[int]) -> None:
    """What became of each row; cells of rows that went in are emptied, faulty ones stay to mend."""
    lines = {line.pk: line for line in batch.lines.all()}
    for p in planned:
        line = lines[p.line]
        line.result = "new" if p.line in good else "faulty" if p.problems else (
            "same" if p.becomes == "same" else "skipped")  # fmt: skip
        if line.result in ("new", "same"):
            line.cells = "[]"
    Line.objects.bulk_update(lines.values(), ["result", "cells", "person", "made"], batch_size=500)


def _residents(act: Act, actor: User, batch: Batch, good: list[Planned]) -> None:
    """Households by their number, else by family name and unit; people; then their places."""
    groups: defaultdict[tuple[Any, ...], list[Planned]] = defaultdict(list)
    for p in good:
        v = p.row.values
        groups[("h", v["household"]) if v.get("household") else (
            v.get("family"), v.get("unit"), v.get("arrived_on"), v.get("from_on"),
            None if v.get("unit") else p.line)].append(p)  # fmt: skip
    units = Unit.objects.filter(
        key__in={p.row.values["unit"] for p in good if p.row.values["unit"]}
    )
    sites = locks.lock((), list(units.values_list("pk", flat=True)))
    people = _people(act, actor, batch, list(groups.values()))
    beds = {
        people[p.line].key: (
            p.row.values["unit"], staging.today_of(p.row.values["from_on"]), p.row.values["until"],
        )
        for p in good if p.row.values["unit"]
    }  # fmt: skip
    if beds:
        ids = [people[p.line].pk for p in good if p.row.values["unit"]]
        ledger = bridge.around(sites, ids)
        entry = Entry(act.at, actor.office.key, clock.today())
        after = acts.enter(ledger, beds, entry, reason="import")
        _stays(act, after.placements[len(ledger.placements) :])


def _people(act: Act, actor: User, batch: Batch, groups: list[list[Planned]]) -> dict[int, Person]:
    households: list[Household] = []
    persons: list[Person] = []
    members, names, owns = [], [], []
    number = Person.objects.aggregate(n=Max("number"))["n"] or 0
    first_household, first_person = _numbers(len(groups), sum(map(len, groups)))
    found: dict[int, Person] = {}
    minors = []
    for n, group in enumerate(groups):
        v = group[0].row.values
        ages = [age_on(p.row.values["born"], clock.today()) for p in group]
        came = [p.row.values["arrived_on"] or p.row.values["from_on"] for p in group]
        arrived = min((day for day in came if day), default=None)
        household = Household(
            key=f"H-{first_household + n:04}", kind=kind_of(ages, 0), group=v["group"] or "other",
            arrived_on=arrived, hosted=False, responsible=actor.office.key, recorded_at=act.at,
            source="import",
        )  # fmt: skip
        households.append(household)
        minors += [household] if household.kind == "uam" else []
        for p in group:
            number += 1
            w = p.row.values
            person = Person(
                id=uuid.uuid4(), number=number, key=f"P-{first_person + len(persons):05}",
                born=CELLS["born"].write(w["born"]) if w["born"] else None, sex=w["sex"],
                recorded_at=act.at, source="import",
            )  # fmt: skip
            persons.append(person)
            found[p.line] = person
            members.append(Membership(person=person, household=household, member_from=arrived))
            family, given = w["family"] or "", w["given"] or ""
            names.append(Name(person=person, family=family, given=given,
                              sound=" ".join(sounds(family, given))))  # fmt: skip
            if w["own_id"]:
                owns.append(OwnNumber(office=batch.office, kind=batch.kind, number=w["own_id"][:80],
                                      person=person))  # fmt: skip
    Household.objects.bulk_create(households, batch_size=BULK)
    Person.objects.bulk_create(persons, batch_size=BULK)
    for table, rows in ((Membership, members), (Name, names), (OwnNumber, owns)):
        table.objects.bulk_create(rows, batch_size=BULK)
    ActValue.objects.bulk_create(
        (ActValue(act=act, subject=p, table="person", row=p.key, field="import", new=str(batch.pk))
         for p in persons), batch_size=BULK,
    )  # fmt: skip
    Line.objects.bulk_update(
        [Line(pk=line, person=person) for line, person in found.items()], ["person"], batch_size=500
    )
    youth = Office.objects.filter(key="jugendamt").first()
    for household in minors:
        add(act, "unaccompanied_minor", youth or actor.office, clock.today(), household=household)
    return found


def _numbers(households: int, people: int) -> tuple[int, int]:
    """The first of so many running numbers of each kind, all taken."""
    first = next_number("household"), next_number("person")
    for name, start, count in (("household", first[0], households), ("person", first[1], people)):
        Counter.objects.filter(name=name).update(last=start + max(count, 1) - 1)
    return first


def _stays(act: Act, rows: Any) -> None:
    """Versions of people who were in no place before, in bulk."""
    people = dict(Person.objects.filter(key__in={r.person for r in rows}).values_list("key", "pk"))
    units = dict(Unit.objects.filter(key__in={r.unit for r in rows}).values_list("key", "pk"))
    number = max(t.objects.aggregate(n=Max("number"))["n"] or 0 for t in (Stay, StayOld))
    refers = {"person__key": people, "unit__key": units}
    Stay.objects.bulk_create(
        [Stay(number=number + n, act=act, **bridge.row_of(r, bridge.STAY, refers))
         for n, r in enumerate(rows, 1)], batch_size=BULK,
    )  # fmt: skip


def _announcements(act: Act, actor: User, batch: Batch, good: list[Planned]) -> None:
    start = Announcement.objects.count()
    for n, p in enumerate(good, 1):
        v, number = p.row.values, staging.own_number(p.row)
        ages = v["ages"] or ()
        persons = v["persons"] or (len(ages) or None)
        kind = v["kind"] or (kind_of(list(ages), persons or 0) if ages else "unknown")
        row = Announcement.objects.create(
            key=_free_key(f"A-{start + n:04}"), expected_on=v["expected_on"],
            group=v["group"] or "other", kind="unknown" if kind == "uam" else kind,
            persons=persons, ages=" ".join(map(str, ages)), sexes=" ".join("-" for _ in ages),
            source=f"import {batch.pk}", permille=1000,
        )  # fmt: skip
        OwnNumber.objects.create(office=batch.office, kind=batch.kind, number=number, key=row.key)


def _free_key(base: str) -> str:
    found, n = base, 1
    while Announcement.objects.filter(key=found).exists():
        n += 1
        found = f"{base}-{n}"
    return found


def _units(act: Act, actor: User, batch: Batch, good: list[Planned]) -> None:
    sites = {s.key: s for s in Site.objects.all()}
    sites |= {s.name: s for s in sites.values()}
    Unit.objects.bulk_create(
        [
            Unit(
                key=p.row.values["number"], facility=sites[p.row.values["site"]],
                kind=p.row.values["kind"] or "family", domain="accommodation",
                places=p.row.values["places"], pool="general", adjoins="",
                sex=p.row.values["sex"], per="place", for_whom="newcomers",
                access=None if p.row.values["access"] is None else bool(p.row.values["access"]),
                floor_area_m2=p.row.values["floor_area_m2"], building="",
                floor=p.row.values["floor"] or "", features="", reported_on=clock.today(),
                reported_by=actor.office.key, source="import",
            )
            for p in good
        ],
        batch_size=BULK,
    )  # fmt: skip
    for p in good:
        trail.changed(act, "unit", p.row.values["number"], {"import": (None, batch.pk)})
    _made(good, "number")


def _made(good: list[Planned], column: str) -> None:
    """Note at each row which unit it has made or changed, for taking it back."""
    Line.objects.bulk_update(
        [Line(pk=p.line, made=p.row.values[column]) for p in good], ["made"], batch_size=500
    )


def _seats(act: Act, actor: User, batch: Batch, good: list[Planned]) -> None:
    from vorort.web.town.actions import write_report

    for p in good:
        v = p.row.values
        write_report(act, actor, v["unit"], v["places"], staging.today_of(v["on"]))
    _made(good, "unit")


_WRITERS = {
    "residents": _residents, "announcements": _announcements, "units": _units, "seats": _seats,
}  # fmt: skip


def drop(actor: User, key: UUID, batch: Batch) -> trail.Done:
    """Throw a staged list away with all its cells. German: verwerfen"""

    def do(act: Act) -> None:
        row = Batch.objects.select_for_update().get(pk=batch.pk)
        if row.state != "staged":
            raise Refused([_done()])
        row.lines.all().delete()
        row.state = "dropped"
        row.save()
        trail.changed(act, "import", row.pk, {"state": ("staged", "dropped")})

    return trail.once(actor, key, "import_drop", do, batch.kind)


def log_export(actor: User, what: str, purpose: str, rows: int, named: list[str]) -> None:
    """A list went out; for everybody who stands in it by name that is a look at them."""

    def do(act: Act) -> None:
        Export.objects.create(act=act, what=what, purpose=purpose, rows=rows)
        people = Person.objects.filter(key__in=named).values_list("pk", flat=True)
        ReadLog.objects.bulk_create(
            (ReadLog(actor=actor, subject_id=pk, purpose_code=f"export.{purpose}", at=act.at)
             for pk in people), batch_size=BULK,
        )  # fmt: skip

    trail.once(actor, uuid.uuid4(), "export", do, purpose)


def cells_of(line: Line) -> list[str]:
    """What stands in a staged row."""
    found: list[str] = json.loads(line.cells)
    return found


def day_text(value: date | None) -> str:
    """TT.MM.JJJJ or nothing."""
    return f"{value:%d.%m.%Y}" if value else ""
