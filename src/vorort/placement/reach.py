"""How many others must move at least for somebody to go somewhere: counted, before any solving.

A plan that moves the fewest moves nobody in vain: everybody moved is *in the way* of somebody who
goes there: lives in a unit of the new home, or may not be in one building with them. (Otherwise
those who are not could all stay after all: no rule is broken by fewer people in a place.) So from
the household concerned a chain leads to everybody moved, and goes on until somebody finds a place
that nobody need leave. Each on a chain is somebody else: it is as long as others move.

Two sums say how long it is at least: ``depth``, from the household concerned to somebody, and
``rest``, from somebody to the end. Where somebody on the chain could have left the place already,
nothing is added: rather too little than too much.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vorort.placement.homes import Flags, Ints
from vorort.placement.standing import Standing

NEVER = 1_000_000


@dataclass(frozen=True)
class Reach:
    """What a standing says of chains, without solving."""

    standing: Standing

    @cached_property
    def _inside(self) -> list[list[int]]:
        """Others who live in the units of each row of homes."""
        standing = self.standing
        users: dict[str, list[int]] = {}
        for name, (units, _) in standing.living.items():
            for unit in units:
                users.setdefault(unit, []).append(standing.number[name])
        return [
            sorted({n for unit in row.units for n in users.get(unit, ())})
            for row in standing.homes.rows
        ]

    @cached_property
    def _apart(self) -> dict[int, set[int]]:
        """Who may not be in one building with whom."""
        number = self.standing.number
        found: dict[int, set[int]] = {}
        for row in self.standing.problem.exclusions:
            if row.household in number and row.other in number:
                one, other = number[row.household], number[row.other]
                found.setdefault(one, set()).add(other)
                found.setdefault(other, set()).add(one)
        return found

    @cached_property
    def _is_movable(self) -> Flags:
        return self._flags(self.standing.movable)

    def _flags(self, names: Iterable[str]) -> Flags:
        found = np.zeros(len(self.standing.problem.parties), np.bool_)
        found[[self.standing.number[n] for n in names]] = True
        return found

    @cached_property
    def depth(self) -> Ints:
        """How many at least are on a chain up to somebody, that one included."""
        standing, options = self.standing, self.standing.options
        found = np.full(len(standing.problem.parties), NEVER)
        edge = [standing.number[n] for n in standing.own]
        found[edge] = 0
        steps = 0
        while edge:
            steps += 1
            rows = {r for n in edge for r in options.home[options.of(n)].tolist()}
            near = {n for r in rows for n in self._inside[r]}
            near |= {n for one in edge for n in self._apart.get(one, ())}
            edge = [n for n in sorted(near) if self._is_movable[n] and found[n] == NEVER]
            found[edge] = steps
        return found

    def fewest(self, most: int) -> Ints:
        """For each option the number of others that a plan which uses it moves at least.

        Right for plans that move no more than ``most``; `NEVER` for who does not move.
        """
        options = self.standing.options
        firsts = np.flatnonzero(np.diff(options.party, prepend=-1))
        parties = options.party[firsts]
        blocked, stays = self._blocked(most), list(self.standing.stay.values())
        rest = np.full(len(self.depth) + 1, NEVER)
        rest[-1] = 0  # in place of nobody
        while True:
            added = blocked.added(rest, options.party, options.home)
            added[stays] = NEVER  # that is no way to go on
            grown = rest.copy()
            if len(firsts):
                grown[parties] = np.minimum(rest[parties], 1 + np.minimum.reduceat(added, firsts))
            grown[:-1][~self._is_movable] = NEVER
            if (grown == rest).all():
                total: Ints = np.minimum(self.depth[options.party] + added, NEVER)
                return total
            rest = grown

    def _blocked(self, most: int) -> _Blocked:
        standing, nobody = self.standing, len(self.depth)
        rows = standing.homes.rows
        width = max((len(x) for x in self._inside), default=0)
        every = np.full((len(rows), 2), nobody)
        some = np.full((len(rows), max(1, width)), nobody)
        room = np.full(len(rows), NEVER)
        sizes = np.array([p.size for p in standing.problem.parties], np.int64)
        for number, here in enumerate(self._inside):
            kept = [n for n in here if self._keeps_others_out(n, most)]
            if standing.homes.is_family[number]:
                every[number, : len(kept[:2])] = kept[:2]
            elif here and len(kept) == len(here) and (sizes[here] == 1).all():
                some[number] = here[0]
                some[number, : len(here)] = here
                steps = standing.homes.lodgings[number][0].steps
                room[number] = max(max(0, s.open - s.used) for s in steps) - len(here)
        return _Blocked(every, some, room, sizes)

    def _keeps_others_out(self, number: int, most: int) -> bool:
        """If somebody on a chain, then the one before on it has come to this place.

        Not so where they were in the way only of somebody elsewhere in the building, or only by one
        of their two units: then the place is free for somebody later on the chain.
        """
        name = self.standing.problem.parties[number].id
        if name in self.standing.bound_to_stay:
            return True
        near = min((int(self.depth[n]) for n in self._apart.get(number, ())), default=NEVER)
        return len(self.standing.living[name][0]) == 1 and near + 2 > most


@dataclass(frozen=True)
class _Blocked:
    """Who must leave each row of homes for somebody to come.

    ``every``: all of these; ``some``: one of these, where somebody is too many for the ``room``.
    """

    every: Ints
    some: Ints
    room: Ints
    sizes: Ints

    def added(self, rest: Ints, party: Ints, home: Ints) -> Ints:
        """What each option adds to a chain."""
        every = self.every[home]
        every = np.where(every == party[:, None], len(rest) - 1, every)  # nobody bars themselves
        is_full = self.sizes[party] > self.room[home]
        one_leaves: Ints = rest[self.some].min(axis=1)[home]
        return np.where(is_full, one_leaves, rest[every].max(axis=1))
