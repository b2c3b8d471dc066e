"""The generator writes the committed bytes, and the strict reader takes the folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from musterstadt_rows import Town

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "musterstadt"
BY_HAND = {
    "README.md", "ranges.yaml", "open_needs.csv", "needs.csv", "wishes.csv", "exclusions.csv",
    "reach.csv", "locks.csv", "rules.yaml",
}  # fmt: skip


def test_the_generator_reproduces_every_committed_file_byte_for_byte(tmp_path: Path) -> None:
    seeded = os.environ | {"PYTHONHASHSEED": "1"}
    tool = ROOT / "tools" / "make_musterstadt.py"
    subprocess.run([sys.executable, str(tool), str(tmp_path)], check=True, env=seeded)
    made = {p.name: p.read_bytes() for p in tmp_path.iterdir()}
    kept = {p.name: p.read_bytes() for p in FOLDER.iterdir() if p.name not in BY_HAND}
    assert made.keys() == kept.keys()
    assert [name for name in made if made[name] != kept[name]] == []


def test_the_strict_reader_has_no_complaint_and_the_ledger_counts_the_same_places() -> None:
    files = pytest.importorskip("vorort.files")
    from vorort.ledger.occupancy import occupancy

    scenario = files.read_scenario(FOLDER)
    total = occupancy(scenario.ledger, date(2026, 11, 23)).of("accommodation")
    assert (total.nominal, total.blocked_places, total.unfit, total.usable) == (2558, 74, 232, 2252)
    assert total.moved_in + total.confirmed + total.kept - total.over == 2120
    assert (total.held, total.free, total.over) == (46, 86, 1)


def test_every_csv_begins_with_a_mark_uses_semicolons_and_holds_no_decimal() -> None:
    for path in FOLDER.glob("*.csv"):
        raw = path.read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf"), path.name
        head = raw.decode("utf-8-sig").splitlines()[0]
        assert ";" in head and "," not in head, path.name


def test_ids_are_unique_and_a_day_never_ends_before_it_begins(town: Town) -> None:
    for name in (
        "households",
        "facilities",
        "units",
        "placements",
        "capacity_events",
        "announced",
        "measures",
    ):
        twice = [i for i, n in Counter(r["id"] for r in town[name]).items() if n > 1]
        assert twice == [], name
    for r in town["placements"]:
        assert not r["until"] or r["from"] < r["until"], r["id"]
        assert r["status"] != "requested" or not r["unit"], r["id"]


def test_the_town_has_twelve_districts_and_all_named_scenarios_with_weight_one(town: Town) -> None:
    assert len(town.yaml["districts"]) == 12
    assert sum(d["population"] for d in town.yaml["districts"]) == town.yaml["population"] == 118400
    assert set(town.yaml["scenarios"]) == {
        "calm", "trend", "pulse_2015", "pulse_2022", "high_plateau", "double_shock",
        "sudden_exit", "law_change",
    }  # fmt: skip
    assert sum(town.yaml["scenarios"].values()) == pytest.approx(1)
