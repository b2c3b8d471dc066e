"""Numbers per draw: the right distribution, and luck that nobody else moves."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vorort.columns import Floats
from vorort.parameters import Catalogue, resolve
from vorort.parameters.sampling import inverse
from vorort.vocabulary import Parameter, Source, Text, Value

TODAY = date(2026, 1, 1)
SOURCE = Source("x [S1]", "study", "", "2020")
EARLY = date(2000, 1, 1)


def uncertain(low: float, amount: float, high: float, kind: str = "triangular") -> Value:
    return Value(EARLY, amount, SOURCE, low, high, kind)  # type: ignore[arg-type]


def catalogue(**values: Value | tuple[Value, ...]) -> Catalogue:
    several = {f"x.{n}": v if isinstance(v, tuple) else (v,) for n, v in values.items()}
    return Catalogue({n: Parameter(n, Text("", ""), Text("", ""), v) for n, v in several.items()})


def column(known: Catalogue, name: str, draws: int, seed: int = 1) -> Floats:
    numbers = resolve(known, TODAY).values(seed, draws)
    found: Floats = np.asarray(numbers.of(name, np.arange(draws + 1, dtype=np.int32)))
    return found


def share_below(x: Floats, low: float, peak: float, high: float) -> Floats:
    """The textbook distribution function of the triangular distribution."""
    with np.errstate(divide="ignore", invalid="ignore"):
        left = (x - low) ** 2 / ((high - low) * (peak - low))
        right = 1 - (high - x) ** 2 / ((high - low) * (high - peak))
    found: Floats = np.where(x < peak, left, right)
    return np.where(x >= high, 1.0, found)


@given(st.lists(st.floats(-50, 50), min_size=3, max_size=3, unique=True))
def test_the_inverse_undoes_the_distribution_function(three: list[float]) -> None:
    low, peak, high = sorted(three)
    if high - low < 1e-3:
        return
    chance = np.linspace(0.001, 0.999, 97)
    for at in (low, peak, high):  # a peak at either end is a triangle too
        drawn = inverse(uncertain(low, at, high), chance)
        assert (drawn >= low).all() and (drawn <= high).all() and (np.diff(drawn) >= 0).all()
        assert share_below(drawn, low, at, high) == pytest.approx(chance, abs=1e-5)


def test_draws_have_the_mean_and_spread_of_their_distribution() -> None:
    known = catalogue(t=uncertain(0.1, 0.2, 0.6), u=uncertain(0.1, 0.2, 0.6, "uniform"))
    triangle, even = (column(known, f"x.{n}", 40_000)[1:] for n in "tu")
    assert triangle.mean() == pytest.approx(0.3, abs=0.002)
    assert triangle.std() == pytest.approx(
        ((0.01 + 0.04 + 0.36 - 0.02 - 0.06 - 0.12) / 18) ** 0.5, abs=0.002
    )
    assert even.mean() == pytest.approx(0.35, abs=0.003)
    assert even.std() == pytest.approx(0.5 / 12**0.5, abs=0.002)


def test_draw_zero_is_central_and_others_are_not() -> None:
    found = column(catalogue(t=uncertain(0.1, 0.2, 0.6)), "x.t", 50)
    assert found[0] == 0.2 and len(found) == 51 and len(set(found)) == 51


def test_a_draw_is_the_same_however_many_there_are_and_however_they_are_cut() -> None:
    resolved = resolve(catalogue(t=uncertain(0, 1, 3), other=uncertain(0, 1, 3)), TODAY)
    lanes = np.arange(4, dtype=np.int32)
    whole = column(catalogue(t=uncertain(0, 1, 3)), "x.t", 100)
    part = np.asarray(resolved.values(1, [0, 7, 42, 100]).of("x.t", lanes))
    assert (part == whole[[0, 7, 42, 100]]).all(), (
        "neither the number of draws nor another parameter moves it"
    )
    again = np.asarray(resolved.values(1, np.array([7, 42, 0, 100])).of("x.t", lanes))
    assert (again == whole[[7, 42, 0, 100]]).all()


def test_seed_and_name_make_the_luck() -> None:
    known = catalogue(a=uncertain(0, 1, 3), b=uncertain(0, 1, 3))
    a, b, other = (
        column(known, "x.a", 2000),
        column(known, "x.b", 2000),
        column(known, "x.a", 2000, seed=2),
    )
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.08 and abs(np.corrcoef(a, other)[0, 1]) < 0.08


def test_a_higher_range_is_higher_in_every_draw() -> None:
    low, high = (column(catalogue(t=uncertain(x, x + 1, x + 3)), "x.t", 200) for x in (0, 0.5))
    assert high - low == pytest.approx(0.5)


def test_what_is_certain_or_unknown_is_one_number_or_none() -> None:
    known = catalogue(
        fixed=Value(EARLY, 3.0, SOURCE),
        shown=uncertain(1, 2, 3, "fixed"),
        point=uncertain(2, 2, 2),
        unknown=Value(EARLY, None, SOURCE, 1, 2, "triangular"),
    )
    numbers = resolve(known, TODAY).values(1, 5)
    lanes = np.arange(6, dtype=np.int32)
    assert [numbers.of(f"x.{n}", lanes) for n in ("fixed", "shown", "point")] == [3.0, 2.0, 2.0]
    assert not numbers.known("x.unknown")
    with pytest.raises(KeyError):
        numbers.central("x.unknown")


def test_a_rule_that_changes_within_the_horizon_is_dated_in_days() -> None:
    soon, late = Value(date(2026, 3, 1), 5.0, SOURCE), Value(date(2030, 1, 1), 6.0, SOURCE)
    resolved = resolve(catalogue(rule=(Value(EARLY, 4.0, SOURCE), soon, late)), TODAY)
    days = np.array([0, 58, 59, 4000], np.int32)
    assert resolved.values(1, 5).on("x.rule", days).tolist() == [4, 4, 5, 6]
    assert resolved.values(1, 5, until=date(2027, 1, 1)).on("x.rule", days).tolist() == [4, 4, 5, 5]


def test_a_late_parameter_of_a_backtest_is_drawn_from_its_declared_range() -> None:
    label = Text("", "")
    known = Catalogue(
        {"x.t": Parameter("x.t", label, label, (uncertain(0.4, 0.5, 0.6),), before=(0.05, 0.95))}
    )
    done = resolve(known, date(2014, 12, 31)).for_backtest(date(2014, 12, 31), late=False)
    found = np.asarray(done.resolved.values(1, 4000).of("x.t", np.arange(4001, dtype=np.int32)))
    assert found[0] == pytest.approx(0.5) and found.min() < 0.06 and found.max() > 0.94
    assert found.std() == pytest.approx(0.9 / 12**0.5, abs=0.01)
