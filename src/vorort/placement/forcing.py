"""A household forced into a place, and the best plan with that. German: erzwungener Platz

Exact means re-solved to a proved optimum with the place forced; anything else says "about".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from vorort.placement.basis import Basis
from vorort.placement.highs import SolverFailed
from vorort.placement.losses import Forced, Loss
from vorort.placement.override import Override
from vorort.placement.plan import Plan
from vorort.placement.redo import redo
from vorort.placement.redone import Moved
from vorort.placement.resolve import (
    NOTHING,
    Known,
    Pin,
    kept,
    nearest,
    place_columns,
    resolved,
    value_of,
)
from vorort.placement.verdicts import locked_in
from vorort.problems import Refused
from vorort.vocabulary import Text


@dataclass(frozen=True)
class Forcing:
    """Places forced in a plan; what is asked twice is solved once.

    ``confirmed``: households that do not give way.
    """

    basis: Basis
    confirmed: frozenset[str] = frozenset()

    @property
    def plan(self) -> Plan:
        """The plan as it is."""
        return self.basis.plan

    @cached_property
    def _forced(self) -> dict[tuple[str, tuple[str, ...]], Forced]:
        return {}

    @cached_property
    def _possible(self) -> set[tuple[str, tuple[str, ...]]]:
        """Parties and units found possible so far: to force them needs no second look."""
        return set()

    def allow(self, party: str, places: Iterable[tuple[str, ...]]) -> None:
        """These places were found possible for a household."""
        self._possible.update((party, units) for units in places)

    def known(self, party: str, units: tuple[str, ...]) -> Loss | None:
        """What forcing a place has cost, where that was asked."""
        found = self._forced.get((party, units))
        return found.loss if found else None

    @property
    def better(self) -> Plan | None:
        """The best plan found by forcing something, where it beats the plan explained."""
        plans = [f.plan for f in self._forced.values() if f.plan is not None]
        best = max(plans, key=value_of, default=None)
        if best is None or value_of(best) <= value_of(self.plan):
            return None
        return replace(best, problem=self.plan.problem)

    def forced(self, party: str, units: Sequence[str]) -> Forced:
        """The best plan with a household in exactly these units. Exact where that is possible."""
        key = party, tuple(sorted(units))
        if key not in self._forced:
            solve = self._solved_again if self.basis.is_small else self._redone
            self._forced[key] = solve(*key)
        return self._forced[key]

    def _solved_again(self, party: str, units: tuple[str, ...]) -> Forced:
        """Of the whole model; those locked or confirmed keep a place."""
        model = self.basis.model
        stays = {a.party for a in locked_in(self.plan)} | self.confirmed
        pins = kept(model, {p for p in stays if p in self.plan.of} - {party})
        pins.append(Pin(place_columns(model, party, units)))
        prices = self.basis.prices
        new = resolved(model, pins, Known(self.plan.levels, prices))
        if new is None:
            return Forced(party, units, None, None)
        new = nearest(model, pins, new, self.plan, prices)
        return Forced(
            party, units, Loss(value_of(self.plan) - value_of(new)), new,
            moved_between(self.plan, new, party),
        )  # fmt: skip

    def _redone(self, party: str, units: tuple[str, ...]) -> Forced:
        """In place: a plan that exists, so a loss at most; with the price, at least."""
        try:
            found = redo(
                self.plan, Override("lock", party, units), confirmed=self.confirmed, is_asked=True,
                known=self.basis.model.program, is_checked=(party, units) in self._possible,
            )  # fmt: skip
        except Refused as refused:
            why = refused.problems[0]
            return Forced(party, units, None, None,
                          refused=Text(why.reason_de, why.reason_en))  # fmt: skip
        except SolverFailed:
            return Forced(party, units, self.basis.priced(party, units), None)
        lost = value_of(self.plan) - value_of(found.plan)
        priced = self.basis.priced(party, units)
        same = not lost.first and lost.placed == NOTHING.placed and priced.at_least == lost.points
        loss = Loss(lost) if same else replace(priced, at_most=lost)
        return Forced(party, units, loss, found.plan, found.moved)


def moved_between(old: Plan, new: Plan, but: str) -> tuple[Moved, ...]:
    """Who goes elsewhere in another plan."""
    found = []
    for name in sorted(old.of):
        one, other = old.of[name], new.of[name]
        was = one.home.units if one.home else ()
        now = other.home.units if other.home else ()
        if name != but and (was, one.start) != (now, other.start):
            found.append(Moved(name, was, now, one.start, other.start))
    return tuple(found)
