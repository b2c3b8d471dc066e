"""The tables of a case folder: figures and plans, row by row, every fault a complaint."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from pathlib import Path

from vorort.problems import Problem, near_miss
from vorort.stress.backtest.case import DRIVERS, Figure, Planned, Quantity, Span

STATISTIC_DELAY = 9  # months after the reference date where the day of publication is unknown
LARGEST = 20 * 2**20  # bytes
FIGURES = ("date", "quantity", "value", "low", "high", "source", "published")
PLANNED = ("date", "quantity", "value", "source", "dated")
_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")
_WHOLE = re.compile(r"\d{1,9}")


class Complaints:
    """Collects complaints about one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.all: list[Problem] = []

    def __call__(
        self,
        file: str,
        de: str,
        en: str,
        remedy_de: str,
        remedy_en: str,
        row: int | None = None,
        column: str = "",
    ) -> None:
        self.all.append(
            Problem(f"{self.folder.name}/{file}", de, en, remedy_de, remedy_en, row, column)
        )

    def near(self, file: str, word: str, known: Iterable[str], row: int | None = None) -> None:
        guess = near_miss(word, known)
        listed = ", ".join(sorted(known))
        self(
            file,
            f"„{word}“ ist unbekannt.",
            f"“{word}” is unknown.",
            f"Meinten Sie „{guess}“?" if guess else f"Bekannt: {listed}.",
            f"Did you mean “{guess}”?" if guess else f"Known: {listed}.",
            row,
        )


def span_of(date: str, stock: bool) -> Span | None:
    """The months a written date covers; None where it is no date.

    A stock counted in the first half of a month is that of the end of the month before.
    """
    found = _DATE.fullmatch(date)
    if not found:
        return None
    year = int(found[1]) * 12
    if found[2] is None:
        return Span(year, year + 11)
    month = year + int(found[2]) - 1
    if stock and found[3] is not None and int(found[3]) <= 15:
        month -= 1
    return Span(month, month)


def read_figures(
    path: Path, file: str, quantities: dict[str, Quantity], complain: Complaints
) -> list[Figure]:
    found = []
    for row, cells in _rows(path / file, FIGURES, complain):
        common = _common(file, row, cells, quantities, complain)
        low = _whole(file, row, "low", cells["low"], complain, blank=True)
        high = _whole(file, row, "high", cells["high"], complain, blank=True)
        published = cells["published"] or None
        when = published_in(published)
        if published and when is None:
            _no_date(file, row, "published", published, complain)
        if common is None:
            continue
        span, value = common
        if (low is not None and low > value) or (high is not None and high < value):
            complain(
                file,
                "Der Wert liegt nicht zwischen low und high.",
                "The value is not between low and high.",
                "Bitte die Spanne prüfen.",
                "Check the range.",
                row,
                "value",
            )
        known_in = when if when is not None else span.last + STATISTIC_DELAY
        found.append(
            Figure(
                cells["date"],
                span,
                cells["quantity"],
                value,
                low,
                high,
                cells["source"],
                published,
                known_in,
                row,
            )
        )
    return found


def read_plans(path: Path, quantities: dict[str, Quantity], complain: Complaints) -> list[Planned]:
    if not (path / "plan.csv").exists():
        return []
    found = []
    for row, cells in _rows(path / "plan.csv", PLANNED, complain):
        common = _common("plan.csv", row, cells, quantities, complain)
        dated = cells["dated"] or None
        if dated and span_of(dated, stock=False) is None:
            _no_date("plan.csv", row, "dated", dated, complain)
        if common is not None:
            found.append(
                Planned(
                    cells["date"],
                    common[0],
                    cells["quantity"],
                    common[1],
                    cells["source"],
                    dated,
                    row,
                )
            )
    return found


def _common(
    file: str,
    row: int,
    cells: dict[str, str],
    quantities: dict[str, Quantity],
    complain: Complaints,
) -> tuple[Span, int] | None:
    """Date, quantity, value and source of a row; national drivers are known quantities."""
    name = cells["quantity"]
    if quantities and name not in quantities and name not in DRIVERS:
        complain.near(file, name, [*quantities, *DRIVERS], row)
    stock = name in quantities and quantities[name].role != "flow"
    span = span_of(cells["date"], stock)
    if span is None:
        _no_date(file, row, "date", cells["date"], complain)
    if not cells["source"]:
        complain(
            file,
            "Die Quelle fehlt.",
            "The source is missing.",
            "Keine Zahl ohne Quelle.",
            "No figure without a source.",
            row,
            "source",
        )
    value = _whole(file, row, "value", cells["value"], complain)
    return None if span is None or value is None else (span, value)


def _rows(
    path: Path, columns: tuple[str, ...], complain: Complaints
) -> list[tuple[int, dict[str, str]]]:
    text = read_text(path, complain)
    if text is None:
        return []
    delimiter = ";" if ";" in text.split("\n", 1)[0] else ","
    lines = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    header = [c.strip() for c in lines[0]] if lines else []
    for word in header:
        if word not in columns:
            complain.near(path.name, word, columns, 1)
    for column in columns:
        if column not in header:
            complain(
                path.name,
                f"Die Spalte „{column}“ fehlt.",
                f"There is no column “{column}”.",
                "Bitte ergänzen; unbekannt bleibt leer.",
                "Add it; unknown stays blank.",
                1,
                column,
            )
    found = []
    for number, line in enumerate(lines[1:], start=2):
        if any(cell.strip() for cell in line):
            cells = dict(zip(header, (c.strip() for c in line), strict=False))
            found.append((number, {c: cells.get(c, "") for c in columns}))
    return found


def read_text(path: Path, complain: Complaints) -> str | None:
    if not path.is_file():
        complain(
            path.name,
            "Die Datei fehlt.",
            "The file is missing.",
            "Bitte anlegen wie in der Formatbeschreibung.",
            "Add it as the format page says.",
        )
        return None
    if path.stat().st_size > LARGEST:
        complain(
            path.name,
            "Die Datei ist größer als 20 MB.",
            "The file is larger than 20 MB.",
            "Ein Fall hat wenige Zahlen.",
            "A case holds few figures.",
        )
        return None
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        complain(
            path.name,
            "Nicht in UTF-8 gespeichert.",
            "Not saved as UTF-8.",
            "In Excel „CSV UTF-8“ wählen.",
            "Choose “CSV UTF-8” in Excel.",
        )
        return None


def published_in(written: str | None) -> int | None:
    """The month by which something was published: a bare year counts to its end."""
    span = span_of(written, stock=False) if written else None
    return span.last if span else None


def _whole(
    file: str, row: int, column: str, cell: str, complain: Complaints, blank: bool = False
) -> int | None:
    if _WHOLE.fullmatch(cell):
        return int(cell)
    if not (blank and cell == ""):
        complain(
            file,
            f"„{cell}“ ist keine ganze Zahl ab 0.",
            f"“{cell}” is no whole number of 0 or more.",
            "Ganze Zahlen ohne Punkt und Komma; Anteile in Promille.",
            "Whole numbers without point or comma; shares in permille.",
            row,
            column,
        )
    return None


def _no_date(file: str, row: int, column: str, cell: str, complain: Complaints) -> None:
    complain(
        file,
        f"„{cell}“ ist kein Datum.",
        f"“{cell}” is no date.",
        "Bitte JJJJ, JJJJ-MM oder JJJJ-MM-TT.",
        "Write YYYY, YYYY-MM or YYYY-MM-DD.",
        row,
        column,
    )
