"""Solving again in place after a decision of a person: fewest others moved, then value.

In widening circles: nobody else moves; others make room by going to free places; everybody may
move. Those outside a circle are data. A circle that does with one mover fewer than the next could
need proves that fewer is impossible.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from vorort.placement.goals import home_points, seat_points, together_points
from vorort.placement.highs import NO_LIMIT, SolverFailed, solve
from vorort.placement.homes import Home, Homes, Ints, homes_of
from vorort.placement.lists import given_point
from vorort.placement.matrix import Floats, Matrix
from vorort.placement.options import Options, admissible, options_of
from vorort.placement.override import Moved, Override, Redone, decided, told_in_words, too_many
from vorort.placement.plan import Assigned, Plan
from vorort.placement.problem import CLASSES, Party, Problem
from vorort.placement.resolve import (
    Pin,
    aimed,
    persons,
    pinned,
    place_columns,
    plan_from,
    written_with,
)
from vorort.placement.search import relaxed
from vorort.placement.seats import Granted, asked
from vorort.placement.settle import settled
from vorort.placement.solve import Model, relaxation_bound, written_out
from vorort.placement.verdicts import locked_in
from vorort.placement.worth import seat_values
from vorort.problems import Refused

Place = tuple[tuple[str, ...], int]  # units, first day
NEAREST = 12  # units looked at first; all of them if that is not enough
WAITING = 20  # so many who wait are looked at for a place that becomes free
WORK, MANY = 30, 60  # nodes where more than so many could move
LARGE = 6000  # households times units: above, not everybody may go everywhere
FINE = 1000  # parts of a mover the relaxation's bound is told in
PER_PARTY = 8  # places of each household then


def redo(
    plan: Plan,
    override: Override,
    *,
    confirmed: Collection[str] = (),
    limit: int | None = None,
    is_asked: bool = False,
) -> Redone:
    """The plan after a decision of a person. Raises `Refused` where it cannot be carried out.

    ``confirmed``: households that are settled already and never move. ``limit``: how many others
    may move unasked; by default one, or one in a hundred households. More do only where it is
    proved that so few are not enough, or where somebody was asked and agreed (``is_asked``).
    """
    problem = decided(plan, override, confirmed)
    allowed = max(1, len(plan.assigned) // 100) if limit is None else limit
    own = [override.household, *([override.other] if override.other else [])]
    own_here = tuple(n for n in own if n in problem.party)
    work = _Redo(plan, problem, own_here, frozenset(confirmed), allowed)
    new, is_fewest, is_shown = work.solve()
    moved = _differences(plan, new)
    others = [m for m in moved if m.household not in own]
    found = Redone(
        new, override, tuple(m for m in moved if m.household in own),
        tuple(m for m in others if m.before), tuple(m for m in others if not m.before),
        allowed, is_fewest, is_shown, new.objective - plan.objective,
    )  # fmt: skip
    if not (found.is_within or found.is_shown or is_asked):
        raise Refused([too_many(found)])
    return replace(found, words=told_in_words(found))


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
class _Circle:
    """A model in which some may move; ``stay``: the columns of those who could stay."""

    model: Model
    stay: Ints
    movers: int
    placed: tuple[str, ...]  # who must not lose their place
    is_cut: bool = False  # not every place of everybody is in it


@dataclass(frozen=True)
class _Found:
    """A plan, how many others move, and whether fewer is proved impossible in its circle."""

    plan: Plan
    moved: int
    is_proved: bool


@dataclass(frozen=True)
class _Redo:
    before: Plan
    problem: Problem
    own: tuple[str, ...]
    confirmed: frozenset[str]
    limit: int

    @cached_property
    def homes(self) -> Homes:
        """All homes of the problem as it is now."""
        return homes_of(self.problem)

    @cached_property
    def rows(self) -> dict[Place, int]:
        """Rows by units and first day."""
        return {(r.units, r.start.toordinal()): n for n, r in enumerate(self.homes.rows)}

    @cached_property
    def bound_to_stay(self) -> frozenset[str]:
        """Confirmed and locked ones."""
        locked = locked_in(replace(self.before, problem=self.problem))
        return self.confirmed | {a.party for a in locked}

    @cached_property
    def waiting(self) -> tuple[str, ...]:
        """Who has no place yet and could get one that becomes free."""
        names = [
            a.party
            for a in self.before.assigned
            if a.home is None and a.party in self.problem.party and a.party not in self.confirmed
        ]
        return tuple(n for n in names if n not in self.own)[:WAITING]

    def place_of(self, party: str) -> Place | None:
        """Where somebody is in the plan so far."""
        one = self.before.of.get(party)
        if one is None or one.home is None or one.start is None:
            return None
        return one.home.units, one.home.start.toordinal()

    @cached_property
    def asking(self) -> list[str]:
        """Households concerned that have a claim to a place: they had one, or are sent to one.

        Who could be nowhere at all waits, and nobody moves for that.
        """
        locked = {x.household for x in self.problem.locks if x.kind == "lock"}
        return [
            n for n in self.own
            if self.problem.party[n].asks_home
            and (self.place_of(n) is not None or n in locked)
            and admissible(self.problem.party[n], self._for_others).any()
        ]  # fmt: skip

    def solve(self) -> tuple[Plan, bool, bool]:
        """The new plan; whether fewer others could not move; whether it is shown that not even
        as few as allowed unasked could."""
        found = self._attempt(self._circle((), None))
        if found is not None:
            return found.plan, True, True
        near = self._nearby()
        if near is not None and near.is_proved:
            return near.plan, True, True
        wide = self._attempt(self._everybody())
        both = [f for f in (near, wide) if f is not None]
        best = min(both, key=lambda f: (f.moved, not f.is_proved), default=None)
        if best is not None and (best.is_proved or best.moved <= self.limit):
            return best.plan, best.is_proved, best.is_proved
        if best is not None:
            return best.plan, False, self._is_shown(best)
        locked = {x.household for x in self.problem.locks if x.kind == "lock"}
        if locked & set(self.own):  # a person has said so: somebody else loses a place
            return self._someone_loses()
        waits = self._attempt(self._circle((), None), is_asking=False)
        if waits is None:
            raise SolverFailed("no plan after a decision")
        return waits.plan, not self.is_large, True

    def _someone_loses(self) -> tuple[Plan, bool, bool]:
        """Somebody else loses a place: no more are concerned than allowed unasked, unless proved
        impossible. Of the homes cut away none matters for that: to lose one's place is always open,
        and moving elsewhere never concerns fewer."""
        found = self._with_losses(self.limit)
        if found is not None:
            return found.plan, False, False
        found = self._with_losses(None)
        if found is None:
            raise SolverFailed("a decision that cannot be carried out was not refused")
        return found.plan, False, True

    def _is_shown(self, known: _Found) -> bool:
        """Is it proved that with as few others as allowed unasked there is no plan? By the bound of
        the relaxation, all homes open to all: it says how many must move at least."""
        circle = self._circle(self._movable(set(self.before.of)), None)
        model = circle.model
        pins = [Pin(place_columns(model, n)) for n in (*self.asking, *circle.placed)]
        least = circle.movers - self.limit
        if any(len(p.columns) == 0 for p in pins) or len(circle.stay) < least:
            return True
        matrix = pinned(model.program.matrix(), pins)
        aim = matrix.with_points(circle.stay, np.full(len(circle.stay), FINE, np.int64))
        homes = {a.party: (a.home.units, str(a.start)) for a in known.plan.assigned if a.home}
        start = model.counted(given_point(model, aim, homes))
        if not aim.is_feasible(start):
            return False
        bound, _, _ = relaxed(aim, start, model.groups)
        return bound < FINE * least

    def _nearby(self) -> _Found | None:
        """Others make room by going to free places, or to where others do so.

        One mover always goes to a place that is free, and of two one does: so two are the fewest
        where the first circle has no one, three where the second has no two.
        """
        best: _Found | None = None
        for is_chain, most, fewest in (
            (False, NEAREST, 1), (False, None, 2), (True, NEAREST, 2), (True, None, 3),
        ):  # fmt: skip
            first = self._in_the_way(most)
            if is_chain and most is None and len(first) > NEAREST and self.is_large:
                break
            found = self._attempt(self._making_room(first, is_chain))
            if found is None:
                continue
            if found.is_proved and found.moved <= fewest:
                return found
            if best is None or found.moved < best.moved:
                best = replace(found, is_proved=False)
        return best

    @cached_property
    def is_large(self) -> bool:
        """Too large to let everybody go everywhere."""
        return len(self.before.assigned) * len(self.problem.lodgings) > LARGE

    # ---- circles ----

    def _free_now(self, movers: Iterable[str]) -> dict[str, set[Place]]:
        """Places each could go to with everybody else where they are."""
        others = [a for a in self._others(()) if a.party not in self.own]
        together = homes_of(settled(self.problem, others))
        found = {}
        for name in movers:
            homes, place = together, self.place_of(name)
            if place is not None and len(place[0]) > 1:  # one of its units may be of use again
                homes = homes_of(settled(self.problem, [a for a in others if a.party != name]))
            rows = np.flatnonzero(admissible(self.problem.party[name], homes))
            found[name] = {
                (homes.rows[r].units, homes.rows[r].start.toordinal()) for r in rows
            }  # fmt: skip
        return found

    def _others(self, free: Collection[str]) -> list[Assigned]:
        """Everybody outside a circle, also those who only want seats."""
        known = dict(self.before.of)
        return [
            known.get(p.id, Assigned(p.id, None, None, 0))
            for p in self.problem.parties
            if p.id not in free
        ]

    @cached_property
    def _users(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in self.before.assigned:
            for unit in one.home.units if one.home else ():
                found.setdefault(unit, []).append(one.party)
        return found

    @cached_property
    def _for_others(self) -> Homes:
        """Homes with only those in them who stay whatever happens."""
        fixed = [a for a in self._others(()) if a.party in self.bound_to_stay
                 and a.party not in self.own]  # fmt: skip
        return homes_of(settled(self.problem, fixed))

    def _in_the_way(self, most: int | None) -> list[str]:
        """Who is in the best units for the household, or may not be in one building with it."""
        found: set[str] = set()
        for name in self.asking:
            found |= self._living_in(name, most) | self._excluded_with(name)
        return self._movable(found)

    def _movable(self, names: Collection[str]) -> list[str]:
        found = sorted(set(names) - self.bound_to_stay - set(self.own))
        return [n for n in found if self.place_of(n) is not None]

    def _living_in(self, name: str, most: int | None) -> set[str]:
        """Who lives in the units that are best for somebody."""
        homes, party = self._for_others, self.problem.party[name]
        points = home_points(party, homes)
        rows = np.flatnonzero(admissible(party, homes)).tolist()
        rows.sort(key=lambda r: (-int(points[r]), r))
        units = {u for r in (rows if most is None else rows[:most]) for u in homes.rows[r].units}
        return {user for unit in units for user in self._users.get(unit, ())}

    def _making_room(self, first: list[str], is_chain: bool) -> _Circle:
        """Those in the way may go to free places; in a chain also to where others make room."""
        if not is_chain:
            return self._circle(first, self._free_now(first))
        second = {user for name in first for user in self._living_in(name, None)}
        second |= {n for name in first for n in self._excluded_with(name)}
        behind = self._movable(second - set(first))
        return self._circle([*first, *behind], self._free_now(behind))

    def _everybody(self) -> _Circle:
        """All who may move at all; in a large run each to the few places that are best for it."""
        names = self._movable(set(self.before.of))
        if not self.is_large:
            return self._circle(names, None)
        homes = self._for_others
        places = {}
        for name in names:
            party = self.problem.party[name]
            points = home_points(party, homes)
            rows = np.flatnonzero(admissible(party, homes)).tolist()
            rows.sort(key=lambda r: (-int(points[r]), r))
            best = (homes.rows[r] for r in rows[:PER_PARTY])
            places[name] = {(r.units, r.start.toordinal()) for r in best}
        return replace(self._circle(names, places), is_cut=True)

    def _excluded_with(self, name: str) -> set[str]:
        pairs = [{e.household, e.other} for e in self.problem.exclusions if e.other]
        return {str(n) for pair in pairs if name in pair for n in pair}

    def _circle(self, movers: Collection[str], places: dict[str, set[Place]] | None) -> _Circle:
        """A model in which the households concerned, who waits, and movers may go elsewhere.

        ``places``: where each mover may go besides staying; None = anywhere.
        """
        free = {*self.own, *self.waiting, *movers}
        sub = settled(self.problem, self._others(free), self.before.seats)
        homes = homes_of(sub)
        options = self._known(options_of(homes), homes, places or {})
        model = written_with(homes, options)
        stay = [
            self._column(model, name) for name in sorted(movers) if self.place_of(name) is not None
        ]
        had = [n for n in sorted(free) if self.place_of(n) is not None and n in sub.party
               and sub.party[n].asks_home]  # fmt: skip
        return _Circle(
            model, np.array([c for c in stay if c >= 0], np.int64), len(movers),
            tuple(n for n in had if n not in self.own),
        )  # fmt: skip

    def _known(self, options: Options, homes: Homes, places: dict[str, set[Place]]) -> Options:
        """Without start days that only exist because of others, and within the places allowed."""
        parties = homes.problem.parties
        keep = []
        for number in range(len(options)):
            row = homes.rows[options.home[number]]
            name = parties[options.party[number]].id
            place = (row.units, row.start.toordinal())
            is_near = name not in places or place in places[name] or place == self.place_of(name)
            keep.append(place in self.rows and is_near)
        kept = np.array(keep, np.bool_)
        return Options(
            options.party[kept], options.home[kept], options.start[kept], options.points[kept]
        )

    def _column(self, model: Model, name: str) -> int:
        """The column of staying, -1 where that is no longer allowed."""
        wanted = self.place_of(name)
        rows = model.program.homes.rows
        number = [p.id for p in model.problem.parties].index(name)
        for option in model.program.options.of(number):
            row = rows[model.program.options.home[option]]
            if (row.units, row.start.toordinal()) == wanted:
                return int(model.program.home[option])
        return -1

    # ---- solving ----

    def _attempt(self, circle: _Circle, is_asking: bool = True) -> _Found | None:
        """Everybody keeps a place and the household gets one; None where that is impossible."""
        model = circle.model
        names = [*(self.asking if is_asking else ()), *circle.placed]
        pins = [Pin(place_columns(model, n)) for n in names]
        if any(len(p.columns) == 0 for p in pins):
            return None
        return self._least(circle, pinned(model.program.matrix(), pins))

    def _least(self, circle: _Circle, matrix: Matrix) -> _Found | None:
        """First fewest moved, then most persons by class, then points."""
        model, seed = circle.model, self.problem.seed
        x: Floats | None = None
        moved, is_proved = 0, True
        if circle.movers:
            answer = solve(
                aimed(matrix, circle.stay),
                seed=seed,
                nodes=WORK if circle.movers > MANY else NO_LIMIT,
            )
            if answer.x is None:
                return None
            x, is_proved = np.rint(answer.x), answer.is_optimal
            stays = round(float(x[circle.stay].sum()))
            moved = circle.movers - stays
            matrix = matrix.with_row(circle.stay, np.ones(len(circle.stay), np.int64), stays)
        for urgency in CLASSES if self.waiting else ():
            columns, sizes = model.class_columns(urgency)
            answer = solve(matrix.with_points(columns, sizes), start=x, seed=seed)
            if answer.x is None:
                return None
            x = np.rint(answer.x)
            matrix = matrix.with_row(columns, sizes, persons(model, urgency, x))
        answer = solve(matrix, start=x, seed=seed)
        if answer.x is None:
            return None
        plan = self._joined(model, plan_from(model, answer.x, {}))
        return _Found(plan, moved, is_proved and not (self.is_large and circle.is_cut))

    def _with_losses(self, limit: int | None) -> _Found | None:
        """Somebody loses a place: fewest persons, most urgent class first, then fewest moved. None:
        so few others cannot be concerned."""
        circle = self._everybody()
        model = circle.model
        must = [Pin(place_columns(model, n)) for n in self.asking]
        matrix = pinned(model.program.matrix(), must)
        if limit is not None:
            least = circle.movers - limit
            matrix = matrix.with_row(circle.stay, np.ones(len(circle.stay), np.int64), least)
        had = {*circle.placed, *self.asking}
        for urgency in CLASSES:
            names = sorted(n for n in had if self.problem.party[n].urgency == urgency)
            mine = [place_columns(model, n) for n in names]
            sizes = [np.full(len(c), self.problem.party[n].size) for n, c in
                     zip(names, mine, strict=True)]  # fmt: skip
            if not any(len(c) for c in mine):
                continue
            columns, values = np.concatenate(mine), np.concatenate(sizes)
            answer = solve(matrix.with_points(columns, values), seed=self.problem.seed)
            if answer.x is None:
                return None
            most = round(float(values @ np.rint(answer.x[columns])))
            matrix = matrix.with_row(columns, values, most)
        found = self._least(circle, matrix)
        if found is None:
            raise SolverFailed("no plan after a decision")
        return found

    # ---- the whole plan ----

    def _joined(self, model: Model, part: Plan) -> Plan:
        """What was solved and what was left alone, as one plan of the whole problem."""
        inside = {p.id for p in model.problem.parties}
        seats = [s for s in self.before.seats
                 if s.party not in inside and s.party in self.problem.party]  # fmt: skip
        assigned = [
            self._assigned(p, part.of.get(p.id) if p.id in inside else self.before.of.get(p.id))
            for p in self.problem.parties
            if p.asks_home
        ]
        return self._plan(assigned, [*seats, *part.seats])

    def _assigned(self, party: Party, one: Assigned | None) -> Assigned:
        """With the home as the whole problem knows it."""
        if one is None or one.home is None or one.start is None:
            return Assigned(party.id, None, None, 0)
        row = self.rows[one.home.units, one.home.start.toordinal()]
        points = int(home_points(party, self.homes)[row])
        home: Home = self.homes.rows[row]
        return Assigned(party.id, home, one.start, points)

    def _plan(self, assigned: list[Assigned], seats: list[Granted]) -> Plan:
        districts: dict[str, str | None] = {p.id: p.district for p in self.problem.parties}
        for one in assigned:
            if one.home is not None:
                districts[one.party] = self.problem.lodging[one.home.units[0]].district
        values = seat_values(self.problem, seats, districts)
        objective = sum(a.points for a in assigned) + sum(values.values())
        ordered = tuple(sorted(seats, key=lambda g: (g.party, g.need.domain, g.need.person)))
        new = Plan(
            self.problem, tuple(assigned), ordered, objective, objective,
            {}, False, self.before.rounds,
        )  # fmt: skip
        is_less = set(self.before.problem.locks) <= set(self.problem.locks)
        most = dict(self.before.placed_bound) if is_less else new.asked
        return replace(new, bound=self._bound(new), placed_bound=most)

    def _bound(self, new: Plan) -> int:
        """The old bound holds where a decision only takes choices away; else it is found anew."""
        only_more = set(self.before.problem.locks) <= set(self.problem.locks)
        as_many = all(new.placed[c] >= n for c, n in self.before.placed.items())
        if only_more and as_many and self.before.problem.parties == self.problem.parties:
            return max(self.before.bound, new.objective)
        if self.is_large:
            return max(self._loose_bound(), new.objective)
        model = written_out(self.problem, self.homes)
        return max(relaxation_bound(model, new.placed), new.objective)

    def _loose_bound(self) -> int:
        """Everybody at the best place there is for them, every seat next door: holds for any plan.

        For a large run in which somebody has lost a place; the next whole run has a close one.
        """
        total = 0
        for party in self.problem.parties:
            if party.asks_home:
                points = home_points(party, self.homes)[admissible(party, self.homes)]
                total += int(points.max(initial=0))
            for kind, needs in asked(self.problem, party).items():
                near = seat_points(self.problem, "", "")
                total += sum(kind.points) + near * len(needs)
                total += together_points(self.problem, kind.siblings)
        return total
