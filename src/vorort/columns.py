"""People, needs and outcomes as flat columns: the types between the stages of a run.

Time is whole days since the scenario's start (day 0 = the municipality's ``today``); the past is
negative. Intervals are half-open. Everything lives in arrays over households or persons of many
draws at once; a rule of a domain sees columns and never a draw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]
Floats = NDArray[np.floating]
Keys = NDArray[np.uint64]

NEVER = 2**30
YEAR, MONTH = 365.25, 30.4375
GROUPS = ("asylum", "temporary", "reunification", "resettlement", "other")
ASYLUM, TEMPORARY, REUNIFICATION, RESETTLEMENT, OTHER = range(5)


@dataclass(frozen=True)
class Calendar:
    """Days and dates of a run. ``days`` is the first day after the last month."""

    start: date
    days: int

    @classmethod
    def of_months(cls, start: date, months: int) -> Calendar:
        """From ``start`` to the end of the ``months``-th calendar month, that of start included."""
        month = start.year * 12 + start.month - 1 + months
        return cls(start, (date(month // 12, month % 12 + 1, 1) - start).days)

    def day(self, on: date) -> int:
        """The day number of a date; negative before the start."""
        return (on - self.start).days

    def date_of(self, day: int) -> date:
        """The date of a day number."""
        return self.start + timedelta(days=int(day))

    @cached_property
    def months(self) -> tuple[str, ...]:
        """``YYYY-MM`` of each calendar month touched, in order."""
        return tuple(f"{d.year:04d}-{d.month:02d}" for d in self._firsts)

    @cached_property
    def _firsts(self) -> list[date]:
        found, d = [], self.start
        while self.day(d) < self.days:
            found.append(d)
            d = date(d.year + d.month // 12, d.month % 12 + 1, 1)
        return found

    @cached_property
    def month_starts(self) -> Ints:
        """Day number on which each month begins (the first one on day 0), shape (month,)."""
        return np.array([self.day(d) for d in self._firsts], np.int32)

    @cached_property
    def tallies(self) -> Ints:
        """Days on which a run counts: day 0 and every Monday after it."""
        monday = (7 - self.start.weekday()) % 7 or 7
        return np.concatenate([[0], np.arange(monday, self.days, 7)]).astype(np.int32)

    def yearly(self, *month_days: tuple[int, int]) -> Ints:
        """All days 0..days that fall on one of these (month, day) of any year, sorted."""
        years = range(self.start.year, self.date_of(self.days).year + 1)
        found = {self.day(date(y, m, d)) for y in years for m, d in month_days}
        return np.array(sorted(d for d in found if 0 <= d <= self.days), np.int32)

    def next_yearly(self, day: Ints, month: int, day_of_month: int) -> Ints:
        """For each day the first (month, day_of_month) that is not before it; shape as given."""
        first, following = _marks(self.start, month, day_of_month)
        at = np.clip(day, first, first + len(following) - 1) - first
        found: Ints = following[at]
        return found


@cache
def _marks(start: date, month: int, day: int) -> tuple[np.int32, Ints]:
    """One calendar day in each of 300 years: the first of them, and from there on, for every day,
    the next one (a table, because a search for each person takes ten times as long)."""
    years = range(start.year - 130, start.year + 170)
    marks = np.array([(date(y, month, day) - start).days for y in years], np.int32)
    days = np.arange(marks[0], marks[-1] + 1)
    return marks[0], marks[np.searchsorted(marks, days)]


@dataclass(frozen=True)
class Dates:
    """Days on which something happens, within a horizon of ``horizon`` days."""

    days: Ints
    horizon: int

    @cached_property
    def next(self) -> Ints:
        """For each day 0..horizon+1 the index of the first date that is not before it."""
        return np.searchsorted(self.days, np.arange(self.horizon + 2)).astype(np.int32)


class Values:
    """The parameters of a run: one number each, or one number a draw where it is uncertain.

    ``central`` is the number of draw 0. An unknown parameter raises ``KeyError`` when read:
    ask ``known`` first where a rule can live without it.
    """

    def __init__(
        self,
        central: Mapping[str, float | None],
        drawn: Mapping[str, Floats] | None = None,
        changes: Mapping[str, tuple[tuple[int, float], ...]] | None = None,
        reads: set[str] | None = None,
    ) -> None:
        self._central = dict(central)
        self._drawn = dict(drawn or {})
        self._changes = dict(changes or {})
        self.reads: set[str] = set() if reads is None else reads

    def known(self, name: str) -> bool:
        """Is there a number?"""
        self.reads.add(name)
        return self._central[name] is not None

    def central(self, name: str) -> float:
        """The number of draw 0: for what is the same in all draws."""
        self.reads.add(name)
        number = self._central[name]
        if number is None:
            raise KeyError(f"{name} is unknown")
        return number

    def of(self, name: str, draw: Ints) -> float | Floats:
        """The number that holds in each row's draw; shape of ``draw``, or one number for all."""
        self.reads.add(name)
        if name in self._drawn:
            column: Floats = self._drawn[name][draw]
            return column
        return self.central(name)

    def on(self, name: str, day: Ints) -> Floats:
        """The central number in force on each day: a dated rule may change within the horizon."""
        number = np.full(np.shape(day), self.central(name), np.float64)
        for since, amount in self._changes.get(name, ()):
            number[day >= since] = amount
        return number

    def with_(self, numbers: Mapping[str, float]) -> Values:
        """The same values with other numbers for some names, certain in all draws."""
        drawn = {n: c for n, c in self._drawn.items() if n not in numbers}
        return Values({**self._central, **numbers}, drawn, self._changes, self.reads)

    def chunk(self, draws: slice) -> Values:
        """The same values for some of the draws, numbered from 0."""
        drawn = {name: column[draws] for name, column in self._drawn.items()}
        return Values(self._central, drawn, self._changes, self.reads)


