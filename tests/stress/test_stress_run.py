"""What a run promises: same bytes, shared luck, independence, conservation, monotony."""

from __future__ import annotations

import random
from dataclasses import fields, replace
from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np
import outlook_town
import pytest

from vorort.arrivals.stock import read_stock
from vorort.columns import Calendar, Dates, Discipline, Needs, Outcomes, People, Values
from vorort.domains import Domain, all_domains, in_order
from vorort.files import Scenario
from vorort.ledger import occupancy
from vorort.parameters import Resolved, resolve
from vorort.reports.figures import figures
from vorort.stress import run as stress_run
from vorort.stress.catalogue import catalogue
from vorort.stress.front import examples
from vorort.stress.run import Run, run_stress
from vorort.stress.setup import open_scenario
from vorort.vocabulary import Household, Text

DRAWS = 40


@cache
def resolved() -> Resolved:
    town = outlook_town.municipality()
    return resolve(catalogue(), town.today, town.land)


def run(
    scenario: Scenario | None = None, domains: tuple[Domain, ...] | None = None, **how: Any
) -> Run:
    return run_stress(
        scenario or outlook_town.scenario(),
        domains or all_domains(),
        resolved(),
        **({"draws": DRAWS, "threads": 1} | how),
    )


@cache
def base() -> Run:
    return run()


def same(a: Run, b: Run, domain: str, rows: slice = slice(None)) -> bool:
    """Every series of a domain, byte for byte, under both policies."""
    for policy in ("decided", "static"):
        one, two = a.series[policy][domain], b.series[policy][domain]
        for f in fields(one.months):
            left, right = getattr(one.months, f.name), getattr(two.months, f.name)
            if left[rows].tobytes() != right[rows].tobytes():
                return False
    return True


def test_threads_and_chunks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stress_run, "CHUNK", 900)
    other = run(threads=2)
    assert all(same(base(), other, d.name) for d in all_domains())


def test_the_first_draws_are_the_same_however_many_there_are() -> None:
    fewer = run(draws=10)
    assert all(same(base(), fewer, d.name, slice(0, 11)) for d in all_domains())


def test_another_seed_is_another_future() -> None:
    assert not same(base(), run(seed=2), "accommodation")


