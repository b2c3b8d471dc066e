"""From the JSON of an outlook to what a run holds back, and what that costs and gains.

Half of the draws make the prices, some of the other half are played through afterwards: a price is
never praised by the futures it was made from. German: Vorhaltung aus dem Ausblick
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from vorort.placement.plan import Plan
from vorort.placement.problem import Problem
from vorort.placement.replay import replayed
from vorort.placement.reserve import (
    Future,
    HouseholdKind,
    Reserve,
    cost_of,
    futures_of,
    reserve,
)
from vorort.placement.solve import place
from vorort.problems import Problem as Complaint
from vorort.problems import Refused
from vorort.vocabulary import Text

FRESH_DAYS = 7  # an older outlook counts many who have come already; a choice of this project
REPLAYED = 5  # futures played through

NO_OUTLOOK = Text(
    "Es gibt noch keinen Ausblick: Ohne ihn ist nicht bekannt, wer erwartet wird, und nichts wird "
    "vorgehalten.",
    "There is no outlook yet: without one it is not known who is expected, and nothing is held "
    "back.",
)


@dataclass(frozen=True)
class Holding:
    """What a run holds back. ``why_none``: the reason where it is nothing."""

    reserve: Reserve
    start: date | None = None  # day of the outlook
    until: date | None = None
    tests: tuple[Future, ...] = field(default=(), repr=False)
    why_none: Text | None = None

    def within(self, problem: Problem) -> Problem:
        """The problem with the prices."""
        return problem.changed(held_back=self.reserve.rows)


def holding(
    problem: Problem, outlook: Mapping[str, Any] | None, announced: Collection[str] = ()
) -> Holding:
    """From the JSON of `vorort stress`. ``announced``: ids of announced households.

    An announced household that asks in this run is in the draws as well: each draw is counted
    without it, as far as there is one of its size.
    """
    nothing = Reserve((), ())
    if outlook is None:
        return Holding(nothing, why_none=NO_OUTLOOK)
    start, days, classes = _read(outlook)
    until = start + timedelta(days=days)
    age = (problem.day - start).days
    if not 0 <= age <= FRESH_DAYS:
        return Holding(nothing, start, why_none=Text(
            f"Der letzte Ausblick ist vom {start:%d.%m.%Y} und gilt dafür nur {FRESH_DAYS} Tage.",
            f"The last outlook is of {start} and holds for this for {FRESH_DAYS} days only.",
        ))  # fmt: skip
    known = Counter(
        (min(p.size, max(row["size"] for row in classes)), p.needs_access)
        for p in problem.parties
        if p.asks_home and p.id in announced
    )
    first, second = (
        [{**row, "draws": row["draws"][half::2]} for row in classes] for half in (0, 1)
    )
    futures = [less_known(f, known) for f in futures_of(first)]
    tests = tuple(less_known(f, known) for f in futures_of(second, REPLAYED))
    held = reserve(problem, futures, (until - problem.day).days)
    why = None
    if held.is_empty:
        why = Text(
            f"Nach dem Ausblick vom {start:%d.%m.%Y} reichen die seltenen Einheiten für alle, die "
            f"bis {until:%d.%m.%Y} erwartet werden; nichts wird vorgehalten.",
            f"By the outlook of {start} the rare units are enough for everybody expected until "
            f"{until}; nothing is held back.",
        )
    return Holding(held, start, until, tests, why)


def read_outlook(file: Path) -> dict[str, Any]:
    """The JSON of `vorort stress`. Raises `Refused`."""
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise _no_outlook() from error
    if not isinstance(found, dict):
        raise _no_outlook()
    return found


def _read(outlook: Mapping[str, Any]) -> tuple[date, int, list[dict[str, Any]]]:
    """Day, days and classes. Raises `Refused` where this is no result of the stress test."""
    try:
        expected = outlook["expected_households"]
        classes = [
            {"size": int(row["size"]), "access": bool(row["access"]),
             "draws": [int(n) for n in row["draws"]]}
            for row in expected["classes"]
        ]  # fmt: skip
        start, days = date.fromisoformat(outlook["horizon"]["start"]), int(expected["days"])
    except (KeyError, TypeError, ValueError) as error:
        raise _no_outlook() from error
    if not classes or not all(row["draws"] for row in classes):
        raise _no_outlook()
    return start, days, classes


def _no_outlook() -> Refused:
    return Refused([Complaint(
        "--outlook", "Das ist kein Ergebnis eines Ausblicks mit erwarteten Haushalten.",
        "This is no result of an outlook with expected households.",
        "Die Datei mit vorort stress ORDNER --json DATEI schreiben.",
        "Write the file with vorort stress FOLDER --json FILE.",
    )])  # fmt: skip


def less_known(future: Future, known: Mapping[HouseholdKind, int]) -> Future:
    """A future without households that are in today's problem already.

    Whether an announced one needs step-free access is drawn in the outlook: of one size either
    counts, the same need first.
    """
    found = Counter(dict(future))
    for (size, access), count in known.items():
        for kind in ((size, access), (size, not access)):
            taken = min(count, found[kind])
            found[kind] -= taken
            count -= taken
    return dict(found)


@dataclass(frozen=True)
class Told:
    """What holding back costs today, and what it gained when played through, a future each."""

    cost: Text
    replay: Text
    lost_persons: int
    lost_points: int
    persons: tuple[int, ...]
    points: tuple[int, ...]


def told_of(plan: Plan, held: Holding, stop: Callable[[], bool] = lambda: False) -> Told | None:
    """For a plan that holds back: solved once more without, and both played through.

    Without begins where the plan is: so it is never worse, and holding back never costs less than
    nothing.
    """
    if held.reserve.is_empty:
        return None
    plain = plan.problem.changed(held_back=())
    without = place(plain, old=plan, stop=stop)
    if stop():
        return None  # a plan stopped half-way says nothing about a cost
    cost = cost_of(without, plan)
    lost = (sum(cost.lost.placed), cost.lost.points)
    found = replayed(without, plan, held.tests, stop)
    return Told(cost.words, found.words, *lost, found.persons, found.points)


def as_record(held: Holding, told: Told | None) -> dict[str, Any]:
    """Units with price, end and reason; cost and replay. Nothing of it is about anybody."""
    return {
        "outlook": held.start.isoformat() if held.start else None,
        "units": [
            {"unit": r.unit, "points": r.points / 1000, "reason": _text(r.reason),
             "until": r.until.isoformat() if r.until else None}
            for r in held.reserve.rows
        ],
        "why_none": _text(held.why_none) if held.why_none else None,
        "cost": _text(told.cost) if told else None,
        "lost_persons": told.lost_persons if told else None,
        "lost_points": told.lost_points / 1000 if told else None,
        "replay": _text(told.replay) if told else None,
        "gained_persons": list(told.persons) if told else None,
    }  # fmt: skip


def _text(text: Text) -> dict[str, str]:
    return {"de": text.de, "en": text.en}
