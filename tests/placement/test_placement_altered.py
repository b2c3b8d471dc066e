"""What differs between the inputs of two runs is told line by line, in words, and nothing else."""

import re
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from busy_towns import DAY, busy_problem

from vorort.placement import HeldBack, LeftOut, Member, Party, Problem, Rulebook, SeatLimit, place
from vorort.placement.altered import ABOUT, CHANGED, SAYS, altered, changed_parts
from vorort.placement.compare import compared
from vorort.vocabulary import Exclusion, Lock, Text


def test_the_same_input_has_no_line():
    for number in range(20):
        assert altered(busy_problem(number), busy_problem(number)) == ()


def test_every_part_of_a_problem_and_of_a_household_can_be_told():
    assert set(SAYS) == set(CHANGED) == {f.name for f in fields(Problem)}
    assert set(ABOUT) == {f.name for f in fields(Party)} - {"id"}


def changes(problem):
    """One change of every part, with what the sentence must name."""
    unit, seat = problem.lodgings[0], problem.seats[0]
    closed = replace(unit, steps=tuple(replace(s, open=0) for s in unit.steps))
    newcomer = Party("p9", (Member("p9.1", 40, "f"),), 1)
    return {
        "day": ({"day": DAY + timedelta(days=7)}, "09.03.2026"),
        "parties": ({"parties": (*problem.parties[1:], newcomer)}, "p9"),
        "lodgings": ({"lodgings": (closed, *problem.lodgings[1:])}, unit.id),
        "seats": ({"seats": (replace(seat, left=seat.left + 3), *problem.seats[1:])}, seat.unit),
        "seat_limits": ({"seat_limits": (SeatLimit("school", "primary", 4),)}, "Schule"),
        "reach": ({"reach": {**problem.reach, ("east", "north"): 59}}, "59 Minuten"),
        "exclusions": ({"exclusions": (Exclusion("p0", None, "A"),)}, "p0"),
        "locks": ({"locks": (Lock("p0", "U0", "forbid"),)}, "U0"),
        "held_back": ({"held_back": (HeldBack("U1", 2000, None, Text("", "")),)}, "2,0 Punkte"),
        "left_out": ({"left_out": (LeftOut("p7", "x", Text("Jugendamt", "youth")),)}, "Jugendamt"),
        "rulebook": ({"rulebook": Rulebook(frozenset({"sex"}), {"distance": 9},
                                           problem.rulebook.settings)}, "Regel"),
        "space_m2": ({"space_m2": 7.5}, "7,5 m²"),
        "office": ({"office": "youth"}, "youth"),
        "seed": ({"seed": 5}, "1 → 5"),
        "notes": ({"notes": (Text("Alter geschätzt", "age guessed"),)}, "Alter geschätzt"),
    }  # fmt: skip


@pytest.mark.parametrize("part", sorted(CHANGED))
def test_a_change_is_told_in_its_part_and_in_no_other(part):
    problem = busy_problem(3)
    change, named = changes(problem)[part]
    other = problem.changed(**change)
    assert changed_parts(problem, other) == (part,)
    lines = altered(problem, other)
    assert {x.part for x in lines} == {part}
    assert any(named in x.words.de for x in lines), lines
    for line in lines:
        assert line.words.de and line.words.en
        for key in line.households:  # whoever is named in a sentence stands in its list too
            assert key in line.words.de
        named_here = set(re.findall(r"\bp\d\b", line.words.de))
        assert named_here <= set(line.households), line
    back = altered(other, problem)
    assert {x.part for x in back} == {part}


def test_a_household_that_comes_goes_or_changes_is_named_with_what_changed():
    problem = busy_problem(4)
    first = problem.parties[0]
    bigger = replace(first, size=first.size + 1, needs_access=not first.needs_access)
    other = problem.changed(parties=(bigger, *problem.parties[2:]))
    words = {x.households: x.words.de for x in altered(problem, other)}
    assert words[(first.id,)] == f"{first.id}: Größe, was ein Platz bieten muss"
    assert "nicht mehr dabei" in words[(problem.parties[1].id,)]
    assert len(words) == 2


def test_seats_that_go_to_somebody_else_are_told_and_a_run_with_itself_moves_none():
    told = 0
    for number in range(40):
        plan = place(busy_problem(number))
        assert compared(plan, plan).seats == ()
        empty = plan.problem.changed(seats=tuple(replace(s, left=0) for s in plan.problem.seats))
        found = compared(plan, place(empty)).seats
        had = {(g.party, g.need.person) for g in plan.seats if g.unit}
        assert {(s.household, s.person) for s in found} == had
        assert all(s.after is None and s.before for s in found)
        told += len(found)
    assert told > 10


def test_who_is_in_one_run_only_is_not_said_to_lose_a_place():
    plan = place(busy_problem(1))
    gone = next(a for a in plan.assigned if a.home)
    rest = tuple(p for p in plan.problem.parties if p.id != gone.party)
    settled = tuple(
        replace(p, asks_home=False, seats=()) if p.id == gone.party else p
        for p in plan.problem.parties
    )
    for parties, says in ((rest, "nicht mehr in diesem Lauf"), (settled, "keine Wohnung mehr")):
        other = place(plan.problem.changed(parties=parties))
        there = {d.moved.household: d for d in compared(plan, other).differences}
        assert says in there[gone.party].words.de
        assert "verliert" not in there[gone.party].words.de
        back = {d.moved.household: d for d in compared(other, plan).differences}
        assert "neu in diesem Lauf" in back[gone.party].words.de
