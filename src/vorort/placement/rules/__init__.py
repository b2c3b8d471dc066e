"""Hard rules: one file each, found by looking into this folder. German: harte Regeln

A file defines ``RULE``. ``breaks`` says for one party, over all homes at once, which homes the rule
alone forbids, against what is known (also people already there); ``because`` says so in words for
one home; ``rows`` adds what binds several parties to the solver's model. Adding a rule is adding a
file; `rules.yaml` can switch it by its name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from vorort.placement.homes import Flags, Homes, Ints
from vorort.placement.problem import Party
from vorort.vocabulary import Text

if TYPE_CHECKING:
    from vorort.placement.program import Program

Rows = Callable[["Program"], None]


@dataclass(frozen=True)
class Rule:
    """A hard rule. ``order``: which reason is told first. ``is_optional``: can be switched off.

    ``lacks``: by how much each home misses, in the rule's measure; None = it has none.
    ``is_mendable``: would it help anybody to hear that only this stands against a home?
    """

    name: str
    order: int
    text: Text
    breaks: Callable[[Party, Homes], Flags]
    because: Callable[[Party, Homes, int], Text]
    rows: Rows | None = None
    is_optional: bool = True
    lacks: Callable[[Party, Homes], Ints] | None = None
    is_mendable: bool = True


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule there is, in the order in which reasons are told."""
    found = [import_module(f"{__name__}.{m.name}").RULE for m in iter_modules(__path__)]
    return tuple(sorted(found, key=lambda rule: (rule.order, rule.name)))


def rules_in_force(homes: Homes) -> tuple[Rule, ...]:
    """The rules that are on for a problem."""
    book = homes.problem.rulebook
    return tuple(rule for rule in all_rules() if book.is_on(rule.name))


def broken(party: Party, homes: Homes) -> dict[str, Flags]:
    """For each rule in force, the homes it forbids to a party."""
    return {rule.name: rule.breaks(party, homes) for rule in rules_in_force(homes)}
