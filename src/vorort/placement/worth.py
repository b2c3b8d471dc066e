"""What a given set of homes and seats is worth, added up party by party. German: Wert im Einzelnen

For a plan that is partly taken over and partly solved anew: the sum over all parties is the
plan's value, whoever found it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from vorort.placement.goals import need_points, seat_points, together_points
from vorort.placement.problem import Problem
from vorort.placement.seats import Granted, asked


def seat_values(
    problem: Problem, granted: Iterable[Granted], districts: Mapping[str, str | None]
) -> dict[str, int]:
    """Points of the seats of each party; siblings count together only where all of a kind do."""
    facility = {s.unit: s for s in problem.seats}
    by_party: defaultdict[str, list[Granted]] = defaultdict(list)
    for one in granted:
        by_party[one.party].append(one)
    found = {}
    for name, mine in by_party.items():
        total = 0
        for one in mine:
            if one.unit is not None:
                there = facility[one.unit].district
                total += need_points(problem, one.need)
                total += seat_points(problem, districts.get(name), there)
        found[name] = total + _together(problem, name, mine)
    return found


def _together(problem: Problem, name: str, mine: list[Granted]) -> int:
    at = {s.unit: s.facility for s in problem.seats}
    total = 0
    for kind in asked(problem, problem.party[name]):
        sites = Counter(
            at.get(g.unit or "")
            for g in mine
            if (g.need.domain, g.need.pool) == (kind.domain, kind.pool)
        )
        if len(sites) == 1 and None not in sites:
            total += together_points(problem, kind.siblings)
    return total
