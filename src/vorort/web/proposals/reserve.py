"""What a run holds back for those the outlook expects, and what the page says of it.

The newest outlook is read from its kept result; without one nothing is held back, and the page
says how to get one. German: Vorhaltung
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from vorort.files import Scenario
from vorort.placement import Plan, Problem, told_of
from vorort.placement.front import announced_of
from vorort.placement.holding import Holding, as_record, holding
from vorort.vocabulary import Text
from vorort.web.outlook.models import Run as Outlook
from vorort.web.proposals import tonight
from vorort.web.proposals.models import Run
from vorort.web.proposals.present import units_of
from vorort.web.town.models import Unit

PART = "reserve"  # of what a run keeps as JSON


def held(problem: Problem, scenario: Scenario) -> Holding:
    """By the newest outlook there is."""
    row = Outlook.objects.filter(state="done").exclude(result="").order_by("-id").first()
    outlook = json.loads(row.result) if row else None
    return holding(problem, outlook, announced_of(scenario))


def record(found: Holding, plan: Plan, stop: Callable[[], bool]) -> dict[str, Any]:
    """What a run keeps beside its input: cost and replay. Nothing of it is about anybody."""
    return as_record(found, told_of(plan, found, stop))


@dataclass(frozen=True)
class HeldUnit:
    """A unit held back, and whether this proposal takes it all the same."""

    unit: Unit
    until: date | None
    is_taken: bool
    taken_by: str  # "" = nobody, or nobody this reader sees


@dataclass(frozen=True)
class HeldGroup:
    """Units held back for the same reason."""

    reason: Text
    units: list[HeldUnit]


@dataclass(frozen=True)
class Reserve:
    """Everything the page says of it. ``is_asked``: was an outlook looked for in this run?"""

    groups: list[HeldGroup]
    is_asked: bool
    has_outlook: bool
    why_none: Text | None
    cost: Text | None
    replay: Text | None
    after: int | None  # the run whose cost and replay these are, where it is another one


def shown_to(user: Any, plan: Plan, kept: dict[str, Any], shown: frozenset[str]) -> Reserve:
    """For one reader."""
    told = kept.get(PART) or {}
    hidden = tonight.hidden_units(user)
    units = units_of(row.unit for row in plan.problem.held_back)
    by = {u: a.party for a in plan.assigned if a.home for u in a.home.units}
    groups: dict[Text, list[HeldUnit]] = {}
    for row in plan.problem.held_back:
        if row.unit in units and row.unit not in hidden:
            party = by.get(row.unit, "")
            one = HeldUnit(units[row.unit], row.until, bool(party), party if party in shown else "")
            groups.setdefault(row.reason, []).append(one)
    return Reserve(
        [HeldGroup(reason, found) for reason, found in groups.items()],
        bool(told), bool(told.get("outlook")), _text(told.get("why_none")),
        _text(told.get("cost")), _text(told.get("replay")), told.get("after"),
    )  # fmt: skip


def _text(found: dict[str, str] | None) -> Text | None:
    return Text(found["de"], found["en"]) if found else None


def carried(run: Run) -> dict[str, Any]:
    """For a run that follows from a decision: what was told before, and of which run."""
    told = json.loads(run.placed).get(PART) or {}
    return {"after": run.pk, **told} if told else {}
