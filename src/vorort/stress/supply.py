"""What a domain can offer over time: usable places per draw, pool and day, and who else uses them.

U is what the ledger says is open (less leftover beds of family units in use), R what residents ask
for. Open to the queue of newcomers is C = places for newcomers only + max(0, places for everyone
- R), fed to the kernel as steps: residents first, and nobody is evicted either way (CONTRACTS 2).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from vorort import luck
from vorort.arrivals import scenarios as named
from vorort.arrivals.scenarios import Mixture
from vorort.columns import MONTH, Calendar, Floats, Ints, Keys, Values
from vorort.domains import Domain
from vorort.files import Scenario
from vorort.ledger import CapacitySteps, Change, capacity_steps, occupancy, stale
from vorort.queues import Capacity, Step
from vorort.stress.residents import asked_by_residents

PER_DAYS = {"week": 7.0, "month": 30.0}  # a rate is a place held so long
CUTS = {  # what a double shock takes away besides bringing people (simulation.md 1.3)
    "flat": "stress.double_shock_flat_factor",
    "registration": "stress.double_shock_staff_factor",
}
KEEPS = ("confirmed", "moved_in", "absent")
UNFIT_SPREAD = "accommodation.unfit_share_later"


@dataclass(frozen=True)
class Event:
    """A decided change as the report names it, at its central date."""

    day: int
    places: int
    facility: str
    reason: str
    is_opening: bool


@dataclass(frozen=True)
class Supply:
    """Places of one domain in all draws. ``usable`` None: unknown or none."""

    pools: tuple[str, ...]
    usable: Ints | None  # U at each tally, shape (draw, pool, tally)
    residents: Ints | None  # R, same shape; None: unknown, only places for newcomers count
    capacity: Capacity | None  # C for the kernel
    per: str = "place"
    newcomers_only: bool = False
    over: int = 0  # people too many on day 0, by unit, never netted
    unfit: int = 0
    events: tuple[Event, ...] = ()

    @property
    def scale(self) -> float:
        """From places held to the figure shown: appointments a week are shown per month."""
        return MONTH / PER_DAYS["week"] if self.per == "week" else 1.0

    def chunk(self, part: slice) -> tuple[Ints | None, Ints | None, Capacity | None]:
        """U, R and C of some draws."""
        residents = None if self.residents is None else self.residents[part]
        if self.usable is None or self.capacity is None:
            return None, residents, None
        steps = tuple(Step(s.day[part], s.places[part], s.pool) for s in self.capacity.steps)
        return self.usable[part], residents, Capacity(self.capacity.places[part], steps)


@dataclass(frozen=True)
class _Draws:
    world: Keys
    mixture: Mixture
    values: Values
    calendar: Calendar

    @property
    def count(self) -> int:
        return len(self.world)

    def uniform(self, purpose: str) -> Floats:
        """One number a draw; a half in draw 0, the central course."""
        u = luck.uniform(self.world, purpose).astype(np.float64)
        u[0] = 0.5
        return u


def supplies(
    scenario: Scenario, domains: Sequence[Domain], world: Keys, mixture: Mixture, values: Values,
    calendar: Calendar,
) -> dict[str, dict[str, Supply]]:  # fmt: skip
    """Supply of every domain as decided, and static: contracted ends, no opening.

    Where nothing opens both are one object.
    """
    draws = _Draws(world, mixture, values, calendar)
    decided, static = {}, {}
    for domain in domains:
        decided[domain.name], static[domain.name] = _supply(scenario, domain, draws)
    return {"decided": decided, "static": static}


def _supply(scenario: Scenario, domain: Domain, draws: _Draws) -> tuple[Supply, Supply]:
    if not domain.has_capacity:
        none = Supply(domain.pools, None, None, None)
        return none, none
    end = draws.calendar.date_of(draws.calendar.days)
    steps = capacity_steps(scenario.ledger, domain.name, start=draws.calendar.start, end=end)
    steps = tuple(s for s in steps if s.pool in domain.pools)
    residents = asked_by_residents(
        scenario.resident_demand, domain, draws.calendar.months, draws.uniform
    )
    if residents is None:
        steps = tuple(s for s in steps if s.for_ == "newcomers")
    if not steps:
        asked = _on_tallies(residents, draws.calendar)
        unknown = Supply(domain.pools, None, asked, None, newcomers_only=residents is None)
        return unknown, unknown
    decided = _entered(_Book(scenario, domain, draws, steps, True), draws, residents)
    if not any(c.is_opening for s in steps for c in s.changes):
        return decided, decided
    return decided, _entered(_Book(scenario, domain, draws, steps, False), draws, residents)


def _entered(book: _Book, draws: _Draws, residents: Ints | None) -> Supply:
    """What a book says, on the tally days and for the queue."""
    days = draws.calendar.tallies
    tallies = np.broadcast_to(days, (draws.count, len(days)))
    usable = np.stack([book.at(p, tallies, None) for p in range(len(book.pools))], axis=1)
    asked = _on_tallies(residents, draws.calendar)
    return Supply(
        book.pools, usable, asked, book.for_the_queue(residents), book.per, residents is None,
        book.over, book.unfit, book.events(),
    )  # fmt: skip


def _on_tallies(residents: Ints | None, calendar: Calendar) -> Ints | None:
    """R of each month on the tally days, shape (draw, pool, tally)."""
    if residents is None:
        return None
    month = np.searchsorted(calendar.month_starts, calendar.tallies, side="right") - 1
    asked: Ints = residents[:, :, month]
    return asked


@dataclass(frozen=True)
class _Dated:
    """One change in all draws: day and places of shape (draw,)."""

    pool: int
    day: Ints
    places: Ints
    for_newcomers: bool


class _Book:
    """Base and dated changes of one domain, in all draws."""

    def __init__(
        self,
        scenario: Scenario,
        domain: Domain,
        draws: _Draws,
        steps: Sequence[CapacitySteps],
        with_openings: bool,
    ) -> None:
        self._draws, self._domain, self._scenario = draws, domain, scenario
        self.pools, self.per = domain.pools, steps[0].per
        self._changes = [
            (s, c) for s in steps for c in s.changes if with_openings or not c.is_opening
        ]
        self._native = _per_native(steps)
        self.base = {(p, n): 0.0 for p in range(len(domain.pools)) for n in (False, True)}
        for s in steps:
            self.base[domain.pools.index(s.pool), s.for_ == "newcomers"] += (
                s.base * self._native[s.per]
            )
        self.dated = [self._date(s, c) for s, c in self._changes]
        self.over = self.unfit = 0
        if domain.name == "accommodation":
            self._leave_beds()
        self._leave_second_places()
        self._doubt_old_reports()
        self._cut()

    def at(self, pool: int, day: Ints, for_newcomers: bool | None) -> Ints:
        """Places of a pool on given days, shape of ``day`` (draw, ...)."""
        sides = (False, True) if for_newcomers is None else (for_newcomers,)
        total = np.full(day.shape, round(sum(self.base[pool, s] for s in sides)), np.int32)
        for change in self.dated:
            if change.pool == pool and change.for_newcomers in sides:
                total += np.where(day >= change.day[:, None], change.places[:, None], 0).astype(
                    np.int32
                )
        return np.maximum(total, 0)

    def for_the_queue(self, residents: Ints | None) -> Capacity:
        """C as a start and steps: residents first, no eviction."""
        places, steps = [], []
        for pool in range(len(self._domain.pools)):
            days = self._breaks(pool, residents is not None)
            count = self.at(pool, days, True)
            everyone = self.at(pool, days, False)
            if residents is not None:
                month = np.searchsorted(self._draws.calendar.month_starts, days, side="right") - 1
                taken = np.take_along_axis(residents[:, pool], np.maximum(month, 0), axis=1)
                everyone = np.maximum(everyone - taken, 0)
            count = count + everyone
            places.append(count[:, 0])
            change = np.diff(count, axis=1)
            for k in np.flatnonzero((change != 0).any(axis=0)):
                steps.append(
                    Step(days[:, k + 1].astype(np.int32), change[:, k].astype(np.int32), pool)
                )
        return Capacity(np.stack(places, axis=1).astype(np.int32), tuple(steps))

    def events(self) -> tuple[Event, ...]:
        """What the report names, at central dates."""
        names = self._scenario.ledger.facility
        found: Counter[tuple[int, str, str, bool]] = Counter()
        for _, c in self._changes:
            delay = ((c.delay_low_days or 0) + (c.delay_high_days or 0)) // 2
            facility = names[c.facility].name if c.facility in names else c.facility
            day = self._draws.calendar.day(c.date) + delay
            found[day, facility, c.reason, c.is_opening] += c.places
        return tuple(
            Event(day, places, facility, reason, is_opening)
            for (day, facility, reason, is_opening), places in sorted(found.items())
            if places
        )

    def _breaks(self, pool: int, by_month: bool) -> Ints:
        days = [np.zeros(self._draws.count, np.int32)]
        days += [c.day for c in self.dated if c.pool == pool]
        if by_month:
            days += [
                np.full(self._draws.count, d, np.int32)
                for d in self._draws.calendar.month_starts[1:]
            ]
        return np.sort(np.stack(days, axis=1), axis=1)

    def _date(self, steps: CapacitySteps, change: Change) -> _Dated:
        draws = self._draws
        day = np.full(draws.count, draws.calendar.day(change.date), np.int32)
        low, high = change.delay_low_days or 0, change.delay_high_days or 0
        if high > low or low:
            u = draws.uniform(f"delay/{change.event_id or change.facility}")
            day = day + np.rint(low + (high - low) * u).astype(np.int32)
        places = round(change.places * self._native[steps.per])
        pool = self._domain.pools.index(steps.pool)
        return _Dated(
            pool,
            day.astype(np.int32),
            np.full(draws.count, places, np.int32),
            steps.for_ == "newcomers",
        )

    def _leave_beds(self) -> None:
        """Leftover beds of family units in use: as in the ledger on day 0, uncertain later."""
        ledger, draws = self._scenario.ledger, self._draws
        today = occupancy(ledger, draws.calendar.start)
        beds = [u for u in ledger.units if u.domain == "accommodation"]
        family = [u for u in beds if u.kind == "family"]
        self.unfit = sum(today.units[u.id].unfit for u in beds)
        self.over = sum(today.units[u.id].over for u in beds)
        open_in_family = sum(today.units[u.id].open for u in family)
        if not open_in_family:
            return
        share = self.unfit / open_in_family
        side = max(self.base, key=lambda key: self.base[key])
        self.base[side] -= self.unfit
        spread = draws.values.of(UNFIT_SPREAD, np.arange(draws.count, dtype=np.int32))
        lean = (2 * draws.uniform("unfit later") - 1) * spread
        later = draws.calendar.month_starts[1] if len(draws.calendar.month_starts) > 1 else 1
        self.dated.append(_Dated(
            side[0], np.full(draws.count, later, np.int32),
            -np.rint(lean * open_in_family).astype(np.int32), side[1],
        ))  # fmt: skip
        of_family = replace(ledger, units=tuple(family))
        end = draws.calendar.date_of(draws.calendar.days)
        wanted = {(c.date, c.facility, c.event_id, c.is_opening) for _, c in self._changes}
        for s in capacity_steps(of_family, "accommodation", start=draws.calendar.start, end=end):
            for c in s.changes:
                if (c.date, c.facility, c.event_id, c.is_opening) in wanted:
                    unfit = self._date(s, c)
                    fewer = np.rint((share + lean) * -unfit.places).astype(np.int32)
                    self.dated.append(replace(unfit, places=fewer))

    def _leave_second_places(self) -> None:
        """Places kept beside the one somebody sleeps in: nobody else gets them until their day."""
        draws, ledger = self._draws, self._scenario.ledger
        today = draws.calendar.start
        for row in ledger.current:
            unit = ledger.unit.get(row.unit or "")
            begun = row.from_ is None or row.from_ <= today
            if (
                not row.second_place
                or unit is None
                or unit.domain != self._domain.name
                or not begun
            ):
                continue
            if row.status not in KEEPS or (row.until is not None and row.until <= today):
                continue
            pool, side = self.pools.index(unit.pool), unit.for_ == "newcomers"
            self.base[pool, side] -= 1
            again = row.kept_until or row.until
            if again is not None:
                day = np.full(draws.count, max(draws.calendar.day(again), 0), np.int32)
                self.dated.append(_Dated(pool, day, np.ones(draws.count, np.int32), side))

    def _doubt_old_reports(self) -> None:
        """Places reported longer ago than their cycle are used, but may be more or fewer."""
        town, draws = self._scenario.municipality, self._draws
        if town.reported_cycle_days is None:
            return
        old = stale(self._scenario.ledger, town.today, town.reported_cycle_days)
        places: defaultdict[tuple[int, bool], float] = defaultdict(float)
        for unit in old:
            side = unit.for_ == "newcomers"
            if unit.domain == self._domain.name and unit.pool in self.pools:
                places[self.pools.index(unit.pool), side] += unit.places * self._native[unit.per]
        rows = np.arange(draws.count, dtype=np.int32)
        spread = np.asarray(draws.values.of("stress.stale_spread", rows))
        lean = (2 * draws.uniform(f"stale/{self._domain.name}") - 1) * spread
        for (pool, side), count in sorted(places.items()):
            change = np.rint(lean * min(count, self.base[pool, side])).astype(np.int32)
            today = np.zeros(draws.count, np.int32)
            self.dated.append(_Dated(pool, today, change, side))

    def _cut(self) -> None:
        """A double shock also takes flats and staff away, from the beginning of its pulse."""
        name = CUTS.get(self._domain.name)
        hit = self._draws.mixture.is_(named.DOUBLE)
        if name is None or not hit.any():
            return
        rows = np.arange(self._draws.count, dtype=np.int32)
        factor = np.broadcast_to(np.asarray(self._draws.values.of(name, rows)), rows.shape)
        onset = np.asarray(self._draws.values.of("arrivals.pulse_first_month", rows)) * MONTH
        for (pool, side), base in self.base.items():
            lost = np.where(hit, np.rint(base * (1 - factor)), 0).astype(np.int32)
            day = np.broadcast_to(np.rint(onset), rows.shape).astype(np.int32)
            self.dated.append(_Dated(pool, day, -lost, side))


def _per_native(steps: Sequence[CapacitySteps]) -> Mapping[str, float]:
    """Factor from each unit's ``per`` to the first one's: 40 a week = 171 in 30 days."""
    first = steps[0].per
    if first == "place":
        return {"place": 1.0, "week": 1.0, "month": 1.0}
    return {per: PER_DAYS[first] / days for per, days in PER_DAYS.items()} | {"place": 1.0}
