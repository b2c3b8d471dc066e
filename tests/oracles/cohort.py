"""Expected stocks of households by hand: day-by-day recursions in plain Python.

Nothing of the engine is used: the joint table is read from its file, the lognormal is an erf, and
every rate is a survival share a day. Days are whole: a household that comes on day a is there on
day a for certain and may leave from day a + 2 on (departures are counted from a + 1, upwards).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erf, exp, log, sqrt
from pathlib import Path

import yaml

MONTH, YEAR = 30.4375, 365.25


@dataclass(frozen=True)
class Rows:
    """Households of one group in the joint table: weight and members (sex, lowest, highest)."""

    weights: list[float]
    kinds: list[str]
    members: list[list[tuple[str, int, int]]]

    @classmethod
    def of(cls, path: Path, group: str) -> Rows:
        rows = [r for r in yaml.safe_load(path.read_text())["rows"] if r["group"] == group]

        def member(text: str) -> tuple[str, int, int]:
            sex, ages = text.split()
            return sex, *(int(a) for a in ages.split("-"))  # type: ignore[return-value]

        return cls(
            [float(r["weight"]) for r in rows], [str(r["kind"]) for r in rows],
            [[member(m) for m in r["members"]] for r in rows],
        )  # fmt: skip

    def share_of_kind(self, kind: str) -> float:
        mine = sum(w for w, k in zip(self.weights, self.kinds, strict=True) if k == kind)
        return mine / sum(self.weights)

    def mean_size(self) -> float:
        persons = sum(w * len(m) for w, m in zip(self.weights, self.members, strict=True))
        return persons / sum(self.weights)

    def per_household(self, sex: str | None, low: float, high: float) -> float:
        """Expected members of a sex with low <= age < high (in years, exact age uniform)."""
        total = 0.0
        for weight, members in zip(self.weights, self.members, strict=True):
            for s, youngest, oldest in members:
                inside = max(0.0, min(high, oldest + 1) - max(low, youngest))
                chance = {"f": {"f": 1.0}, "m": {"m": 1.0}, "x": {"f": 0.49, "m": 0.51}}[s]
                is_sex = 1.0 if sex is None else chance.get(sex, 0.0)
                total += weight * is_sex * inside / (oldest + 1 - youngest)
        return total / sum(self.weights)


def daily(expected_households: Sequence[float], starts: Sequence[int], end: int) -> list[float]:
    """Arrivals of each day: those of a month spread evenly over its days."""
    edges = [*starts, end]
    days: list[float] = []
    for a, b, many in zip(edges, edges[1:], expected_households, strict=False):
        days += [many / (b - a)] * (b - a)
    return days


@dataclass(frozen=True)
class Course:
    """Rates of one group; months."""

    departure: float  # a month
    rejected: float | None = None  # departure a month after a rejection, where it is higher
    protection: float = 1.0
    procedure: float = 1.0  # months, mean
    spread: float = 0.5
    returns: float = 0.0  # share of those who may return (all but minors alone)
    away: float = 6.0  # months, mean


def decided_by(days: float, course: Course) -> float:
    """Share of decisions within so many days: lognormal with the published mean."""
    if days <= 0:
        return 0.0
    mu = log(course.procedure * MONTH) - course.spread**2 / 2
    return 0.5 * (1 + erf((log(days) - mu) / course.spread / sqrt(2)))


class Survivors:
    """Share still there at each age in days of a household, by fate of its case."""

    def __init__(self, course: Course, days: int) -> None:
        slow = exp(-course.departure / MONTH)
        self.protected = [1.0, 1.0]
        self.refused = [1.0, 1.0]
        quick = (
            slow
            if course.rejected is None
            else exp(-max(course.rejected, course.departure) / MONTH)
        )
        pending = 1.0 - decided_by(2, course)  # a decision on day 0 or 1 counts from day 1
        gone_quick = 1.0 - pending
        for age in range(2, days + 1):
            self.protected.append(self.protected[-1] * slow)
            pending, gone_quick = pending * slow, gone_quick * quick
            self.refused.append(pending + gone_quick)
            before = decided_by(age, course)
            hit = (decided_by(age + 1, course) - before) / max(1 - before, 1e-12)
            pending, gone_quick = pending * (1 - hit), gone_quick + pending * hit


def stock(arrivals: Sequence[float], course: Course, old: float = 0.0) -> list[float]:
    """Expected households on each day, with those who come back; ``old`` are there on day 0.

    ``old`` are protected. Those who come back keep their protection; a refused case is decided
    anew. Nobody comes back twice.
    """
    days = len(arrivals)
    fate = Survivors(course, days)
    again = exp(-1 / (course.away * MONTH))
    good = [course.protection * a for a in arrivals]
    bad = [(1 - course.protection) * a for a in arrivals]
    present, left = [0.0] * days, {"good": [0.0] * days, "bad": [0.0] * days}

    def live(lot: Sequence[float], survive: Sequence[float], gone: list[float] | None) -> None:
        for a, many in enumerate(lot):
            for day in range(a, days):
                present[day] += many * survive[day - a]
                if gone is not None and day > a:
                    gone[day] += many * (survive[day - a - 1] - survive[day - a])

    live(good, fate.protected, left["good"])
    live(bad, fate.refused, left["bad"])
    if old:  # as if they had come the day before: departures are counted from day 1
        live([old], fate.protected, left["good"])
    for kind in left:
        pool, back = 0.0, [0.0] * days
        for day in range(days):
            back[day], pool = pool * (1 - again), pool * again + course.returns * left[kind][day]
        if kind == "good":
            live(back, fate.protected, None)
        else:
            live([course.protection * b for b in back], fate.protected, None)
            live([(1 - course.protection) * b for b in back], fate.refused, None)
    return present


def with_children(days: int, departure: float, births: float) -> tuple[list[float], list[float]]:
    """Women who are all there on day 0, and the children born to them who are there, per woman.

    At most two births, the second at least 365 days after the first; ``births`` per woman and year.
    The day of a birth is rounded down.
    """
    bear, stay = exp(-births / YEAR), exp(-departure / MONTH)
    women, children = [1.0], [0.0]
    none, pause, one, two = 1.0, [0.0] * 366, 0.0, 0.0
    for day in range(1, days):
        stays = stay if day > 1 else 1.0
        none, one, two = none * stays, one * stays, two * stays
        pause = [p * stays for p in pause]
        first, second = none * (1 - bear), one * (1 - bear)
        ready = pause.pop()
        none, one, two = none - first, one - second + ready, two + second
        pause.insert(0, first)
        mothers = sum(pause) + one
        women.append(none + mothers + two)
        children.append(mothers + 2 * two)
    return women, children
