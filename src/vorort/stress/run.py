"""The stress test: draws in chunks on threads, domains in their order, months kept.

Same seed, same bytes, whatever the number of chunks and threads: every number is named, sums are
of integers or in fixed order within a draw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from vorort import luck
from vorort.arrivals import flow as arrivals_flow
from vorort.arrivals import newcomers, scenarios
from vorort.arrivals import stock as in_stock
from vorort.arrivals.keys import share_of
from vorort.arrivals.scenarios import Mixture
from vorort.columns import Calendar, Dates, Flags, Floats, People, Values, together
from vorort.domains import Domain
from vorort.files import Scenario
from vorort.lifecourse import complete
from vorort.parameters import Resolved
from vorort.stress.chain import Line, Step, run_line
from vorort.stress.classes import Expected, count_expected
from vorort.stress.supply import Supply, supplies
from vorort.stress.tally import Months, Tolerance

CHUNK = 60_000  # people: large enough to hide the cost of a NumPy call, small enough for memory
POLICIES = ("decided", "static")
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Series:
    """One domain under one policy; ``overloaded`` is (draw, tally), None without capacity."""

    months: Months
    overloaded: Flags | None


@dataclass(frozen=True)
class Run:
    """A scenario with its result: everything a report needs. German: Rechenlauf"""

    scenario: Scenario
    seed: int
    draws: int  # besides draw 0
    calendar: Calendar
    domains: tuple[Domain, ...]
    resolved: Resolved
    values: Values
    mixture: Mixture
    weights: Mapping[str, float]
    tolerances: Mapping[str, Tolerance]
    supply: Mapping[str, Mapping[str, Supply]]  # policy -> domain
    series: Mapping[str, Mapping[str, Series]]  # policy -> domain; row 0 is draw 0
    expected: Floats  # projected persons (draw, month, group), without those announced
    stock: in_stock.Stock
    arrivals_known: bool
    expected_soon: Expected


def run_stress(
    scenario: Scenario,
    domains: tuple[Domain, ...],
    resolved: Resolved,
    *,
    draws: int = 1000,
    seed: int = 1,
    months: int | None = None,
    threads: int = 2,
    only: str | None = None,
    progress: Progress | None = None,
) -> Run:
    """Run draws 0 to ``draws``. ``only``: all draws in one named scenario."""
    town = scenario.municipality
    calendar = Calendar.of_months(town.today, months or town.months)
    numbers = np.arange(draws + 1, dtype=np.int32)
    world = luck.worlds(seed, numbers)
    values = resolved.values(seed, draws, calendar.date_of(calendar.days))
    if town.passing is not None:  # a policy of the Kommune, shown with the result
        values = values.with_({"accommodation.passing": float(town.passing)})
    weights = {only: 1.0} if only else dict(town.scenarios)
    mixture = scenarios.mix_scenarios(weights, numbers)
    place = _town(scenario, values)
    expected = arrivals_flow.expected_arrivals(world, numbers, mixture, values, calendar, place)
    stock = in_stock.read_stock(
        scenario.ledger, calendar, {d.name: d.pools for d in domains},
        frozenset(d.name for d in domains if d.by_household), [d.id for d in town.districts],
    )  # fmt: skip
    supply = supplies(scenario, domains, world, mixture, values, calendar)
    tolerances = {d.name: _tolerance(scenario, d, values) for d in domains}
    line = Line(
        domains, calendar, tolerances, round(values.central("stress.overdue_end_days")),
        Dates(calendar.tallies, calendar.days),
    )  # fmt: skip
    job = _Job(scenario, world, mixture, values, calendar, expected, stock, supply, line)
    series = job.run(threads, progress)
    known = place.land_share is not None and place.municipal_share is not None
    return Run(
        scenario,
        seed,
        draws,
        calendar,
        domains,
        resolved,
        values,
        mixture,
        weights,
        tolerances,
        supply,
        series,
        job.projected,
        stock,
        known,
        job.expected,
    )


def _town(scenario: Scenario, values: Values) -> arrivals_flow.Town:
    town = scenario.municipality
    share = values.central("arrivals.land_share") if values.known("arrivals.land_share") else None
    return arrivals_flow.Town(
        land_share=share, municipal_share=share_of(town.key).holds, population=town.population,
        credit=town.key.credit, backlog=town.key.backlog, lag_days=town.key.lag_days or 0,
    )  # fmt: skip


def _tolerance(scenario: Scenario, domain: Domain, values: Values) -> Tolerance:
    if not domain.has_capacity:
        return Tolerance(0, 0)
    own = scenario.municipality.tolerances.get(domain.name)
    if own is not None:
        return Tolerance(*own)
    names = (f"{domain.name}.tolerated_days", f"{domain.name}.tolerated_amount")
    return Tolerance(*(round(values.central(name)) for name in names))


class _Job:
    """The chunks of one run."""

    def __init__(
        self,
        scenario: Scenario,
        world: luck.Keys,
        mixture: Mixture,
        values: Values,
        calendar: Calendar,
        expected: Floats,
        stock: in_stock.Stock,
        supply: Mapping[str, Mapping[str, Supply]],
        line: Line,
    ) -> None:
        taken = {h.announced_id for h in scenario.ledger.households}
        self.notices = [a for a in scenario.announced if a.id not in taken]
        self.projected = newcomers.less_announced(expected, self.notices, calendar)
        self.world, self.mixture, self.values, self.calendar = world, mixture, values, calendar
        self.stock, self.supply, self.line = stock, supply, line
        rows = np.arange(len(world), dtype=np.int32)
        self.tilt = np.broadcast_to(
            np.asarray(values.of("arrivals.family_tilt", rows), np.float64), rows.shape
        )
        self.district = _district_weights(scenario)
        self.expected = Expected.empty(len(world))
        self.same = frozenset(n for n, s in supply["decided"].items() if s is supply["static"][n])
        self.shared = _shared(line.domains, self.same)

    def run(self, threads: int, progress: Progress | None) -> dict[str, dict[str, Series]]:
        """All chunks; each writes its own rows, so the order of finishing does not matter."""
        draws = len(self.world)
        decided = {d.name: self._empty("decided", d.name) for d in self.line.domains}
        static = {
            name: kept if name in self.shared else self._empty("static", name)
            for name, kept in decided.items()
        }
        series = {"decided": decided, "static": static}
        each = len(self.stock.base) + float(self.projected.sum(axis=(1, 2)).mean()) * 1.1
        step = max(1, int(CHUNK / max(each, 1.0)))
        parts = [slice(a, min(a + step, draws)) for a in range(0, draws, step)]
        done = 0

        def piece(part: slice) -> int:
            for policy, steps in self._chunk(part).items():
                for name, found in steps.items():
                    if policy == "static" and name in self.shared:
                        continue
                    series[policy][name].months.put(part, found.months)
                    kept = series[policy][name].overloaded
                    if kept is not None and found.overloaded is not None:
                        kept[part] = found.overloaded
            return int(part.stop - part.start)

        with ThreadPoolExecutor(max(1, threads)) as pool:
            for size in pool.map(piece, parts):
                done += size
                if progress is not None:
                    progress(done, draws)
        return series

    def _empty(self, policy: str, name: str) -> Series:
        draws, tallies = len(self.world), len(self.calendar.tallies)
        is_known = self.supply[policy][name].usable is not None
        overloaded = np.zeros((draws, tallies), np.bool_) if is_known else None
        return Series(Months.empty(draws, len(self.calendar.months)), overloaded)

    def people(self, part: slice) -> People:
        """Everybody who is or comes in these draws, with their life courses."""
        world, values = self.world[part], self.values.chunk(part)
        lots = [in_stock.people_of(self.stock, world)] if len(self.stock.base) else []
        told = newcomers.announced(world, self.notices, values, self.district, self.calendar)
        drawn = newcomers.projected(world, self.projected[part], self.tilt[part], self.calendar)
        lots += [
            lot
            for lot in (told, newcomers.people_of(drawn, values, self.district))
            if lot is not None
        ]
        mixture = Mixture(self.mixture.of_draw[part])
        return complete(
            together(lots),
            values,
            self.calendar,
            mixture.is_(scenarios.EXIT),
            mixture.is_(scenarios.LAW),
        )

    def _chunk(self, part: slice) -> dict[str, dict[str, Step]]:
        people, values = self.people(part), self.values.chunk(part)
        draws = part.stop - part.start
        self.expected.put(part, count_expected(people, values, draws, self.calendar))
        found: dict[str, dict[str, Step]] = {}
        for policy in POLICIES:
            before = found.get("decided")
            found[policy] = run_line(
                self.line, people, values, draws, part, self.supply[policy], before, self.same
            )
        return found


def _shared(domains: Sequence[Domain], same: frozenset[str]) -> frozenset[str]:
    """Domains that go alike under both policies: same supply, and so have all they read."""
    found: set[str] = set()
    for domain in domains:
        if domain.name in same and found.issuperset(domain.reads):
            found.add(domain.name)
    return frozenset(found)


def _district_weights(scenario: Scenario) -> Floats:
    """Where new households first live: by places in the district's accommodation, else evenly."""
    districts = [d.id for d in scenario.municipality.districts]
    places = {d: 0 for d in districts}
    for unit in scenario.ledger.units:
        facility = scenario.ledger.facility.get(unit.facility)
        if unit.domain == "accommodation" and facility is not None and facility.district in places:
            places[facility.district] += unit.places
    weights = np.array([float(places[d]) for d in districts] or [1.0], np.float64)
    if weights.sum() == 0:
        weights[:] = 1.0
    share: Floats = weights / weights.sum()
    return share
