"""Who waits and who fits, by group; what a floor costs; and what placement may not know."""

import dataclasses
import json
import typing
from datetime import timedelta
from itertools import permutations

from busy_towns import DAY, busy_problem
from oracle import Oracle
from small_towns import small_problem

import vorort.placement as core
from vorort import vocabulary
from vorort.placement import Member, Party, place, told
from vorort.placement.fairness import SHEETS, fairness, floored, sex_of
from vorort.placement.resolve import NOTHING, Value, value_of

FORBIDDEN = ("nation", "ethnic", "relig", "origin", "race", "citizen", "herkunft", "staatsang")


def test_the_types_of_the_core_know_no_nationality_ethnicity_or_religion():
    """Every type reachable from a problem or a plan, by looking at their fields."""
    seen, todo = set(), [core.Problem, core.Plan, core.Why, core.Redone]
    while todo:
        kind = todo.pop()
        if kind in seen or not dataclasses.is_dataclass(kind):
            continue
        seen.add(kind)
        hints = typing.get_type_hints(kind, {**vars(vocabulary), **vars(core), **_own(kind)})
        for name, hint in hints.items():
            assert not any(word in name.lower() for word in FORBIDDEN), (kind, name)
            todo += _parts(hint)
    assert {core.Party, core.Member, core.Lodging, vocabulary.Unit, vocabulary.Exclusion} <= seen


def _own(kind):
    import sys

    return vars(sys.modules[kind.__module__])


def _parts(hint):
    found = [hint] if isinstance(hint, type) else []
    for arg in typing.get_args(hint):
        found += _parts(arg)
    return found


def test_permuting_languages_changes_no_byte_of_a_run():
    for number in range(12):
        problem = busy_problem(number)
        languages = ["ar", "uk", "fa", None]
        texts = set()
        for order in list(permutations(languages))[::8]:
            parties = tuple(
                dataclasses.replace(p, interpreter=order[n % 4])
                for n, p in enumerate(problem.parties)
            )
            result = told(place(problem.changed(parties=parties)))
            texts.add(json.dumps(result, sort_keys=True, ensure_ascii=False))
        assert len(texts) == 1, number


def test_every_household_that_asks_is_in_every_sheet_and_the_counts_are_right():
    for number in range(40):
        plan = place(small_problem(number) if number % 2 else busy_problem(number))
        asking = [p for p in plan.problem.parties if p.asks_home]
        sheet = fairness(plan)
        for name in SHEETS:
            lines = sheet.of(name)
            if name != "need":  # there a household can have several
                assert sum(g.households for g in lines) == len(asking)
                assert sum(g.people for g in lines) == sum(p.size for p in asking)
                placed = sum(a.home is not None for a in plan.assigned)
                assert sum(g.placed for g in lines) == placed
            assert all(g.is_small == (g.households < 5) for g in lines)
        for size, low, high in (("1", 1, 1), ("2", 2, 2), ("3-4", 3, 4), ("5+", 5, 99)):
            line = [g for g in sheet.of("size") if g.name == size]
            assert sum(g.households for g in line) == sum(low <= p.size <= high for p in asking)


def test_waiting_is_the_median_of_days_since_the_need_is_known():
    parties = tuple(
        Party(f"p{n}", (Member(f"m{n}", 30, "f"),), 1, since=DAY - timedelta(days=days))
        for n, days in enumerate((3, 10, 50))
    )
    plan = place(busy_problem(1).changed(parties=parties, lodgings=(), locks=(), exclusions=()))
    line = fairness(plan).of("sex")[0]
    assert (line.name, line.waited, line.waits_on, line.placed) == ("women", 10.0, 10.0, 0)
    assert line.fit is None
    unknown = tuple(dataclasses.replace(p, since=None) for p in parties)
    empty = fairness(dataclasses.replace(plan, problem=plan.problem.changed(parties=unknown)))
    assert empty.of("sex")[0].waited is None


def test_sex_is_of_the_adults_and_unknown_where_anybody_is_unknown():
    def party(*members, size=None):
        people = tuple(Member(str(n), age, sex) for n, (age, sex) in enumerate(members))
        return Party("p", people, size or len(people))

    assert sex_of(party((30, "f"), (5, "m"))) == "women"
    assert sex_of(party((30, "m"))) == "men"
    assert sex_of(party((30, "m"), (31, "f"))) == "mixed"
    assert sex_of(party((30, "f"), (None, None))) == "unknown"
    assert sex_of(party((30, "f"), size=2)) == "unknown"
    assert sex_of(party((30, "d"))) == "unknown"


class Floored(Oracle):
    """Brute force over plans in which a group has at least so many placed."""

    def __init__(self, problem, names, least):
        super().__init__(problem)
        self.names, self.least = names, least

    def together(self, plan):
        placed = sum(p.size for p, home in plan.items() if home and p.id in self.names)
        return placed >= self.least and super().together(plan)


def test_a_floor_costs_what_brute_force_says():
    reached = dear = 0
    for number in range(24):
        plan = place(busy_problem(number))
        for group in fairness(plan).of("size"):
            names = {
                p.id for p in plan.problem.parties
                if p.asks_home and (str(p.size) if p.size < 3 else "3-4") == group.name
            }  # fmt: skip
            found = floored(plan, "size", group.name, 1000)
            best = Floored(plan.problem, names, group.people).best()
            if best is None:
                assert found.plan is None
                assert "nicht erreichbar" in found.words.de
                continue
            reached += 1
            cost = value_of(plan) - Value(tuple(best[0]), best[1])
            assert found.is_exact
            assert found.cost == cost >= NOTHING
            dear += cost > NOTHING
    assert reached > 20
    assert dear >= 1
