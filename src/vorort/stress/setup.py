"""A scenario folder and the parameters that hold for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from vorort.files import Scenario, read_scenario
from vorort.parameters import Catalogue, Resolved, own_values, read_own, resolve
from vorort.parameters.plain import plain
from vorort.problems import Problem, Refused
from vorort.stress.catalogue import catalogue
from vorort.vocabulary import Value

OWN = "values.yaml"


def open_scenario(folder: Path) -> tuple[Scenario, Resolved]:
    """A scenario folder and the parameters that hold for it.

    Raises ``Refused`` with every complaint about every file, the Kommune's own values included.
    """
    known = catalogue()
    problems: list[Problem] = []
    scenario: Scenario | None = None
    try:
        scenario = read_scenario(folder)
    except Refused as refused:
        problems += refused.problems
    name = scenario.municipality.name if scenario else folder.name
    own, wrong = _own(folder, known, name)
    said = {(p.file, p.row, p.column) for p in problems}
    problems += [p for p in wrong if (p.file, p.row, p.column) not in said]
    if problems or scenario is None:
        raise Refused(problems)
    resolved = resolved_for(scenario, known, own)
    missing = _missing(resolved)
    if missing:
        raise Refused(missing)
    return scenario, resolved


def resolved_of(scenario: Scenario) -> Resolved:
    """The parameters that hold for a scenario that is already read, its own values among them.

    Raises ``Refused`` with every complaint about these.
    """
    known = catalogue()
    own: dict[str, tuple[Value, ...]] = {}
    if scenario.own_values:
        text = yaml.safe_dump(dict(scenario.own_values), allow_unicode=True)
        own, problems = own_values(plain(text, OWN), known, scenario.municipality.name)
        if problems:
            raise Refused(problems)
    return resolved_for(scenario, known, own)


def _missing(resolved: Resolved) -> list[Problem]:
    """Values a run cannot do without: a number is declared, yet none is in force here and today."""
    found = []
    for name, choice in resolved.choices.items():
        declared = [v for v in choice.parameter.values if v.scope == "bund"]
        if choice.amount is not None or all(v.amount is None for v in declared):
            continue
        first = min(v.valid_from for v in declared if v.amount is not None)
        is_early = first > resolved.on
        found.append(
            Problem(
                "town.yaml" if is_early else OWN,
                f"{name} hat am {resolved.on} keine Zahl, der Rechenlauf braucht eine"
                + (f" (erste ab {first})." if is_early else "."),
                f"{name} has no number on {resolved.on}, and a run needs one"
                + (f" (the first is from {first})." if is_early else "."),
                "In values.yaml eine Zahl mit Spanne, Begründung und Fundstelle eintragen.",
                "Put a number with range, reason and source into values.yaml.",
                column="today" if is_early else f"values.{name}",
            )
        )
    return found


def resolved_for(
    scenario: Scenario, known: Catalogue, own: Mapping[str, tuple[Value, ...]]
) -> Resolved:
    """What holds for a scenario on its day."""
    return resolve(known, scenario.municipality.today, scenario.municipality.land, own)


def _own(
    folder: Path, known: Catalogue, town: str
) -> tuple[dict[str, tuple[Value, ...]], tuple[Problem, ...]]:
    path = folder / OWN
    if not path.exists() or not path.stat().st_size:
        return {}, ()
    return read_own(path, known, town, OWN)