def test_the_order_of_people_is_irrelevant() -> None:
    scenario = outlook_town.scenario()
    rng = random.Random(5)
    ledger = scenario.ledger

    def mixed(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(rng.sample(rows, len(rows)))

    names = ("households", "persons", "memberships", "placements", "units", "facilities")
    shuffled = replace(ledger, **{n: mixed(getattr(ledger, n)) for n in names})
    other = run(replace(scenario, ledger=shuffled, resident_demand=mixed(scenario.resident_demand)))
    assert all(same(base(), other, d.name) for d in all_domains())


@pytest.mark.parametrize("gone", ["school", "language"])
def test_a_domain_nobody_reads_goes_without_a_trace(gone: str) -> None:
    rest = run(domains=tuple(d for d in all_domains() if d.name != gone))
    assert all(same(base(), rest, d.name) for d in all_domains() if d.name != gone)


def test_a_new_domain_moves_no_other_domains_numbers() -> None:
    def needs(people: People, values: Values, outcomes: Outcomes, calendar: Calendar) -> Needs:
        return Needs(np.arange(len(people), dtype=np.int32), people.arrives, people.leaves)

    def discipline(values: Values, calendar: Calendar) -> Discipline:
        return Discipline(Dates(np.arange(calendar.days, dtype=np.int32), calendar.days))

    word = Text("Zähne", "Teeth")
    dental = Domain(
        "dental", word, word, False, ("general",), ("school",), False, needs, discipline
    )
    other = run(domains=in_order([*all_domains(), dental]))
    assert all(same(base(), other, d.name) for d in all_domains())
    assert other.series["decided"]["dental"].months.demand.max() > 0


def with_more(scenario: Scenario, domain: str, extra: int) -> Scenario:
    """The town with more places in the first unit of each pool of a domain."""
    seen: set[str] = set()
    units = []
    for unit in scenario.ledger.units:
        is_first = unit.domain == domain and unit.pool not in seen and unit.kind == "shared"
        seen |= {unit.pool} if is_first else set()
        units.append(replace(unit, places=unit.places + extra) if is_first else unit)
    return replace(scenario, ledger=replace(scenario.ledger, units=tuple(units)))


@pytest.mark.parametrize("domain", ["registration", "childcare", "school", "flat"])
def test_more_capacity_never_makes_overload_worse(domain: str) -> None:
    """Needs of one place: fewer wait, in every draw and month; nothing upstream moves."""
    more = run(with_more(outlook_town.scenario(), domain, 3))
    before, after = base().series["decided"][domain], more.series["decided"][domain]
    assert (after.months.waiting <= before.months.waiting).all()
    assert before.overloaded is not None and after.overloaded is not None
    assert (after.overloaded <= before.overloaded).all()


@pytest.mark.parametrize("domain", ["accommodation", "language"])
def test_more_capacity_helps_where_blocks_and_groups_are_served(domain: str) -> None:
    """Households and course groups are packed: a single week can be worse, the whole never is."""
    more = run(with_more(outlook_town.scenario(), domain, 25), draws=200)
    less = run(draws=200)
    before, after = less.series["decided"][domain].months, more.series["decided"][domain].months
    assert (after.unmet.sum(axis=1) <= before.unmet.sum(axis=1) + 1e-3).mean() > 0.98
    assert (after.overload.mean(axis=0) <= before.overload.mean(axis=0) + 0.01).all()


def test_scenarios_share_their_luck() -> None:
    """The effect of more beds is far less noisy than between runs of other luck."""
    draws = 300
    less, more = (
        run(draws=draws),
        run(with_more(outlook_town.scenario(), "accommodation", 10), draws=draws),
    )
    other = run(with_more(outlook_town.scenario(), "accommodation", 10), draws=draws, seed=2)
    total = [
        r.series["decided"]["accommodation"].months.unmet[1:].sum(axis=1)
        for r in (less, more, other)
    ]
    assert (total[2] - total[0]).var() > 3 * (total[1] - total[0]).var()
    assert same(less, more, "flat") and same(less, more, "registration")


def test_places_and_people_are_conserved_in_every_draw() -> None:
    for policy in ("decided", "static"):
        for d in all_domains():
            months = base().series[policy][d.name].months
            if base().series[policy][d.name].overloaded is None:
                continue
            occupied = months.demand - months.waiting
            assert (occupied + months.vacancy + months.unfit == months.usable).all(), d.name
            for name in (
                "usable",
                "resident",
                "stock_served",
                "stock_waiting",
                "waiting",
                "vacancy",
            ):
                assert getattr(months, name).min() >= 0, (d.name, name)
            existing = months.resident + months.stock_served + months.stock_waiting
            assert (months.demand >= existing).all(), d.name


def test_what_the_ledger_holds_is_what_the_engine_starts_with() -> None:
    """Musterstadt: places used on day 0 before anybody is admitted."""
    scenario, found = open_scenario(examples() / "musterstadt")
    town = run_stress(scenario, all_domains(), found, draws=1, threads=1)
    today = occupancy(scenario.ledger, scenario.municipality.today)
    for d in all_domains():
        records = {**town.stock.base.records, **town.stock.base.households.records}[d.name]
        rows = [
            p for p in scenario.ledger.current
            if p.domain == d.name and p.status in ("confirmed", "moved_in", "absent") and p.unit
            and not p.second_place and p.from_ and p.from_ <= scenario.municipality.today
            and (p.until is None or p.until > scenario.municipality.today)
        ]  # fmt: skip
        assert records.held.sum() == len(rows), d.name
    beds = today.by_domain["accommodation"]
    usable = town.series["decided"]["accommodation"].months.usable[0, 0]
    seconds = [p for p in scenario.ledger.current if p.second_place and p.status == "moved_in"]
    assert usable == beds.usable - len(seconds)  # kept beside another bed: nobody else's meanwhile


def test_over_occupancy_on_day_0_is_overload_in_the_first_month_of_every_draw() -> None:
    scenario = outlook_town.scenario()
    assert occupancy(scenario.ledger, outlook_town.TODAY).by_domain["accommodation"].over == 3
    months = base().series["decided"]["accommodation"].months
    assert months.overload[:, 0].all()


def test_unknown_resident_demand_counts_only_places_for_newcomers() -> None:
    scenario = outlook_town.scenario()
    unknown = tuple(replace(r, low=None, central=None, high=None) for r in scenario.resident_demand)
    blind = run(replace(scenario, resident_demand=unknown))
    assert blind.series["decided"]["childcare"].overloaded is None  # no seat is for newcomers only
    assert blind.series["decided"]["childcare"].months.demand[:, 3].min() > 0


def test_members_nobody_recorded_have_each_their_own_luck() -> None:
    ledger = outlook_town.scenario().ledger
    large = Household("large", "unknown", "other", size_stated=30)
    ledger = replace(ledger, households=(*ledger.households, large))
    calendar = Calendar.of_months(outlook_town.TODAY, 3)
    key = read_stock(ledger, calendar, {}, frozenset(), ["d1"]).base.key
    assert len(np.unique(key)) == len(key) > 30


def test_resident_demand_of_no_pool_is_unknown_where_there_are_several() -> None:
    scenario = outlook_town.scenario()
    rows = tuple(replace(r, pool=None) for r in scenario.resident_demand)
    blind = run(replace(scenario, resident_demand=rows))
    assert blind.supply["decided"]["childcare"].residents is None


def test_residents_who_are_known_count_where_the_places_are_not() -> None:
    scenario = outlook_town.scenario()
    units = tuple(u for u in scenario.ledger.units if u.domain != "childcare")
    seated = tuple(p for p in scenario.ledger.placements if p.domain != "childcare")
    bare = run(replace(scenario, ledger=replace(scenario.ledger, units=units, placements=seated)))
    found, known = bare.series["decided"]["childcare"], base().series["decided"]["childcare"]
    assert found.overloaded is None and known.months.resident.min() > 0
    assert (found.months.resident == known.months.resident).all()
    assert (found.months.demand >= found.months.resident + found.months.stock_served).all()
    domain = figures(bare)["domains"]["childcare"]
    assert (domain["capacity"], domain["capacity_for"]) == ("unknown", "everyone")
    month = domain["months"][0]
    assert month["usable"] is None and month["existing"]["0.5"] > month["stock"]["0.5"]
    assert month["resident"]["0.5"] > 0


def test_residents_come_first_and_nobody_is_evicted() -> None:
    """Total waiting is the same whoever comes first; residents wait only behind those seated."""
    months = base().series["decided"]["childcare"].months
    assert (months.waiting >= months.waiting_resident).all()
    flooded = tuple(
        replace(r, low=500, central=500, high=500) for r in outlook_town.scenario().resident_demand
    )
    full = run(replace(outlook_town.scenario(), resident_demand=flooded)).series["decided"][
        "childcare"
    ]
    seated = full.months.stock_served[:, 0]
    assert (full.months.waiting_resident[:, 0] == 1000 - (84 - seated)).all()


def test_doing_nothing_is_never_better_than_what_is_decided() -> None:
    for d in all_domains():
        decided, static = (base().series[p][d.name].months for p in ("decided", "static"))
        assert (static.usable <= decided.usable).all(), d.name


def test_one_named_scenario_can_be_run_alone() -> None:
    alone = run(only="calm")
    assert set(alone.mixture.of_draw.tolist()) == {0}  # draw 0 too: no other scenario has weight


def test_draws_are_spread_over_the_scenarios_by_weight() -> None:
    many = run(draws=400).mixture.of_draw[1:]
    share = np.bincount(many, minlength=8) / len(many)
    weights = outlook_town.municipality().scenarios
    assert share[1] == pytest.approx(weights["trend"], abs=0.01)
    assert share[6] == pytest.approx(weights["sudden_exit"], abs=0.01)


def test_every_declared_parameter_is_read_by_a_run_with_its_report() -> None:
    """Musterstadt, and a town in a Land whose school duty nobody found."""
    scenario, found = open_scenario(examples() / "musterstadt")
    town = run_stress(scenario, all_domains(), found, draws=30)
    figures(town)
    saxon = resolve(catalogue(), outlook_town.TODAY, "sn")
    other = run_stress(outlook_town.scenario(), all_domains(), saxon, draws=1)
    unread = set(found.choices) - town.values.reads - other.values.reads
    assert unread == {"accommodation.space_m2"}  # the norm of floor area is for placement


def test_old_reports_are_used_and_widen_the_capacity() -> None:
    scenario = outlook_town.scenario()
    day = outlook_town.TODAY.replace(year=2025)
    units = tuple(
        replace(u, reported_on=day, reported_by="o2") if u.domain == "school" else u
        for u in scenario.ledger.units
    )
    town = replace(scenario.municipality, reported_cycle_days=90)
    old = run(replace(scenario, municipality=town, ledger=replace(scenario.ledger, units=units)))
    usable = old.series["decided"]["school"].months.usable[:, 3]
    assert usable[0] == 32 and usable.min() < 32 < usable.max()
    assert usable.min() >= 26 and usable.max() <= 38
    assert same(base(), old, "childcare")


def test_a_kept_second_place_is_given_to_nobody_until_its_day() -> None:
    scenario = outlook_town.scenario()
    ledger = scenario.ledger
    slept = next(p for p in ledger.placements if p.unit == "f1-0")
    kept = replace(
        slept, id="kept", unit="f2-14", status="absent", second_place=True,
        kept_until=outlook_town.TODAY + timedelta(days=40),
    )  # fmt: skip
    more = replace(scenario, ledger=replace(ledger, placements=(*ledger.placements, kept)))
    before, after = (r.series["decided"]["accommodation"].months for r in (base(), run(more)))
    assert (before.usable[:, 0] - after.usable[:, 0] == 1).all()
    assert (before.usable[0, 3:] == after.usable[0, 3:]).all()
