"""Why this place and why not another, each answer checked by forcing it, by brute force."""

import os
import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from busy_towns import busy_problem
from oracle import Oracle
from small_towns import crowded_problem, small_problem

from vorort.placement import CLASSES, Party, place
from vorort.placement.front import problem_of_folder
from vorort.placement.resolve import NOTHING, Value, value_of
from vorort.placement.why import Explained, why_not

MUSTERSTADT = Path(__file__).parents[2] / "examples" / "musterstadt"
MANY = range(1500 if os.environ.get("VORORT_FULL") == "1" else 40)
BLOCKS = [range(n, min(n + 20, len(MANY))) for n in range(0, len(MANY), 20)]


class Forced(Oracle):
    """Brute force with one household in one place, and nobody of some giving up theirs."""

    def __init__(self, problem, party, units, kept=()):
        super().__init__(problem)
        self.party, self.wanted, self.kept = party, units, kept

    def choices(self, party):
        found = super().choices(party)
        if party.id == self.party:
            return [c for c in found if c and c[0] == self.wanted]
        return [c for c in found if c] if party.id in self.kept else found


def value(found):
    return Value(tuple(found[0]), found[1])


def locked_and_placed(plan):
    names = {x.household for x in plan.problem.locks if x.kind == "lock"}
    return {a.party for a in plan.assigned if a.home and a.party in names}


@pytest.mark.parametrize("town", [small_problem, crowded_problem, busy_problem])
@pytest.mark.parametrize("numbers", BLOCKS, ids=lambda b: f"{b.start}-{b.stop - 1}")
def test_forcing_proves_each_answer(numbers, town):
    """Forbidden and full: impossible. Possible: feasible, and the loss is the exact difference."""
    for number in numbers:
        plan = place(town(number))
        explained = Explained(plan)
        asking = [p for p in plan.problem.parties if p.asks_home]
        if not asking:
            continue
        party = random.Random(number).choice(asking)
        kept = locked_and_placed(plan) - {party.id}
        for one in explained.why(party.id).places:
            units = one.verdict.units
            best = Forced(plan.problem, party.id, units, kept).best()
            if one.verdict.answer != "possible":
                assert best is None, (number, one)
                assert explained.forced(party.id, units).plan is None
                continue
            assert best is not None, (number, one)
            loss = explained.forced(party.id, units).loss
            assert loss.is_exact
            lost = value_of(plan) - value(best)
            assert (loss.exact.placed, loss.exact.points) == (lost.placed, lost.points), number
            assert loss.exact >= NOTHING
            if not one.loss.is_exact:
                assert "etwa" in one.words.de or "about" in one.words.en
                lost = loss.exact
                assert lost.placed != NOTHING.placed or lost.points >= one.loss.at_least


def test_full_ends_on_the_first_day_it_would_fit_and_an_emptied_unit_would_do():
    seen = set()
    for number in range(200):
        plan = place(small_problem(number))
        explained = Explained(plan)
        if any(x.kind == "lock" for x in plan.problem.locks):
            continue
        for party in plan.problem.parties:
            if not party.asks_home:
                continue
            for one in explained.judge.verdicts(party):
                if one.answer == "possible":
                    continue
                assert one.from_day == first_day(plan.problem, party, one.units), (number, one)
                is_allowed_empty = any_day(emptied(plan.problem, one.units), party, one.units)
                if one.answer == "full":
                    assert is_allowed_empty, (number, one)
                elif one.rule in ("fit", "access", "locks", "screening", "together"):
                    assert not is_allowed_empty, (number, one)
                seen.add((one.answer, one.from_day is None, one.rule))
    assert {("full", True, None), ("full", False, None)} <= seen
    assert {rule for _, _, rule in seen} >= {"fit", "access", "sex", "space", "protection", "locks"}


def emptied(problem, units):
    """Nobody there, nothing blocked."""
    return problem.changed(
        lodgings=tuple(
            replace(x, there=(), steps=tuple(replace(s, open=s.nominal, used=0) for s in x.steps))
            if x.id in units
            else x
            for x in problem.lodgings
        )
    )


def days(problem, party, horizon):
    ready = max(party.ready or problem.day, problem.day)
    last = problem.day + timedelta(days=horizon)
    while ready <= last:
        yield ready
        ready += timedelta(days=1)


def any_day(problem, party, units):
    oracle = Oracle(problem)
    horizon = oracle.set["horizon_days"]
    return any(oracle.may(party, units, d) for d in days(problem, party, horizon))


def first_day(problem, party, units):
    oracle = Oracle(problem)
    return next((d for d in days(problem, party, 45) if oracle.may(party, units, d)), None)


