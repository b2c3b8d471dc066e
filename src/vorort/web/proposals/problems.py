"""The register as a placement problem: the same that `vorort place` makes of its folder."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from vorort.files import Scenario
from vorort.ledger import BEDS
from vorort.parameters import Resolved
from vorort.placement import HeldBack, Homes, Near, Problem, Surroundings, homes_of, problem_of
from vorort.placement.front import SPACE, ages, pools_by_age, problem_of_scenario, rulebook_of
from vorort.placement.gather import SEATS
from vorort.placement.packing import unpacked
from vorort.stress.setup import resolved_of
from vorort.vocabulary import OpenNeed
from vorort.web import bridge, clock
from vorort.web.proposals.models import Run
from vorort.web.proposals.requested import without_requested
from vorort.web.town.models import Unit


@dataclass(frozen=True)
class Register:
    """The register on a day, read once after each act."""

    scenario: Scenario
    resolved: Resolved

    @cached_property
    def week(self) -> Problem:
        """Everything open, as a run places it."""
        return without_requested(problem_of_scenario(self.scenario, self.resolved))

    @cached_property
    def everybody(self) -> Problem:
        """Every household as if it asked for a home: for one that is looked at by itself."""
        ledger, found = self.scenario.ledger, self.scenario
        needs = [OpenNeed(h.id, BEDS) for h in ledger.households]
        if needs:  # one that asks for every kind of seat brings all seats with it
            needs += [OpenNeed(needs[0].household, domain) for domain in SEATS]
        return problem_of(
            ledger, found.municipality.today, replace(found.placing, open_needs=tuple(needs)),
            self.around,
        )  # fmt: skip

    @cached_property
    def around(self) -> Surroundings:
        """What else a problem needs."""
        found, resolved = self.scenario, self.resolved
        return Surroundings(
            rulebook_of(found), found.announced, found.resident_demand, resolved.amount(SPACE),
            pools_by_age(resolved), ages(resolved), found.municipality.reported_cycle_days,
            held_back=self.held_back,
        )  # fmt: skip

    @cached_property
    def held_back(self) -> tuple[HeldBack, ...]:
        """What the newest run holds back and still counts: also for one looked at by itself."""
        row = _newest().first()
        rows = json.loads(row.frame)["held_back"] if row and row.frame else []
        found = (unpacked(HeldBack, one) for one in rows)
        today = self.scenario.municipality.today
        return tuple(h for h in found if h.until is None or h.until > today)

    @cached_property
    def homes(self) -> Homes:
        """All homes there are, for `everybody`."""
        return homes_of(self.everybody)

    @cached_property
    def units(self) -> dict[str, Unit]:
        """Every unit with its site, district and office, by number."""
        rows = Unit.objects.select_related("facility__district", "facility__owner")
        return {u.key: u for u in rows}

    @cached_property
    def nearest(self) -> dict[tuple[str, str, str], Near | None]:
        """The nearest site with a seat, by domain, pool and district; filled when asked."""
        return {}


def _newest() -> QuerySet[Run]:
    """Runs that are done, the last one first."""
    return Run.objects.filter(state="done").order_by("-id")


_KEPT: dict[str, tuple[Any, Register]] = {}


def register() -> Register:
    """The register as it is now."""
    name = str(connection.settings_dict["NAME"])
    state = (bridge.state(), clock.today(), _newest().values_list("pk", flat=True).first())
    kept = _KEPT.get(name)
    if kept is None or kept[0] != state:
        found = bridge.scenario()
        kept = (state, Register(found, resolved_of(found)))
        _KEPT[name] = kept
    return kept[1]
