"""Read a monthly series from a CSV file: column ``month`` and one column of values.

Rows after the origin are checked for their month only; their values are never read.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from vorort.problems import Problem, Refused, near_miss

LARGEST = 20 * 2**20  # bytes
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(-\d{2})?")
_UNKNOWN = {"", "NA", "NaN", "nan", "."}


@dataclass(frozen=True, slots=True)
class Series:
    """One number a month up to the origin, oldest first; None where the file has none."""

    column: str
    first: str  # YYYY-MM
    origin: str
    values: tuple[float | None, ...]


def number_of(month: str) -> int:
    """Months since year 0 of ``YYYY-MM``."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def name_of(number: int) -> str:
    """``YYYY-MM`` of a number of months since year 0."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def read_series(path: Path | str, column: str | None = None, origin: str | None = None) -> Series:
    """The series of ``column`` up to ``origin`` (default: the last month of the file).

    ``column`` may be omitted where the file has a single column besides ``month``. Months the
    file leaves out are None. Raises ``Refused`` with all complaints at once.
    """
    file = Path(path)
    text = _text(file)
    header, rows = _table(text)
    problems: list[Problem] = []
    chosen = _column(file.name, header, column, problems)
    if "month" not in header:
        problems.append(_no_month(file.name, header))
    if origin is not None and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", origin):
        problems.append(
            Problem(
                file.name,
                f"Der Ursprung {origin!r} ist kein Monat.",
                f"The origin {origin!r} is no month.",
                "Bitte JJJJ-MM angeben, zum Beispiel 2017-03.",
                "Write YYYY-MM, for example 2017-03.",
            )
        )
    if problems:
        raise Refused(problems)
    months = _months(file.name, header.index("month"), rows, problems)
    end = _end(file.name, months, origin, problems)
    known = _values(file.name, header, chosen, months, end, problems)
    if problems:
        raise Refused(problems)
    first = min(months)
    values = tuple(known.get(m) for m in range(first, end + 1))
    return Series(chosen, name_of(first), name_of(end), values)


def _text(file: Path) -> str:
    def refuse(de: str, en: str, remedy_de: str, remedy_en: str) -> Refused:
        return Refused([Problem(file.name, de, en, remedy_de, remedy_en)])

    if not file.is_file():
        raise refuse(
            "Die Datei gibt es nicht.",
            "There is no such file.",
            "Bitte den Pfad prüfen.",
            "Check the path.",
        )
    if file.stat().st_size > LARGEST:
        raise refuse(
            "Die Datei ist größer als 20 MB.",
            "The file is larger than 20 MB.",
            "Bitte nur die Monatsreihe ausgeben.",
            "Export the monthly series only.",
        )
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refuse(
            "Die Datei ist nicht in UTF-8 gespeichert.",
            "The file is not saved as UTF-8.",
            "In Excel „CSV UTF-8“ wählen.",
            "Choose “CSV UTF-8” in Excel.",
        ) from None


def _table(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Header and rows with their row number as a spreadsheet counts; blank rows are left out."""
    head = text.split("\n", 1)[0]
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if ";" in head else ","))
    header = [cell.strip() for cell in rows[0]] if rows else []
    kept = [(n, r) for n, r in enumerate(rows[1:], start=2) if any(cell.strip() for cell in r)]
    return header, kept


def _no_month(name: str, header: Iterable[str]) -> Problem:
    guess = near_miss("month", header)
    hint_de = f" Ist „{guess}“ gemeint?" if guess else ""
    hint_en = f" Is “{guess}” meant?" if guess else ""
    return Problem(
        name,
        f"Die Spalte „month“ fehlt.{hint_de}",
        f"There is no column “month”.{hint_en}",
        "Eine Spalte „month“ mit JJJJ-MM anlegen.",
        "Add a column “month” with YYYY-MM.",
        row=1,
    )


