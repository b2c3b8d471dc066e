"""The published cases: typed as printed, read only up to the origin, scored as the page says."""

from __future__ import annotations

import csv
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vorort import luck
from vorort.arrivals.series import number_of
from vorort.problems import Refused
from vorort.stress import backtest
from vorort.stress.backtest.case import Case, Figure, Span
from vorort.stress.backtest.chances import Chances
from vorort.stress.backtest.figures import published_in, span_of
from vorort.stress.backtest.predict import predict
from vorort.stress.backtest.reading import MOST_FIGURES, read_case
from vorort.stress.backtest.scores import CaseResult, Point, score

ROOT = Path(__file__).parents[2]
CASES = ROOT / "examples" / "backtests"
SHARED = os.environ.get("VORORT_SHARED")
needs_shared = pytest.mark.skipif(not SHARED, reason="VORORT_SHARED is not set: no shared data")
NAMES = {
    "freiburg-2016", "hamburg-2015", "koeln-2012", "koeln-2015", "leipzig-2015", "leipzig-2016",
    "leipzig-2021", "potsdam-2017", "stuttgart-2014", "stuttgart-2016",
}  # fmt: skip


@pytest.fixture(scope="module")
def results() -> dict[str, CaseResult]:
    return {r.case.id: r for r in backtest.run_all(CASES)}


def resolved(case: Case) -> object:
    return backtest._resolved(case)


# --- what the folders hold -----------------------------------------------------------------------


def test_all_ten_cases_are_there_and_none_has_been_dropped(results):
    assert set(results) == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_case_is_small_and_every_figure_has_a_source(name):
    case = read_case(CASES / name)
    figures = [*case.known, *case.observed, *case.plans]
    assert 0 < len(figures) <= MOST_FIGURES
    assert all(len(f.source) > 10 for f in figures)
    assert all(f.span.last > case.origin for f in case.observed)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_unchecked_local_figures_say_so(name):
    case = read_case(CASES / name)
    for figure in (*case.known, *case.observed):
        if "data/municipal" in figure.source:
            assert "unverified" in figure.source


def table(path: str) -> list[dict[str, str]]:
    with (Path(SHARED or "") / "data" / path).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@needs_shared
@pytest.mark.parametrize("name", sorted(NAMES))
def test_typed_figures_are_those_of_the_collected_data(name):
    case = read_case(CASES / name)
    months = {
        r["month"]: int(r["applications_first"])
        for r in table("asylum/bamf_monthly_germany_2015_2021.csv")
    }
    years: dict[str, float] = {}
    for r in table("unhcr/unhcr_asylum_applications_DEU.csv"):
        if r["app_type"] == "N" and r["dec_level"] == "NA":
            year = str(int(float(r["year"])))
            years[year] = years.get(year, 0) + float(r["applied"] or 0)
    recipients = {
        (r["ags"], r["jahr"]): r["empfaenger"]
        for r in table("regionalstatistik_2018/asylblg_empfaenger_kreis_2010_2015.csv")
    }
    compared = 0
    for f in (*case.known, *case.observed):
        if f.quantity == "national_asylum_month":
            assert f.value == months[f.date]
        elif f.quantity == "national_asylum_year":
            assert f.value == years[f.date]
        elif "Statistische Ämter" in f.source:
            assert f.value == float(recipients[case.ags[:5], f.date[:4]])
        else:
            continue
        compared += 1
    assert compared >= 5


@needs_shared
def test_typed_local_figures_are_those_of_the_collected_points():
    hamburg = read_case(CASES / "hamburg-2015")
    rows = {r["month"]: r for r in table("municipal/hamburg_arrivals_2015_01_09.csv")}
    columns = {
        "seeking_protection": "seeking_protection",
        "assigned": "assigned_to_hamburg",
        "needing_housing": "needing_public_housing",
    }
    own = [f for f in (*hamburg.known, *hamburg.observed) if f.quantity in columns]
    assert len(own) == 27
    assert all(f.value == int(rows[f.date][columns[f.quantity]]) for f in own)
    for name, file in (
        ("koeln-2015", "municipal/koeln_housed_persons_2015.csv"),
        ("leipzig-2016", "municipal/leipzig_2014_2017_points.csv"),
        ("freiburg-2016", "municipal/freiburg_2016_2017_points.csv"),
    ):
        case = read_case(CASES / name)
        collected = {
            (r["date"], int(float(v)))
            for r in table(file)
            for v in (r.get("value") or r["persons_housed_by_city"],)
        }
        local = [f for f in (*case.known, *case.observed) if "data/municipal" in f.source]
        assert local
        for f in local:
            assert (f.date, f.value) in collected or "computed" in f.source


