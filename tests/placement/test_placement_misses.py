"""No home: the rule that is named is the one that decides, and the amount is enough, not more."""

from dataclasses import replace

from small_towns import small_problem

from vorort.placement import all_rules, homes_of, misses, tonight


def refused_everywhere():
    for number in range(300):
        problem = small_problem(number)
        homes = homes_of(problem)
        for party in problem.parties:
            if party.asks_home and not tonight(problem, party, homes).fits:
                yield problem, party, homes


def test_without_the_rule_that_is_named_the_home_would_be_possible():
    optional = {r.name for r in all_rules() if r.is_optional}
    tried = 0
    for problem, party, homes in refused_everywhere():
        for miss in misses(party, homes):
            if miss.rule in optional:
                book = problem.rulebook
                off = replace(book, off=book.off | {miss.rule})
                fits = tonight(problem.changed(rulebook=off), party).fits
                assert miss.units in {f.home.units for f in fits}
                tried += 1
    assert tried > 20


def wider(problem, unit, places):
    def more(x):
        steps = tuple(replace(s, nominal=s.nominal + places, open=s.open + places) for s in x.steps)
        return replace(x, steps=steps)

    return problem.changed(lodgings=tuple(more(x) if x.id == unit else x for x in problem.lodgings))


def test_so_many_more_places_are_enough_and_one_less_is_not():
    tried = 0
    for problem, party, homes in refused_everywhere():
        for miss in misses(party, homes):
            lodging = problem.lodging[miss.units[0]]
            in_use = any(s.used for s in lodging.steps) or any(not s.nominal for s in lodging.steps)
            if miss.rule != "fit" or len(miss.units) > 1 or in_use:
                continue
            assert miss.lacks > 0
            for places, is_enough in ((miss.lacks, True), (miss.lacks - 1, False)):
                fits = tonight(wider(problem, lodging.id, places), party).fits
                assert (miss.units in {f.home.units for f in fits}) == is_enough
            tried += 1
    assert tried > 10