def _column(name: str, header: list[str], column: str | None, problems: list[Problem]) -> str:
    values = [h for h in header if h and h != "month"]
    listed = ", ".join(values) or "-"
    if column is None and len(values) == 1:
        return values[0]
    if column is None:
        problems.append(
            Problem(
                name,
                f"Welche Spalte gemeint ist, ist offen: {listed}.",
                f"It is open which column is meant: {listed}.",
                "Bitte eine mit --column nennen.",
                "Name one with --column.",
                row=1,
            )
        )
    elif column == "month" or column not in values:
        guess = near_miss(column, values)
        problems.append(
            Problem(
                name,
                f"Eine Wertespalte „{column}“ gibt es nicht.",
                f"There is no column of values “{column}”.",
                f"Meinten Sie „{guess}“?" if guess else f"Vorhanden: {listed}.",
                f"Did you mean “{guess}”?" if guess else f"There are: {listed}.",
                row=1,
                column=column,
            )
        )
    return column or ""


def _months(
    name: str, at: int, rows: list[tuple[int, list[str]]], problems: list[Problem]
) -> dict[int, tuple[int, list[str]]]:
    """Rows by number of month."""
    found: dict[int, tuple[int, list[str]]] = {}
    for number, row in rows:
        cell = row[at].strip() if at < len(row) else ""
        if not _MONTH.fullmatch(cell):
            problems.append(
                Problem(
                    name,
                    f"„{cell}“ ist kein Monat.",
                    f"“{cell}” is no month.",
                    "Bitte JJJJ-MM schreiben.",
                    "Write YYYY-MM.",
                    number,
                    "month",
                )
            )
        elif number_of(cell) in found:
            other = found[number_of(cell)][0]
            problems.append(
                Problem(
                    name,
                    f"Der Monat {cell} steht schon in Zeile {other}.",
                    f"The month {cell} is already in row {other}.",
                    "Bitte eine der Zeilen streichen.",
                    "Remove one of the rows.",
                    number,
                    "month",
                )
            )
        else:
            found[number_of(cell)] = (number, row)
    if not rows:
        problems.append(
            Problem(
                name,
                "Die Datei hat keine Zeilen mit Monaten.",
                "The file has no rows with months.",
                "Bitte je Monat eine Zeile eintragen.",
                "Add a row for each month.",
            )
        )
    return found


def _end(
    name: str, months: dict[int, tuple[int, list[str]]], origin: str | None, problems: list[Problem]
) -> int:
    if origin is None:
        return max(months, default=0)
    if months and number_of(origin) not in months:
        first, last = name_of(min(months)), name_of(max(months))
        problems.append(
            Problem(
                name,
                f"Der Ursprung {origin} steht nicht in der Datei.",
                f"The origin {origin} is not in the file.",
                f"Die Datei reicht von {first} bis {last}; bitte einen Monat daraus wählen.",
                f"The file runs from {first} to {last}; choose one of its months.",
                column="month",
            )
        )
    return number_of(origin)


def _values(
    name: str,
    header: list[str],
    column: str,
    months: dict[int, tuple[int, list[str]]],
    end: int,
    problems: list[Problem],
) -> dict[int, float | None]:
    at = header.index(column)
    known: dict[int, float | None] = {}
    for month, (number, row) in months.items():
        if month > end:
            continue  # nothing after the origin is read
        cell = row[at].strip() if at < len(row) else ""
        value = None if cell in _UNKNOWN else _number(cell)
        if cell not in _UNKNOWN and value is None:
            problems.append(_no_number(name, cell, number, column))
        known[month] = value
    return known


def _number(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _no_number(name: str, cell: str, row: int, column: str) -> Problem:
    if re.fullmatch(r"\d+,\d+", cell):
        remedy = ("Bitte einen Dezimalpunkt schreiben.", "Write a decimal point.")
    else:
        remedy = (
            "Bitte eine Zahl ab 0 ohne Tausenderpunkt; unbekannt = leer lassen.",
            "Write a number of 0 or more without separators; unknown = leave blank.",
        )
    return Problem(
        name,
        f"„{cell}“ ist keine Zahl ab 0.",
        f"“{cell}” is no number of 0 or more.",
        *remedy,
        row=row,
        column=column,
    )
