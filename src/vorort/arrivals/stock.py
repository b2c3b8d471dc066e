"""Those who are here on day 0: the ledger's households as columns, the same in every draw.

What the ledger does not know (an age, a sex, the members of "a family, about 5") is drawn per draw
from the joint table, alike in all domains, and counted as guessed for the outlook only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from vorort import luck
from vorort.arrivals.table import household_table
from vorort.columns import GROUPS, NEVER, Calendar, Households, Ints, Keys, People, Records
from vorort.ledger import Ledger
from vorort.vocabulary import Household, PartialDate, Person, Placement

HOLDS = ("confirmed", "moved_in", "absent")
BEDS = "accommodation"
UNKNOWN = -1  # district nobody recorded


@dataclass(frozen=True)
class Stock:
    """Columns of one draw; ``people_of`` repeats them for several draws."""

    base: People
    kinds: tuple[str, ...]
    born_low: Ints  # first day on which the person may be born; NEVER = unknown
    born_span: Ints  # number of days it may be
    sex_unknown: Ints  # rows of people
    guessed: Mapping[str, int] = field(default_factory=dict)  # what was unknown -> how often


def running_order(households: Iterable[Household]) -> list[Household]:
    """The one order of households in stock: by arrival, then by id; unknown arrival first."""
    return sorted(households, key=lambda h: (h.arrived_on or date.min, h.id))


def read_stock(
    ledger: Ledger,
    calendar: Calendar,
    pools: Mapping[str, Sequence[str]],
    by_household: frozenset[str],
    districts: Sequence[str],
) -> Stock:
    """Households of which somebody is here on day 0 or surely comes later."""
    builder = _Builder(ledger, calendar, pools, by_household, districts)
    for household in running_order(ledger.households):
        builder.add(household)
    return builder.done()


def people_of(stock: Stock, world: Keys) -> People:
    """The stock repeated for each draw, shape (draw x person,); unknown facts drawn per draw."""
    draws, base = len(world), stock.base
    n, m = len(base.households), len(base)

    def lane(rows: int) -> Ints:
        return np.repeat(np.arange(draws, dtype=np.int32), rows)

    def keyed(keys: Keys) -> Keys:
        mixed: Keys = luck.mix(world[:, None], keys[None, :]).ravel()
        return mixed

    def tiled(records: Mapping[str, Records]) -> dict[str, Records]:
        return {
            name: Records(*(np.tile(getattr(r, c), draws) for c in Records.__dataclass_fields__))
            for name, r in records.items()
        }

    h = base.households
    households = Households(
        draw=lane(n), key=keyed(h.key),
        **{c: np.tile(getattr(h, c), draws) for c in (
            "group", "arrives", "leaves", "may_move", "size", "district", "is_hosted", "is_urgent",
            "is_minor_alone", "in_stock")},
        first=(np.tile(h.first, draws) + np.repeat(np.arange(draws) * m, n)).astype(np.int32),
        records=tiled(h.records),
    )  # fmt: skip
    key = keyed(base.key)
    people = People(
        households=households,
        draw=lane(m),
        key=key,
        household=(np.tile(base.household, draws) + np.repeat(np.arange(draws) * n, m)).astype(
            np.int32
        ),
        **{
            c: np.tile(getattr(base, c), draws)
            for c in ("arrives", "leaves", "recognised", "in_stock", "is_newborn")
        },
        born=_births(stock, households, key, draws),
        is_female=_sexes(stock, key, draws),
        records=tiled(base.records),
    )
    return people


def _births(stock: Stock, households: Households, key: Keys, draws: int) -> Ints:
    low, span = np.tile(stock.born_low, draws), np.tile(stock.born_span, draws)
    born = low + np.floor(span * luck.uniform(key, "stock/birthday")).astype(np.int32)
    table, base = household_table(), stock.base
    m, n = len(base), len(base.households)
    unknown = np.flatnonzero(stock.born_low == NEVER)
    for household in np.unique(base.household[unknown]):
        h = base.households
        fits = table.matching(
            int(h.group[household]), stock.kinds[household], int(h.size[household])
        )
        chance = np.cumsum(table.weight[fits]) / table.weight[fits].sum()
        u = luck.uniform(households.key[household::n], "stock/like")
        row = fits[np.minimum(np.searchsorted(chance, u, side="right"), len(fits) - 1)]
        for person in unknown[base.household[unknown] == household]:
            position = person - h.first[household]
            member = table.first[row] + np.minimum(position, table.size[row] - 1)
            at = np.arange(draws) * m + person
            age = table.lowest[member] + table.span[member] * luck.uniform(key[at], "stock/age")
            born[at] = np.minimum(h.arrives[household], 0) - age.astype(np.int32)
    return born.astype(np.int32)


def _sexes(stock: Stock, key: Keys, draws: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    female = np.tile(stock.base.is_female, draws)
    for person in stock.sex_unknown:
        at = np.arange(draws) * len(stock.base) + person
        female[at] = luck.uniform(key[at], "stock/sex") < 0.5
    return female


class _Builder:
    """Rows of the ledger, one household after the other, into lists of columns."""

    def __init__(
        self, ledger: Ledger, calendar: Calendar, pools: Mapping[str, Sequence[str]],
        by_household: frozenset[str], districts: Sequence[str],
    ) -> None:  # fmt: skip
        self.ledger, self.calendar, self.pools, self.by_household = (
            ledger,
            calendar,
            pools,
            by_household,
        )
        self.district = {d: i for i, d in enumerate(districts)}
        self.houses: list[tuple[object, ...]] = []
        self.members: list[tuple[object, ...]] = []
        self.kinds: list[str] = []
        self.rows: dict[str, list[tuple[int, ...]]] = {d: [] for d in pools}
        self.guessed = {"age": 0, "sex": 0, "members": 0, "arrival": 0, "size": 0}

    def add(self, household: Household) -> None:
        """Append a household unless nobody of it is here or coming."""
        day0 = self.calendar.start
        at = max(household.arrived_on, day0) if household.arrived_on else day0
        persons = [self.ledger.person[p] for p in sorted(self.ledger.members(household.id, at))]
        persons = [p for p in persons if p.left_on is None or p.left_on > day0]
        missing = max(0, (household.size_stated or 0) - len(persons))
        if not persons and not missing:
            if household.id in self._ever_had_members or household.kind == "single":
                return
            missing = {"couple": 2, "lone_parent": 2}.get(household.kind, 3)
            self.guessed["size"] += 1
        self.guessed["members"] += missing
        is_here = household.arrived_on is None or household.arrived_on <= day0
        self.guessed["arrival"] += household.arrived_on is None
        arrives = -1 if household.arrived_on is None else self.calendar.day(household.arrived_on)
        records = [self._records(p, arrives) for p in persons]
        index = len(self.houses)
        self.kinds.append(household.kind)
        self.houses.append(
            self._house(household, arrives, len(persons) + missing, is_here, records)
        )
        for position, person in enumerate([*persons, *([None] * missing)]):
            self._member(household, person, index, position, arrives, is_here)
        for domain in self.pools:
            of_domain = [r.get(domain, _NO_RECORD) for r in records] + [_NO_RECORD] * missing
            self.rows[domain] += [_merged(of_domain)] if domain in self.by_household else of_domain

    @property
    def _ever_had_members(self) -> frozenset[str]:
        return frozenset(m.household for m in self.ledger.memberships)

    def _house(
        self,
        household: Household,
        arrives: int,
        size: int,
        is_here: bool,
        records: list[dict[str, tuple[int, ...]]],
    ) -> tuple[object, ...]:
        in_care = household.kind == "uam"
        needs_bed = any(BEDS in r for r in records) or (
            not is_here and household.hosted is not True
        )
        may_move = (
            NEVER if household.may_move_from is None else self.calendar.day(household.may_move_from)
        )
        return (
            luck.word(f"household/{household.id}"),
            GROUPS.index(household.group),
            arrives,
            may_move,
            size,
            self.district.get(household.district or "", UNKNOWN),
            (not needs_bed) and not in_care,
            household.protected,
            in_care,
            is_here,
        )

    def _member(
        self, household: Household, person: Person | None, index: int, position: int, arrives: int,
        is_here: bool,
    ) -> None:  # fmt: skip
        name = f"person/{person.id}" if person else f"person/{household.id}/{position}"
        born = person.born if person else None
        low, span = _birth_range(born, self.calendar)
        self.guessed["age"] += low == NEVER
        recognised = NEVER
        if person and person.recognised_on:
            recognised = self.calendar.day(person.recognised_on)
        leaves = (
            NEVER if person is None or person.left_on is None else self.calendar.day(person.left_on)
        )
        sex = person.sex if person else None
        self.guessed["sex"] += sex is None
        self.members.append(
            (luck.word(name), index, arrives, leaves, low, span, sex, recognised, is_here)
        )

    def _records(self, person: Person, arrives: int) -> dict[str, tuple[int, ...]]:
        """By domain: held since, until, waiting since, pool, places held, places asked for."""
        found: dict[str, tuple[int, ...]] = {}
        for row in sorted(self.ledger.rows_of.get(person.id, ()), key=lambda r: r.id):
            record = self._record(row, arrives)
            if record is not None and row.domain in self.pools:
                known = found.get(row.domain)
                if known is None or (record[4] and not known[4]):  # a place counts before a request
                    found[row.domain] = record
        return found

    def _record(self, row: Placement, arrives: int) -> tuple[int, ...] | None:
        day0, day = self.calendar.start, self.calendar.day
        has_ended = row.until is not None and row.until <= day0
        if has_ended or row.second_place:
            return None
        begins = day(row.from_) if row.from_ else min(arrives, 0)
        if row.unit is not None and row.status in HOLDS and begins <= 0:
            unit = self.ledger.unit[row.unit]
            pools = self.pools.get(row.domain, ())
            pool = pools.index(unit.pool) if unit.pool in pools else -1
            return begins, day(row.until) if row.until else NEVER, NEVER, pool, 1, 0
        if row.status in ("requested", "held", "confirmed", "proposed"):
            since = day(row.requested_on) if row.requested_on else min(arrives, 0)
            return NEVER, NEVER, min(since, 0), -1, 0, 1
        return None

    def done(self) -> Stock:
        """All columns."""
        h = list(zip(*self.houses, strict=True)) or [()] * 10
        m = list(zip(*self.members, strict=True)) or [()] * 9
        n, count = len(self.houses), len(self.members)
        ints, flags = _ints, _flags
        size = ints(h[4])
        records = {
            d: Records(*(ints(c) for c in (zip(*rows, strict=True) if rows else [()] * 6)))
            for d, rows in self.rows.items()
        }
        never = np.full(n, NEVER, np.int32)
        households = Households(
            draw=np.zeros(n, np.int32),
            key=np.array(h[0], np.uint64),
            group=np.array(h[1], np.int8),
            arrives=ints(h[2]),
            leaves=never,
            may_move=ints(h[3]),
            size=size,
            first=(np.cumsum(size) - size).astype(np.int32),
            district=ints(h[5]),
            is_hosted=flags(h[6]),
            is_urgent=flags(h[7]),
            is_minor_alone=flags(h[8]),
            in_stock=flags(h[9]),
            records={d: r for d, r in records.items() if d in self.by_household},
        )
        born = np.where(ints(m[4]) == NEVER, 0, ints(m[4])).astype(np.int32)
        people = People(
            households=households, household=ints(m[1]), draw=np.zeros(count, np.int32),
            key=np.array(m[0], np.uint64), arrives=ints(m[2]), leaves=ints(m[3]), born=born,
            is_female=flags([s == "f" for s in m[6]]), recognised=ints(m[7]), in_stock=flags(m[8]),
            is_newborn=np.zeros(count, np.bool_),
            records={d: r for d, r in records.items() if d not in self.by_household},
        )  # fmt: skip
        unknown = ints([i for i, s in enumerate(m[6]) if s is None])
        return Stock(people, tuple(self.kinds), ints(m[4]), ints(m[5]), unknown, self.guessed)


_NO_RECORD = (NEVER, NEVER, NEVER, -1, 0, 0)


def _merged(records: list[tuple[int, ...]]) -> tuple[int, ...]:
    """The records of a household's members as one."""
    held = [r for r in records if r[4]]
    asked = [r for r in records if r[5]]
    pool = next((r[3] for r in held if r[3] >= 0), -1)
    return (
        min((r[0] for r in held), default=NEVER), max((r[1] for r in held), default=NEVER),
        min((r[2] for r in asked), default=NEVER), pool, len(held), len(asked),
    )  # fmt: skip


def _birth_range(born: PartialDate | None, calendar: Calendar) -> tuple[int, int]:
    """First possible day of birth and number of possible days; (NEVER, 0) where unknown."""
    if born is None:
        return NEVER, 0
    low = calendar.day(date(born.year, born.month or 1, born.day or 1))
    if born.day:
        return low, 1
    if born.month:
        after = date(born.year + born.month // 12, born.month % 12 + 1, 1)
        return low, calendar.day(after) - low
    return low, calendar.day(date(born.year + 1, 1, 1)) - low


def _ints(column: Iterable[object]) -> Ints:
    return np.array(list(column), np.int32)


def _flags(column: Iterable[object]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array(list(column), np.bool_)
