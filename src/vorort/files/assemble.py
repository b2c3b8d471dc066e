"""Rows of the tables to nouns and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from vorort.files.declared import Table
from vorort.files.placing_tables import (
    EXCLUSIONS,
    LOCKS,
    NEEDS,
    OPEN_NEEDS,
    REACH,
    REQUESTS,
    WISHES,
)
from vorort.files.reading import Row
from vorort.files.tables import (
    ANNOUNCED,
    CAPACITY_EVENTS,
    FACILITIES,
    HOUSEHOLDS,
    MEASURES,
    PLACEMENTS,
    RESIDENT_DEMAND,
    UNITS,
)
from vorort.ledger import Ledger
from vorort.vocabulary import (
    Announcement,
    CapacityEvent,
    Exclusion,
    Facility,
    Household,
    LegalBasis,
    Lock,
    Measure,
    Membership,
    OpenNeed,
    Person,
    Placement,
    PlacementFiles,
    Reach,
    Request,
    Requirement,
    ResidentDemand,
    Unit,
    Wish,
)

_NAMES = {"from": "from_", "for": "for_"}  # words Python keeps for itself
_TEXTS = {"source", "building", "floor", "reason", "owner"}  # blank text is no fact
_LISTS = {"adjoins", "features"}
Cells = Mapping[str, Any]


def _attributes(table: Table, row: Row, noun: Any) -> dict[str, Any]:
    fields = noun.__dataclass_fields__
    found = {}
    for column in table.all_columns:
        name = _NAMES.get(column.name, column.name)
        if name not in fields:
            continue
        value = row.values[column.name]
        if value is None and name in _LISTS:
            value = ()
        elif value is None and name in _TEXTS and fields[name].default == "":
            value = ""
        found[name] = value
    return found


def households(rows: Iterable[Row]) -> tuple[Household, ...]:
    """Rows of households.csv."""
    return tuple(Household(**_attributes(HOUSEHOLDS, row, Household)) for row in rows)


def facilities(rows: Iterable[Row]) -> tuple[Facility, ...]:
    """Rows of facilities.csv."""
    return tuple(Facility(**_attributes(FACILITIES, row, Facility)) for row in rows)


def units(rows: Iterable[Row]) -> tuple[Unit, ...]:
    """Rows of units.csv."""
    return tuple(Unit(**_attributes(UNITS, row, Unit)) for row in rows)


def placements(rows: Iterable[Row]) -> tuple[Placement, ...]:
    """Rows of placements.csv."""
    return tuple(Placement(**_attributes(PLACEMENTS, row, Placement)) for row in rows)


def capacity_events(rows: Iterable[Row]) -> tuple[CapacityEvent, ...]:
    """Rows of capacity_events.csv."""
    return tuple(CapacityEvent(**_attributes(CAPACITY_EVENTS, row, CapacityEvent)) for row in rows)


def resident_demand(rows: Iterable[Row]) -> tuple[ResidentDemand, ...]:
    """Rows of resident_demand.csv."""
    return tuple(
        ResidentDemand(**_attributes(RESIDENT_DEMAND, row, ResidentDemand)) for row in rows
    )


def announced(rows: Iterable[Row]) -> tuple[Announcement, ...]:
    """Rows of announced.csv; ages and sexes were checked before."""
    found = []
    for row in rows:
        values = {k: row[k] for k in ("id", "expected_on", "group", "kind", "persons", "source")}
        sexes = tuple(None if s == "-" else s for s in row["sexes"] or ())
        permille = 1000 if row["probability_permille"] is None else row["probability_permille"]
        ages = tuple(int(a) for a in row["ages"] or ())
        found.append(Announcement(**values, ages=ages, sexes=sexes, probability=permille / 1000))
    return tuple(found)


def measures(rows: Iterable[Row]) -> tuple[Measure, ...]:
    """Rows of measures.csv; lead times are all three or none."""
    found = []
    for row in rows:
        lead = tuple(row[f"lead_{x}_days"] for x in ("low", "mid", "high"))
        values = _attributes(MEASURES, row, Measure)
        found.append(Measure(**values, lead_days=None if None in lead else lead))
    return tuple(found)


def placement_files(rows: Mapping[str, list[Row]]) -> PlacementFiles:
    """Rows of the optional files of `place`, by file; a file that is not there is no key."""

    def nouns(table: Table, noun: Any) -> tuple[Any, ...]:
        return tuple(noun(**_attributes(table, row, noun)) for row in rows.get(table.file, ()))

    requirements = (
        {**_attributes(NEEDS, row, Requirement), "strength": row["strength"] or "must"}
        for row in rows.get(NEEDS.file, ())
    )
    return PlacementFiles(
        nouns(OPEN_NEEDS, OpenNeed) if OPEN_NEEDS.file in rows else None,
        tuple(Requirement(**found) for found in requirements),
        nouns(WISHES, Wish),
        nouns(EXCLUSIONS, Exclusion),
        nouns(REACH, Reach),
        nouns(LOCKS, Lock),
        nouns(REQUESTS, Request),
    )


def persons(rows: Iterable[Row]) -> tuple[tuple[Person, ...], tuple[Membership, ...]]:
    """Rows of persons.csv: persons in order of first appearance, and a membership each row."""
    found: dict[str, Person] = {}
    belongs = []
    for row in rows:
        name = row["id"]
        belongs.append(
            Membership(
                name, row["household"], row["member_from"], row["member_until"], row["reason"]
            )
        )
        if name not in found:
            found[name] = Person(
                name,
                row["born"],
                row["sex"],
                _legal(row),
                row["recognised_on"],
                row["needs_access"],
                row["left_on"],
                row["left_reason"],
                row["recorded_at"],
                row["source"] or "",
            )
    return tuple(found.values()), tuple(belongs)


def _legal(row: Row) -> tuple[LegalBasis, ...]:
    found = []
    for n, (name, word) in enumerate((("legal_basis", "legal"), ("second_basis", "second")), 1):
        if row[name] is not None:
            dates = (row[f"{word}_from"], row[f"{word}_until"])
            found.append(LegalBasis(row[name], *dates, row["claim_basis"] == n))
    return tuple(found)


def cells_of(table: Table, noun: Any) -> Cells:
    """The values of a noun by column."""
    return {c.name: getattr(noun, _NAMES.get(c.name, c.name), None) for c in table.all_columns}


def announcement_cells(noun: Announcement) -> Cells:
    """Values of an announcement by column."""
    found = dict(cells_of(ANNOUNCED, noun))
    permille = round(noun.probability * 1000)
    found["probability_permille"] = None if permille == 1000 else permille
    found["ages"] = tuple(str(a) for a in noun.ages)
    found["sexes"] = tuple(s or "-" for s in noun.sexes)
    return found


def measure_cells(noun: Measure) -> Cells:
    """Values of a measure by column."""
    found = dict(cells_of(MEASURES, noun))
    if noun.lead_days is not None:
        names = ("lead_low_days", "lead_mid_days", "lead_high_days")
        found.update(zip(names, noun.lead_days, strict=True))
    return found


def person_cells(ledger: Ledger) -> list[Cells]:
    """A row for each membership; everything else of the person is repeated in each."""
    found: list[Cells] = []
    for row in ledger.memberships:
        person = ledger.person[row.person]
        legal = (*person.legal, None, None)[:2]
        claims = [n for n, basis in enumerate(legal, 1) if basis is not None and basis.opens_claim]
        cells: dict[str, Any] = {
            name: getattr(person, name)
            for name in (
                "id",
                "born",
                "sex",
                "recognised_on",
                "needs_access",
                "left_on",
                "left_reason",
                "recorded_at",
                "source",
            )
        }
        for name in ("household", "member_from", "member_until", "reason"):
            cells[name] = getattr(row, name)
        for basis, first, word in zip(
            legal, ("legal_basis", "second_basis"), ("legal", "second"), strict=True
        ):
            cells[first] = basis and basis.name
            cells[f"{word}_from"] = basis and basis.valid_from
            cells[f"{word}_until"] = basis and basis.valid_until
        cells["claim_basis"] = claims[0] if claims else None
        found.append(cells)
    return found


def after_months(day: date, months: int) -> date:
    """The same day so many months later, at most the 28th where the month is shorter."""
    month = day.year * 12 + day.month - 1 + months
    return date(month // 12, month % 12 + 1, min(day.day, 28))