@dataclass(frozen=True)
class Records:
    """What the ledger says about people in stock in a domain; shape of rows, NEVER = no record."""

    held_from: Ints  # day since when a place is held (<= 0)
    held_until: Ints  # its planned end, NEVER = open
    waiting_since: Ints  # day since when a place is asked for (<= 0)
    pool: Ints  # of the place held or asked for; -1 = not said
    held: Ints  # places held (of a household: its members with a place)
    asked: Ints  # places asked for

    @classmethod
    def none(cls, rows: int) -> Records:
        """No record for anybody."""
        never, zero = np.full(rows, NEVER, np.int32), np.zeros(rows, np.int32)
        return cls(never, never, never, np.full(rows, -1, np.int32), zero, zero)

    def padded(self, rows: int) -> Records:
        """The same for more rows: those after the ones on record have none."""

        def column(given: Ints, none: int) -> Ints:
            full = np.full(rows, none, np.int32)
            full[: len(given)] = given
            return full

        return Records(
            column(self.held_from, NEVER), column(self.held_until, NEVER),
            column(self.waiting_since, NEVER), column(self.pool, -1),
            column(self.held, 0), column(self.asked, 0),
        )  # fmt: skip

    @cached_property
    def any(self) -> Flags:
        """Has a place or waits for one."""
        return (self.held_from < NEVER) | (self.waiting_since < NEVER)


@dataclass(frozen=True)
class Households:
    """People who must be placed together; arrays of shape (household,). German: Haushalte"""

    draw: Ints  # lane of the chunk
    key: Keys
    group: NDArray[np.int8]  # index into GROUPS
    arrives: Ints  # day; negative for the stock
    leaves: Ints
    may_move: Ints  # day from which a flat of their own is allowed, NEVER = not in sight
    size: Ints  # on the day of arrival, or on day 0 for the stock; births come on top
    first: Ints  # index of the first member
    district: Ints  # index of the first district, -1 = not recorded
    is_hosted: Flags  # lives privately from the start, needs no bed
    is_urgent: Flags  # protection first
    is_minor_alone: Flags  # unaccompanied minor: no bed is proposed, own counter
    in_stock: Flags
    records: Mapping[str, Records] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.draw)


@dataclass(frozen=True)
class People:
    """Newcomers as columns, arrays of shape (person,), grouped by household. German: Personen"""

    households: Households
    household: Ints  # index of the household
    draw: Ints
    key: Keys
    arrives: Ints  # a child born here arrives on its birthday
    leaves: Ints
    born: Ints  # day of birth
    is_female: Flags
    recognised: Ints  # day of a positive decision, NEVER = none in sight
    in_stock: Flags  # on day 0, or born to somebody who was
    is_newborn: Flags  # born within the horizon
    records: Mapping[str, Records] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.draw)

    def age_on(self, day: Ints) -> Floats:
        """Age in years on a day."""
        return (day - self.born) / YEAR

    def recorded(self, domain: str) -> Flags:
        """In stock with a place or a request on file; a rule always lets them ask."""
        found = self.records.get(domain)
        return np.zeros(len(self), np.bool_) if found is None else found.any


@dataclass(frozen=True)
class Needs:
    """What people need of one domain; arrays of shape (need,), scalars where all are alike.

    German: Bedarf
    """

    who: Ints  # index of the person, or of the household where the domain is by household
    start: Ints  # day of joining the queue
    end: Ints  # day from which the place is no longer needed
    amount: Ints | int = 1  # places, taken together or not at all
    priority: Ints | int = 0  # 0 is served first
    duration: Ints | int = NEVER  # of one service in days; ends at `end` at the latest
    gives_up: Ints | None = None  # day of leaving the queue unserved; `end` where not given
    rounds: Ints | int = 1  # services in a row, each queued for anew (a failed course)
    pool: Ints | int = 0
    succeeds: Flags | None = None  # the last round reaches its aim (a course is passed)

    def __len__(self) -> int:
        return len(self.who)


