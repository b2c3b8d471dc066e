"""The warm start against cards sorted by hand: every record counts once, nothing is made up."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from vorort.columns import NEVER, Dates, Discipline, Needs, Records
from vorort.queues import Capacity, serve
from vorort.stress.warm import apply_records

EXAMPLES = 3000 if os.environ.get("VORORT_FULL") else 250
OVERDUE = 14


@dataclass(frozen=True)
class Card:
    """One need as a rule writes it."""

    who: int
    start: int
    end: int
    amount: int
    gives_up: int
    pool: int
    duration: int
    rounds: int = 1
    priority: int = 0
    is_held: bool = False


@dataclass(frozen=True)
class Record:
    """What the ledger says of a household; nothing held and nothing asked = no record."""

    held: int
    held_from: int
    held_until: int
    asked: int
    waiting_since: int
    pool: int


@st.composite
def households(draw: st.DrawFn) -> tuple[list[bool], list[Record | None], list[Card]]:
    """Up to eight households: in stock or to come, with or without record, with some needs each.

    As the rules promise, whoever has a record has at least one need.
    """
    in_stock, records, cards = [], [], []
    for who in range(draw(st.integers(1, 8))):
        old = draw(st.booleans())
        known = old and draw(st.booleans())
        in_stock.append(old)
        records.append(draw(_record()) if known else None)
        for _ in range(draw(st.integers(1 if known else 0, 4))):
            cards.append(draw(_card(who, old)))
    order = draw(st.permutations(range(len(cards))))
    return in_stock, records, [cards[k] for k in order]


@st.composite
def _record(draw: st.DrawFn) -> Record:
    held = draw(st.integers(0, 4))
    asked = draw(st.integers(0 if held else 1, 3))
    return Record(
        held, draw(st.integers(-400, 0) | st.sampled_from([-20, -90])) if held else NEVER,
        draw(st.sampled_from([NEVER, -20, 0, 1, 30, 200])) if held else NEVER,
        asked, draw(st.integers(-90, 0)) if asked else NEVER, draw(st.integers(-1, 2)),
    )  # fmt: skip


@st.composite
def _card(draw: st.DrawFn, who: int, old: bool) -> Card:
    start = draw(st.integers(-100 if old else 0, 50))
    end = draw(st.integers(start + 1, start + 300) | st.just(max(start + 1, 0)))
    return Card(
        who, start, end, draw(st.integers(1, 5)), start + draw(st.integers(1, end - start)),
        draw(st.integers(0, 2)), draw(st.sampled_from([20, 90, NEVER])), draw(st.integers(1, 2)),
        draw(st.integers(0, 1)),
    )  # fmt: skip


def by_hand(in_stock: list[bool], records: list[Record | None], cards: list[Card]) -> list[Card]:
    """Sort the cards household by household."""
    out: list[Card | None] = list(cards)
    extra: list[tuple[int, Card]] = []
    for who, record in enumerate(records):
        mine = [k for k, c in enumerate(cards) if c.who == who]
        carrier = None
        if record is not None:
            fitting = [k for k in mine if cards[k].pool == record.pool]
            carrier = fitting[0] if fitting else mine[0]
            pool = record.pool if record.pool >= 0 else cards[carrier].pool
            if record.held:
                held = _held(replace(cards[carrier], pool=pool), record)
                out[carrier] = held
                if record.asked:
                    extra.append((carrier, replace(
                        held, start=record.waiting_since, amount=record.asked,
                        gives_up=held.end, is_held=False,
                    )))  # fmt: skip
            else:
                out[carrier] = _asks(replace(cards[carrier], pool=pool), record)
        for k in mine:
            if in_stock[who] and k != carrier and cards[k].start < 0:
                out[k] = None
    return [c for c in out if c is not None] + [c for _, c in sorted(extra, key=lambda e: e[0])]


def _held(card: Card, record: Record) -> Card:
    if 0 < record.held_until < NEVER:
        end = min(card.end, record.held_until) if card.end > 0 else record.held_until
    else:
        end = min(card.end, record.held_from + card.duration)
    return replace(
        card, start=record.held_from, end=end if end > 0 else OVERDUE, duration=NEVER, rounds=1,
        amount=min(record.held, card.amount), is_held=True,
    )  # fmt: skip


def _asks(card: Card, record: Record) -> Card:
    end = max(card.end, 1)
    patient = card.gives_up > 0 and card.gives_up > record.waiting_since
    return replace(
        card, start=record.waiting_since, end=end, gives_up=card.gives_up if patient else end
    )


def columns(records: list[Record | None], cards: list[Card]) -> tuple[Needs, Records]:
    def of(name: str) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        return np.array([getattr(c, name) for c in cards], np.int32)

    none = Record(0, NEVER, NEVER, 0, NEVER, -1)

    def said(name: str) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        return np.array([getattr(r or none, name) for r in records], np.int32)

    needs = Needs(
        of("who"), of("start"), of("end"), of("amount"), of("priority"), of("duration"),
        of("gives_up"), of("rounds"), of("pool"),
    )  # fmt: skip
    return needs, Records(
        said("held_from"), said("held_until"), said("waiting_since"), said("pool"), said("held"),
        said("asked"),
    )  # fmt: skip


def warmed(in_stock: list[bool], records: list[Record | None], cards: list[Card]) -> list[Card]:
    needs, ledger = columns(records, cards)
    after, held = apply_records(needs, np.array(in_stock, np.bool_), ledger, OVERDUE)
    assert after.gives_up is not None
    named = [
        np.broadcast_to(x, len(after)).tolist()
        for x in (after.who, after.start, after.end, after.amount, after.gives_up, after.pool,
                  after.duration, after.rounds, after.priority, held)
    ]  # fmt: skip
    return [Card(*row) for row in zip(*named, strict=True)]


@settings(max_examples=EXAMPLES)
@given(households())
def test_records_are_put_on_the_needs_as_one_does_by_hand(
    town: tuple[list[bool], list[Record | None], list[Card]],
) -> None:
    assert warmed(*town) == by_hand(*town)


@settings(max_examples=EXAMPLES)
@given(households())
def test_every_record_appears_once_and_nobody_else_has_a_past(
    town: tuple[list[bool], list[Record | None], list[Card]],
) -> None:
    in_stock, records, before = town
    after = warmed(*town)
    for who, record in enumerate(records):
        mine = [c for c in after if c.who == who]
        held = [c for c in mine if c.is_held]
        if record is None:
            assert not held
            assert not in_stock[who] or all(c.start >= 0 for c in mine)
        elif record.held:
            assert len(held) == 1
            wanted = next(c.amount for c in before if c.who == who and _carries(c, record, before))
            assert held[0].amount == min(record.held, wanted)
            assert held[0].end > 0
        else:
            assert not held
            past = [c for c in mine if c.start == record.waiting_since and c.end > 0]
            assert past and all(c.gives_up > 0 for c in past[:1])


def _carries(card: Card, record: Record, cards: list[Card]) -> bool:
    mine = [c for c in cards if c.who == card.who]
    fitting = [c for c in mine if c.pool == record.pool]
    return card is (fitting[0] if fitting else mine[0])


@settings(max_examples=EXAMPLES // 5)
@given(households(), st.integers(0, 10))
def test_what_is_held_is_occupied_on_day_0_even_without_enough_places(
    town: tuple[list[bool], list[Record | None], list[Card]], places: int
) -> None:
    in_stock, records, cards = town
    if not cards:
        return
    needs, ledger = columns(records, cards)
    after, held = apply_records(needs, np.array(in_stock, np.bool_), ledger, OVERDUE)
    days = Dates(np.arange(1, 60, dtype=np.int32), 60)  # nobody is admitted on day 0
    report = Dates(np.zeros(1, np.int32), 60)
    served = serve(
        after, np.zeros(len(after), np.int32), 1, held,
        Capacity(np.full((1, 3), places, np.int32)), Discipline(days, 2), report,
    )  # fmt: skip
    amount = np.broadcast_to(after.amount, len(after))
    pool = np.broadcast_to(after.pool, len(after))
    for p in range(3):
        assert served.occupied[0, p, 0] == amount[held & (pool == p)].sum()
    asked = sum(r.asked for r in records if r is not None and r.held)
    alone = sum(
        next(c.amount for c in cards if c.who == w and _carries(c, r, cards))
        for w, r in enumerate(records) if r is not None and not r.held
    )  # fmt: skip
    today = sum(c.amount for c in cards if c.start == 0 and not _is_carrier(c, records, cards))
    assert served.waiting[0, :, 0].sum() == asked + alone + today


def _is_carrier(card: Card, records: list[Record | None], cards: list[Card]) -> bool:
    record = records[card.who]
    return record is not None and _carries(card, record, cards)
