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
    Outcomes,
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
    held: Flags  # of each need: has its place on day 0
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
    """Serve every domain.

    ``before`` and ``same``: steps of another policy, and the domains whose supply is the same
    under it. A step is taken over where nothing it reads differs either; where only its own
    supply differs, the needs still are the same.
    """
    steps: dict[str, Step] = {}
    untouched: set[str] = set()
    for domain in line.domains:
        old = before[domain.name] if before and untouched.issuperset(domain.reads) else None
        if old is not None and domain.name in same:
            untouched.add(domain.name)
            steps[domain.name] = old
            continue
        if old is not None:
            asked = old.outcome.needs, old.held
        else:
            outcomes = {r: steps[r].outcome for r in domain.reads}
            asked = _asked(line, domain, people, values, outcomes)
        steps[domain.name] = _serve(
            line, domain, asked, people, draws, part, supply[domain.name], values
        )
    return steps


def _asked(
    line: Line, domain: Domain, people: People, values: Values, outcomes: Outcomes
) -> tuple[Needs, Flags]:
    """Needs of a domain with the records of the stock, and which of them hold a place on day 0."""
    rows = people.households if domain.by_household else people
    in_stock = rows.in_stock if domain.by_household else rows.in_stock & ~people.is_newborn
    records: Records | None = rows.records.get(domain.name)
    needs = domain.needs(people, values, outcomes, line.calendar)
    return apply_records(needs, in_stock, records, line.overdue_end)


def _serve(
    line: Line, domain: Domain, asked: tuple[Needs, Flags], people: People, draws: int, part: slice,
    supply: Supply, values: Values,
) -> Step:  # fmt: skip
    rows = people.households if domain.by_household else people
    needs, held = asked
    draw = rows.draw[needs.who]
    of_stock = rows.in_stock[needs.who]
    usable, residents, capacity = supply.chunk(part)
    if usable is None or capacity is None:
        at = rows_where(of_stock)
        return _unserved(line, asked, draw, draws, len(rows), at, residents)
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
    outcome = Outcome(needs, served.begins, served.ends, len(rows))
    return Step(outcome, held, months, overloaded)


def _unserved(
    line: Line, asked: tuple[Needs, Flags], draw: Ints, draws: int, rows: int, of_stock: Ints,
    residents: Ints | None,
) -> Step:  # fmt: skip
    """No capacity, or none known: nobody is seen to wait, the people concerned are counted."""
    needs, held = asked
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
    months = without_capacity(weekly, residents, line.calendar)
    return Step(Outcome(needs, needs.start, end, rows), held, months, None)


def _rows(column: Ints | int, at: Ints) -> Ints | int:
    return column if isinstance(column, int) else column[at]
