"""Floors for groups and locks by hand come before urgency: against brute force, and as told."""

import os
import random
from dataclasses import replace

import pytest
from oracle import Oracle
from small_towns import crowded_problem, small_problem

from vorort.placement import CLASSES, Explained, floored, homes_of, place, told
from vorort.placement.check import rules_broken
from vorort.placement.kept import floors_of, locks_unmet
from vorort.placement.problem import LOCKS
from vorort.placement.resolve import value_of
from vorort.placement.solve import planned, relaxation_bound, written_out
from vorort.vocabulary import Lock

MANY = range(1500 if os.environ.get("VORORT_FULL") == "1" else 150)
BLOCKS = [range(n, min(n + 50, len(MANY))) for n in range(0, len(MANY), 50)]
GROUPS = ("size.1", "size.3-4", "need.access", "urgency.class:rest", "sex.women")


def with_floors(number, town=crowded_problem):
    luck, problem = random.Random(number), town(number)
    keys = luck.sample(GROUPS, 1 + number % 2)
    floors = {key: luck.choice((300, 500, 900, 1000)) for key in keys}
    return problem.changed(rulebook=replace(problem.rulebook, floors=floors))


def locked(number, town=crowded_problem):
    """Some are locked to any unit, two perhaps to the same."""
    luck, problem = random.Random(number), town(number)
    units = [x.id for x in problem.lodgings]
    few = [p.id for p in problem.parties if luck.random() < 0.6]
    locks = tuple(Lock(name, luck.choice(units), "lock") for name in few)
    return problem.changed(locks=(*problem.locks, *locks))


def is_the_best(problem, plan, number):
    oracle = Oracle(problem)
    chosen = {}
    for party in problem.parties:
        one = plan.of.get(party.id)
        chosen[party] = (one.home.units, one.start) if one and one.home else None
    first = oracle.first(chosen)
    assert (first + [plan.placed[c] for c in CLASSES], plan.objective) == oracle.best(
        with_first=True
    ), number
    assert plan.is_proved and not rules_broken(plan, homes_of(problem)), number
    return first


@pytest.mark.parametrize("town", [small_problem, crowded_problem])
@pytest.mark.parametrize("numbers", BLOCKS, ids=lambda b: f"{b.start}-{b.stop - 1}")
def test_with_floors_the_plan_is_the_best_there_is(numbers, town):
    for number in numbers:
        problem = with_floors(number, town)
        plan = place(problem)
        first = is_the_best(problem, plan, number)
        wanted = [f.reached if f.is_met else min(f.reached, f.at_most) for f in floors_of(plan)]
        assert len(wanted) <= len(first)
        for floor in floors_of(plan):
            assert floor.reached >= min(floor.wanted, floor.at_most), number
        model = written_out(problem)
        assert plan.bound >= plan.objective
        assert relaxation_bound(model, plan.levels) >= planned(model).objective, number


@pytest.mark.parametrize("numbers", BLOCKS, ids=lambda b: f"{b.start}-{b.stop - 1}")
def test_as_many_locks_as_can_be_are_kept_and_every_other_is_shown_as_impossible(numbers):
    out = 0
    for number in numbers:
        problem = locked(number)
        plan = place(problem)
        first = is_the_best(problem, plan, number)
        if problem.locked:
            assert first[0] == plan.levels[LOCKS] == plan.placed_bound[LOCKS]
        shown = {one.party.id for one in locks_unmet(plan)}
        assert shown == {p for p in problem.locked if plan.of[p].home is None}, number
        assert {x["household"] for x in told(plan)["locks_unmet"]} == shown
        out += len(shown)
    assert out, "some locks of these towns cannot be kept"


def test_the_cost_the_sheet_names_is_the_difference_between_the_two_runs():
    dear = 0
    for number in range(60):
        problem = crowded_problem(number)
        plan = place(problem)
        for key in GROUPS:
            sheet, name = key.split(".")
            asked = floored(plan, sheet, name, 900)
            book = replace(problem.rulebook, floors={key: 900})
            run = place(problem.changed(rulebook=book))
            if asked.plan is None:
                assert not all(f.is_met for f in floors_of(run)), (number, key)
                continue
            assert all(f.is_met for f in floors_of(run))
            lost, then = value_of(plan), value_of(run)
            cost = (tuple(a - b for a, b in zip(lost.placed, then.placed, strict=True)),
                    lost.points - then.points)  # fmt: skip
            assert (asked.cost.placed, asked.cost.points) == cost, (number, key)
            dear += cost != ((0, 0, 0), 0)
    assert dear > 5


def test_an_answer_why_not_names_the_floor_and_forcing_a_place_says_what_it_takes_from_it():
    named = taken = 0
    for number in range(40):
        problem = with_floors(number)
        plan = place(problem)
        explained = Explained(plan)
        for party in plan.unplaced:
            words = explained.sentences(party.id)
            named += "Untergrenze" in words.de and "floor" in words.en
            for place_ in explained.why(party.id).runners_up:
                taken += "Untergrenze" in place_.loss.words.de
    assert named and taken
