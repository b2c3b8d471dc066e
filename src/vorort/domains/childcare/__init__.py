"""Childcare: seats from the first birthday to school, § 24 SGB VIII. German: Kinderbetreuung"""

from __future__ import annotations

import numpy as np

from vorort import luck
from vorort.columns import (
    OTHER,
    TEMPORARY,
    YEAR,
    Calendar,
    Dates,
    Discipline,
    Flags,
    Ints,
    Needs,
    Outcomes,
    People,
    Values,
    joined,
    rows_where,
)  # fmt: skip
from vorort.domains import registered_on

READS: tuple[str, ...] = ("registration",)
POOLS: tuple[str, ...] = ("u3", "o3")
BY_HOUSEHOLD = False
U3, O3 = range(2)


def needs(people: People, values: Values, outcomes: Outcomes, calendar: Calendar) -> Needs:
    """A seat for each child whose parents ask [seats].

    The right begins with the first birthday and ends with school (§ 24 SGB VIII). Parents ask
    some time after registration; most children start when the Kita year begins, some within the
    year. Who asks for a seat under three asks for one over three from the third birthday.
    """
    enters = _enters_school(people, values, calendar)
    recorded = people.recorded("childcare")
    who = rows_where((enters > np.maximum(people.arrives, 0)) | recorded)
    known = recorded[who]
    until = _until(people, values, calendar, who, enters)
    turns = _turns_three(people, values, calendar, who)
    ready = np.where(known, 0, _ready(people, values, outcomes, who))

    small_from = np.where(known, -1, _begins(people, values, calendar, who, ready))
    small_until = np.minimum(until, turns)
    small = (_asks(people, values, who, "u3") | known) & (small_from < small_until)

    older_from = _begins(people, values, calendar, who, np.maximum(ready, turns))
    older_from = np.where(small, np.maximum(ready, turns), older_from)
    older_from = np.where(known, np.where(turns > 0, turns, -1), older_from)
    older = (_asks(people, values, who, "o3") | known | small) & (older_from < until)

    small &= small_until > 0  # a need that ended before day 0 is history
    older &= until > 0
    return joined(
        Needs(who[small], small_from[small], small_until[small], pool=U3),
        Needs(who[older], older_from[older], until[older], pool=O3),
    )


def discipline(values: Values, calendar: Calendar) -> Discipline:
    """The first of each month, first come, first served; the Kita year begins on one of them."""
    firsts = calendar.yearly(*((month, 1) for month in range(1, 13)))
    return Discipline(Dates(firsts, calendar.days))


def _kita_year(values: Values, calendar: Calendar, day: Ints) -> Ints:
    """First beginning of a Kita year that is not before the day."""
    return calendar.next_yearly(day, round(values.central("childcare.year_begins_month")), 1)


def _birthday(people: People, age: float) -> Ints:
    return people.born + np.int32(np.rint(age * YEAR))


def _enters_school(people: People, values: Values, calendar: Calendar) -> Ints:
    return _kita_year(values, calendar, _birthday(people, values.central("childcare.until_age")))


def _until(people: People, values: Values, calendar: Calendar, who: Ints, enters: Ints) -> Ints:
    """School or leaving; a child who holds a seat beyond that age keeps it for this Kita year."""
    closes = _kita_year(values, calendar, np.ones(len(who), np.int32))
    last = np.where(people.recorded("childcare")[who], np.maximum(enters[who], closes), enters[who])
    day: Ints = np.minimum(people.leaves[who], last)
    return day


def _turns_three(people: People, values: Values, calendar: Calendar, who: Ints) -> Ints:
    """Day of passing from the seats under three to those over three.

    A child of three in a group under three stays there for the Kita year; a child under three
    in a group over three has passed already.
    """
    third = _birthday(people, 3)[who]
    records = people.records.get("childcare")
    if records is None:
        return third
    closes = _kita_year(values, calendar, np.ones(len(who), np.int32))
    known, pool = records.any[who], records.pool[who]
    third = np.where(known & (pool == U3) & (third < 1), closes, third)
    return np.where(known & (pool == O3), np.minimum(third, 0), third)


def _ready(people: People, values: Values, outcomes: Outcomes, who: Ints) -> Ints:
    """First birthday, and some time after registration in which parents find their way."""
    days = np.rint(values.of("childcare.days_to_request", people.draw[who])).astype(np.int32)
    asked = registered_on(people, outcomes)[who] + days
    entitled = _birthday(people, values.central("childcare.claim_from_age"))[who]
    day: Ints = np.maximum(asked, entitled)
    return day


def _begins(people: People, values: Values, calendar: Calendar, who: Ints, ready: Ints) -> Ints:
    """Within the year by exception, else with the next Kita year."""
    share = values.of("childcare.in_year", people.draw[who])
    in_year = luck.uniform(people.key[who], "childcare/in year") < share
    day: Ints = np.where(in_year, ready, _kita_year(values, calendar, ready))
    return day


def _asks(people: People, values: Values, who: Ints, age: str) -> Flags:
    """Do the parents ask for a seat? One number a child, so who asks early also asks later."""
    group = people.households.group[people.household[who]]
    draw = people.draw[who]
    share = np.where(
        group == TEMPORARY,
        values.of(f"childcare.uptake_{age}", draw),
        np.where(
            group == OTHER,
            values.of(f"childcare.uptake_{age}_other", draw),
            values.of(f"childcare.uptake_{age}_asylum", draw),
        ),
    )
    flags: Flags = luck.uniform(people.key[who], "childcare/asks") < share
    return flags
