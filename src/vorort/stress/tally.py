"""From weekly counts to months: how much is wanted, used, missing and empty, in every draw.

A month shows, for all series alike, the Monday with most waiting (ties: least vacancy, then the
first), so that on that day and in each draw

    occupied + vacancy + unfit = usable      demand = occupied + waiting
    waiting = max(0, demand - usable) + unfit                      (in each pool)

hold. ``unfit`` here are places idle although as many wait: households too large, groups too small.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from vorort.columns import Calendar, Flags, Floats, Ints

_INDEX_BITS = 11  # 2,048 tally days: 39 years of Mondays


@dataclass(frozen=True)
class Weekly:
    """What the queue counted on tally days; shape (draw, pool, tally), of stock (draw, tally)."""

    occupied: Ints
    waiting: Ints
    overdue: Ints
    stock_served: Ints  # of those in stock on day 0 and their children
    stock_waiting: Ints


@dataclass(frozen=True)
class Tolerance:
    """Overload: more than ``amount`` people have waited longer than ``days``. German: Toleranz"""

    days: int
    amount: int


@dataclass(frozen=True)
class Months:
    """Series of shape (draw, month). Without capacity: stock served, residents and demand."""

    usable: Ints
    resident: Ints
    stock_served: Ints
    stock_waiting: Ints
    demand: Ints
    waiting: Ints
    waiting_resident: Ints
    overdue: Ints
    vacancy: Ints
    unfit: Ints
    overload: Flags  # on any Monday of the month
    overload_later: Flags  # on any Monday after day 0
    unmet: Floats  # place-months missing in the month
    idle: Floats  # place-months empty in the month

    @classmethod
    def empty(cls, draws: int, months: int) -> Months:
        """Zeros to be filled chunk by chunk."""
        kinds = {
            "overload": np.bool_,
            "overload_later": np.bool_,
            "unmet": np.float32,
            "idle": np.float32,
        }
        return cls(
            **{f.name: np.zeros((draws, months), kinds.get(f.name, np.int32)) for f in fields(cls)}
        )

    def put(self, part: slice, chunk: Months) -> None:
        """Write the draws of a chunk."""
        for f in fields(self):
            getattr(self, f.name)[part] = getattr(chunk, f.name)


def over_months(
    weekly: Weekly,
    usable: Ints,
    residents: Ints | None,
    over: int,
    tolerance: Tolerance,
    calendar: Calendar,
) -> tuple[Months, Flags]:
    """Months of one domain, and on which tally days it was overloaded, shape (draw, tally).

    ``over``: people too many on day 0 by unit; they count as waiting on that day and are not
    netted against places free elsewhere.
    """
    asked = np.zeros_like(usable) if residents is None else residents
    newcomers = np.minimum(weekly.occupied, usable)
    too_many = weekly.occupied - newcomers
    newcomers[:, 0, 0] -= np.maximum(over - too_many[:, 0, 0], 0)
    too_many[:, 0, 0] = np.maximum(too_many[:, 0, 0], over)
    served = np.minimum(asked, usable - newcomers)
    short = asked - served
    waiting = weekly.waiting + too_many + short
    idle = usable - newcomers - served
    unfit = np.minimum(idle, waiting)
    old = short if residents is None else _lasting(short, tolerance.days)
    overdue = (weekly.overdue + too_many + old).sum(axis=1)
    is_over = overdue > tolerance.amount

    total = waiting.sum(axis=1)
    vacancy = (idle - unfit).sum(axis=1)
    grid = _Grid.of(calendar)
    at = grid.worst(total, vacancy)

    def shown(series: Ints) -> Ints:
        picked: Ints = np.take_along_axis(series, at, axis=1)
        return picked.astype(np.int32)

    occupied = (newcomers + served).sum(axis=1)
    resident = asked.sum(axis=1)
    later = is_over.copy()
    later[:, 0] = False
    return Months(
        usable=shown(usable.sum(axis=1)),
        resident=shown(resident),
        stock_served=shown(weekly.stock_served),
        stock_waiting=shown(weekly.stock_waiting),
        demand=shown(occupied + total),
        waiting=shown(total),
        waiting_resident=shown(short.sum(axis=1)),
        overdue=shown(overdue),
        vacancy=shown(vacancy),
        unfit=shown(unfit.sum(axis=1)),
        overload=grid.any(is_over),
        overload_later=grid.any(later),
        unmet=grid.sum(total),
        idle=grid.sum(vacancy + unfit.sum(axis=1)),
    ), is_over


def without_capacity(weekly: Weekly, residents: Ints | None, calendar: Calendar) -> Months:
    """Demand only, on the Monday of each month on which it is highest."""
    total = weekly.occupied.sum(axis=1)
    asked = np.zeros_like(total) if residents is None else residents.sum(axis=1)
    total = total + asked
    at = _Grid.of(calendar).worst(total, np.zeros_like(total))
    months = Months.empty(len(total), len(calendar.months))
    months.demand[:] = np.take_along_axis(total, at, axis=1)
    months.stock_served[:] = np.take_along_axis(weekly.stock_served, at, axis=1)
    months.resident[:] = np.take_along_axis(asked, at, axis=1)
    return months


def _lasting(short: Ints, days: int) -> Ints:
    """Residents who have waited longer than tolerated: at least the lowest shortage of that time.

    What was before day 0 is not known; a shortage on day 0 counts as old.
    """
    lasting = short.copy()
    for back in range(1, days // 7 + 1):
        np.minimum(lasting[:, :, back:], short[:, :, :-back], out=lasting[:, :, back:])
    return lasting


@dataclass(frozen=True)
class _Grid:
    """Which tally days belong to which month; every month has at least one."""

    starts: NDArray[np.int64]  # index of the first tally day of each month
    spans: Floats  # months that each tally day stands for

    @classmethod
    def of(cls, calendar: Calendar) -> _Grid:
        days = calendar.tallies
        spans = np.diff(np.append(days, calendar.days)) / np.float32(365.25 / 12)
        return cls(np.searchsorted(days, calendar.month_starts), spans.astype(np.float32))

    def worst(self, waiting: Ints, vacancy: Ints) -> NDArray[np.int64]:
        """Index of the tally day that each month shows, shape (draw, month)."""
        index = np.arange(waiting.shape[1])
        key = (((waiting.astype(np.int64) << 30) - vacancy) << _INDEX_BITS) - index
        highest = np.maximum.reduceat(key, self.starts, axis=1)
        return -highest & ((1 << _INDEX_BITS) - 1)

    def any(self, flags: Flags) -> Flags:
        """Is it so on any tally day of the month?"""
        found: Flags = np.logical_or.reduceat(flags, self.starts, axis=1)
        return found

    def sum(self, series: Ints) -> Floats:
        """Place-months in each month."""
        total: Floats = np.add.reduceat(series * self.spans, self.starts, axis=1)
        return total