def test_runners_up_are_the_three_that_lose_least_of_all():
    for number in range(30):
        plan = place(busy_problem(number))
        explained = Explained(plan)
        for party in plan.problem.parties:
            if not party.asks_home:
                continue
            found = explained.why(party.id)
            assert found.is_certain
            mine = found.home.units if found.home else None
            losses = sorted(
                explained.forced(party.id, v.units).loss.exact
                for v in explained.judge.verdicts(party)
                if v.answer == "possible" and v.units != mine
            )
            assert [r.loss.exact for r in found.runners_up] == losses[:3], number


def test_the_moves_told_lead_from_one_plan_to_the_other_and_none_is_for_nothing():
    for number in range(25):
        plan = place(busy_problem(number))
        explained = Explained(plan)
        for party in plan.problem.parties:
            for one in explained.why(party.id).runners_up if party.asks_home else ():
                new = explained.forced(party.id, one.home.units).plan
                changed = {
                    name
                    for name, was in plan.of.items()
                    if name != party.id
                    and (was.home and was.home.units, was.start)
                    != (new.of[name].home and new.of[name].home.units, new.of[name].start)
                }
                assert {m.household for m in one.moved} == changed
                if one.loss.exact == NOTHING and not plan.of[party.id].home:
                    assert changed or value_of(new) == value_of(plan)


def test_a_forced_plan_that_beats_the_one_explained_is_taken_and_said():
    """A plan that is not the best is explained: somebody's forced place finds a better one."""
    found = 0
    for number in range(80):
        problem = small_problem(number)
        best = place(problem)
        worse = _without_one(best)
        if worse is None or value_of(worse) >= value_of(best):
            continue
        explained = Explained(replace(worse, is_proved=True))  # proved for the model, not the best
        name = next(a.party for a in best.assigned if a.home and not worse.of[a.party].home)
        explained.forced(name, best.of[name].home.units)
        assert explained.better is not None
        assert value_of(explained.better) == value_of(best)
        found += 1
    assert found > 20


def _without_one(plan):
    """The same plan with one household less."""
    placed = [a for a in plan.assigned if a.home]
    if not placed:
        return None
    one = placed[0]
    rest = tuple(replace(a, home=None, start=None, points=0) if a is one else a
                 for a in plan.assigned)  # fmt: skip
    return replace(plan, assigned=rest, objective=plan.objective - one.points)


def test_what_is_not_proved_says_about_and_its_limits_hold():
    """Without a proof the answers are prices and plans that exist: never told as exact."""
    for number in range(60):
        plan = place(small_problem(number))
        unproved = Explained(replace(plan, is_proved=False))
        proved = Explained(plan)
        for party in plan.problem.parties:
            if not party.asks_home or any(x.kind == "lock" for x in plan.problem.locks):
                continue
            for verdict in unproved.judge.verdicts(party):
                if verdict.answer != "possible":
                    continue
                rough = unproved.forced(party.id, verdict.units).loss
                exact = proved.forced(party.id, verdict.units).loss.exact
                assert rough is not None
                if rough.is_exact:
                    assert rough.exact == exact
                if rough.at_most is not None:
                    assert rough.at_most >= exact
                if rough.at_least is not None and exact.placed == NOTHING.placed:
                    assert exact.points >= rough.at_least


def test_musterstadt_is_explained_in_both_languages_and_every_place_has_an_answer():
    problem = problem_of_folder(MUSTERSTADT)
    plan = place(problem)
    explained = Explained(plan)
    units = {x.id for x in problem.lodgings}
    for party in problem.parties[:6]:
        found = explained.why(party.id)
        mine = set(found.home.units) if found.home and len(found.home.units) == 1 else set()
        single = {p.verdict.units[0] for p in found.places if len(p.verdict.units) == 1}
        assert single | mine == units
        told = [found.words, *(p.words for p in (*found.places, *found.runners_up))]
        for text in told:
            assert text.de and text.en and text.de != text.en
        if found.home:
            assert (
                sum(p.points for p in found.parts) + 10_000 * party.size == plan.of[party.id].points
            )
            assert all(unit in found.words.de for unit in found.home.units)


def test_why_not_tells_a_single_place_exactly():
    plan = place(small_problem(7))
    explained = Explained(plan)
    for party in plan.problem.parties:
        for verdict in explained.judge.verdicts(party) if party.asks_home else ():
            text = why_not(explained, party.id, verdict.units)
            assert "etwa" not in text.de
            assert "about" not in text.en


def test_classes_come_first_in_a_loss():
    assert Value((1, 0, 0), -5000) > Value((0, 9, 9), 9000) > NOTHING
    assert len(NOTHING.placed) == len(CLASSES)
    assert isinstance(Party("x", (), 1).sexes, frozenset)
