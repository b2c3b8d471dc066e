"""Solving again in place after a decision of a person: fewest others moved, then value.

First who must move, by homes alone (`movers`); then homes and seats of those households and of who
waits are given anew, all others stay where they are.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from vorort.placement.goals import seat_points, together_points
from vorort.placement.highs import SolverFailed, solve, solve_quickly
from vorort.placement.matrix import Floats
from vorort.placement.movers import Choice, Movers
from vorort.placement.override import Override, decided
from vorort.placement.plan import Plan
from vorort.placement.problem import CLASSES
from vorort.placement.program import Program
from vorort.placement.redone import Moved, Redone, told_in_words, too_many
from vorort.placement.resolve import persons, plan_from, prices_of
from vorort.placement.seats import asked
from vorort.placement.solve import relaxation_bound, written_out
from vorort.placement.standing import Part, Standing
from vorort.placement.worth import seat_values
from vorort.problems import Refused

WORK = 60  # nodes of a solve with seats
FEW = 400  # options up to which all plans that move as few are compared by value, seats included
LARGE = 6000  # households times units: above, a close bound is found only when it is kept


def redo(
    plan: Plan,
    override: Override,
    *,
    confirmed: Collection[str] = (),
    limit: int | None = None,
    is_asked: bool = False,
    known: Program | None = None,
    is_checked: bool = False,
) -> Redone:
    """The plan after a decision of a person. Raises `Refused` where it cannot be carried out.

    ``confirmed``: households that are settled already and never move. ``limit``: how many others
    may move unasked; by default one, or one in a hundred households. More do only where it is
    proved that so few are not enough, or where somebody was asked and agreed (``is_asked``).
    ``known``: the program of the plan's problem, so that it need not be made anew.
    ``is_checked``: that no rule and no fact stands against it.
    """
    problem = decided(plan, override, confirmed, is_checked=is_checked)
    allowed = max(1, len(plan.assigned) // 100) if limit is None else limit
    own = [override.household, *([override.other] if override.other else [])]
    own_here = tuple(n for n in own if n in problem.party)
    work = _Redo(Standing(plan, problem, own_here, frozenset(confirmed), known), allowed)
    answer = work.solve()
    new, moved = answer.plan, _differences(plan, answer.plan)
    others = [m for m in moved if m.household not in own]
    found = Redone(
        new, override, tuple(m for m in moved if m.household in own),
        tuple(m for m in others if m.before), tuple(m for m in others if not m.before),
        allowed, answer.is_fewest, answer.is_shown, new.objective - plan.objective,
        answer.is_impossible, answer.needed, is_bound_loose=work.leaves_loose(answer.plan),
    )  # fmt: skip
    if not (found.is_within or found.is_shown or is_asked):
        raise Refused([too_many(found)])
    return replace(found, words=told_in_words(found))


def closed(found: Redone) -> Plan:
    """The plan with a close bound: by the relaxation, where it was left loose. About a second for
    400 households, so it is asked for when a decision is kept, not while it is looked at.
    """
    plan = found.plan
    if not found.is_bound_loose:
        return plan
    try:
        prices = prices_of(written_out(plan.problem), plan)
    except SolverFailed:
        return plan  # the rough bound holds
    return replace(plan, bound=max(plan.objective, min(plan.bound, prices.bound)))


def _differences(old: Plan, new: Plan) -> list[Moved]:
    found = []
    for name in sorted(old.of):
        before, after = old.of[name], new.of.get(name)
        was = before.home.units if before.home else ()
        now = after.home.units if after and after.home else ()
        start = after.start if after else None
        if (was, before.start) != (now, start):
            found.append(Moved(name, was, now, before.start, start))
    return found


@dataclass(frozen=True)
class Answer:
    """A plan, and what is proved of it; the words are those of `Redone`."""

    plan: Plan
    is_fewest: bool
    is_shown: bool
    is_impossible: bool = False
    needed: int = 0


@dataclass(frozen=True)
class _Redo:
    standing: Standing
    limit: int

    def solve(self) -> Answer:
        """The new plan: everybody has a place; or else somebody loses theirs, or waits."""
        movers = Movers(self.standing, self.limit)
        found = movers.fewest()
        if isinstance(found, Choice):
            is_shown = found.is_fewest or found.least > self.limit
            has_nowhere = self.standing.asking != self.standing.claiming
            return Answer(self._with(found), found.is_fewest, is_shown, has_nowhere)
        if self.standing.locked:  # a person has said so: somebody else loses a place
            lost = movers.losing()
            new, is_fewest, is_shown = self._with(lost), False, lost.least > self.limit
        else:
            new, is_fewest, is_shown = self._with(None), found.is_proved, True
        return Answer(new, is_fewest, is_shown, found.is_proved, found.least)

    # ---- homes and seats of those concerned ----

    def _with(self, choice: Choice | None) -> Plan:
        """The best plan in which no others move than must; None: the household concerned waits."""
        standing = self.standing
        if choice is not None and choice.within is not None and choice.within.sum() <= FEW:
            chosen = choice.within | standing.among(standing.waiting)
            found = self._best(standing.part(chosen, also=standing.waiting, seats=True), choice)
            if found is not None:
                return found
        free = {*standing.own, *standing.waiting, *(choice.moved if choice else ())}
        part = standing.part(standing.among(free), also=free, seats=True)
        found = self._best(part, choice)
        if found is None:
            raise SolverFailed("no plan after a decision")
        return found

    def _best(self, part: Part, choice: Choice | None) -> Plan | None:
        """First most persons by class of who waits, then points."""
        model, seed = part.model, self.standing.problem.seed
        must = [n for n in part.movers if choice is None or n not in choice.lost]
        matrix = part.placing([*must, *(self.standing.asking if choice else ())])
        if len(part.stay):
            ones = np.ones(len(part.stay), np.int64)
            most = len(choice.moved) if choice else 0
            matrix = matrix.with_row(part.stay, ones, len(part.stay) - most)
        x: Floats | None = None
        for urgency in CLASSES if self.standing.waiting else ():
            columns, sizes = model.class_columns(urgency)
            answer = solve(matrix.with_points(columns, sizes), start=x, seed=seed, nodes=WORK)
            if answer.x is None:
                return None
            x = np.rint(answer.x)
            matrix = matrix.with_row(columns, sizes, persons(model, urgency, x))
        answer = solve_quickly(matrix, seed=seed, nodes=WORK)
        if answer.x is None:
            return None
        return self._joined(part, plan_from(model, answer.x, {}))

    # ---- the whole plan ----

    def _joined(self, part: Part, new: Plan) -> Plan:
        """What was solved and what was left alone, as one plan of the whole problem."""
        standing = self.standing
        before, problem = standing.before, standing.problem
        free = {*standing.own, *part.movers, *standing.waiting}
        seats = [s for s in before.seats if s.party not in free and s.party in problem.party]
        seats += [s for s in new.seats if s.party in free]
        assigned = tuple(
            standing.assigned(p.id, (new if p.id in free else before).of.get(p.id))
            for p in problem.parties if p.asks_home
        )  # fmt: skip
        districts: dict[str, str | None] = {p.id: p.district for p in problem.parties}
        for one in assigned:
            if one.home is not None:
                districts[one.party] = problem.lodging[one.home.units[0]].district
        values = seat_values(problem, seats, districts)
        objective = sum(a.points for a in assigned) + sum(values.values())
        ordered = tuple(sorted(seats, key=lambda g: (g.party, g.need.domain, g.need.person)))
        whole = Plan(problem, assigned, ordered, objective, objective, {}, False, before.rounds)
        is_less = set(before.problem.locks) <= set(problem.locks)
        most = dict(before.placed_bound) if is_less else whole.asked
        return replace(whole, bound=self._bound(whole), placed_bound=most)

    def _bound(self, new: Plan) -> int:
        """The old bound holds where a decision only takes choices away; else it is found anew."""
        before, problem = self.standing.before, self.standing.problem
        if self._holds(new):
            return max(before.bound, new.objective)
        if self.leaves_loose(new):
            return max(self._loose_bound(), new.objective)
        model = written_out(problem, self.standing.homes)
        return max(relaxation_bound(model, new.placed), new.objective)

    def _holds(self, new: Plan) -> bool:
        """Does the bound of the plan before hold for plans like the new one?"""
        before, problem = self.standing.before, self.standing.problem
        is_less = set(before.problem.locks) <= set(problem.locks)
        as_many = all(new.placed[c] >= n for c, n in before.placed.items())
        return is_less and as_many and before.problem.parties == problem.parties

    def leaves_loose(self, new: Plan) -> bool:
        """Is a close bound left to `closed`, because it takes too long while somebody waits?"""
        size = len(self.standing.before.assigned) * len(self.standing.problem.lodgings)
        return size > LARGE and not self._holds(new)

    def _loose_bound(self) -> int:
        """Everybody at the best place there is for them, every seat next door: holds for any plan.

        For a large run in which somebody has lost a place; `closed` finds a close one.
        """
        problem, options = self.standing.problem, self.standing.options
        total = 0
        for number, party in enumerate(problem.parties):
            total += int(options.points[options.of(number)].max(initial=0))
            for kind, needs in asked(problem, party).items():
                total += sum(kind.points) + seat_points(problem, "", "") * len(needs)
                total += together_points(problem, kind.siblings)
        return total
