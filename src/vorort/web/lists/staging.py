"""Reading a file into a batch, and what its rows would become. Nothing else is written here."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from vorort.files.cells import KINDS as CELLS
from vorort.files.lists import KINDS, Row, guess, missing, read_rows
from vorort.files.sheets import Table, read_table
from vorort.ledger import BEDS, Ledger
from vorort.ledger.capacity import CapacityPlan
from vorort.ledger.names import alike, sounds
from vorort.problems import Problem, Refused
from vorort.web import bridge, bulk, clock, sight
from vorort.web.accounts import rights
from vorort.web.accounts.login import is_demo
from vorort.web.accounts.models import User
from vorort.web.intake.models import Membership, Name, Person
from vorort.web.lists.models import Batch, Line, OwnNumber, Remembered
from vorort.web.placing.models import Stay
from vorort.web.town.models import Site, Unit

Step = Callable[[int], None]
AT_ONCE = 500  # rows between two looks whether somebody has asked to stop
SAMPLE = "erfunden"  # a demo takes invented lists only: the file's name says it is one


@dataclass(frozen=True, slots=True)
class Planned:
    """A row and what it would become: new, same, doubt, faulty; and whom it may already be."""

    row: Row
    line: int
    becomes: str
    problems: tuple[Problem, ...]
    person: Person | None = None
    choice: str = ""

    @property
    def goes_in(self) -> bool:
        """New, or chosen to be new although it may be somebody already."""
        return self.becomes == "new" or (self.becomes == "doubt" and self.choice == "new")


def stage(user: User, kind: str, name: str, content: bytes) -> Batch:
    """A new batch from a file or pasted text; raises `Refused`."""
    if kind not in KINDS:
        raise Refused([_odd()])
    if is_demo() and SAMPLE not in name.casefold():
        raise Refused([
            Problem(
                "", "Die Vorführung nimmt keine echten Listen.", "The demo takes no real lists.",
                f"Eine Vorlage mit erfundenen Menschen nehmen; ihr Dateiname enthält „{SAMPLE}“.",
                f"Take a template with invented people; its name holds “{SAMPLE}”.",
            )
        ])  # fmt: skip
    table = read_table(name, content)
    header = json.dumps(table.header, ensure_ascii=False)
    digest = hashlib.sha256(content).hexdigest()
    mark = hashlib.sha256(header.encode()).hexdigest()
    known = Remembered.objects.filter(office=user.office, kind=kind, header=mark).first()
    mapping = json.loads(known.mapping) if known else guess(table, kind)
    with transaction.atomic():
        batch = Batch.objects.create(
            kind=kind, name=name[:200], digest=digest, header=header,
            mapping=json.dumps(mapping), office=user.office, actor=user, at=clock.now(),
        )  # fmt: skip
        Line.objects.bulk_create(
            (Line(batch=batch, number=n, cells=json.dumps(cells, ensure_ascii=False))
             for n, cells in table.rows), batch_size=2000,
        )  # fmt: skip
    return batch


def _odd() -> Problem:
    return Problem(
        "", "Diese Art von Liste gibt es nicht.", "There is no such kind of list.",
        "Aus der Auswahl nehmen.", "Choose one of those offered.",
    )  # fmt: skip


def remap(batch: Batch, mapping: dict[str, int]) -> None:
    """Another column for a field; remembered for this office and these column names."""
    columns = len(json.loads(batch.header))
    names = {t.name for t in KINDS[batch.kind][1]}
    kept = {n: c for n, c in mapping.items() if n in names and 0 <= c < columns}
    batch.mapping = json.dumps(kept)
    batch.checked_by = batch.checked_at = None
    batch.save()
    mark = hashlib.sha256(batch.header.encode()).hexdigest()
    Remembered.objects.update_or_create(
        office=batch.office, kind=batch.kind, header=mark, defaults={"mapping": batch.mapping}
    )


def table_of(batch: Batch) -> Table:
    """The staged rows."""
    rows = batch.lines.exclude(cells="[]").order_by("number").values_list("number", "cells")
    return Table(tuple(json.loads(batch.header)), tuple((n, tuple(json.loads(c))) for n, c in rows))


def plan(batch: Batch, user: User, step: Step = bulk.quietly) -> list[Planned]:
    """Every row with what it would become, today. ``step``: so many more are read, then checked."""
    mapping = json.loads(batch.mapping or "{}")
    lacking = missing(batch.kind, mapping)
    if lacking:
        names_de, names_en = (", ".join(t.label.in_(x) for t in lacking) for x in ("de", "en"))
        raise Refused([
            Problem(
                "", f"Keine Spalte für: {names_de}.", f"No column for: {names_en}.",
                "Spalte zuordnen.", "Name the column.",
            )
        ])  # fmt: skip
    rows: list[Row] = []
    table = table_of(batch)
    for start in range(0, len(table.rows), AT_ONCE):
        part = Table(table.header, table.rows[start : start + AT_ONCE])
        rows += read_rows(part, batch.kind, mapping, clock.today(), batch.name)
        step(len(part.rows))
    lines = {n: (pk, choice) for pk, n, choice in batch.lines.values_list("pk", "number", "choice")}
    check = _CHECKS[batch.kind](batch, user, rows)
    found: list[Planned] = []
    for row in rows:
        pk, choice = lines[row.number]
        becomes, problems, person = check(row)
        problems = (*row.problems, *problems)
        if problems:
            becomes = "faulty"
        found.append(Planned(row, pk, becomes, problems, person, choice))
        if len(found) % AT_ONCE == 0:
            step(AT_ONCE)
    step(len(found) % AT_ONCE)
    return found


def counts(planned: list[Planned]) -> dict[str, int]:
    """How many rows become what."""
    return dict(Counter(p.becomes for p in planned))


def fault(batch: Batch, row: Row, de: str, en: str, column: str) -> Problem:
    """A complaint about a row that reads well and cannot be used."""
    return Problem(
        batch.name, de, en, "Zelle berichtigen.", "Correct the cell.", row=row.number,
        column=column,
    )  # fmt: skip


def _residents(batch: Batch, user: User, rows: list[Row]) -> Any:
    """The same by the office's own number; by sound of name and date of birth same or doubtful."""
    units = dict(Unit.objects.filter(domain=BEDS).values_list("key", "facility__owner_id"))
    own = _own_numbers(batch)
    is_all = not rights.own_only(user, rights.IMPORT)
    by_sound = _by_sound(user, {
        " ".join(sounds(r.values.get("family") or "", r.values.get("given") or "")) for r in rows
    })  # fmt: skip
    seen: dict[tuple[Any, ...], int] = {}
    where = dict(
        Stay.objects.filter(domain=BEDS, status="moved_in", until__isnull=True)
        .values_list("person_id", "unit__key")
    )  # fmt: skip

    def check(row: Row) -> tuple[str, list[Problem], Person | None]:
        v, unit = row.values, row.values.get("unit")
        problems = _place(batch, row, None if is_all else user.office.pk, units)
        mark = (v.get("own_id"),) if v.get("own_id") else (
            sounds(v.get("family") or "", v.get("given") or ""), v.get("born"), unit)  # fmt: skip
        if mark in seen and (v.get("own_id") or v.get("given")):
            problems.append(fault(batch, row, f"Steht schon in Zeile {seen[mark]}.",
                                  f"Is in row {seen[mark]} already.", "own_id"))  # fmt: skip
        seen.setdefault(mark, row.number)
        known = own.get(v["own_id"]) if v.get("own_id") else None
        if known is not None:
            return _same(batch, row, known, unit, where, problems)
        heard = sounds(v.get("family") or "", v.get("given") or "")
        for person in by_sound.get(heard, ()):
            other = CELLS["born"].read(person.born) if person.born else None
            match = alike(heard, v.get("born"), tuple(heard), other)
            if match and match.likeness == "likely":
                return _same(batch, row, person, unit, where, problems)
            if match:
                return "doubt", problems, person
        return "new", problems, None

    return check


