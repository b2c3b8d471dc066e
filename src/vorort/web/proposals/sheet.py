"""The fairness sheet of a run as a page may show it.

It counts what its reader may see in the plan, so it adds up to the plan as this reader sees it, and
nobody hidden can be told from a difference. German: Ausgleichsblatt
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vorort.placement.fairness import SMALL, Group
from vorort.placement.groups import SHEETS
from vorort.placement.pooled import pooled
from vorort.vocabulary import Text
from vorort.web.proposals.week import Seen


@dataclass(frozen=True)
class Part:
    """One sheet: its groups; ``is_sum``: they add up, nobody is in two."""

    name: str
    text: Text
    groups: tuple[Group, ...]
    is_sum: bool

    @property
    def is_one(self) -> bool:
        """Was everybody put together, so that the line says no more than the sum?"""
        return len(self.groups) == 1 and "," in self.groups[0].name

    @property
    def total(self) -> dict[str, int]:
        """Sums of the lines."""
        return {
            name: sum(getattr(g, name) for g in self.groups)
            for name in ("households", "people", "placed", "seats_asked", "seats_found")
        }


@dataclass(frozen=True)
class FairnessSheet:
    """Everything on the page."""

    parts: list[Part]
    households: int
    placed: int
    worst: Group | None  # the smallest share placed, where it is below that of all
    longest: Group | None  # the longest wait, where it is above that of the shortest


def sheet(found: Seen) -> FairnessSheet:
    """The sheet of a run for its reader."""
    plan, among = found.plan, found.shown
    groups = pooled(plan, among)
    parts = [
        Part(name, text, groups.of(name), name != "need")
        for name, text in SHEETS.items()
        if groups.of(name)
    ]
    asked = [one for key, one in plan.of.items() if key in among]
    placed = sum(one.home is not None for one in asked)
    lines = [g for part in parts for g in part.groups]
    return FairnessSheet(parts, len(asked), placed, _worst(lines, len(asked), placed),
                         _longest(lines))  # fmt: skip


def _worst(lines: Sequence[Group], asked: int, placed: int) -> Group | None:
    """Whose share placed is smallest; None where all are as well off."""
    first = min(lines, key=lambda g: g.share, default=None)
    return first if first is not None and first.share * asked < placed else None


def _longest(lines: Sequence[Group]) -> Group | None:
    known = [g for g in lines if g.waited is not None]
    first = max(known, key=lambda g: g.waited or 0, default=None)
    shortest = min((g.waited or 0 for g in known), default=0)
    return first if first is not None and (first.waited or 0) > shortest else None


def is_large_enough(found: FairnessSheet) -> bool:
    """Are there enough households to describe groups of them?"""
    return found.households >= SMALL
