"""Announced and projected households as columns. Life courses are drawn later.

Keys: draw, month, group and the ordinal within the cell, hashed. So one more arrival renames
nobody, and a higher flow adds people to those already there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vorort import luck
from vorort.arrivals.table import Table, household_table
from vorort.columns import (
    GROUPS,
    NEVER,
    OTHER,
    REUNIFICATION,
    TEMPORARY,
    YEAR,
    Calendar,
    Floats,
    Households,
    Ints,
    Keys,
    People,
    Values,
)
from vorort.vocabulary import Announcement


@dataclass(frozen=True)
class Drawn:
    """Households as drawn, before their members: columns of shape (household,)."""

    draw: Ints
    key: Keys
    group: Ints
    arrives: Ints
    row: Ints  # of the joint table


def projected(
    world: Keys, expected: Floats, tilt: Floats, calendar: Calendar, table: Table | None = None
) -> Drawn:
    """Households of the projection; ``expected`` persons have shape (draw, month, group)."""
    table = table or household_table()
    _, months, groups = expected.shape
    cell = luck.mix(
        world[:, None, None], np.arange(months * groups, dtype=np.uint64).reshape(1, months, groups)
    )
    size = np.stack([table.mean_size(g, tilt) for g in range(groups)], axis=1)
    count = luck.poisson(
        luck.uniform(cell, "arrivals/count").astype(np.float64), expected / size[:, None, :]
    )
    many = count.ravel()
    ordinal = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    lane, month, group = (
        np.repeat(axis.ravel(), many) for axis in np.indices(count.shape, dtype=np.int32)
    )
    key = luck.mix(np.repeat(cell.ravel(), many), ordinal.astype(np.uint64))
    starts = np.append(calendar.month_starts, calendar.days)
    span = np.diff(starts)
    day = starts[month] + (span[month] * luck.uniform(key, "arrivals/day")).astype(np.int32)
    row = _rows(key, lane, group, tilt, table)
    return Drawn(lane, key, group, day.astype(np.int32), row)


def _rows(key: Keys, lane: Ints, group: Ints, tilt: Floats, table: Table) -> Ints:
    """Row of the joint table for each household."""
    u = luck.uniform(key, "arrivals/kind")
    row = np.zeros(len(key), np.int32)
    for g in range(len(GROUPS)):
        mine = np.flatnonzero(group == g)
        if not len(mine):
            continue
        rows = table.rows_of(g)
        edges = table.chances(g, tilt).astype(np.float32)
        at = np.zeros(len(mine), np.int32)
        for k in range(len(rows) - 1):
            at += u[mine] >= edges[lane[mine], k]
        row[mine] = rows[at]
    return row


def people_of(drawn: Drawn, values: Values, district: Floats, table: Table | None = None) -> People:
    """Households and their members; ``district`` = weights of the first district, sums to one."""
    table = table or household_table()
    size = table.size[drawn.row]
    kinds = np.array(table.kind)
    is_uam = (kinds == "uam")[drawn.row]
    hosted = luck.uniform(drawn.key, "arrivals/hosted") < _hosted_share(drawn, values)
    urgent = luck.uniform(drawn.key, "arrivals/urgent") < values.of(
        "arrivals.urgent_share", drawn.draw
    )
    place = np.searchsorted(
        np.cumsum(district)[:-1], luck.uniform(drawn.key, "arrivals/district"), side="right"
    )
    never = np.full(len(size), NEVER, np.int32)
    households = Households(
        draw=drawn.draw, key=drawn.key, group=drawn.group.astype(np.int8), arrives=drawn.arrives,
        leaves=never, may_move=never, size=size, first=(np.cumsum(size) - size).astype(np.int32),
        district=place.astype(np.int32), is_hosted=hosted & ~is_uam, is_urgent=urgent,
        is_minor_alone=is_uam, in_stock=np.zeros(len(size), np.bool_),
    )  # fmt: skip
    return _members(households, table, drawn.row)


def _hosted_share(drawn: Drawn, values: Values) -> Floats:
    """Chance of needing no bed from the Kommune, by group."""
    share = np.zeros(len(drawn.draw), np.float32)
    for group, name in (
        (TEMPORARY, "arrivals.temporary_hosted_share"),
        (REUNIFICATION, "arrivals.reunification_hosted_share"),
    ):
        mine = np.flatnonzero(drawn.group == group)
        share[mine] = values.of(name, drawn.draw[mine])
    share[drawn.group == OTHER] = 1.0  # they find their own homes; no assigned bed (DESIGN 6)
    return share


def _members(h: Households, table: Table, table_row: Ints) -> People:
    household = np.repeat(np.arange(len(h), dtype=np.int32), h.size)
    position = np.arange(len(household), dtype=np.int32) - h.first[household]
    key = luck.mix(h.key[household], position.astype(np.uint64))
    row = table.first[table_row][household] + position
    age = table.lowest[row] + table.span[row] * luck.uniform(key, "person/age")
    arrives = h.arrives[household]
    return People(
        households=h, household=household, draw=h.draw[household], key=key, arrives=arrives,
        leaves=np.full(len(key), NEVER, np.int32), born=(arrives - age).astype(np.int32),
        is_female=luck.uniform(key, "person/sex") < table.female[row],
        recognised=np.full(len(key), NEVER, np.int32), in_stock=np.zeros(len(key), np.bool_),
        is_newborn=np.zeros(len(key), np.bool_),
    )  # fmt: skip


def announced(
    world: Keys,
    notices: Sequence[Announcement],
    values: Values,
    district: Floats,
    calendar: Calendar,
) -> People | None:
    """The announced households of every draw in which they come; None: nothing is announced."""
    ordered = sorted(notices, key=lambda n: (n.expected_on, n.id))
    if not ordered:
        return None
    names = np.array([luck.word(f"announced/{n.id}") for n in ordered], np.uint64)
    key = luck.mix(world[:, None], names[None, :])
    comes = luck.uniform(key, "announced/comes") < np.array([n.probability for n in ordered])
    lane, which = (axis.astype(np.int32) for axis in np.nonzero(comes))
    arrives = np.array([max(calendar.day(n.expected_on), 0) for n in ordered], np.int32)
    table = _as_announced(ordered, household_table())
    return people_of(
        Drawn(lane, key[comes], table.group[which], arrives[which], which), values, district, table
    )


def _as_announced(notices: Sequence[Announcement], table: Table) -> Table:
    """A table with one row per notice: what was said is certain, the rest as in the joint table.

    A household larger than any row of the joint table repeats its last member's ages (a child).
    """
    lowest, span, female, sizes = [], [], [], []
    for notice in notices:
        size = persons_told(notice, table)
        fits = table.matching(GROUPS.index(notice.group), notice.kind, size)
        row = fits[int(luck.word(f"announced/{notice.id}") % np.uint64(len(fits)))]
        for position in range(size):
            like = table.first[row] + min(position, table.size[row] - 1)
            is_told = position < len(notice.ages)
            lowest.append(notice.ages[position] * YEAR if is_told else table.lowest[like])
            span.append(YEAR if is_told else table.span[like])
            sex = notice.sexes[position] if position < len(notice.sexes) else None
            female.append({"f": 1.0, "m": 0.0}.get(sex or "", float(table.female[like])))
        sizes.append(size)
    size_of = np.array(sizes, np.int32)
    return Table(
        np.array([GROUPS.index(n.group) for n in notices], np.int32),
        tuple(n.kind for n in notices),
        np.ones(len(sizes)),
        size_of,
        (np.cumsum(size_of) - size_of).astype(np.int32),
        np.array(lowest),
        np.array(span),
        np.array(female),
    )


def persons_told(notice: Announcement, table: Table) -> int:
    """Persons announced; where only the kind is known, the most frequent size of that kind."""
    said = notice.persons or len(notice.ages)
    if said:
        return said
    fits = [i for i, kind in enumerate(table.kind) if kind == notice.kind] or list(
        range(len(table.kind))
    )
    return int(table.size[max(fits, key=lambda i: table.weight[i])])


def less_announced(expected: Floats, notices: Sequence[Announcement], calendar: Calendar) -> Floats:
    """The projection without those already announced, month by month and group by group."""
    left = expected.copy()
    table = household_table()
    for notice in notices:
        day = max(calendar.day(notice.expected_on), 0)
        if day < calendar.days:
            month = int(np.searchsorted(calendar.month_starts, day, side="right")) - 1
            left[:, month, GROUPS.index(notice.group)] -= (
                persons_told(notice, table) * notice.probability
            )
    return np.maximum(left, 0.0)
