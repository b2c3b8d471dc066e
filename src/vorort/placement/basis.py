"""A plan's model, columns and prices: the same whoever is confirmed. German: Grundlage"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vorort.placement.homes import Homes, Ints, homes_of
from vorort.placement.losses import Loss
from vorort.placement.plan import Plan
from vorort.placement.resolve import Prices, prices_of
from vorort.placement.solve import Model, written_out

EXACT_COLUMNS = 6000  # a larger model is not re-solved as a whole


@dataclass(frozen=True)
class Basis:
    """Each part is made when it is asked for, and then kept."""

    plan: Plan

    @cached_property
    def homes(self) -> Homes:
        """All homes."""
        return homes_of(self.plan.problem)

    @cached_property
    def model(self) -> Model:
        """The whole model."""
        return written_out(self.plan.problem, self.homes)

    @cached_property
    def is_small(self) -> bool:
        """Small enough to be re-solved as a whole, and proved to begin with."""
        return self.plan.is_proved and len(self.model.program.points) <= EXACT_COLUMNS

    @cached_property
    def prices(self) -> Prices:
        """Prices of the linear relaxation, among plans that place as many."""
        return prices_of(self.model, self.plan)

    @cached_property
    def _by_units(self) -> dict[str, dict[tuple[str, ...], Ints]]:
        return {}

    def options(self, party: str) -> Ints:
        """Numbers of a party's options."""
        return self.model.program.options.of([p.id for p in self.plan.problem.parties].index(party))

    def columns(self, party: str) -> dict[tuple[str, ...], Ints]:
        """The columns of a party's options, by units."""
        if party not in self._by_units:
            program = self.model.program
            found: dict[tuple[str, ...], list[int]] = {}
            for option in self.options(party).tolist():
                units = self.homes.rows[program.options.home[option]].units
                found.setdefault(units, []).append(int(program.home[option]))
            self._by_units[party] = {u: np.array(c, np.int64) for u, c in found.items()}
        return self._by_units[party]

    def priced(self, party: str, units: Sequence[str]) -> Loss:
        """By prices only."""
        columns = self.columns(party).get(tuple(units))
        if columns is None:
            return Loss()
        least = max(0, self.plan.objective - self.prices.at_best(columns))
        return Loss(about=max(least, self.prices.about(columns)), at_least=least)
