"""The JSON of DESIGN 14: keys, quantiles, probabilities, nulls, and the sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import outlook_town
import pytest

from vorort.domains import all_domains
from vorort.parameters import resolve
from vorort.reports.figures import figures
from vorort.reports.sentence import leading_sentence, percent
from vorort.stress.catalogue import catalogue
from vorort.stress.run import Run, run_stress
from vorort.stress.sensitivity import shares
from vorort.vocabulary import Announcement

LEVELS = {"0.05", "0.25", "0.5", "0.75", "0.95"}


def run(**changes: Any) -> Run:
    scenario = outlook_town.scenario(**changes)
    found = resolve(catalogue(), scenario.municipality.today, scenario.municipality.land)
    return run_stress(scenario, all_domains(), found, draws=200)


@cache
def base() -> tuple[Run, dict[str, Any]]:
    done = run()
    return done, figures(done)


def test_the_contract_is_kept() -> None:
    result = base()[1]
    for key in (
        "version",
        "seed",
        "draws",
        "scenario",
        "horizon",
        "sentence",
        "estimates",
        "domains",
        "static",
        "sensitivity",
        "by_scenario",
    ):
        assert key in result
    assert set(result["sentence"]) == {"de", "en"}
    assert result["horizon"] == {"start": "2026-11-23", "end": "2028-11-01", "months": 24}
    for part in ("domains", "static"):
        assert set(result[part]) == {d.name for d in all_domains()}
        for domain in result[part].values():
            assert len(domain["months"]) == 24 and domain["months"][0]["month"] == "2026-11"
            assert set(domain["first_overload"]) == {"month", "week", "probability"}
            assert set(domain["recovery_months"]) == {"median", "not_recovered"}
            for month in domain["months"]:
                for key in ("existing", "demand", "waiting", "vacancy"):
                    assert set(month[key]) >= LEVELS
                    column = [month[key][q] for q in sorted(LEVELS, key=float)]
                    assert column == sorted(column) and all(isinstance(x, int) for x in column)
                assert 0 <= month["overload_probability"] <= 1


def test_it_is_json_without_times_of_computing_and_the_same_every_time() -> None:
    first, again = (json.dumps(figures(run()), sort_keys=True, allow_nan=False) for _ in range(2))
    assert first == again


def test_probabilities_are_shares_of_the_draws_without_draw_0() -> None:
    done, result = base()
    overload = done.series["decided"]["accommodation"].months.overload[1:]
    months = result["domains"]["accommodation"]["months"]
    for m, month in enumerate(months):
        assert month["overload_probability"] == pytest.approx(overload[:, m].mean(), abs=1e-4)
    any_ = result["domains"]["accommodation"]["first_overload"]["probability"]
    assert any_ == pytest.approx(overload.any(axis=1).mean(), abs=1e-4)


def test_the_first_overload_is_the_month_by_which_half_of_all_draws_had_one() -> None:
    done, result = base()
    for d in all_domains():
        overload = done.series["decided"][d.name].months.overload[1:]
        had = np.logical_or.accumulate(overload, axis=1).mean(axis=0)
        month = result["domains"][d.name]["first_overload"]["month"]
        expected = done.calendar.months[int(np.argmax(had >= 0.5))] if had[-1] >= 0.5 else None
        assert month == expected, d.name


def test_recovery_is_three_months_without_and_censored_runs_are_counted() -> None:
    done, result = base()
    took, lost, hit = [], 0, 0
    for row in done.series["decided"]["accommodation"].months.overload[1:].tolist():
        if True not in row:
            continue
        hit += 1
        first = row.index(True)
        calm = [k for k in range(first, len(row) - 2) if not any(row[k : k + 3])]
        took += [calm[0] - first] if calm else []
        lost += not calm
    found = result["domains"]["accommodation"]["recovery_months"]
    assert found["median"] == float(np.median(took))
    assert found["not_recovered"] == pytest.approx(lost / hit, abs=1e-4)


def test_without_capacity_there_are_nulls_and_demand_stays() -> None:
    scenario = outlook_town.scenario()
    units = tuple(u for u in scenario.ledger.units if u.domain != "language")
    result = figures(run(ledger=replace(scenario.ledger, units=units)))
    domain = result["domains"]["language"]
    assert domain["capacity"] == "unknown" and domain["cost"] is None
    assert domain["first_overload"] == {"month": None, "week": None, "probability": None}
    assert domain["recovery_months"] == {"median": None, "not_recovered": None}
    for month in domain["months"]:
        for key in ("usable", "waiting", "vacancy", "overload_probability"):
            assert month[key] is None
        assert isinstance(month["demand"]["0.5"], int)
    assert domain["months"][12]["demand"]["0.5"] > 0
    assert any("Sprachkurs" in note["de"] for note in result["notes"])


def test_a_weekly_rate_is_shown_per_month_and_people_as_people() -> None:
    done, result = base()
    month = result["domains"]["registration"]["months"][3]
    assert month["usable"] == 26  # six appointments a week
    waiting = done.series["decided"]["registration"].months.waiting[1:, 3]
    assert month["waiting"]["0.5"] == int(np.quantile(waiting, 0.5, method="inverted_cdf"))


def test_an_unknown_share_projects_nobody_and_says_so() -> None:
    town = outlook_town.municipality()
    nobody = replace(town, key=replace(town.key, share_permille=None))
    result = figures(run(municipality=nobody))
    assert result["arrivals"]["known"] is False
    assert result["arrivals"]["by_group"]["asylum"]["quantiles"]["0.95"] == 0
    assert "unbekannt" in result["notes"][0]["de"]


def test_an_overdue_announcement_of_unknown_size_is_told_as_it_is_drawn() -> None:
    late = Announcement("A9", date(2026, 10, 1), "asylum", "family", None, (), (), "Land")
    town = replace(outlook_town.municipality(), months=3)
    town = replace(town, key=replace(town.key, share_permille=None))
    told = figures(run(municipality=town, announced=(late,)))["arrivals"]["months"]
    assert told[0]["announced"] > 1 and [m["announced"] for m in told[1:]] == [0, 0]


def test_an_unknown_population_is_said_and_not_a_silent_zero() -> None:
    result = figures(run(municipality=replace(outlook_town.municipality(), population=None)))
    assert result["arrivals"]["by_group"]["other"]["quantiles"]["0.95"] == 0
    assert "Einwohnerzahl" in result["notes"][0]["de"]


def test_the_sentence_names_week_likelihood_and_shortage() -> None:
    result = base()[1]
    said = leading_sentence(result, "domains")
    beds = result["domains"]["accommodation"]
    month = next(m for m in beds["months"] if m["month"] == beds["next_overload"]["month"])
    assert said.de.startswith("Unterkunft: mit ") and said.en.startswith("Accommodation: ")
    assert percent(month["overload_probability"], "en") in said.en
    assert "Heute sind 3 Personen zu viel untergebracht." in said.de


def test_percent_is_never_certain() -> None:
    assert percent(0.9999, "en") == "more than 98%" and percent(1.0, "de") == "mehr als 98\u00a0%"
    assert percent(0.0001, "en") == "less than 1%" and percent(0.0, "de") == "0\u00a0%"
    assert percent(0.5, "de") == "50\u00a0%"


def test_costs_are_rent_shortage_and_empty_places() -> None:
    done, result = base()
    cost = result["domains"]["accommodation"]["cost"]
    lengths = np.diff(np.append(done.calendar.month_starts, done.calendar.days)) / 30.4375
    rent = sum(20_000 * min(1, x) for x in lengths) + sum(15_000 * min(1, x) for x in lengths[:5])
    assert cost["capacity"]["0.5"] == pytest.approx(rent, abs=1)
    assert cost["overflow"]["0.95"] >= cost["overflow"]["0.5"] >= 0
    assert cost["price_year"] == 2017


def test_sensitivity_finds_what_moves_the_result_and_nothing_in_chance() -> None:
    """Shares of a linear sum are known: 16/20, 4/20, 0."""
    rng = np.random.default_rng(1)
    a, b, c = rng.random((3, 4000))
    found = {s.parameter: s for s in shares(4 * a + 2 * b + 10, {"a": a, "b": b, "c": c}, {})}
    for name, expected in (("a", 0.8), ("b", 0.2), ("c", 0.0)):
        assert abs(found[name].share - expected) < 4 * found[name].standard_error + 0.02
    assert shares(np.zeros(400), {"a": a[:400]}, {}) == []


def test_depth_and_amount_of_a_shortage_are_recounted() -> None:
    done, result = base()
    found = result["domains"]["accommodation"]["shortage"]
    months = done.series["decided"]["accommodation"].months
    peaks = sorted(max(row) for row in months.waiting[1:].tolist())
    assert found["peak"]["0.95"] == peaks[round(0.95 * 200) - 1]
    assert found["peak_worst_5"] == round(sum(peaks[-10:]) / 10)
    assert found["months"]["0.5"] == sorted(map(sum, months.overload[1:].tolist()))[99]
    assert found["place_months"]["0.5"] <= found["place_months_worst_5"]


def test_expected_households_are_those_drawn_and_minors_are_counted_apart() -> None:
    """Over the whole horizon the classes add up to the households that need a bed."""
    done, result = base()
    rows = result["expected_households"]["classes"]
    assert result["expected_households"]["days"] == 28
    assert all(len(row["draws"]) == 200 for row in rows)
    drawn = sum(np.array(row["draws"]) for row in rows)
    assert (drawn == done.expected_soon.households[1:].sum(axis=(1, 2))).all()
    told = next(row for row in rows if row["size"] == 4 and not row["access"])
    assert np.mean(told["draws"]) > 0.8  # the announced family of four comes on 1 December
    assert result["unaccompanied_minors"]["stock"] == 0
    assert result["unaccompanied_minors"]["arriving"]["0.95"] > 0
