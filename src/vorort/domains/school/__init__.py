"""School: seats in welcome classes by level. German: Schulpflicht, Vorbereitungsklasse

Capacity is the welcome class; the regular class afterwards has no queue of newcomers. Whoever was
born here or came before school age enters class one like everybody else.
"""

from __future__ import annotations

import numpy as np

from vorort import luck
from vorort.columns import (
    MONTH,
    YEAR,
    Calendar,
    Dates,
    Discipline,
    Flags,
    Floats,
    Ints,
    Needs,
    Outcomes,
    People,
    Values,
    rows_where,
)  # fmt: skip
from vorort.domains import registered_on

READS: tuple[str, ...] = ("registration",)
POOLS: tuple[str, ...] = ("primary", "secondary", "vocational")
BY_HOUSEHOLD = False


def needs(people: People, values: Values, outcomes: Outcomes, calendar: Calendar) -> Needs:
    """A seat in a welcome class for each child who comes at school age [seats].

    The duty to attend begins as the Land says; enrolment takes some time after registration; the
    seat is wanted from the next admission date for about a year.
    """
    recorded = people.recorded("school")
    who = rows_where(_comes_at_school_age(people, values, calendar) | recorded)
    known = recorded[who]
    start = _admission(values, calendar, _ready(people, values, outcomes, who))
    start = np.where(known, -1, start)
    end = _ends(people, values, calendar, who, known)
    share = values.of("school.attendance", people.draw[who])
    attends = (luck.uniform(people.key[who], "school/attends") < share) | known
    ok = attends & (start < end)
    who, start, end = who[ok], start[ok], end[ok]
    months = values.of("school.welcome_months", people.draw[who])
    return Needs(
        who,
        start,
        end,
        duration=np.full(len(who), np.rint(months * MONTH), np.int32),
        pool=_level(people, values, who, start),
    )


def discipline(values: Values, calendar: Calendar) -> Discipline:
    """The admission dates of the school year, first come, first served within a level."""
    days = calendar.yearly(*((month, 1) for month in _months(values)))
    return Discipline(Dates(days, calendar.days))


def _months(values: Values) -> list[int]:
    """Months on whose first day pupils are admitted, spread evenly from the school year's start."""
    first = round(values.central("school.year_begins_month"))
    count = round(values.central("school.admissions_a_year"))
    return [(first - 1 + k * 12 // count) % 12 + 1 for k in range(count)]


def _admission(values: Values, calendar: Calendar, day: Ints) -> Ints:
    """First admission date that is not before the day."""
    dates = [calendar.next_yearly(day, month, 1) for month in _months(values)]
    soonest: Ints = np.minimum.reduce(dates)
    return soonest


def _birthday(people: People, age: float) -> Ints:
    return people.born + np.int32(np.rint(age * YEAR))


def _comes_at_school_age(people: People, values: Values, calendar: Calendar) -> Flags:
    """Arrives after the day on which class one began for its age, and before the last birthday."""
    month = round(values.central("school.year_begins_month"))
    sixth = _birthday(people, values.central("school.from_age"))
    begins = calendar.next_yearly(sixth, month, 1)
    comes: Flags = (people.arrives >= begins) & (
        people.arrives < _birthday(people, values.central("school.until_age"))
    )
    return comes


def _ready(people: People, values: Values, outcomes: Outcomes, who: Ints) -> Ints:
    """Enrolled after registration, and no earlier than the duty to attend begins."""
    draw = people.draw[who]
    days = _whole(values.of("school.days_to_enrol", draw))
    enrolled = registered_on(people, outcomes)[who] + days
    duty = people.arrives[who] + _whole(_duty_after(values, draw))
    day: Ints = np.maximum(enrolled, duty)
    return day


def _duty_after(values: Values, draw: Ints) -> float | Floats:
    """Days from arrival to the duty, as the Land says; an estimate where its rule is unknown."""
    if values.known("school.duty_after_days"):
        return values.of("school.duty_after_days", draw)
    return values.of("school.duty_after_days_where_unknown", draw)


def _whole(days: float | Floats) -> Ints:
    return np.rint(days).astype(np.int32)


def _ends(people: People, values: Values, calendar: Calendar, who: Ints, known: Flags) -> Ints:
    """Last birthday of the duty or leaving; who has a seat beyond that age keeps it this year."""
    last = _birthday(people, values.central("school.until_age"))[who]
    month = round(values.central("school.year_begins_month"))
    closes = calendar.next_yearly(np.ones(len(who), np.int32), month, 1)
    day: Ints = np.minimum(people.leaves[who], np.where(known, np.maximum(last, closes), last))
    return day


def _level(people: People, values: Values, who: Ints, start: Ints) -> Ints:
    """Number of the pool by the age at the start: primary, secondary, vocational."""
    age = (start - people.born[who]) / YEAR
    secondary = age >= values.central("school.secondary_from_age")
    vocational = age >= values.central("school.vocational_from_age")
    return secondary.astype(np.int32) + vocational
