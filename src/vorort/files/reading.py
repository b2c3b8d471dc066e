"""From bytes to rows: strict, and never silent. All complaints of a file are collected."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vorort.files.cells import KINDS, Unreadable
from vorort.files.declared import Column, Table
from vorort.problems import Problem, near_miss
from vorort.vocabulary import Text

LARGEST = 20 * 2**20  # bytes; checked before anything is read
SAVE_AS = Text(
    "In Excel: Datei, Speichern unter, Dateityp „CSV UTF-8 (durch Trennzeichen getrennt)“.",
    'In Excel: File, Save As, file type "CSV UTF-8 (Comma delimited)".',
)
MOST_ALIKE = 20  # complaints of one column with the same cause, then they are only counted


@dataclass
class Complaints:
    """What is wrong with a folder so far."""

    found: list[Problem] = field(default_factory=list)
    # ids of rows that could not be read: other files may still name them
    unread: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(
        self, file: str, reason: Text, remedy: Text, row: int | None = None, column: str = ""
    ) -> None:
        """One more."""
        self.found.append(Problem(file, reason.de, reason.en, remedy.de, remedy.en, row, column))


@dataclass(frozen=True)
class Row:
    """A read row: its number as a spreadsheet counts, and its values; None = blank."""

    number: int
    values: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.values[column]


def read_bytes(path: Path, complaints: Complaints, known: tuple[str, ...] = ()) -> bytes | None:
    """The bytes of a file, or None with a complaint: missing, too large, empty."""
    name = path.name
    try:
        size = path.stat().st_size
        if size > LARGEST:
            complaints.add(
                name,
                Text(
                    f"Die Datei hat {size / 2**20:.0f} MB; erlaubt sind 20 MB.",
                    f"The file has {size / 2**20:.0f} MB; 20 MB are allowed.",
                ),
                Text(
                    "Nur die beschriebenen Spalten speichern, keine Bilder und leeren Zeilen.",
                    "Save only the columns described, no pictures and blank rows.",
                ),
            )
            return None
        found = path.read_bytes()
    except FileNotFoundError:
        here = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        near = near_miss(name, (n for n in here if n not in known))
        make = Text("Anlegen; ohne Zeilen genügt die Kopfzeile.", "Create it; a header is enough.")
        if name.endswith(".yaml"):
            make = Text("Aus einem Beispielordner kopieren.", "Copy it from an example folder.")
        complaints.add(
            name,
            Text("Die Datei fehlt.", "The file is missing."),
            Text(
                f"{near} umbenennen?" if near else make.de,
                f"Rename {near}?" if near else make.en,
            ),
        )
        return None
    except OSError as error:
        complaints.add(
            name,
            Text("Die Datei lässt sich nicht öffnen.", "The file cannot be opened."),
            Text(
                f"Rechte prüfen, in Excel schließen ({error.strerror}).",
                f"Check the rights, close it in Excel ({error.strerror}).",
            ),
        )
        return None
    if not found.strip(b"\xef\xbb\xbf \t\r\n"):
        complaints.add(
            name,
            Text("Die Datei ist leer.", "The file is empty."),
            Text("Mindestens die Kopfzeile schreiben.", "Write at least the header row."),
        )
        return None
    return found


def decode(name: str, found: bytes, complaints: Complaints) -> str:
    """UTF-8, with or without BOM; anything else is a complaint and read as well as can be."""
    if b"\x00" in found:
        row = found[: found.index(b"\x00")].count(b"\n") + 1
        complaints.add(
            name,
            Text("Die Datei enthält Nullzeichen.", "The file holds NUL characters."),
            SAVE_AS,
            row,
        )
        found = found.replace(b"\x00", b"")
    try:
        return found.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = found[: error.start].count(b"\n") + 1
        complaints.add(
            name,
            Text(
                "Die Datei ist nicht in UTF-8 (wohl Windows-1252): Umlaute wären falsch.",
                "The file is not saved as UTF-8 (probably Windows-1252): umlauts would be wrong.",
            ),
            SAVE_AS,
            row,
        )
        return found.decode("cp1252", errors="replace")


def split(name: str, text: str, complaints: Complaints) -> list[list[str]]:
    """Rows of cells; `;` or `,`, whichever the header row has."""
    header = text.split("\n", 1)[0]
    delimiter = ";" if ";" in header else ","
    try:
        return [
            [cell.strip() for cell in row]
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        ]
    except csv.Error as error:
        complaints.add(
            name,
            Text(
                "Anführungszeichen oder Trennzeichen sind durcheinander.",
                "Quotes or separators are mixed up.",
            ),
            Text(f"{SAVE_AS.de} ({error})", f"{SAVE_AS.en} ({error})"),
        )
        return []


def read_table(
    table: Table, path: Path, complaints: Complaints, known: tuple[str, ...]
) -> list[Row]:
    """All rows of a table that can be read; blank rows are passed over."""
    found = read_bytes(path, complaints, known)
    if found is None:
        return []
    lines = split(table.file, decode(table.file, found, complaints), complaints)
    while lines and not any(lines[0]):
        lines.pop(0)
    if not lines:
        return []
    columns = _header(table, lines[0], complaints)
    reader = _Cells(table, columns, complaints)
    rows = []
    for number, cells in enumerate(lines[1:], 2):
        if any(cells):
            row = reader.row(number, cells)
            if row is not None:
                rows.append(row)
    reader.count_the_rest()
    return rows


def _header(table: Table, header: list[str], complaints: Complaints) -> list[Column | None]:
    wanted = table.by_name
    missing = {c.name for c in table.columns if not c.blank} - set(header)
    seen: set[str] = set()
    found: list[Column | None] = []
    for name in header:
        if name in seen and name:
            complaints.add(
                table.file,
                Text("Die Spalte kommt zweimal vor.", "The column occurs twice."),
                Text("Eine von beiden löschen.", "Delete one of the two."),
                1,
                name[:60],
            )
            found.append(None)
            continue
        seen.add(name)
        if name not in wanted:
            near = near_miss(name[:60], missing or wanted)
            missing.discard(near)
            complaints.add(
                table.file,
                Text("Diese Spalte gibt es nicht.", "There is no such column."),
                Text(
                    f"Gemeint: {near}?" if near else f"Löschen. Möglich: {', '.join(wanted)}.",
                    f"Did you mean {near}?"
                    if near
                    else f"Delete it. Possible: {', '.join(wanted)}.",
                ),
                1,
                name[:60] or "(leer)",
            )
        found.append(wanted.get(name))
    for name in sorted(missing):
        complaints.add(
            table.file,
            Text("Die Spalte fehlt.", "The column is missing."),
            Text(f"Spalte {name} anlegen.", f"Add a column {name}."),
            1,
            name,
        )
    return found


class _Cells:
    """Reads cells of one file and remembers what a repeated text means."""

    def __init__(self, table: Table, columns: list[Column | None], complaints: Complaints) -> None:
        self._table, self._columns, self._complaints = table, columns, complaints
        self._absent = {c.name: None for c in table.all_columns}
        present = {c.name for c in columns if c is not None}
        self._lacking = [c for c in table.columns if not c.blank and c.name not in present]
        self._meaning: list[dict[str, Any]] = [{} for _ in columns]
        self._alike: dict[tuple[str, str], int] = {}

    def row(self, number: int, cells: list[str]) -> Row | None:
        """One row, or None where a cell that must be there is missing or unreadable."""
        if len(cells) > len(self._columns) and not any(cells[len(self._columns) :]):
            cells = cells[: len(self._columns)]
        if len(cells) != len(self._columns):
            self._say(
                number,
                "",
                Text(
                    f"{len(cells)} Zellen statt {len(self._columns)}.",
                    f"{len(cells)} cells instead of {len(self._columns)}.",
                ),
                Text(
                    "Trennzeichen in Texten in Anführungszeichen setzen.",
                    "Put separators within texts into quotes.",
                ),
            )
            return None
        values = dict(self._absent)
        is_whole = not self._lacking
        for column, cell, meaning in zip(self._columns, cells, self._meaning, strict=True):
            if column is None:
                continue
            if cell in meaning:
                values[column.name] = meaning[cell]
                continue
            try:
                values[column.name] = meaning[cell] = _value(column, cell)
            except Unreadable as bad:
                self._say(number, column.name, bad.reason, bad.remedy)
                is_whole = is_whole and column.blank
        name: object = values.get("id")
        if not is_whole and isinstance(name, str):
            self._complaints.unread[self._table.file].add(name)
        return Row(number, values) if is_whole else None

    def _say(self, number: int, column: str, reason: Text, remedy: Text) -> None:
        alike = (column, remedy.en)
        self._alike[alike] = self._alike.get(alike, 0) + 1
        if self._alike[alike] <= MOST_ALIKE:
            self._complaints.add(self._table.file, reason, remedy, number, column)

    def count_the_rest(self) -> None:
        """Say how many more complaints of the same sort there are."""
        for (column, _), count in self._alike.items():
            if count > MOST_ALIKE:
                more = count - MOST_ALIKE
                self._complaints.add(
                    self._table.file,
                    Text(
                        f"{more} weitere Zeilen mit demselben Fehler.",
                        f"{more} more rows with the same fault.",
                    ),
                    Text("Wie oben.", "As above."),
                    None,
                    column,
                )


def _value(column: Column, cell: str) -> Any:
    if not cell:
        if column.blank:
            return None
        remedy = Text("Angabe eintragen.", "Fill it in.")
        if column.kind == "level":
            remedy = Text("Eine Zahl oder unknown eintragen.", "Enter a number, or unknown.")
        raise Unreadable(Text("Die Zelle ist leer.", "The cell is blank."), remedy)
    value = KINDS[column.kind].read(cell)
    if column.choices and value not in column.choices:
        near = near_miss(cell[:60], column.choices)
        raise Unreadable(
            Text(f"{cell[:40]!r} ist hier nicht möglich.", f"{cell[:40]!r} is not possible here."),
            Text(
                f"Gemeint: {near}?" if near else f"Möglich: {', '.join(column.choices)}.",
                f"Did you mean {near}?" if near else f"Possible: {', '.join(column.choices)}.",
            ),
        )
    if isinstance(value, int) and not isinstance(value, bool):
        low = -column.maximum if column.minimum is None else column.minimum
        if not low <= value <= column.maximum:
            raise Unreadable(
                Text(
                    f"{value} liegt nicht zwischen {low} und {column.maximum}.",
                    f"{value} is not between {low} and {column.maximum}.",
                ),
                Text("Zahl prüfen.", "Check the number."),
            )
    return value
