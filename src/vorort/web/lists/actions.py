"""Applying a batch: every good row in one transaction, in bulk; and taking it back."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from vorort.problems import Problem, Refused
from vorort.web import bulk, clock
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act, ReadLog, User
from vorort.web.intake.models import Person
from vorort.web.intake.reading import kind_of
from vorort.web.lists import residents, staging
from vorort.web.lists.checked import CLEARED, EMPTY
from vorort.web.lists.models import Batch, Export, Line, OwnNumber
from vorort.web.lists.staging import Planned
from vorort.web.placing import locks
from vorort.web.totals import empty, notes
from vorort.web.town import reports
from vorort.web.town.models import Announcement, Site, Unit

BULK = 1000


def apply(
    actor: User,
    key: UUID,
    batch: Batch,
    step: staging.Step = bulk.quietly,
    writing: Callable[[], None] | None = None,
) -> trail.Done:
    """All rows that can be used, or none. Faulty and doubtful ones stay out. German: übernehmen

    ``step``: so many rows are a step further; ``writing``: called before the act begins.
    """
    is_again = Act.objects.filter(key=key).exists()
    if batch.state != "staged" and not is_again:
        raise Refused([_done()])
    planned = [] if is_again else staging.plan(batch, actor, step)
    good = [p for p in planned if p.goes_in]
    ready = residents.make_ready(actor, good, step) if batch.kind == "residents" else None
    if writing is not None:
        writing()

    def do(act: Act) -> None:
        row = Batch.objects.select_for_update().get(pk=batch.pk)
        if row.state != "staged":
            raise Refused([_done()])
        if ready is None:
            _WRITERS[batch.kind](act, actor, row, good)
            _results(planned, dict.fromkeys(p.line for p in good))
        else:
            residents.write_people(act, row, ready)
            _results(planned, ready.lines)
            bulk.referred()
            residents.write_places(act, actor, ready)
        row.state, row.act = "applied", act
        row.save()
        trail.changed(act, "import", row.pk, {"rows": (None, len(good))})

    with bulk.written_back_after():
        return trail.once(actor, key, "import", do, batch.kind)


def _done() -> Problem:
    return Problem(
        "", "Diese Liste ist schon übernommen oder verworfen.",
        "This list has been applied or dropped already.", "Neu einlesen.", "Read it anew.",
    )  # fmt: skip


def _results(planned: list[Planned], people: Mapping[int, Any]) -> None:
    """What became of each row; cells of rows that went in are emptied, faulty ones stay to mend.
    ``people``: who was made of the rows that went in, where it is a list of people."""

    def result(p: Planned) -> str:
        if p.line in people:
            return "new"
        return "faulty" if p.problems else "same" if p.becomes == "same" else "skipped"

    results = [(p.line, result(p)) for p in planned]
    bulk.change(Line, (
        {"id": n, "result": x, "cells": EMPTY, "person_id": people[n], **CLEARED}
        for n, x in results if x == "new"
    ))  # fmt: skip
    bulk.change(Line, (
        {"id": n, "result": x, "cells": EMPTY, **CLEARED} for n, x in results if x == "same"
    ))  # fmt: skip
    bulk.change(Line, (
        {"id": n, "result": x, **CLEARED} for n, x in results if x in ("faulty", "skipped")
    ))  # fmt: skip


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
    before, today = notes.last(), clock.today()
    made = Unit.objects.bulk_create(
        [
            Unit(
                key=p.row.values["number"], facility=sites[p.row.values["site"]],
                kind=p.row.values["kind"] or "family", domain="accommodation",
                places=p.row.values["places"], pool="general", adjoins="",
                sex=p.row.values["sex"], per="place", for_whom="newcomers",
                access=None if p.row.values["access"] is None else bool(p.row.values["access"]),
                floor_area_m2=p.row.values["floor_area_m2"], building="",
                floor=p.row.values["floor"] or "", features="", reported_on=today,
                reported_by=actor.office.key, source="import",
            )
            for p in good
        ],
        batch_size=BULK,
    )  # fmt: skip
    facts = {"import": (None, batch.pk)}
    trail.changed_places(act, "unit", ((p.row.values["number"], facts) for p in good))
    _made(good, "number")
    locks.lock_sites({u.facility_id for u in made})  # for the totals: nobody knows the units yet
    empty.take(empty.offered([u.pk for u in made]), before)


def _made(good: list[Planned], column: str) -> None:
    """Note at each row which unit it has made or changed, for taking it back."""
    bulk.change(Line, ({"id": p.line, "made": p.row.values[column]} for p in good))


def _seats(act: Act, actor: User, batch: Batch, good: list[Planned]) -> None:
    values = [p.row.values for p in good]
    reports.write_reports(act, actor, [
        reports.Reported(v["unit"], v["places"], staging.today_of(v["on"])) for v in values
    ])  # fmt: skip
    _made(good, "unit")


_WRITERS = {
    "announcements": _announcements, "units": _units, "seats": _seats,
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