# --- what may be read ----------------------------------------------------------------------------


def test_dates_cover_the_months_they_should():
    january = number_of("2015-01")
    assert span_of("2015", stock=False) == Span(january, january + 11)
    assert span_of("2015-03", stock=True) == Span(january + 2, january + 2)
    # a stock counted on 1 January is that of the end of December
    assert span_of("2015-01-01", stock=True) == Span(january - 1, january - 1)
    assert span_of("2015-01-31", stock=True) == Span(january, january)
    assert span_of("2015-01-01", stock=False) == Span(january, january)
    assert [span_of(x, True) for x in ("15", "2015-13", "2015-01-32", "soon")] == [None] * 4


def test_a_bare_year_of_publication_counts_to_its_end_and_none_is_unknown():
    assert published_in("2017") == number_of("2017-12")
    assert published_in("2017-02") == number_of("2017-02")
    assert published_in(None) is None


def test_a_statistic_without_a_day_of_publication_is_known_nine_months_later():
    case = read_case(CASES / "koeln-2012")
    recipients = [f for f in case.known if f.quantity == "asylblg_recipients"]
    assert {f.date[:4]: f.known_in - f.span.last for f in recipients} == dict.fromkeys(
        ("2010", "2011", "2012"), 9
    )
    assert [f.date[:4] for f in case.readable("asylblg_recipients", late=False)] == ["2010", "2011"]
    assert len(case.readable("asylblg_recipients", late=True)) == 3


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(NAMES)), st.integers(0, 50_000), st.integers(1, 9))
def test_nothing_later_than_the_origin_reaches_a_prediction(name, other, seed):
    case = read_case(CASES / name)

    def later(f: Figure) -> bool:
        return f.span.last > case.origin or f.known_in > case.origin

    changed = replace(
        case,
        known=tuple(replace(f, value=other) if later(f) else f for f in case.known),
        observed=tuple(replace(f, value=other, low=None, high=None) for f in case.observed),
    )
    one, two = (score(c, resolved(c), 40, seed).points for c in (case, changed))
    assert [p.quantiles for p in one] == [p.quantiles for p in two]


def test_dropping_all_late_figures_changes_no_prediction_without_late_values():
    for name in ("koeln-2012", "leipzig-2016", "potsdam-2017"):
        case = read_case(CASES / name)
        assert case.late_figures()
        early = replace(case, known=tuple(f for f in case.known if f not in case.late_figures()))
        one, two = (score(c, resolved(c), 50, 1) for c in (case, early))
        assert [p.quantiles for p in one.points] == [p.quantiles for p in two.points]
        assert one.errors == two.errors
        assert one.points_with_late != two.points_with_late


def test_every_parameter_of_a_backtest_has_a_range_before_any_figure(results):
    from vorort.parameters import load

    parameters = load([backtest.PARAMETERS]).parameters
    assert parameters and all(p.before is not None for p in parameters.values())
    named = {x for r in results.values() for x in r.late if x.startswith("backtest.")}
    assert named <= set(parameters)
    # all cases draw from these same ranges: no case overrides one
    assert not list(CASES.glob("*/values.yaml"))


def test_a_parameter_is_late_where_its_source_came_after_the_origin(results):
    # the move-out hazard was published in 2020, the spread of the national flow in 2021-12
    assert "backtest.move_out_hazard" in results["koeln-2015"].late
    assert all("backtest.monthly_log_spread" in r.late for r in results.values())
    assert "share_permille" in results["leipzig-2021"].late
    assert "land_share_permille" not in results["leipzig-2021"].late  # 2017, known in 2021


# --- the arithmetic ------------------------------------------------------------------------------

SETTLED = {"move_out_hazard": 0.02, "share_noise": 0, "share_drift": 0, "monthly_log_spread": 0}
STEADY = "values:\n" + "".join(
    f"  backtest.{name}:\n"
    f"    - {{from: 2000-01-01, value: {value}, range: [{value}, {value}], reason: a test,"
    " source: {cite: project estimate, grade: estimate}}\n"
    for name, value in SETTLED.items()
)
STOCK = """
name: Test
ags: "00000000"
land: sn
kind: stock
quantity: housed
lead_quantity: housed
unit: {de: Personen, en: persons}
origin: 2014-12
months: 24
driver: national_asylum_year
quantities:
  housed: {role: stock, name: {de: Bestand, en: stock}}
"""
HEAD = "date;quantity;value;low;high;source;published\n"


