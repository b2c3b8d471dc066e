"""The short forecast: laws it must obey, faults it must name, scores it must reach."""

from __future__ import annotations

import csv
import json
import math
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vorort import luck
from vorort.arrivals.forecast import (
    LEVELS,
    SETTINGS,
    as_json,
    forecast,
    forecast_series,
    paths,
    robust_scale,
    start_of,
    sum_quantiles,
)
from vorort.arrivals.rolling import quantile_loss, random_walk, score_rolling
from vorort.arrivals.series import Series, read_series
from vorort.problems import Refused

SHARED = os.environ.get("VORORT_SHARED")
needs_shared = pytest.mark.skipif(not SHARED, reason="VORORT_SHARED is not set: no shared data")

counts = st.integers(min_value=0, max_value=200_000)
series = st.lists(st.one_of(st.none(), counts), min_size=1, max_size=60)
full = st.lists(st.integers(1, 200_000), min_size=4, max_size=60)


def test_one_step_has_the_published_quantiles_of_student_t5():
    # any table of Student's t: 90 %, 95 %, 75 % point with five degrees of freedom
    low, tenth, quarter, half, upper, ninth, high = sum_quantiles(1)
    assert high == pytest.approx(2.015048, abs=2e-6)
    assert ninth == pytest.approx(1.475884, abs=2e-6)
    assert upper == pytest.approx(0.726687, abs=2e-6)
    assert half == 0.0
    assert (low, tenth, quarter) == (-high, -ninth, -upper)


@pytest.mark.parametrize("steps", [2, 6, 24])
def test_sums_have_the_quantiles_that_drawing_them_gives(steps):
    drawn = np.random.default_rng(5).standard_t(5, (200_000, steps)).sum(axis=1)
    expected = np.quantile(drawn, LEVELS)
    assert sum_quantiles(steps) == pytest.approx(expected, abs=0.02 * math.sqrt(steps))


@given(full, st.integers(1, 24))
def test_bands_are_ordered_and_widen_and_the_median_stays(values, months):
    bands = forecast(values, months)
    assert bands.shape == (months, len(LEVELS))
    assert (np.diff(bands, axis=1) >= 0).all()
    width = bands[:, -1] / bands[:, 0]
    assert (np.diff(width) > 0).all()
    assert bands[:, 3] == pytest.approx(values[-1])


@given(full, st.sampled_from([0.001, 7.0, 1000.0]))
def test_the_unit_of_the_series_does_not_matter(values, unit):
    scaled = forecast([v * unit for v in values], 3)
    assert scaled == pytest.approx(forecast(values, 3) * unit, rel=1e-6)


@given(series)
def test_zeros_and_gaps_give_finite_bands_of_zero_and_above(values):
    bands = forecast(values, 12)
    if all(v is None for v in values):
        assert np.isnan(bands).all()
    else:
        assert np.isfinite(bands).all()
        assert (bands >= 0).all()


def test_a_change_over_a_gap_counts_as_the_root_of_its_months():
    steady = [100.0 * 2 ** (i % 2) for i in range(13)]
    gaps = [v for x in steady for v in (x, None, None, None)][:-3]
    # each change of log 2 took four months: half as wide a month
    dense = start_of(steady, SETTINGS)
    sparse = start_of(gaps, SETTINGS)
    assert sparse.scale < dense.scale
    changes = np.full(3, math.log(2) / 2)
    weights = np.full(3, 1.0)
    assert robust_scale(changes, weights, np.array(0.2), 0.0) == pytest.approx(math.log(2) / 2)


def test_an_unknown_last_month_makes_the_band_as_wide_as_a_month_more():
    values = [100.0, 120.0, 90.0, 110.0]
    known = start_of(values)
    unknown = start_of([*values, None])
    assert unknown.age == 1
    assert unknown.level == known.level
    assert forecast([*values, None], 1)[0] / 110.0 == pytest.approx(
        np.exp(unknown.scale * math.sqrt(0.6) * np.array(sum_quantiles(2)))
    )


@pytest.mark.parametrize("values", [[250.0], [None, 250.0, 3000.0]])
def test_fewer_than_three_points_rest_on_the_wide_prior_and_say_so(values):
    start = start_of(values)
    assert start.scale == SETTINGS.short_scale > SETTINGS.prior_scale
    assert any("Vorannahme" in de and "prior" in en for de, en in start.notes())


def test_one_leap_among_calm_months_counts_for_at_most_three_of_the_scale():
    calm = np.tile([0.05, -0.05], 15)
    leap = np.append(calm, 3.0)
    weights = np.ones(len(leap))
    scale = robust_scale(leap, weights, np.array(0.05), 3.0)
    assert scale < np.sqrt((leap**2).mean()) / 5
    # the fixed point: put in, it comes out
    clipped = np.minimum(leap**2, 9 * scale**2)
    assert scale**2 == pytest.approx((clipped.sum() + 3 * 0.05**2) / (len(leap) + 3))