def _place(batch: Batch, row: Row, office: int | None, units: dict[str, int]) -> list[Problem]:
    """What is wrong with unit and days of a row; ``office``: only its units may be filled."""
    unit, problems = row.values.get("unit"), []
    if unit is not None and unit not in units:
        problems.append(fault(batch, row, f"Einheit „{unit}“ gibt es nicht.",
                              f"There is no unit “{unit}”.", "unit"))  # fmt: skip
    elif unit is not None and office is not None and units[unit] != office:
        problems.append(fault(batch, row, f"Einheit {unit} gehört einer anderen Stelle.",
                              f"Unit {unit} belongs to another office.", "unit"))  # fmt: skip
    start, end = row.values.get("from_on"), row.values.get("until")
    if start and end and end <= start:
        problems.append(fault(batch, row, "Auszug liegt nicht nach dem Einzug.",
                              "Moved out is not after moved in.", "until"))  # fmt: skip
    return problems


def _by_sound(user: User, heard: set[str]) -> dict[tuple[str, ...], list[Person]]:
    """Who is on record, by how the name sounds; nobody protected: a hint would say they exist."""
    names = Name.objects.values_list("pk", "person_id", "sound")
    named = [(who, sound) for _, who, sound in sorted(names) if sound in heard]
    people: dict[Any, Person] = {}
    for part in bridge.parts({who for who, _ in named}):
        rows = Person.objects.filter(pk__in=part, same_as__isnull=True)
        people |= {p.pk: p for p in rows}
    homes: defaultdict[Any, set[str]] = defaultdict(set)
    for part in bridge.parts(people):
        belong = Membership.objects.filter(person__in=part)
        for who, home in belong.values_list("person_id", "household__key"):
            homes[who].add(home)
    visible = sight.opened_among(user, (k for keys in homes.values() for k in keys))
    visible -= sight.hidden_households(user)
    found: dict[tuple[str, ...], list[Person]] = {}
    for who, sound in dict.fromkeys(named):
        if who in people and homes[who] & visible:
            found.setdefault(tuple(sound.split()), []).append(people[who])
    return found


