"""From a scenario folder to a plan: what the command line calls, and the web's export as well."""

from __future__ import annotations

from pathlib import Path

from vorort.files import Scenario
from vorort.parameters import Resolved
from vorort.placement.gather import Surroundings, problem_of
from vorort.placement.goals import all_goals
from vorort.placement.groups import FLOORS
from vorort.placement.holding import Holding, holding, read_outlook
from vorort.placement.problem import Problem
from vorort.placement.rulebook import Rulebook, read_rulebook
from vorort.placement.rules import all_rules
from vorort.stress.setup import open_scenario

SPACE = "accommodation.space_m2"


def problem_of_folder(folder: Path, seed: int = 1) -> Problem:
    """The placement problem of a scenario folder. Raises `Refused` with every complaint."""
    scenario, resolved = open_scenario(folder)
    return problem_of_scenario(scenario, resolved, seed)


def week_of_folder(
    folder: Path, seed: int = 1, outlook: Path | None = None
) -> tuple[Problem, Holding | None]:
    """The same, and what is held back by the JSON of an outlook, where one is given."""
    scenario, resolved = open_scenario(folder)
    problem = problem_of_scenario(scenario, resolved, seed)
    if outlook is None:
        return problem, None
    held = holding(problem, read_outlook(outlook), announced_of(scenario))
    return held.within(problem), held


def announced_of(scenario: Scenario) -> frozenset[str]:
    """Ids of the announced households: the draws of an outlook hold them as well."""
    return frozenset(one.id for one in scenario.announced)


def problem_of_scenario(scenario: Scenario, resolved: Resolved, seed: int = 1) -> Problem:
    """The placement problem of a scenario that is already read."""
    town = scenario.municipality
    return problem_of(
        scenario.ledger, town.today, scenario.placing,
        Surroundings(
            rulebook_of(scenario), scenario.announced, scenario.resident_demand,
            resolved.amount(SPACE), pools_by_age(resolved), ages(resolved),
            town.reported_cycle_days, seed=seed,
        ),
    )  # fmt: skip


def rulebook_of(scenario: Scenario) -> Rulebook:
    """The rules in force on the day of the scenario."""
    return read_rulebook(
        scenario.rules, scenario.municipality.today,
        {rule.name: rule.is_optional for rule in all_rules()},
        {goal.name: goal.weight for goal in all_goals()},
        [office.id for office in scenario.municipality.offices], FLOORS,
    )  # fmt: skip


def pools_by_age(resolved: Resolved) -> dict[str, tuple[tuple[float, str], ...]]:
    """From which age a child belongs to which pool."""
    secondary = resolved.amount("school.secondary_from_age") or 10
    vocational = resolved.amount("school.vocational_from_age") or 16
    return {
        "childcare": ((0, "u3"), (3, "o3")),
        "school": ((0, "primary"), (secondary, "secondary"), (vocational, "vocational")),
    }


def ages(resolved: Resolved) -> dict[str, tuple[float, float]]:
    """Whom a need of a whole household concerns: from an age, below another."""
    of = resolved.amount
    until = of("childcare.until_age") or 6
    return {
        "childcare": (of("childcare.claim_from_age") or 1, until),
        "school": (of("school.from_age") or 6, of("school.until_age") or 18),
        "language": (of("school.until_age") or 18, 999),
    }
