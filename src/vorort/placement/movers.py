"""Which others must move for a decision: the fewest, by homes alone; seats never stand against it.

In steps: all plans that move none, one, two … others, each step with just the options such a plan
can use (`reach`). So the first one found moves the fewest, and that is proved. Where a step is too
wide to be solved to the end, all options are looked at together, and their bound says how many
must move at least.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from vorort.placement.highs import SolverFailed, solve_quickly
from vorort.placement.homes import Flags, Ints
from vorort.placement.lists import Desk
from vorort.placement.matrix import Matrix
from vorort.placement.problem import CLASSES
from vorort.placement.reach import NEVER, Reach
from vorort.placement.search import ENOUGH_COLUMNS, maximise, relaxed
from vorort.placement.standing import Part, Standing

WIDE = 25_000  # options up to which a step is solved to the end
GROWS = 100  # columns of each household a round of the relaxation adds
WORK = 60  # nodes of a step
NOTHING = 0.01  # of a move
ROUNDS = 6  # blocks where all are looked at together


@dataclass(frozen=True)
class Choice:
    """Who moves; ``lost``: those of them who lose their place. ``least``: fewer others cannot.

    ``within``: options of all plans that move as few, where they are known.
    """

    moved: frozenset[str]
    lost: frozenset[str]
    least: int
    within: Flags | None = None

    @property
    def is_fewest(self) -> bool:
        """Is it proved that fewer others cannot move?"""
        return len(self.moved) <= self.least


@dataclass(frozen=True)
class Impossible:
    """No plan in which everybody has a place: ``is_proved``, or none was found with as few moved as
    allowed unasked. ``least``: such a plan moves at least so many others.
    """

    is_proved: bool
    least: int = 0


@dataclass(frozen=True)
class Movers:
    """The search for the fewest in a standing. ``limit``: so many others may move unasked."""

    standing: Standing
    limit: int

    @cached_property
    def reach(self) -> Reach:
        """What is known before any solving."""
        return Reach(self.standing)

    # ---- everybody keeps a place ----

    def fewest(self) -> Choice | Impossible:
        """The fewest others who move so that they and the households concerned have a place."""
        count, ever = 0, self.reach.fewest(NEVER) < NEVER
        while True:
            chosen = self.reach.fewest(count) <= count
            if chosen.sum() > WIDE:
                return self._of_all(count)
            if self._may_do(chosen):
                found, is_solved = self._step(chosen, count)
                if found is not None:
                    return replace(found, least=count, within=chosen)
                if not is_solved:
                    return self._of_all(count)
            count += 1
            if not (ever & ~chosen).any():  # no further step has more options
                return self._of_all(count)

    def _may_do(self, chosen: Flags) -> bool:
        """Has everybody who asks an option?"""
        options, number = self.standing.options, self.standing.number
        return all(chosen[options.of(number[n])].any() for n in self.standing.asking)

    def _step(self, chosen: Flags, count: int) -> tuple[Choice | None, bool]:
        """The best plan with these options that moves no more than so many; or whether it is proved
        that there is none."""
        part = self.standing.part(chosen)
        matrix = _moving(part, part.placing([*self.standing.asking, *part.movers]), count)
        answer = solve_quickly(matrix, seed=self._seed, nodes=WORK)
        if answer.x is None:
            return None, answer.is_infeasible
        return _chosen(part, np.rint(answer.x).astype(np.int64)), True

    def _of_all(self, least: int) -> Choice | Impossible:
        """All options together; fewer than ``least`` others cannot move.

        By prices first: as few as they allow are mostly found among what costs nothing by them.
        """
        part = self.standing.part(self.standing.among([*self.standing.own, *self.standing.movable]))
        matrix, stays, groups = _all_placed(part), len(part.stay), part.model.groups
        start = _as_it_was(part, matrix)
        bound, loss, _ = relaxed(matrix, start, groups, GROWS)
        if bound < 0:
            return Impossible(True)
        least = max(least, stays - bound)
        free = (part.column >= 0) & (loss[part.column] < NOTHING)
        found, _ = self._step(free, least) if self._may_do(free) else (None, False)
        if found is not None:
            return replace(found, least=least)
        if least > self.limit and len(loss) > ENOUGH_COLUMNS:
            return Impossible(False, least)
        best = maximise(matrix, start, groups, self._seed, lambda _: None, lambda: False, ROUNDS)
        if best.worth < 0:
            return Impossible(best.bound < 0, least)
        return replace(_chosen(part, best.x), least=max(least, stays - best.bound))

    @property
    def _seed(self) -> int:
        return self.standing.problem.seed

    # ---- somebody loses a place ----

    def losing(self) -> Choice:
        """Where a person has sent somebody: fewest persons lose their place, most urgent class
        first, then fewest move; no more others are concerned than allowed unasked, or as few as
        can be.
        """
        most = self.limit
        while True:
            found = self._with_losses(most)
            if found is not None:
                return found
            most += 1

    def _with_losses(self, most: int) -> Choice | None:
        """None: no plan concerns so few others. That is so whichever homes are looked at, as long
        as all may lose theirs: who moves could lose it as well.
        """
        standing, count = self.standing, most
        chosen = self.reach.fewest(count) <= count
        while chosen.sum() > WIDE and count > 0:
            count -= 1
            chosen = self.reach.fewest(count) <= count
        chosen |= standing.among(standing.own)
        near = [n for n in standing.movable if self.reach.depth[standing.number[n]] <= most]
        part = standing.part(chosen, also=near)
        matrix = _moving(part, part.placing(standing.asking), most)
        answer = solve_quickly(_fewest_lost(part, matrix, most), seed=self._seed, nodes=WORK)
        if answer.x is not None:
            found = _chosen(part, np.rint(answer.x).astype(np.int64))
            return replace(found, least=most if most > self.limit else 0)
        if not answer.is_infeasible:
            raise SolverFailed("no plan after a decision")
        return None


def _moving(part: Part, matrix: Matrix, most: int) -> Matrix:
    """No more than so many move."""
    stays = len(part.stay)
    return matrix.with_row(part.stay, np.ones(stays, np.int64), stays - most) if stays else matrix


def _fewest_lost(part: Part, matrix: Matrix, most: int) -> Matrix:
    """Fewest persons without a place, most urgent class first, then fewest moved of ``most``."""
    parties = [part.standing.problem.party[n] for n in part.movers]
    sizes = np.array([p.size for p in parties], np.int64)
    ranks = np.array([len(CLASSES) - CLASSES.index(p.urgency) for p in parties], np.int64)
    step = 1 + most * int(sizes.max(initial=1))  # more than so many of a class never lose theirs
    values = np.append(np.ones(len(part.stay), np.int64), -sizes * step**ranks)
    return matrix.with_points(np.append(part.stay, part.without(part.movers)), values)


def _all_placed(part: Part) -> Matrix:
    """That everybody has a place comes before how many stay. Below zero: somebody has none."""
    stays, asked = len(part.stay), part.without([*part.standing.asking, *part.movers])
    values = np.append(np.ones(stays, np.int64), np.full(len(asked), -stays - 1))
    return part.placing(()).with_points(np.append(part.stay, asked), values)


def _as_it_was(part: Part, matrix: Matrix) -> Ints:
    """Everybody stays, and the households concerned have no place."""
    standing, desk = part.standing, Desk(part.model, matrix)
    for name, option in standing.stay.items():
        if not desk.takes(int(part.column[option])):
            desk.x[part.without([name])] = 1
    desk.x[part.without(standing.own)] = 1
    return desk.x


def _chosen(part: Part, x: Ints) -> Choice:
    """Who moves in a point."""
    moved = {n for n, c in zip(part.movers, part.stay, strict=True) if not x[c]}
    out = {n for n, c in zip(part.movers, part.without(part.movers), strict=True) if x[c]}
    return Choice(frozenset(moved), frozenset(out), 0)
