"""What would have to change, and what one more is worth: made, and solved by brute force."""

from busy_towns import busy_problem
from oracle import Oracle
from small_towns import small_problem

from vorort.placement import CLASSES, place
from vorort.placement.change import MENDS, change_for, changes, kinds, with_one_more, worth
from vorort.placement.resolve import NOTHING, Value, value_of
from vorort.placement.why import Explained


def test_a_change_told_really_gives_the_household_that_place():
    """By brute force on the problem with the change: it may go there, nobody before it loses."""
    rules, told = set(), 0
    for number in range(75):
        plan = place(small_problem(number) if number % 3 else busy_problem(number))
        explained = Explained(plan)
        for party in plan.unplaced:
            for change in changes(explained, party.id):
                told += 1
                rules |= set(change.rules)
                problem = change.plan.problem
                one = change.plan.of[party.id]
                assert one.home.units == change.units
                oracle = Oracle(problem)
                assert oracle.may(problem.party[party.id], one.home.units, one.start), number
                before = Oracle(plan.problem)
                assert not before.may(party, one.home.units, one.start), number
                assert change.gain >= NOTHING
                assert [change.plan.placed[c] for c in CLASSES] >= [plan.placed[c] for c in CLASSES]
                chosen = {
                    p: (a.home.units, a.start)
                    if (a := change.plan.of.get(p.id)) and a.home else None
                    for p in problem.parties
                }  # fmt: skip
                assert oracle.together(chosen), number
                assert change.words.de != change.words.en
    assert told > 15
    assert len(rules) >= 4
    assert rules <= set(MENDS)


def test_the_change_for_one_place_is_told_for_a_household_that_has_another():
    told = 0
    for number in range(15):
        plan = place(busy_problem(number))
        explained = Explained(plan)
        for one in plan.assigned[:2]:
            for verdict in explained.judge.verdicts(plan.problem.party[one.party]):
                if verdict.answer == "possible":
                    continue
                change = change_for(explained, one.party, verdict.units)
                if change is not None:
                    told += 1
                    assert change.plan.of[one.party].home.units == verdict.units
    assert told > 5


def test_one_more_is_worth_what_brute_force_says_and_never_less_than_nothing():
    kinds_seen: set[str] = set()
    above = 0
    for number in range(5):
        plan = place(busy_problem(number, parties=3, units=3))
        explained = Explained(plan)
        for kind in kinds(plan.problem)[:5]:
            found = worth(explained, kind)
            best = Oracle(with_one_more(plan.problem, kind)).best()
            assert found.is_exact
            assert found.gain == Value(tuple(best[0]), best[1]) - value_of(plan), (number, kind)
            assert found.gain >= NOTHING
            kinds_seen.add(kind.kind)
            above += found.gain > NOTHING
    assert "unit" in kinds_seen
    assert above > 1
