"""Accommodation: beds for whole households until they move out. German: Unterbringung

Unaccompanied minors are the youth office's (§§ 42 ff. SGB VIII): they need no bed here.
"""

from __future__ import annotations

import numpy as np

from vorort.columns import (
    NEVER,
    Calendar,
    Dates,
    Discipline,
    Flags,
    Floats,
    Households,
    Ints,
    Needs,
    Outcomes,
    People,
    Values,
    joined,
    rows_where,
)  # fmt: skip

READS: tuple[str, ...] = ("flat",)
POOLS: tuple[str, ...] = ("general",)
BY_HOUSEHOLD = True


def needs(people: People, values: Values, outcomes: Outcomes, calendar: Calendar) -> Needs:
    """Beds of each household, taken together or not at all [beds].

    From arrival until it leaves, or until some time after a flat is found. Protection goes first.
    A child born here needs a bed beside its family: in a full house it waits, which is how a
    birth shows as over-occupancy.
    """
    h = people.households
    until = _moves_out(h, values, outcomes)
    recorded = _recorded(h)
    served = (~h.is_hosted & ~h.is_minor_alone) | recorded
    who = rows_where(served & ((h.arrives < until) | recorded))
    start = np.where(recorded, np.minimum(h.arrives, -1), h.arrives)[who]
    families = Needs(
        who,
        start,
        np.maximum(until[who], start + 1),
        amount=np.maximum(h.size[who], 1),
        priority=np.where(h.is_urgent[who], 0, 1).astype(np.int32),
    )
    return joined(families, _births(people, served, until))


def discipline(values: Values, calendar: Calendar) -> Discipline:
    """Every day, households together; a few too large for what is free may be passed over."""
    days = np.arange(calendar.days, dtype=np.int32)
    passing = round(values.central("accommodation.passing"))
    return Discipline(Dates(days, calendar.days), priorities=2, passing=passing)


def required_area(values: Values, size: Ints) -> Floats | None:
    """Floor area that households of these sizes must have [m²]; None where the norm is unknown.

    German: Wohnflächennorm der Landesaufnahmegesetze
    """
    if not values.known("accommodation.space_m2"):
        return None
    area: Floats = size * values.central("accommodation.space_m2")
    return area


def _recorded(h: Households) -> Flags:
    """Has a bed or waits for one; a minor alone counts only with a bed."""
    found = h.records.get("accommodation")
    if found is None:
        return np.zeros(len(h), np.bool_)
    return found.any & (~h.is_minor_alone | (found.held_from < NEVER))


def _moves_out(h: Households, values: Values, outcomes: Outcomes) -> Ints:
    found = outcomes["flat"].start
    days = np.rint(values.of("accommodation.days_to_move", h.draw)).astype(np.int32)
    return np.minimum(h.leaves, np.where(found < NEVER, found + days, NEVER).astype(np.int32))


def _births(people: People, served: Flags, until: Ints) -> Needs:
    child = rows_where(people.is_newborn & served[people.household])
    end = np.minimum(until[people.household[child]], people.leaves[child])
    inside = people.arrives[child] < end
    child, end = child[inside], end[inside]
    return Needs(people.household[child], people.arrives[child], end)
