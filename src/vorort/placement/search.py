"""Most points of a large model: relaxation by sifting, a core, then what is left to prove.

1. The linear relaxation on few columns per party, re-priced over all until none is missing; its
   row multipliers give a bound that holds for every plan.
2. The most promising columns of each party as a whole-number model, from the best start known.
3. Columns that no better plan can contain (bound less their loss is not above the best plan) are
   gone for good; where few are left the rest is solved to the end, and the plan is proved.
4. Otherwise blocks of buildings are solved anew, one after the other, while that helps.

All limits count nodes, columns and rounds, never seconds: same problem, same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vorort.placement.highs import Growing, SolverFailed, solve
from vorort.placement.homes import Flags, Ints
from vorort.placement.matrix import Floats, Matrix

ENOUGH_COLUMNS = 2500  # so few are solved to the end at once
PER_PARTY = 12  # columns of each party in the core
SIFTING_ROUNDS = 12
CORE_NODES = 200
PROOF_COLUMNS, PROOF_NODES = 12_000, 400
BLOCK_COLUMNS, BLOCK_NODES = 1300, 30
FRUITLESS = 12  # blocks in a row without gain, then the search ends


@dataclass(frozen=True)
class Found:
    """The best point, and a bound for every point of the model."""

    x: Ints
    worth: int
    bound: int
    is_proved: bool
    rounds: int = 0


@dataclass(frozen=True)
class Groups:
    """What the search must know of the columns: which party (-1: none) and which building."""

    party: Ints
    building: Ints
    is_small: Flags  # switches: always in


Say = Callable[[float], None]
Stop = Callable[[], bool]


def maximise(
    matrix: Matrix, start: Ints, groups: Groups, seed: int, say: Say, stop: Stop, rounds: int
) -> Found:
    """The best point reachable from ``start``, which must be feasible."""
    best, worth = start, matrix.worth(start)
    if len(matrix.points) <= ENOUGH_COLUMNS:
        answer = solve(matrix, start=start.astype(np.float64), seed=seed)
        x = _rounded(matrix, answer.x)
        if x is None or not answer.is_optimal:
            raise SolverFailed("no proved optimum of a small model")
        return Found(x, matrix.worth(x), matrix.worth(x), True)
    bound, loss, used = relaxed(matrix, best, groups)
    say(0.2)
    if bound <= worth or stop():
        return Found(best, worth, max(bound, worth), bound <= worth)
    core = groups.is_small | (best > 0) | used | _first(groups.party, -loss, PER_PARTY)
    core &= (loss < max(1, bound - worth)) | (best > 0)
    best, worth, _ = _improved(matrix, core, best, worth, CORE_NODES, seed)
    say(0.5)
    if stop():
        return Found(best, worth, bound, bound <= worth)
    return _finished(
        matrix, Found(best, worth, bound, False), loss, groups, seed, say, stop, rounds
    )


def quickly(
    matrix: Matrix, start: Ints, groups: Groups, seed: int, near: Flags, sizes: tuple[int, ...],
    nodes: int,
) -> Found:  # fmt: skip
    """A bound for every point, and the best one on very few columns: what the relaxation uses,
    ``start`` and ``near``, and the first of each party. ``sizes``: so many of each, one try after
    the other until the bound is reached. Seconds where `maximise` takes a minute.
    """
    best, worth = start, matrix.worth(start)
    bound, loss, used = relaxed(matrix, best, groups)
    for most in sizes:
        if worth >= bound:
            break
        core = groups.is_small | used | near | (best > 0) | _first(groups.party, -loss, most)
        best, worth, is_best = _improved(matrix, core, best, worth, nodes, seed)
        if is_best and not (~core & (bound - loss > worth - 1e-6)).any():
            bound = worth  # no better plan could contain any other column
    return Found(best, worth, max(bound, worth), bound <= worth)


def _finished(
    matrix: Matrix, found: Found, loss: Floats, groups: Groups, seed: int, say: Say, stop: Stop,
    rounds: int,
) -> Found:  # fmt: skip
    """Prove what is left, or improve it block by block until nothing helps."""
    best, worth, bound, done = found.x, found.worth, found.bound, 0
    while bound > worth and not stop():
        # The columns a better plan could contain. The bound was rounded down: hence no + 1.
        possible = (bound - loss > worth - 1e-6) | (best > 0)
        old = worth
        if possible.sum() <= PROOF_COLUMNS:
            best, worth, proved = _improved(matrix, possible, best, worth, PROOF_NODES, seed)
            if proved:
                return Found(best, worth, worth, True, done)
        if worth == old:
            best, worth, done = _blocks(
                matrix, best, worth, groups, possible, seed, say, stop, done, rounds
            )
        if worth == old:
            break
    return Found(best, worth, max(bound, worth), bound <= worth, done)


def relaxed(
    matrix: Matrix, start: Ints, groups: Groups, grows: int = PER_PARTY
) -> tuple[int, Floats, Flags]:
    """A bound for every point; what each column loses against it; which the relaxation uses.

    ``grows``: columns of each party that a round adds.
    """
    free = groups.is_small | (start > 0) | _first(groups.party, matrix.points, PER_PARTY)
    used = np.zeros(len(matrix.points), np.bool_)
    growing = Growing(matrix, free)
    for _ in range(SIFTING_ROUNDS):
        answer = growing.solve()
        if answer.row_dual is None or answer.x is None:
            raise SolverFailed("no duals of the relaxation")
        used[:] = False
        used[growing.columns[answer.x > 1e-9]] = True
        dual = matrix.clean(answer.row_dual)
        reduced = matrix.reduced(dual)
        missing = ~free & (reduced > 1e-6)
        if not missing.any():
            break
        more = missing & _first(groups.party, np.where(missing, reduced, -np.inf), grows)
        growing.add(np.flatnonzero(more))
        free |= more
    # What choosing a column costs against the bound; nothing where it has a positive price.
    return matrix.bound(dual), np.maximum(0.0, -reduced), used


def _first(party: Ints, score: Floats, most: int) -> Flags:
    """The best columns of each party; of those of no party as many as all parties together."""
    order = np.lexsort((np.arange(len(score)), -score, party))
    begins = np.flatnonzero(np.diff(party[order], prepend=-2))
    place = np.arange(len(order)) - np.repeat(begins, np.diff(np.append(begins, len(order))))
    found = np.zeros(len(score), np.bool_)
    shared = most * max(1, int(party.max(initial=0)))
    found[order] = place < np.where(party[order] < 0, shared, most)
    return found


def _improved(
    matrix: Matrix, free: Flags, best: Ints, worth: int, nodes: int, seed: int
) -> tuple[Ints, int, bool]:
    """The best point on some columns, the others fixed; and whether it is proved on these."""
    part, _ = matrix.part(free, best)
    answer = solve(part, start=best[free].astype(np.float64), nodes=nodes, seed=seed)
    inner = _rounded(part, answer.x)
    if inner is None:
        return best, worth, False
    x = best.copy()
    x[free] = inner
    found = matrix.worth(x)
    if found <= worth or not matrix.is_feasible(x):
        return best, worth, answer.is_optimal
    return x, found, answer.is_optimal


def _rounded(matrix: Matrix, x: Floats | None) -> Ints | None:
    """The point in whole numbers, or None where that breaks a row."""
    if x is None:
        return None
    found = np.rint(x).astype(np.int64)
    return found if matrix.is_feasible(found) else None


def _blocks(
    matrix: Matrix, best: Ints, worth: int, groups: Groups, possible: Flags, seed: int,
    say: Say, stop: Stop, done: int, rounds: int,
) -> tuple[Ints, int, int]:  # fmt: skip
    """Blocks of buildings anew, until one helps, too many did not, or the limit is reached."""
    buildings = int(groups.building.max(initial=0)) + 1
    for fruitless in range(FRUITLESS):
        if done >= rounds or stop():
            break
        rng = np.random.default_rng((seed, done))
        size = min(buildings, 10 + fruitless)
        free = _block(best, groups, possible, rng.permutation(buildings), size)
        done += 1
        say(0.5 + 0.5 * done / max(1, rounds))
        best, found, _ = _improved(matrix, free, best, worth, BLOCK_NODES, seed)
        if found > worth:
            return best, found, done
    return best, worth, done


def _block(best: Ints, groups: Groups, possible: Flags, order: Ints, size: int) -> Flags:
    """Columns of a few buildings, for those who live there or nowhere, and the seats."""
    free = groups.is_small
    for count in range(size, 0, -1):
        inside = np.isin(groups.building, order[:count])
        moved = set(groups.party[(best > 0) & (inside | (groups.building < 0))].tolist()) - {-1}
        mine = np.isin(groups.party, sorted(moved)) & (inside | (groups.building < 0))
        free = (possible & mine) | (groups.is_small & inside)
        free |= possible & (groups.party < 0) & (groups.building < 0)
        if free.sum() <= BLOCK_COLUMNS:
            break
    return free


def first_by_key(matrix: Matrix, x: Ints, worth: int, ranked: list[Ints], seed: int) -> Ints:
    """Of all points worth as much the first: each party in turn has its smallest column by key.

    ``ranked``: columns of each party, smallest key first, parties in the order of theirs.
    """
    scored = np.flatnonzero(matrix.points)
    alike = matrix.with_row(scored, matrix.points[scored].astype(np.int64), worth)
    for columns in ranked:
        if not x[columns[0]]:
            rank = len(columns) - np.arange(len(columns))
            answer = solve(alike.with_points(columns, rank), start=x.astype(np.float64), seed=seed)
            found = _rounded(alike, answer.x)
            if found is not None and answer.is_optimal:
                x = found
        alike = alike.with_row(columns, x[columns], 1)
    return x
