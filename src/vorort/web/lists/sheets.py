"""Lists out: as CSV for German spreadsheets and as XLSX; never a formula. German: Ausgabe"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from vorort.files.lists import KINDS

Rows = list[list[Any]]


def safe(value: Any) -> Any:
    """A cell no spreadsheet takes for a formula; days as TT.MM.JJJJ."""
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value


def as_csv(header: Sequence[str], rows: Rows) -> bytes:
    """UTF-8 with mark, semicolons: what a German spreadsheet opens by a double click."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe(h) for h in header])
    writer.writerows([safe(c) for c in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(header: Sequence[str], rows: Rows, notes: Sequence[str] = ()) -> bytes:
    """One sheet with a frozen head, and one of notes where there are any."""
    import xlsxwriter

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet("Liste")
        bold = book.add_format({"bold": True})
        for column, head in enumerate(header):
            sheet.write_string(0, column, head, bold)
            sheet.set_column(column, column, max(10, min(40, len(head) + 4)))
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                plain = safe(value)
                if isinstance(plain, int | float):
                    sheet.write_number(number, column, plain)
                else:
                    sheet.write_string(number, column, str(plain))
        sheet.freeze_panes(1, 0)
        if notes:
            page = book.add_worksheet("Hinweise")
            page.set_column(0, 0, 100)
            for number, note in enumerate(notes):
                page.write_string(number, 0, note)
    return target.getvalue()


# ---- templates ----------------------------------------------------------------------------------

INVENTED: dict[str, Rows] = {
    "residents": [
        ["B-101", "F-1", "Kastan", "Amira", "12.03.1992", "w", "", "23.11.2026", "", "20.11.2026",
         "Asyl"],
        ["B-102", "F-1", "Kastan", "Sami", "2015", "m", "", "23.11.2026", "", "20.11.2026", "Asyl"],
        ["B-103", "", "Ostrenko", "Taras", "01.07.1988", "m", "", "23.11.2026", "", "", "§ 24"],
    ],
    "announcements": [
        ["Z-1", "30.11.2026", 4, "34 31 6 2", "§ 24", "Familie"],
        ["Z-2", "02.12.2026", 1, "", "Asyl", "allein"],
    ],
    "units": [["GU-ZIE", "GU-ZIE-099", 4, "Familie", "", "ja", "1", 32]],
    "seats": [["KI-05-U3", 10, "23.11.2026"]],
}  # fmt: skip
NOTES = (
    "Eine Zeile je Person oder Einheit. Spalten dürfen anders heißen oder fehlen; beim Einlesen "
    "werden sie zugeordnet und das wird gemerkt.",
    "Tage als TT.MM.JJJJ, unbekannt bleibt leer. Geschlecht w, m, d.",
    "Wer dieselbe Nummer im Feld Haushalt hat, gehört zusammen.",
    "Die Beispielzeilen sind erfunden.",
)


def template(kind: str) -> tuple[list[str], Rows]:
    """The columns of a kind of list, with invented rows."""
    return [t.label.de for t in KINDS[kind][1]], INVENTED[kind]
