"""Each kind of figure lies in the published range it names, or says that it does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import yaml
from musterstadt_rows import FOLDER, TODAY, Town

NAMES = sorted(yaml.safe_load((FOLDER / "ranges.yaml").read_text("utf-8"))["figures"])


def _beds(town: Town) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    for unit in town.beds():
        for row in town.using(unit["id"]):
            if row["second_place"] == "0" and row["status"] != "held":
                yield unit, row


def _share(part: int, whole: int) -> float:
    assert whole > 20
    return part / whole


def _female(town: Town, group: str) -> list[float]:
    people = [
        p
        for p in town.here.values()
        if town.household[p["household"]]["group"] == group and p["sex"]
    ]
    return [_share(sum(p["sex"] == "f" for p in people), len(people))]


def _household(town: Town, row: dict[str, str]) -> dict[str, str]:
    return town.household[town.person[row["person"]]["household"]]


def _stay(town: Town, low: int, high: int) -> list[float]:
    days = [
        (date.fromisoformat(TODAY) - date.fromisoformat(_household(town, r)["arrived_on"])).days
        for _, r in _beds(town)
    ]  # fmt: skip
    return [_share(sum(low <= d <= high for d in days), len(days))]


def _seated(town: Town, domain: str, low: int, high: int) -> list[float]:
    aged = {i for i, p in town.here.items() if low <= (town.age(p) or -1) <= high}
    seats = {
        r["person"] for r in town.placements if r["domain"] == domain and r["status"] == "moved_in"
    }
    return [_share(len(aged & seats), len(aged))]


def _cost(town: Town, kinds: tuple[str, ...], is_own: bool | None = None) -> list[float]:
    places: dict[str, int] = {}
    for u in town.beds():
        places[u["facility"]] = places.get(u["facility"], 0) + int(u["places"])
    return [
        int(town.site[s]["cost_month_eur"]) / n for s, n in places.items()
        if town.site[s]["kind"] in kinds and is_own in (None, not town.site[s]["lease_until"])
    ]  # fmt: skip


def _minors(town: Town) -> list[float]:
    ages = [a for p in town.here.values() if (a := town.age(p)) is not None]
    return [_share(sum(a < 18 for a in ages), len(ages))]


def _may_move(town: Town) -> list[float]:
    homes = [
        town.household[town.person[r["person"]]["household"]]["may_move_from"]
        for _, r in _beds(town)
    ]
    return [_share(sum(bool(d) and d <= TODAY for d in homes), len(homes))]


def _figures(town: Town, name: str) -> list[float]:
    """All values of a kind of figure; each has to lie in the range."""
    housed = list(_beds(town))
    nominal = sum(int(u["places"]) for u in town.beds())
    flats = sum(town.site[u["facility"]]["kind"] == "rented_flats" for u, _ in housed)
    courses = [int(u["places"]) for u in town["units"] if u["domain"] == "language"]
    learners = sum(r["domain"] == "language" and r["status"] == "moved_in" for r in town.placements)
    return {
        "housed_share": lambda: [len(housed) / town.yaml["population"]],
        "occupancy": lambda: [len(housed) / nominal],
        "minors": lambda: _minors(town),
        "female_asylum": lambda: _female(town, "asylum"),
        "female_temporary": lambda: _female(town, "temporary"),
        "stay_up_to_12_months": lambda: _stay(town, 0, 365),
        "stay_over_24_months": lambda: _stay(town, 731, 9999),
        "in_flats": lambda: [flats / len(housed)],
        "may_move_share": lambda: _may_move(town),
        "uptake_u3": lambda: _seated(town, "childcare", 1, 2),
        "uptake_o3": lambda: _seated(town, "childcare", 3, 5),
        "school_attendance": lambda: _seated(town, "school", 6, 17),
        "course_group": lambda: [float(n) for n in courses],
        "course_utilisation": lambda: [learners / sum(courses)],
        "cost_own_building": lambda: _cost(town, ("shared",), True),
        "cost_rented": lambda: _cost(town, ("shared", "rented_flats"), False),
        "cost_container": lambda: _cost(town, ("container",)),
        "cost_hotel": lambda: _cost(town, ("hotel",)),
        "cost_hall": lambda: _cost(town, ("hall",)),
    }[name]()  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_lies_where_the_page_says(town: Town, name: str) -> None:
    entry = town.ranges["figures"][name]
    low, high = entry["range"]
    figures = _figures(town, name)
    assert figures and entry["cite"]
    inside = all(low <= f <= high for f in figures)
    assert inside == (entry["lies"] == "inside"), (name, figures[:5], entry["range"])
    assert inside or entry["reason"]


def test_what_has_no_published_range_says_invented(town: Town) -> None:
    assert len(town.ranges["invented"]) >= 8
