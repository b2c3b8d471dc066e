"""What the one-way order of domains leaves out, measured with feedback on (DESIGN 4).

``python tests/oracles/test_feedback.py`` prints the tables of docs/method/engine.md.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from feedback_twin import (
    Family,
    Guest,
    Town,
    beds,
    families,
    guests,
    kita_and_course,
    leaves_without_feedback,
)

from vorort.columns import NEVER, Dates, Discipline, Ints, Needs
from vorort.queues import Capacity, Served, serve

FULL = bool(os.environ.get("VORORT_FULL"))
TRIALS = 12
DAYS, RATE, PASSING = 730, 0.03 / 30.4375, 5
PAGE = Path(__file__).parents[2] / "docs/method/engine.md"
LIGHT, HEAVY = (120, 0.30), (120, 0.55)  # beds, people arriving a day
TOWN = Town(kita=60, courses=18)


def column(numbers: list[int]) -> Ints:
    return np.array(numbers, np.int32)


def _serve(needs: Needs, places: int, admits: list[int], days: int, passing: int = 0) -> Served:
    n = len(needs)
    every = Dates(np.arange(days, dtype=np.int32), days)
    return serve(
        needs, np.zeros(n, np.int32), 1, np.zeros(n, np.bool_), Capacity(column([places])[:, None]),
        Discipline(Dates(column(admits), days), 1, passing), every,
    )  # fmt: skip


def beds_by_engine(lot: list[Guest], places: int) -> list[int]:
    needs = Needs(
        np.arange(len(lot), dtype=np.int32), column([g.arrives for g in lot]),
        column([leaves_without_feedback(g, RATE) for g in lot]),
        amount=column([g.size for g in lot]),
    )  # fmt: skip
    waiting = _serve(needs, places, list(range(DAYS)), DAYS, PASSING).waiting[0, 0]
    return [int(people) for people in waiting]


def courses_by_engine(lot: list[Family]) -> tuple[int, int]:
    """Childcare first, then language, which reads it: as the domains do."""
    who = np.arange(len(lot), dtype=np.int32)
    seats = _serve(
        Needs(who, column([f.asks_kita for f in lot]), column([f.school for f in lot])),
        TOWN.kita, TOWN.starts, TOWN.days,
    )  # fmt: skip
    joins = [
        max(f.enrols, min(int(seat), f.enrols + TOWN.patience))
        if f.asks_kita <= f.enrols < f.school
        else f.enrols
        for f, seat in zip(lot, seats.begins, strict=True)
    ]  # fmt: skip
    courses = _serve(
        Needs(who, column(joins), np.full(len(lot), NEVER, np.int32), duration=TOWN.length),
        TOWN.courses, TOWN.starts, TOWN.days,
    )  # fmt: skip
    return int(seats.waiting.sum()), int(courses.waiting.sum())


@pytest.mark.parametrize("seed", range(20 if FULL else 4))
def test_without_feedback_both_twins_are_the_engine_day_by_day(seed: int) -> None:
    for places, flow in (LIGHT, HEAVY):
        twin = beds(guests(seed, DAYS, flow), places, RATE, 1.0, PASSING, DAYS)
        assert twin == beds_by_engine(guests(seed, DAYS, flow), places)
    lot = families(seed, TOWN.days, 6.0)
    assert kita_and_course(lot, TOWN, 0.0) == courses_by_engine(families(seed, TOWN.days, 6.0))


@cache
def bed_error(places: int, flow: float, faster: float) -> tuple[float, float]:
    """Engine over twin: person-days waited, highest number waiting."""
    engine = [beds_by_engine(guests(s, DAYS, flow), places) for s in range(TRIALS)]
    twin = [beds(guests(s, DAYS, flow), places, RATE, faster, PASSING, DAYS) for s in range(TRIALS)]
    days = np.sum(engine) / np.sum(twin)
    peak = np.sum(np.max(engine, axis=1)) / np.sum(np.max(twin, axis=1))
    return float(days), float(peak)


@cache
def course_error(strength: float) -> tuple[float, float]:
    """Engine over twin: child-days waited for a seat, mother-days waited for a course."""
    engine = np.array([courses_by_engine(families(s, TOWN.days, 6.0)) for s in range(TRIALS)])
    twin = np.array(
        [kita_and_course(families(s, TOWN.days, 6.0), TOWN, strength) for s in range(TRIALS)]
    )
    ratio = engine.sum(axis=0) / twin.sum(axis=0)
    return float(ratio[0]), float(ratio[1])


def markdown() -> list[str]:
    """The lines of the table on the page."""
    lines = []
    for name, (places, flow) in (("light", LIGHT), ("heavy", HEAVY)):
        for faster in (2.0, 4.0):
            ratios = bed_error(places, flow, faster)
            feedback = f"leaves {faster:.0f} times as fast while waiting"
            lines.append(_line(f"beds, {name} shortage", feedback, ratios))
    for strength in (0.25, 0.5):
        feedback = f"{100 * strength:.0f} % of families give way"
        lines.append(_line("Kita and course", feedback, course_error(strength)))
    return lines


def _line(what: str, feedback: str, ratios: tuple[float, float]) -> str:
    first, second = (100 * (ratio - 1) for ratio in ratios)
    return f"| {what} | {feedback} | {first:+.0f} | {second:+.0f} |"


def test_the_page_shows_how_far_the_one_way_run_is_off() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for line in markdown():
        assert line in page


def test_ignoring_that_people_leave_while_they_wait_overstates_the_shortage() -> None:
    """The direction is known: the engine errs towards too many waiting, more so when all wait."""
    errors = [bed_error(*HEAVY, faster)[0] for faster in (2.0, 4.0)]
    assert 1.0 < errors[0] < errors[1]


if __name__ == "__main__":
    print("\n".join(markdown()))
