"""The compiled queue: one pass over the days of each lane. Its oracle is a clerk with lists.

The source also runs without compiler (``NUMBA_DISABLE_JIT=1``), byte for byte the same. Rows lie
in memory in the order in which they join, so the pass reads forward; waiting rows hang in one
linked list per priority. Tallies are differences, summed by the caller; a wait is booked when it
ends.
"""

import numba as nb
import numpy as np

NEVER = 2**30
START, END, GIVES_UP, AMOUNT, KIND, DURATION, ROUNDS, AFTER = range(8)
HELD = -1  # in ROUNDS: has a place on day 0
OCCUPIED, WAITING, MARKED, OVERDUE = 0, 1, 2, 4  # MARKED + OCCUPIED, MARKED + WAITING: of some
TALLIES = 5  # KIND is 2 * priority, one more where marked

# Put into the pass as if written there, and without counting references to arrays: the counting
# (atomic, at each call) would cost four times the work itself (docs/method/speed.md). `_nrt` is
# Numba's own switch for code that allocates nothing; were it gone, the import would say so.
_inlined = nb.njit(_nrt=False, forceinline=True)  # type: ignore[call-overload]


@nb.njit(nogil=True, cache=True)
def serve_lanes(  # type: ignore[no-untyped-def]
    lane, columns, held, marked, places, step_pool, steps, trigger, days, slot_of, report_of,
    rules, outcome, tallies,
):  # fmt: skip
    """Serve every lane.

    Shapes: lane, held, marked (need,); places (draw, pool); steps (step, draw, 2).
    """
    draws, pools = places.shape
    slots, horizon = days.size, slot_of.size - 2
    priorities, passing, group_min, group_max, tolerated = rules
    free_below, in_a_row, lead, prepared = trigger
    first, last, done = outcome
    bounds, rows, whose = _in_order_of_joining(
        lane, draws * pools, columns, held, marked, horizon, done
    )
    queue = np.empty((priorities, 2), np.int32)  # first and last that waits
    again = np.empty((slots + 1, 2), np.int32)  # who queues for another round, by admission day
    freed = np.empty(slots + 1, np.int32)
    chosen = np.empty(max(group_max, 1), np.int32)
    for ln in range(draws * pools):
        at, stop = bounds[ln], bounds[ln + 1]
        if at == stop:
            continue
        draw, pool, tally = ln // pools, ln % pools, tallies[:, ln]
        queue[:] = -1
        again[:] = -1
        freed[:] = 0
        free = places[draw, pool]
        for k in range(step_pool.size):
            if step_pool[k] == pool:
                freed[_slot(slot_of, steps[k, draw, 0])] += steps[k, draw, 1]
        while at < stop and rows[at, ROUNDS] == HELD:
            free -= _hold(at, rows, whose, freed, slot_of, report_of, first, last, done, tally)
            at += 1
        tense, is_triggered = 0, False
        for s in range(slots):
            free += freed[s]
            t = days[s]
            if in_a_row > 0 and not is_triggered:
                tense = tense + 1 if free < free_below else 0
                if tense >= in_a_row:
                    is_triggered = True
                    freed[max(_slot(slot_of, t + lead), s + 1)] += prepared
            while at < stop and rows[at, START] <= t:
                _append(at, rows, queue, rows[at, KIND] >> 1)
                at += 1
            i = again[s, 0]
            while i >= 0:
                after = rows[i, AFTER]
                _append(i, rows, queue, rows[i, KIND] >> 1)
                i = after
            if free <= 0:
                continue
            if group_max > 0:
                free = _admit_groups(
                    t, free, queue, priorities, max(group_min, 1), group_max, rows, whose, chosen,
                    freed, again, slot_of, report_of, tolerated, first, last, done, tally,
                )  # fmt: skip
            else:
                free = _admit(
                    t, free, queue, priorities, passing, rows, whose, freed,
                    again, slot_of, report_of, tolerated, first, last, done, tally,
                )  # fmt: skip
        for c in range(priorities):
            _wait_in_vain(queue[c, 0], rows, report_of, tolerated, tally)
        _wait_in_vain(again[slots, 0], rows, report_of, tolerated, tally)
        while at < stop:  # joins after the last admission day
            _wait(at, rows[at, GIVES_UP], rows, report_of, tolerated, tally)
            at += 1


@nb.njit(nogil=True, cache=True)
def _in_order_of_joining(lane, lanes, columns, held, marked, horizon, done):  # type: ignore[no-untyped-def]
    """Rows sorted by lane, then held before others, then day of joining; a stable counting sort."""
    start, end, gives_up, amount, priority, duration, rounds = columns
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
            done[i] = gives_up[i]  # unless a place is found
        count[bucket[i] + 1] += 1
    for b in range(lanes * span):
        count[b + 1] += count[b]
    bounds = count[::span].copy()
    rows = np.empty((bounds[-1], 8), np.int32)
    whose = np.empty(bounds[-1], np.int32)
    # a column of one number holds for all: step 0
    a, p, d, r = amount.size > 1, priority.size > 1, duration.size > 1, rounds.size > 1
    for i in range(n):
        if bucket[i] < 0:
            continue
        at = count[bucket[i]]
        count[bucket[i]] += 1
        whose[at] = i
        rows[at, START], rows[at, END], rows[at, GIVES_UP] = start[i], end[i], gives_up[i]
        rows[at, AMOUNT], rows[at, DURATION] = amount[i * a], duration[i * d]
        rows[at, KIND] = 2 * priority[i * p] + marked[i]
        rows[at, ROUNDS] = HELD if held[i] else rounds[i * r]
    return bounds, rows, whose


