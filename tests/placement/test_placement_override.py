"""A person decides otherwise: what binds is kept, fewest others move, nobody is barred for life."""

import os
import random
import sys
from dataclasses import replace
from datetime import date, timedelta
from itertools import product as every

import numpy as np
import pytest
from busy_towns import busy_problem
from oracle import Oracle
from small_towns import crowded_problem, small_problem

from vorort.bench.placement_town import invented_week
from vorort.placement import CLASSES, homes_of, place
from vorort.placement.check import rules_broken
from vorort.placement.goals import home_points
from vorort.placement.highs import SolverFailed, solve
from vorort.placement.override import DECLINE_DAYS, Decline, Override, locks_of
from vorort.placement.redo import closed, redo
from vorort.placement.resolve import Pin, aimed, pinned, place_columns
from vorort.placement.solve import written_out
from vorort.placement.worth import seat_values
from vorort.problems import Refused
from vorort.vocabulary import Lock

redo_module = sys.modules["vorort.placement.redo"]  # the package has a function of this name
FULL = os.environ.get("VORORT_FULL") == "1"
MANY = range(1500 if FULL else 80)
BLOCKS = [range(n, min(n + 40, len(MANY))) for n in range(0, len(MANY), 40)]
KINDS = ["lock", "forbid", "swap", "decline"]


def overridden(number, town):
    """A plan and a random decision about it, or None where there is nothing to decide."""
    problem, rng = town(number), random.Random(number)
    plan = place(problem)
    if not plan.assigned:
        return None
    kind = KINDS[number % len(KINDS)]
    placed = [a.party for a in plan.assigned if a.home] or [plan.assigned[0].party]
    name = rng.choice(placed)
    units = (rng.choice(problem.lodgings).id,) if kind == "lock" else ()
    other = rng.choice(placed) if kind == "swap" else None
    return plan, Override(kind, name, units, other, "Grund", rng.choice(["offer", "waits"]))


def homes(plan):
    """Where each party goes, as the oracle asks."""
    return {
        party: (one.home.units, one.start) if (one := plan.of.get(party.id)) and one.home else None
        for party in plan.problem.parties
    }


@pytest.mark.parametrize("town", [busy_problem, crowded_problem, small_problem])
@pytest.mark.parametrize("numbers", BLOCKS, ids=lambda b: f"{b.start}-{b.stop - 1}")
def test_a_decision_is_kept_breaks_no_rule_and_moves_the_fewest_others(numbers, town):
    """Against every assignment there is: no other with nobody worse off moves fewer."""
    for number in numbers:
        case = overridden(number, town)
        if case is None:
            continue
        plan, override = case
        try:
            found = redo(plan, override)
        except Refused as refused:
            assert all(p.reason_de and p.remedy_en for p in refused.problems)
            continue
        oracle = Oracle(found.plan.problem)
        chosen = homes(found.plan)
        for party, home in chosen.items():
            assert home is None or oracle.may(party, *home), (number, party.id)
        assert oracle.together(chosen), number
        least = fewest(plan, found.plan.problem, override)
        if least is None:  # somebody has to lose a place, or the household waits
            assert found.is_fewest or override.kind in ("lock", "swap"), number
            continue
        lost = [m for m in found.moved if not m.after]
        assert not lost, number
        assert len(found.moved) >= least, number
        if found.is_fewest:
            assert len(found.moved) == least, (number, override)


def test_more_than_allowed_move_only_where_that_is_proved_or_somebody_agreed(monkeypatch):
    import importlib

    module = importlib.import_module("vorort.placement.redo")
    cases = filter(None, (overridden(number, busy_problem) for number in range(60)))
    many = 0
    for plan, override in cases:
        try:
            found = redo(plan, override, limit=0)
        except Refused:
            continue
        assert found.is_within or found.is_shown
        if found.moved and found.is_shown and override.kind == "forbid":
            least = fewest(plan, found.plan.problem, override)
            assert least is None or least > 0, "what is shown is true"
        if not found.moved:
            continue
        many += 1
        with monkeypatch.context() as unproved:
            answer = module.Answer(found.plan, False, False)
            unproved.setattr(module._Redo, "solve", lambda work, answer=answer: answer)
            with pytest.raises(Refused) as refused:
                redo(plan, override, limit=0)
            assert any("nicht bewiesen" in p.reason_de for p in refused.value.problems)
            assert redo(plan, override, limit=0, is_asked=True).needs_consent
    assert many > 3


