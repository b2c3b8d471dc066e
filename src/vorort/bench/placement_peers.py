"""A peer on the same matrix, alone in a process of its own: OR-Tools and HiGHS cannot share one.

    python -m vorort.bench.placement_peers cbc|cp-sat FOLDER SECONDS CORES SEED

``FOLDER`` holds `matrix.npz` as `handed_over` wrote it; what was found goes beside it as `x.npy`
(nothing where nothing was found) and `told.json`. Nothing of `vorort.placement` is imported.
"""

from __future__ import annotations

import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MATRIX, POINT, TOLD = "matrix.npz", "x.npy", "told.json"
PACKAGES = {"cbc": "pulp", "cp-sat": "ortools"}
WORKERS = 8  # what CP-SAT asks for at least, whatever the cores

Columns = dict[str, NDArray[Any]]
Answer = tuple[list[int] | None, float, float]  # point, seconds to build, seconds to solve


def run_cbc(given: Columns, seconds: float, cores: int, seed: int) -> Answer:
    """As a user of PuLP writes it: a variable a column, a sum a row, the bundled CBC."""
    pulp: Any = import_module("pulp")
    begun = time.perf_counter()
    # The negative is minimised: maximising, CBC reads the worth of a start with the wrong sign.
    problem = pulp.LpProblem("week", pulp.LpMinimize)
    upper, points = given["upper"].tolist(), given["points"].tolist()
    x = [pulp.LpVariable(f"x{n}", 0, u, cat=pulp.LpInteger) for n, u in enumerate(upper)]
    problem += pulp.LpAffineExpression([(x[n], -p) for n, p in enumerate(points) if p])
    for columns, values, low, high in _rows(given):
        total = pulp.LpAffineExpression([(x[c], v) for c, v in zip(columns, values, strict=True)])
        if low == high:
            problem += total == high
            continue
        if np.isfinite(high):
            problem += total <= high
        if np.isfinite(low):
            problem += total >= low
    is_started = "start" in given
    if is_started:
        for variable, value in zip(x, given["start"].tolist(), strict=True):
            variable.setInitialValue(value)
    built = time.perf_counter()
    solver = pulp.PULP_CBC_CMD(
        msg=False, timeLimit=seconds, threads=cores, warmStart=is_started,
        options=[f"RandomS {seed}"],
    )  # fmt: skip
    problem.solve(solver)
    ended = time.perf_counter()
    # Its status says "Optimal" also where time ran out, so it is not asked; the point is.
    has_point = problem.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible)
    found = [round(v.varValue or 0) for v in x] if has_point else None
    return found, built - begun, ended - built


def run_cp_sat(given: Columns, seconds: float, cores: int, seed: int) -> Answer:
    """CP-SAT takes whole numbers only; all of this model are."""
    cp_model: Any = import_module("ortools.sat.python.cp_model")
    begun = time.perf_counter()
    model = cp_model.CpModel()
    upper = given["upper"].astype(np.int64).tolist()
    x = [model.new_int_var(0, u, f"x{n}") for n, u in enumerate(upper)]
    weigh = cp_model.LinearExpr.weighted_sum
    for columns, values, low, high in _rows(given):
        total = weigh([x[c] for c in columns], [round(v) for v in values])
        least = round(low) if np.isfinite(low) else cp_model.INT32_MIN
        most = round(high) if np.isfinite(high) else cp_model.INT32_MAX
        model.add_linear_constraint(total, least, most)
    points = [(n, round(p)) for n, p in enumerate(given["points"].tolist()) if p]
    model.maximize(weigh([x[n] for n, _ in points], [p for _, p in points]))
    for variable, value in zip(x, given.get("start", np.zeros(0)).tolist(), strict=False):
        model.add_hint(variable, round(value))
    built = time.perf_counter()
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = max(WORKERS, cores)
    solver.parameters.random_seed = seed
    status = solver.solve(model)
    ended = time.perf_counter()
    has_point = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    found = [int(solver.value(v)) for v in x] if has_point else None
    return found, built - begun, ended - built


def _rows(given: Columns) -> Any:
    """Each row: its columns, their values, both sides."""
    ends = given["row_start"].tolist()
    index, value = given["index"].tolist(), given["value"].tolist()
    for n, (low, high) in enumerate(
        zip(given["low"].tolist(), given["high"].tolist(), strict=True)
    ):
        yield index[ends[n] : ends[n + 1]], value[ends[n] : ends[n + 1]], low, high


RUN = {"cbc": run_cbc, "cp-sat": run_cp_sat}


def main(arguments: list[str]) -> int:
    """Solve and write down."""
    name, folder, seconds, cores, seed = arguments
    place = Path(folder)
    with np.load(place / MATRIX) as stored:
        given = {key: stored[key] for key in stored.files}
    point, build, solve = RUN[name](given, float(seconds), int(cores), int(seed))
    if point is not None:
        np.save(place / POINT, np.array(point, np.int64))
    (place / TOLD).write_text(json.dumps({"build_seconds": build, "solve_seconds": solve}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
