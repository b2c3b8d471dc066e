"""Life courses: drawn once per household and draw, before any queue.

Durations are a household's luck (exponential or lognormal budgets drawn once), so scenarios share
them. Who is here on day 0 has not left before; departures are counted from then on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vorort import luck
from vorort.columns import (
    ASYLUM,
    MONTH,
    NEVER,
    OTHER,
    TEMPORARY,
    YEAR,
    Calendar,
    Flags,
    Floats,
    Households,
    Ints,
    Keys,
    People,
    Values,
    rows_where,
    together,
)

WOMEN_FROM, WOMEN_TO = 15, 50  # ages for which birth rates are published: 15 to 49
BETWEEN_BIRTHS = 365  # days, at the least


def complete(
    people: People, values: Values, calendar: Calendar, sudden_exit: Flags, law_change: Flags
) -> People:
    """Fill in recognition, move-out right, departure; add returners and the newborn.

    ``sudden_exit`` and ``law_change`` have shape (draw,).
    """
    people = _with_course(people, values, sudden_exit, law_change)
    back = _returners(people, values, calendar, sudden_exit, law_change)
    if back is not None:
        people = together([people, back])
    people = _with_births(people, values, calendar)
    h = people.households
    return replace(
        people, records={name: r.padded(len(people)) for name, r in people.records.items()},
        households=replace(h, records={name: r.padded(len(h)) for name, r in h.records.items()}),
    )  # fmt: skip


def _with_course(people: People, values: Values, sudden_exit: Flags, law_change: Flags) -> People:
    h = people.households
    decided, is_protected = _decision(people, values)
    leaves = _departure(h, values, decided, is_protected, sudden_exit)
    may_move = _may_move(h, values, decided, is_protected, law_change)
    told = np.minimum.reduceat(people.recognised, h.first) if len(h) else people.recognised
    recognised = np.minimum(told, np.where(is_protected, decided, NEVER)).astype(np.int32)
    households = replace(h, leaves=leaves, may_move=may_move)
    return replace(
        people, households=households,
        leaves=np.minimum(people.leaves, leaves[people.household]).astype(np.int32),
        recognised=np.minimum(people.recognised, recognised[people.household]).astype(np.int32),
    )  # fmt: skip


def _decision(people: People, values: Values) -> tuple[Ints, Flags]:
    """Day of the decision and whether it protects, per household. Others than asylum: arrival."""
    h = people.households
    is_asylum = h.group == ASYLUM
    told = np.minimum.reduceat(people.recognised, h.first) if len(h) else people.recognised
    day = h.arrives.astype(np.float64)
    mine = rows_where(is_asylum)
    takes = _procedure(h.key[mine], h.draw[mine], values)
    day[mine] += takes
    late = np.flatnonzero(h.in_stock[mine] & (day[mine] <= 0))  # should be decided, yet is not
    overdue = mine[late]
    day[overdue] = 1 + takes[late] * 0.5 * luck.uniform(h.key[overdue], "lifecourse/late decision")
    is_protected = luck.uniform(h.key, "lifecourse/protected") < values.of(
        "lifecourse.protection_rate", h.draw
    )
    is_known = told < NEVER
    decided = np.where(is_known, told, np.minimum(day, NEVER))
    return decided.astype(np.int32), is_known | np.where(is_asylum, is_protected, True)


def _procedure(key: Keys, draw: Ints, values: Values) -> Floats:
    """Days from arrival to the decision on asylum, lognormal; shape of ``key``."""
    spread = values.of("lifecourse.procedure_spread", draw)
    months = values.of("lifecourse.procedure_months", draw)
    # mean of a lognormal is exp(mu + s^2/2): the published figure is a mean
    noise = np.exp(spread * luck.normal(key, "lifecourse/procedure") - np.square(spread) / 2)
    days: Floats = MONTH * months * noise
    return days


def _departure(
    h: Households, values: Values, decided: Ints, is_protected: Flags, sudden_exit: Flags
) -> Ints:
    """Day on which a household leaves the Kommune for good."""
    others = values.of("lifecourse.departure_other", h.draw)
    rate = np.where(
        h.group == ASYLUM, values.of("lifecourse.departure_asylum", h.draw),
        np.where(h.group == TEMPORARY, values.of("lifecourse.departure_temporary", h.draw), others),
    )  # fmt: skip
    rate = rate + np.where(sudden_exit[h.draw], values.of("lifecourse.exit_hazard", h.draw), 0.0)
    since = np.maximum(h.arrives, 0) + 1
    budget = luck.exponential(h.key, "lifecourse/stay") * MONTH
    leaves = since + budget / np.maximum(rate, 1e-9)
    turn = np.maximum(decided, since)
    rejected = np.flatnonzero((h.group == ASYLUM) & ~is_protected & (leaves > turn))
    fast = np.maximum(
        _at(values.of("lifecourse.departure_rejected", h.draw), rejected), rate[rejected]
    )
    spent = (turn[rejected] - since[rejected]) * rate[rejected]
    leaves[rejected] = turn[rejected] + np.maximum(budget[rejected] - spent, 0.0) / fast
    return np.minimum(np.ceil(leaves), NEVER).astype(np.int32)


def _at(column: float | Floats, rows: NDArray[np.int64]) -> float | Floats:
    return column if isinstance(column, float) else column[rows]


def _may_move(
    h: Households, values: Values, decided: Ints, is_protected: Flags, law_change: Flags
) -> Ints:
    """Day from which a flat of their own is allowed; where the ledger has a date, it counts."""
    delay = values.of("lifecourse.move_delay_months", h.draw) * np.float64(MONTH)
    day = np.where(is_protected, decided + np.where(h.group == ASYLUM, delay, 0.0), NEVER)
    later = values.of("lifecourse.law_change_move_delay_months", h.draw) * np.float64(MONTH)
    is_late = law_change[h.draw] & (h.group == TEMPORARY) & ~h.in_stock
    day = np.minimum(day + np.where(is_late, later, 0.0), NEVER)
    return np.where(h.may_move < NEVER, h.may_move, day).astype(np.int32)


def _returners(
    people: People, values: Values, calendar: Calendar, sudden_exit: Flags, law_change: Flags
) -> People | None:
    """Households that come back some months after they left, as new arrivals."""
    h = people.households
    wish = luck.uniform(h.key, "lifecourse/returns") < values.of("lifecourse.return_share", h.draw)
    who = np.flatnonzero(wish & (h.group != OTHER) & ~h.is_minor_alone)
    away = (
        values.of("lifecourse.return_months", h.draw[who])
        * luck.exponential(h.key[who], "lifecourse/away")
        * MONTH
    )
    day = h.leaves[who] + np.ceil(away)
    in_time = np.flatnonzero(day < calendar.days)
    who, day = who[in_time], day[in_time]
    if not len(who):
        return None
    size = h.size[who]
    members = np.repeat(h.first[who] - (np.cumsum(size) - size), size) + np.arange(size.sum())
    never = np.full(len(who), NEVER, np.int32)
    arrives = day.astype(np.int32)
    decided = np.minimum.reduceat(people.recognised, h.first)[who]
    again = replace(
        h,
        **{
            c: getattr(h, c)[who]
            for c in ("draw", "group", "district", "is_hosted", "is_urgent", "is_minor_alone")
        },
        key=luck.mix(h.key[who], luck.word("lifecourse/again")),
        arrives=arrives,
        leaves=never,
        may_move=np.maximum(h.may_move[who], arrives).astype(np.int32),
        size=size,
        first=(np.cumsum(size) - size).astype(np.int32),
        in_stock=np.zeros(len(who), np.bool_),
        records={},
    )
    household = np.repeat(np.arange(len(who), dtype=np.int32), size)
    back = People(
        households=again,
        household=household,
        draw=people.draw[members],
        key=luck.mix(people.key[members], luck.word("lifecourse/again")),
        arrives=arrives[household],
        leaves=np.full(len(members), NEVER, np.int32),
        born=people.born[members],
        is_female=people.is_female[members],
        recognised=decided[household],
        in_stock=np.zeros(len(members), np.bool_),
        is_newborn=np.zeros(len(members), np.bool_),
    )
    return _with_course(back, values, sudden_exit, law_change)


def _with_births(people: People, values: Values, calendar: Calendar) -> People:
    """Children born to women who live here; they hang on the mother's household."""
    start = np.maximum(np.maximum(people.arrives, 0), people.born + WOMEN_FROM * YEAR)
    end = np.minimum(np.minimum(people.leaves, calendar.days), people.born + WOMEN_TO * YEAR)
    mother = np.flatnonzero(people.is_female & (start < end))
    rate = _birth_rate(people, values, mother)
    budget = luck.exponential(people.key[mother], "lifecourse/birth") * (1000 * YEAR)
    first = start[mother] + 1 + budget / np.maximum(rate, 1e-6)
    gives_birth = np.flatnonzero(first < end[mother])
    if not len(gives_birth):
        return people
    mother, first, rate = mother[gives_birth], first[gives_birth], rate[gives_birth]
    again = luck.exponential(people.key[mother], "lifecourse/second birth") * (1000 * YEAR) / rate
    second = first + BETWEEN_BIRTHS + again
    twice = np.flatnonzero(second < end[mother])
    whose = np.concatenate([mother, mother[twice]])
    day = np.concatenate([first, second[twice]]).astype(np.int32)
    ordinal = np.concatenate([np.zeros(len(mother), np.uint64), np.ones(len(twice), np.uint64)])
    key = luck.mix(luck.mix(people.key[whose], luck.word("lifecourse/child")), ordinal)
    return _appended(people, whose, day, key)


