"""A list of who lives where, entered: what takes long is done before anybody has to wait.

Households, people and their stays are made ready, and what they change in the totals of each site;
then one short transaction writes them. A site that somebody has changed meanwhile is reckoned
again in it. German: Bestandsliste
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from operator import attrgetter
from typing import Any

from django.db import transaction
from django.db.models import Max

from vorort.files.cells import KINDS as CELLS
from vorort.ledger import acts, age_on
from vorort.ledger.acts import Entry
from vorort.ledger.deltas import Delta, act_deltas, is_bed
from vorort.ledger.names import sounds
from vorort.problems import Problem, Refused
from vorort.vocabulary import Person
from vorort.web import bridge, bulk, clock
from vorort.web.accounts.gate import gate
from vorort.web.accounts.models import Act, ActValue, User
from vorort.web.intake.actions import next_number
from vorort.web.intake.models import Counter, Household, Membership, Name
from vorort.web.intake.models import Person as PersonRow
from vorort.web.intake.reading import kind_of
from vorort.web.lists.models import Batch, OwnNumber
from vorort.web.lists.staging import Planned
from vorort.web.placing import locks
from vorort.web.placing.models import Stay, StayOld
from vorort.web.tasks.actions import add
from vorort.web.totals import keeping
from vorort.web.totals.models import SiteMark
from vorort.web.totals.now import SiteNow, sites_now
from vorort.web.town.models import Office, Site, Unit

Bed = tuple[str, date, date | None]  # unit, from, until
Refers = dict[str, dict[str, Any]]
Step = Callable[[int], None]
SITES = 40  # read at once; between two such parts somebody may ask to stop
FIRST = tuple(c for c in bridge.STAY if c != "recorded_at")  # columns of a first version


@dataclass
class Ready:
    """Rows as they will be written, but for what only the act knows: its number and instant."""

    households: list[dict[str, Any]] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=list)
    homes: list[tuple[Any, str, date | None]] = field(default_factory=list)  # person, household
    names: list[dict[str, Any]] = field(default_factory=list)
    numbers: list[tuple[str, Any]] = field(default_factory=list)  # the office's own, person
    tables: dict[type[Any], bulk.Prepared] = field(default_factory=dict)
    lines: dict[int, Any] = field(default_factory=dict)  # line -> person
    minors: list[str] = field(default_factory=list)
    sexes: dict[str, Any] = field(default_factory=dict)
    beds: dict[int, dict[str, Bed]] = field(default_factory=dict)  # by site
    units: dict[str, int] = field(default_factory=dict)
    sites: dict[int, Entered] = field(default_factory=dict)


@dataclass(frozen=True)
class Entered:
    """What is entered at a site, and what it changes there, as long as its mark is the same."""

    key: str
    mark: int | None
    stays: bulk.Prepared
    changes: list[Delta]


def make_ready(actor: User, good: list[Planned], step: Step = bulk.quietly) -> Ready:
    """Everything but the writing. Raises `Refused`. ``step``: so many people are ready."""
    groups: defaultdict[tuple[Any, ...], list[Planned]] = defaultdict(list)
    for p in good:
        v = p.row.values
        groups[("h", v["household"]) if v.get("household") else (
            v.get("family"), v.get("unit"), v.get("arrived_on"), v.get("from_on"),
            None if v.get("unit") else p.line)].append(p)  # fmt: skip
    ready, today = Ready(), clock.today()
    first_household, first_person = _numbers(len(groups), len(good))
    # Random, yet in order: each index is written from left to right, a quarter of the time.
    ids = iter(sorted((uuid.uuid4() for _ in good), key=attrgetter("hex")))
    for n, group in enumerate(groups.values()):
        _household(ready, actor, group, f"H-{first_household + n:04}", first_person, today, ids)
    _prepare(ready)
    keys = {p["key"]: p["id"] for p in ready.people}
    lines = {ready.lines[p.line]: p.row.values for p in good}
    wanted = {v["unit"] for v in lines.values() if v["unit"]}
    rows = Unit.objects.filter(key__in=wanted).values_list("key", "pk", "facility_id")
    site = {unit: where for unit, _, where in rows}
    ready.units = {unit: pk for unit, pk, _ in rows}
    beds: defaultdict[int, dict[str, Bed]] = defaultdict(dict)
    for key, person in keys.items():
        v = lines[person]
        if v["unit"]:
            beds[site[v["unit"]]][key] = v["unit"], v["from_on"] or today, v["until"]
    ready.beds = dict(beds)
    ready.sites = _entered(ready, ready.beds, actor, step)
    step(len(good) - sum(map(len, ready.beds.values())))
    return ready


def _prepare(ready: Ready) -> None:
    mine: dict[type[Any], tuple[Iterable[bulk.Row], tuple[str, ...]]] = {
        Household: (ready.households, ("recorded_at",)),
        PersonRow: (ready.people, ("number", "recorded_at")),
        Membership: (
            ({"person_id": who, "member_from": arrived} for who, _, arrived in ready.homes),
            ("household_id",),
        ),
        Name: (ready.names, ()),
        OwnNumber: (
            ({"number": own, "person_id": who} for own, who in ready.numbers), ("office_id", "kind")
        ),
        ActValue: (
            ({"subject_id": p["id"], "table": "person", "row": p["key"], "field": "import"}
             for p in ready.people), ("act_id", "new"),
        ),
    }  # fmt: skip
    ready.tables = {t: bulk.prepare(t, rows, late) for t, (rows, late) in mine.items()}


def _household(
    ready: Ready, actor: User, group: list[Planned], key: str, first: int, today: date,
    ids: Iterator[uuid.UUID],
) -> None:  # fmt: skip
    v = group[0].row.values
    ages = [age_on(p.row.values["born"], today) for p in group]
    came = [p.row.values["arrived_on"] or p.row.values["from_on"] for p in group]
    arrived = min((day for day in came if day), default=None)
    kind = kind_of(ages, 0)
    ready.households.append({
        "key": key, "kind": kind, "group": v["group"] or "other", "arrived_on": arrived,
        "hosted": False, "responsible": actor.office.key, "source": "import",
    })  # fmt: skip
    ready.minors += [key] if kind == "uam" else []
    for p in group:
        w, pk = p.row.values, next(ids)
        who = f"P-{first + len(ready.people):05}"
        ready.people.append({
            "id": pk, "key": who, "sex": w["sex"], "source": "import",
            "born": CELLS["born"].write(w["born"]) if w["born"] else None,
        })  # fmt: skip
        ready.lines[p.line], ready.sexes[who] = pk, w["sex"]
        ready.homes.append((pk, key, arrived))
        family, given = w["family"] or "", w["given"] or ""
        heard = " ".join(sounds(family, given))
        ready.names.append({"person_id": pk, "family": family, "given": given, "sound": heard})
        if w["own_id"]:
            ready.numbers.append((w["own_id"][:80], pk))


def _numbers(households: int, people: int) -> tuple[int, int]:
    """The first of so many running numbers of each kind, all taken: also if nothing comes of it."""
    with gate(), transaction.atomic():
        first = next_number("household"), next_number("person")
        for name, n, count in (("household", first[0], households), ("person", first[1], people)):
            Counter.objects.filter(name=name).update(last=n + max(count, 1) - 1)
    return first


def _entered(
    ready: Ready, beds: Mapping[int, Mapping[str, Bed]], actor: User, step: Step = bulk.quietly
) -> dict[int, Entered]:
    """Each site by itself; every complaint of all of them together."""
    problems: list[Problem] = []
    found: dict[int, Entered] = {}
    days = [start for mine in beds.values() for _, start, _ in mine.values()]
    entry = Entry(clock.now(), actor.office.key, clock.today())
    keys = dict(Site.objects.filter(pk__in=list(beds)).values_list("key", "pk"))
    refers = {"person__key": {p["key"]: p["id"] for p in ready.people}, "unit__key": ready.units}
    for part in bridge.parts(beds, SITES):
        for now in sites_now(part, min(days)):
            site = keys[now.key]
            try:
                found[site] = _enter(ready, now, beds[site], entry, refers)
            except Refused as refused:
                problems += refused.problems
            step(len(beds[site]))
    if problems:
        raise Refused(dict.fromkeys(problems))
    return found


def _enter(
    ready: Ready, now: SiteNow, beds: Mapping[str, Bed], entry: Entry, refers: Refers
) -> Entered:
    # nobody of them slept anywhere before: they are new
    newcomers = tuple(Person(key, sex=ready.sexes[key]) for key in beds)
    before = replace(now.ledger, persons=(*now.ledger.persons, *newcomers))
    after = acts.enter(before, beds, entry, reason="import")
    units = {u for u, _, _ in beds.values() if is_bed(after.unit[u])}
    rows = (bridge.row_of(r, FIRST, refers) for r in after.placements[len(before.placements) :])
    return Entered(
        now.key, now.mark, bulk.prepare(Stay, rows, ("number", "act_id", "recorded_at")),
        act_deltas(before, after, entry.at, units),
    )  # fmt: skip


def write_people(act: Act, batch: Batch, ready: Ready) -> None:
    """The short part, within the act: whom nobody but this act knows yet, so nobody waits."""
    rows, count = ready.tables, len(ready.people)
    last = Household.objects.aggregate(n=Max("pk"))["n"] or 0
    bulk.put(rows[Household], recorded_at=act.at)
    homes = dict(Household.objects.filter(pk__gt=last).values_list("key", "pk"))
    first = (PersonRow.objects.aggregate(n=Max("number"))["n"] or 0) + 1
    bulk.put(rows[PersonRow], number=[*range(first, first + count)], recorded_at=act.at)
    bulk.put(rows[Membership], household_id=[homes[home] for _, home, _ in ready.homes])
    bulk.put(rows[Name])
    bulk.put(rows[OwnNumber], office_id=batch.office_id, kind=batch.kind)
    bulk.put(rows[ActValue], act_id=act.pk, new=str(batch.pk))


def write_places(act: Act, actor: User, ready: Ready) -> None:
    """After it: where they are. From here on everybody waits who changes one of the sites."""
    locks.lock((), list(ready.units.values()))
    marks = dict(SiteMark.objects.filter(site__in=list(ready.sites)).values_list("site", "value"))
    changed = [s for s, x in ready.sites.items() if x.mark is None or x.mark != marks.get(s)]
    sites = ready.sites | _entered(ready, {s: ready.beds[s] for s in changed}, actor)
    _write_stays(act, [x.stays for x in sites.values()])
    keeping.take_ready(
        act, [c for x in sites.values() for c in x.changes], {x.key: s for s, x in sites.items()}
    )
    youth = Office.objects.filter(key="jugendamt").first() or actor.office
    for home in Household.objects.filter(key__in=ready.minors).order_by("pk"):
        add(act, "unaccompanied_minor", youth, clock.today(), household=home)


def _write_stays(act: Act, prepared: list[bulk.Prepared]) -> None:
    """First versions of people who were in no place before."""
    lines = [line for rows in prepared for line in rows.lines]
    first = max(t.objects.aggregate(n=Max("number"))["n"] or 0 for t in (Stay, StayOld)) + 1
    if lines:
        bulk.put(
            replace(prepared[0], lines=lines), number=[*range(first, first + len(lines))],
            act_id=act.pk, recorded_at=act.at,
        )  # fmt: skip
