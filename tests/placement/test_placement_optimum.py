"""The proved optimum against brute force that shares no code with the product."""

import os

import pytest
from oracle import Oracle
from small_towns import crowded_problem, joined_problem, small_problem

from vorort.placement import CLASSES, place
from vorort.placement.solve import planned, relaxation_bound, written_out

MANY = range(4000 if os.environ.get("VORORT_FULL") == "1" else 300)
BLOCKS = [range(n, min(n + 50, len(MANY))) for n in range(0, len(MANY), 50)]


@pytest.mark.parametrize("town", [small_problem, crowded_problem, joined_problem])
@pytest.mark.parametrize("numbers", BLOCKS, ids=lambda b: f"{b.start}-{b.stop - 1}")
def test_the_plan_is_the_best_there_is_and_breaks_no_rule(numbers, town):
    for number in numbers:
        problem = town(number)
        oracle = Oracle(problem)
        plan = place(problem)
        chosen = {}
        for party in problem.parties:
            one = plan.of.get(party.id)
            chosen[party] = (one.home.units, one.start) if one and one.home else None
            if chosen[party]:
                assert oracle.may(party, *chosen[party]), (number, party.id, chosen[party])
        assert oracle.together(chosen), number
        found = ([plan.placed[c] for c in CLASSES], plan.objective)
        best, first = oracle.best(with_homes=True)
        assert found == best, number
        homes = [(0, chosen[p]) if chosen[p] else (1, ()) for p in problem.parties]
        assert homes == first, number  # of equals the smallest household, then unit, then day


def test_the_bound_is_never_below_the_best_plan():
    for number in range(120):
        model = written_out(small_problem(number))
        plan = planned(model)
        assert relaxation_bound(model, plan.placed) >= plan.objective, number
