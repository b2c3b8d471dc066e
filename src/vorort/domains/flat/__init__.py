"""Flat: a home of one's own, the way out of municipal beds. German: eigene Wohnung, Auszug

The residence obligation (§ 12a AufenthG, three years, [S54-S57]) ties people to the Kommune; it is
no bar to a flat within the Kommune, so it does not appear here. Households that live privately
with a host from the start need neither bed nor flat from the Kommune and are left out.
"""

from __future__ import annotations

import numpy as np

from vorort import luck
from vorort.columns import (
    Calendar,
    Dates,
    Discipline,
    Flags,
    Households,
    Ints,
    Needs,
    Outcomes,
    People,
    Values,
    rows_where,
)  # fmt: skip
from vorort.domains import registered_on

READS: tuple[str, ...] = ("registration",)
POOLS: tuple[str, ...] = ("one", "two_three", "four_plus")
BY_HOUSEHOLD = True
A_MONTH = 30  # a flat found a month is a place that is held for thirty days


def needs(people: People, values: Values, outcomes: Outcomes, calendar: Calendar) -> Needs:
    """A flat for each household that may move out [flats found a month].

    Papers come first, then the search: some begin at once, the others need time (language, money,
    help). Hardship goes first. The search ends with the flat or with leaving the Kommune. Who was
    in our beds on day 0 and may move searches from day 0 at the latest, list or no list.
    """
    h = people.households
    recorded = _recorded(h, "flat")
    allowed = np.maximum(h.may_move, registered_on(people, outcomes)[h.first])
    begins = _search_begins(h, values, allowed)
    begins = np.where(h.in_stock & ~recorded, np.maximum(begins, 0), begins)
    begins = np.where(recorded, np.minimum(begins, -1), begins)
    seeks = ~h.is_hosted & ~h.is_minor_alone & (~h.in_stock | _recorded(h, "accommodation"))
    who = rows_where((seeks & (begins < h.leaves)) | recorded)
    return Needs(
        who,
        begins[who],
        np.maximum(h.leaves[who], begins[who] + 1),
        priority=_class(h, values, who),
        duration=A_MONTH,
        pool=_by_size(h.size[who]),
    )


def discipline(values: Values, calendar: Calendar) -> Discipline:
    """Every day; hardship first, then first come, first served within a size."""
    days = np.arange(calendar.days, dtype=np.int32)
    return Discipline(Dates(days, calendar.days), priorities=2)


def _recorded(h: Households, domain: str) -> Flags:
    found = h.records.get(domain)
    return np.zeros(len(h), np.bool_) if found is None else found.any


def _search_begins(h: Households, values: Values, allowed: Ints) -> Ints:
    """A mixture of two: at once, or spread evenly from nothing to twice the mean delay."""
    at_once = luck.uniform(h.key, "flat/searches at once") < values.of("flat.at_once", h.draw)
    spread = 2 * luck.uniform(h.key, "flat/delay")
    delay = np.where(at_once, 0, spread * values.of("flat.delay_days", h.draw))
    day: Ints = allowed + delay.astype(np.int32)
    return day


def _class(h: Households, values: Values, who: Ints) -> Ints:
    hardship = luck.uniform(h.key[who], "flat/hardship") < values.of("flat.hardship", h.draw[who])
    return np.where(hardship | h.is_urgent[who], 0, 1).astype(np.int32)


def _by_size(size: Ints) -> Ints:
    """Number of the pool: one person, two or three, four and more."""
    return (size > 1).astype(np.int32) + (size > 3)