def fewest(plan, problem, override):
    """Fewest others moved so that all who had a place have one, and the household concerned."""
    oracle = Oracle(problem)
    own = {override.household, override.other}
    locked = {x.household for x in problem.locks if x.kind == "lock"}
    before = {p.id: h for p, h in homes(plan).items()}
    choices = []
    for party in problem.parties:
        mine = oracle.choices(party)
        had = before.get(party.id) is not None
        must = (had or party.id in locked) and party.asks_home
        if must and party.id in own and len(mine) == 1:
            return None
        if party.id in locked and party.id not in own and had:
            mine = [before[party.id]]
        elif must:
            mine = [c for c in mine if c]
        choices.append(mine)
    best = None
    for picked in every(*choices):
        moved = sum(
            home != before[party.id]
            for party, home in zip(problem.parties, picked, strict=True)
            if party.id not in own and before.get(party.id) is not None
        )
        if best is not None and moved >= best:
            continue
        if oracle.together(dict(zip(problem.parties, picked, strict=True))):
            best = moved
    return best


@pytest.mark.parametrize("seed", [1, 2, 3] if FULL else [1])
def test_in_a_week_of_some_size_no_fewer_could_move_by_the_whole_model(seed):
    """Every home open to everybody, solved at once: another way to the same number."""
    plan = place(invented_week(seed, 60, 48, 5, 12))
    rng, told = random.Random(seed), set()
    for number in range(12):
        kind = KINDS[number % len(KINDS)]
        placed = [a.party for a in plan.assigned if a.home]
        units = (rng.choice(plan.problem.lodgings).id,) if kind == "lock" else ()
        other = rng.choice(placed) if kind == "swap" else None
        try:
            found = redo(plan, Override(kind, rng.choice(placed), units, other, "Grund"))
        except Refused:
            continue
        assert not rules_broken(found.plan), number
        if found.loses:
            continue
        assert len(found.moved) == by_the_whole_model(plan, found), (number, found.override)
        assert found.is_fewest
        told.add(len(found.moved))
    assert len(told) > 1


def by_the_whole_model(plan, found):
    """The fewest others who move in any plan in which everybody has a place who had one."""
    model = written_out(found.plan.problem)
    own = {found.override.household, found.override.other}
    there = [a for a in plan.assigned if a.home is not None]
    pins = [Pin(place_columns(model, a.party)) for a in there]
    others = [a for a in there if a.party not in own]
    stay = np.concatenate([place_columns(model, a.party, a.home.units) for a in others])
    answer = solve(aimed(pinned(model.program.matrix(), pins), stay))
    assert answer.is_optimal
    return len(others) - round(float(answer.x[stay].sum()))


def test_where_somebody_must_lose_a_place_as_few_persons_as_can_be_do():
    """Against every assignment there is in which no more are concerned than allowed unasked."""
    several = 0
    for number, town in every(range(0, 600, 4), (busy_problem, crowded_problem)):  # locks
        case = overridden(number, town)
        try:
            found = redo(*case, limit=1 + number % 3) if case else None
        except Refused:
            continue
        if found is None:
            continue
        if not any(not m.after for m in found.moved) or not found.is_within:
            continue
        several += 1
        best = fewest_lost(case[0], found)
        lost = [found.plan.problem.party[m.household] for m in found.moved if not m.after]
        told = tuple(sum(p.size for p in lost if p.urgency == c) for c in CLASSES)
        assert told == best, number
        assert found.why_lost
    assert several > 5, several


