"""The scenario folder: files a planner opens in Excel, read strictly. German: Planfall-Ordner"""

from vorort.files.placing_tables import LATER
from vorort.files.scenario import Scenario, pools_of, read_scenario, with_decided
from vorort.files.tables import TABLES
from vorort.files.writing import files_of_place, scenario_files, write_scenario

__all__ = [
    "LATER",
    "TABLES",
    "Scenario",
    "files_of_place",
    "pools_of",
    "read_scenario",
    "scenario_files",
    "with_decided",
    "write_scenario",
]
