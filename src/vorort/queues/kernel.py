"""The compiled queue: one pass over the days of each lane. Its oracle is a clerk with lists.

The source also runs without compiler (``NUMBA_DISABLE_JIT=1``), byte for byte the same. Rows lie
in memory in the order in which they join, so the pass reads forward; waiting rows hang in one
linked list per priority. Tallies are differences, summed by the caller.
"""

import numba as nb
import numpy as np

NEVER = 2**30
START, END, GIVES_UP, AMOUNT, PRIORITY, DURATION, ROUNDS, AFTER = range(8)
HELD = -1  # in ROUNDS: has a place on day 0
OCCUPIED, WAITING, OVERDUE, MARKED = (
    0,
    1,
    2,
    3,
)  # MARKED + OCCUPIED, MARKED + WAITING: of some people


@nb.njit(nogil=True, cache=True)
def serve_lanes(  # type: ignore[no-untyped-def]
    lane,
    columns,
    held,
    marked,
    places,
    step_pool,
    steps,
    trigger,
    days,
    slot_of,
    report_of,
    rules,
    outcome,
    tallies,
):
    """Serve every lane. Shapes: lane, held, marked (need,); places (draw, pool); steps (step, draw, 2)."""
    draws, pools = places.shape
    slots = days.size
    priorities = rules[0]
    horizon = slot_of.size - 2
    bounds, rows, whose = _in_order_of_joining(lane, draws * pools, columns, held, horizon)
    queue = np.empty((priorities, 2), np.int32)  # first and last that waits
    again = np.empty((slots + 1, 2), np.int32)  # who queues for another round, by admission day
    freed = np.empty(slots + 1, np.int32)
    chosen = np.empty(max(rules[3], 1), np.int32)
    for ln in range(draws * pools):
        at, stop = bounds[ln], bounds[ln + 1]
        if at == stop:
            continue
        draw, pool = ln // pools, ln % pools
        queue[:] = -1
        again[:] = -1
        freed[:] = 0
        free = places[draw, pool]
        for k in range(step_pool.size):
            if step_pool[k] == pool:
                freed[_slot(slot_of, steps[k, draw, 0])] += steps[k, draw, 1]
        while at < stop and rows[at, ROUNDS] == HELD:
            free -= _hold(
                at, rows, whose, marked, freed, slot_of, report_of, outcome, tallies[:, ln]
            )
            at += 1
        tense, is_triggered = 0, False
        for s in range(slots):
            free += freed[s]
            t = days[s]
            if trigger[1] > 0 and not is_triggered:
                tense = tense + 1 if free < trigger[0] else 0
                if tense >= trigger[1]:
                    is_triggered = True
                    freed[max(_slot(slot_of, t + trigger[2]), s + 1)] += trigger[3]
            while at < stop and rows[at, START] <= t:
                _wait(at, rows, whose, marked, report_of, outcome, tallies[:, ln], rules[4])
                _append(at, rows, queue[rows[at, PRIORITY]])
                at += 1
            i = again[s, 0]
            while i >= 0:
                after = rows[i, AFTER]
                _append(i, rows, queue[rows[i, PRIORITY]])
                i = after
            if rules[3] > 0:
                free = _admit_groups(
                    t,
                    free,
                    queue,
                    rows,
                    whose,
                    marked,
                    chosen,
                    freed,
                    again,
                    slot_of,
                    report_of,
                    rules,
                    outcome,
                    tallies[:, ln],
                )
            elif free > 0:
                free = _admit(
                    t,
                    free,
                    queue,
                    rows,
                    whose,
                    marked,
                    freed,
                    again,
                    slot_of,
                    report_of,
                    rules,
                    outcome,
                    tallies[:, ln],
                )
        while at < stop:  # joins after the last admission day
            _wait(at, rows, whose, marked, report_of, outcome, tallies[:, ln], rules[4])
            at += 1


