"""What every rule owes: order does not matter, nothing is lost, nobody outside the claim."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_town import (
    Home,
    Member,
    Record,
    people_of,
    recorded,
    resolved,
    rows_of,
    run,
    served_after,
)

from vorort.columns import GROUPS, NEVER, YEAR, Calendar, Needs, Outcome, People, Values
from vorort.domains import Domain, all_domains

START = date(2027, 3, 3)
CALENDAR = Calendar.of_months(START, 60)
DRAWS = 5
NAMES = [d.name for d in all_domains()]
DOMAINS = {d.name: d for d in all_domains()}
MANY = settings(max_examples=400 if os.environ.get("VORORT_FULL") else 50)


def drawn() -> Values:
    return resolved(START).values(seed=3, draws=DRAWS - 1)


def central() -> Values:
    return Values({name: choice.amount for name, choice in resolved(START).choices.items()})


@st.composite
def stock_records(draw: st.DrawFn, domain: Domain, arrives: int) -> Record:
    pool = draw(st.integers(-1, len(domain.pools) - 1))
    since = draw(st.integers(arrives, -1))
    if draw(st.booleans()):
        return Record(held_from=since, pool=pool)
    return Record(waiting_since=since, pool=pool)


@st.composite
def homes(draw: st.DrawFn, key: int) -> Home:
    in_stock = draw(st.booleans())
    arrives = draw(st.integers(-1500, -1) if in_stock else st.integers(0, CALENDAR.days))
    leaves = draw(st.one_of(st.just(NEVER), st.integers(max(arrives, 0) + 1, 3000)))

    def member(is_newborn: bool) -> Member:
        born = arrives - round(draw(st.floats(0, 75)) * YEAR)
        if is_newborn:
            born = draw(st.integers(max(arrives, 0), max(arrives, 0) + 900))
        records = {}
        if in_stock and not is_newborn:
            for domain in all_domains():
                if not domain.by_household and draw(st.integers(0, 3)) == 0:
                    records[domain.name] = draw(stock_records(domain, arrives))
        recognised = draw(st.one_of(st.just(NEVER), st.integers(arrives, arrives + 900)))
        return Member(born, draw(st.booleans()), recognised, is_newborn, records)

    members = [member(False) for _ in range(draw(st.integers(1, 5)))]
    if draw(st.integers(0, 3)) == 0:
        members.append(member(True))
    notes = {}
    for domain in all_domains():
        if in_stock and domain.by_household and draw(st.booleans()):
            notes[domain.name] = draw(stock_records(domain, arrives))
    return Home(
        key=key, group=draw(st.sampled_from(GROUPS)), arrives=arrives, members=tuple(members),
        leaves=leaves,
        may_move=draw(st.one_of(st.just(NEVER), st.integers(arrives, arrives + 900))),
        is_hosted=draw(st.booleans()), is_urgent=draw(st.booleans()),
        is_minor_alone=draw(st.integers(0, 9)) == 0, in_stock=in_stock,
        draw=draw(st.integers(0, DRAWS - 1)), records=notes,
    )  # fmt: skip


@st.composite
def towns(draw: st.DrawFn) -> list[Home]:
    return [draw(homes(key)) for key in range(draw(st.integers(1, 6)))]


delays = st.sampled_from([0, 40, 400])


def table(domain: Domain, people: People, needs: Needs) -> list[tuple[object, ...]]:
    """One row a need, named by key instead of by place."""
    key = people.households.key if domain.by_household else people.key
    columns = [np.broadcast_to(np.asarray(c if c is not None else -1), len(needs))
               for name, c in vars(needs).items() if name != "who"]  # fmt: skip
    return sorted(zip(key[needs.who].tolist(), *(c.tolist() for c in columns), strict=True))


@MANY
@given(towns(), delays)
def test_needs_are_whole_numbers_and_end_after_they_start(town: list[Home], delay: int) -> None:
    people = people_of(town)
    for name, outcome in run(all_domains(), people, drawn(), CALENDAR, delay).items():
        domain, needs = DOMAINS[name], outcome.needs
        for column in ("who", "start", "end"):
            assert getattr(needs, column).dtype == np.int32, (name, column)
        for column in ("amount", "priority", "duration", "rounds", "pool", "gives_up"):
            found = getattr(needs, column)
            assert found is None or np.asarray(found).dtype.kind == "i", (name, column)
        assert (needs.start < needs.end).all(), name
        assert needs.gives_up is None or (needs.gives_up <= needs.end).all(), name
        assert (np.asarray(needs.duration) >= 1).all() and (np.asarray(needs.amount) >= 1).all()
        pool, priority = np.asarray(needs.pool), np.asarray(needs.priority)
        assert ((pool >= 0) & (pool < len(domain.pools))).all(), name
        admission = domain.discipline(drawn(), CALENDAR)
        assert ((priority >= 0) & (priority < admission.priorities)).all(), name
        assert (needs.who < rows_of(domain, people)).all()


@MANY
@given(towns(), st.randoms(use_true_random=False), delays)
def test_the_order_of_households_is_irrelevant(
    town: list[Home], chance: object, delay: int
) -> None:
    other = list(town)
    chance.shuffle(other)  # type: ignore[attr-defined]
    one, two = people_of(town), people_of(other)
    first = run(all_domains(), one, drawn(), CALENDAR, delay)
    second = run(all_domains(), two, drawn(), CALENDAR, delay)
    for name, domain in DOMAINS.items():
        assert table(domain, one, first[name].needs) == table(domain, two, second[name].needs), name


@MANY
@given(towns(), delays)
def test_nobody_moves_the_needs_of_another_household(town: list[Home], delay: int) -> None:
    everybody, few = people_of(town), people_of(town[:1])
    whole = run(all_domains(), everybody, drawn(), CALENDAR, delay)
    part = run(all_domains(), few, drawn(), CALENDAR, delay)
    for name, domain in DOMAINS.items():
        rows = table(domain, everybody, whole[name].needs)
        mine = {row[0] for row in table(domain, few, part[name].needs)}
        assert [row for row in rows if row[0] in mine] == table(domain, few, part[name].needs), name


@MANY
@given(towns(), delays)
def test_every_record_yields_exactly_one_need_that_began_before_day_0(
    town: list[Home], delay: int
) -> None:
    people = people_of(town)
    for name, outcome in run(all_domains(), people, drawn(), CALENDAR, delay).items():
        domain, needs = DOMAINS[name], outcome.needs
        began = np.bincount(needs.who[needs.start < 0], minlength=rows_of(domain, people))
        expected = recorded(domain, people).astype(int)
        if name == "accommodation":  # a minor alone who only waits is the youth office's
            held = people.households.records.get(name)
            waits = np.zeros(len(expected), np.bool_) if held is None else held.held_from == NEVER
            expected[people.households.is_minor_alone & waits] = 0
        assert began.tolist() == expected.tolist(), name


@MANY
@given(towns(), delays)
def test_without_uncertain_draws_draw_0_is_the_same(town: list[Home], delay: int) -> None:
    people = people_of([Home(**{**vars(home), "draw": 0}) for home in town])
    one = run(all_domains(), people, drawn(), CALENDAR, delay)
    two = run(all_domains(), people, central(), CALENDAR, delay)
    for name, domain in DOMAINS.items():
        assert table(domain, people, one[name].needs) == table(domain, people, two[name].needs), (
            name
        )


def ages(people: People, needs: Needs, day: np.ndarray) -> np.ndarray:
    return (day - people.born[needs.who]) / YEAR


@MANY
@given(towns(), delays)
def test_nobody_asks_outside_the_entitled_ages_or_outside_the_stay(
    town: list[Home], delay: int
) -> None:
    people = people_of(town)
    outcomes = run(all_domains(), people, drawn(), CALENDAR, delay)
    spans = {"childcare": (0.99, 7.01), "school": (6, 19.01), "language": (17.99, NEVER)}
    for name, outcome in outcomes.items():
        domain, needs = DOMAINS[name], outcome.needs
        among = people.households if domain.by_household else people
        free = ~recorded(domain, people)[needs.who]
        assert (needs.start >= among.arrives[needs.who])[free].all(), name
        assert (needs.end <= among.leaves[needs.who])[free].all(), name
        if name in spans:
            youngest, oldest = spans[name]
            assert (ages(people, needs, needs.start) >= youngest)[free].all(), name
            if oldest < NEVER:
                assert (ages(people, needs, needs.end) <= oldest)[free].all(), name


@MANY
@given(towns(), delays)
def test_seats_of_one_child_follow_each_other(town: list[Home], delay: int) -> None:
    people = people_of(town)
    needs = run(all_domains(), people, drawn(), CALENDAR, delay)["childcare"].needs
    for child in np.unique(needs.who):
        mine = np.flatnonzero(needs.who == child)
        pools, start, end = (np.asarray(c)[mine] for c in (needs.pool, needs.start, needs.end))
        assert len(set(pools.tolist())) == len(mine) <= 2
        if len(mine) == 2:
            u3, o3 = np.argsort(pools)
            assert end[u3] <= start[o3]


@MANY
@given(towns(), delays)
def test_minors_alone_and_hosts_guests_get_neither_bed_nor_flat(
    town: list[Home], delay: int
) -> None:
    people = people_of(town)
    h = people.households
    outcomes = run(all_domains(), people, drawn(), CALENDAR, delay)
    for name in ("accommodation", "flat"):
        asked = np.zeros(len(h), np.bool_)
        asked[outcomes[name].needs.who] = True
        assert not (
            asked & (h.is_hosted | h.is_minor_alone) & ~recorded(DOMAINS[name], people)
        ).any()


@pytest.mark.parametrize("name", NAMES)
def test_admission_days_are_sorted_and_lie_within_the_horizon(name: str) -> None:
    admits = DOMAINS[name].discipline(central(), CALENDAR).admits
    assert (np.diff(admits.days) > 0).all() and len(admits.days) > 0
    assert admits.days[0] >= 0 and admits.days[-1] <= CALENDAR.days == admits.horizon


def test_registration_admits_on_mondays_only() -> None:
    days = DOMAINS["registration"].discipline(central(), CALENDAR).admits.days
    assert {CALENDAR.date_of(d).weekday() for d in days} == {0}
    assert len(days) == sum(CALENDAR.date_of(d).weekday() == 0 for d in range(CALENDAR.days))


def test_renewals_come_in_the_rhythm_of_the_permit_and_never_before_day_0() -> None:
    home = Home(1, "asylum", -400, (Member(-9000),), leaves=1000, in_stock=True)
    people = people_of([home])
    values = central()
    every = values.central("registration.renewal_months_asylum") * 30.4375
    needs = DOMAINS["registration"].needs(people, values, {}, CALENDAR)
    days = sorted(needs.start[np.asarray(needs.priority) == 1].tolist())
    expected = [int(-400 + k * every) for k in range(1, 30) if 0 <= -400 + k * every < 1000]
    assert days == expected and len(days) >= 4


def appointments(home: Home) -> list[tuple[int, int]]:
    needs = DOMAINS["registration"].needs(people_of([home]), central(), {}, CALENDAR)
    return sorted(zip(needs.start.tolist(), np.asarray(needs.priority).tolist(), strict=True))


def test_a_decision_changes_the_rhythm_of_asylum_seekers_only() -> None:
    for group in GROUPS:
        before = appointments(Home(1, group, 10, (Member(-9000),), leaves=1500))
        after = appointments(Home(1, group, 10, (Member(-9000, recognised=200),), leaves=1500))
        assert (before != after) == (group == "asylum")


def test_who_comes_recognised_renews_in_the_long_rhythm_from_arrival() -> None:
    every = central().central("registration.renewal_months_recognised") * 30.4375
    comes = Home(1, "asylum", 10, (Member(-9000, recognised=-50),), leaves=1500)
    assert appointments(comes) == [(10, 0), (int(10 + every), 1)]


def test_waiting_time_and_access_time_are_two_figures() -> None:
    from vorort.domains.language import times

    people = people_of([Home(1, "resettlement", 5, (Member(-12000),))])
    domain = DOMAINS["language"]
    values = Values({**{n: c.amount for n, c in resolved(START).choices.items()},
                     "language.asks_resettlement": 1.0})  # fmt: skip
    seen: Mapping[str, Outcome] = run(all_domains()[:-3], people, values, CALENDAR)
    needs = domain.needs(people, values, seen, CALENDAR)
    waiting, access = times(people, values, CALENDAR, served_after(domain, people, needs, 50))
    assert waiting.tolist() == [50]
    assert access.tolist() == [50 + round(values.central("language.days_to_enrol"))]
    never = Outcome(needs, np.array([NEVER], np.int32), np.array([NEVER], np.int32), 1)
    assert [t.tolist() for t in times(people, values, CALENDAR, never)] == [[NEVER], [NEVER]]


def test_a_repeated_course_of_somebody_on_a_course_is_a_need_of_its_own() -> None:
    changed = {"language.drops_out": 0.0, "language.passes": 0.0, "language.repeats": 1.0}
    values = Values({**{n: c.amount for n, c in resolved(START).choices.items()}, **changed})
    holds = Member(-12000, records={"language": Record(held_from=-100)})
    people = people_of([Home(1, "resettlement", -300, (holds,), in_stock=True)])
    needs = run(all_domains(), people, values, CALENDAR)["language"].needs
    assert needs.start.tolist() == [-1, 213 - 100]
    assert np.broadcast_to(needs.rounds, 2).tolist() == [1, 1]


def test_a_later_end_of_the_stop_lets_people_apply_on_that_day() -> None:
    amounts = {n: c.amount for n, c in resolved(START).choices.items()}
    changed = {"language.asks_temporary": 1.0, "language.seat_despite_stop": 0.0}
    opens = {"language.admission_on_application": ((500, 1.0),)}
    people = people_of([Home(1, "temporary", 5, (Member(-12000),))])
    stopped = Values({**amounts, **changed})
    assert len(run(all_domains(), people, stopped, CALENDAR)["language"].needs) == 0
    opened = Values({**amounts, **changed}, changes=opens)
    start = run(all_domains(), people, opened, CALENDAR)["language"].needs.start
    assert start.tolist() == [500 + round(opened.central("language.days_to_enrol"))]


def test_the_floor_area_is_unknown_where_the_land_says_nothing() -> None:
    from vorort.domains.accommodation import required_area

    sizes = np.array([1, 4], np.int32)
    assert required_area(central(), sizes) is None
    known = Values({"accommodation.space_m2": 7.0})
    area = required_area(known, sizes)
    assert area is not None and area.tolist() == [7.0, 28.0]


def test_a_second_attempt_passes_as_often_as_the_first() -> None:
    changed = {"language.drops_out": 0.0, "language.passes": 0.5, "language.repeats": 1.0,
               "language.asks_resettlement": 1.0}  # fmt: skip
    values = Values({**{n: c.amount for n, c in resolved(START).choices.items()}, **changed})
    town = [Home(key, "resettlement", 5, (Member(-12000),)) for key in range(4000)]
    needs = run(all_domains(), people_of(town), values, CALENDAR)["language"].needs
    assert needs.succeeds is not None
    assert needs.succeeds.mean() == pytest.approx(0.75, abs=0.03)  # 4 standard errors
    assert (np.asarray(needs.rounds) == 2).mean() == pytest.approx(0.5, abs=0.03)


def test_shares_of_children_who_ask_are_those_of_their_group() -> None:
    values = central()
    for group, name in (("temporary", ""), ("resettlement", "_asylum"), ("other", "_other")):
        town = [Home(key, group, 5, (Member(5 - 500), Member(5 - 1500))) for key in range(4000)]
        needs = run(all_domains(), people_of(town), values, CALENDAR)["childcare"].needs
        starts_small = np.unique(needs.who[np.asarray(needs.pool) == 0])
        older = np.unique(needs.who[np.asarray(needs.pool) == 1])
        share = values.central(f"childcare.uptake_o3{name}")
        assert (older % 2 == 1).sum() / 4000 == pytest.approx(share, abs=0.03), group
        assert set(starts_small % 2) == {0}
        share = values.central(f"childcare.uptake_u3{name}")
        assert len(starts_small) / 4000 == pytest.approx(share, abs=0.03), group