@_inlined
def _slot(table, day):  # type: ignore[no-untyped-def]
    """Index of the first listed day that is not before this one."""
    return table[min(max(day, 0), table.size - 1)]


@_inlined
def _append(i, rows, queue, c):  # type: ignore[no-untyped-def]
    rows[i, AFTER] = -1
    if queue[c, 0] < 0:
        queue[c, 0] = i
    else:
        rows[queue[c, 1], AFTER] = i
    queue[c, 1] = i


@_inlined
def _unlink(before, i, rows, queue, c):  # type: ignore[no-untyped-def]
    after = rows[i, AFTER]
    if before < 0:
        queue[c, 0] = after
    else:
        rows[before, AFTER] = after
    if after < 0:
        queue[c, 1] = before


@_inlined
def _count(tally, kind, begin, end, amount, report_of):  # type: ignore[no-untyped-def]
    """Book an amount from a day until a day (half-open)."""
    a, b = _slot(report_of, begin), _slot(report_of, end)
    if a != b:
        tally[kind, a] += amount
        tally[kind, b] -= amount


@_inlined
def _hold(i, rows, whose, freed, slot_of, report_of, first, last, done, tally):  # type: ignore[no-untyped-def]
    """Has its place on day 0, even where that is one too many; returns the places it takes."""
    w, amount = whose[i], rows[i, AMOUNT]
    finish = min(rows[i, END], rows[i, START] + rows[i, DURATION])
    first[w], last[w], done[w] = rows[i, START], finish, finish
    if finish <= 0:
        return 0
    _count(tally, OCCUPIED + MARKED * (rows[i, KIND] & 1), 0, finish, amount, report_of)
    freed[_slot(slot_of, finish)] += amount
    return amount


@_inlined
def _wait(i, until, rows, report_of, tolerated, tally):  # type: ignore[no-untyped-def]
    """Waited from its day of joining until a day: for a place, or in vain."""
    since, amount = rows[i, START], rows[i, AMOUNT]
    _count(tally, WAITING + MARKED * (rows[i, KIND] & 1), since, until, amount, report_of)
    if since + tolerated < until:
        _count(tally, OVERDUE, since + tolerated, until, amount, report_of)


@_inlined
def _wait_in_vain(i, rows, report_of, tolerated, tally):  # type: ignore[no-untyped-def]
    """All from this one to the end of its list wait until they give up."""
    while i >= 0:
        _wait(i, rows[i, GIVES_UP], rows, report_of, tolerated, tally)
        i = rows[i, AFTER]


@_inlined
def _begin(  # type: ignore[no-untyped-def]
    i, t, rows, whose, again, slot_of, report_of, tolerated, first, last, done, tally
):
    """The wait is over, service starts on day t. Returns its last day."""
    w, until = whose[i], rows[i, GIVES_UP]
    finish = max(min(rows[i, END], t + rows[i, DURATION]), t + 1)
    _wait(i, t, rows, report_of, tolerated, tally)
    _count(tally, OCCUPIED + MARKED * (rows[i, KIND] & 1), t, finish, rows[i, AMOUNT], report_of)
    first[w] = min(first[w], t)
    rows[i, ROUNDS] -= 1
    if rows[i, ROUNDS] == 0:
        last[w], done[w] = finish, finish
    elif finish < until:
        rows[i, START] = finish
        _append(i, rows, again, _slot(slot_of, finish))
    else:
        done[w] = finish
    return finish


@_inlined
def _admit(  # type: ignore[no-untyped-def]
    t, free, queue, priorities, passing, rows, whose, freed,
    again, slot_of, report_of, tolerated, first, last, done, tally,
):  # fmt: skip
    """First come, first served within a priority; too-large needs may be passed over."""
    skipped = 0
    for c in range(priorities):
        before, i = -1, queue[c, 0]
        while i >= 0 and free > 0 and skipped <= passing:
            after, until, amount = rows[i, AFTER], rows[i, GIVES_UP], rows[i, AMOUNT]
            if until <= t:
                _unlink(before, i, rows, queue, c)
                _wait(i, until, rows, report_of, tolerated, tally)
            elif amount > free:
                skipped += 1
                before = i
            else:
                _unlink(before, i, rows, queue, c)
                finish = _begin(
                    i, t, rows, whose,
                    again, slot_of, report_of, tolerated, first, last, done, tally,
                )  # fmt: skip
                free -= amount
                freed[_slot(slot_of, finish)] += amount
            i = after
    return free


@_inlined
def _admit_groups(  # type: ignore[no-untyped-def]
    t, free, queue, priorities, group_min, group_max, rows, whose, chosen, freed,
    again, slot_of, report_of, tolerated, first, last, done, tally,
):  # fmt: skip
    """Start full or large enough groups while a whole group's places are free."""
    while free >= group_max:
        size = 0
        for c in range(priorities):  # choose the first who still wait
            before, i = -1, queue[c, 0]
            while i >= 0 and size < group_max:
                after = rows[i, AFTER]
                if rows[i, GIVES_UP] <= t:
                    _unlink(before, i, rows, queue, c)
                    _wait(i, rows[i, GIVES_UP], rows, report_of, tolerated, tally)
                else:
                    chosen[size] = i
                    size += 1
                    before = i
                i = after
        if size < group_min:
            break
        close = t
        for k in range(size):
            i = chosen[k]
            _unlink(-1, i, rows, queue, rows[i, KIND] >> 1)
            close = max(close, t + rows[i, DURATION])
            _begin(
                i, t, rows, whose, again, slot_of, report_of, tolerated, first, last, done, tally,
            )  # fmt: skip
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