@nb.njit(nogil=True, cache=True)
def _in_order_of_joining(lane, lanes, columns, held, horizon):  # type: ignore[no-untyped-def]
    """Rows sorted by lane, then held before others, then day of joining; a stable counting sort."""
    start, gives_up = columns[0], columns[2]
    n = start.size
    low = 0
    for i in range(n):
        low = min(low, start[i])
    span = horizon - low + 2  # bucket 0 of a lane is for those who hold a place
    count = np.zeros(lanes * span + 1, np.int32)
    bucket = np.empty(n, np.int32)
    for i in range(n):
        if held[i]:
            bucket[i] = lane[i] * span
        elif start[i] > horizon or start[i] >= gives_up[i]:
            bucket[i] = -1
            continue
        else:
            bucket[i] = lane[i] * span + 1 + start[i] - low
        count[bucket[i] + 1] += 1
    for b in range(lanes * span):
        count[b + 1] += count[b]
    bounds = count[::span].copy()
    rows = np.empty((bounds[-1], 8), np.int32)
    whose = np.empty(bounds[-1], np.int32)
    for i in range(n):
        if bucket[i] < 0:
            continue
        at = count[bucket[i]]
        count[bucket[i]] += 1
        whose[at] = i
        for c in range(7):
            rows[at, c] = columns[c][i] if columns[c].size > 1 else columns[c][0]
        if held[i]:
            rows[at, ROUNDS] = HELD
    return bounds, rows, whose


@nb.njit(inline="always")
def _slot(table, day):  # type: ignore[no-untyped-def]
    """Index of the first listed day that is not before this one."""
    return table[min(max(day, 0), table.size - 1)]


@nb.njit(inline="always")
def _append(i, rows, ends):  # type: ignore[no-untyped-def]
    rows[i, AFTER] = -1
    if ends[0] < 0:
        ends[0] = i
    else:
        rows[ends[1], AFTER] = i
    ends[1] = i


@nb.njit(inline="always")
def _unlink(before, i, rows, ends):  # type: ignore[no-untyped-def]
    if before < 0:
        ends[0] = rows[i, AFTER]
    else:
        rows[before, AFTER] = rows[i, AFTER]
    if rows[i, AFTER] < 0:
        ends[1] = before


@nb.njit(inline="always")
def _count(kind, first, last, amount, is_marked, report_of, tally):  # type: ignore[no-untyped-def]
    """Book an amount from a day until a day (half-open)."""
    a, b = _slot(report_of, first), _slot(report_of, last)
    tally[kind, a] += amount
    tally[kind, b] -= amount
    if is_marked:
        tally[MARKED + kind, a] += amount
        tally[MARKED + kind, b] -= amount


@nb.njit(inline="always")
def _hold(i, rows, whose, marked, freed, slot_of, report_of, outcome, tally):  # type: ignore[no-untyped-def]
    """Has its place on day 0, even where that is one too many; returns the places it takes."""
    first, last, done = outcome
    finish = min(rows[i, END], rows[i, START] + rows[i, DURATION])
    first[whose[i]], last[whose[i]], done[whose[i]] = rows[i, START], finish, finish
    if finish <= 0:
        return 0
    _count(OCCUPIED, 0, finish, rows[i, AMOUNT], marked[whose[i]], report_of, tally)
    freed[_slot(slot_of, finish)] += rows[i, AMOUNT]
    return rows[i, AMOUNT]


@nb.njit(inline="always")
def _wait(i, rows, whose, marked, report_of, outcome, tally, tolerated):  # type: ignore[no-untyped-def]
    """Wait from this day on; the tally assumes that nobody comes until the need gives up."""
    day, until, amount = rows[i, START], rows[i, GIVES_UP], rows[i, AMOUNT]
    _count(WAITING, day, until, amount, marked[whose[i]], report_of, tally)
    if day + tolerated < until:
        _count(OVERDUE, day + tolerated, until, amount, False, report_of, tally)
    outcome[2][whose[i]] = until


