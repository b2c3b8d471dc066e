"""Registration: appointments at the foreigners' authority. German: Ausländerbehörde, Erfassung

The most overloaded office of 2025 (about 45 % in emergency mode, [S20]); nothing is
published about appointments a person, so every figure here is an estimate.
"""

from __future__ import annotations

import numpy as np

from vorort import luck
from vorort.columns import (
    ASYLUM,
    GROUPS,
    MONTH,
    NEVER,
    Calendar,
    Dates,
    Discipline,
    Floats,
    Ints,
    Needs,
    Outcomes,
    People,
    Values,
    joined,
    rows_where,
)  # fmt: skip

READS: tuple[str, ...] = ()
POOLS: tuple[str, ...] = ("general",)
BY_HOUSEHOLD = False
WEEK = 7  # an appointment a week is a place that is held for seven days


def needs(people: People, values: Values, outcomes: Outcomes, calendar: Calendar) -> Needs:
    """Appointments of each person [appointments a week].

    Everybody, a newborn child too, has one appointment on arrival, and a second one where papers
    are missing. Each permit is renewed when it ends: in the rhythm of the group, and after a
    positive decision, which itself takes an appointment, in that of recognised people.
    """
    first = _first(people, values)
    horizon = np.minimum(people.leaves, calendar.days)
    decided = _decided(people)
    renewed = _dates(people.arrives, np.minimum(horizon, decided), _rhythm(people, values), after=1)
    longer = np.full(len(people), MONTH) * values.of(
        "registration.renewal_months_recognised", people.draw
    )
    new_permit = np.where(decided > people.arrives, 0, 1)  # who comes with one needs none at once
    settled = _dates(decided, horizon, longer, after=new_permit)
    return joined(first, *(_renewals(people, who, day) for who, day in (renewed, settled)))


def discipline(values: Values, calendar: Calendar) -> Discipline:
    """Mondays; first registration before renewals, each first come, first served."""
    mondays = np.arange(-calendar.start.weekday() % WEEK, calendar.days, WEEK, dtype=np.int32)
    return Discipline(Dates(mondays, calendar.days), priorities=2)


def _first(people: People, values: Values) -> Needs:
    who = rows_where((people.arrives < people.leaves) | people.recorded("registration"))
    start = people.arrives[who]
    start = np.where(people.recorded("registration")[who], np.minimum(start, -1), start)
    again = luck.uniform(people.key[who], "registration/papers missing") < values.of(
        "registration.second_appointment", people.draw[who]
    )
    end = np.maximum(people.leaves[who], start + 1)
    return Needs(who, start, end, duration=WEEK, rounds=1 + again.astype(np.int32))


def _renewals(people: People, who: Ints, day: Ints) -> Needs:
    return Needs(who, day, people.leaves[who], priority=1, duration=WEEK)


def _rhythm(people: People, values: Values) -> Floats:
    """Days from one renewal to the next of each person before a positive decision."""
    group = people.households.group[people.household]
    every = np.empty(len(people), np.float64)
    for number, name in enumerate(GROUPS):
        mine = rows_where(group == number)
        every[mine] = values.of(f"registration.renewal_months_{name}", people.draw[mine])
    return every * MONTH


def _decided(people: People) -> Ints:
    """Day from which a positive asylum decision holds here, else NEVER."""
    asylum = people.households.group[people.household] == ASYLUM
    here = np.maximum(people.recognised, people.arrives)
    day: Ints = np.where(asylum & (people.recognised < NEVER), here, NEVER)
    return day


def _dates(since: Ints, until: Ints, every: Floats, *, after: Ints | int) -> tuple[Ints, Ints]:
    """Whose and which dates ``since + k * every`` lie in [0, until), k = after, after + 1 ...

    Arrays of shape (person,); the result has one row a date.
    """
    k = np.maximum(np.ceil(-since / every), after)
    count = np.maximum(np.ceil((until - since) / every - k), 0).astype(np.int64)
    who = np.repeat(np.arange(len(since), dtype=np.int32), count)
    within = np.arange(len(who)) - np.repeat(np.cumsum(count) - count, count)
    day = np.floor(since[who] + (k[who] + within) * every[who]).astype(np.int32)
    inside = (day >= 0) & (day < until[who])  # rounding down may leave the window by a day
    return who[inside], day[inside]
