"""Holding back: prices from futures, never at the cost of a place; measured in a replay."""

import random
from dataclasses import replace
from datetime import date

from vorort.placement import Lodging, Member, Party, Problem, Rulebook, Step, place
from vorort.placement.replay import replay
from vorort.placement.reserve import cost_today, futures_of, prices, reserve
from vorort.placement.resolve import NOTHING
from vorort.vocabulary import Unit

DAY = date(2026, 3, 2)


def lodging(name, beds, access=False):
    unit = Unit(name, "A", "family", "accommodation", beds, access=access, building=name)
    return Lodging(unit, "mitte", "housing", (Step(DAY, beds, beds, 0),))


def party(name, size, access=False):
    members = tuple(Member(f"{name}.{n}", 30 if n < 2 else 8, "f") for n in range(size))
    return Party(name, members, size, access)


def town(parties, lodgings):
    return Problem(
        DAY, parties, lodgings, rulebook=Rulebook(settings={"horizon_days": 0}), office="housing",
    )  # fmt: skip


# Two units; the step-free one is a little better for the household of today by its wish.
TWO = town((party("p", 2),), (lodging("plain", 3), lodging("step_free", 2, True)))


def test_a_step_free_unit_is_held_back_when_somebody_who_needs_it_is_expected():
    expected = ({(2, True): 1},) * 5
    held = reserve(TWO, expected, 28)
    assert {row.unit for row in held.rows} >= {"step_free"}
    assert all(row.until == date(2026, 3, 30) for row in held.rows)
    assert "barrierefrei" in held.rows[-1].reason.de.lower()
    plan = place(TWO.changed(held_back=held.rows))
    assert plan.of["p"].home.units == ("plain",)


def test_nothing_is_held_back_when_nobody_is_expected_or_all_is_free():
    assert reserve(TWO, (), 28).is_empty
    assert reserve(TWO, ({(2, True): 0},), 28).is_empty
    many = town((party("p", 2),), tuple(lodging(f"u{n}", 2, True) for n in range(9)))
    assert reserve(many, ({(2, True): 1},), 28).is_empty


def test_what_today_alone_is_short_of_is_not_held_back_for_anybody():
    """Nobody is expected: however scarce units are today, none has a price."""
    for number in range(30):
        rng = random.Random(number)
        problem = random_town(rng)
        crowd = tuple(
            party(f"q{n}", rng.choice([1, 2, 4, 6]), rng.random() < 0.3) for n in range(9)
        )
        problem = problem.changed(parties=(*problem.parties, *crowd))
        assert reserve(problem, ({(2, True): 0},) * 3, 28).is_empty


def test_the_price_is_what_one_more_unit_would_be_worth():
    """Two of one size are expected and one unit is there: one more would house two people."""
    problem = town((), (lodging("a", 2),))
    assert prices(problem, ({(2, False): 2},)) == {(2, False): 20_000}
    assert prices(problem, ({(2, False): 2}, {(2, False): 0})) == {(2, False): 10_000}


def test_holding_back_never_costs_anybody_a_place_today():
    for number in range(30):
        rng = random.Random(number)
        problem = random_town(rng)
        held = reserve(problem, tuple(random_future(rng) for _ in range(4)), 28)
        cost = cost_today(problem, held)
        assert cost.lost.placed == NOTHING.placed, number
        assert cost.lost.points >= 0, number
        assert cost.is_exact
        assert ("nichts" in cost.words.de) == (cost.lost == NOTHING)


def random_town(rng):
    lodgings = tuple(
        lodging(f"u{n}", rng.choice([1, 2, 2, 3, 4, 6]), rng.random() < 0.3) for n in range(7)
    )
    parties = tuple(party(f"p{n}", rng.choice([1, 1, 2, 2, 3])) for n in range(3))
    return town(parties, lodgings)


def random_future(rng):
    return {
        (size, access): rng.choice([0, 0, 1] if access or size > 3 else [0, 1, 1])
        for size in (1, 2, 4, 6)
        for access in (False, True)
    }


def test_the_replay_tells_gains_and_losses_as_they_are():
    """By hand: without holding back the step-free unit is gone when it is needed."""
    greedy = replace(party("p", 2), wishes=())
    problem = town((greedy,), (lodging("plain", 6), lodging("step_free", 2, True)))
    held = reserve(problem, ({(2, True): 1},) * 3, 28)
    # The plain unit wastes four beds, so today alone takes the step-free one.
    assert place(problem).of["p"].home.units == ("step_free",)
    came = replay(problem, held, ({(2, True): 1}, {(2, True): 0}))
    assert came.persons == (2, 0)
    assert came.points[0] > 0 > came.points[1]
    assert "besser in 1, schlechter in 0" in came.words.de


def test_futures_are_draws_of_the_outlook_spread_over_all():
    classes = [
        {"size": 2, "access": False, "draws": list(range(100))},
        {"size": 6, "access": True, "draws": [1] * 100},
    ]
    found = futures_of(classes, 4)
    assert [f[2, False] for f in found] == [0, 25, 50, 75]
    assert all(f[6, True] == 1 for f in found)
    assert futures_of([]) == ()