def _same(
    batch: Batch, row: Row, person: Person, unit: str | None, where: dict[Any, str],
    problems: list[Problem],
) -> tuple[str, list[Problem], Person | None]:  # fmt: skip
    now = where.get(person.pk)
    if unit and now and unit != now:
        problems.append(fault(
            batch, row, f"{person.key} wohnt im Register in {now}: dort umziehen lassen.",
            f"{person.key} lives in {now} in the register: transfer there.", "unit",
        ))  # fmt: skip
    return "same", problems, person


def _own_numbers(batch: Batch) -> dict[str, Person | None]:
    rows = OwnNumber.objects.filter(office=batch.office, kind=batch.kind).select_related("person")
    return {r.number: r.person for r in rows}


def _announcements(batch: Batch, user: User, rows: list[Row]) -> Any:
    own = set(
        OwnNumber.objects.filter(office=batch.office, kind=batch.kind)
        .values_list("number", flat=True)
    )  # fmt: skip
    seen: dict[str, int] = {}

    def check(row: Row) -> tuple[str, list[Problem], Person | None]:
        v, problems = row.values, []
        ages, persons = v.get("ages"), v.get("persons")
        if ages and persons and len(ages) != persons:
            problems.append(fault(batch, row, f"{persons} Personen, aber {len(ages)} Alter.",
                                  f"{persons} persons but {len(ages)} ages.", "ages"))  # fmt: skip
        number = own_number(row)
        if number in seen:
            problems.append(fault(batch, row, f"Steht schon in Zeile {seen[number]}.",
                                  f"Is in row {seen[number]} already.", "own_id"))  # fmt: skip
        seen[number] = row.number
        return ("same" if number in own else "new"), problems, None

    return check


def own_number(row: Row) -> str:
    """The office's number of a row, else one made of what stands in it."""
    if row.values.get("own_id"):
        return str(row.values["own_id"])[:80]
    text = "|".join(f"{k}={v}" for k, v in sorted(row.values.items()))
    return "#" + hashlib.sha256(text.encode()).hexdigest()[:20]


