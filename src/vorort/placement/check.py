"""A plan looked at once more, home by home and day by day: what of it breaks a rule. German: Probe

It trusts neither the solver nor the model's rows: a plan that breaks a rule is not given out as if
nothing were wrong, wherever the fault lies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from vorort.ledger import may_join
from vorort.placement.groups import floor_text, floors_wanted, in_group
from vorort.placement.homes import Homes, homes_of, within_stay
from vorort.placement.plan import Assigned, Plan
from vorort.placement.problem import Lodging, Problem
from vorort.placement.rules import all_rules
from vorort.placement.rules.exclusions import in_force
from vorort.placement.rules.space import holds
from vorort.vocabulary import Sex, Text


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that a plan breaks."""

    rule: str
    households: tuple[str, ...]
    units: tuple[str, ...]
    text: Text


def rules_broken(plan: Plan, homes: Homes | None = None) -> tuple[Broken, ...]:
    """Everything in a plan that breaks a rule in force; empty = nothing."""
    problem = plan.problem
    homes = homes_of(problem) if homes is None else homes
    placed = [a for a in plan.assigned if a.home is not None]
    found = [b for one in placed for b in _alone(problem, homes, one)]
    in_unit: defaultdict[str, list[Assigned]] = defaultdict(list)
    for one in placed:
        for unit in one.home.units if one.home else ():
            in_unit[unit].append(one)
    for unit in sorted(in_unit):
        found += _together(problem, problem.lodging[unit], in_unit[unit])
    if problem.rulebook.is_on("exclusions"):
        found += _apart(problem, placed)
    return tuple([*found, *_floors(plan), *_seats(plan)])


def _alone(problem: Problem, homes: Homes, one: Assigned) -> Iterator[Broken]:
    """Rules that speak of one household and one home."""
    party, home = problem.party[one.party], one.home
    rows = [i for i, row in enumerate(homes.rows) if row == home]
    for rule in all_rules():
        if problem.rulebook.is_on(rule.name):
            for row in rows:
                if rule.breaks(party, homes)[row]:
                    text = rule.because(party, homes, row)
                    yield Broken(rule.name, (party.id,), homes.rows[row].units, text)
    if not rows:
        text = Text("Diesen Platz gibt es nicht.", "There is no such place.")
        yield Broken("fit", (party.id,), home.units if home else (), text)


def _together(problem: Problem, lodging: Lodging, here: list[Assigned]) -> Iterator[Broken]:
    """One party in a family unit; else places, floor area and sex, on every day."""
    names = tuple(a.party for a in here)

    def broken(rule: str) -> Broken:
        text = next(r.text for r in all_rules() if r.name == rule)
        return Broken(rule, names, (lodging.id,), text)

    if lodging.unit.kind == "family":
        if len(here) > 1:
            yield broken("fit")
        return
    most, area_most = _most(problem, lodging, here)
    if most > 0:
        yield broken("fit")
    if area_most > 0 and problem.rulebook.is_on("space"):
        yield broken("space")
    if problem.rulebook.is_on("sex") and not _may_share(problem, lodging, here):
        yield broken("sex")


def _most(problem: Problem, lodging: Lodging, here: list[Assigned]) -> tuple[int, int]:
    """People beyond the places, and beyond the floor area, on the worst day."""
    area, norm = lodging.unit.floor_area_m2, problem.space_m2
    allowed = None if area is None or norm is None else int(holds(area, norm))
    days = sorted({a.start for a in here if a.start} | {s.day for s in lodging.steps})
    worst = worst_area = 0
    for day in days:
        people = sum(problem.party[a.party].size for a in here if _is_there(a, day))
        step = next(iter(within_stay(lodging.steps, day, None)), None)
        if people and step is not None:
            worst = max(worst, people - max(0, step.open - step.used))
            if allowed is not None:
                worst_area = max(worst_area, people + step.used - allowed)
    return worst, worst_area


def _is_there(one: Assigned, day: date) -> bool:
    until = one.home.until if one.home else None
    return one.start is not None and one.start <= day and (until is None or day < until)


def _may_share(problem: Problem, lodging: Lodging, here: list[Assigned]) -> bool:
    """Everybody against everybody else who is or comes there, by the ledger's own rule."""
    people: list[Sex | None] = []
    for one in here:
        party = problem.party[one.party]
        people += [m.sex for m in party.members] + [None] * (party.size - len(party.members))
    first = min(a.start for a in here if a.start is not None)
    others = [t.sex for t in lodging.there if t.until is None or t.until > first]
    return all(
        may_join(lodging.unit, sex, {*others, *people[:n], *people[n + 1 :]})
        for n, sex in enumerate(people)
    )


def _apart(problem: Problem, placed: list[Assigned]) -> Iterator[Broken]:
    building = {a.party: problem.lodging[a.home.units[0]].building for a in placed if a.home}
    for row in in_force(problem):
        if row.other is not None and building.get(row.household, 1) == building.get(row.other, 2):
            text = Text("Für dieses Gebäude ist ein Ausschluss erfasst.",
                        "An exclusion is recorded for this building.")  # fmt: skip
            yield Broken("exclusions", (row.household, row.other), (), text)


def _floors(plan: Plan) -> Iterator[Broken]:
    """Counted anew: a proved plan reaches each floor, or as much of it as any plan can."""
    placed = {a.party for a in plan.assigned if a.home is not None}
    for key, least in floors_wanted(plan.problem).items():
        mine = [p for p in plan.problem.parties if p.asks_home and in_group(p, key)]
        people = sum(p.size for p in mine if p.id in placed)
        possible = min(least, plan.placed_bound.get(key, least))
        if plan.is_proved and people < possible:
            group = floor_text(key)
            text = Text(f"Untergrenze nicht erreicht ({group.de}): {people} von {possible}.",
                        f"Floor not reached ({group.en}): {people} of {possible}.")  # fmt: skip
            yield Broken("floor", tuple(p.id for p in mine if p.id not in placed), (), text)


def _seats(plan: Plan) -> Iterator[Broken]:
    """No group gives more seats than it has left."""
    given: defaultdict[str, list[str]] = defaultdict(list)
    for seat in plan.seats:
        if seat.unit is not None:
            given[seat.unit].append(seat.party)
    left = {s.unit: s.left for s in plan.problem.seats}
    for unit, parties in sorted(given.items()):
        if len(parties) > left[unit]:
            text = Text("Mehr Plätze vergeben als frei.", "More seats given than there are.")
            yield Broken("seats", tuple(parties), (unit,), text)
