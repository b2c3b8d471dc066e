"""From a folder to a run: what the command line, the demo and later the web call."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vorort.arrivals.scenarios import NAMES
from vorort.domains import all_domains
from vorort.problems import Problem, Refused, near_miss
from vorort.stress import backtest
from vorort.stress.run import Progress, Run, run_stress
from vorort.stress.setup import open_scenario

KREISE = Path("data/regionalstatistik_2018/asylblg_empfaenger_kreis_2010_2015.csv")
NATIONAL = "leipzig-2015"  # the case that types the national totals of the years before 2015


def run_folder(
    folder: Path, *, draws: int = 1000, seed: int = 1, months: int | None = None, threads: int = 2,
    only: str | None = None, progress: Progress | None = None,
) -> Run:  # fmt: skip
    """The stress test of a scenario folder. Raises ``Refused`` with every complaint."""
    if only is not None and only not in NAMES:
        raise Refused([_unknown("--scenario", only, NAMES)])
    scenario, resolved = open_scenario(folder)
    return run_stress(
        scenario, all_domains(), resolved, draws=draws, seed=seed, months=months, threads=threads,
        only=only, progress=progress,
    )  # fmt: skip


def examples() -> Path:
    """The examples of this checkout, else those below the current folder."""
    here = Path(__file__).parents[3] / "examples"
    return here if here.is_dir() else Path("examples")


def run_backtests(
    names: Sequence[str], *, draws: int = 1000, seed: int = 1, shared: Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Named cases, folders, or ``all``, as the JSON of DESIGN 14, with the context cases told.

    ``shared``: folder with the published Kreis tables; with ``all``, coverage is measured on them.
    """
    root = examples() / "backtests"
    folders = backtest.cases_in(root) if list(names) == ["all"] else [_case(n, root) for n in names]
    results: list[backtest.CaseResult] = []
    problems: list[Problem] = []
    for done, folder in enumerate(folders):
        if progress is not None:
            progress(done, len(folders))
        try:
            results.append(backtest.run_case(folder, draws, seed))
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    if progress is not None:
        progress(len(folders), len(folders))
    if list(names) != ["all"]:
        return backtest.to_json(results)
    return backtest.to_json(
        results, backtest.read_context(root), _coverage(shared, root, draws, seed)
    )


def _coverage(shared: Path | None, root: Path, draws: int, seed: int) -> list[backtest.Coverage]:
    """Coverage on about 400 Kreise; empty where the table is not at hand (it is never shipped)."""
    table = None if shared is None else shared / KREISE
    if table is None or not table.is_file():
        return []
    known = backtest.read_case(root / NATIONAL).known
    national = {int(f.date): f.value for f in known if f.quantity == "national_asylum_year"}
    return backtest.coverage_kreise(table, national, draws, seed)


def _case(name: str, root: Path) -> Path:
    for folder in (Path(name), root / name):
        if (folder / "case.yaml").is_file():
            return folder
    raise Refused([_unknown("backtest", name, [f.name for f in backtest.cases_in(root)])])


def _unknown(place: str, name: str, known: Sequence[str]) -> Problem:
    near = near_miss(name, known)
    listed = ", ".join(known)
    return Problem(
        place, f"{name} gibt es nicht.", f"There is no {name}.",
        f"Meinten Sie {near}?" if near else f"Bekannt sind: {listed}.",
        f"Did you mean {near}?" if near else f"Known are: {listed}.",
    )  # fmt: skip
