"""Why an act may not be saved: full, another party, sex rule, sleeping twice, alone and minor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from vorort.ledger.acts.entry import Entry, refusal
from vorort.ledger.book import BEDS, Ledger, overlap
from vorort.ledger.capacity import CapacityPlan
from vorort.ledger.free import may_join
from vorort.ledger.lists import MINOR_TASK, is_minor_alone
from vorort.ledger.occupancy import is_expired, site_days, turning_days
from vorort.problems import Problem
from vorort.vocabulary import Placement, Text, Unit

SLEEPS = ("confirmed", "moved_in", "ended")


def known_beds(ledger: Ledger, beds: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    """Persons and units must exist, and the unit must have places (not a rate)."""
    for person, unit in beds:
        if person not in ledger.person:
            yield _unknown("Person", person)
        if unit not in ledger.unit:
            yield _unknown("Einheit / unit", unit)
        elif ledger.unit[unit].per != "place":
            yield refusal(
                Text(
                    f"Einheit {unit} hat keine Plätze, sondern Termine je Zeitraum.",
                    f"Unit {unit} has no places but a rate.",
                ),
                Text("Eine Einheit mit Plätzen wählen.", "Choose a unit with places."),
            )


def _unknown(noun: str, name: str) -> Problem:
    return refusal(
        Text(f"{noun} {name} gibt es nicht.", f"{noun} {name} does not exist."),
        Text("Kennung prüfen.", "Check the id."),
    )


def minors(ledger: Ledger, rows: Iterable[Placement]) -> Iterator[Problem]:
    """Unaccompanied minors are a hard stop: a task, no bed."""
    for row in rows:
        name = ledger.household_of(row.person, row.from_ or date.max)
        household = ledger.household.get(name or "")
        if (
            row.domain == BEDS
            and household
            and is_minor_alone(ledger, household, row.from_ or date.max)
        ):
            yield refusal(
                Text(f"Person {row.person}.", f"Person {row.person}."),
                Text(MINOR_TASK.de, MINOR_TASK.en),
            )


def days_in_order(rows: Iterable[Placement]) -> Iterator[Problem]:
    """A placement ends after it begins, and nobody is placed after having left."""
    for row in rows:
        if row.from_ is not None and row.until is not None and row.until < row.from_:
            yield refusal(
                Text(
                    f"Ende {row.until} liegt vor Beginn {row.from_}.",
                    f"The end {row.until} is before the beginning {row.from_}.",
                ),
                Text("Daten prüfen.", "Check the dates."),
            )


def gone(ledger: Ledger, rows: Iterable[Placement]) -> Iterator[Problem]:
    """Nobody is placed from a day on which he or she has left."""
    for row in rows:
        left = ledger.person[row.person].left_on
        if left is not None and row.from_ is not None and left <= row.from_:
            yield refusal(
                Text(
                    f"Person {row.person} ist seit {left} fort.",
                    f"Person {row.person} left on {left}.",
                ),
                Text("Wiederkehr zuerst eintragen.", "Record the return first."),
            )


def sleeps_twice(ledger: Ledger, rows: Sequence[Placement], entry: Entry) -> Iterator[Problem]:
    """A person sleeps in at most one place at an instant, and has one hold or seat at a time.

    ``ledger`` already holds the rows. A hold beside the present place is allowed.
    """
    for row in rows:
        if row.second_place or not _takes(row, entry):
            continue
        for other in ledger.rows_of.get(row.person, ()):
            same_kind = (row.status in SLEEPS) == (other.status in SLEEPS)
            if (
                other.id != row.id
                and other.domain == row.domain
                and not other.second_place
                and _takes(other, entry)
                and same_kind
                and overlap(row, other)
            ):
                yield refusal(
                    Text(
                        f"Person {row.person} hat vom {other.from_} bis {other.until or 'offen'} "
                        f"schon einen Platz in {other.unit}.",
                        f"Person {row.person} already has a place in {other.unit} "
                        f"from {other.from_} to {other.until or 'open'}.",
                    ),
                    Text(
                        "Umziehen lassen oder den zweiten Platz als freigehalten eintragen.",
                        "Transfer, or record the second place as kept.",
                    ),
                )


def _takes(row: Placement, entry: Entry) -> bool:
    if row.status == "held":
        return row.unit is not None and not is_expired(row, entry.today)
    return row.unit is not None and row.status in SLEEPS


def one_party(ledger: Ledger, rows: Sequence[Placement], entry: Entry) -> Iterator[Problem]:
    """A family unit holds one party at a time; who is there already may stay two."""
    for row, unit, others in _newcomers(ledger, rows, entry):
        if unit.kind != "family" or unit.domain != BEDS:
            continue
        mine = ledger.party_of(row.person, row.from_ or date.min)
        for other in others:
            if ledger.party_of(other.person, other.from_ or date.min) != mine:
                yield refusal(
                    Text(
                        f"Einheit {unit.id} gehört vom {other.from_} bis {other.until or 'offen'} "
                        "einer anderen Partei.",
                        f"Unit {unit.id} belongs to another party from {other.from_} "
                        f"to {other.until or 'open'}.",
                    ),
                    Text("Eine freie Einheit wählen.", "Choose a free unit."),
                )
                break


def sex_rule(
    ledger: Ledger, rows: Sequence[Placement], entry: Entry, despite: str = ""
) -> Iterator[Problem]:
    """A shared unit is of one sex unless declared otherwise; else a person decides."""
    for row, unit, others in _newcomers(ledger, rows, entry):
        there = {ledger.person[o.person].sex for o in others}
        if despite or may_join(unit, ledger.person[row.person].sex, there):
            continue
        yield refusal(
            Text(
                f"Gemeinschaftseinheit {unit.id}: das Geschlecht von Person {row.person} "
                "passt nicht zur Einheit oder ist unbekannt.",
                f"Shared unit {unit.id}: the sex of person {row.person} does not fit the unit "
                "or is unknown.",
            ),
            Text(
                "Eine andere Einheit wählen, oder mit Begründung entscheiden.",
                "Choose another unit, or decide with a reason.",
            ),
        )


def _newcomers(
    ledger: Ledger, rows: Sequence[Placement], entry: Entry
) -> Iterator[tuple[Placement, Unit, list[Placement]]]:
    """Rows of people who were not in the unit before, with everybody else there meanwhile."""
    for row in rows:
        before = ledger.placement.get(row.replaces or "")
        stayed = (
            before is not None and before.unit == row.unit and not is_expired(before, entry.today)
        )
        if row.unit is None or (stayed and before is not None and _covers(before, row)):
            continue
        others = [
            o
            for o in ledger.rows_in.get(row.unit, ())
            if o.person != row.person
            and (_takes(o, entry) or o.status == "absent")
            and overlap(o, row)
        ]
        yield row, ledger.unit[row.unit], others


def _covers(before: Placement, row: Placement) -> bool:
    if before.from_ is None or row.from_ is None:
        return False
    until = before.until or date.max
    return before.from_ <= row.from_ and (row.until or date.max) <= until


def too_full(
    before: Ledger, after: Ledger, rows: Sequence[Placement], entry: Entry
) -> Iterator[Problem]:
    """No unit and no site may become fuller than its open places, on any day of the rows.

    A stay without end in a site whose lease ends is too full from that day: give it an end.
    """
    plan = CapacityPlan(after)
    for facility in sorted({after.unit[r.unit].facility for r in rows if r.unit}):
        mine = [r for r in rows if r.unit and after.unit[r.unit].facility == facility]
        start = min(r.from_ or date.max for r in mine)
        end = max(r.until or date.max for r in mine)
        reported: set[str] = set()
        for day in turning_days(after, plan, facility, start, end):
            was = site_days(before, plan, before.rows_in, facility, day, entry.today)
            now = site_days(after, plan, after.rows_in, facility, day, entry.today)
            worse = [u for u in now if now[u].over > was[u].over]
            if sum(s.over for s in now.values()) <= sum(s.over for s in was.values()):
                touched = {r.unit for r in mine}
                worse = [u for u in worse if u in touched]
            for unit in worse:
                if unit not in reported:
                    reported.add(unit)
                    yield _full(unit, day, now[unit].open, now[unit].used)


def _full(unit: str, day: date, places: int, used: int) -> Problem:
    return refusal(
        Text(
            f"Einheit {unit} hat am {day} {places} nutzbare Plätze, gebraucht würden {used}.",
            f"Unit {unit} has {places} open places on {day}; {used} would be needed.",
        ),
        Text(
            f"Eine andere Einheit wählen, ein Ende spätestens am {day} setzen oder mit Begründung "
            "überbelegen.",
            f"Choose another unit, set an end no later than {day}, or over-occupy with a reason.",
        ),
    )
