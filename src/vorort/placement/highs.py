"""HiGHS, the solver: arrays in, a checked answer out. One thread, work limits, never wall time."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vorort.placement.homes import Flags, Ints
from vorort.placement.matrix import Floats, Matrix

NO_LIMIT = 2**31 - 1


def _library() -> Any:
    """Loaded when first solved: who only asks for tonight does not wait for it."""
    return import_module("highspy")


WHOLE = 1e-6  # so near to a whole number is one


class SolverFailed(RuntimeError):
    """HiGHS gave no usable answer; nothing of it is used."""


@dataclass(frozen=True)
class Answer:
    """``is_optimal``: proved. ``x`` None: infeasible, or nothing found within the limits."""

    x: Floats | None
    is_optimal: bool
    is_infeasible: bool
    row_dual: Floats | None = None
    bound: float = float("inf")  # on the maximum, as HiGHS says; never used as a certificate


def solve(
    matrix: Matrix,
    *,
    relaxed: bool = False,
    start: Floats | None = None,
    nodes: int = NO_LIMIT,
    gap: float = 0.0,
    seed: int = 0,
    presolve: bool = True,
) -> Answer:
    """Maximise. ``relaxed``: the linear relaxation, with duals. ``nodes``: work limit."""
    if not len(matrix.points):  # nobody asks for anything
        return Answer(np.zeros(0), True, False, np.zeros(len(matrix.low)), 0.0)
    highs = _passed(matrix, relaxed)
    options: dict[str, Any] = {
        "random_seed": seed, "mip_max_nodes": nodes, "mip_rel_gap": gap, "mip_abs_gap": 0.5,
        "presolve": "choose" if presolve else "off",
    }  # fmt: skip
    for name, value in options.items():
        _ok(highs.setOptionValue(name, value), f"option {name}")
    if start is not None and not relaxed:
        given = _library().HighsSolution()
        given.col_value = list(start)
        _ok(highs.setSolution(given), "start")
    _ok(highs.run(), "run")
    return _answer(highs, relaxed)


def solve_quickly(matrix: Matrix, *, nodes: int = NO_LIMIT, seed: int = 0) -> Answer:
    """The same answer; the relaxation first, where mostly that has no point, or a whole one.

    Else it is close to one: to make the model smaller takes longer than to solve it, by up to 20.
    """
    answer = solve(matrix, relaxed=True)
    if answer.x is None or not (np.abs(answer.x - np.rint(answer.x)) > WHOLE).any():
        return answer
    return solve(matrix, nodes=nodes, seed=seed, presolve=False)


class Growing:
    """The relaxation of some columns of a matrix, to which others are added; each solve goes on
    from where the last one ended. All rows are in it from the start.
    """

    def __init__(self, matrix: Matrix, free: Flags) -> None:
        self._matrix = matrix
        order = np.argsort(matrix.index, kind="stable")
        self._row, self._value = matrix.row[order].astype(np.int32), matrix.value[order]
        counts = np.bincount(matrix.index, minlength=len(matrix.points))
        self._begin = np.concatenate([[0], np.cumsum(counts)])
        self.columns = np.flatnonzero(free)
        self._highs = _passed(matrix.only(free), relaxed=True)

    def add(self, columns: Ints) -> None:
        """Further columns."""
        begin, end = self._begin[columns], self._begin[columns + 1]
        counts = end - begin
        firsts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        entries = np.arange(counts.sum()) + np.repeat(begin - firsts, counts)
        points, upper = self._matrix.points[columns], self._matrix.upper[columns]
        _ok(
            self._highs.addCols(
                len(columns), points, np.zeros(len(columns)), upper, len(entries),
                firsts.astype(np.int32), self._row[entries], self._value[entries],
            ),
            "columns",
        )  # fmt: skip
        self.columns = np.append(self.columns, columns)

    def solve(self) -> Answer:
        """``x`` in the order of `columns`, and duals."""
        if not len(self.columns):
            return Answer(np.zeros(0), True, False, np.zeros(len(self._matrix.low)), 0.0)
        _ok(self._highs.run(), "run")
        return _answer(self._highs, relaxed=True)


def _passed(matrix: Matrix, relaxed: bool) -> Any:
    highspy = _library()
    highs = highspy.Highs()
    _ok(highs.setOptionValue("output_flag", False), "option output_flag")
    _ok(highs.setOptionValue("threads", 1), "option threads")
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(matrix.points), len(matrix.low)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = matrix.points
    lp.col_lower_ = np.zeros(len(matrix.points))
    lp.col_upper_ = matrix.upper
    lp.row_lower_ = _finite(matrix.low)
    lp.row_upper_ = _finite(matrix.high)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = matrix.start
    lp.a_matrix_.index_ = matrix.index
    lp.a_matrix_.value_ = matrix.value
    if not relaxed:
        whole = highspy.HighsVarType.kInteger
        lp.integrality_ = [whole] * len(matrix.points)
    _ok(highs.passModel(lp), "model")
    return highs


def _finite(bounds: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.clip(bounds, -_library().kHighsInf, _library().kHighsInf)


def _ok(status: Any, what: str) -> None:
    if status == _library().HighsStatus.kError:
        raise SolverFailed(f"HiGHS refused: {what}")


def _answer(highs: Any, relaxed: bool) -> Answer:
    highspy = _library()
    status = highs.getModelStatus()
    known = highspy.HighsModelStatus
    if status in (known.kInfeasible, known.kUnboundedOrInfeasible):
        return Answer(None, False, True)
    info = highs.getInfo()
    has_point = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    is_optimal = status == known.kOptimal
    if not is_optimal and status not in (known.kSolutionLimit, known.kIterationLimit):
        raise SolverFailed(f"HiGHS ended with: {highs.modelStatusToString(status)}")
    solution = highs.getSolution()
    x = np.array(solution.col_value) if has_point else None
    dual = np.array(solution.row_dual) if relaxed and is_optimal else None
    bound = info.objective_function_value if relaxed else info.mip_dual_bound
    return Answer(x, is_optimal, False, dual, float(bound))
