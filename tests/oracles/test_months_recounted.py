"""Months recounted chair by chair: residents first, nobody evicted, people and places conserved."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from vorort.columns import Calendar, Ints
from vorort.stress.tally import Months, Tolerance, Weekly, over_months, without_capacity

EXAMPLES = 2000 if os.environ.get("VORORT_FULL") else 150
Drawn = tuple[Calendar, Weekly, Ints, Ints | None, int, Tolerance]
STARTS = (date(2026, 11, 23), date(2026, 11, 30), date(2027, 1, 31), date(2027, 2, 3))


@dataclass(frozen=True)
class Week:
    """One pool on one tally day, counted."""

    usable: int
    taken: int
    waiting: int
    waiting_resident: int
    too_many: int
    vacancy: int
    unfit: int

    @property
    def demand(self) -> int:
        return self.taken + self.waiting


def seat(usable: int, newcomers: int, queue: int, residents: int, over: int) -> Week:
    """Put people on chairs. ``over`` newcomers share a chair although others may be free."""
    chairs = ["free"] * usable
    squeezed = max(over, newcomers - usable, 0)
    for k in range(newcomers - squeezed):
        chairs[k] = "newcomer"
    standing = 0
    for _ in range(residents):
        if "free" in chairs:
            chairs[chairs.index("free")] = "resident"
        else:
            standing += 1
    missing = queue + squeezed + standing
    idle = chairs.count("free")
    blocked = min(idle, missing)  # free although as many wait: too small for them
    return Week(usable, usable - idle, missing, standing, squeezed, idle - blocked, blocked)


def days_of_months(calendar: Calendar) -> list[list[int]]:
    """Tally indices of each calendar month, by looking at dates."""
    found: dict[tuple[int, int], list[int]] = {}
    for k, day in enumerate(calendar.tallies.tolist()):
        on = calendar.date_of(day)
        found.setdefault((on.year, on.month), []).append(k)
    return list(found.values())


@st.composite
def towns(draw: st.DrawFn) -> Drawn:
    calendar = Calendar.of_months(draw(st.sampled_from(STARTS)), draw(st.integers(1, 5)))
    draws, pools, tallies = draw(st.integers(1, 3)), draw(st.integers(1, 3)), len(calendar.tallies)
    few = st.integers(0, draw(st.sampled_from([1, 3, 12])))  # small numbers make ties

    def column() -> Ints:
        return draw(hnp.arrays(np.int32, (draws, pools, tallies), elements=few))

    occupied, waiting, overdue, usable = (column() for _ in range(4))
    residents = column() if draw(st.booleans()) else None
    flat = hnp.arrays(np.int32, (draws, tallies), elements=few)
    weekly = Weekly(occupied, waiting, np.minimum(overdue, waiting), draw(flat), draw(flat))
    over = draw(st.integers(0, int(occupied[:, 0, 0].min())))
    tolerance = Tolerance(draw(st.sampled_from([0, 6, 7, 20, 90])), draw(st.integers(0, 6)))
    return calendar, weekly, usable, residents, over, tolerance


def recount(draw: int, town: Drawn) -> tuple[list[dict[str, float]], list[bool]]:
    """The months of one draw, and on which tally days it was overloaded."""
    calendar, weekly, usable, residents, over, tolerance = town
    pools, tallies = weekly.occupied.shape[1:]
    days = [*calendar.tallies.tolist(), calendar.days]
    weeks = [
        [
            seat(
                int(usable[draw, p, t]), int(weekly.occupied[draw, p, t]),
                int(weekly.waiting[draw, p, t]),
                0 if residents is None else int(residents[draw, p, t]),
                over if p == 0 and t == 0 else 0,
            )
            for p in range(pools)
        ]
        for t in range(tallies)
    ]  # fmt: skip
    overdue, overloaded = [], []
    for t in range(tallies):
        late = 0
        for p in range(pools):
            back = range(max(0, t - tolerance.days // 7), t + 1)
            late += int(weekly.overdue[draw, p, t]) + weeks[t][p].too_many
            late += min(weeks[b][p].waiting_resident for b in back)
        overdue.append(late)
        overloaded.append(late > tolerance.amount)
    months = []
    for inside in days_of_months(calendar):
        best = inside[0]
        for t in inside[1:]:
            worse = _of(weeks[t], "waiting") - _of(weeks[best], "waiting")
            fuller = _of(weeks[t], "vacancy") < _of(weeks[best], "vacancy")
            if worse > 0 or (worse == 0 and fuller):
                best = t
        month: dict[str, float] = {
            n: _of(weeks[best], n)
            for n in ("usable", "demand", "waiting", "waiting_resident", "vacancy", "unfit")
        }
        month["resident"] = 0 if residents is None else int(residents[draw, :, best].sum())
        month["stock_served"] = int(weekly.stock_served[draw, best])
        month["stock_waiting"] = int(weekly.stock_waiting[draw, best])
        month["overdue"] = overdue[best]
        month["overload"] = any(overloaded[t] for t in inside)
        month["overload_later"] = any(overloaded[t] for t in inside if t > 0)
        span = {t: (days[t + 1] - days[t]) * 12 / 365.25 for t in inside}
        month["unmet"] = sum(span[t] * _of(weeks[t], "waiting") for t in inside)
        month["idle"] = sum(
            span[t] * (_of(weeks[t], "vacancy") + _of(weeks[t], "unfit")) for t in inside
        )
        months.append(month)
    return months, overloaded


def _of(pools: list[Week], name: str) -> int:
    return sum(getattr(week, name) for week in pools)


@settings(max_examples=EXAMPLES)
@given(towns())
def test_every_month_of_every_draw_is_what_the_chairs_say(
    town: Drawn,
) -> None:
    calendar, weekly, usable, residents, over, tolerance = town
    months, overloaded = over_months(weekly, usable, residents, over, tolerance, calendar)
    for d in range(len(weekly.occupied)):
        expected, flags = recount(d, town)
        assert overloaded[d].tolist() == flags
        for m, month in enumerate(expected):
            for name, number in month.items():
                found = getattr(months, name)[d, m]
                if name in ("unmet", "idle"):
                    np.testing.assert_allclose(found, number, rtol=1e-5, atol=1e-5)
                else:
                    assert found == number, (name, m)


@settings(max_examples=EXAMPLES)
@given(towns())
def test_people_and_places_are_conserved_in_every_draw(
    town: Drawn,
) -> None:
    """Nobody vanishes between queue, chair and table; no place is counted twice."""
    calendar, weekly, usable, residents, over, tolerance = town
    one = Weekly(
        weekly.occupied[:, :1], weekly.waiting[:, :1], weekly.overdue[:, :1], weekly.stock_served,
        weekly.stock_waiting,
    )  # fmt: skip
    asked = None if residents is None else residents[:, :1]
    months = over_months(one, usable[:, :1], asked, over, tolerance, calendar)[0]
    occupied = months.demand - months.waiting
    assert (occupied + months.vacancy + months.unfit == months.usable).all()
    assert (months.waiting == np.maximum(0, months.demand - months.usable) + months.unfit).all()
    assert (months.waiting_resident <= months.resident).all()
    shown = _people(one, asked)
    for d in range(len(shown)):
        for m, inside in enumerate(days_of_months(calendar)):
            assert months.demand[d, m] in {int(shown[d, t]) for t in inside}


def _people(weekly: Weekly, residents: Ints | None) -> Ints:
    total: Ints = weekly.occupied.sum(axis=1) + weekly.waiting.sum(axis=1)
    return total if residents is None else total + residents.sum(axis=1)


@settings(max_examples=EXAMPLES // 3)
@given(towns())
def test_without_capacity_a_month_shows_its_first_monday_of_highest_demand(
    town: Drawn,
) -> None:
    calendar, weekly = town[:2]
    residents = town[3]
    months: Months = without_capacity(weekly, residents, calendar)
    for d in range(len(weekly.occupied)):
        asked = np.zeros(len(calendar.tallies), int)
        if residents is not None:
            asked = residents[d].sum(axis=0)
        total = (weekly.occupied[d].sum(axis=0) + asked).tolist()
        for m, inside in enumerate(days_of_months(calendar)):
            best = max(inside, key=lambda t: total[t])  # max keeps the first
            assert months.demand[d, m] == total[best]
            assert months.stock_served[d, m] == weekly.stock_served[d, best]
            assert months.resident[d, m] == asked[best]


def test_over_occupancy_on_day_0_is_not_netted_against_a_free_place_elsewhere() -> None:
    calendar = Calendar.of_months(STARTS[0], 1)
    shape = (1, 1, len(calendar.tallies))
    nobody = np.zeros(shape, np.int32)
    eight = np.full(shape, 8, np.int32)
    weekly = Weekly(eight, nobody, nobody, eight[:, 0], nobody[:, 0])
    months, overloaded = over_months(weekly, eight + 2, None, 3, Tolerance(0, 0), calendar)
    # ten places, eight people, three of them too many in their room: five sit, five are free
    assert (months.waiting[0, 0], months.unfit[0, 0], months.vacancy[0, 0]) == (3, 3, 2)
    assert overloaded[0].tolist() == [True] + [False] * (shape[2] - 1)