def fewest_lost(plan, found):
    """Persons of each class who lose their place at least."""
    problem, oracle = found.plan.problem, Oracle(found.plan.problem)
    own, before = {found.override.household}, {p.id: h for p, h in homes(plan).items()}
    best = None
    for picked in every(*(oracle.choices(p) for p in problem.parties)):
        chosen = dict(zip(problem.parties, picked, strict=True))
        others = [p for p in chosen if p.id not in own and before.get(p.id) is not None]
        moved = [p for p in others if chosen[p] != before[p.id]]
        is_kept = all(chosen[p] for p in chosen if p.id in own)
        if not is_kept or len(moved) > found.limit or not oracle.together(chosen):
            continue
        lost = tuple(
            sum(p.size for p in moved if chosen[p] is None and p.urgency == c) for c in CLASSES
        )
        best = lost if best is None else min(best, lost)
    return best


def test_the_value_told_is_that_of_the_plan_found():
    for number in range(80):
        case = overridden(number, busy_problem)
        try:
            found = redo(*case) if case else None
        except Refused:
            found = None
        if found is None:
            continue
        new = found.plan
        table = homes_of(new.problem)
        rows = {(r.units, r.start): n for n, r in enumerate(table.rows)}
        total = 0
        for one in new.assigned:
            if one.home:
                points = home_points(new.problem.party[one.party], table)
                total += int(points[rows[one.home.units, one.home.start]])
        districts = {p.id: p.district for p in new.problem.parties}
        for one in new.assigned:
            if one.home:
                districts[one.party] = new.problem.lodging[one.home.units[0]].district
        total += sum(seat_values(new.problem, new.seats, districts).values())
        assert total == new.objective, number
        assert new.bound >= new.objective
        assert found.points == new.objective - case[0].objective


def test_seats_of_a_proved_plan_add_up_to_its_value():
    """The sum by parties is an independent way to the solver's objective."""
    for number in range(100):
        plan = place(busy_problem(number))
        districts = {p.id: p.district for p in plan.problem.parties}
        for one in plan.assigned:
            if one.home:
                districts[one.party] = plan.problem.lodging[one.home.units[0]].district
        seats = seat_values(plan.problem, plan.seats, districts)
        assert sum(a.points for a in plan.assigned) + sum(seats.values()) == plan.objective


def test_nobody_gets_more_seats_than_there_are_after_a_decision():
    for number in range(80):
        case = overridden(number, busy_problem)
        try:
            found = redo(*case) if case else None
        except Refused:
            continue
        if found is None:
            continue
        used = {}
        for seat in found.plan.seats:
            used[seat.unit] = used.get(seat.unit, 0) + 1
        for row in found.plan.problem.seats:
            assert used.get(row.unit, 0) <= row.left, number
        asked = [(p.id, n.person, n.domain) for p in found.plan.problem.parties for n in p.seats]
        told = [(g.party, g.need.person, g.need.domain) for g in found.plan.seats]
        assert sorted(asked) == sorted(told), number


def most_points(plan):
    """Of all plans of its problem that reach as much in every stage."""
    model = written_out(plan.problem)
    pins = [Pin(*model.stage_columns(s)[:1], plan.levels[s], model.stage_columns(s)[1])
            for s in model.stages if len(model.stage_columns(s)[0])]  # fmt: skip
    matrix = pinned(model.program.matrix(), pins)
    return matrix.worth(np.rint(solve(matrix).x).astype(np.int64))


def test_a_bound_left_loose_in_a_large_run_is_close_once_the_decision_is_kept(monkeypatch):
    monkeypatch.setattr(redo_module, "LARGE", -1)
    loose = reached = 0
    for number in range(200):
        case = overridden(number, busy_problem)
        if case is None:
            continue
        try:
            found = redo(*case, is_asked=True)
        except Refused:
            continue
        kept = closed(found)
        best = most_points(kept)
        assert kept.objective <= best <= kept.bound <= found.plan.bound
        assert replace(kept, bound=0) == replace(found.plan, bound=0), "nothing else is another"
        if not found.is_bound_loose:
            assert kept is found.plan
            continue
        loose += kept.bound < found.plan.bound
        reached += kept.bound == best
    assert loose > 20 and reached > 20


