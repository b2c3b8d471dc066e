"""The way of large problems, on small and large ones: never wrong, never worse than a list."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from oracle import Oracle
from small_towns import DAY, crowded_problem, small_problem

from vorort.bench.placement_town import invented_week
from vorort.placement import CLASSES, place, search
from vorort.placement.solve import list_point, planned, start_point, with_seats, written_out


@pytest.fixture
def always_large(monkeypatch):
    """Even the smallest problem goes the way of the large ones, with hardly any columns."""
    monkeypatch.setattr(search, "ENOUGH_COLUMNS", -1)
    monkeypatch.setattr(search, "PER_PARTY", 1)
    monkeypatch.setattr(search, "PROOF_COLUMNS", 12)


@pytest.mark.usefixtures("always_large")
@pytest.mark.parametrize("town", [small_problem, crowded_problem])
def test_what_is_called_proved_is_the_optimum_and_no_bound_lies_below_it(town):
    proved = 0
    for number in range(200):
        problem = town(number)
        plan = place(problem, rounds=4)
        placed, points = Oracle(problem).best()
        found = [plan.placed[c] for c in CLASSES]
        assert found <= placed, number
        if found == placed:
            assert plan.objective <= points <= plan.bound, number
        if plan.is_proved:
            proved += 1
            assert (found, plan.objective) == (placed, points), number
    assert proved > 120


@pytest.mark.usefixtures("always_large")
def test_no_plan_is_worse_than_any_list_or_than_the_plan_before():
    for number in range(80):
        model = written_out(small_problem(number))
        matrix = model.program.matrix()
        plan = planned(model, rounds=1)
        mine = (tuple(plan.placed.values()), plan.objective)
        for order in ("first_come", "largest", "least_choice"):
            x = with_seats(model, matrix, list_point(model, matrix, order))
            assert mine >= (model.persons(x), matrix.worth(x)), (number, order)
        again = planned(model, old=plan, rounds=0, stop=lambda: True)
        assert (tuple(again.placed.values()), again.objective) >= mine, number


@pytest.fixture(scope="module")
def week():
    return invented_week(3, households=60, units=48, buildings=12)


def test_everybody_who_can_be_placed_is_and_the_bound_is_close(week):
    model = written_out(week)
    plan = planned(model)
    assert sum(plan.placed.values()) == sum(plan.placed_bound.values())
    assert plan.objective <= plan.bound
    assert plan.gap <= 0.005
    x = start_point(model, model.program.matrix())
    assert (tuple(plan.placed.values()), plan.objective) >= (
        model.persons(x),
        model.program.matrix().worth(x),
    )


def test_a_stopped_run_keeps_the_best_so_far_and_breaks_no_rule(week):
    asked = []

    def stop():
        asked.append(1)
        return len(asked) > 1

    plan = place(week, stop=stop)
    assert plan.is_cancelled
    assert not plan.is_proved
    assert sum(plan.placed.values()) > 0
    assert plan.objective <= plan.bound


def test_progress_goes_up_to_its_end(week):
    said = []
    place(week, progress=lambda done, of: said.append(done / of))
    assert said == sorted(said)
    assert said[0] == 0
    assert said[-1] == 1


def test_the_order_of_the_input_does_not_matter_and_twice_is_the_same(week):
    rng = np.random.default_rng(5)

    def mixed(rows):
        return tuple(rows[i] for i in rng.permutation(len(rows)))

    def seen(problem):
        plan = place(problem)
        return repr((plan.assigned, plan.seats, plan.objective, plan.bound))

    other = replace(
        week,
        parties=tuple(
            replace(p, members=mixed(p.members), seats=mixed(p.seats)) for p in mixed(week.parties)
        ),
        lodgings=mixed(week.lodgings),
        seats=mixed(week.seats),
        exclusions=mixed(week.exclusions),
        reach=dict(reversed(week.reach.items())),
    )  # fmt: skip
    assert seen(week) == seen(week) == seen(other)


def test_the_language_of_an_interpreter_changes_nothing_of_the_homes(week):
    speaks = ("uk", "ar", "fa", None)
    one, other = (
        replace(
            week,
            parties=tuple(
                replace(p, interpreter=speaks[(n * k) % 4]) for n, p in enumerate(week.parties)
            ),
        )
        for k in (1, 3)
    )
    assert place(one).assigned == place(other).assigned


def test_nobody_comes_before_being_ready_or_after_the_horizon(week):
    plan = place(week)
    last = DAY.__class__(2026, 11, 23) + timedelta(days=week.rulebook["horizon_days"])
    for one in plan.assigned:
        if one.home is not None:
            ready = week.party[one.party].ready
            assert ready <= one.start <= last


def test_two_runs_at_once_in_two_threads_give_the_bytes_of_one(week):
    from concurrent.futures import ThreadPoolExecutor

    def seen(_):
        plan = place(week)
        return repr((plan.assigned, plan.seats, plan.objective, plan.bound))

    alone = seen(0)
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(seen, range(2))) == [alone, alone]
