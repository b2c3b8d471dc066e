"""What only shows when the files are read together: unknown ids, keys twice, dates out of order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from vorort.files.declared import Table
from vorort.files.reading import Complaints, Row
from vorort.problems import near_miss
from vorort.vocabulary import Text

MEASURE = "measure:"  # sites and events that stand for a decided measure begin so
Rows = Mapping[str, Sequence[Row]]
IN_ORDER = {
    "households.csv": (("arrived_on", "responsible_from", False),),
    "persons.csv": (
        ("member_from", "member_until", True),
        ("legal_from", "legal_until", True),
        ("second_from", "second_until", True),
    ),
    "facilities.csv": (("opens_on", "lease_until", True),),
    "placements.csv": (("from", "until", True), ("from", "over_until", False)),
    "capacity_events.csv": (("date", "until", True),),
}


class CrossCheck:
    """Ids, keys and dates over all tables; ``known`` holds the ids each `refers` may name."""

    def __init__(
        self,
        tables: Sequence[Table],
        rows: Rows,
        known: Mapping[str, Iterable[str] | None],
        pools: Mapping[str, tuple[str, ...]],
        complaints: Complaints,
    ) -> None:
        self._tables, self._rows, self._pools = tables, rows, pools
        self._known = {name: None if ids is None else set(ids) for name, ids in known.items()}
        self._complaints = complaints
        self._near: dict[tuple[str, str], str] = {}

    def run(self) -> None:
        """Everything."""
        for table in self._tables:
            self._references(table)
            self._keys(table)
            for first, second, strictly in IN_ORDER.get(table.file, ()):
                self._order(table.file, first, second, strictly)

    def _say(self, file: str, row: Row | None, column: str, reason: Text, remedy: Text) -> None:
        self._complaints.add(file, reason, remedy, row.number if row else None, column)

    def _references(self, table: Table) -> None:
        for column in table.all_columns:
            ids = self._known.get(column.refers)
            if column.kind != "ref" or (ids is None and column.refers != "pool"):
                continue
            for row in self._rows.get(table.file, ()):
                value = row[column.name]
                if value is None:
                    continue
                ids_here = (
                    set(self._pools.get(row["domain"] or "", ()))
                    if column.refers == "pool"
                    else ids
                )
                if (ids_here and value not in ids_here) or (
                    ids_here is not None and not ids_here and column.refers != "pool"
                ):
                    self._unknown(table.file, row, column.name, value, ids_here)

    def _unknown(self, file: str, row: Row, column: str, value: str, ids: set[str]) -> None:
        key = (column, value)
        if key not in self._near:
            # Looking for the nearest of many thousand ids is slow: only those that begin alike.
            alike = (
                ids if len(ids) < 500 else {i for i in ids if i[:2].lower() == value[:2].lower()}
            )
            self._near[key] = (
                near_miss(value[:60], sorted(alike)[:2000]) if len(self._near) < 200 else ""
            )
        near = self._near[key]
        self._say(
            file,
            row,
            column,
            Text(f"{value[:60]!r} gibt es nicht.", f"{value[:60]!r} does not exist."),
            Text(
                f"Gemeint: {near}?" if near else "Anlegen oder berichtigen.",
                f"Did you mean {near}?" if near else "Create or correct it.",
            ),
        )

    def _keys(self, table: Table) -> None:
        seen: dict[tuple[object, ...], int] = {}
        for row in self._rows.get(table.file, ()):
            key = tuple(row[name] for name in table.key)
            if str(key[0]).startswith(MEASURE):
                self._say(
                    table.file,
                    row,
                    table.key[0],
                    Text(
                        f"{MEASURE} am Anfang ist vergeben.",
                        f"{MEASURE} at the beginning is taken.",
                    ),
                    Text("Eine andere Kennung wählen.", "Choose another id."),
                )
            if key in seen:
                self._say(
                    table.file,
                    row,
                    table.key[0],
                    Text(
                        f"{key[0]!r} steht schon in Zeile {seen[key]}.",
                        f"{key[0]!r} is already in row {seen[key]}.",
                    ),
                    Text(
                        "Eine der Zeilen löschen oder umbenennen.",
                        "Delete or rename one of the rows.",
                    ),
                )
            seen.setdefault(key, row.number)

    def _order(self, file: str, first: str, second: str, strictly: bool) -> None:
        for row in self._rows.get(file, ()):
            a, b = row[first], row[second]
            if (
                a is not None
                and b is not None
                and (b < a or (strictly and a == b and file == "persons.csv"))
            ):
                self._say(
                    file,
                    row,
                    second,
                    Text(f"{b} liegt vor {first} = {a}.", f"{b} is before {first} = {a}."),
                    Text("Reihenfolge der Daten prüfen.", "Check the order of the dates."),
                )
