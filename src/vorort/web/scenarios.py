"""The whole register as a scenario folder holds it, and a folder into the register."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import yaml
from django.db import models, transaction

from vorort.files import Scenario, files_of_place, with_decided
from vorort.ledger import Ledger
from vorort.placement import Surroundings, open_needs_of
from vorort.placement.front import rulebook_of
from vorort.vocabulary import (
    Announcement,
    District,
    Measure,
    Municipality,
    MunicipalKey,
    ResidentDemand,
    Source,
)
from vorort.web import bridge, bulk, clock
from vorort.web.accounts.models import Act
from vorort.web.intake import models as intake
from vorort.web.placing.models import Stay, StayOld
from vorort.web.proposals import bridge as placing_rows
from vorort.web.proposals import requested
from vorort.web.town import models as town

_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEMAND = ("month", "district", "domain", "pool", "low", "central", "high", "source")


def municipality(row: town.Kommune, facts: dict[str, Any]) -> Municipality:
    """The Kommune with its districts and offices."""
    key = dict(facts["key"])
    key["source"] = Source(**key["source"])
    districts = town.District.objects.order_by("id").values_list("key", "name", "population")
    return Municipality(
        row.name, row.land, row.ags, row.kind, clock.today(), row.months, row.population,
        row.area_km2, tuple(District(*d) for d in districts), bridge.offices(), MunicipalKey(**key),
        facts["scenarios"], row.passing,
        {k: (a, b) for k, (a, b) in facts["tolerances"].items()}, row.reported_cycle_days,
    )  # fmt: skip


def scenario() -> Scenario:
    """The register as a scenario: the same nouns that reading the folder gives."""
    found = town_alone()
    found = replace(
        found, ledger=with_decided(bridge.whole_ledger(), found.measures),
        announced=tuple(_announced()), placing=placing_rows.files(),
    )  # fmt: skip
    found = _with_open_needs(found)
    return replace(found, later=files_of_place(found))


def town_alone() -> Scenario:
    """The Kommune with its rules and own values, without places, people or who is announced."""
    row = town.Kommune.objects.get()
    facts = yaml.load(row.facts, _YAML)  # noqa: S506  (a safe loader)
    return Scenario(
        municipality(row, facts), Ledger(),
        tuple(bridge.read(ResidentDemand, DEMAND, town.ResidentDemand.objects.order_by("id"))),
        (), tuple(_measures()), facts["own_values"], row.folder, rules=placing_rows.rules(),
    )  # fmt: skip


def decided_only(measures: Iterable[Measure]) -> Ledger:
    """What decided measures will open, and nothing else: places that stand in no table."""
    alike = [town.Unit.objects.filter(domain=m.domain, pool=m.pool) for m in measures]
    first = [rows.aggregate(models.Min("id"))["id__min"] for rows in alike]
    like = bridge.units(town.Unit.objects.filter(id__in=[n for n in first if n is not None]))
    found = with_decided(Ledger(units=like), measures)
    return replace(found, units=tuple(u for u in found.units if u.id.startswith("measure:")))


def _with_open_needs(found: Scenario) -> Scenario:
    """Open needs with the dates people have given them; without any row the ledger's stay."""
    given = placing_rows.open_rows()
    if not given:
        return found
    around = Surroundings(rulebook_of(found), found.announced)
    listed = {key: need for key, (need, is_left_out) in given.items() if not is_left_out}
    for n in open_needs_of(found.ledger, found.municipality.today, around):
        if (n.household, n.person, n.domain) not in given:
            listed[n.household, n.person, n.domain] = n
    return replace(found, placing=replace(found.placing, open_needs=tuple(listed.values())))


MEASURE = (
    "key", "name", "domain", "places", "status", "pool", "decision_on", "lifetime_months",
    "once_eur", "month_eur", "owner", "source",
)  # fmt: skip
LEAD = ("lead_low_days", "lead_mid_days", "lead_high_days")


def _measures() -> Iterator[Measure]:
    names = [bridge.nouns_name(c) for c in MEASURE]
    for row in town.Measure.objects.order_by("id").values_list(*MEASURE, *LEAD):
        lead = None if None in row[-3:] else row[-3:]
        yield Measure(**dict(zip(names, row[:-3], strict=True)), lead_days=lead)


