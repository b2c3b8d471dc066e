"""Rules, goals and settings of the office: what holds today, and changing it by an act.

German: Regelwerk
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import yaml

from vorort.placement import (
    FLOORS,
    SETTINGS,
    Rulebook,
    all_goals,
    all_rules,
    floor_text,
    read_rulebook,
)
from vorort.problems import Problem, Refused
from vorort.vocabulary import Text
from vorort.web import clock
from vorort.web.accounts import trail
from vorort.web.accounts.models import Act, User
from vorort.web.proposals import bridge
from vorort.web.proposals.models import Reach, RuleEntry
from vorort.web.town.models import District, Office

PARTS = ("rules", "order", "weights", "settings", "floors")


@dataclass(frozen=True, slots=True)
class Line:
    """A rule, a goal or a setting with what holds today and what will hold."""

    name: str
    text: Text
    value: Any
    default: Any
    since: date | None
    later: tuple[tuple[date, Any], ...]
    is_fixed: bool = False
    low: int = 0
    high: int = 0


def book(found: Mapping[str, Any], day: date) -> Rulebook:
    """The rules in force on a day. Raises `Refused` with every complaint."""
    return read_rulebook(
        found, day, {rule.name: rule.is_optional for rule in all_rules()},
        {goal.name: goal.weight for goal in all_goals()},
        list(Office.objects.values_list("key", flat=True)), FLOORS,
    )  # fmt: skip


def lines(today: date) -> dict[str, list[Line]]:
    """Everything that can be set, by part."""
    rows = list(RuleEntry.objects.order_by("from_on", "id"))
    now = book(bridge.rules(), today)

    def line(part: str, name: str, text: Text, value: Any, default: Any, **more: Any) -> Line:
        mine = [r for r in rows if (r.part, r.name) == (part, name)]
        past = [r.from_on for r in mine if r.from_on and r.from_on <= today]
        later = tuple(
            (r.from_on, yaml.safe_load(r.value)) for r in mine if r.from_on and r.from_on > today
        )
        return Line(name, text, value, default, max(past, default=None), later, **more)

    weights = {g.name: now.weights.get(g.name, g.weight) for g in all_goals()}
    goals = sorted(all_goals(), key=lambda g: (-weights[g.name], g.name))
    return {
        "rules": [line("rules", r.name, r.text, now.is_on(r.name), True,
                       is_fixed=not r.is_optional) for r in all_rules()],
        "weights": [line("weights", g.name, g.text, weights[g.name], g.weight, high=1000)
                    for g in goals],
        "settings": [line("settings", s.name, s.text, now[s.name], s.default, low=s.low,
                          high=s.high) for s in SETTINGS.values()],
        "floors": [line("floors", key, floor_text(key), now.floors.get(key, 0), 0, high=1000)
                   for key in FLOORS],
    }  # fmt: skip


def change(actor: User, key: UUID, part: str, name: str, value: Any, from_on: date) -> trail.Done:
    """From a day on a rule, weight, setting or the order of goals is another. German: festlegen"""

    def do(act: Act) -> None:
        if part not in PARTS or from_on < clock.today():
            raise Refused([Problem(
                "", "Regeln ändern sich ab heute oder später, nie für die Vergangenheit.",
                "Rules change from today or later, never for the past.",
                "Einen späteren Tag wählen.", "Choose a later day.", column="from",
            )])  # fmt: skip
        rows = RuleEntry.objects.filter(part=part, name=name)
        before = rows.filter(from_on=from_on).first()
        old = before.value.strip() if before else None
        rows.filter(from_on=from_on).delete()
        text = yaml.safe_dump(value, allow_unicode=True)
        RuleEntry.objects.create(part=part, name=name, from_on=from_on, value=text, act=act)
        book(bridge.rules(), from_on)  # refuses what cannot be, and nothing was written then
        told = f"{text.strip().removesuffix('...').strip()} ab {from_on}"
        trail.changed(act, "rule", name or part, {part: (old, told)})

    return trail.once(actor, key, "rule_change", do)


def reach(actor: User, key: UUID, one: str, other: str, minutes: int) -> trail.Done:
    """How long the way between two districts is. German: Erreichbarkeit"""

    def do(act: Act) -> None:
        if one == other:
            raise Refused([Problem(
                "", "Zwei verschiedene Stadtteile wählen.", "Choose two different districts.",
                "", "", column="other",
            )])  # fmt: skip
        pair = {k: District.objects.get(key=k) for k in (one, other)}
        for first, second in ((one, other), (other, one)):
            row = Reach.objects.filter(district=pair[first], other=pair[second]).first()
            if row is not None:
                trail.changed(act, "reach", row.pk, {"minutes": (row.minutes, minutes)})
                row.minutes = minutes
                row.save()
                return
        made = Reach.objects.create(district=pair[one], other=pair[other], minutes=minutes)
        trail.changed(act, "reach", made.pk, {"minutes": (None, minutes)})

    return trail.once(actor, key, "reach_change", do)
