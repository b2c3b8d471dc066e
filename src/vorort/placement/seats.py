"""Seats of other offices in the same model: Kita, school, course, counselling.

Children of the same kind are counted, not named: a class is a domain, a pool and the points of the
siblings who ask together. For every class and home district a whole number of families goes to
each site; siblings either go together or are split into single children. Who exactly gets which
seat follows afterwards, in a fixed order. A refused seat never touches the home.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from vorort.placement.goals import need_points, seat_points, together_points
from vorort.placement.homes import Ints
from vorort.placement.problem import Party, Problem, SeatNeed, Seats
from vorort.placement.program import Program

District = str | None


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """Siblings who ask for seats of one pool: their points, each."""

    domain: str
    pool: str
    points: tuple[int, ...]

    @property
    def siblings(self) -> int:
        """How many they are."""
        return len(self.points)

    def one(self, points: int) -> Kind:
        """One of them alone."""
        return Kind(self.domain, self.pool, (points,))


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """All seats of one pool at one facility."""

    domain: str
    pool: str
    facility: str
    district: str = field(compare=False)
    left: int = field(compare=False)


@dataclass
class SeatColumns:
    """Where the seat columns of a program are: by kind, home district and site."""

    flow: dict[tuple[Kind, District, Site], int] = field(default_factory=dict)
    split: dict[tuple[Kind, District], int] = field(default_factory=dict)

    @cached_property
    def sites_of(self) -> dict[tuple[Kind, District], list[tuple[Site, int]]]:
        """Sites and their columns by kind and home district; asked once all columns are there."""
        found: defaultdict[tuple[Kind, District], list[tuple[Site, int]]] = defaultdict(list)
        for (kind, district, site), column in self.flow.items():
            found[kind, district].append((site, column))
        return dict(found)


def asked(problem: Problem, party: Party) -> dict[Kind, list[SeatNeed]]:
    """A party's seat needs by kind; those of one kind go together if they can."""
    by_pool: defaultdict[tuple[str, str], list[SeatNeed]] = defaultdict(list)
    for need in party.seats:
        by_pool[need.domain, need.pool].append(need)
    found = {}
    for (domain, pool), needs in sorted(by_pool.items()):
        ranked = sorted(needs, key=lambda n: (need_points(problem, n), n.person))
        kind = Kind(domain, pool, tuple(need_points(problem, n) for n in ranked))
        found[kind] = ranked
    return found


def sites(problem: Problem) -> tuple[Site, ...]:
    """Sites with their seats left, sorted."""
    groups: defaultdict[tuple[str, str, str], list[Seats]] = defaultdict(list)
    for row in problem.seats:
        groups[row.domain, row.pool, row.facility].append(row)
    return tuple(
        Site(*key, rows[0].district, sum(r.left for r in rows))
        for key, rows in sorted(groups.items())
    )


def add_seats(program: Program) -> SeatColumns:
    """Columns and rows of all seat needs."""
    problem = program.problem
    columns = SeatColumns()
    demand = _demand(program)
    for kind, district in sorted(demand, key=lambda key: (key[0], key[1] or "")):
        if kind.siblings > 1:
            name = _name("split", kind, district)
            columns.split[kind, district] = program.column(name, 0, demand[kind, district].most)
            for points in kind.points:
                demand.setdefault((kind.one(points), district), _Demand())
    all_sites = sites(problem)
    for kind, district in sorted(demand, key=lambda key: (key[0], key[1] or "")):
        _balance(program, columns, demand, all_sites, kind, district)
    _limits(program, columns, all_sites)
    return columns


@dataclass
class _Demand:
    """Families of a kind in a district: some for sure, others if an option is chosen."""

    sure: int = 0
    options: list[int] = field(default_factory=list)  # columns

    @property
    def most(self) -> int:
        return self.sure + len(self.options)


def _demand(program: Program) -> dict[tuple[Kind, District], _Demand]:
    found: defaultdict[tuple[Kind, District], _Demand] = defaultdict(_Demand)
    homes, options = program.homes, program.options
    for number, party in enumerate(program.problem.parties):
        for kind in asked(program.problem, party):
            if not party.asks_home:
                found[kind, party.district].sure += 1
                continue
            for option in options.of(number):
                district = homes.districts[homes.district[options.home[option]]]
                found[kind, district].options.append(int(program.home[option]))
            found[kind, party.district].options.append(int(program.unplaced[number]))
    return dict(found)


def in_reach(problem: Problem, here: District, there: str) -> bool:
    """Near enough to be proposed; unknown counts as near enough."""
    minutes = problem.minutes(here, there)
    return minutes is None or minutes <= problem.rulebook["furthest_minutes"]


def flow_points(problem: Problem, kind: Kind, here: District, site: Site) -> int:
    """Points of a family of this kind at a site."""
    near = seat_points(problem, here, site.district)
    return sum(kind.points) + kind.siblings * near + together_points(problem, kind.siblings)