def folder(
    tmp_path: Path, case: str = STOCK, known: str = "", observed: str = "", plan: str = ""
) -> Path:
    path = tmp_path / "case-1"
    path.mkdir(exist_ok=True)
    (path / "case.yaml").write_text(case, encoding="utf-8")
    (path / "known.csv").write_text(HEAD + known, encoding="utf-8")
    (path / "observed.csv").write_text(
        HEAD + (observed or "2016-12;housed;1000;;;a source of the test;\n"), encoding="utf-8"
    )
    if plan:
        (path / "plan.csv").write_text(
            "date;quantity;value;source;dated\n" + plan, encoding="utf-8"
        )
    return path


def steady(tmp_path: Path, stock_points: str) -> Case:
    national = "".join(f"{y};national_asylum_year;1200;;;a test;{y}\n" for y in range(2008, 2015))
    path = folder(tmp_path, known=national + stock_points)
    (path / "values.yaml").write_text(STEADY, encoding="utf-8")
    return read_case(path)


def test_under_a_steady_flow_the_stock_stays_what_it_was(tmp_path):
    case = steady(tmp_path, "2014-12;housed;1000;;;a test;2014-12\n")
    (point,) = score(case, resolved(case), 50, 1).points_with_late
    assert point.quantiles == (1000,) * 7


def test_own_growth_goes_on_month_by_month_as_worked_out_by_hand(tmp_path):
    case = steady(
        tmp_path,
        "2012-12;housed;700;;;a test;2012-12\n2013-12;housed;900;;;a test;2013-12\n"
        "2014-12;housed;1000;;;a test;2014-12\n",
    )
    (point,) = score(case, resolved(case), 50, 1).points_with_late
    stays = 0.98
    inflow = (1000 - 900 * stays**12) / sum(stays**k for k in range(12))
    stock = 1000.0
    for _ in range(24):
        stock = stock * stays + inflow
    assert point.quantiles == (round(stock),) * 7


FLOW = """
name: Test
ags: "00000000"
land: sn
kind: flow
quantity: came
lead_quantity: came
unit: {de: Personen, en: persons}
origin: 2014-12
months: 12
driver: national_asylum_year
quantities:
  came: {role: flow, name: {de: Zugänge, en: arrivals}}
"""
SHARE = "share_permille: 300\nshare_source: a source of the test\nshare_published: "


@pytest.mark.parametrize(
    ("own", "extra"),
    [
        ("2014-10;came;30;;;a test;2014-10\n2014-12;came;30;;;a test;2014-12\n", ""),
        ("2014;came;360;;;a test;2014-12\n", ""),  # a year's figure
        ("", SHARE + '"2014-11"\n'),  # no own figure, a share known in time
        ("", SHARE + '"2016"\n'),  # a late share, read with late values only
    ],
)
def test_a_flow_keeps_its_share_of_a_steady_national_flow(tmp_path, own, extra):
    national = "".join(f"{y};national_asylum_year;1200;;;a test;{y}\n" for y in range(2008, 2015))
    observed = "2015-06;came;30;;;a test;\n2015;came;360;;;a test;\n"
    path = folder(tmp_path, FLOW + extra, national + own, observed)
    (path / "values.yaml").write_text(STEADY, encoding="utf-8")
    case = read_case(path)
    found = score(case, resolved(case), 50, 1)
    month, year = found.points_with_late
    assert (month.quantiles, year.quantiles) == ((30,) * 7, (360,) * 7)
    is_late = "2016" in extra
    assert ("share_permille" in found.late) is is_late
    if is_late:
        # before it was published only the ranges of Land and town were there: a wide band
        blind = found.points[0].quantiles
        assert blind[6] > 3 * blind[0]
        assert "backtest.town_share" in found.late