def _announced() -> Iterator[Announcement]:
    for a in town.Announcement.objects.order_by("id"):
        ages = tuple(int(x) for x in a.ages.split())
        sexes: Any = tuple(None if x == "-" else x for x in a.sexes.split())
        yield Announcement(
            a.key, a.expected_on, a.group, a.kind, a.persons, ages, sexes, a.source,
            a.permille / 1000,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a folder became."""

    households: int
    persons: int
    units: int
    stays: int


def rows_in(ledger: Ledger) -> int:
    """How many rows of people and places `load` will report."""
    return sum(map(len, (ledger.households, ledger.persons, ledger.memberships, ledger.placements)))


@transaction.atomic
def load(found: Scenario, act: Act, *, is_demo: bool, wrote: bulk.Wrote = bulk.quietly) -> Loaded:
    """Write a scenario into an empty register; all of it or nothing."""
    act.save(force_insert=True)
    return _write(found, act, is_demo, wrote)


def refill(found: Scenario, act: Act) -> Loaded:
    """The same into a register that holds a Kommune, offices and logins, and nobody yet."""
    is_demo = town.Kommune.objects.get().is_demo
    for table in (town.Kommune, town.District, town.ResidentDemand, town.Measure,
                  town.CapacityEvent):  # fmt: skip
        table.objects.all().delete()
    placing_rows.forget_rules()
    wanted = {o.id for o in found.municipality.offices}
    town.Office.objects.exclude(key__in=wanted).filter(user__isnull=True).delete()
    return _write(found, act, is_demo)


def _write(found: Scenario, act: Act, is_demo: bool, wrote: bulk.Wrote = bulk.quietly) -> Loaded:
    _write_town(found, is_demo)
    ledger = found.ledger
    sites = _save(town.Site, bridge.FACILITY, _own(ledger.facilities), {
        "district__key": _ids(town.District), "owner__key": _ids(town.Office),
    })  # fmt: skip
    units = _save(town.Unit, bridge.UNIT, _own(ledger.units), {"facility__key": sites})
    _save(town.CapacityEvent, bridge.EVENT, _own(ledger.capacity_events), {})
    people = _write_people(ledger, wrote)
    stays = _write_stays(ledger, people, units, wrote)
    around = Surroundings(rulebook_of(found), found.announced)
    open_now = open_needs_of(ledger, found.municipality.today, around)
    placing_rows.load(found.placing, found.rules, open_now)
    requested.load(found.placing.requests, act)
    return Loaded(len(ledger.households), len(people), len(units), stays)


def _own(rows: Iterable[Any]) -> list[Any]:
    """Rows of the register; what stands for a decided measure is made again on reading."""
    return [r for r in rows if not r.id.startswith("measure:")]


def _ids(table: type[Any]) -> dict[str, Any]:
    return dict(table.objects.values_list("key", "id"))


def _save(
    table: type[Any],
    columns: tuple[str, ...],
    nouns: Iterable[Any],
    refers: dict[str, Any],
    wrote: bulk.Wrote = bulk.quietly,
) -> dict[str, Any]:
    bulk.write(table, (bridge.row_of(noun, columns, refers) for noun in nouns), wrote)
    return _ids(table) if columns[0] == "key" else {}


def _write_town(found: Scenario, is_demo: bool) -> None:
    m = found.municipality
    facts = {
        "key": asdict(m.key), "scenarios": dict(m.scenarios),
        "tolerances": {k: list(v) for k, v in m.tolerances.items()},
        "own_values": dict(found.own_values),
    }  # fmt: skip
    town.Kommune.objects.create(
        name=m.name, land=m.land, ags=m.ags, kind=m.kind, today=m.today, months=m.months,
        population=m.population, area_km2=m.area_km2, passing=m.passing,
        reported_cycle_days=m.reported_cycle_days, folder=found.folder, is_demo=is_demo,
        facts=yaml.safe_dump(facts, allow_unicode=True, sort_keys=False),
    )  # fmt: skip
    town.District.objects.bulk_create(
        town.District(key=d.id, name=d.name, population=d.population) for d in m.districts
    )
    known = set(town.Office.objects.values_list("key", flat=True))  # those with logins are there
    town.Office.objects.bulk_create(
        town.Office(key=o.id, name=o.name) for o in m.offices if o.id not in known
    )
    _save(town.ResidentDemand, DEMAND, found.resident_demand, {})
    town.Announcement.objects.bulk_create(
        town.Announcement(
            key=a.id, expected_on=a.expected_on, group=a.group, kind=a.kind, persons=a.persons,
            ages=" ".join(map(str, a.ages)), sexes=" ".join(s or "-" for s in a.sexes),
            source=a.source, permille=round(a.probability * 1000),
        )
        for a in found.announced
    )  # fmt: skip
    rows = []
    for measure in found.measures:
        lead = dict(zip(LEAD, measure.lead_days or (None,) * 3, strict=True))
        rows.append(town.Measure(**bridge.row_of(measure, MEASURE, {}), **lead))
    town.Measure.objects.bulk_create(rows)


def _write_people(ledger: Ledger, wrote: bulk.Wrote) -> dict[str, Any]:
    households = _save(intake.Household, bridge.HOUSEHOLD, ledger.households, {}, wrote)
    rows = enumerate(ledger.persons, 1)
    bulk.write(
        intake.Person,
        ({"id": uuid.uuid4(), "number": n, **bridge.row_of(p, bridge.PERSON, {})} for n, p in rows),
        wrote,
    )
    people = _ids(intake.Person)
    bulk.write(
        intake.LegalBasis,
        ({"person_id": people[p.id], **asdict(basis)} for p in ledger.persons for basis in p.legal),
    )
    bulk.write(
        intake.Membership,
        (
            {
                "person_id": people[m.person], "household_id": households[m.household],
                "member_from": m.member_from, "member_until": m.member_until, "reason": m.reason,
            }
            for m in ledger.memberships
        ),
        wrote,
    )  # fmt: skip
    return people


def _write_stays(
    ledger: Ledger, people: dict[str, Any], units: dict[str, Any], wrote: bulk.Wrote
) -> int:
    """Versions in force into one table, those they replaced into the other."""
    refers = {"person__key": people, "unit__key": units}
    number = {row.id: n for n, row in enumerate(ledger.placements, 1)}
    current = {row.id for row in ledger.current}
    stays = (
        {"number": number[r.id], **bridge.row_of(r, bridge.STAY, refers)} for r in ledger.current
    )
    bulk.write(Stay, stays, wrote)
    bulk.write(StayOld, _replaced(ledger, number, current, refers), wrote)
    return len(current)


def _replaced(
    ledger: Ledger, number: dict[str, int], current: set[str], refers: dict[str, Any]
) -> Iterator[bulk.Row]:
    later = {r.replaces: r for r in ledger.placements if r.replaces is not None}
    ids = _ids(Stay)
    for row in ledger.placements:
        if row.id in current:
            continue
        last = after = later[row.id]
        while last.id not in current:
            last = later[last.id]
        yield {
            "number": number[row.id], "stay_id": ids[last.id],
            "superseded_at": after.recorded_at, **bridge.row_of(row, bridge.STAY, refers),
        }  # fmt: skip
