"""Coverage of the bands on about 400 Kreise, and the honest miss of 2015."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vorort.stress.backtest.kreise import Coverage, _Kreis, coverage_kreise, wilson
from vorort.stress.backtest.reading import read_case

SHARED = os.environ.get("VORORT_SHARED")
needs_shared = pytest.mark.skipif(not SHARED, reason="VORORT_SHARED is not set: no shared data")
ROOT = Path(__file__).parents[2]


def test_wilsons_interval_is_that_of_the_textbook():
    # 8 of 10: 0.490 to 0.943; 0 of 10: 0 to 0.278
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)


@pytest.mark.parametrize(
    ("by_year", "has"),
    [
        ({2013: 100, 2014: 900}, True),
        ({2013: 900, 2014: 100}, True),  # a centre that closed
        ({2013: 100, 2014: 700}, False),
        ({2013: 2, 2014: 126}, False),  # a small figure may jump
    ],
)
def test_reception_is_found_by_the_jump(by_year, has):
    assert _Kreis("Musterkreis", by_year).has_reception is has


@pytest.fixture(scope="module")
def coverage() -> list[Coverage]:
    case = read_case(ROOT / "examples" / "backtests" / "leipzig-2015")
    national = {int(f.date): f.value for f in case.known if f.quantity == "national_asylum_year"}
    draws = 1000 if os.environ.get("VORORT_FULL") else 200
    path = Path(str(SHARED)) / "data/regionalstatistik_2018/asylblg_empfaenger_kreis_2010_2015.csv"
    return coverage_kreise(path, national, draws)


@needs_shared
def test_in_calm_years_nine_in_ten_kreise_lie_in_the_band(coverage):
    calm = [c for c in coverage if c.origin < 2014]
    assert len(calm) == 8
    assert all(c.kreise >= 380 for c in calm)
    assert all(c.inside_90_range[1] >= 0.90 for c in calm)


@needs_shared
def test_a_band_from_history_alone_misses_2015_and_we_do_not_hide_it(coverage):
    missed = [c for c in coverage if c.origin == 2014 and c.method == "history"]
    assert missed and all(c.inside_90_range[1] < 0.90 for c in missed)
    assert all(c.above > 0.3 for c in missed)
    page = (ROOT / "docs" / "method" / "backtests.md").read_text(encoding="utf-8")
    assert "misses 2015" in page


@needs_shared
def test_dropping_reception_centres_flatters_and_both_are_reported(coverage):
    for method in ("history", "stock"):
        for origin in (2012, 2013, 2014):
            dropped, whole = [
                next(
                    c for c in coverage
                    if (c.method, c.origin, c.without_reception) == (method, origin, flag)
                )
                for flag in (True, False)
            ]  # fmt: skip
            assert dropped.kreise < whole.kreise
            assert dropped.inside_90 >= whole.inside_90 - 0.01