@dataclass(frozen=True)
class Discipline:
    """How a domain admits. German: Vergabeordnung"""

    admits: Dates  # admission days
    priorities: int = 1
    passing: int = 0  # places a queue may skip over those too large for what is free
    group_min: int = 0  # start only together, at least so many ...
    group_max: int = 0  # ... at most so many; a started group keeps all its seats to the end


@dataclass(frozen=True)
class Outcome:
    """What became of everybody in one domain, as columns over persons or households."""

    needs: Needs
    begins: Ints  # of each need: first day of service, NEVER = not served
    ends: Ints  # of each need: end of the last round, NEVER while one is missing
    rows: int  # persons or households

    @cached_property
    def start(self) -> Ints:
        """First day of service of each row's first need, else NEVER."""
        return self._spread(self.begins)

    @cached_property
    def success(self) -> Ints:
        """Day on which the aim was reached, else NEVER."""
        if self.needs.succeeds is None:
            return np.full(self.rows, NEVER, np.int32)
        return self._spread(np.where(self.needs.succeeds, self.ends, NEVER))

    def _spread(self, column: Ints) -> Ints:
        spread = np.full(self.rows, NEVER, np.int32)
        spread[self.needs.who[::-1]] = column[::-1]  # the first need of each counts
        return spread


Outcomes = Mapping[str, Outcome]
Rule = Callable[[People, Values, Outcomes, Calendar], Needs]
Admission = Callable[[Values, Calendar], Discipline]


def together(parts: Sequence[People]) -> People:
    """Several lots of people as one; rows keep their order, so earlier lots come first.

    Where only the first lot has records, they are left as short as they are.
    """
    if len(parts) == 1:
        return parts[0]
    rows = [len(p.households) for p in parts]
    members = [len(p) for p in parts]
    before, before_members = (np.cumsum([0, *n[:-1]]) for n in (rows, members))
    houses = [p.households for p in parts]

    def column(lots: Sequence[object], name: str) -> NDArray[Any]:
        return np.concatenate([getattr(lot, name) for lot in lots])

    def records(lots: Sequence[Any]) -> dict[str, Records]:
        if not any(lot.records for lot in lots[1:]):
            return dict(lots[0].records)  # `Records.padded` in the end, once
        names = sorted({name for lot in lots for name in lot.records})
        return {name: _padded(name, lots) for name in names}

    household = Households(
        **{
            f.name: column(houses, f.name)
            for f in fields(Households)
            if f.name not in ("first", "records")
        },
        first=np.concatenate(
            [h.first + n for h, n in zip(houses, before_members, strict=True)]
        ).astype(np.int32),
        records=records(houses),
    )
    others = ("households", "household", "records")
    return People(
        **{f.name: column(parts, f.name) for f in fields(People) if f.name not in others},
        households=household,
        household=np.concatenate(
            [p.household + n for p, n in zip(parts, before, strict=True)]
        ).astype(np.int32),
        records=records(parts),
    )


def _padded(name: str, lots: Sequence[Any]) -> Records:
    found = [
        lot.records[name].padded(len(lot)) if name in lot.records else Records.none(len(lot))
        for lot in lots
    ]
    return Records(
        **{f.name: np.concatenate([getattr(r, f.name) for r in found]) for f in fields(Records)}
    )


def rows_where(condition: Flags) -> Ints:
    """Indices of the rows for which the condition holds."""
    return np.flatnonzero(condition).astype(np.int32)


def joined(*parts: Needs) -> Needs:
    """The needs of the first part, then those of the next; who appears first counts first."""

    def column(name: str) -> Ints | int:
        found = [getattr(p, name) for p in parts]
        if all(isinstance(x, int) for x in found) and len(set(found)) == 1:
            return int(found[0])
        return np.concatenate(
            [
                np.broadcast_to(np.asarray(x, np.int32), len(p))
                for x, p in zip(found, parts, strict=True)
            ]
        )

    def together(arrays: list[Ints]) -> Ints:
        return np.concatenate(arrays).astype(np.int32)

    return Needs(
        who=together([p.who for p in parts]),
        start=together([p.start for p in parts]),
        end=together([p.end for p in parts]),
        amount=column("amount"),
        priority=column("priority"),
        duration=column("duration"),
        gives_up=together([p.end if p.gives_up is None else p.gives_up for p in parts]),
        rounds=column("rounds"),
        pool=column("pool"),
        succeeds=np.concatenate(
            [np.zeros(len(p), np.bool_) if p.succeeds is None else p.succeeds for p in parts]
        ),
    )