@nb.njit(inline="always")
def _begin(i, t, rows, whose, marked, freed, again, slot_of, report_of, outcome, tally, tolerated):  # type: ignore[no-untyped-def]
    """Service starts on day t; the assumed end of waiting is corrected. Returns the last day."""
    first, last, done = outcome
    w, amount, until = whose[i], rows[i, AMOUNT], rows[i, GIVES_UP]
    finish = max(min(rows[i, END], t + rows[i, DURATION]), t + 1)
    rows[i, ROUNDS] -= 1
    _count(WAITING, t, until, -amount, marked[w], report_of, tally)
    late = rows[i, START] + tolerated
    if late < until:
        _count(OVERDUE, max(t, late), until, -amount, False, report_of, tally)
    _count(OCCUPIED, t, finish, amount, marked[w], report_of, tally)
    first[w] = min(first[w], t)
    last[w] = finish if rows[i, ROUNDS] == 0 else NEVER
    done[w] = finish
    if rows[i, ROUNDS] > 0 and finish < until:
        rows[i, START] = finish
        _wait(i, rows, whose, marked, report_of, outcome, tally, tolerated)
        _append(i, rows, again[_slot(slot_of, finish)])
    return finish


@nb.njit(inline="always")
def _admit(
    t, free, queue, rows, whose, marked, freed, again, slot_of, report_of, rules, outcome, tally
):  # type: ignore[no-untyped-def]
    """First come, first served within a priority; too-large needs may be passed over."""
    skipped = 0
    for c in range(rules[0]):
        before, i = -1, queue[c, 0]
        while i >= 0 and free > 0 and skipped <= rules[1]:
            after = rows[i, AFTER]
            if rows[i, GIVES_UP] > t and rows[i, AMOUNT] > free:
                skipped += 1
                before = i
            else:
                _unlink(before, i, rows, queue[c])
                if rows[i, GIVES_UP] > t:
                    finish = _begin(
                        i,
                        t,
                        rows,
                        whose,
                        marked,
                        freed,
                        again,
                        slot_of,
                        report_of,
                        outcome,
                        tally,
                        rules[4],
                    )
                    free -= rows[i, AMOUNT]
                    freed[_slot(slot_of, finish)] += rows[i, AMOUNT]
            i = after
    return free


@nb.njit(inline="always")
def _admit_groups(
    t,
    free,
    queue,
    rows,
    whose,
    marked,
    chosen,
    freed,
    again,
    slot_of,
    report_of,
    rules,
    outcome,
    tally,
):  # type: ignore[no-untyped-def]
    """Start full or large enough groups while a whole group's places are free."""
    group_min, group_max = max(rules[2], 1), rules[3]
    while free >= group_max:
        size = 0
        for c in range(rules[0]):  # choose the first who still wait
            before, i = -1, queue[c, 0]
            while i >= 0 and size < group_max:
                if rows[i, GIVES_UP] <= t:
                    _unlink(before, i, rows, queue[c])
                else:
                    chosen[size] = i
                    size += 1
                    before = i
                i = rows[i, AFTER]
        if size < group_min:
            break
        close = t
        for k in range(size):
            i = chosen[k]
            _unlink(-1, i, rows, queue[rows[i, PRIORITY]])
            close = max(close, t + rows[i, DURATION])
            _begin(
                i,
                t,
                rows,
                whose,
                marked,
                freed,
                again,
                slot_of,
                report_of,
                outcome,
                tally,
                rules[4],
            )
        free -= group_max
        freed[_slot(slot_of, close)] += group_max
    return free


@nb.njit(nogil=True, cache=True)
def count_present(cell, begin, end, amount, report_of, tally):  # type: ignore[no-untyped-def]
    """Add to ``tally`` (cell, report) the amounts there from ``begin`` to ``end``."""
    for i in range(cell.size):
        if begin[i] < end[i]:
            a = amount[i] if amount.size > 1 else amount[0]
            tally[cell[i], _slot(report_of, begin[i])] += a
            tally[cell[i], _slot(report_of, end[i])] -= a
