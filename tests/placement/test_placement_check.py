"""The second look at a plan: it finds nothing in a plan of ours, and every fault put into one."""

from dataclasses import replace

import pytest
from golden_problems import PROBLEMS
from small_towns import crowded_problem, small_problem

from vorort.placement import Assigned, all_rules, homes_of, place, told
from vorort.placement.check import rules_broken


@pytest.mark.parametrize("town", [small_problem, crowded_problem])
def test_nothing_is_found_in_our_own_plans(town):
    for number in range(150):
        assert rules_broken(place(town(number))) == (), number


@pytest.mark.parametrize("name", [r.name for r in all_rules() if r.is_optional])
def test_a_plan_made_without_a_rule_is_caught_by_it(name):
    problem = PROBLEMS[f"rules/{name}"]
    book = problem.rulebook
    careless = place(problem.changed(rulebook=replace(book, off=book.off | {name})))
    plan = replace(careless, problem=problem)
    assert name in {b.rule for b in rules_broken(plan)}
    assert name in {b["rule"] for b in told(plan)["rules_broken"]}


def test_two_parties_in_one_family_unit_are_caught():
    problem = PROBLEMS["rules/fit"]
    plan = place(problem)
    home = next(h for h in homes_of(problem).rows if h.units == ("A",))
    both = tuple(
        Assigned(p.id, home, problem.day, 0)
        if p.id in ("H3", "H4")
        else Assigned(p.id, None, None, 0)
        for p in problem.parties
    )
    assert {b.rule for b in rules_broken(replace(plan, assigned=both))} == {"fit"}


def test_one_seat_given_twice_is_caught():
    problem = PROBLEMS["goals/siblings"]
    plan = place(problem)
    twice = tuple(replace(s, unit="S1") for s in plan.seats)
    assert {b.rule for b in rules_broken(replace(plan, seats=twice))} == {"seats"}
