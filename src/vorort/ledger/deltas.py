"""How a site's totals change: from a day on, from an instant of knowing on. German: Fortschreibung

Totals that are asked for often are kept as sums of these, so that nobody counts 60,000 stays for
a page. They say nothing new: for every day D, every instant K and every `today`,

    sum of the deltas with day <= D, known_at <= K, expires > today or none
        == sum of `occupancy(ledger, D, K, today=today)` over the units that count.

Each person's coming and going is a delta; nothing links the two.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from vorort.ledger.book import BEDS, Ledger
from vorort.ledger.capacity import BLOCKING, BLOCKS, CapacityPlan, Site
from vorort.ledger.occupancy import UnitDay, days_in
from vorort.vocabulary import CapacityEvent, Placement, Unit

NAMES = ("nominal", *BLOCKS, "held", "confirmed", "moved_in", "kept", "over", "unfit", "free")
Counts = tuple[int, ...]  # in the order of NAMES
FROM_ITS_DAY = (*BLOCKING, "unblock", "release", "step")
NOTHING: Counts = (0,) * len(NAMES)
Rows = Mapping[str, Sequence[Placement]]  # versions in force, by unit


@dataclass(frozen=True, slots=True)
class Delta:
    """From ``day`` and from ``known_at`` on, a site has so much more.

    ``known_at`` None: since ever. ``expires``: counts only while that day has not come; it is how
    a hold that is still alive counts on days after its end.
    """

    facility: str
    day: date
    known_at: datetime | None
    expires: date | None
    counts: Counts


def counts_of(state: UnitDay) -> Counts:
    """A state as a row of figures."""
    return (
        state.nominal, *(state.blocked.get(k, 0) for k in BLOCKS), state.held, state.confirmed,
        state.moved_in, state.kept, state.over, state.unfit, state.free,
    )  # fmt: skip


def state_of(counts: Counts) -> UnitDay:
    """A row of figures as a state."""
    blocked = {k: n for k, n in zip(BLOCKS, counts[1:6], strict=True) if n}
    return UnitDay(counts[0], blocked, *counts[6:])


def plus(a: Counts, b: Counts, times: int = 1) -> Counts:
    """Two rows of figures added."""
    return tuple(x + times * y for x, y in zip(a, b, strict=True))


def is_bed(unit: Unit) -> bool:
    """Does the board count it? Places people sleep in."""
    return unit.domain == BEDS and unit.per == "place"


def site_deltas(ledger: Ledger, facility: str, today: date = date.min) -> list[Delta]:
    """All deltas of a facility, over everything ever recorded about it; none that has expired by
    ``today``, for it never counts again."""
    return list(_History(ledger, facility, today).run())


def act_deltas(before: Ledger, after: Ledger, at: datetime, units: Collection[str]) -> list[Delta]:
    """What an act changed, from its instant on. ``units``: all whose rows or events it touched.

    Both ledgers hold the whole facilities of these units, with at least the rows of the units.
    """
    found: list[Delta] = []
    chosen: defaultdict[str, set[str]] = defaultdict(set)
    for unit in units:
        chosen[after.unit[unit].facility].add(unit)
    same_places = (before.capacity_events, before.units, before.facilities) == (
        after.capacity_events, after.units, after.facilities
    )  # fmt: skip
    plans = (CapacityPlan(before), CapacityPlan(after))
    for facility in sorted(chosen):
        was = _Standing(before, facility, plans[0])
        now = was if same_places else _Standing(after, facility, plans[1])
        since = _first_changed(before, after, chosen[facility]) if same_places else date.min
        states = (before.rows_in, after.rows_in)
        found += _Turn(was, now, *states, chosen[facility], at, since).deltas()
    return found


# Events of a whole facility that fall on one unit or another, as the units beside it are.
SHARED_OUT = (*BLOCKING, "step")


def counts_apart(ledger: Ledger, facility: str) -> bool:
    """Does each unit of a facility count by itself, whatever the others are?"""
    return not any(
        e.target == facility and e.kind in SHARED_OUT for e in ledger.capacity_events
    )  # fmt: skip


def empty_units(
    ledger: Ledger, facility: str, units: Collection[str], today: date = date.min
) -> list[Delta]:
    """What units in which nobody ever was give to their facility; it `counts_apart`."""
    mine = tuple(u for u in ledger.units_of.get(facility, ()) if u.id in units)
    return site_deltas(replace(ledger, units=mine, placements=()), facility, today)


def _first_changed(before: Ledger, after: Ledger, units: Collection[str]) -> date:
    """The first day on which other people may count in units; a version without a known beginning
    counts on no day."""
    days = []
    for unit in units:
        was, now = (
            {row.id: row for row in ledger.rows_in.get(unit, ())} for ledger in (before, after)
        )
        changed = [r for a, b in ((was, now), (now, was)) for r in a.values() if b.get(r.id) != r]
        days += [row.from_ for row in changed if row.from_ is not None]
    return min(days, default=date.max)


class _Standing:
    """What a facility offers, as known at an instant; the same between two boundaries."""

    def __init__(self, ledger: Ledger, facility: str, plan: CapacityPlan) -> None:
        self.facility = facility
        self.units = ledger.units_of.get(facility, ())
        self.plan = plan
        self.boundaries = sorted(self.plan.boundaries(facility))
        # Blocked places of which nobody said in which unit go to units that are empty: then one
        # unit's people decide over another unit's places, and all are counted together.
        events = self.plan.events.get(facility, ())
        self.is_joint = any(e.kind in BLOCKING for e in events)
        self._sites: dict[int, Site] = {}

    def on(self, day: date) -> Site:
        """Places on a day."""
        n = bisect_right(self.boundaries, day)
        if n not in self._sites:
            self._sites[n] = self.plan.site(self.facility, day)
        return self._sites[n]

    def is_joint_on(self, day: date) -> bool:
        """Are places of the whole facility blocked on a day?"""
        return self.is_joint and bool(self.on(day).unnamed)

    def counts(self, units: Sequence[Unit], rows: Rows, day: date, today: date) -> Counts:
        """Totals of some units on a day."""
        total = NOTHING
        for unit, state in days_in(self.on(day), units, rows, day, today).items():
            if unit in self.beds:
                total = plus(total, counts_of(state))
        return total

    @cached_property
    def beds(self) -> frozenset[str]:
        """Units that count."""
        return frozenset(u.id for u in self.units if is_bed(u))


class _Nothing(_Standing):
    """Before anything was known there was nothing."""

    def __init__(self, like: _Standing) -> None:
        self.facility, self.units, self.boundaries = like.facility, like.units, []
        self.is_joint = False

    def counts(self, units: Sequence[Unit], rows: Rows, day: date, today: date) -> Counts:
        """Nothing."""
        return NOTHING


class _History:
    """A facility from the first thing known to the last, instant by instant."""

    def __init__(self, ledger: Ledger, facility: str, today: date) -> None:
        self.ledger, self.facility, self.today = ledger, facility, today
        self.units = {u.id for u in ledger.units_of.get(facility, ())}
        self.learnt: defaultdict[datetime, list[CapacityEvent]] = defaultdict(list)
        for event in ledger.capacity_events:
            if event.recorded_at and (event.target in self.units or event.target == facility):
                self.learnt[event.recorded_at].append(event)
        self.now: dict[str, tuple[Placement, ...]] = dict.fromkeys(self.units, ())

    def run(self) -> Iterator[Delta]:
        """Every delta, in the order in which things became known."""
        standing = _Standing(self.ledger, self.facility, CapacityPlan(self.ledger, known_at=_FIRST))
        rows = self._by_instant()
        self._learn(rows.pop(None, []))
        first = _Turn(_Nothing(standing), standing, {}, self.now, self.units, None)
        yield from first.deltas(self.today)
        for at in sorted(a for a in {*rows, *self.learnt} if a is not None):
            before, was, given = standing, dict(self.now), rows.get(at, [])
            touched, since = self._touched(given)
            self._learn(given)
            if at in self.learnt:
                plan = CapacityPlan(self.ledger, known_at=at)
                standing = _Standing(self.ledger, self.facility, plan)
                more, day = self._changed(self.learnt[at])
                touched, since = touched | more, min(since, day)
            yield from _Turn(before, standing, was, self.now, touched, at, since).deltas(self.today)

    def _by_instant(self) -> dict[datetime | None, list[Placement]]:
        found: defaultdict[datetime | None, list[Placement]] = defaultdict(list)
        for row in self.ledger.placements:
            old = self.ledger.placement.get(row.replaces or "")
            if row.unit in self.units or (old is not None and old.unit in self.units):
                found[row.recorded_at].append(row)
        return found

    def _touched(self, rows: list[Placement]) -> tuple[set[str], date]:
        """Units that versions come into or leave, and the first day on which figures may change:
        a version without a known beginning counts on no day."""
        both = [*rows, *(o for r in rows if (o := self.ledger.placement.get(r.replaces or "")))]
        days = [r.from_ for r in both if r.from_ is not None]
        return {r.unit for r in both if r.unit in self.now}, min(days, default=date.max)

    def _changed(self, events: list[CapacityEvent]) -> tuple[set[str], date]:
        """Units that events concern, and the first day they may change: what opens or closes also
        says what was before it."""
        targets = {e.target for e in events}
        units = self.units if self.facility in targets else targets
        dated = all(e.kind in FROM_ITS_DAY for e in events)
        return units, min(e.date for e in events) if dated else date.min

    def _learn(self, rows: list[Placement]) -> None:
        for row in rows:
            if row.unit in self.now:
                self.now[row.unit] += (row,)
        for row in rows:
            old = self.ledger.placement.get(row.replaces or "")
            if old is not None and old.unit in self.now:
                left = tuple(r for r in self.now[old.unit] if r.id != old.id)
                self.now[old.unit] = left


_FIRST = datetime.min.replace(tzinfo=UTC)  # before everything that has an instant


class _Turn:
    """An instant at which a facility's totals change: what was believed before and after it."""

    def __init__(
        self, before: _Standing, after: _Standing, was: Rows, now: Rows, touched: Collection[str],
        at: datetime | None, since: date = date.min,
    ) -> None:  # fmt: skip
        self.before, self.after, self.at, self.since = before, after, at, since
        self.all = after.units
        self.touched = [u for u in after.units if u.id in touched]
        looked_at = self.all if before.is_joint or after.is_joint else self.touched
        # who was gone before the first day that matters counts on none of them
        self.was, self.now = (
            {u.id: [r for r in rows.get(u.id, ()) if r.until is None or r.until > since]
             for u in looked_at}
            for rows in (was, now)
        )  # fmt: skip
        # Where places of the whole facility are blocked its units are counted together; else each
        # by itself, on the days on which something changes there.
        self.parts = [self.all] if looked_at is self.all else [[u] for u in self.touched]

    def deltas(self, today: date = date.min) -> Iterator[Delta]:
        """Where the totals differ: for good, and while each hold that lives is alive."""
        found: defaultdict[tuple[date | None, date], Counts] = defaultdict(lambda: NOTHING)
        for units in self.parts:
            for expires, day, change in self._of(units, today):
                found[expires, day] = plus(found[expires, day], change)
        for expires, day in sorted(found, key=lambda k: (k[0] or date.min, k[1])):
            change = found[expires, day]
            if any(change):
                yield Delta(self.after.facility, day, self.at, expires, change)

    def _of(self, units: Sequence[Unit], today: date) -> Iterator[tuple[date | None, date, Counts]]:
        rows = [r for there in (self.was, self.now) for u in units for r in there.get(u.id, ())]
        days = {self.since, *self.before.boundaries, *self.after.boundaries}
        days |= {d for r in rows for d in (r.from_, r.until, r.kept_until) if d is not None}
        turns = sorted(d for d in days if d >= self.since)
        yield from self._layer(units, turns, None)
        holds = {r.kept_until for r in rows if r.status == "held" and r.kept_until}
        for expires in sorted(d for d in holds if d > today):
            yield from self._layer(units, sorted(d for d in {*turns, expires} if d >= expires),
                                   expires)  # fmt: skip

    def _layer(
        self, units: Sequence[Unit], days: list[date], expires: date | None
    ) -> Iterator[tuple[date | None, date, Counts]]:
        last = NOTHING
        for day in days:
            if expires is None:
                value = self._more(units, day, date.max)
            else:
                alive = self._more(units, day, expires - timedelta(days=1))
                value = plus(alive, self._more(units, day, expires), -1)
            if value != last:
                yield expires, day, plus(value, last, -1)
                last = value

    def _more(self, units: Sequence[Unit], day: date, today: date) -> Counts:
        """By how much the totals are higher after than before."""
        if units is self.all and not (self.before.is_joint_on(day) or self.after.is_joint_on(day)):
            units = self.touched
        was = self.before.counts(units, self.was, day, today)
        return plus(self.after.counts(units, self.now, day, today), was, -1)


def sum_of(
    deltas: Iterable[Delta], day: date, known_at: datetime | None, today: date
) -> dict[str, UnitDay]:
    """Totals by facility on a day, as known at an instant (None: now)."""
    found: defaultdict[str, Counts] = defaultdict(lambda: NOTHING)
    for delta in deltas:
        is_known = known_at is None or delta.known_at is None or delta.known_at <= known_at
        if delta.day <= day and is_known and (delta.expires is None or delta.expires > today):
            found[delta.facility] = plus(found[delta.facility], delta.counts)
    return {facility: state_of(counts) for facility, counts in found.items()}
