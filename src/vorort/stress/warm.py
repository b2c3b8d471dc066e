"""Warm start: the ledger's records of day 0 on top of what the rules say.

Held on day 0 = placements with a unit in status confirmed, moved_in or absent; waiting = a request
without unit. In stock and without a record, nobody has a need that began in the past (CONTRACTS 1).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vorort.columns import NEVER, Flags, Ints, Needs, Records, joined


def apply_records(
    needs: Needs, in_stock: Flags, records: Records | None, overdue_end: int
) -> tuple[Needs, Flags]:
    """Needs with the stock's past put right, and which of them hold a place on day 0."""
    if records is None:
        records = Records.none(len(in_stock))
    here = in_stock[needs.who]
    chosen = _first_matching(needs, here, records)
    drop = here & (needs.start < 0) & ~chosen
    needs = _all_columns(needs)
    held = chosen & (records.held[needs.who] > 0)
    asks = chosen & ~held
    needs = _with_places(needs, held, records, overdue_end)
    needs = _with_requests(needs, asks, records)
    rest = _rest_of_households(needs, held, records)
    keep = ~drop
    needs, held = _kept(needs, keep), held[keep]
    if rest is None:
        return needs, held
    return joined(needs, rest), np.concatenate([held, np.zeros(len(rest), np.bool_)])


def _first_matching(needs: Needs, here: Flags, records: Records) -> Flags:
    """Of each row with a record the need that carries it: the first in its pool, else its first."""
    carries = here & records.any[needs.who]
    at = np.flatnonzero(carries)
    if not len(at):
        return carries
    wanted = records.pool[needs.who[at]]
    pool = np.broadcast_to(np.asarray(needs.pool, np.int32), len(needs))[at]
    is_wrong = (wanted >= 0) & (pool != wanted)
    order = np.lexsort((at, is_wrong, needs.who[at]))
    first = np.ones(len(at), np.bool_)
    first[1:] = needs.who[at][order][1:] != needs.who[at][order][:-1]
    chosen = np.zeros(len(needs), np.bool_)
    chosen[at[order][first]] = True
    return chosen


def _all_columns(needs: Needs) -> Needs:
    n = len(needs)

    def column(x: Ints | int) -> Ints:
        return np.array(np.broadcast_to(np.asarray(x, np.int32), n))

    gives_up = needs.end if needs.gives_up is None else needs.gives_up
    return replace(
        needs, start=column(needs.start), end=column(needs.end), amount=column(needs.amount),
        priority=column(needs.priority), duration=column(needs.duration), gives_up=column(gives_up),
        rounds=column(needs.rounds), pool=column(needs.pool),
    )  # fmt: skip


def _with_places(needs: Needs, held: Flags, records: Records, overdue_end: int) -> Needs:
    at = np.flatnonzero(held)
    who = needs.who[at]
    since, until = np.minimum(records.held_from[who], 0), records.held_until[who]
    needs.start[at] = since
    _column(needs.amount)[at] = np.minimum(
        records.held[who], np.maximum(_column(needs.amount)[at], 1)
    )
    pool = records.pool[who]
    _column(needs.pool)[at] = np.where(pool >= 0, pool, _column(needs.pool)[at])
    end = needs.end[at]
    usual = np.minimum(end.astype(np.int64), since + _column(needs.duration)[at].astype(np.int64))
    planned = np.where(end > 0, np.minimum(end, until), until)
    finish = np.where((until > 0) & (until < NEVER), planned, usual)
    finish = np.where(finish <= 0, overdue_end, finish)
    needs.end[at] = np.minimum(finish, NEVER)
    _column(needs.duration)[at] = NEVER
    _column(needs.rounds)[at] = 1
    return needs


def _with_requests(needs: Needs, asks: Flags, records: Records) -> Needs:
    at = np.flatnonzero(asks)
    who = needs.who[at]
    needs.start[at] = records.waiting_since[who]
    needs.end[at] = np.maximum(needs.end[at], 1)
    gives_up = _column(needs.gives_up)
    gives_up[at] = np.where(
        gives_up[at] > np.maximum(needs.start[at], 0), gives_up[at], needs.end[at]
    )
    pool = records.pool[who]
    _column(needs.pool)[at] = np.where(pool >= 0, pool, _column(needs.pool)[at])
    return needs


def _rest_of_households(needs: Needs, held: Flags, records: Records) -> Needs | None:
    """Members without a place of a household that has some: they wait for the rest."""
    at = np.flatnonzero(held & (records.asked[needs.who] > 0))
    if not len(at):
        return None
    who = needs.who[at]
    gives_up = needs.end[at]
    return replace(
        _kept(needs, at), start=np.minimum(records.waiting_since[who], 0), amount=records.asked[who],
        gives_up=gives_up,
    )  # fmt: skip


def _kept(needs: Needs, keep: Flags | np.ndarray[tuple[int], np.dtype[np.int64]]) -> Needs:
    columns = {c: getattr(needs, c)[keep] for c in (
        "who", "start", "end", "amount", "priority", "duration", "gives_up", "rounds", "pool")}  # fmt: skip
    return Needs(**columns, succeeds=None if needs.succeeds is None else needs.succeeds[keep])


def _column(column: Ints | int | None) -> Ints:
    assert isinstance(column, np.ndarray)
    return column
