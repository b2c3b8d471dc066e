"""A run stored whole and read back; two runs compared with the reason for each difference."""

import json
from dataclasses import fields, replace

import pytest
from busy_towns import busy_problem
from small_towns import small_problem

from vorort.placement import Problem, Rulebook, place, told
from vorort.placement.compare import CHANGED, as_record, compared
from vorort.placement.snapshot import input_hash, read_snapshot, snapshot
from vorort.problems import Refused
from vorort.vocabulary import Lock


def test_a_snapshot_read_back_is_the_same_bytes_and_solves_to_the_same_plan():
    for number in range(40):
        plan = place(small_problem(number) if number % 2 else busy_problem(number))
        stored = snapshot(plan)
        read = read_snapshot(stored.text)
        assert read.problem == plan.problem
        assert read.assigned == plan.assigned
        assert snapshot(read) == stored
        assert input_hash(read.problem) == stored.input_hash
        if number < 6:
            assert told(place(read.problem)) == told(plan)


def test_any_change_of_the_input_changes_its_hash_and_the_order_of_rows_does_not():
    plan = place(busy_problem(3))
    problem = plan.problem
    turned = replace(
        problem,
        parties=problem.parties[::-1],
        lodgings=problem.lodgings[::-1],
        seats=problem.seats[::-1],
    )
    assert input_hash(turned) == input_hash(problem)
    seen = {input_hash(problem)}
    for other in (
        problem.changed(seed=2),
        problem.changed(space_m2=7.0),
        problem.changed(rulebook=Rulebook(weights={"distance": 9})),
        problem.changed(locks=(Lock("p0", "U0", "forbid"),)),
        problem.changed(parties=problem.parties[1:]),
        problem.changed(reach={}),
    ):
        assert input_hash(other) not in seen
        seen.add(input_hash(other))


@pytest.mark.parametrize(
    "spoilt",
    [
        "",
        "[]",
        "{}",
        '{"format": 2}',
        '{"format": 1, "problem": {}, "result": {}}',
    ],
)
def test_what_is_no_snapshot_is_refused(spoilt):
    with pytest.raises(Refused):
        read_snapshot(spoilt)


def test_a_snapshot_with_a_missing_or_wrong_value_is_refused():
    text = snapshot(place(busy_problem(2))).text
    whole = json.loads(text)
    for spoil in (
        lambda w: w["problem"].pop("seed"),
        lambda w: w["problem"]["parties"][0].pop("size"),
        lambda w: w["problem"]["parties"][0].update(size="many"),
        lambda w: w["problem"]["parties"][0].update(urgency="whenever"),
        lambda w: w["result"].pop("bound"),
    ):
        copy = json.loads(json.dumps(whole))
        spoil(copy)
        with pytest.raises(Refused):
            read_snapshot(json.dumps(copy))


def placed(plan):
    return [a for a in plan.assigned if a.home]


def test_the_same_run_twice_has_no_difference():
    plan = place(busy_problem(5))
    found = compared(plan, place(busy_problem(5)))
    assert not found.differences
    assert found.is_same_input


def test_every_part_of_a_problem_has_a_name_in_a_comparison():
    assert set(CHANGED) == {f.name for f in fields(Problem)}


def test_each_difference_names_its_cause():
    causes = {}
    for number in range(60):
        plan = place(busy_problem(number))
        if not placed(plan):
            continue
        one, problem = placed(plan)[0], plan.problem
        unit = one.home.units[0]
        closed = tuple(
            replace(x, steps=tuple(replace(s, open=0) for s in x.steps)) if x.id == unit else x
            for x in problem.lodgings
        )
        bigger = tuple(
            replace(p, needs_access=not p.needs_access) if p.id == one.party else p
            for p in problem.parties
        )
        cases = {
            "input": problem.changed(lodgings=closed),
            "decision": problem.changed(locks=(*problem.locks, Lock(one.party, unit, "forbid"))),
            "record": problem.changed(parties=bigger),
            "rule": problem.changed(space_m2=9.0, lodgings=problem.lodgings),
            "gone": problem.changed(parties=tuple(p for p in problem.parties
                                                  if p.id != one.party)),
        }  # fmt: skip
        for cause, other in cases.items():
            found = compared(plan, place(other))
            mine = [d for d in found.differences if d.moved.household == one.party]
            if cause in ("input", "decision", "gone"):
                assert [d.cause for d in mine] == [cause], number
            for d in mine:
                assert d.cause in (cause, "others"), (number, cause, d)
                assert d.words.de != d.words.en
            causes[cause] = causes.get(cause, 0) + bool(mine)
            assert len(as_record(found)) == len(found.differences)
    assert causes["input"] > 20
    assert causes["record"] > 0


def test_a_rule_that_forbids_the_old_place_is_told_as_a_rule():
    told_as = 0
    for number in range(40):
        problem = busy_problem(number)
        lodgings = tuple(
            replace(x, unit=replace(x.unit, floor_area_m2=8 * x.unit.places))
            for x in problem.lodgings
        )
        problem = problem.changed(lodgings=lodgings)
        found = compared(place(problem), place(problem.changed(space_m2=9.0)))
        told_as += sum(d.cause == "rule" for d in found.differences)
        assert not any(d.cause == "input" for d in found.differences)
    assert told_as > 10


def test_a_better_plan_of_the_same_input_is_told_as_better():
    found = 0
    for number in range(60):
        best = place(busy_problem(number))
        if not placed(best):
            continue
        one = placed(best)[0]
        worse = replace(
            best,
            assigned=tuple(
                replace(a, home=None, start=None, points=0) if a is one else a
                for a in best.assigned
            ),
            objective=best.objective - one.points,
        )
        told = compared(worse, best)
        assert [d.cause for d in told.differences] == ["better"]
        found += 1
    assert found > 30
