"""From an outlook's draws to what is held back: what is read, what is refused, what is told."""

import json
import os
import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from test_placement_reserve import DAY, TWO, lodging, party, random_town, town

from vorort.placement import place
from vorort.placement.holding import (
    FRESH_DAYS,
    NO_OUTLOOK,
    as_record,
    holding,
    less_known,
    read_outlook,
    told_of,
)
from vorort.placement.replay import STOPPED, replay, replayed
from vorort.placement.reserve import cost_today, futures_of, reserve
from vorort.problems import Refused

# Without a price the household takes the step-free unit: the plain one wastes three beds.
TEMPTED = town((party("p", 2),), (lodging("plain", 5), lodging("step_free", 2, True)))


def outlook(draws, start=DAY, days=28):
    """Per class its number in every draw."""
    classes = [
        {"size": size, "access": access, "draws": list(column)}
        for (size, access), column in draws.items()
    ]
    return {
        "horizon": {"start": start.isoformat()},
        "expected_households": {"days": days, "classes": classes},
    }


def test_without_an_outlook_nothing_is_held_back_and_the_reason_is_told():
    found = holding(TWO, None)
    assert found.reserve.is_empty and found.why_none == NO_OUTLOOK
    assert found.within(TWO) == TWO
    assert told_of(place(TWO), found) is None
    assert as_record(found, None)["why_none"]["de"].startswith("Es gibt noch keinen Ausblick")


@pytest.mark.parametrize("age", [-1, FRESH_DAYS + 1, 400])
def test_an_outlook_of_another_time_is_not_used(age):
    old = outlook({(2, True): [1] * 10}, DAY - timedelta(days=age))
    found = holding(TWO, old)
    assert found.reserve.is_empty
    assert f"{DAY - timedelta(days=age):%d.%m.%Y}" in found.why_none.de
    assert not holding(TWO, outlook({(2, True): [1] * 10}, DAY - timedelta(days=3))).why_none


def test_prices_come_from_one_half_of_the_draws_and_the_replay_from_the_other():
    column = [1, 0] * 20  # the replay must see none of those expected
    found = holding(TWO, outlook({(2, True): column}))
    assert [r.unit for r in found.reserve.rows] == ["step_free"]
    assert len(found.tests) == 5 and not any(sum(f.values()) for f in found.tests)
    plan = place(found.within(TWO))
    told = told_of(plan, found)
    assert told.persons == (0,) * 5, "nobody came for whom it was kept"
    turned = holding(TWO, outlook({(2, True): [0, 1] * 20}))
    assert turned.reserve.is_empty and "reichen" in turned.why_none.de


def test_what_is_told_is_what_solving_both_says():
    some, towns = 0, 15 if os.environ.get("VORORT_FULL") == "1" else 7
    for number in range(towns):
        problem = random_town(random.Random(number))
        rng = random.Random(900 + number)
        draws = {(s, a): [rng.choice([0, 1, 2]) for _ in range(12)] for s in (1, 2, 4, 6)
                 for a in (False, True)}  # fmt: skip
        found = holding(problem, outlook(draws))
        if found.reserve.is_empty:
            continue
        some += 1
        first = [{"size": s, "access": a, "draws": c[0::2]} for (s, a), c in draws.items()]
        assert found.reserve == reserve(problem, futures_of(first), 28)
        plan = place(found.within(problem))
        told = told_of(plan, found)
        cost = cost_today(problem, found.reserve)
        assert (told.lost_persons, told.lost_points) == (sum(cost.lost.placed), cost.lost.points)
        assert told.cost == cost.words
        came = replay(problem, found.reserve, found.tests)
        assert (told.persons, told.points, told.replay) == (came.persons, came.points, came.words)
        record = as_record(found, told)
        assert {u["unit"] for u in record["units"]} == {r.unit for r in found.reserve.rows}
        assert json.loads(json.dumps(record)) == record
    assert some > towns / 2


