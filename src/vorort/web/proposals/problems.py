"""The register as a placement problem: the same that `vorort place` makes of its folder.

All of it, read anew after each act: for a run. A page about one household asks `present`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from vorort.files import Scenario
from vorort.parameters import Resolved
from vorort.placement import Problem
from vorort.placement.front import problem_of_scenario
from vorort.stress.setup import resolved_of
from vorort.web import bridge, clock, scenarios
from vorort.web.proposals.models import Run


@dataclass(frozen=True)
class Register:
    """The register on a day, read once after each act."""

    scenario: Scenario
    resolved: Resolved

    @cached_property
    def week(self) -> Problem:
        """Everything open, as a run places it."""
        return problem_of_scenario(self.scenario, self.resolved)


def newest_runs() -> QuerySet[Run]:
    """Runs that are done, the last one first."""
    return Run.objects.filter(state="done").order_by("-id")


_KEPT: dict[str, tuple[Any, Register]] = {}


def register() -> Register:
    """The register as it is now."""
    name = str(connection.settings_dict["NAME"])
    state = (bridge.state(), clock.today(), newest_runs().values_list("pk", flat=True).first())
    kept = _KEPT.get(name)
    if kept is None or kept[0] != state:
        found = scenarios.scenario()
        kept = (state, Register(found, resolved_of(found)))
        _KEPT[name] = kept
    return kept[1]
