"""The benchmark town on the production engine: named luck, needs, `serve`.

Nothing in the engine knows of this town. A day of the engine is a month here.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from vorort import luck
from vorort.bench import town
from vorort.bench.town import BED, COUNSELLING, COURSE, KITA, SCHOOL, SERVICES
from vorort.columns import NEVER, Dates, Discipline, Ints, Keys, Needs, rows_where
from vorort.queues import Capacity, Served, present, serve

_MONTHLY = Discipline(Dates(np.arange(town.MONTHS, dtype=np.int32), town.MONTHS))
_REPORTS = Dates(np.arange(town.MONTHS, dtype=np.int32), town.MONTHS)


@dataclass(frozen=True)
class _Newcomers:
    """Columns over the people of all draws."""

    draw: Ints
    key: Keys
    arrives: Ints
    leaves: Ints
    school_from: Ints  # month of the sixth birthday
    adult_from: Ints


def run_queues(
    seed: int, draws: slice, people: int = town.PEOPLE, places: tuple[int, ...] = town.PLACES
) -> Ints:
    """Counts of some draws, shape (series, draw, month); draw 7 is the same in any slice."""
    lanes = draws.stop - draws.start
    who = _newcomers(seed, draws, people)
    counts = np.empty((len(town.SERIES), lanes, town.MONTHS), np.int32)

    def queue(service: int, needs: Needs) -> Served:
        open_places = Capacity(np.array([[places[service]]], np.int32))
        nobody = np.zeros(len(needs), np.bool_)
        served = serve(needs, who.draw[needs.who], lanes, nobody, open_places, _MONTHLY, _REPORTS)
        counts[service] = served.occupied[:, 0]
        counts[len(SERVICES) + service] = served.waiting[:, 0]
        return served

    flat = np.minimum(who.leaves, who.arrives + _months(who.key, "own flat", town.OWN_FLAT))
    queue(BED, Needs(np.arange(len(flat), dtype=np.int32), who.arrives, flat))
    _children(who, queue)
    counts[-1] = _adults(who, lanes, queue)
    return counts


def run_in_chunks(seed: int, draws: int, threads: int, chunk: int = 10) -> Ints:
    """All draws in chunks on threads, shape (series, draw, month)."""
    parts = [slice(a, min(a + chunk, draws)) for a in range(0, draws, chunk)]
    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(lambda part: run_queues(seed, part), parts))
    return np.concatenate(found, axis=1)


def _newcomers(seed: int, draws: slice, people: int) -> _Newcomers:
    lanes = draws.stop - draws.start
    world = luck.worlds(seed, np.arange(draws.start, draws.stop))
    key = luck.mix(world[:, None], np.arange(people, dtype=np.uint64)[None, :]).ravel()
    cell = luck.uniform(key, "bench/arrives") * np.float32(len(town.ARRIVAL_MONTH))
    arrives = town.ARRIVAL_MONTH[cell.astype(np.int32)]
    age = _ages(key)
    return _Newcomers(
        draw=np.repeat(np.arange(lanes, dtype=np.int32), people), key=key, arrives=arrives,
        leaves=arrives + _months(key, "leaves", town.LEAVES),
        school_from=arrives + town.SCHOOL_AGE - age, adult_from=arrives + town.GROWN_UP - age,
    )  # fmt: skip


def _ages(key: Keys) -> Ints:
    """Age on arrival in months; adults count as just grown up, more is not asked for."""
    kind, part = luck.uniform(key, "bench/kind"), luck.uniform(key, "bench/age")
    school = np.float32(town.SMALL_SHARE + town.SCHOOL_SHARE)
    years = np.float32(town.GROWN_UP - town.SCHOOL_AGE)
    pupils = np.where(kind < school, town.SCHOOL_AGE + part * years, np.float32(town.GROWN_UP))
    small = kind < np.float32(town.SMALL_SHARE)
    return np.where(small, part * np.float32(town.SCHOOL_AGE), pupils).astype(np.int32)


def _months(key: Keys, purpose: str, chance: float) -> Ints:
    """Months until something happens that has this chance each month; at least one."""
    scale = np.float32(-1.0 / np.log1p(-chance))
    return (luck.exponential(key, f"bench/{purpose}") * scale).astype(np.int32) + np.int32(1)


def _children(who: _Newcomers, queue) -> None:  # type: ignore[no-untyped-def]
    small = rows_where(who.school_from > who.arrives)
    until = np.minimum(who.leaves[small], who.school_from[small])
    queue(KITA, Needs(small, who.arrives[small], until))
    pupils = rows_where((who.adult_from > who.arrives) & (who.school_from < who.leaves))
    start = np.maximum(who.arrives[pupils], who.school_from[pupils])
    in_time = start < town.MONTHS
    pupils, start = pupils[in_time], start[in_time]
    queue(SCHOOL, Needs(pupils, start, np.minimum(who.leaves[pupils], who.adult_from[pupils])))


def _adults(who: _Newcomers, lanes: int, queue) -> Ints:  # type: ignore[no-untyped-def]
    """Course, counselling, work; returns how many work, shape (draw, month)."""
    adults = rows_where((who.adult_from < who.leaves) & (who.adult_from < town.MONTHS))
    key, start, leaves = who.key[adults], who.adult_from[adults], who.leaves[adults]
    first_try = luck.uniform(key, "bench/passes") < np.float32(town.PASSES)
    second_try = luck.uniform(key, "bench/passes again") < np.float32(town.PASSES)
    rounds = np.where(first_try, np.int32(1), np.int32(town.COURSES))
    course = queue(COURSE, Needs(adults, start, leaves, duration=town.COURSE_MONTHS, rounds=rounds))
    passed = np.where((first_try | second_try) & (course.ends < leaves), course.ends, NEVER)
    counselled = _months(key, "counselled", town.COUNSELLED)
    queue(COUNSELLING, Needs(adults, start, leaves, duration=counselled))
    grew_up = start > who.arrives[adults]  # may work in the very month of the birthday
    begins = _work_begins(key, np.where(grew_up, start, start + np.int32(1)), passed)
    return present(who.draw[adults], lanes, begins, leaves, 1, _REPORTS)


def _work_begins(key: Keys, first: Ints, passed: Ints) -> Ints:
    """Month of finding work: one budget of luck, spent faster after a passed course."""
    budget = luck.exponential(key, "bench/work")
    slow, fast = (np.float32(-np.log1p(-p)) for p in (town.WORK_BEFORE, town.WORK_AFTER))
    begins = first + np.minimum(budget / slow, np.float32(2 * town.MONTHS)).astype(np.int32)
    turn = np.maximum(passed, first)
    late = np.flatnonzero(begins > turn)
    rest = budget[late] - slow * (turn[late] - first[late]).astype(np.float32)
    begins[late] = turn[late] + (np.maximum(rest, 0) / fast).astype(np.int32)
    day: Ints = begins
    return day
