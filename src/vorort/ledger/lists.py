"""The lists an office works down: over-occupied, stale, contradictory, incomplete, alone.

Nothing here is an error. Partial records are normal; they are counted, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from vorort.ledger.book import BEDS, Ledger, age_on, reckoned_once
from vorort.ledger.occupancy import ASSIGNED, UnitDay, is_expired, occupancy
from vorort.vocabulary import Household, Placement, Text, Unit

# DESIGN 4: unaccompanied minors are a hard stop.
MINOR_TASK = Text(
    "Unbegleitete Minderjährige: kein Platz wird vorgeschlagen. Aufgabe an das Jugendamt: "
    "vorläufige Inobhutnahme prüfen (§§ 42 ff. SGB VIII); strittiges Alter gilt als minderjährig.",
    "Unaccompanied minor: no place is proposed. Task for the youth office: take into provisional "
    "care (§§ 42 ff. SGB VIII); a disputed age counts as minor.",
)


# By what childcare, school and courses are planned; the last is "not known".
AGES = ("0-2", "3-5", "6-9", "10-15", "16-17", "18-64", "65+", "unknown")
_BEGIN = (0, 3, 6, 10, 16, 18, 65)


def age_group(age: int | None) -> str:
    """The group of `AGES` an age belongs to. German: Altersgruppe"""
    if age is None:
        return "unknown"
    return AGES[max(sum(age >= start for start in _BEGIN) - 1, 0)]


@dataclass(frozen=True, slots=True)
class Gap:
    """Something not known. German: fehlende Angabe"""

    noun: str  # household, person, placement
    id: str
    what: str  # the field, or what about it
    text: Text


@dataclass(frozen=True, slots=True)
class Difference:
    """Two offices report different places for a unit; the owner's figure counts."""

    unit: str
    owner: str
    places: int
    reported_on: date | None
    other: str | None
    other_places: int
    other_on: date | None


@reckoned_once
def over_occupied(ledger: Ledger, day: date) -> dict[str, UnitDay]:
    """Units with more people than open places on a day. German: Überbelegung"""
    found = occupancy(ledger, day).units
    return {unit: state for unit, state in found.items() if state.over}


@reckoned_once
def stale(ledger: Ledger, today: date, cycle_days: int) -> list[Unit]:
    """Units reported by others longer ago than their cycle, oldest first; still used."""
    limit = today - timedelta(days=cycle_days)
    found = [u for u in ledger.units if u.reported_by and (u.reported_on or date.min) < limit]
    return sorted(found, key=lambda u: (u.reported_on or date.min, u.id))


@reckoned_once
def differences(ledger: Ledger) -> list[Difference]:
    """Units for which a second office reports another number of places."""
    return [
        Difference(
            u.id,
            ledger.facility[u.facility].owner,
            u.places,
            u.reported_on,
            u.other_by,
            u.other_places,
            u.other_on,
        )
        for u in ledger.units
        if u.other_places is not None and u.other_places != u.places
    ]


@reckoned_once
def overdue(ledger: Ledger, today: date) -> list[Placement]:
    """Kept places, over-occupancies and planned ends whose day has passed: a person decides."""
    found = []
    for row in ledger.current:
        if row.ended_reason is not None:
            continue  # somebody has decided
        kept = row.kept_until if row.status == "absent" or row.second_place else None
        planned = row.until if row.status in ("confirmed", "moved_in", "absent") else None
        if any(d is not None and d <= today for d in (kept, planned, row.over_until)):
            found.append(row)
    return found


@reckoned_once
def unaccompanied_minors(ledger: Ledger, day: date) -> list[Household]:
    """Households of kind `uam`, and minors recorded as alone. German: UMA"""
    return [h for h in ledger.households if is_minor_alone(ledger, h, day)]


def is_minor_alone(ledger: Ledger, household: Household, day: date) -> bool:
    """Is it a minor without an adult? Nobody turns into an adult because a date is missing."""
    members = [ledger.person[p] for p in ledger.members(household.id, day) if p in ledger.person]
    ages = [0 if p.age_disputed else age_on(p.born, day) for p in members]
    if household.kind == "uam":
        return not ages or any(age is None or age < 18 for age in ages)
    known_alone = len(members) == 1 and (household.size_stated or 1) == 1
    is_young = known_alone and ages[0] is not None and ages[0] < 18
    return is_young and household.kind in ("single", "unknown")


@reckoned_once
def incomplete(ledger: Ledger) -> list[Gap]:
    """Everything not known that somebody could still find out, in the order of the ledger."""
    return [*_households(ledger), *_persons(ledger), *_placements(ledger)]


def _households(ledger: Ledger) -> Iterator[Gap]:
    counts: dict[str, int] = {}
    ever = {row.household for row in ledger.memberships}
    for row in ledger.memberships:
        if row.member_until is None:
            counts[row.household] = counts.get(row.household, 0) + 1
    for h in ledger.households:
        if h.arrived_on is None:
            yield Gap("household", h.id, "arrived_on", Text("Ankunft unbekannt", "arrival unknown"))
        if h.kind == "unknown":
            yield Gap("household", h.id, "kind", Text("Art unbekannt", "kind unknown"))
        known = counts.get(h.id, 0)
        if h.size_stated is not None and known < h.size_stated:
            text = Text(
                f"{known} von etwa {h.size_stated} Personen erfasst",
                f"{known} of about {h.size_stated} people recorded",
            )
            yield Gap("household", h.id, "size_stated", text)
        if h.id not in ever and h.size_stated is None:
            yield Gap("household", h.id, "size", Text("Größe unbekannt", "size unknown"))


def _persons(ledger: Ledger) -> Iterator[Gap]:
    for p in ledger.persons:
        if p.born is None:
            yield Gap("person", p.id, "born", Text("Geburtsdatum unbekannt", "birth unknown"))
        elif p.born.day is None:
            text = Text("Geburtsdatum unvollständig", "birth partly known")
            yield Gap("person", p.id, "born", text)
        if p.sex is None:
            yield Gap("person", p.id, "sex", Text("Geschlecht unbekannt", "sex unknown"))
        if not p.legal:
            yield Gap(
                "person", p.id, "legal_basis", Text("Status unbekannt", "legal basis unknown")
            )


def _placements(ledger: Ledger) -> Iterator[Gap]:
    for row in ledger.current:
        if row.unit is not None and row.from_ is None and row.status in (*ASSIGNED, "absent"):
            text = Text(
                "Beginn unbekannt: zählt auf keinem Tag", "beginning unknown: counts on no day"
            )
            yield Gap("placement", row.id, "from", text)
        if row.status == "ended" and row.until is None:
            text = Text("Ende unbekannt: zählt auf keinem Tag", "end unknown: counts on no day")
            yield Gap("placement", row.id, "until", text)
        if row.status == "requested" and row.requested_on is None:
            text = Text("Tag der Anfrage unbekannt", "day of the request unknown")
            yield Gap("placement", row.id, "requested_on", text)


@reckoned_once
def expired_holds(ledger: Ledger, today: date) -> list[Placement]:
    """Holds that have run out and no longer count. German: abgelaufene Vormerkung"""
    return [row for row in ledger.current if row.domain == BEDS and is_expired(row, today)]
