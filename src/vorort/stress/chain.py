"""The domains in their order for the people of some draws: rule, warm start, queue, outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vorort.columns import (
    Calendar,
    Dates,
    Flags,
    Ints,
    Needs,
    Outcome,
    People,
    Records,
    Values,
    rows_where,
)
from vorort.domains import Domain
from vorort.queues import present, serve
from vorort.stress.supply import Supply
from vorort.stress.tally import Months, Tolerance, Weekly, over_months, without_capacity
from vorort.stress.warm import apply_records


@dataclass(frozen=True)
class Step:
    """What one domain did in a chunk."""

    outcome: Outcome
    months: Months
    overloaded: Flags | None  # shape (draw, tally)


@dataclass(frozen=True)
class Line:
    """Everything a chunk needs besides its people: domains, calendar, tolerances."""

    domains: Sequence[Domain]
    calendar: Calendar
    tolerances: Mapping[str, Tolerance]
    overdue_end: int
    reports: Dates


def run_line(
    line: Line, people: People, values: Values, draws: int, part: slice,
    supply: Mapping[str, Supply], before: Mapping[str, Step] | None, same: frozenset[str],
) -> dict[str, Step]:  # fmt: skip
    """Serve every domain. ``before`` and ``same``: steps of another policy to be taken over where
    neither the supply of the domain nor of any domain it reads differs."""
    steps: dict[str, Step] = {}
    untouched: set[str] = set()
    for domain in line.domains:
        if before is not None and domain.name in same and all(r in untouched for r in domain.reads):
            untouched.add(domain.name)
            steps[domain.name] = before[domain.name]
            continue
        outcomes = {r: steps[r].outcome for r in domain.reads}
        needs = domain.needs(people, values, outcomes, line.calendar)
        steps[domain.name] = _serve(
            line, domain, needs, people, draws, part, supply[domain.name], values
        )
    return steps


def _serve(
    line: Line, domain: Domain, needs: Needs, people: People, draws: int, part: slice, supply: Supply, values: Values
) -> Step:  # fmt: skip
    rows = people.households if domain.by_household else people
    in_stock = rows.in_stock if domain.by_household else rows.in_stock & ~people.is_newborn
    records: Records | None = rows.records.get(domain.name)
    needs, held = apply_records(needs, in_stock, records, line.overdue_end)
    draw = rows.draw[needs.who]
    of_stock = rows.in_stock[needs.who]
    usable, residents, capacity = supply.chunk(part)
    if usable is None or capacity is None:
        return _unserved(line, needs, draw, draws, len(rows), rows_where(of_stock))
    tolerance = line.tolerances[domain.name]
    served = serve(
        needs, draw, draws, held, capacity, domain.discipline(values, line.calendar), line.reports,
        tolerance.days, of_stock,
    )  # fmt: skip
    weekly = Weekly(
        served.occupied, served.waiting, served.overdue,
        served.marked_occupied.sum(axis=1), served.marked_waiting.sum(axis=1),
    )  # fmt: skip
    months, overloaded = over_months(
        weekly, usable, residents, supply.over, tolerance, line.calendar
    )
    return Step(Outcome(needs, served.begins, served.ends, len(rows)), months, overloaded)


def _unserved(line: Line, needs: Needs, draw: Ints, draws: int, rows: int, of_stock: Ints) -> Step:
    """No capacity, or none known: nobody is seen to wait, the people concerned are counted."""
    end = np.minimum(needs.end, needs.start.astype(np.int64) + needs.duration).astype(np.int32)
    there = present(draw, draws, needs.start, end, needs.amount, line.reports)
    stock = present(
        draw[of_stock],
        draws,
        needs.start[of_stock],
        end[of_stock],
        _rows(needs.amount, of_stock),
        line.reports,
    )
    none = np.zeros_like(there)[:, None, :]
    weekly = Weekly(there[:, None, :], none, none, stock, none[:, 0])
    return Step(
        Outcome(needs, needs.start, end, rows), without_capacity(weekly, line.calendar), None
    )


def _rows(column: Ints | int, at: Ints) -> Ints | int:
    return column if isinstance(column, int) else column[at]
