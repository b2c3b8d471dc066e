"""A plan: who goes where, what it is worth, how much better any could be. German: Vorschlag

A plan proposes; people confirm household by household.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from vorort.placement.groups import floors_wanted, in_group
from vorort.placement.homes import Home, places_left
from vorort.placement.problem import CLASSES, LOCKS, Party, Problem
from vorort.placement.seats import Granted


@dataclass(frozen=True, slots=True)
class Assigned:
    """A party and its home. ``home`` None: not placed. ``start``: the day they come."""

    party: str
    home: Home | None
    start: date | None
    points: int  # of the home alone, thousandths


@dataclass(frozen=True)
class Plan:
    """The result of a run. Points are whole thousandths; ``bound`` holds for every plan that
    reaches as much in each stage (`levels`); ``placed_bound``: no plan reaches more in a stage,
    given the stages before. ``is_proved``: no better plan exists.
    """

    problem: Problem
    assigned: tuple[Assigned, ...]
    seats: tuple[Granted, ...]
    objective: int
    bound: int
    placed_bound: Mapping[str, int]
    is_proved: bool
    rounds: int = 0  # of neighbourhood search
    is_cancelled: bool = False

    @cached_property
    def of(self) -> Mapping[str, Assigned]:
        """What each party got."""
        return {a.party: a for a in self.assigned}

    @cached_property
    def placed(self) -> dict[str, int]:
        """Persons placed, by urgency class."""
        found: dict[str, int] = dict.fromkeys(CLASSES, 0)
        for one in self.assigned:
            if one.home is not None:
                party = self.problem.party[one.party]
                found[party.urgency] += party.size
        return found

    @cached_property
    def levels(self) -> dict[str, int]:
        """What it reaches in each stage before points: locks and floors, where there are any, then
        persons by class."""
        found = {}
        if self.problem.locked:
            found[LOCKS] = len(self.problem.locked) - len(self.locked_out)
        for key, least in floors_wanted(self.problem).items():
            found[key] = min(least, self.people_of(key))
        return {**found, **self.placed}

    def people_of(self, key: str) -> int:
        """People placed of the group of a floor."""
        mine = (self.problem.party[a.party] for a in self.assigned if a.home is not None)
        return sum(p.size for p in mine if in_group(p, key))

    @cached_property
    def locked_out(self) -> tuple[Party, ...]:
        """Who is locked by hand and has no place: the lock cannot be kept."""
        return tuple(p for p in self.unplaced if p.id in self.problem.locked)

    @cached_property
    def asked(self) -> dict[str, int]:
        """Persons who ask for a home, by urgency class."""
        found: Counter[str] = Counter(dict.fromkeys(CLASSES, 0))
        for party in self.problem.parties:
            if party.asks_home:
                found[party.urgency] += party.size
        return dict(found)

    @property
    def constant(self) -> int:
        """Points everybody placed brings, wherever: nothing of it can still be chosen."""
        return 1000 * self.problem.rulebook["home_points"] * sum(self.placed.values())

    @property
    def gap(self) -> float:
        """Share of the bound a better plan could still win; 0 = none."""
        return share(self.bound - self.objective, self.bound)

    @property
    def gap_without_constant(self) -> float:
        """The same share of what can still be chosen."""
        return share(self.bound - self.objective, self.bound - self.constant)

    @cached_property
    def unplaced(self) -> tuple[Party, ...]:
        """Parties that asked for a home and have none in this plan."""
        return tuple(self.problem.party[a.party] for a in self.assigned if a.home is None)

    @cached_property
    def beds(self) -> dict[str, dict[str, str]]:
        """For each placed party the unit of each known member."""
        return {
            a.party: beds(self.problem, self.problem.party[a.party], a.home)
            for a in self.assigned
            if a.home is not None
        }


def share(part: int, whole: int) -> float:
    """A share, 0 of nothing."""
    return part / abs(whole) if whole else 0.0


def beds(problem: Problem, party: Party, home: Home) -> dict[str, str]:
    """Members to the units of a home, always the same way.

    One unit after the other gets an adult as long as there are any; then small children join
    units with an adult, the others fill what is left. Ties by key.
    """
    places = {u: places_left(problem.lodging[u], home.start, home.until) for u in home.units}
    order = sorted(home.units, key=lambda u: (-places[u], u))
    known = sorted(party.members, key=lambda m: m.id)
    limit = problem.rulebook["child_under"]
    adults = [m for m in known if m.age is None or m.age >= 18]
    small = [m for m in known if m.age is not None and m.age < limit]
    others = [m for m in known if m not in adults and m not in small]
    found: dict[str, str] = {}
    left = dict(places)
    with_adult: list[str] = []
    for n, member in enumerate(adults[: len(order)]):
        found[member.id] = order[n]
        left[order[n]] -= 1
        with_adult.append(order[n])
    for member in [*small, *adults[len(order) :], *others]:
        first = with_adult if member in small else order
        unit = next((u for u in (*first, *order) if left[u] > 0), order[-1])
        found[member.id] = unit
        left[unit] -= 1
    return dict(sorted(found.items()))