@given(st.lists(st.floats(-2, 2), min_size=1, max_size=30), st.floats(0.05, 1.0))
def test_a_scale_a_draw_is_the_same_as_each_draw_on_its_own(changes, prior):
    weights = 0.5 ** (np.arange(len(changes)) / 12)
    priors = np.array([prior, prior / 2, 0.3])
    together = robust_scale(np.array(changes), weights, priors, 3.0)
    alone = [float(robust_scale(np.array(changes), weights, p, 3.0)) for p in priors]
    assert together == pytest.approx(alone, rel=1e-5)


def test_negative_and_infinite_values_are_refused():
    for bad in (-1.0, math.inf, math.nan):
        with pytest.raises(ValueError, match="zero and above"):
            forecast([100.0, bad, 120.0], 3)


def test_drawn_paths_have_the_computed_quantiles_and_named_luck():
    values = [100.0, 140.0, 90.0, 120.0, 130.0]
    drawn = paths(values, 6, luck.worlds(3, np.arange(1, 60_001)))
    quantiles = 130.0 * np.exp(np.quantile(drawn, LEVELS, axis=0).T)
    assert quantiles == pytest.approx(forecast(values, 6), rel=0.03)
    # draw 7 is the same however many there are, and the first months are the same however long
    few = paths(values, 3, luck.worlds(3, np.array([7])))
    assert few[0] == pytest.approx(drawn[6, :3], abs=0)


def test_the_same_series_gives_the_same_bytes():
    one = forecast_series(Series("x", "2020-01", "2020-06", (5.0, 8.0, None, 7.0, 0.0, 9.0)), 12)
    two = forecast_series(Series("x", "2020-01", "2020-06", (5.0, 8.0, None, 7.0, 0.0, 9.0)), 12)
    assert json.dumps(one) == json.dumps(two)


def test_the_json_has_the_keys_of_the_contract():
    found = as_json("2019-11", forecast([10.0, 12.0, 11.0], 3))
    assert found["origin"] == "2019-11"
    assert [row["month"] for row in found["forecast"]] == ["2019-12", "2020-01", "2020-02"]
    keys = ["0.05", "0.1", "0.25", "0.5", "0.75", "0.9", "0.95"]
    assert all(list(row["quantiles"]) == keys for row in found["forecast"])


def test_unknown_stays_unknown_in_the_json():
    found = forecast_series(Series("x", "2020-01", "2020-02", (None, None)), 1)
    assert set(found["forecast"][0]["quantiles"].values()) == {None}
    assert "keine Vorhersage" in found["notes"][0]["de"]


def test_the_quantile_loss_of_a_sure_forecast_is_its_error():
    sure = np.full((1, len(LEVELS)), 10.0)
    assert quantile_loss(sure, np.array([13.0]))[0] == pytest.approx(3.0)
    assert quantile_loss(sure, np.array([10.0]))[0] == 0.0


def test_the_random_walk_peer_is_the_textbook_one():
    values = [100.0 * 1.1 ** (i % 2) for i in range(30)]
    band = random_walk(values, 4)
    spread = np.diff(np.log(values[-25:])).std(ddof=1)
    assert band[3, 6] == pytest.approx(values[-1] * math.exp(1.6448536 * spread * 2))


# --- reading -------------------------------------------------------------------------------------


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "series.csv"
    path.write_bytes(text.encode(encoding))
    return path


GOOD = "month;first;follow\n2020-01;10;1\n2020-02;;2\n2020-04;30;3\n2020-05;40;4\n"


def test_blank_and_left_out_months_are_unknown(tmp_path):
    found = read_series(written(tmp_path, GOOD), "first", "2020-05")
    assert found.values == (10.0, None, None, 30.0, 40.0)
    assert (found.first, found.origin) == ("2020-01", "2020-05")


@settings(max_examples=30)
@given(st.lists(st.text("0123456789abc,.-", max_size=8), min_size=1, max_size=1))
def test_whatever_stands_after_the_origin_changes_nothing(later):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), GOOD.replace("40", later[0]))
        found = read_series(path, "first", "2020-04")
    assert found.values == (10.0, None, None, 30.0)


def test_a_byte_order_mark_and_commas_are_accepted(tmp_path):
    text = "\ufeffmonth,value\n2020-01,1\n2020-02,2.5\n"
    assert read_series(written(tmp_path, text)).values == (1.0, 2.5)