def test_where_the_relaxation_fails_the_rough_bound_stays(monkeypatch):
    def fails(*_):
        raise SolverFailed("no duals of the relaxation")

    monkeypatch.setattr(redo_module, "LARGE", -1)
    monkeypatch.setattr(redo_module, "prices_of", fails)
    cases = filter(None, (overridden(n, busy_problem) for n in range(1, 200, 4)))  # forbidden
    found = next(f for case in cases if (f := redo(*case, is_asked=True)).is_bound_loose)
    assert closed(found) == found.plan


def test_confirmed_and_locked_households_never_move():
    asked = 0
    for number in range(100):
        case = overridden(number, crowded_problem if number % 2 else busy_problem)
        if case is None:
            continue
        plan, override = case
        own = {override.household, override.other}
        others = {a.party for a in plan.assigned if a.home} - own
        if not others:
            continue
        try:
            found = redo(plan, override, confirmed=others)
        except Refused:
            continue
        asked += 1
        assert not found.moved, number
        for name in others:
            assert found.plan.of[name].home.units == plan.of[name].home.units
        with pytest.raises(Refused):
            redo(plan, replace(override, household=sorted(others)[0]), confirmed=others)
    assert asked > 20


def test_a_lock_is_refused_just_where_no_rule_allows_it():
    """Against every unit there is, and with the reason in words."""
    told, allowed = set(), 0
    for number in range(60):
        plan = place(busy_problem(number) if number % 2 else small_problem(number))
        if plan.problem.locks:
            continue
        oracle = Oracle(plan.problem)
        for one in plan.assigned:
            homes_of_party = [c for c in oracle.choices(plan.problem.party[one.party]) if c]
            for lodging in plan.problem.lodgings:
                may = any(lodging.id in units for units, _ in homes_of_party)
                try:
                    redo(plan, Override("lock", one.party, (lodging.id,)))
                except Refused as refused:
                    assert not may, (number, one.party, lodging.id)
                    told.add(refused.problems[0].reason_en.split(": ")[1].split(" ")[0])
                else:
                    assert may, (number, one.party, lodging.id)
                    allowed += 1
    assert {"Full,", "Not", "Too"} <= told
    assert allowed > 50


def test_declining_frees_the_place_at_once_and_bars_nobody():
    freed = 0
    for number in range(100):
        plan = place(busy_problem(number))
        placed = [a for a in plan.assigned if a.home]
        if not placed:
            continue
        one = placed[0]
        found = redo(plan, Override("decline", one.party, reason="zu weit", consequence="waits"))
        assert found.plan.of.get(one.party) is None
        left = [x for x in found.plan.problem.left_out if x.party == one.party]
        assert left
        assert "zu weit" in left[0].reason.de
        # The place is free: somebody who waits and could use it has got it, or it is empty.
        used = {u for a in found.plan.assigned if a.home for u in a.home.units}
        freed += not set(one.home.units) <= used
        offer = redo(plan, Override("decline", one.party, reason="zu weit"))
        new = offer.plan.of[one.party]
        assert new.home is None or new.home.units != one.home.units
        assert offer.plan.problem.party[one.party].asks_home
    assert freed > 10


def test_a_decline_ends_by_itself():
    told = Decline("H-1", ("E1", "E2"), date(2026, 3, 2), "zu klein")
    assert locks_of([told], date(2026, 3, 2)) == (
        Lock("H-1", "E1", "forbid", "zu klein"), Lock("H-1", "E2", "forbid", "zu klein"),
    )  # fmt: skip
    assert locks_of([told], told.on + timedelta(days=DECLINE_DAYS - 1))
    assert locks_of([told], told.on + timedelta(days=DECLINE_DAYS)) == ()
    assert locks_of([told], told.on - timedelta(days=1)) == ()
    assert locks_of([replace(told, until=date(2026, 3, 4))], date(2026, 3, 4)) == ()


def test_taking_a_decision_back_lets_the_household_go_anywhere_again():
    for number in range(60):
        plan = place(busy_problem(number))
        placed = [a for a in plan.assigned if a.home]
        if not placed or plan.problem.locks:
            continue
        one = placed[0]
        away = redo(plan, Override("forbid", one.party))
        back = redo(away.plan, Override("free", one.party))
        assert not back.plan.problem.locks
        assert not back.moved
        assert back.plan.objective >= away.plan.objective or away.plan.of[one.party].home is None
