"""Households written down plainly, as columns; and outcomes of a town where nobody queues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

import numpy as np

from vorort import luck
from vorort.columns import (
    GROUPS,
    NEVER,
    YEAR,
    Calendar,
    Households,
    Needs,
    Outcome,
    People,
    Records,
    Values,
)
from vorort.domains import Domain, folders
from vorort.parameters import Resolved, load, resolve


@dataclass(frozen=True)
class Record:
    held_from: int = NEVER
    waiting_since: int = NEVER
    pool: int = -1


@dataclass(frozen=True)
class Member:
    born: int
    is_female: bool = False
    recognised: int = NEVER
    is_newborn: bool = False
    records: Mapping[str, Record] = field(default_factory=dict)


@dataclass(frozen=True)
class Home:
    key: int
    group: str
    arrives: int
    members: tuple[Member, ...]
    leaves: int = NEVER
    may_move: int = NEVER
    is_hosted: bool = False
    is_urgent: bool = False
    is_minor_alone: bool = False
    in_stock: bool = False
    draw: int = 0
    records: Mapping[str, Record] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return sum(not m.is_newborn for m in self.members)


@cache
def resolved(on: date, land: str | None = None) -> Resolved:
    return resolve(load(folders()), on, land)


def central_only(values: Mapping[str, float | None], changed: Mapping[str, object]) -> Values:
    given = {name: None if v == "unknown" else float(v) for name, v in changed.items()}  # type: ignore[arg-type]
    assert given.keys() <= values.keys(), given.keys() - values.keys()
    return Values({**values, **given})


def people_of(homes: Sequence[Home]) -> People:
    rows = [(h, home, n, m) for h, home in enumerate(homes) for n, m in enumerate(home.members)]
    sizes = np.array([len(home.members) for home in homes])

    def of_homes(name: str, kind: type = np.int32) -> np.ndarray:
        return np.array([getattr(home, name) for home in homes], kind)

    def of_members(name: str, kind: type = np.int32) -> np.ndarray:
        return np.array([getattr(m, name) for _, _, _, m in rows], kind)

    keys = luck.mix(np.full(len(homes), 7, np.uint64), of_homes("key", np.uint64))
    houses = Households(
        draw=of_homes("draw"), key=keys,
        group=np.array([GROUPS.index(home.group) for home in homes], np.int8),
        arrives=of_homes("arrives"), leaves=of_homes("leaves"), may_move=of_homes("may_move"),
        size=of_homes("size"), first=(np.cumsum(sizes) - sizes).astype(np.int32),
        district=np.zeros(len(homes), np.int32), is_hosted=of_homes("is_hosted", np.bool_),
        is_urgent=of_homes("is_urgent", np.bool_),
        is_minor_alone=of_homes("is_minor_alone", np.bool_),
        in_stock=of_homes("in_stock", np.bool_),
        records=records_of([home.records for home in homes]),
    )  # fmt: skip
    at = np.array([h for h, _, _, _ in rows], np.int32)
    newborn = of_members("is_newborn", np.bool_)
    born = of_members("born")
    return People(
        households=houses, household=at, draw=houses.draw[at],
        key=luck.mix(keys[at], np.array([n for _, _, n, _ in rows], np.uint64)),
        arrives=np.where(newborn, born, houses.arrives[at]), leaves=houses.leaves[at], born=born,
        is_female=of_members("is_female", np.bool_), recognised=of_members("recognised"),
        in_stock=houses.in_stock[at], is_newborn=newborn,
        records=records_of([m.records for _, _, _, m in rows]),
    )  # fmt: skip


def records_of(rows: Sequence[Mapping[str, Record]]) -> dict[str, Records]:
    found = {}
    for name in sorted({name for row in rows for name in row}):
        mine = [row.get(name, Record()) for row in rows]
        held = np.array([r.held_from for r in mine], np.int32)
        waiting = np.array([r.waiting_since for r in mine], np.int32)
        found[name] = replace(
            Records.none(len(rows)), held_from=held, waiting_since=waiting,
            pool=np.array([r.pool for r in mine], np.int32),
            held=(held < NEVER).astype(np.int32), asked=(waiting < NEVER).astype(np.int32),
        )  # fmt: skip
    return found


def rows_of(domain: Domain, people: People) -> int:
    return len(people.households if domain.by_household else people)


def recorded(domain: Domain, people: People) -> np.ndarray:
    among = people.households if domain.by_household else people
    found = among.records.get(domain.name)
    return np.zeros(len(among), np.bool_) if found is None else found.any


def only(needs: Needs, keep: np.ndarray) -> Needs:
    def part(column: object) -> object:
        return column[keep] if isinstance(column, np.ndarray) else column

    return Needs(**{name: part(column) for name, column in vars(needs).items()})  # type: ignore[arg-type]


def without_history(domain: Domain, people: People, needs: Needs) -> Needs:
    """What the engine drops: needs of the stock that began before day 0 and are on no record."""
    stock = people.households.in_stock if domain.by_household else people.in_stock
    gone = stock[needs.who] & (needs.start < 0) & ~recorded(domain, people)[needs.who]
    return only(needs, ~gone)


def served_after(domain: Domain, people: People, needs: Needs, delay: int) -> Outcome:
    """Everybody is served so many days after joining, or never where the need ends first."""
    begins = np.where(needs.start + delay < needs.end, needs.start + delay, NEVER)
    ends = np.where(begins < NEVER, np.minimum(needs.end, begins + needs.duration), NEVER)
    begins, ends = begins.astype(np.int32), ends.astype(np.int32)
    return Outcome(needs, begins, ends, rows_of(domain, people))


def run(
    domains: Sequence[Domain], people: People, values: Values, calendar: Calendar, delay: int = 0
) -> dict[str, Outcome]:
    outcomes: dict[str, Outcome] = {}
    for domain in domains:
        needs = domain.needs(people, values, outcomes, calendar)
        needs = without_history(domain, people, needs)
        outcomes[domain.name] = served_after(domain, people, needs, delay)
    return outcomes


def born_at(age: float, day: int) -> int:
    return day - round(age * YEAR)
