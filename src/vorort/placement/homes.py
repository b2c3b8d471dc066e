"""What could be assigned together: a unit or adjoining units, from a day, with its places.

One row is a home at a start day; rules and goals look at all rows at once (numpy). A home is
taken for good: from its start until the unit closes, or, for a family unit, until somebody who
is already confirmed comes. German: Wohnmöglichkeit
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vorort.ledger import may_join
from vorort.placement.problem import Lodging, Party, Problem, Step
from vorort.vocabulary import Sex

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
FEMALE, MALE, ALONE, MIXED = 1, 2, 4, 8  # who may come, as bits
OPEN_END = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Home:
    """A unit or adjoining units from a day on; ``places``: the fewest left on any day of it."""

    units: tuple[str, ...]
    start: date
    until: date | None
    places: int
    who: int  # bits: FEMALE, MALE, ALONE (of unknown or diverse sex, by oneself), MIXED
    smaller: int = 0  # places of the largest part of several units that would do without the rest


@dataclass(frozen=True)
class Homes:
    """Rows of homes with columns. Sorted by units, then start."""

    problem: Problem
    rows: tuple[Home, ...]

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def lodgings(self) -> tuple[tuple[Lodging, ...], ...]:
        """The lodgings of each row."""
        known = self.problem.lodging
        return tuple(tuple(known[u] for u in row.units) for row in self.rows)

    @cached_property
    def places(self) -> Ints:
        """Fewest places left on any day of the stay."""
        return np.array([r.places for r in self.rows], np.int64)

    @cached_property
    def smaller(self) -> Ints:
        """Places of the largest smaller set: whoever fits there needs no second unit."""
        return np.array([r.smaller for r in self.rows], np.int64)

    @cached_property
    def start(self) -> Ints:
        """First day as ordinal."""
        return np.array([r.start.toordinal() for r in self.rows], np.int64)

    @cached_property
    def until(self) -> Ints:
        """First day the home no longer exists; `OPEN_END` = no end known."""
        return np.array([r.until.toordinal() if r.until else OPEN_END for r in self.rows], np.int64)

    @cached_property
    def next_start(self) -> Ints:
        """Start of the next row of the same units: who is ready by then uses that row instead."""
        found = np.full(len(self.rows), OPEN_END, np.int64)
        for i in range(len(self.rows) - 1):
            if self.rows[i].units == self.rows[i + 1].units:
                found[i] = self.start[i + 1]
        return found

    @cached_property
    def who(self) -> Ints:
        """Bits of who may come."""
        return np.array([r.who for r in self.rows], np.int64)

    @cached_property
    def is_family(self) -> Flags:
        """Family units (one party) against shared ones."""
        return np.array([x[0].unit.kind == "family" for x in self.lodgings], np.bool_)

    @cached_property
    def has_access(self) -> Flags:
        """Every unit known to be step-free."""
        return np.array([all(y.unit.access is True for y in x) for x in self.lodgings], np.bool_)

    @cached_property
    def floor_area(self) -> NDArray[np.float64]:
        """Square metres; nan where unknown."""
        return np.array(
            [
                np.nan if any(y.unit.floor_area_m2 is None for y in x)
                else sum(y.unit.floor_area_m2 or 0 for y in x)
                for x in self.lodgings
            ],
            np.float64,
        )  # fmt: skip

    @cached_property
    def people_there(self) -> Ints:
        """Most people there on any day of the stay."""
        return np.array(
            [
                _most_used(x, r.start, r.until)
                for x, r in zip(self.lodgings, self.rows, strict=True)
            ],
            np.int64,
        )

    def has_feature(self, feature: str) -> Flags:
        """Every unit of the row has a feature."""
        if feature not in self.features:
            return np.zeros(len(self.rows), np.bool_)
        if feature not in self._features:
            self._features[feature] = np.array(
                [all(feature in y.unit.features for y in x) for x in self.lodgings], np.bool_
            )
        return self._features[feature]

    def has_any(self, feature: str) -> Flags:
        """Some unit of the row has a feature."""
        if feature not in self.features:
            return np.zeros(len(self.rows), np.bool_)
        if feature not in self._some:
            self._some[feature] = np.array(
                [any(feature in y.unit.features for y in x) for x in self.lodgings], np.bool_
            )
        return self._some[feature]

    @cached_property
    def features(self) -> tuple[str, ...]:
        """Every feature some unit has."""
        return tuple(sorted({f for x in self.lodgings for y in x for f in y.unit.features}))

    @cached_property
    def _some(self) -> dict[str, Flags]:
        return {}

    @cached_property
    def _features(self) -> dict[str, Flags]:
        return {}

    @cached_property
    def districts(self) -> tuple[str, ...]:
        """Names of districts, sorted; `district` holds their numbers."""
        return tuple(sorted({x[0].district for x in self.lodgings}))

    @cached_property
    def district(self) -> Ints:
        """Number of the district of each row."""
        number = {d: i for i, d in enumerate(self.districts)}
        return np.array([number[x[0].district] for x in self.lodgings], np.int64)

    @cached_property
    def buildings(self) -> tuple[str, ...]:
        """Buildings (`facility/building`), sorted; `building` holds their numbers."""
        return tuple(sorted({x[0].building for x in self.lodgings}))

    @cached_property
    def building(self) -> Ints:
        """Number of the building of each row."""
        number = {b: i for i, b in enumerate(self.buildings)}
        return np.array([number[x[0].building] for x in self.lodgings], np.int64)

    def begins(self, party: Party) -> Ints:
        """The day a party would come, as ordinal: the start of the row, or when it is ready."""
        return np.maximum(self.start, (party.ready or self.problem.day).toordinal())

    def same(self, value: int) -> Ints:
        """One number for every row."""
        return np.full(len(self.rows), value, np.int64)

    @cached_property
    def price(self) -> Ints:
        """What it costs to give a unit away that is held back, in thousandths."""
        found = self.same(0)
        for row in self.problem.held_back:
            if row.until is None or row.until > self.problem.day:
                found[self.rows_of.get(row.unit, [])] += row.points
        return found

    @cached_property
    def rows_of(self) -> dict[str, list[int]]:
        """Numbers of the rows that hold a unit, by unit."""
        found: dict[str, list[int]] = {}
        for i, row in enumerate(self.rows):
            for unit in row.units:
                found.setdefault(unit, []).append(i)
        return found

    def within(self, problem: Problem) -> Homes:
        """The same homes in a problem with other parties, decisions of people and prices."""
        found = Homes(problem, self.rows)
        kept = {k: v for k, v in vars(self).items() if k not in ("problem", "price")}
        vars(found).update(kept)
        return found

    def where(self, units: Iterable[str]) -> Flags:
        """Rows that hold any of these units."""
        wanted, found = frozenset(units), np.zeros(len(self.rows), np.bool_)
        if wanted and "rows_of" not in vars(self):  # asked once, it is not worth an index
            return np.array([not wanted.isdisjoint(r.units) for r in self.rows], np.bool_)
        for unit in wanted:
            found[self.rows_of.get(unit, [])] = True
        return found


def homes_of(problem: Problem) -> Homes:
    """All homes of a problem: single units, and connected sets of adjoining family units."""
    first = problem.day
    last = first + timedelta(days=problem.rulebook["horizon_days"])
    rows: list[Home] = []
    for lodging in problem.lodgings:
        rows += _rows(problem, (lodging,), first, last)
    for units in _adjoining(problem):
        rows += _rows(problem, units, first, last)
    return Homes(problem, tuple(sorted(rows, key=lambda r: (r.units, r.start))))


def _adjoining(problem: Problem) -> Iterator[tuple[Lodging, ...]]:
    """Connected sets of family units in one building, up to the number allowed."""
    known = {x.id: x for x in problem.lodgings if x.unit.kind == "family"}
    sets: set[tuple[str, ...]] = {(u,) for u in known}
    for _ in range(problem.rulebook["adjoining_at_most"] - 1):
        grown = set()
        for units in sets:
            for unit in units:
                for other in known[unit].unit.adjoins:
                    near = other in known and known[other].building == known[unit].building
                    if near and other not in units:
                        grown.add(tuple(sorted((*units, other))))
        yield from (tuple(known[u] for u in units) for units in sorted(grown))
        sets = grown


def _rows(problem: Problem, units: Sequence[Lodging], first: date, last: date) -> Iterator[Home]:
    """One row on the first day and on every later day on which something changes."""
    days = sorted({first} | {s.day for x in units for s in x.steps if first < s.day <= last})
    found = [_home(problem, units, day) for day in days]
    alive = [row for row in found if row is not None]
    if alive:
        yield from alive
    elif len(units) == 1:  # kept, so that somebody can be told why not
        yield Home((units[0].id,), first, first, 0, 0)


def _home(problem: Problem, units: Sequence[Lodging], day: date) -> Home | None:
    """The home from a day on, or None where a unit is closed on that day."""
    until = min(closes(x, day) for x in units)
    if until <= day:
        return None
    end = None if until == date.max else until
    left = [places_left(x, day, end) for x in units]
    return Home(
        tuple(x.id for x in units), day, end,
        sum(left) if min(left) > 0 else 0, _who(units, day, end),
        max((_room(problem, part, day) for part in _parts(units)), default=0),
    )  # fmt: skip


def _parts(units: Sequence[Lodging]) -> Iterator[tuple[Lodging, ...]]:
    """Sets with one unit less that are still connected."""
    for left_out in units if len(units) > 1 else ():
        part = tuple(x for x in units if x is not left_out)
        if all(len(part) == 1 or any(y.id in x.unit.adjoins for y in part) for x in part):
            yield part


def _room(problem: Problem, part: Sequence[Lodging], day: date) -> int:
    """People a part would hold by itself: by places, and by floor area where that rule is on."""
    end = min(closes(x, day) for x in part)
    left = [places_left(x, day, None if end == date.max else end) for x in part]
    places = sum(left) if min(left) > 0 else 0
    areas = [x.unit.floor_area_m2 for x in part]
    norm = problem.space_m2 if problem.rulebook.is_on("space") else None
    if norm is None or any(a is None for a in areas):
        return places
    return min(places, int(sum(a or 0 for a in areas) // norm))


def closes(lodging: Lodging, day: date) -> date:
    """First day from ``day`` on at which the unit has no places, or a family unit is taken."""
    is_family = lodging.unit.kind == "family"
    for step in within_stay(lodging.steps, day, None):
        later = step.day > day
        if step.nominal <= 0 or (is_family and later and (step.used > 0 or step.open <= 0)):
            return max(step.day, day)
    return date.max


def places_left(lodging: Lodging, day: date, until: date | None) -> int:
    """Fewest places left on any day; a family unit in use has none."""
    left = []
    for step in within_stay(lodging.steps, day, until):
        taken = lodging.unit.kind == "family" and step.used > 0
        left.append(0 if taken else max(0, step.open - step.used))
    return min(left, default=0)


def within_stay(steps: Sequence[Step], day: date, until: date | None) -> Iterator[Step]:
    """Steps that hold on some day of a stay."""
    for i, step in enumerate(steps):
        end = steps[i + 1].day if i + 1 < len(steps) else date.max
        if end > day and (until is None or step.day < until):
            yield step


def _most_used(units: Sequence[Lodging], day: date, until: date | None) -> int:
    return sum(max((s.used for s in within_stay(x.steps, day, until)), default=0) for x in units)


def _who(units: Sequence[Lodging], day: date, until: date | None) -> int:
    """Who may come, by the one sex rule of the ledger, against all there during the stay."""
    bits = FEMALE | MALE | ALONE | MIXED
    for lodging in units:
        there: set[Sex | None] = {
            t.sex
            for t in lodging.there
            if (t.until is None or t.until > day) and (until is None or t.start < until)
        }
        mine = 0
        for bit, sex in ((FEMALE, "f"), (MALE, "m"), (ALONE, None)):
            mine |= bit if may_join(lodging.unit, sex, there) else 0  # type: ignore[arg-type]
        mixed = may_join(lodging.unit, None, there | {"f", "m"})
        bits &= mine | (MIXED if mixed else 0)
    return bits