def _balance(
    program: Program, columns: SeatColumns, demand: Mapping[tuple[Kind, District], _Demand],
    all_sites: tuple[Site, ...], kind: Kind, district: District,
) -> None:  # fmt: skip
    """Families of a kind in a district: at a site, split, or without a seat."""
    mine = demand[kind, district]
    most = mine.most + sum(
        demand[other, d].most * other.points.count(kind.points[0])
        for (other, d) in columns.split
        if d == district and _splits_into(other, kind)
    )
    used, values = [], []
    for site in all_sites:
        fits = (site.domain, site.pool) == (kind.domain, kind.pool) and site.left >= kind.siblings
        if fits and in_reach(program.problem, district, site.district):
            points = flow_points(program.problem, kind, district, site)
            name = _name("seat", kind, district, site.facility)
            column = program.column(name, points, min(most, site.left // kind.siblings))
            columns.flow[kind, district, site] = column
            used.append(column)
            values.append(1)
    if (kind, district) in columns.split:
        used.append(columns.split[kind, district])
        values.append(1)
    for (other, d), column in columns.split.items():
        if d == district and _splits_into(other, kind):
            used.append(column)
            values.append(-other.points.count(kind.points[0]))
    for column, count in sorted(Counter(mine.options).items()):
        used.append(column)
        values.append(-count)
    # At most: who gets no seat stays without one.
    label = _name("who", kind, district)
    program.row("seats", label, np.array(used, np.int64), np.array(values), -np.inf, mine.sure)


def _splits_into(other: Kind, kind: Kind) -> bool:
    same = (other.domain, other.pool) == (kind.domain, kind.pool)
    return same and other.siblings > 1 and kind.siblings == 1 and kind.points[0] in other.points


def _limits(program: Program, columns: SeatColumns, all_sites: tuple[Site, ...]) -> None:
    """No more seats than are left, at each site and of all that residents share."""
    at_site: defaultdict[Site, list[tuple[int, int]]] = defaultdict(list)
    for (kind, _, site), column in columns.flow.items():
        at_site[site].append((column, kind.siblings))
    for site in all_sites:
        label = f"left[{site.pool},{site.facility}]"
        program.row("seats", label, *_pairs(at_site[site]), 0, site.left)
    shared = {
        (s.domain, s.pool, s.facility) for s in program.problem.seats if s.is_shared_with_residents
    }
    for limit in program.problem.seat_limits:
        flows = [
            (c, k.siblings)
            for (k, _, s), c in columns.flow.items()
            if (s.domain, s.pool) == (limit.domain, limit.pool)
            and (s.domain, s.pool, s.facility) in shared
        ]
        label = f"residents[{limit.domain},{limit.pool}]"
        program.row("seats", label, *_pairs(flows), 0, limit.left)


def _pairs(flows: list[tuple[int, int]]) -> tuple[Ints, Ints]:
    found = np.array(flows, np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def _name(word: str, kind: Kind, district: District, site: str = "") -> str:
    points = "+".join(map(str, kind.points))
    tail = f",{site}" if site else ""
    return f"{word}[{kind.domain}.{kind.pool},{points},{district or 'unknown'}{tail}]"


@dataclass(frozen=True, slots=True)
class Granted:
    """A seat for one person: the unit, or None. German: vermittelter Platz"""

    party: str
    need: SeatNeed
    unit: str | None


def granted(
    problem: Problem, columns: SeatColumns, chosen: Ints, districts: Mapping[str, District]
) -> tuple[Granted, ...]:
    """Who gets which seat: families in order of due day, need and key; the best sites first.

    ``chosen``: the value of each column; ``districts``: where each party lives in the plan.
    """
    waiting: defaultdict[tuple[Kind, District], list[tuple[Party, list[SeatNeed]]]]
    waiting = defaultdict(list)
    for party in problem.parties:
        for kind, needs in asked(problem, party).items():
            waiting[kind, districts[party.id]].append((party, needs))
    taken: Counter[str] = Counter()
    found: list[Granted] = []
    order = sorted(waiting, key=lambda key: (-key[0].siblings, key[0], key[1] or ""))
    for kind, district in order:
        found += _serve(problem, columns, chosen, waiting, kind, district, taken)
    singles = [key for key in waiting if key not in order]
    for kind, district in sorted(singles, key=lambda key: (key[0], key[1] or "")):
        found += _serve(problem, columns, chosen, waiting, kind, district, taken)
    return tuple(sorted(found, key=lambda g: (g.party, g.need.domain, g.need.person)))


def _serve(
    problem: Problem, columns: SeatColumns, chosen: Ints,
    waiting: defaultdict[tuple[Kind, District], list[tuple[Party, list[SeatNeed]]]],
    kind: Kind, district: District, taken: Counter[str],
) -> Iterator[Granted]:  # fmt: skip
    queue = sorted(waiting[kind, district], key=_first_due)
    waiting[kind, district] = []
    flows = sorted(
        ((site, int(chosen[c])) for site, c in columns.sites_of.get((kind, district), ())),
        key=lambda f: (-flow_points(problem, kind, district, f[0]), f[0].facility),
    )
    for site, count in flows:
        for party, needs in queue[:count]:
            for need in needs:
                yield Granted(party.id, need, _unit(problem, site, taken))
        queue = queue[count:]
    split = int(chosen[columns.split[kind, district]]) if (kind, district) in columns.split else 0
    for party, needs in queue[:split]:
        for need in needs:
            one = kind.one(need_points(problem, need))
            waiting[one, district].append((party, [need]))
    for party, needs in queue[split:]:
        for need in needs:
            yield Granted(party.id, need, None)


def _first_due(entry: tuple[Party, list[SeatNeed]]) -> tuple[str, str, str]:
    party, needs = entry
    due = min(str(n.due or "9999") for n in needs)
    since = min(str(n.since or "9999") for n in needs)
    return due, since, party.id


def _unit(problem: Problem, site: Site, taken: Counter[str]) -> str:
    """The first group of a site with a seat left."""
    for row in problem.seats:
        same = (row.domain, row.pool, row.facility) == (site.domain, site.pool, site.facility)
        if same and taken[row.unit] < row.left:
            taken[row.unit] += 1
            return row.unit
    raise AssertionError("the program gave more seats than there are")  # a row forbids it