def _birth_rate(people: People, values: Values, who: NDArray[np.int64]) -> Floats:
    """Births per 1,000 women and year, by group; shape of ``who``."""
    group, draw = people.households.group[people.household[who]], people.draw[who]
    others = values.of("lifecourse.births_other", draw)
    rate: Floats = np.where(
        group == ASYLUM, values.of("lifecourse.births_asylum", draw),
        np.where(group == TEMPORARY, values.of("lifecourse.births_temporary", draw), others),
    )  # fmt: skip
    return rate


def _appended(people: People, whose: NDArray[np.int64], day: Ints, key: Keys) -> People:
    """The newborn after all others; a household's size is still that of the day it came."""
    n = len(whose)

    def with_(column: NDArray[Any], new: object) -> NDArray[Any]:
        return np.concatenate([column, np.asarray(new, column.dtype)])

    return replace(
        people,
        household=with_(people.household, people.household[whose]),
        draw=with_(people.draw, people.draw[whose]),
        key=with_(people.key, key),
        arrives=with_(people.arrives, day),
        leaves=with_(people.leaves, people.leaves[whose]),
        born=with_(people.born, day),
        is_female=with_(people.is_female, luck.uniform(key, "person/sex") < 0.487),
        recognised=with_(people.recognised, np.maximum(people.recognised[whose], day)),
        in_stock=with_(people.in_stock, people.in_stock[whose]),
        is_newborn=with_(people.is_newborn, np.ones(n, np.bool_)),
    )
