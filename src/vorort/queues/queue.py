"""The front of the kernel: typed needs and capacity in, starts, ends and tallies out."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from vorort.columns import NEVER, Dates, Discipline, Flags, Ints, Needs
from vorort.queues import kernel


@dataclass(frozen=True)
class Step:
    """Places that come (or, negative, go): a measure, a lease end, residents who take seats.

    ``day`` and ``places`` have shape (draw,) where they differ from draw to draw, else (1,).
    """

    day: Ints
    places: Ints
    pool: int = 0


@dataclass(frozen=True)
class Trigger:
    """A prepared measure: fewer than ``free_below`` places free on ``in_a_row`` admission days."""

    free_below: int = 0
    in_a_row: int = 0  # 0: no trigger
    lead: int = 0
    places: int = 0


@dataclass(frozen=True)
class Capacity:
    """Places open to the queue on day 0, shape (draw, pool) or (1, pool), and what changes them.

    German: Kapazität
    """

    places: Ints
    steps: tuple[Step, ...] = ()
    trigger: Trigger = field(default_factory=Trigger)


@dataclass(frozen=True)
class Served:
    """What became of the needs; columns of shape (need,), tallies of shape (draw, pool, report)."""

    begins: Ints  # first day of service, NEVER: not served
    ends: Ints  # end of the last round; NEVER while a round is missing
    done: Ints  # day of leaving queue and place for good, as far as the horizon knows
    occupied: Ints
    waiting: Ints
    overdue: Ints  # of those waiting: longer than tolerated
    marked_occupied: Ints
    marked_waiting: Ints


def serve(
    needs: Needs, draw: Ints, draws: int, held: Flags, capacity: Capacity,
    discipline: Discipline, reports: Dates, tolerated: int = 0, marked: Flags | None = None,
) -> Served:  # fmt: skip
    """Serve the needs of all draws; count occupied, waiting and overdue places on report days.

    ``draw`` and ``held`` have shape (need,). A need that is held has its place on day 0, even
    where that is one too many. A report counts after that day's admission. Needs that would join
    after the horizon are left alone. Occupied and waiting places of ``marked`` needs are counted
    apart as well (those in stock against those who come).
    """
    n, pools = len(needs), capacity.places.shape[1]
    lane = draw * pools + needs.pool if pools > 1 else draw
    first, last = np.full(n, NEVER, np.int32), np.full(n, NEVER, np.int32)
    done = np.full(n, NEVER, np.int32)
    tallies = np.zeros((kernel.TALLIES, draws * pools, len(reports.days) + 1), np.int32)
    size, steps = _steps(capacity, draws)
    t = capacity.trigger
    gives_up = needs.end if needs.gives_up is None else needs.gives_up
    columns = [
        needs.start,
        needs.end,
        gives_up,
        needs.amount,
        needs.priority,
        needs.duration,
        needs.rounds,
    ]
    kernel.serve_lanes(
        _plain(lane),
        tuple(_plain(c) for c in columns),
        np.require(held, np.bool_, ["C", "W"]),
        np.zeros(n, np.bool_) if marked is None else np.require(marked, np.bool_, ["C", "W"]),
        np.array(np.broadcast_to(capacity.places, (draws, pools)), np.int32),
        size,
        steps,
        (t.free_below, t.in_a_row, t.lead, t.places),
        discipline.admits.days,
        discipline.admits.next,
        reports.next,
        (
            discipline.priorities,
            discipline.passing,
            discipline.group_min,
            discipline.group_max,
            tolerated,
        ),
        (first, last, done),
        tallies,
    )
    shape = draws, pools, len(reports.days)
    counts = np.cumsum(tallies[:, :, :-1], axis=2, dtype=np.int32)
    occupied, waiting, *of_marked, overdue = (c.reshape(shape) for c in counts)
    if marked is not None:
        occupied, waiting = (a + b for a, b in zip((occupied, waiting), of_marked, strict=True))
    return Served(first, last, done, occupied, waiting, overdue, *of_marked)


def _plain(column: Ints | int) -> Ints:
    """One memory layout for every column, so that the kernel is compiled once."""
    return np.require(np.atleast_1d(np.asarray(column, np.int32)), np.int32, ["C", "W"])


def _steps(capacity: Capacity, draws: int) -> tuple[Ints, Ints]:
    """Pools of the steps, shape (step,); day and places of each, shape (step, draw, 2)."""
    steps = np.zeros((len(capacity.steps), draws, 2), np.int32)
    for k, step in enumerate(capacity.steps):
        steps[k, :, 0], steps[k, :, 1] = step.day, step.places
    return np.array([s.pool for s in capacity.steps], np.int32), steps


def present(
    cell: Ints, cells: int, begin: Ints, end: Ints, amount: Ints | int, reports: Dates
) -> Ints:
    """How much is there on each report day by cell (draw, draw x district), (cell, report)."""
    tally = np.zeros((cells, len(reports.days) + 1), np.int32)
    kernel.count_present(
        _plain(cell), _plain(begin), _plain(end), _plain(amount), reports.next, tally
    )
    return np.cumsum(tally[:, :-1], axis=1, dtype=np.int32)
