"""The town as it stands when a person decides: who is where, who may move, where each could go.

Those outside a search stay where they are as columns of the one model, not as data: so every rule
means the same as in a whole run.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from vorort.placement.goals import home_points
from vorort.placement.homes import Flags, Homes, Ints, homes_of
from vorort.placement.matrix import Matrix
from vorort.placement.options import Options, admissible, options_of
from vorort.placement.plan import Assigned, Plan
from vorort.placement.problem import Problem
from vorort.placement.program import Program
from vorort.placement.rules import rules_in_force
from vorort.placement.seats import SeatColumns, add_seats
from vorort.placement.settle import seats_left, settled
from vorort.placement.solve import Model
from vorort.placement.verdicts import locked_in

Place = tuple[tuple[str, ...], int]  # units, first day
WAITING = 20  # so many who wait are looked at for a place that becomes free


@dataclass(frozen=True)
class Standing:
    """A plan, the problem with the decision in it, whom it is about, and who is confirmed.

    ``known``: the program of the plan's own problem, where it is at hand.
    """

    before: Plan
    problem: Problem
    own: tuple[str, ...]
    confirmed: frozenset[str]
    known: Program | None = None

    @cached_property
    def homes(self) -> Homes:
        """All homes of the problem as it is now: decisions change parties and locks only."""
        if self.known is not None:
            return self.known.homes.within(self.problem)
        return homes_of(self.problem)

    @cached_property
    def rows(self) -> dict[Place, int]:
        """Rows by units and first day."""
        return {(r.units, r.start.toordinal()): n for n, r in enumerate(self.homes.rows)}

    @cached_property
    def options(self) -> Options:
        """Everybody's options, and to stay, whatever stands against that by now."""
        found = self._allowed
        missing = [n for n in self.living if self._at(found, n) < 0]
        if not missing:
            return found
        numbers = np.array([self.number[n] for n in missing], np.int64)
        rows = np.array([self.rows[self.living[n]] for n in missing], np.int64)
        parties = [self.problem.party[n] for n in missing]
        starts = [int(self.homes.begins(p)[r]) for p, r in zip(parties, rows, strict=True)]
        points = [int(home_points(p, self.homes)[r]) for p, r in zip(parties, rows, strict=True)]
        more = Options(numbers, rows, np.array(starts, np.int64), np.array(points, np.int64))
        return found.but(np.zeros(len(found), np.bool_), more)

    @property
    def _allowed(self) -> Options:
        """What no rule forbids; of the others as known, where the decision leaves parties alone."""
        if self.known is None or self.problem.parties != self.before.problem.parties:
            return options_of(self.homes)
        old = self.known.options
        mine = np.isin(old.party, [self.number[n] for n in self.own])
        return old.but(mine, options_of(self.homes, self.own))

    @cached_property
    def number(self) -> dict[str, int]:
        """Number of each party."""
        return {p.id: n for n, p in enumerate(self.problem.parties)}

    @cached_property
    def living(self) -> dict[str, Place]:
        """Where each other household is in the plan so far."""
        found = {}
        for name in self.number:
            place = self.place_of(name)
            if place is not None and name not in self.own and self.problem.party[name].asks_home:
                found[name] = place
        return found

    def place_of(self, party: str) -> Place | None:
        """Where somebody is in the plan so far."""
        one = self.before.of.get(party)
        if one is None or one.home is None or one.start is None:
            return None
        return one.home.units, one.home.start.toordinal()

    @cached_property
    def stay(self) -> dict[str, int]:
        """The option to stay of everybody in `living`."""
        return {n: self._at(self.options, n) for n in self.living}

    def _at(self, options: Options, name: str) -> int:
        mine = options.of(self.number[name])
        found = mine[options.home[mine] == self.rows[self.living[name]]]
        return int(found[0]) if len(found) else -1

    @cached_property
    def bound_to_stay(self) -> frozenset[str]:
        """Confirmed and locked ones."""
        locked = locked_in(replace(self.before, problem=self.problem))
        return frozenset(self.confirmed | {a.party for a in locked}) - set(self.own)

    @cached_property
    def movable(self) -> tuple[str, ...]:
        """Others who have a place and could be asked to take another."""
        return tuple(n for n in sorted(self.living) if n not in self.bound_to_stay)

    @cached_property
    def locked(self) -> frozenset[str]:
        """Households concerned that a person has sent somewhere."""
        return self.problem.locked & set(self.own)

    @cached_property
    def claiming(self) -> tuple[str, ...]:
        """Households concerned that have a claim to a place: they had one, or are sent to one."""
        return tuple(
            n for n in self.own
            if self.problem.party[n].asks_home
            and (self.place_of(n) is not None or n in self.locked)
        )  # fmt: skip

    @cached_property
    def asking(self) -> tuple[str, ...]:
        """Those of them who could be anywhere; who could not waits, and nobody moves for that."""
        parties = (self.problem.party[n] for n in self.claiming)
        return tuple(p.id for p in parties if admissible(p, self._with_the_bound).any())

    @cached_property
    def _with_the_bound(self) -> Homes:
        """Homes with only those in them who stay whatever happens."""
        fixed = [self.before.of[n] for n in sorted(self.bound_to_stay) if n in self.living]
        return homes_of(settled(self.problem, fixed)) if fixed else self.homes

    @cached_property
    def waiting(self) -> tuple[str, ...]:
        """Who has no place yet and could get one that becomes free."""
        names = [
            a.party
            for a in self.before.assigned
            if a.home is None and a.party in self.problem.party and a.party not in self.confirmed
        ]
        return tuple(n for n in names if n not in self.own)[:WAITING]

    # ---- models ----

    def among(self, names: Collection[str]) -> Flags:
        """Options of these parties."""
        chosen = np.zeros(len(self.problem.parties), np.bool_)
        chosen[[self.number[n] for n in names]] = True
        return chosen[self.options.party]

    def part(self, chosen: Flags, *, also: Collection[str] = (), seats: bool = False) -> Part:
        """A model in which those with chosen options, and ``also`` others, are free; the rest stay.

        Who is free may stay as well. ``seats``: theirs are given anew, out of what the rest leave.
        """
        counts = np.bincount(self.options.party[chosen], minlength=len(self.number))
        movers = tuple(n for n in self.movable if counts[self.number[n]] or n in also)
        free = {*self.own, *movers, *also}
        keep = chosen & self.among(free)
        keep[list(self.stay.values())] = True
        inside = [n for n, p in enumerate(self.problem.parties)
                  if p.id in free or p.id in self.living]  # fmt: skip
        again = np.full(len(self.problem.parties), -1, np.int64)
        again[inside] = np.arange(len(inside))
        whole = self.options
        options = Options(
            again[whole.party[keep]], whole.home[keep], whole.start[keep], whole.points[keep]
        )
        program = Program(self.homes.within(self._of(inside, free)), options)
        for rule in rules_in_force(program.homes):
            if rule.rows is not None:
                rule.rows(program)
        model = Model(program, add_seats(program) if seats else SeatColumns())
        return Part(self, model, movers, np.where(keep, np.cumsum(keep) - 1, -1), again)

    def _of(self, inside: list[int], free: Collection[str]) -> Problem:
        """The problem of some parties; the seats of those who stay are given."""
        parties = [self.problem.parties[n] for n in inside]
        given = [g for g in self.before.seats if g.party not in free and g.party in self.number]
        seats, limits = seats_left(self.problem, given)
        return self.problem.changed(
            parties=tuple(p if p.id in free else replace(p, seats=()) for p in parties),
            seats=seats, seat_limits=limits,
        )  # fmt: skip

    def assigned(self, name: str, one: Assigned | None) -> Assigned:
        """Somebody's home with the points it has now."""
        if one is None or one.home is None or one.start is None:
            return Assigned(name, None, None, 0)
        row = self.rows[one.home.units, one.home.start.toordinal()]
        mine = self.options.of(self.number[name])
        option = mine[self.options.home[mine] == row]
        if not len(option):
            points = int(home_points(self.problem.party[name], self.homes)[row])
        else:
            points = int(self.options.points[option[0]])
        return Assigned(name, self.homes.rows[row], one.start, points)


@dataclass(frozen=True)
class Part:
    """A model in which ``movers`` could go elsewhere, and the households concerned.

    ``column`` of each option of the standing, ``number`` of each party of it; -1 where not in it.
    """

    standing: Standing
    model: Model
    movers: tuple[str, ...]
    column: Ints
    number: Ints

    @cached_property
    def stay(self) -> Ints:
        """Columns of those movers who could stay."""
        return np.array([self.column[self.standing.stay[n]] for n in self.movers], np.int64)

    def without(self, names: Collection[str]) -> Ints:
        """Columns that leave somebody without a place."""
        numbers = [self.number[self.standing.number[n]] for n in names]
        found: Ints = self.model.program.unplaced[numbers]
        return found

    def placing(self, names: Collection[str]) -> Matrix:
        """The rows; each of these has a place, and everybody stays who does not move."""
        matrix = self.model.program.matrix()
        upper = matrix.upper.copy()
        upper[self.without([*names, *(set(self.standing.living) - set(self.movers))])] = 0
        return replace(matrix, upper=upper)
