"""Lists as offices have them: XLSX, ODS, CSV in any of its dialects, or pasted. German: Listen

Nothing is trusted: sizes are limited, formulas are text, and every fault is a complaint. What comes
out is a header and rows of plain text, with the row numbers a spreadsheet shows.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from vorort.files import workbook
from vorort.problems import Problem, Refused

MOST_BYTES, MOST_UNPACKED = 20_000_000, 200_000_000
MOST_ROWS, MOST_COLUMNS, MOST_LETTERS = 50_000, 200, 500
MOST_MEMORY_MB, MOST_SECONDS = 2_000, 30  # of the process that reads a workbook
ENCODINGS = ("utf-8-sig", "cp1252")
SHEETS = (".xlsx", ".xlsm", ".xlsb", ".ods", ".xls")


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it; ``number`` as a spreadsheet counts."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_table(name: str, content: bytes) -> Table:
    """The first sheet with a header; raises `Refused`."""
    if len(content) > MOST_BYTES:
        raise _refused(name, f"Die Datei ist größer als {MOST_BYTES // 10**6} MB.",
                       f"The file is larger than {MOST_BYTES // 10**6} MB.",
                       "In Teilen einlesen.", "Import it in parts.")  # fmt: skip
    is_sheet = content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0"
    cells = _sheet(name, content) if is_sheet else _text(name, content)
    return _with_header(name, cells)


def _refused(name: str, de: str, en: str, remedy_de: str, remedy_en: str) -> Refused:
    return Refused([Problem(name, de, en, remedy_de, remedy_en)])


def _unreadable(name: str) -> Refused:
    return _refused(
        name, "Die Datei ist keine lesbare Tabelle.", "The file is no readable table.",
        "Als XLSX, ODS oder CSV speichern.", "Save it as XLSX, ODS or CSV.",
    )  # fmt: skip


def _sheet(name: str, content: bytes) -> list[list[str]]:
    if content[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                    raise _refused(
                        name, "Ausgepackt wäre die Datei zu groß.",
                        "Unpacked the file would be too large.",
                        "Als CSV speichern.", "Save it as CSV.",
                    )  # fmt: skip
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise _unreadable(name) from error
    rows = _in_a_process(content)
    if rows is None:
        raise _refused(
            name, "Die Tabelle ist nicht lesbar, oder eine Zelle steht weit außerhalb der Liste.",
            "The table cannot be read, or a cell stands far outside the list.",
            "Nur die Liste in eine neue Datei kopieren, oder als CSV speichern.",
            "Copy only the list into a new file, or save it as CSV.",
        )  # fmt: skip
    return [[_clean(value) for value in row] for row in rows]


def _in_a_process(content: bytes) -> list[list[str]] | None:
    """The rows of a workbook; None where the reader gave up, whatever it died of."""
    limits = (MOST_ROWS + 60, MOST_COLUMNS + 1, MOST_MEMORY_MB, MOST_SECONDS)
    try:
        done = subprocess.run(
            [sys.executable, "-I", workbook.__file__, *map(str, limits)], input=content,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=2 * MOST_SECONDS,
        )  # fmt: skip
        if done.returncode:
            return None
        found: list[list[str]] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None
    return found


def _clean(text: str) -> str:
    plain = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(plain.split())


def _text(name: str, content: bytes) -> list[list[str]]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: Sequence[str] = ("utf-16",)
    elif b"\0" in content[:4000]:
        raise _unreadable(name)
    else:
        encodings = ENCODINGS
    for encoding in encodings:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _unreadable(name)
    lines = text.splitlines()[:60]
    counts = {d: sum(line.count(d) for line in lines) for d in (";", "\t", ",", "|")}
    delimiter = max(counts, key=lambda d: counts[d])
    old = csv.field_size_limit(1_000_000)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        found = []
        for row in reader:
            found.append([_clean(c) for c in row[: MOST_COLUMNS + 1]])
            if len(found) > MOST_ROWS + 60:
                break
        return found
    except csv.Error as error:
        raise _unreadable(name) from error
    finally:
        csv.field_size_limit(old)


def _with_header(name: str, cells: list[list[str]]) -> Table:
    """The header is the first row that has as many different words as any below may fill."""
    at = _header_at(cells)
    if at is None:
        raise _refused(
            name, "Eine Zeile mit Spaltennamen ist nicht zu finden.",
            "There is no row of column names.",
            "Über die Daten eine Zeile mit Namen setzen.", "Put a row of names above the rows.",
        )  # fmt: skip
    header = cells[at]
    while header and not header[-1]:
        header = header[:-1]
    problems = []
    if len(header) > MOST_COLUMNS:
        problems.append(Problem(
            name, f"Mehr als {MOST_COLUMNS} Spalten.", f"More than {MOST_COLUMNS} columns.",
            "Nicht gebrauchte Spalten löschen.", "Delete columns that are not needed.",
        ))  # fmt: skip
    rows = []
    for number, row in enumerate(cells[at + 1 :], at + 2):
        cut = tuple((row + [""] * len(header))[: len(header)])
        if any(cut):
            rows.append((number, cut))
            if any(len(c) > MOST_LETTERS for c in cut):
                problems.append(Problem(
                    name, f"Mehr als {MOST_LETTERS} Zeichen in einer Zelle.",
                    f"More than {MOST_LETTERS} characters in a cell.",
                    "Kürzen.", "Shorten it.", row=number,
                ))  # fmt: skip
    if len(rows) > MOST_ROWS:
        problems.append(Problem(
            name, f"Mehr als {MOST_ROWS} Zeilen.", f"More than {MOST_ROWS} rows.",
            "In Teilen einlesen.", "Import it in parts.",
        ))  # fmt: skip
    if not rows:
        problems.append(Problem(
            name, "Unter den Spaltennamen steht nichts.", "There is nothing below the names.",
            "Datei prüfen.", "Check the file.",
        ))  # fmt: skip
    if problems:
        raise Refused(problems[:50])
    return Table(tuple(header), tuple(rows))


def _header_at(cells: list[list[str]]) -> int | None:
    """Title rows above have one or two cells; the header is the widest of the first thirty rows,
    the first of them that holds no numbers."""
    widths = [sum(bool(c) for c in row) for row in cells[:30]]
    if not widths or not max(widths):
        return None
    enough = -(-max(widths) * 6 // 10)  # six of ten columns have a name
    for at, row in enumerate(cells[:30]):
        filled = [c for c in row if c]
        if widths[at] >= enough and not any(c[:1].isdigit() for c in filled):
            return at
    return None
