"""The ledger itself: rows of people, places and time, and indexes over them. German: Platzbuch

Nothing is computed on reading and nothing is overwritten: a row of placement is a version, and a
later version names the one it replaces. Indexes are built when first asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, update_wrapper
from typing import Any, Concatenate, ParamSpec, TypeVar

from vorort.vocabulary import (
    CapacityEvent,
    Facility,
    Household,
    Membership,
    Office,
    PartialDate,
    Person,
    Placement,
    Unit,
)

Row = TypeVar("Row", Placement, CapacityEvent)
BEDS = "accommodation"  # the domain in which a person sleeps


@dataclass(frozen=True)
class Ledger:
    """People x places x time. Order of rows is the order of the files and means nothing."""

    households: tuple[Household, ...] = ()
    persons: tuple[Person, ...] = ()
    memberships: tuple[Membership, ...] = ()
    facilities: tuple[Facility, ...] = ()
    units: tuple[Unit, ...] = ()
    placements: tuple[Placement, ...] = ()
    capacity_events: tuple[CapacityEvent, ...] = ()
    offices: tuple[Office, ...] = ()

    @cached_property
    def answers(self) -> dict[Any, Any]:
        """What was reckoned from it already (`reckoned_once`)."""
        return {}

    @cached_property
    def household(self) -> Mapping[str, Household]:
        """Households by id."""
        return {h.id: h for h in self.households}

    @cached_property
    def person(self) -> Mapping[str, Person]:
        """Persons by id."""
        return {p.id: p for p in self.persons}

    @cached_property
    def facility(self) -> Mapping[str, Facility]:
        """Facilities by id."""
        return {f.id: f for f in self.facilities}

    @cached_property
    def unit(self) -> Mapping[str, Unit]:
        """Units by id."""
        return {u.id: u for u in self.units}

    @cached_property
    def placement(self) -> Mapping[str, Placement]:
        """Every version of every placement by its id, the replaced ones too."""
        return {p.id: p for p in self.placements}

    @cached_property
    def units_of(self) -> Mapping[str, tuple[Unit, ...]]:
        """Units of each facility, sorted by id."""
        found: defaultdict[str, list[Unit]] = defaultdict(list)
        for unit in sorted(self.units, key=lambda u: u.id):
            found[unit.facility].append(unit)
        return {facility: tuple(units) for facility, units in found.items()}

    @cached_property
    def current(self) -> tuple[Placement, ...]:
        """The versions in force by all that is recorded."""
        return self.known(None)

    @cached_property
    def rows_of(self) -> Mapping[str, tuple[Placement, ...]]:
        """Versions in force of each person."""
        found: defaultdict[str, list[Placement]] = defaultdict(list)
        for row in self.current:
            found[row.person].append(row)
        return {person: tuple(rows) for person, rows in found.items()}

    @cached_property
    def rows_in(self) -> Mapping[str, tuple[Placement, ...]]:
        """Versions in force in each unit."""
        return by_unit(self.current)

    @cached_property
    def _members(self) -> Mapping[str, tuple[Membership, ...]]:
        found: defaultdict[str, list[Membership]] = defaultdict(list)
        for row in self.memberships:
            found[row.household].append(row)
        return {household: tuple(rows) for household, rows in found.items()}

    @cached_property
    def _belongs(self) -> Mapping[str, tuple[Membership, ...]]:
        found: defaultdict[str, list[Membership]] = defaultdict(list)
        for row in self.memberships:
            found[row.person].append(row)
        return {person: tuple(rows) for person, rows in found.items()}

    def known(self, known_at: datetime | None) -> tuple[Placement, ...]:
        """The versions in force as known at a UTC instant; None = by all that is recorded."""
        rows = known_rows(self.placements, known_at)
        replaced = {row.replaces for row in rows if row.replaces is not None}
        return tuple(row for row in rows if row.id not in replaced)

    def members(self, household: str, day: date) -> tuple[str, ...]:
        """Ids of the persons who belong to a household on a day; an unknown date is open."""
        return tuple(
            row.person
            for row in self._members.get(household, ())
            if within(row.member_from, row.member_until, day)
        )

    def household_of(self, person: str, day: date) -> str | None:
        """The household a person belongs to on a day; None where no row says so."""
        for row in self._belongs.get(person, ()):
            if within(row.member_from, row.member_until, day):
                return row.household
        return None

    def party_of(self, person: str, day: date) -> str:
        """Those placed together: the household, else the person. German: Belegungsgemeinschaft"""
        return self.household_of(person, day) or f"person:{person}"


MOST_ANSWERS = 64  # kept with one ledger; the days people ask for are few
Result = TypeVar("Result")
Asked = ParamSpec("Asked")


def reckoned_once(
    function: Callable[Concatenate[Ledger, Asked], Result],
) -> Callable[Concatenate[Ledger, Asked], Result]:
    """A pure function of a ledger: the same ledger, the same question, the same answer.

    A ledger never changes, so pages that ask the same between two acts wait once. A list comes as
    a copy: whoever asked may sort it.
    """

    def asked(ledger: Ledger, /, *args: Asked.args, **kwargs: Asked.kwargs) -> Result:
        question = (function.__name__, args, tuple(sorted(kwargs.items())))
        try:
            found = ledger.answers.get(question)
        except TypeError:  # a question that cannot be looked up
            return function(ledger, *args, **kwargs)
        if found is None:
            if len(ledger.answers) >= MOST_ANSWERS:
                ledger.answers.clear()
            found = ledger.answers[question] = function(ledger, *args, **kwargs)
        return copy(found) if isinstance(found, list) else found  # type: ignore[return-value]

    return update_wrapper(asked, function)


def within(start: date | None, end: date | None, day: date) -> bool:
    """Does the day lie in the half-open interval? An unknown bound is open."""
    return (start is None or start <= day) and (end is None or day < end)


def overlap(a: Placement, b: Placement) -> bool:
    """Do two placements share a night? An unknown beginning shares none: nobody can say when."""
    if a.from_ is None or b.from_ is None:
        return False
    start = max(a.from_, b.from_)
    return all(row.until is None or start < row.until for row in (a, b))


def by_unit(rows: Iterable[Placement]) -> dict[str, tuple[Placement, ...]]:
    """Placements with a unit, by unit."""
    found: defaultdict[str, list[Placement]] = defaultdict(list)
    for row in rows:
        if row.unit is not None:
            found[row.unit].append(row)
    return {unit: tuple(found[unit]) for unit in found}


def known_rows(rows: Iterable[Row], known_at: datetime | None) -> tuple[Row, ...]:
    """Rows recorded at or before a UTC instant; a row without instant was always known."""
    if known_at is None:
        return tuple(rows)
    return tuple(row for row in rows if row.recorded_at is None or row.recorded_at <= known_at)


def age_on(born: PartialDate | None, day: date) -> int | None:
    """Full years on a day. A partly known birth counts as late as it can be: youngest age.

    Disputed or partly known age never makes a minor an adult. None where the year is unknown.
    """
    if born is None:
        return None
    month, in_month = born.month or 12, born.day or 31
    return day.year - born.year - ((day.month, day.day) < (month, in_month))
