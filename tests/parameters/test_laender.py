"""All sixteen Länder: what is known, and unknown where it is not."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from vorort import laender
from vorort.parameters import Catalogue, load, resolve
from vorort.problems import Refused
from vorort.vocabulary import LAENDER

CORE = Path(__file__).parents[2] / "src" / "vorort"
SPACE = {"bw": 7.0, "th": 6.0, "bb": 6.0}
SCHOOL = {"by": 91, "th": 91, "bw": 182, "sn": None}  # others: 0


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    declaring = [p.parent for p in sorted(CORE.glob("**/parameters.yaml"))]
    return load([*declaring, *laender.folders()])


def test_there_are_sixteen_and_each_sets_the_same_three(catalogue: Catalogue) -> None:
    assert {f.name for f in laender.folders()} == set(LAENDER) == set(catalogue.laender())
    for land in LAENDER:
        names = re.findall(r"^  (\S+):$", laender.values_of(land).read_text(encoding="utf-8"), re.M)
        assert names == ["arrivals.land_share", "accommodation.space_m2", "school.duty_after_days"]


def test_the_land_shares_sum_to_one_and_are_statistics(catalogue: Catalogue) -> None:
    found = [resolve(catalogue, date(2026, 1, 1), land)["arrivals.land_share"] for land in LAENDER]
    assert sum(c.amount or 0.0 for c in found) == pytest.approx(1.0, abs=1e-12)
    assert {c.value.source.grade for c in found if c.value} == {"statistics"}
    assert resolve(catalogue, date(2026, 1, 1), "nw").amount("arrivals.land_share") == 0.2114424
    assert resolve(catalogue, date(2026, 1, 1)).amount("arrivals.land_share") is None


@pytest.mark.parametrize("land", LAENDER)
def test_space_and_school_are_what_was_read_or_unknown_with_a_reason(
    catalogue: Catalogue, land: str
) -> None:
    today = resolve(catalogue, date(2026, 1, 1), land)
    space, school = today["accommodation.space_m2"], today["school.duty_after_days"]
    assert space.amount == SPACE.get(land)
    assert school.amount == SCHOOL.get(land, 0)
    for choice in (space, school):
        assert choice.value is not None and choice.value.scope == "land" and choice.value.reason


def test_norms_change_on_their_day(catalogue: Catalogue) -> None:
    def space(land: str, on: date) -> float | None:
        return resolve(catalogue, on, land).amount("accommodation.space_m2")

    assert (space("bw", date(2017, 12, 31)), space("bw", date(2018, 1, 1))) == (4.5, 7.0)
    assert (space("by", date(2015, 7, 31)), space("by", date(2015, 8, 1))) == (7.0, None)
    assert (space("st", date(2022, 12, 31)), space("st", date(2023, 1, 1))) == (7.0, None)


def test_bavarian_quotas_are_dated_and_sum_to_a_hundred() -> None:
    old, new = (
        laender.bavarian_quotas(date(2025, 7, 29)),
        laender.bavarian_quotas(date(2025, 7, 30)),
    )
    assert old.valid_from is None and new.valid_from == date(2025, 7, 30)
    for quotas in (old, new):
        assert sum(quotas.percent.values()) == pytest.approx(100) and len(quotas.percent) == 7
    assert (old.percent["Oberfranken"], new.percent["Oberfranken"]) == (8.3, 8.0)


def test_an_unknown_land_is_answered_with_the_one_meant() -> None:
    with pytest.raises(Refused) as refused:
        laender.values_of("NW")
    assert "“nw”" in refused.value.problems[0].remedy_en