def test_each_driver_reads_only_its_own_figures(tmp_path):
    own = "2014;came;360;;;a test;2014-12\n"
    asylum = "2014;national_asylum_year;1200;;;a test;2014\n"
    temporary = "".join(f"2014-{m:02d};national_temporary;{m};;;a test;\n" for m in range(1, 13))
    observed = "2015;came;360;;;a test;\n"
    values = {}
    for known in (asylum, asylum + temporary, temporary.replace(";\n", ";2014-12\n")):
        driver = "national_temporary" if known.startswith("2014-01") else "national_asylum_year"
        text = FLOW.replace("national_asylum_year", driver)
        path = folder(tmp_path, text, own + known, observed)
        (path / "values.yaml").write_text(STEADY, encoding="utf-8")
        case = read_case(path)
        values[known] = score(case, resolved(case), 20, 1).points_with_late[0].median
    steady_year, same, rising = values.values()
    assert steady_year == same == 360
    # the months of 2014 sum to 78 and end at 12: the flow goes on at December's level
    assert rising == pytest.approx(360 * 12 * 12 / 78, abs=60)


def test_people_are_conserved_in_every_draw():
    case = read_case(CASES / "potsdam-2017")
    values = resolved(case).for_backtest(resolved(case).on, False)
    chances = Chances(values, luck.worlds(1, np.arange(1, 201)), case.origin, False)
    found = predict(case, chances)
    year = span_of("2017", stock=False)
    end = found.at("persons_housed", span_of("2017-12", stock=True))
    came, left = found.at("moved_in", year), found.at("moved_out", year)
    assert end == pytest.approx(1422 + came - left)
    assert (end >= 0).all() and (left >= 0).all()


def test_free_places_are_places_minus_people_and_never_negative():
    case = read_case(CASES / "leipzig-2016")
    values = resolved(case).for_backtest(resolved(case).on, True)
    found = predict(case, Chances(values, luck.worlds(1, np.arange(1, 301)), case.origin, True))
    april = span_of("2017-04-30", stock=True)
    people, free = found.at("persons_shared", april), found.at("free_places", april)
    assert (found.at("places", april) == 4430).all()
    assert (free == np.maximum(0, 4430 - people)).all()


def test_unknown_places_give_no_free_places_instead_of_zero(results):
    potsdam = results["potsdam-2017"]
    assert "free_places" in potsdam.not_predicted
    assert "free_places" not in {p.quantity for p in potsdam.points}
    assert "free_places" in {p.quantity for p in potsdam.points_with_late}


# --- the scores ----------------------------------------------------------------------------------


def test_errors_of_hamburg_are_those_worked_out_by_hand(results):
    observed = np.array([777, 898, 1407, 1501, 2070, 2815])
    found = results["hamburg-2015"].errors
    assert found.persistence == pytest.approx(
        abs(794 - observed).mean() / observed.mean(), abs=1e-4
    )
    assert found.official_plan == pytest.approx(
        abs(10_000 / 12 - observed).mean() / observed.mean(), abs=1e-4
    )
    medians = [p.median for p in results["hamburg-2015"].points if p.quantity == "needing_housing"]
    assert found.median == pytest.approx(abs(medians - observed).mean() / observed.mean(), abs=1e-4)


def test_persistence_has_the_spread_of_its_own_past_or_says_that_it_is_late(results):
    # two past points: 0.21 a month, h = 1, 2, 3, 4 months; pinball written out level by level
    levels, z = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95), (1.644854, 1.281552, 0.674490, 0)
    z = (-z[0], -z[1], -z[2], 0, z[2], z[1], z[0])
    observed = (7208, 7490, 8003, 8980)
    losses = []
    for h, value in enumerate(observed, start=1):
        for level, normal in zip(levels, z, strict=True):
            gap = value - 6680 * np.exp(0.21 * np.sqrt(h) * normal)
            losses.append(2 * max(level * gap, (level - 1) * gap))
    koeln = results["koeln-2015"]
    expected = np.mean(losses) / np.mean(observed)
    assert koeln.errors.pinball_persistence == pytest.approx(expected, abs=1e-4)
    assert "persistence.monthly_log_spread" in koeln.late
    assert "persistence.monthly_log_spread" not in results["hamburg-2015"].late


def test_what_is_not_there_is_null_and_not_zero(results):
    assert results["leipzig-2021"].errors.persistence is None
    assert results["leipzig-2021"].errors.pinball_persistence is None
    without_plan = {n for n, r in results.items() if r.errors.official_plan is None}
    assert without_plan == NAMES - {"hamburg-2015", "leipzig-2015", "leipzig-2021"}


