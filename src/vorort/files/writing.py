"""Write a scenario folder: UTF-8 with BOM, `;`, CRLF, whole numbers only; all files or none."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from vorort.files import assemble, placing_tables, tables
from vorort.files.assemble import Cells, cells_of
from vorort.files.cells import KINDS, Unreadable
from vorort.files.crosscheck import MEASURE
from vorort.files.declared import Column, Table
from vorort.files.reading import Complaints
from vorort.files.scenario import Scenario
from vorort.files.town import written
from vorort.problems import Refused
from vorort.vocabulary import Text

BOM = "\ufeff"


def write_scenario(scenario: Scenario, folder: Path | str) -> None:
    """Write every file beside the folder first, then rename: never half a folder.

    An existing folder is replaced; files in it that are not part of the format (a README) stay.
    Raises `Refused` where a text could not be read back (it would run as a formula).
    """
    folder = Path(folder)
    files = scenario_files(scenario)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        fresh.chmod(0o755)
        if folder.is_dir():
            shutil.copytree(folder, fresh, dirs_exist_ok=True)
            for name in placing_tables.LATER:  # of an earlier state; blank is not the same as none
                (fresh / name).unlink(missing_ok=True)
        for name, content in files.items():
            (fresh / name).write_bytes(content)
        if folder.is_dir():
            old = fresh.with_name(f"{fresh.name}-old")
            folder.rename(old)
            fresh.rename(folder)
            shutil.rmtree(old)
        else:
            fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def scenario_files(scenario: Scenario) -> dict[str, bytes]:
    """The content of each file by name."""
    ledger = scenario.ledger

    def recorded(rows: Iterable[Any]) -> list[Any]:
        return [row for row in rows if not row.id.startswith(MEASURE)]

    content: dict[Table, list[Cells]] = {
        tables.PERSONS: assemble.person_cells(ledger),
        tables.ANNOUNCED: [assemble.announcement_cells(a) for a in scenario.announced],
        tables.MEASURES: [assemble.measure_cells(m) for m in scenario.measures],
        tables.RESIDENT_DEMAND: [
            cells_of(tables.RESIDENT_DEMAND, r) for r in scenario.resident_demand
        ],
    }
    for table, rows in (
        (tables.HOUSEHOLDS, ledger.households),
        (tables.FACILITIES, ledger.facilities),
        (tables.UNITS, ledger.units),
        (tables.PLACEMENTS, ledger.placements),
        (tables.CAPACITY_EVENTS, ledger.capacity_events),
    ):
        content[table] = [cells_of(table, row) for row in recorded(rows)]
    complaints = Complaints()
    files = {t.file: _csv(t, content[t], complaints) for t in tables.TABLES}
    for table, found in _placing(scenario).items():
        files[table.file] = _csv(table, [cells_of(table, row) for row in found], complaints)
    if scenario.rules or placing_tables.RULES_FILE in scenario.later:
        files[placing_tables.RULES_FILE] = _yaml(dict(scenario.rules)) if scenario.rules else b""
    files["town.yaml"] = _yaml(written(scenario.municipality))
    files["values.yaml"] = _yaml(dict(scenario.own_values)) if scenario.own_values else b""
    if complaints.found:
        raise Refused(complaints.found)
    return files


def _placing(scenario: Scenario) -> dict[Table, Iterable[Any]]:
    """Rows of the optional files of `place`: those that hold something, or lay there empty."""
    placing = scenario.placing
    held = {
        placing_tables.NEEDS: placing.requirements, placing_tables.WISHES: placing.wishes,
        placing_tables.EXCLUSIONS: placing.exclusions, placing_tables.REACH: placing.reach,
        placing_tables.LOCKS: placing.locks, placing_tables.REQUESTS: placing.requests,
    }  # fmt: skip
    found: dict[Table, Iterable[Any]] = {
        table: rows for table, rows in held.items() if rows or table.file in scenario.later
    }
    if placing.open_needs is not None:
        found[placing_tables.OPEN_NEEDS] = placing.open_needs
    return found


def files_of_place(scenario: Scenario) -> tuple[str, ...]:
    """Names of the files of `place` a scenario would be written with, in their order."""
    written_ = {table.file for table in _placing(scenario)}
    if scenario.rules:
        written_.add(placing_tables.RULES_FILE)
    return tuple(name for name in placing_tables.LATER if name in written_)


def _csv(table: Table, rows: list[Cells], complaints: Complaints) -> bytes:
    used = {name for row in rows for name, value in row.items() if value not in (None, "", ())}
    declared = {c.name for c in table.columns}
    columns = [c for c in table.all_columns if c.name in declared or c.name in used]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([c.name for c in columns])
    for number, row in enumerate(rows, 2):
        cells = []
        for column in columns:
            value = row.get(column.name)
            if value is None and column.kind == "level":
                cells.append("unknown")
            elif value in (None, "", ()):
                cells.append("")
            else:
                cells.append(_written(table, number, column, value, complaints))
        writer.writerow(cells)
    return (BOM + out.getvalue()).encode("utf-8")


def _written(table: Table, number: int, column: Column, value: Any, complaints: Complaints) -> str:
    cell = " ".join(KINDS[column.kind].write(value).split("\x00")).strip()
    try:
        KINDS[column.kind].read(cell) if cell else None
    except Unreadable as bad:
        complaints.add(table.file, bad.reason, bad.remedy, number, column.name)
    except (IndexError, ValueError):
        complaints.add(
            table.file,
            Text("Der Wert lässt sich nicht schreiben.", "The value cannot be written."),
            Text("Wert prüfen.", "Check the value."),
            number,
            column.name,
        )
    return cell


class _Plain(yaml.SafeDumper):
    """The same day twice is written twice: a reader of these files knows no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never one."""
        return True


def _yaml(found: dict[str, Any]) -> bytes:
    text: str = yaml.dump(found, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=110)
    return text.encode("utf-8")
