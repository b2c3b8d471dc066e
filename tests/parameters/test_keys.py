"""Municipal keys: worked by hand, on random tables, and on the real Gemeinden of a Land."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from vorort import laender
from vorort.arrivals import keys
from vorort.problems import Refused
from vorort.vocabulary import MunicipalKey, Source

SHARED = os.environ.get("VORORT_SHARED")
CASES = yaml.safe_load(
    (Path(keys.__file__).parent / "cases_keys.yaml").read_text(encoding="utf-8")
)["cases"]
SOURCE = Source("x [S40b]", "law")


def cases(*rules: str) -> Any:
    found = [c for c in CASES if c["rule"] in rules]
    return pytest.mark.parametrize("case", found, ids=[c["name"] for c in found])


@cases("nw")
def test_north_rhine_westphalia_as_computed_by_hand(case: dict[str, Any]) -> None:
    people, area = np.array(case["population"], float), np.array(case["area_km2"], float)
    found = keys.nw_keys(people, area)
    assert found.share == pytest.approx(case["shares"], abs=1e-7)
    assert found.excess_factor == pytest.approx(case["excess_factor"], abs=1e-7)
    for at, share in enumerate(case["shares"]):
        inputs = dict(
            zip(
                keys.NEEDED["nw"],
                (people[at], area[at], people.sum(), area.sum(), found.excess_factor),
                strict=True,
            )
        )
        assert keys.municipal_share(MunicipalKey("nw", SOURCE, inputs=inputs)) == pytest.approx(
            share, abs=1e-7
        )


@cases("by", "typed")
def test_bavaria_and_typed_shares_as_published(case: dict[str, Any]) -> None:
    if case["rule"] == "typed":
        key = MunicipalKey("typed", SOURCE, share_permille=case["share_permille"])
    else:
        bezirk = laender.bavarian_quotas(case["day"]).percent[case["bezirk"]]
        key = MunicipalKey(
            "by", SOURCE, inputs={"bezirk_percent": bezirk, "kreis_percent": case["kreis_percent"]}
        )
    assert keys.municipal_share(key) == pytest.approx(case["share"], abs=1e-12)


@cases("carry_over")
def test_quota_and_carry_over_make_the_duty_of_a_half_year(case: dict[str, Any]) -> None:
    balance = keys.shortfall(case["quota"], 0, carry_over=case["carry_over"])
    assert balance.quota == balance.owed == case["duty"]
    national = np.full(6, case["quota"] / 6)
    found = keys.expected_allocations(national, 1.0, 1.0, carry_over=case["carry_over"])
    assert found.expected.sum() == pytest.approx(case["duty"])


def test_every_worked_case_is_worked() -> None:
    assert {c["rule"] for c in CASES} == {"nw", "by", "typed", "carry_over"}


GEMEINDEN = st.lists(
    st.tuples(st.integers(1, 1_000_000), st.integers(1, 400)), min_size=2, max_size=30
).map(lambda rows: np.array(rows, float).T)


@given(GEMEINDEN, st.booleans())
def test_keys_sum_to_one_and_the_cap_holds_up_to_the_spreading(
    table: np.ndarray[Any, Any], reapply: bool
) -> None:
    found = keys.nw_keys(*table, reapply=reapply)
    assert found.share.sum() == pytest.approx(1.0, abs=1e-12) and (found.share >= 0).all()
    assert found.excess_factor >= 1 - 1e-12
    cap = 1.25 * found.population_only
    assert found.share[found.is_capped] == pytest.approx(cap[found.is_capped])
    bound = cap * (1.0 if reapply else found.excess_factor)
    assert (found.share <= bound * (1 + 1e-9)).all()
    base = 0.9 * table[0] / table[0].sum() + 0.1 * table[1] / table[1].sum()
    others = ~found.is_capped
    assert found.share[others] / base[others] == pytest.approx(found.excess_factor), (
        "in proportion to their keys"
    )


@given(GEMEINDEN, st.data())
def test_a_larger_population_never_makes_the_key_smaller(
    table: np.ndarray[Any, Any], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, table.shape[1] - 1))
    more = table.copy()
    more[0, at] += data.draw(st.integers(1, 500_000))
    for reapply in (False, True):
        before, after = (keys.nw_keys(*t, reapply=reapply).share[at] for t in (table, more))
        assert after >= before * (1 - 1e-9)


@given(GEMEINDEN, st.data())
def test_one_gemeinde_from_typed_inputs_has_its_key_of_the_table(
    table: np.ndarray[Any, Any], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, table.shape[1] - 1))
    whole = keys.nw_keys(*table)
    alone = keys.nw_share(
        table[0, at], table[1, at], table[0].sum(), table[1].sum(), max(1.0, whole.excess_factor)
    )
    assert alone == pytest.approx(whole.share[at])


@pytest.mark.skipif(
    not SHARED, reason="VORORT_SHARED is not set: the table of Gemeinden is not shipped"
)
def test_the_formula_over_the_real_gemeinden_of_north_rhine_westphalia() -> None:
    with (Path(str(SHARED)) / "data" / "base" / "gemeinden_2023.csv").open(
        encoding="utf-8"
    ) as file:
        rows = [r for r in csv.DictReader(file) if r["land_ags"] == "05" and int(r["population"])]
    assert len(rows) == 396
    people = np.array([float(r["population"]) for r in rows])
    found = keys.nw_keys(people, np.array([float(r["area_km2"]) for r in rows]))
    assert found.share.sum() == pytest.approx(1.0, abs=1e-12)
    assert 0 < found.is_capped.sum() < len(rows) / 2, (
        "the cap matters for some, thinly settled, Gemeinden"
    )
    assert 1.0 < found.excess_factor < 1.05
    density = people / np.array([float(r["area_km2"]) for r in rows])
    assert density[found.is_capped].max() < density[~found.is_capped].min(), (
        "capped are exactly the thinnest"
    )
    koeln = next(at for at, r in enumerate(rows) if r["ags"] == "05315000")
    assert 0.9 * found.population_only[koeln] < found.share[koeln] < found.population_only[koeln]


SERIES = st.lists(st.floats(0, 1e5), min_size=1, max_size=24).map(np.array)
PERSONS = st.floats(0, 500)


@given(SERIES, PERSONS, PERSONS, PERSONS, st.integers(1, 12), st.integers(0, 6))
def test_no_person_is_lost_between_credit_backlog_and_carry_over(
    national: np.ndarray[Any, Any],
    credit: float,
    backlog: float,
    carry: float,
    spread: int,
    lag: int,
) -> None:
    found = keys.expected_allocations(
        national,
        0.2,
        0.01,
        credit=credit,
        backlog=backlog,
        carry_over=carry,
        spread_months=spread,
        lag_months=lag,
    )
    lagged = np.concatenate([np.full(min(lag, len(national)), national[0]), national])[
        : len(national)
    ]
    duty = 0.002 * lagged.sum() + backlog + carry
    assert (found.expected >= -1e-9).all()
    assert found.expected.sum() - found.credit_left == pytest.approx(duty - credit, abs=1e-6)
    assert found.expected.sum() == pytest.approx(max(0.0, duty - credit), abs=1e-6)


def test_credit_is_used_first_backlog_is_spread_and_arrivals_lag() -> None:
    national = np.array([1000.0, 2000.0, 3000.0, 4000.0])
    plain = keys.expected_allocations(national, 0.1, 0.1)
    assert plain.expected == pytest.approx([10, 20, 30, 40])
    assert keys.expected_allocations(national, 0.1, 0.1, credit=25).expected == pytest.approx(
        [0, 5, 30, 40]
    )
    assert keys.expected_allocations(
        national, 0.1, 0.1, backlog=6, spread_months=3
    ).expected == pytest.approx([12, 22, 32, 40])
    assert keys.expected_allocations(national, 0.1, 0.1, lag_months=2).expected == pytest.approx(
        [10, 10, 10, 20]
    )
    both = keys.expected_allocations(np.stack([national, 2 * national]), 0.1, 0.1, credit=15)
    assert both.expected == pytest.approx(np.array([[0, 15, 30, 40], [5, 40, 60, 80]]))


@given(PERSONS, PERSONS, PERSONS, PERSONS, PERSONS)
def test_the_account_of_a_period_balances(
    quota: float, admitted: float, credit: float, backlog: float, carry: float
) -> None:
    end = keys.shortfall(quota, admitted, credit=credit, backlog=backlog, carry_over=carry)
    assert end.owed - end.credit == pytest.approx(
        quota + backlog + carry - credit - admitted, abs=1e-9
    )
    assert min(end.owed, end.credit) == 0 <= end.quota


def test_the_official_figure_holds_and_the_gap_is_shown() -> None:
    # Soest: 195 % recomputed, 183 % published [S39]
    soest = keys.gap(1.83, (576 + 696) / 652)
    assert soest.holds == 1.83 and soest.difference == pytest.approx(-0.121, abs=1e-3)
    assert keys.gap(None, 40.0).holds == 40.0 and keys.gap(None, 40.0).difference is None
    assert keys.gap(50.0, 40.0).relative == pytest.approx(0.25)
    assert keys.gap(5.0, 0.0).relative is None and keys.gap(None, None).holds is None


def test_an_unknown_share_stays_unknown_and_missing_inputs_are_named_together() -> None:
    assert keys.municipal_share(MunicipalKey("typed", SOURCE)) is None
    with pytest.raises(Refused) as refused:
        keys.municipal_share(MunicipalKey("nw", SOURCE, inputs={"population": 5.0}))
    assert [p.column for p in refused.value.problems] == [
        f"key.inputs.{n}" for n in keys.NEEDED["nw"][1:]
    ]
    for key in (
        MunicipalKey("typed", SOURCE, share_permille=1200.0),
        MunicipalKey("by", SOURCE, inputs={"bezirk_percent": 36.0, "kreis_percent": 316.0}),
    ):
        with pytest.raises(Refused):
            keys.municipal_share(key)


@pytest.mark.parametrize("bad", [{"credit": -1.0}, {"lag_months": -1}, {"spread_months": 0}])
def test_impossible_corrections_are_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="negative"):
        keys.expected_allocations(np.ones(3), 0.1, 0.1, **bad)
    with pytest.raises(ValueError, match="positive"):
        keys.nw_keys(np.array([-1.0, 2.0]), np.ones(2))


def test_the_notice_overrides_the_formula_and_the_gap_is_shown() -> None:
    inputs = {"bezirk_percent": 36.0, "kreis_percent": 31.6}
    by_formula = keys.share_of(MunicipalKey("by", SOURCE, inputs=inputs))
    assert by_formula.official is None and by_formula.holds == pytest.approx(0.11376)
    notice = keys.share_of(MunicipalKey("by", SOURCE, share_permille=110.0, inputs=inputs))
    assert notice.holds == 0.11 and notice.difference == pytest.approx(-0.00376)
    alone = keys.share_of(MunicipalKey("nw", SOURCE, share_permille=6.5))
    assert alone.holds == 0.0065 and alone.recomputed is None and alone.difference is None