def test_an_interval_is_inside_where_the_ranges_overlap():
    band = (10, 20, 30, 40, 50, 60, 70)
    point = Point("2020", "x", 85, 60, 90, band, "")
    assert point.inside_90 and not point.inside_50
    assert not replace(point, low=71).inside_90
    assert replace(point, low=50).inside_50
    assert not Point("2020", "x", 9, None, None, band, "").inside_90
    assert Point("2020", "x", 10, None, None, band, "").inside_90


def test_a_later_plan_is_shown_as_a_revision_and_not_scored(results):
    leipzig = results["leipzig-2015"]
    assert leipzig.errors.official_plan == pytest.approx((4230 - 1500) / 4230, abs=1e-4)
    assert [(r.dated, r.planned) for r in leipzig.revisions] == [
        ("2015-05", 2700), ("2015-09", 5402), ("2015-11-09", 4912),
    ]  # fmt: skip


def test_more_spread_never_makes_a_band_narrower():
    case = read_case(CASES / "koeln-2015")
    found = resolved(case)
    blind = score(case, found, 400, 1).points
    late = score(case, found, 400, 1).points_with_late
    # ranges before any figure contain the published ones: the band must be at least as wide
    assert all(
        b.quantiles[6] - b.quantiles[0] >= p.quantiles[6] - p.quantiles[0]
        for b, p in zip(blind, late, strict=True)
    )


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    one, two, other = (
        json.dumps(backtest.to_json([backtest.run_case(CASES / "koeln-2015", 200, seed)]))
        for seed in (1, 1, 2)
    )
    assert one == two != other


def test_the_json_has_the_keys_of_the_contract(results):
    found = backtest.to_json(results.values())
    assert len(found["cases"]) == len(NAMES)
    for case in found["cases"]:
        assert {
            "case",
            "kind",
            "origin",
            "late",
            "points",
            "errors",
            "errors_with_late",
            "notes",
        } <= set(case)
        keys = ["median", "persistence", "official_plan", "pinball", "pinball_persistence"]
        assert list(case["errors"]) == keys == list(case["errors_with_late"])
        for point in case["points"]:
            assert {"date", "quantity", "observed", "quantiles", "inside_50", "inside_90"} <= set(
                point
            )
            assert list(point["quantiles"].values()) == sorted(point["quantiles"].values())
    json.dumps(found, allow_nan=False)


def test_a_picture_has_rows_of_what_was_known_planned_and_observed(results):
    rows = backtest.case_points(results["hamburg-2015"])
    assert {r["what"] for r in rows} == {"known", "plan", "observed"}
    known = [r for r in rows if r["what"] == "known" and r["quantity"] == "needing_housing"]
    assert [r["value"] for r in known] == [845, 1004, 794]
    assert {r["value"] for r in rows if r["what"] == "plan"} == {833}


def test_the_page_on_backtests_says_what_a_run_gives(results):
    page = (ROOT / "docs" / "method" / "backtests.md").read_text(encoding="utf-8")
    for name, result in results.items():
        assert documented(name, result) in page, documented(name, result)
    points = [p for r in results.values() for p in r.points]
    summary = f"{sum(p.inside_90 for p in points)} of {len(points)}"
    assert summary in page, summary


