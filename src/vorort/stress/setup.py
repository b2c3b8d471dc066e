"""The parameters of a run: which folders declare them, and what holds for a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vorort import domains, laender
from vorort.files import Scenario, read_scenario
from vorort.parameters import Catalogue, Resolved, load, read_own, resolve
from vorort.problems import Problem, Refused
from vorort.vocabulary import Value

PACKAGES = Path(__file__).parents[1]
OWN = "values.yaml"


def folders() -> tuple[Path, ...]:
    """Every folder that declares or sets parameters of the outlook."""
    core = tuple(PACKAGES / name for name in ("arrivals", "lifecourse", "stress"))
    return (*domains.folders(), *core, *laender.folders())


def catalogue() -> Catalogue:
    """All declared parameters with federal and Land values; imports no compiled code."""
    return load(folders())


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
    return scenario, resolved_for(scenario, known, own)


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
