"""Lists out: as CSV for German spreadsheets and as XLSX; never a formula. German: Ausgabe"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from vorort.files.lists import KINDS
from vorort.ledger import BEDS, age_on, bucket_of, occupancy
from vorort.vocabulary import Text
from vorort.web import bridge, clock, sight
from vorort.web.accounts import rights
from vorort.web.accounts.models import User
from vorort.web.intake.models import Name
from vorort.web.tasks.kinds import KINDS as TASKS
from vorort.web.tasks.queries import tasks_for
from vorort.web.town.queries import sites_of

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


# ---- what goes out ------------------------------------------------------------------------------


def households(user: User) -> tuple[list[str], Rows]:
    """Households a user may open; names only with the right to them."""
    sees = rights.may(user, rights.NAMES)
    hidden = sight.hidden_households(user)
    names: dict[str, str] = {}
    if sees:
        found = Name.objects.filter(person__membership__household__isnull=False).values_list(
            "person__membership__household__key", "family"
        )
        for key, family in found:
            names.setdefault(key, family)
    header = ["Haushalt", *(["Name"] if sees else []), "Art", "Gruppe", "Ankunft", "zuständig"]
    rows = [
        [h.key, *([names.get(h.key, "") if h.key not in hidden else ""] if sees else []),
         _word(h.kind), _word(h.group), h.arrived_on, h.responsible]
        for h in sight.households_for(user).order_by("key")
    ]  # fmt: skip
    return header, rows


def residents(user: User) -> tuple[list[str], Rows]:
    """Who sleeps where tonight; protected people are "belegt", without number or name."""
    today = clock.today()
    sites = sight.sites_for(user, rights.BOARD)
    ledger = bridge.sites_between(sites.values_list("pk", flat=True), today, _next(today))
    shown = sight.shown_households(user)
    sees = rights.may(user, rights.NAMES)
    names = {n.person.key: n for n in Name.objects.select_related("person").order_by("-id")} if (
        sees) else {}  # fmt: skip
    named = ["Familienname", "Vorname"] if sees else []
    header = ["Standort", "Einheit", "Haushalt", "Person", *named, "Alter", "Geschlecht", "ab",
              "Zustand"]  # fmt: skip
    rows: Rows = []
    for row in ledger.current:
        if row.unit is None or row.domain != BEDS or not bucket_of(row, today, today):
            continue
        who = ledger.household_of(row.person, today)
        site = ledger.facility[ledger.unit[row.unit].facility].name
        if who not in shown:
            rows.append([site, row.unit, "belegt", *[""] * (len(header) - 3)])
            continue
        person = ledger.person[row.person]
        name = names.get(row.person)
        rows.append([
            site, row.unit, who, row.person,
            *([name.family if name else "", name.given if name else ""] if sees else []),
            age_on(person.born, today), person.sex, row.from_, _word(row.status),
        ])  # fmt: skip
    return header, sorted(rows, key=lambda r: (r[0], r[1], r[2]))


def board(user: User) -> tuple[list[str], Rows]:
    """Units with their places tonight."""
    today = clock.today()
    sites = sight.sites_for(user, rights.BOARD)
    ledger = bridge.sites_between(sites.values_list("pk", flat=True), today, _next(today))
    found = occupancy(ledger, today, today=today).units
    header = ["Standort", "Einheit", "Plätze", "belegt", "vorgemerkt", "freigehalten", "gesperrt",
              "Rest", "zu viel", "frei"]  # fmt: skip
    rows = [
        [ledger.facility[u.facility].name, u.id, s.nominal, s.used, s.held, s.kept,
         s.blocked_places, s.unfit, s.over, s.free]
        for u in ledger.units if u.domain == BEDS for s in [found[u.id]]
    ]  # fmt: skip
    return header, sorted(rows, key=lambda r: (r[0], r[1]))


def sites(user: User) -> tuple[list[str], Rows]:
    """Sites with contract and cost."""
    header = ["Nummer", "Name", "Art", "Stadtteil", "Stelle", "Vertrag bis", "Kosten je Monat"]
    rows = [
        [s.key, s.name, _word(s.kind), s.district.name, s.owner.name, s.lease_until,
         s.cost_month_eur] for s in sites_of(user)
    ]  # fmt: skip
    return header, rows


def tasks(user: User) -> tuple[list[str], Rows]:
    """Open tasks."""
    header = ["Aufgabe", "fällig", "Haushalt", "Einheit", "Stelle"]
    found = tasks_for(user).select_related("household", "unit", "office").order_by("due", "id")
    rows = [
        [TASKS[t.kind].de, t.due, t.household.key if t.household else "",
         t.unit.key if t.unit else "", t.office.name] for t in found
    ]  # fmt: skip
    return header, rows


OUT: dict[str, tuple[Text, str, Any]] = {
    "households": (Text("Haushalte", "households"), rights.HOUSEHOLD, households),
    "residents": (Text("Bewohner heute Nacht", "residents tonight"), rights.HOUSEHOLD, residents),
    "board": (Text("Belegung heute Nacht", "occupancy tonight"), rights.BOARD, board),
    "sites": (Text("Standorte", "sites"), rights.BOARD, sites),
    "tasks": (Text("Aufgaben", "tasks"), rights.TASKS, tasks),
}
PURPOSES = (
    ("placing", Text("Belegung planen", "plan placements")),
    ("costs", Text("Abrechnung, Erstattung", "billing, reimbursement")),
    ("emergency", Text("Notfall, Ausfall", "emergency, outage")),
    ("report", Text("Bericht an eine Stelle", "report to an office")),
    ("check", Text("Daten prüfen", "check the records")),
)


def _word(code: str | None) -> str:
    from vorort.web.words import WORDS

    return WORDS.get(code or "", (code or "unbekannt",))[0]


def _next(day: date) -> date:
    return day + timedelta(days=1)