def documented(name: str, result: CaseResult) -> str:
    """The row of a case on the page; a failed case has one like any other."""

    def percent(x: float | None) -> str:
        return "-" if x is None else f"{100 * x:.0f} %"

    points, e = result.points, result.errors
    cells = [
        name, result.case.kind, f"{sum(p.inside_50 for p in points)}/{len(points)}",
        f"{sum(p.inside_90 for p in points)}/{len(points)}", percent(e.median),
        percent(e.persistence),
        percent(e.official_plan), percent(result.errors_with_late.median),
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"


# --- faults --------------------------------------------------------------------------------------


def test_fifteen_faults_are_named_at_once(tmp_path):
    case = STOCK.replace("kind: stock", "kind: stok").replace("land: sn", "land: xx")
    case = case.replace("origin: 2014-12", "origin: winter").replace("months: 24", "months: 999")
    case = case.replace("lead_quantity: housed", "lead_quantity: house") + "orign: 2014\n"
    case += "share_permille: 5000\n"
    known = (
        "2014-13;housed;1;;;source;\n2014;housed;1,5;;;source;\n2014;housed;-3;;;source;\n"
        "2014;hosed;7;;;source;\n2014;housed;7;9;;source;\n2014;housed;7;;;;\n"
        "2014;housed;7;;;source;soon\n"
    )
    path = folder(
        tmp_path, case, known, plan="2015;housed;many;source;\n2015;housed;7;source;never\n"
    )
    with pytest.raises(Refused) as refused:
        read_case(path)
    said = [p.text("de") for p in refused.value.problems]
    assert len(said) >= 15
    for word in ("stok", "xx", "winter", "999", "house", "orign", "2014-13", "1,5", "-3", "hosed",
                 "low und high", "Quelle", "soon", "many", "never", "Promille"):  # fmt: skip
        assert any(word in s for s in said), word
    assert all(p.text("en") for p in refused.value.problems)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda p: (p / "known.csv").unlink(), "known.csv"),
        (lambda p: (p / "case.yaml").unlink(), "case.yaml"),
        (lambda p: (p / "case.yaml").write_text("a: [", encoding="utf-8"), "YAML"),
        (lambda p: (p / "case.yaml").write_text("", encoding="utf-8"), "case.yaml"),
        (lambda p: (p / "known.csv").write_bytes("date;quäntity\n".encode("cp1252")), "UTF-8"),
        (lambda p: (p / "known.csv").write_text("date;value\n", encoding="utf-8"), "quantity"),
        (
            lambda p: (p / "values.yaml").write_text("values: {backtest.share_nose: []}\n"),
            "share_noise",
        ),
        (
            lambda p: (p / "observed.csv").write_text(HEAD + "2014-11;housed;5;;;source;\n"),
            "nach dem Ursprung",
        ),
        (
            lambda p: (p / "case.yaml").write_text(STOCK.replace("kind: stock", "kind: capacity")),
            "places",
        ),
        (
            lambda p: (p / "case.yaml").write_text(STOCK.replace("kind: stock", "kind: flow")),
            "flow",
        ),
        (
            lambda p: (p / "case.yaml").write_text(STOCK + "\nshare_permille: 5\nshare_range: 5\n"),
            "share_range",
        ),
        (
            lambda p: (p / "known.csv").write_text(HEAD + "2014;housed;1;;;source;\n" * 151),
            "150",
        ),
    ],
)
def test_a_fault_is_refused_with_its_remedy(tmp_path, change, word):
    path = folder(tmp_path, known="2014-12;housed;1000;;;a test;2014-12\n")
    change(path)
    with pytest.raises(Refused) as refused:
        backtest.run_case(path, 10)
    assert word in str(refused.value)


def test_complaints_of_all_cases_come_together(tmp_path):
    for name in ("koeln-2015", "hamburg-2015"):
        shutil.copytree(CASES / name, tmp_path / name)
        (tmp_path / name / "observed.csv").unlink()
    with pytest.raises(Refused) as refused:
        backtest.run_all(tmp_path, 10)
    assert {p.file.split("/")[0] for p in refused.value.problems} == {"koeln-2015", "hamburg-2015"}


def test_context_is_told_and_never_scored(results):
    context = backtest.read_context(CASES)
    assert {c["id"] for c in context} == {"thueringen-2025", "bw-2018"}
    assert all(c["kind"] == "context" and c["source"]["cite"] for c in context)
    assert not {c["id"] for c in context} & set(results)


def test_without_a_driver_the_level_is_held(tmp_path):
    """docs/reference/backtest-format.md: nothing national is known, only changes are drawn."""
    path = tmp_path / "no-driver"
    shutil.copytree(CASES / "koeln-2012", path)
    case = (path / "case.yaml").read_text("utf-8")
    kept = [line for line in case.splitlines() if not line.startswith("driver")]
    (path / "case.yaml").write_text("\n".join(kept), "utf-8")
    result = backtest.run_case(path, draws=50)
    assert len(result.points) == 3
    assert all(p.quantiles[0] < p.quantiles[3] < p.quantiles[6] for p in result.points)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (("quantity: housed", "quantity: [housed]"), "quantity"),
        (("months: 24", "months: {a: 1}"), "months"),
        (("origin: 2014-12", "origin: 2014-12\nnotes: 5"), "notes"),
        (("{role: stock, name", "{role: stock, inflow: [a], name"), "inflow"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_shape_is_a_complaint_and_no_crash(tmp_path, change, key):
    with pytest.raises(Refused) as refused:
        read_case(folder(tmp_path, case=STOCK.replace(*change)))
    said = " ".join(p.text("en") for p in refused.value.problems)
    assert key in said or "[" in said
