"""The scenario folder: read, check, refuse with all that is wrong, or a frozen `Scenario`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from vorort.files import assemble, placing_tables, tables
from vorort.files.consistency import Consistency
from vorort.files.crosscheck import MEASURE, CrossCheck
from vorort.files.placing import PlacingCheck
from vorort.files.reading import Complaints, Row, decode, read_bytes, read_table
from vorort.files.town import TownReader
from vorort.files.yaml_text import read_yaml
from vorort.ledger import Ledger
from vorort.problems import Refused, near_miss
from vorort.vocabulary import (
    Announcement,
    CapacityEvent,
    Facility,
    Measure,
    Municipality,
    PlacementFiles,
    ResidentDemand,
    Text,
    Unit,
)

ALMOST = 0.85  # share of letters in common from which a file name is taken for a slip
KNOWN_FILES = ("town.yaml", "values.yaml", *(t.file for t in tables.TABLES), *placing_tables.LATER)


@dataclass(frozen=True)
class Scenario:
    """Everything a run needs of a Kommune, frozen. German: Planfall

    ``own_values``: values.yaml as read, checked by `parameters`.
    ``later``: which files of `place` lie in the folder; ``placing`` what they hold; ``rules`` is
    rules.yaml as read, checked by `placement`.
    """

    municipality: Municipality
    ledger: Ledger
    resident_demand: tuple[ResidentDemand, ...] = ()
    announced: tuple[Announcement, ...] = ()
    measures: tuple[Measure, ...] = ()
    own_values: Mapping[str, Any] = field(default_factory=dict)
    folder: str = ""
    later: tuple[str, ...] = ()
    placing: PlacementFiles = field(default_factory=PlacementFiles)
    rules: Mapping[str, Any] = field(default_factory=dict)


def pools_of(folders: Iterable[Path]) -> dict[str, tuple[str, ...]]:
    """Pools by domain, read from the text of each rule without running it."""
    found = {}
    for folder in folders:
        pools: tuple[str, ...] = ()
        for node in ast.parse((folder / "__init__.py").read_text("utf-8")).body:
            if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
                continue
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and target.id == "POOLS":
                pools = tuple(ast.literal_eval(node.value))
        found[folder.name] = pools
    return found


def read_scenario(
    folder: Path | str, known_pools: Mapping[str, tuple[str, ...]] | None = None
) -> Scenario:
    """Read and check a scenario folder; raises `Refused` with all complaints of all files.

    ``known_pools``: pools by domain; default: those of the installed domains.
    """
    folder = Path(folder)
    if known_pools is None:
        from vorort import domains  # late: start-up stays light where nothing is read

        known_pools = pools_of(domains.folders())
    complaints = Complaints()
    if not folder.is_dir():
        complaints.add(
            str(folder.name),
            Text("Diesen Ordner gibt es nicht.", "There is no such folder."),
            Text("Pfad prüfen.", "Check the path."),
        )
        raise Refused(complaints.found)
    town = _read_town(folder, known_pools, complaints)
    rows = {t.file: read_table(t, folder / t.file, complaints, KNOWN_FILES) for t in tables.TABLES}
    own_values = _read_values(folder, complaints)
    later = tuple(name for name in placing_tables.LATER if (folder / name).exists())
    rules = _read_rules(folder, complaints) if placing_tables.RULES_FILE in later else {}
    for table in placing_tables.OPTIONAL:
        if table.file in later:
            rows[table.file] = read_table(table, folder / table.file, complaints, KNOWN_FILES)
    _unknown_files(folder, complaints)
    known = _known_ids(town, rows, known_pools, complaints)
    checked = (*tables.TABLES, *placing_tables.OPTIONAL)
    CrossCheck(checked, rows, known, known_pools, complaints).run()
    Consistency(rows, town.today if town else None, complaints).run()
    PlacingCheck(rows, known, complaints).run()
    if complaints.found or town is None:
        raise Refused(sorted(complaints.found, key=_file_order))
    found = _scenario(folder, town, rows, own_values, later)
    return replace(found, placing=assemble.placement_files(rows), rules=rules)


_SINGULAR = {
    "households": "household",
    "persons": "person",
    "facilities": "facility",
    "units": "unit",
    "placements": "placement",
    "announced": "announced",
}


def _file_order(problem: Any) -> tuple[int, int]:
    order = KNOWN_FILES.index(problem.file) if problem.file in KNOWN_FILES else len(KNOWN_FILES)
    return order, problem.row or 0


def _read_town(
    folder: Path, pools: Mapping[str, tuple[str, ...]], complaints: Complaints
) -> Municipality | None:
    found = read_bytes(folder / "town.yaml", complaints, KNOWN_FILES)
    if found is None:
        return None
    before = len(complaints.found)
    mapping = read_yaml("town.yaml", decode("town.yaml", found, complaints), complaints)
    if not mapping and len(complaints.found) > before:
        return None
    return TownReader(complaints).read(mapping, pools)


def _read_values(folder: Path, complaints: Complaints) -> dict[str, Any]:
    """values.yaml may be missing, or hold comments only: then nothing is overridden."""
    if not (folder / "values.yaml").exists() or not (folder / "values.yaml").stat().st_size:
        return {}
    found = read_bytes(folder / "values.yaml", complaints, KNOWN_FILES)
    if found is None:
        return {}
    return read_yaml(
        "values.yaml", decode("values.yaml", found, complaints), complaints, typed=True
    )


def _read_rules(folder: Path, complaints: Complaints) -> dict[str, Any]:
    """rules.yaml as written; an empty file changes no rule."""
    if not (folder / placing_tables.RULES_FILE).stat().st_size:
        return {}
    found = read_bytes(folder / placing_tables.RULES_FILE, complaints, KNOWN_FILES)
    if found is None:
        return {}
    text = decode(placing_tables.RULES_FILE, found, complaints)
    return read_yaml(placing_tables.RULES_FILE, text, complaints, typed=True)


def _unknown_files(folder: Path, complaints: Complaints) -> None:
    """A file almost named like one of ours would silently not be read. Others may lie here."""
    for path in sorted(folder.iterdir()):
        near = "" if path.name in KNOWN_FILES else near_miss(path.name[:80], KNOWN_FILES)
        if near and SequenceMatcher(None, path.name, near).ratio() > ALMOST:
            complaints.add(
                path.name[:80],
                Text("Diese Datei wird nicht gelesen.", "This file is not read."),
                Text(f"Gemeint: {near}?", f"Did you mean {near}?"),
            )


def _known_ids(
    town: Municipality | None,
    rows: Mapping[str, list[Row]],
    pools: Mapping[str, tuple[str, ...]],
    complaints: Complaints,
) -> dict[str, Iterable[str] | None]:
    """Ids that may be named, by noun; None where a file cannot be read: said once, not per row."""
    ids: dict[str, set[str] | None] = {}
    for name in _SINGULAR:
        file = f"{name}.csv"
        is_lost = any(
            p.file == file and (p.row is None or p.row == 1) and p.column in ("", "id")
            for p in complaints.found
        )
        ids[name] = None if is_lost else {row["id"] for row in rows[file]} | complaints.unread[file]
    found: dict[str, Iterable[str] | None] = {_SINGULAR[name]: ids[name] for name in ids}
    districts = None if town is None else {d.id for d in town.districts}
    found["district"] = districts
    found["district or all"] = None if districts is None else districts | {"all"}
    found["office"] = None if town is None else {o.id for o in town.offices}
    units, sites = ids["units"], ids["facilities"]
    found["unit or facility"] = None if units is None or sites is None else units | sites
    people, coming = ids["households"], ids["announced"]
    found[placing_tables.HOUSEHOLD] = None if people is None or coming is None else people | coming
    found["domain"] = set(pools)
    return found


def _scenario(
    folder: Path,
    town: Municipality,
    rows: Mapping[str, list[Row]],
    own_values: Mapping[str, Any],
    later: tuple[str, ...],
) -> Scenario:
    persons, memberships = assemble.persons(rows["persons.csv"])
    ledger = Ledger(
        assemble.households(rows["households.csv"]),
        persons,
        memberships,
        assemble.facilities(rows["facilities.csv"]),
        assemble.units(rows["units.csv"]),
        assemble.placements(rows["placements.csv"]),
        assemble.capacity_events(rows["capacity_events.csv"]),
        town.offices,
    )
    measures = assemble.measures(rows["measures.csv"])
    return Scenario(
        town,
        with_decided(ledger, measures),
        assemble.resident_demand(rows["resident_demand.csv"]),
        assemble.announced(rows["announced.csv"]),
        measures,
        own_values,
        folder.resolve().name,
        later,
    )


def with_decided(ledger: Ledger, measures: Iterable[Measure]) -> Ledger:
    """The ledger with a site, a unit and an opening for each decided measure that adds places.

    It opens on decision + middle lead time; the event's delays are low and high lead time counted
    from there (the lower one is negative), its end the lifetime. A measure that takes places away
    needs no such site: record it as an event of the unit. Counted as the domain's other units are.
    """
    for m in measures:
        if m.status != "decided" or m.decision_on is None or m.lead_days is None or m.places <= 0:
            continue
        low, middle, high = m.lead_days
        opens = m.decision_on + timedelta(days=middle)
        until = assemble.after_months(opens, m.lifetime_months) if m.lifetime_months else None
        name = MEASURE + m.id
        alike = [u for u in ledger.units if (u.domain, u.pool) == (m.domain, m.pool)]
        like = alike[0] if alike else Unit("", "", "shared", m.domain, 0, m.pool)
        site = Facility(name, m.name, "", "shared", m.owner)
        unit = Unit(
            name,
            name,
            "shared",
            m.domain,
            m.places,
            m.pool,
            sex="any",
            per=like.per,
            for_=like.for_,
        )
        event = CapacityEvent(
            name,
            name,
            opens,
            "open",
            "decided",
            None,
            until,
            low - middle,
            high - middle,
            m.name,
            source=m.source,
        )
        ledger = replace(
            ledger,
            facilities=(*ledger.facilities, site),
            units=(*ledger.units, unit),
            capacity_events=(*ledger.capacity_events, event),
        )
    return ledger