@pytest.mark.parametrize(
    ("text", "column", "origin", "words"),
    [
        ("Month;value\n2020-01;1\n", None, None, ["month"]),
        (GOOD, "frist", None, ["frist", "first"]),
        (GOOD, None, None, ["first", "follow", "--column"]),
        (GOOD, "month", None, ["month"]),
        (GOOD, "first", "2021-01", ["2021-01", "2020-01", "2020-05"]),
        (GOOD, "first", "2020-03", ["2020-03"]),
        (GOOD, "first", "May 2020", ["JJJJ-MM"]),
        ("month;value\n2020-01;1\n2020-01;2\n", None, None, ["Zeile 2", "Zeile 3"]),
        ("month;value\n2020-13;1\n", None, None, ["2020-13"]),
        ("month;value\n2020-01;1,5\n", None, None, ["Dezimalpunkt"]),
        ("month;value\n2020-01;many\n", None, None, ["many", "value"]),
        ("month;value\n2020-01;-3\n", None, None, ["-3"]),
        ("month;value\n2020-01;inf\n", None, None, ["inf"]),
        ("month;value\n", None, None, ["keine Zeilen"]),
        ("", None, None, ["month"]),
    ],
)
def test_a_fault_is_named_with_place_and_remedy(tmp_path, text, column, origin, words):
    with pytest.raises(Refused) as refused:
        read_series(written(tmp_path, text), column, origin)
    said = str(refused.value)
    assert all(word in said for word in words), said
    assert all(p.remedy_de and p.remedy_en and p.reason_en for p in refused.value.problems)


def test_all_faults_are_named_at_once(tmp_path):
    text = "month;value\n2020-01;x\n2020-02;y\nsoon;1\n2020-02;3\n"
    with pytest.raises(Refused) as refused:
        read_series(written(tmp_path, text), None, "2022-01")
    assert len(refused.value.problems) >= 5


@pytest.mark.parametrize("bad", ["cp1252", "missing", "large"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path, bad):
    path = written(tmp_path, "month;käse\n2020-01;1\n", "cp1252" if bad == "cp1252" else "utf-8")
    if bad == "missing":
        path = tmp_path / "no.csv"
    if bad == "large":
        with path.open("r+b") as file:
            file.truncate(21 * 2**20)
    with pytest.raises(Refused):
        read_series(path)


def test_months_outside_one_to_a_hundred_and_twenty_are_refused():
    for months in (0, 121):
        with pytest.raises(Refused):
            forecast_series(Series("x", "2020-01", "2020-01", (5.0,)), months)


# --- scores on real series -----------------------------------------------------------------------


def column(path: str, name: str) -> list[float | None]:
    with (Path(SHARED or "") / "data" / path).open(encoding="utf-8") as file:
        return [float(r[name]) if r[name] else None for r in csv.DictReader(file)]


@needs_shared
def test_calm_months_are_forecast_no_worse_than_by_the_random_walk():
    national = column("asylum/bamf_monthly_germany_2015_2021.csv", "applications_first")
    found = score_rolling(national)
    assert [r.horizon for r in found.rows] == [1, 3, 6, 12]
    assert all(r.ratio <= 1.02 for r in found.rows)
    assert found.mean_ratio <= 0.95
    assert 0.85 <= found.pooled() <= 0.97


@needs_shared
def test_the_band_holds_in_a_shock_for_one_and_three_months():
    national = column("asylum/bamf_monthly_germany_2015_2021.csv", "applications_first")
    # strict: the outcome, too, lies in the shock (origins 12 to 35 of the first 36 months)
    for known in (national, national[:36]):
        found = score_rolling(known, first=12, last=35)
        assert found.pooled((1, 3)) >= 0.80
        assert found.pooled((6, 12)) >= found.pooled((6, 12), walk=True)  # no claim, reported


@needs_shared
def test_another_series_is_forecast_better_than_by_the_random_walk():
    pending = column(
        "asylum/eurostat_pending_applicants_DE_2008_2023.csv", "pending_applicants_month_end"
    )
    for part, first, last in ((pending[:72], 24, None), (pending, 72, 119)):
        found = score_rolling(part, first=first, last=last)
        assert all(r.ratio <= 1.02 for r in found.rows)
        assert found.pooled((1, 3)) >= 0.80


@needs_shared
def test_scores_of_early_origins_do_not_know_what_came_later():
    national = column("asylum/bamf_monthly_germany_2015_2021.csv", "applications_first")
    moved = [*national[:40], *(10 * (v or 0) for v in national[40:])]
    early = score_rolling(national, first=24, last=36, horizons=(1, 3))
    assert score_rolling(moved, first=24, last=36, horizons=(1, 3)) == early
    assert score_rolling(moved, first=24, last=45, horizons=(1, 3)) != early
