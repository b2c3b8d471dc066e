"""Warm start: the ledger's records of day 0 on top of what the rules say.

Held on day 0 = placements with a unit in status confirmed, moved_in or absent; waiting = a request
without unit. In stock and without a record, nobody has a need that began in the past (CONTRACTS 1).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from vorort.columns import NEVER, Flags, Ints, Needs, Records, joined, rows_where

Rows = NDArray[np.integer]


def apply_records(
    needs: Needs, in_stock: Flags, records: Records | None, overdue_end: int
) -> tuple[Needs, Flags]:
    """Needs with the stock's past put right, and which of them hold a place on day 0."""
    here = rows_where(in_stock[needs.who])
    if records is None:
        records = Records.none(len(in_stock))
    chosen = here[_first_matching(needs, here, records)]
    drop = np.zeros(len(needs), np.bool_)
    drop[here] = needs.start[here] < 0
    drop[chosen] = False
    keep = np.flatnonzero(~drop)
    needs = _kept(needs, keep)
    chosen = np.searchsorted(keep, chosen).astype(np.int32)
    held = np.zeros(len(needs), np.bool_)
    held[chosen] = records.held[needs.who[chosen]] > 0
    with_place = chosen[held[chosen]]
    _put_places(needs, with_place, records, overdue_end)
    _put_requests(needs, chosen[~held[chosen]], records)
    rest = _rest_of_households(needs, with_place, records)
    if rest is None:
        return needs, held
    return joined(needs, rest), np.concatenate([held, np.zeros(len(rest), np.bool_)])


def _first_matching(needs: Needs, here: Ints, records: Records) -> Ints:
    """Of each row with a record the need that carries it: the first in its pool, else its first.

    ``here``: needs of people in stock; the result are positions within it.
    """
    at = rows_where(records.any[needs.who[here]])
    who = needs.who[here[at]]
    wanted = records.pool[who]
    pool = np.broadcast_to(np.asarray(needs.pool, np.int32), len(needs))[here[at]]
    is_wrong = (wanted >= 0) & (pool != wanted)
    order = np.lexsort((at, is_wrong, who))
    first = np.ones(len(at), np.bool_)
    first[1:] = who[order][1:] != who[order][:-1]
    return at[order][first]


def _put_places(needs: Needs, at: Ints, records: Records, overdue_end: int) -> None:
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


def _put_requests(needs: Needs, at: Ints, records: Records) -> None:
    who = needs.who[at]
    needs.start[at] = records.waiting_since[who]
    needs.end[at] = np.maximum(needs.end[at], 1)
    gives_up = _column(needs.gives_up)
    gives_up[at] = np.where(
        gives_up[at] > np.maximum(needs.start[at], 0), gives_up[at], needs.end[at]
    )
    pool = records.pool[who]
    _column(needs.pool)[at] = np.where(pool >= 0, pool, _column(needs.pool)[at])


def _rest_of_households(needs: Needs, at: Ints, records: Records) -> Needs | None:
    """Members without a place of a household that has some: they wait for the rest."""
    at = np.sort(at[records.asked[needs.who[at]] > 0])
    if not len(at):
        return None
    who = needs.who[at]
    gives_up = needs.end[at]
    return replace(
        _kept(needs, at),
        start=np.minimum(records.waiting_since[who], 0),
        amount=records.asked[who],
        gives_up=gives_up,
    )


def _kept(needs: Needs, keep: Rows) -> Needs:
    """Some of the needs, with every column written out."""

    def column(x: Ints | int) -> Ints:
        if isinstance(x, np.ndarray) and x.size == len(needs):
            return x[keep].astype(np.int32, copy=False)
        return np.full(len(keep), x, np.int32)

    gives_up = needs.end if needs.gives_up is None else needs.gives_up
    return Needs(
        who=column(needs.who), start=column(needs.start), end=column(needs.end),
        amount=column(needs.amount), priority=column(needs.priority),
        duration=column(needs.duration), gives_up=column(gives_up), rounds=column(needs.rounds),
        pool=column(needs.pool), succeeds=None if needs.succeeds is None else needs.succeeds[keep],
    )  # fmt: skip


def _column(column: Ints | int | None) -> Ints:
    if not isinstance(column, np.ndarray):
        raise TypeError(f"one value per row is needed here, not {column!r}")
    return column