def _units(batch: Batch, user: User, rows: list[Row]) -> Any:
    sites = {s.key: s for s in Site.objects.select_related("owner")}
    sites |= {s.name: s for s in sites.values()}
    units = dict(Unit.objects.values_list("key", "places"))
    seen: dict[str, int] = {}
    is_all = not rights.own_only(user, rights.IMPORT)

    def check(row: Row) -> tuple[str, list[Problem], Person | None]:
        v, problems = row.values, []
        site = sites.get(v.get("site") or "")
        if v.get("site") and site is None:
            problems.append(fault(batch, row, f"Standort „{v['site']}“ gibt es nicht.",
                                  f"There is no site “{v['site']}”.", "site"))  # fmt: skip
        elif site is not None and not is_all and site.owner_id != user.office.pk:
            problems.append(fault(batch, row, f"{site.key} gehört einer anderen Stelle.",
                                  f"{site.key} belongs to another office.", "site"))  # fmt: skip
        number = v.get("number") or ""
        if number in seen:
            problems.append(fault(batch, row, f"Steht schon in Zeile {seen[number]}.",
                                  f"Is in row {seen[number]} already.", "number"))  # fmt: skip
        seen[number] = row.number
        if number in units and v.get("places") not in (None, units[number]):
            problems.append(fault(
                batch, row, f"{number} hat im Register {units[number]} Plätze: dort zu einem Tag "
                "ändern.", f"{number} has {units[number]} places in the register: change them "
                "there on a day.", "places",
            ))  # fmt: skip
        return ("same" if number in units else "new"), problems, None

    return check


def _seats(batch: Batch, user: User, rows: list[Row]) -> Any:
    """The same figure of the same day twice is the same; an older one than is there is a fault."""
    named = {r.values.get("unit") for r in rows}
    units = {
        u.key: u
        for part in bridge.parts(k for k in named if k)
        for u in Unit.objects.filter(key__in=part).select_related("facility")
    }
    seen: dict[str, int] = {}
    standing = _standing(list(units.values()))

    def check(row: Row) -> tuple[str, list[Problem], Person | None]:
        unit, places = row.values.get("unit"), row.values.get("places")
        day, known = today_of(row.values.get("on")), units.get(unit or "")
        if known is None:
            return "new", [fault(batch, row, f"Gruppe „{unit}“ gibt es nicht.",
                                 f"There is no group “{unit}”.", "unit")], None  # fmt: skip
        problems = []
        if known.key in seen:
            problems.append(fault(batch, row, f"Steht schon in Zeile {seen[known.key]}.",
                                  f"Is in row {seen[known.key]} already.", "unit"))  # fmt: skip
        seen[known.key] = row.number
        is_own = known.facility.owner_id == user.office.pk
        before = known.reported_on if is_own else known.other_on
        if before and day < before and (is_own or known.other_by == user.office.key):
            problems.append(fault(
                batch, row, f"Älter als die Meldung vom {before:%d.%m.%Y}.",
                f"Older than the report of {before}.", "on",
            ))  # fmt: skip
        figure = standing.get(known.key) if is_own else known.other_places
        is_same = before == day and figure == places
        return ("same" if is_same else "new"), problems, None

    return check


def _standing(units: list[Unit]) -> dict[str, int]:
    """The places of units that count today, with every step."""
    facilities, inside, events = bridge.places({u.facility_id for u in units})
    plan = CapacityPlan(Ledger(facilities=facilities, units=inside, capacity_events=events))
    sites = {f.id: plan.site(f.id, clock.today()) for f in facilities}
    return {u.key: sites[u.facility.key].units[u.key].nominal for u in units}


_CHECKS = {
    "residents": _residents, "announcements": _announcements, "units": _units, "seats": _seats,
}  # fmt: skip


def today_of(value: date | None) -> date:
    """A day, else today."""
    return value or clock.today()
