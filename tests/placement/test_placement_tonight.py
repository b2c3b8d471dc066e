"""Where can they sleep tonight: ranked, in words, every other unit with its rule, and fast."""

import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from oracle import Oracle
from small_towns import small_problem

from vorort.placement import (
    Lodging,
    Member,
    Party,
    Problem,
    Seats,
    Step,
    homes_of,
    nearest_seats,
    place,
    tonight,
)
from vorort.placement.front import problem_of_folder
from vorort.vocabulary import Unit

MUSTERSTADT = Path(__file__).parents[2] / "examples" / "musterstadt"
MOTHER = Party(
    "new",
    (Member("m", 34, "f"), Member("a", 2, "m"), Member("b", 5, "f"), Member("c", 9, "m")),
    4,
)


@pytest.fixture(scope="module")
def musterstadt():
    return problem_of_folder(MUSTERSTADT)


def test_a_mother_with_three_children_gets_a_unit_of_their_own_tonight(musterstadt):
    problem = musterstadt.changed(parties=(*musterstadt.parties, MOTHER))
    answer = tonight(problem, MOTHER)
    best = answer.fits[0]
    units = [problem.lodging[u].unit for u in best.home.units]
    assert all(u.kind == "family" for u in units)
    assert best.home.places == 4
    assert "passt genau" in best.words.de
    assert best.home.start == problem.day
    assert [f.points for f in answer.fits] == sorted((f.points for f in answer.fits), reverse=True)


def test_every_unit_is_either_a_fit_or_refused_with_a_rule_in_two_languages(musterstadt):
    answer = tonight(musterstadt, MOTHER)
    fits = {f.home.units[0] for f in answer.fits if len(f.home.units) == 1}
    refused = {r.unit for r in answer.refused}
    assert fits | refused == {x.id for x in musterstadt.lodgings}
    assert not fits & refused
    assert all(r.reason.de and r.reason.en for r in answer.refused)
    assert sum(answer.refused_by_rule.values()) == len(refused)


def test_what_tonight_offers_is_what_a_counter_walking_day_by_day_allows():
    for number in range(150):
        problem = small_problem(number)
        oracle = Oracle(problem)
        for party in problem.parties:
            if not party.asks_home:
                continue
            offered = {f.home.units for f in tonight(problem, party).fits}
            allowed = {choice[0] for choice in oracle.choices(party) if choice}
            assert offered == allowed, (number, party.id)


def test_what_is_ranked_first_is_what_a_run_for_that_household_alone_would_choose():
    for number in range(150):
        problem = replace(small_problem(number, with_seats=False), locks=())
        for party in problem.parties:
            alone = problem.changed(parties=(party,))
            answer = tonight(alone, party)
            if not (party.asks_home and answer.fits):
                continue
            plan = place(alone)
            assert plan.of[party.id].points == answer.fits[0].points, (number, party.id)


def test_five_thousand_units_take_less_than_a_tenth_of_a_second():
    day = date(2026, 3, 2)
    lodgings = tuple(
        Lodging(
            Unit(
                f"u{n:05}", f"s{n % 200}", "shared" if n % 3 == 0 else "family", "accommodation",
                1 + n % 6, access=n % 5 == 0, building=str(n % 7),
            ),
            f"d{n % 12}", "housing",
            (Step(day, 1 + n % 6, 1 + n % 6, 0), Step(day + timedelta(days=40 + n % 9), 0, 0, 0)),
        )
        for n in range(5000)
    )  # fmt: skip
    problem = Problem(day, (MOTHER,), lodgings)
    homes = homes_of(problem)
    tonight(problem, MOTHER, homes)  # columns are made once
    began = time.process_time()
    answer = tonight(problem, MOTHER, homes)
    took = time.process_time() - began
    assert len(answer.fits) > 1000
    assert took < 0.1


def test_the_nearest_seats_come_first_and_unknown_minutes_stay_unknown():
    def seats(name, district, left):
        return Seats(f"{name}-1", name, district, "youth", "childcare", "o3", left)

    problem = Problem(
        date(2026, 3, 2),
        seats=(
            seats("a", "far", 1),
            seats("b", "here", 2),
            seats("c", "off", 3),
            seats("d", "x", 0),
        ),
        reach={("far", "here"): 25},
    )
    found = nearest_seats(problem, "childcare", "o3", "here")
    assert [(n.facility, n.minutes, n.left) for n in found] == [
        ("b", 0, 2),
        ("a", 25, 1),
        ("c", None, 3),
    ]
