"""Folder -> register -> folder is the same folder, and reckons the same."""

import json
from pathlib import Path

import pytest
from web_database import POSTGRES, TOWN

from vorort.files import read_scenario, scenario_files


def test_a_folder_that_went_through_the_register_is_equal_byte_for_byte(town, tmp_path):
    from vorort.web import register

    register.dump(tmp_path / "out")
    wanted = scenario_files(read_scenario(TOWN))
    written = {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()}
    assert written == wanted


def test_the_bridge_gives_the_nouns_that_reading_the_folder_gives(town):
    from vorort.web import scenarios

    assert scenarios.scenario() == read_scenario(TOWN)


def test_the_stress_test_of_the_register_is_that_of_the_folder(town, tmp_path: Path):
    from vorort.domains import all_domains
    from vorort.reports.figures import figures
    from vorort.stress.front import run_folder
    from vorort.stress.run import run_stress
    from vorort.stress.setup import open_scenario
    from vorort.web import scenarios

    _, resolved = open_scenario(TOWN)
    ours = run_stress(scenarios.scenario(), all_domains(), resolved, draws=8, seed=3, months=6)
    folder = run_folder(TOWN, draws=8, seed=3, months=6)
    assert json.dumps(figures(ours)) == json.dumps(figures(folder))


def test_a_register_in_use_is_not_loaded_over(town):
    from vorort.problems import Refused
    from vorort.web import register

    with pytest.raises(Refused, match="nicht leer"):
        register.load(TOWN)


@pytest.mark.skipif(bool(POSTGRES), reason="makes its own SQLite file")
def test_a_load_that_fails_half_way_leaves_nothing(town, tmp_path, monkeypatch):
    from django.db import connection

    from vorort.web import register, scenarios
    from vorort.web.accounts.models import Act
    from vorort.web.intake.models import Household

    connection.close()
    connection.settings_dict["NAME"] = str(tmp_path / "empty.sqlite3")
    register.use(tmp_path / "empty.sqlite3")

    def broken(*args: object) -> int:
        raise OSError("disk full")

    monkeypatch.setattr(scenarios, "_write_stays", broken)
    with pytest.raises(OSError, match="disk full"):
        register.load(TOWN)
    assert not Household.objects.exists()
    assert not Act.objects.exists()


def test_own_values_are_checked_before_anything_is_loaded(town, empty, tmp_path):
    """What `vorort stress` refuses does not get into a register either."""
    import shutil

    from vorort.problems import Refused
    from vorort.web import register
    from vorort.web.town.models import Kommune

    folder = tmp_path / "town"
    shutil.copytree(TOWN, folder)
    (folder / "values.yaml").write_text("values:\n  childcare.uptake_u: []\n", "utf-8")
    empty()
    with pytest.raises(Refused, match=r"childcare\.uptake_u"):
        register.load(folder)
    assert not Kommune.objects.exists()
