"""Where can they sleep tonight? Ranked units for one household, and for every other its rule.

Nothing is solved here: every rule and every goal looks at all homes at once. German: heute Nacht
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vorort.placement.goals import parts
from vorort.placement.homes import Home, Homes, Ints, homes_of
from vorort.placement.options import reachable
from vorort.placement.problem import Party, Problem
from vorort.placement.rules import Rule, rules_in_force
from vorort.vocabulary import Text


@dataclass(frozen=True, slots=True)
class Fit:
    """A feasible home. What it is worth, and how it fits in words, is said when asked."""

    row: int
    points: int  # thousandths
    _party: Party
    _homes: Homes
    _by_goal: dict[str, Ints]

    @property
    def home(self) -> Home:
        """The units, from when, until when."""
        return self._homes.rows[self.row]

    @property
    def parts(self) -> dict[str, int]:
        """Points by goal, thousandths."""
        return {name: int(points[self.row]) for name, points in self._by_goal.items()}

    @property
    def words(self) -> Text:
        """How it fits: kind, size, what is left over, access, until when."""
        return _words(self._party, self._homes, self.row)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A unit that is not possible: the first rule against it, and why in words."""

    unit: str
    rule: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Near:
    """A site with seats left; ``minutes`` None = unknown."""

    domain: str
    pool: str
    facility: str
    district: str
    left: int
    minutes: int | None
    is_stale: bool


@dataclass(frozen=True)
class Tonight:
    """The answer. ``fits`` best first; ``refused`` is told only where it is asked for."""

    party: Party
    homes: Homes
    fits: tuple[Fit, ...]
    _first_rule: Ints  # of each row: number of the first rule that forbids it, -1 = none
    _rules: tuple[Rule, ...]
    _counts: Ints  # rows that count for the party

    @cached_property
    def refused(self) -> tuple[Refusal, ...]:
        """Every unit by which no fit goes, with the first rule that stands against it."""
        used = {fit.home.units[0] for fit in self.fits if len(fit.home.units) == 1}
        found: dict[str, Refusal] = {}
        rows, first = self.homes.rows, self._first_rule.tolist()
        for row in self._counts.tolist():
            units = rows[row].units
            if len(units) > 1 or units[0] in used or units[0] in found:
                continue
            rule = self._rules[first[row]]
            text = rule.because(self.party, self.homes, row)
            found[units[0]] = Refusal(units[0], rule.name, text)
        return tuple(found[u] for u in sorted(found))

    @cached_property
    def only_against(self) -> dict[str, set[str]]:
        """Units, each by itself, that one rule alone stands against, by that rule."""
        against = np.array([rule.breaks(self.party, self.homes) for rule in self._rules])
        found: dict[str, set[str]] = {}
        for row in np.flatnonzero(against.sum(axis=0) == 1):
            units = self.homes.rows[row].units
            if len(units) == 1:
                rule = self._rules[int(np.argmax(against[:, row]))]
                found.setdefault(rule.name, set()).add(units[0])
        return found

    @property
    def refused_by_rule(self) -> dict[str, int]:
        """How many units each rule refuses first."""
        found: dict[str, int] = {}
        for one in self.refused:
            found[one.rule] = found.get(one.rule, 0) + 1
        return found


def tonight(problem: Problem, party: Party, homes: Homes | None = None) -> Tonight:
    """Ranked feasible homes for one party now. ``homes``: those of the problem, if at hand."""
    homes = homes_of(problem) if homes is None else homes
    rules = rules_in_force(homes)
    counts = reachable(party, homes)
    first = np.full(len(homes), -1, np.int64)
    for number in range(len(rules) - 1, -1, -1):
        first[rules[number].breaks(party, homes)] = number
    possible = np.flatnonzero(counts & (first < 0))
    by_goal = parts(party, homes)
    total = sum(by_goal.values(), homes.same(0))
    best = _one_each(homes, possible[np.lexsort((possible, -total[possible]))])
    fits = tuple(Fit(row, int(total[row]), party, homes, by_goal) for row in best)
    return Tonight(party, homes, fits, first, rules, np.flatnonzero(counts))


def _one_each(homes: Homes, ranked: Ints) -> list[int]:
    """Of several start days of the same units only the best."""
    seen: set[tuple[str, ...]] = set()
    found = []
    for row in ranked:
        units = homes.rows[row].units
        if units not in seen:
            seen.add(units)
            found.append(int(row))
    return found


def _words(party: Party, homes: Homes, row: int) -> Text:
    """How it fits: kind, size, what is left over, access, until when."""
    home, first = homes.rows[row], homes.lodgings[row][0]
    spare = home.places - party.size
    if len(home.units) > 1:
        de, en = f"{len(home.units)} verbundene Einheiten", f"{len(home.units)} adjoining units"
    elif first.unit.kind == "family":
        de, en = "eigene Einheit", "a unit of their own"
    else:
        de, en = "Gemeinschaftseinheit", "shared unit"
    if first.unit.kind == "shared":
        de, en = f"{de}, {home.places} frei", f"{en}, {home.places} free"
    elif spare == 1:
        de, en = f"{de}, ein Bett bleibt leer", f"{en}, one bed stays empty"
    elif spare:
        de, en = f"{de}, {spare} Betten bleiben leer", f"{en}, {spare} beds stay empty"
    else:
        de, en = f"{de}, passt genau", f"{en}, fits exactly"
    if party.needs_access:
        de, en = f"{de}, barrierefrei", f"{en}, step-free"
    if home.start > (party.ready or homes.problem.day):
        de, en = f"{de}, ab {home.start:%d.%m.%Y}", f"{en}, from {home.start}"
    if home.until is not None:
        de, en = f"{de}, bis {home.until:%d.%m.%Y}", f"{en}, until {home.until}"
    return Text(de, en)


def nearest_seats(
    problem: Problem, domain: str, pool: str, district: str, most: int = 3
) -> tuple[Near, ...]:
    """Sites with seats left, nearest first; unknown minutes come last and stay unknown."""
    by_site: dict[str, Near] = {}
    for row in problem.seats:
        if (row.domain, row.pool) != (domain, pool) or row.left <= 0:
            continue
        known = by_site.get(row.facility)
        by_site[row.facility] = Near(
            domain, pool, row.facility, row.district, row.left + (known.left if known else 0),
            problem.minutes(district, row.district), row.is_stale or bool(known and known.is_stale),
        )  # fmt: skip
    ranked = sorted(
        by_site.values(),
        key=lambda n: (n.minutes is None, n.minutes or 0, n.district != district, n.facility),
    )
    return tuple(ranked[:most])
