"""More never hurts: a unit, a place in a shared unit, a seat; and a lock is kept."""

import os
import random
from dataclasses import replace

import pytest
from small_towns import crowded_problem, small_problem

from vorort.placement import CLASSES, place
from vorort.placement.solve import planned, relaxation_bound, written_out
from vorort.vocabulary import Lock

MANY = 1500 if os.environ.get("VORORT_FULL") == "1" else 120


def one_more_unit(problem, rng):
    pattern = rng.choice(problem.lodgings)
    near = rng.choice(problem.lodgings)
    unit = replace(pattern.unit, id="Z9", adjoins=())
    both = unit.kind == near.unit.kind == "family" and rng.random() < 0.5
    same = (unit.facility, unit.building) == (near.unit.facility, near.unit.building)
    lodgings = list(problem.lodgings)
    if both and same:
        unit = replace(unit, adjoins=(near.id,))
        at = lodgings.index(near)
        wider = tuple(sorted((*near.unit.adjoins, "Z9")))
        lodgings[at] = replace(near, unit=replace(near.unit, adjoins=wider))
    there = tuple(replace(t, party=f"new-{t.party}") for t in pattern.there)
    return problem.changed(lodgings=(*lodgings, replace(pattern, unit=unit, there=there)))


def one_more_place(problem, rng):
    shared = [x for x in problem.lodgings if x.unit.kind == "shared"]
    if not shared:
        return None
    one = rng.choice(shared)
    steps = tuple(
        replace(s, nominal=s.nominal + 1, open=s.open + 1) if s.nominal else s for s in one.steps
    )
    more = replace(one, unit=replace(one.unit, places=one.unit.places + 1), steps=steps)
    return problem.changed(lodgings=tuple(more if x is one else x for x in problem.lodgings))


def one_more_seat(problem, rng):
    if not problem.seats:
        return None
    one = rng.choice(problem.seats)
    more = replace(one, left=one.left + 1)
    return problem.changed(seats=tuple(more if x is one else x for x in problem.seats))


def worth(plan):
    return tuple(plan.placed[c] for c in CLASSES), plan.objective


@pytest.mark.parametrize("more", [one_more_unit, one_more_place, one_more_seat])
@pytest.mark.parametrize("town", [small_problem, crowded_problem])
def test_one_more_never_lowers_who_is_placed_nor_the_points_nor_the_bound(more, town):
    gained = 0
    for number in range(MANY):
        problem = town(number)
        wider = more(problem, random.Random(number))
        if wider is None:
            continue
        before, after = written_out(problem), written_out(wider)
        plan, better = planned(before), planned(after)
        assert worth(better) >= worth(plan), number
        gained += worth(better) > worth(plan)
        # The bound for the same persons placed, so that the two can be compared.
        low, high = (relaxation_bound(m, plan.placed) for m in (before, after))
        assert high >= low, number
    assert gained or more is one_more_seat


def test_who_is_locked_lives_there_or_nowhere_and_a_forbidden_unit_is_not_given():
    locked = forbidden = 0
    for number in range(MANY):
        problem = small_problem(number)
        free = place(problem.changed(locks=()))
        for party in problem.parties:
            one = free.of.get(party.id)
            if one is None or one.home is None:
                continue
            for lodging in problem.lodgings:
                lock = place(problem.changed(locks=(Lock(party.id, lodging.id, "lock"),)))
                found = lock.of[party.id].home
                assert found is None or lodging.id in found.units, number
                locked += found is not None
            unit = one.home.units[0]
            other = place(problem.changed(locks=(Lock(party.id, unit, "forbid"),)))
            found = other.of[party.id].home
            assert found is None or unit not in found.units, number
            assert worth(other) <= worth(free), number
            forbidden += 1
    assert locked > 30
    assert forbidden > 30