def test_a_household_announced_and_asking_is_not_expected_a_second_time():
    """One is expected in each draw, and it is the one that asks today: nobody else will come."""
    problem = town((party("A-1", 2, True),), (lodging("plain", 3), lodging("free", 2, True)))
    draws = outlook({(2, True): [1] * 10, (3, False): [0] * 10})
    assert not holding(problem, draws).reserve.is_empty
    assert holding(problem, draws, {"A-1"}).reserve.is_empty
    assert not holding(problem, draws, {"A-2"}).reserve.is_empty, "who does not ask is expected"


def test_who_is_known_is_taken_off_once_whatever_need_was_drawn():
    for number in range(200):
        rng = random.Random(number)
        future = {(s, a): rng.randint(0, 3) for s in (1, 2, 3) for a in (False, True)}
        known = {(s, a): rng.randint(0, 3) for s in (1, 2, 3) for a in (False, True)}
        rest = less_known(future, known)
        for size in (1, 2, 3):
            come = sum(future[size, a] for a in (False, True))
            here = sum(known[size, a] for a in (False, True))
            assert sum(rest[size, a] for a in (False, True)) == max(0, come - here)
        assert all(n >= 0 for n in rest.values())


def test_a_large_run_is_played_through_like_a_small_one():
    """Many who change nothing beside the two units that matter: the same gain, future by future."""
    many = TEMPTED.changed(
        parties=(*TEMPTED.parties, *(party(f"q{n:03}", 1) for n in range(120))),
        lodgings=(*TEMPTED.lodgings, *(lodging(f"u{n:03}", 1) for n in range(120))),
    )
    draws = outlook({(2, True): [random.Random(n).choice([2, 2, 0]) for n in range(60)]})
    told = []
    for problem in (TEMPTED, many):
        found = holding(problem, draws)
        assert [r.unit for r in found.reserve.rows] == ["step_free"]
        told.append(told_of(place(found.within(problem)), found))
    small, large = told
    assert any(small.persons) and not all(small.persons)
    assert (large.persons, large.points) == (small.persons, small.points)
    assert (large.replay, large.cost) == (small.replay, small.cost)
    assert "etwa" not in large.replay.de


def test_a_replay_that_is_stopped_tells_what_was_played_so_far():
    found = holding(TWO, outlook({(2, True): [1] * 40}))
    plan = place(found.within(TWO))
    without = place(TWO)
    asked = iter([False, False, True])
    part = replayed(without, plan, found.tests, lambda: next(asked))
    whole = replayed(without, plan, found.tests)
    assert part.persons == whole.persons[:2] and len(whole.persons) == 5
    assert "In 2 Zukünften" in part.words.de
    assert replayed(without, plan, found.tests, lambda: True).words == STOPPED


def test_where_a_plan_is_not_proved_the_replay_says_about():
    found = holding(TEMPTED, outlook({(2, True): [1] * 40}))
    plan = replace(place(found.within(TEMPTED)), is_proved=False)
    came = replayed(place(TEMPTED), plan, found.tests)
    assert any(came.persons) and not came.is_exact
    assert "etwa +" in came.words.de and "about +" in came.words.en


@pytest.mark.parametrize(
    "spoilt",
    [
        "", "[]", "{}", '{"horizon": {"start": "2026-03-02"}}',
        '{"horizon": {"start": "soon"}, "expected_households": {"days": 28, "classes": []}}',
        '{"horizon": {"start": "2026-03-02"}, "expected_households": {"days": 28, "classes": '
        '[{"size": 1, "access": false, "draws": []}]}}',
        '{"horizon": {"start": "2026-03-02"}, "expected_households": {"days": 28, "classes": '
        '[{"size": "many", "access": false, "draws": [1]}]}}',
    ],
)  # fmt: skip
def test_what_is_no_outlook_is_refused_with_the_command_that_writes_one(spoilt, tmp_path):
    file = tmp_path / "outlook.json"
    file.write_text(spoilt, "utf-8")
    with pytest.raises(Refused, match="vorort stress"):
        holding(TWO, read_outlook(file))
    with pytest.raises(Refused):
        read_outlook(tmp_path / "nothing.json")


def test_the_end_is_the_end_of_the_outlook_not_of_the_run():
    found = holding(TWO, outlook({(2, True): [1] * 10}, DAY - timedelta(days=5)))
    assert found.until == date(2026, 3, 25) == found.reserve.rows[0].until
