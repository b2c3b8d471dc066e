"""For one household and every place, one of three answers. German: die drei Antworten

*Forbidden*: a rule stands against it by data alone, people already there included. *Full until D*:
it would be allowed, but too many places are in use; D is the first day it would fit. *Possible*:
everything else, also where today's proposal gives the place to others. Those who are locked and
placed count as there. Forcing a place of the first two kinds is infeasible, of the third feasible.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal

from vorort.placement.homes import Flags, Homes, Ints, homes_of, within_stay
from vorort.placement.options import reachable
from vorort.placement.plan import Assigned, Plan
from vorort.placement.problem import Party, Problem
from vorort.placement.rules import broken, rules_in_force
from vorort.placement.settle import settled
from vorort.vocabulary import Text

Answer = Literal["forbidden", "full", "possible"]
FAR = 3650  # days looked ahead for the first day on which a place would fit


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one place. ``rule``: that forbids it; ``from_day``: first day it would fit,
    None = no known end; ``row``: of the homes asked, where somebody would go or was refused.
    """

    units: tuple[str, ...]
    answer: Answer
    words: Text
    rule: str | None = None
    from_day: date | None = None
    row: int = -1


def locked_in(plan: Plan) -> tuple[Assigned, ...]:
    """Those a person has locked and the plan has placed: they do not give way."""
    locked = {row.household for row in plan.problem.locks if row.kind == "lock"}
    return tuple(a for a in plan.assigned if a.home is not None and a.party in locked)


@dataclass(frozen=True)
class Judge:
    """Answers for any party of a plan; what does not depend on the party is done once."""

    plan: Plan
    confirmed: frozenset[str] = frozenset()

    @cached_property
    def locked(self) -> tuple[Assigned, ...]:
        """Who is locked or confirmed, and placed."""
        found = locked_in(self.plan)
        names = self.confirmed - {a.party for a in found}
        return (*found, *(a for a in self.plan.assigned if a.home and a.party in names))

    def _view(self, party: Party) -> tuple[Homes, Homes]:
        """Homes now and far ahead, with the locked ones (but for the party) as people there."""
        others = tuple(a for a in self.locked if a.party != party.id)
        key = frozenset(a.party for a in others)
        if key not in self._views:
            problem = settled(self.plan.problem, others)
            self._views[key] = homes_of(problem), homes_of(_far(problem))
        return self._views[key]

    @cached_property
    def _views(self) -> dict[frozenset[str], tuple[Homes, Homes]]:
        return {}

    def verdicts(self, party: Party) -> tuple[Verdict, ...]:
        """One for every unit, and one for each set of adjoining units that would be allowed."""
        homes, far = self._view(party)
        view = _View.of(party, homes)
        later = _View.of(party, far)
        found = []
        for units, rows in _by_units(homes).items():
            verdict = _judge(view, later, units, rows)
            if len(units) == 1 or verdict.answer != "forbidden":
                found.append(verdict)
        return tuple(found)


def _far(problem: Problem) -> Problem:
    book = problem.rulebook
    settings = {**book.settings, "horizon_days": FAR}
    return problem.changed(rulebook=replace(book, settings=settings))


def _by_units(homes: Homes) -> dict[tuple[str, ...], list[int]]:
    found: dict[tuple[str, ...], list[int]] = {}
    for number, row in enumerate(homes.rows):
        found.setdefault(row.units, []).append(number)
    return found


@dataclass(frozen=True)
class _View:
    """Rules looked at for one party over all homes at once."""

    party: Party
    homes: Homes
    counts: Flags
    broken: dict[str, Flags]

    @classmethod
    def of(cls, party: Party, homes: Homes) -> _View:
        """Look."""
        return cls(party, homes, reachable(party, homes), broken(party, homes))

    @cached_property
    def is_allowed(self) -> Flags:
        """No rule stands against it."""
        found = self.counts.copy()
        for flags in self.broken.values():
            found &= ~flags
        return found

    @cached_property
    def rows_of(self) -> dict[tuple[str, ...], list[int]]:
        """Rows by units."""
        return _by_units(self.homes)

    def is_only_full(self, row: int) -> bool:
        """Too few places are left, empty there would be enough, and nothing else is against it."""
        against = [name for name, flags in self.broken.items() if flags[row]]
        return (
            against == ["fit"]
            and self.homes.smaller[row] < self.party.size
            and nominal(self.homes, row) >= self.party.size
        )

    def first_day(self, units: tuple[str, ...]) -> date | None:
        """First day on which the place would be allowed."""
        starts: Ints = self.homes.begins(self.party)
        days = [int(starts[r]) for r in self.rows_of.get(units, ()) if self.is_allowed[r]]
        return date.fromordinal(min(days)) if days else None


def nominal(homes: Homes, row: int) -> int:
    """Places of a home with nobody in it and nothing blocked, at the worst of its days."""
    home = homes.rows[row]
    return sum(
        min((s.nominal for s in within_stay(x.steps, home.start, home.until)), default=0)
        for x in homes.lodgings[row]
    )


def _judge(view: _View, later: _View, units: tuple[str, ...], rows: list[int]) -> Verdict:
    counted = [r for r in rows if view.counts[r]]
    allowed = [r for r in counted if view.is_allowed[r]]
    if allowed:
        return Verdict(units, "possible", Text("Möglich.", "Possible."), row=allowed[0])
    day = later.first_day(units)
    full = [r for r in counted if view.is_only_full(r)]
    if full:
        return Verdict(units, "full", _full(view, full[0], day), None, day, full[0])
    if not counted:
        text = Text("Der Einzug läge nach dem Zeitraum dieses Laufs.",
                    "Moving in would be after the period of this run.")  # fmt: skip
        return Verdict(units, "forbidden", text, "horizon", day)
    row, rule = counted[0], _first_rule(view, counted[0])
    if rule == "fit" and view.homes.smaller[row] < view.party.size:
        return Verdict(units, "forbidden", _too_small(view, row), rule, day, row)
    words = next(r for r in rules_in_force(view.homes) if r.name == rule)
    return Verdict(units, "forbidden", words.because(view.party, view.homes, row), rule, day, row)


def _first_rule(view: _View, row: int) -> str:
    """The first rule against it; that it is full as well is not the reason."""
    against = [r.name for r in rules_in_force(view.homes) if view.broken[r.name][row]]
    is_full = (
        view.homes.smaller[row] < view.party.size and nominal(view.homes, row) >= view.party.size
    )
    if is_full and len(against) > 1:
        against = [name for name in against if name != "fit"]
    return against[0]


def _too_small(view: _View, row: int) -> Text:
    places, need = nominal(view.homes, row), view.party.size
    return Text(f"Zu klein: {places} {'Platz' if places == 1 else 'Plätze'} im Ganzen, "
                f"gebraucht werden {need}.",
                f"Too small: {places} {'place' if places == 1 else 'places'} in all, {need} "
                "are needed.")  # fmt: skip


def _full(view: _View, row: int, day: date | None) -> Text:
    """Full until when, and how many places are short."""
    left = view.homes.rows[row].places
    until = (
        Text(f"voll bis {day:%d.%m.%Y}", f"full until {day}")
        if day
        else Text("voll, kein Ende bekannt", "full, no end known")
    )
    need = view.party.size
    return Text(
        f"{until.de[0].upper()}{until.de[1:]}: {left} von {need} benötigten Plätzen frei.",
        f"{until.en[0].upper()}{until.en[1:]}: {left} of {need} places needed are free.",
    )
