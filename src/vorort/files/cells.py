"""One cell of a scenario table: text in, value out, or why not; and back to text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from vorort.vocabulary import PartialDate, Text

_WHOLE = re.compile(r"-?[0-9]{1,12}")
_DECIMAL = re.compile(r"-?[0-9.]*[0-9][.,][0-9]+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_BORN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class Unreadable(Exception):
    """A cell says nothing of its kind; ``reason`` and ``remedy`` are `Text`."""

    def __init__(self, reason: Text, remedy: Text) -> None:
        super().__init__(reason.en)
        self.reason, self.remedy = reason, remedy


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of cell: how it is read and written, and what it is called in the documentation."""

    name: Text
    read: Callable[[str], Any]
    write: Callable[[Any], str]


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")


def _text(cell: str) -> str:
    starts_formula = cell[0] in "=+@\t\r" or (cell[0] == "-" and len(cell) > 1)
    if starts_formula:
        raise Unreadable(
            Text(
                f"{_shown(cell)} würde Excel als Formel ausführen.",
                f"{_shown(cell)} would be run as a formula by Excel.",
            ),
            Text(
                "Das Zeichen am Anfang (= + - @) weglassen.",
                "Leave out the sign it begins with (= + - @).",
            ),
        )
    return cell


def _whole(cell: str) -> int:
    if _WHOLE.fullmatch(cell):
        return int(cell)
    if _DECIMAL.fullmatch(cell):
        raise Unreadable(
            Text(f"{_shown(cell)} ist keine ganze Zahl.", f"{_shown(cell)} is not a whole number."),
            Text(
                "Auf ganze Zahlen runden, ohne Komma und Tausenderpunkt; Anteile in Promille. "
                "In Excel: Zellen formatieren, Zahl, 0 Dezimalstellen; speichern als CSV UTF-8.",
                "Round to whole numbers without comma or thousands point; shares in permille. "
                "In Excel: format cells, number, 0 decimal places; save as CSV UTF-8.",
            ),
        )
    _text(cell)
    raise Unreadable(
        Text(f"{_shown(cell)} ist keine Zahl.", f"{_shown(cell)} is not a number."),
        Text(
            "Eine ganze Zahl eintragen oder leer lassen, wenn unbekannt.",
            "Enter a whole number, or leave it blank if unknown.",
        ),
    )


def _bad_date(cell: str, form: str) -> Unreadable:
    return Unreadable(
        Text(f"{_shown(cell)} ist kein Datum.", f"{_shown(cell)} is not a date."),
        Text(
            f"Schreibweise {form}; in Excel die Spalte als Text formatieren.",
            f"Write it as {form}; in Excel format the column as text.",
        ),
    )


def _day(cell: str) -> date:
    try:
        if _DAY.fullmatch(cell):
            return date.fromisoformat(cell)
    except ValueError:
        pass
    raise _bad_date(cell, "2026-11-23")


def _month(cell: str) -> str:
    found = _MONTH.fullmatch(cell)
    if found and 1 <= int(found[2]) <= 12 and int(found[1]) > 0:
        return cell
    raise _bad_date(cell, "2026-11")


def _born(cell: str) -> PartialDate:
    found = _BORN.fullmatch(cell)
    try:
        if found:
            year, month, day = (None if x is None else int(x) for x in found.groups())
            date(year or 0, month or 1, day or 1)
            return PartialDate(year or 0, month, day)
    except ValueError:
        pass
    raise _bad_date(cell, "1990, 1990-05 / 1990-05-17")


def _instant(cell: str) -> datetime:
    try:
        if cell[:1].isdigit() and len(cell) <= 40 and cell.isascii():
            found = datetime.fromisoformat(cell.replace("Z", "+00:00"))
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise _bad_date(cell, "2026-11-23T08:15:00Z")


def _flag(cell: str) -> bool:
    if cell in ("0", "1"):
        return cell == "1"
    raise Unreadable(
        Text(f"{_shown(cell)} ist weder 0 noch 1.", f"{_shown(cell)} is neither 0 nor 1."),
        Text("1 für ja, 0 für nein.", "1 for yes, 0 for no."),
    )


def _write_born(value: PartialDate) -> str:
    parts = [f"{value.year:04d}"]
    parts += [f"{n:02d}" for n in (value.month, value.day) if n is not None]
    return "-".join(parts)


def _write_instant(value: datetime) -> str:
    value = value.astimezone(UTC)
    form = "%Y-%m-%dT%H:%M:%S.%fZ" if value.microsecond else "%Y-%m-%dT%H:%M:%SZ"
    return value.strftime(form).rjust(20, "0")


def _day_written(value: date) -> str:
    return value.isoformat()


KINDS = {
    "id": Kind(Text("Kennung", "id"), _text, str),
    "ref": Kind(Text("Kennung von anderswo", "id from elsewhere"), _text, str),
    "text": Kind(Text("Text", "text"), _text, str),
    "choice": Kind(Text("eines von", "one of"), _text, str),
    "date": Kind(Text("Datum JJJJ-MM-TT", "date YYYY-MM-DD"), _day, _day_written),
    "month": Kind(Text("Monat JJJJ-MM", "month YYYY-MM"), _month, str),
    "born": Kind(
        Text("JJJJ, JJJJ-MM oder JJJJ-MM-TT", "YYYY, YYYY-MM or YYYY-MM-DD"), _born, _write_born
    ),
    "whole": Kind(Text("ganze Zahl", "whole number"), _whole, str),
    "level": Kind(
        Text("ganze Zahl oder unknown", "whole number or unknown"),
        lambda cell: None if cell == "unknown" else _whole(cell),
        str,
    ),
    "flag": Kind(Text("0 oder 1", "0 or 1"), _flag, lambda value: str(int(value))),
    "instant": Kind(Text("Zeitpunkt UTC", "UTC instant"), _instant, _write_instant),
    "words": Kind(
        Text("Liste, getrennt durch Leerzeichen", "list, separated by spaces"),
        lambda cell: tuple(_text(cell).replace(";", " ").split()),
        " ".join,
    ),
}
