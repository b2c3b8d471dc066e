"""What a list may hold: target fields with the words offices use for them, and reading a row.

German: Listenarten
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from vorort.files.sheets import Table
from vorort.problems import Problem
from vorort.vocabulary import PartialDate, Text

UNKNOWN = ("", "-", "–", "?", "unbekannt", "unknown", "k.a.", "k. a.", "n/a", "nn", "n.n.")


@dataclass(frozen=True, slots=True)
class Target:
    """A field of a kind of list. ``words``: how offices head the column."""

    name: str
    label: Text
    reads: str
    needed: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list, read. ``problems`` empty: it can be used."""

    number: int
    values: Mapping[str, Any]
    problems: tuple[Problem, ...]
    written: Mapping[str, str]  # what stands in the cells


_ID = Target("own_id", Text("eigene Nummer", "own number"), "text",
             words=("nr", "lfdnr", "id", "aktenzeichen", "az", "personennummer", "fallnummer",
                    "kennung"))  # fmt: skip
KINDS: dict[str, tuple[Text, tuple[Target, ...]]] = {
    "residents": (Text("Bewohnerliste", "resident list"), (
        _ID,
        Target("household", Text("Haushalt", "household"), "text",
               words=("familie", "bg", "bgnummer", "bedarfsgemeinschaft", "haushaltsnr")),
        Target("family", Text("Familienname", "family name"), "text", True,
               ("name", "nachname", "zuname")),
        Target("given", Text("Vorname", "given name"), "text", False, ("vornamen", "rufname")),
        Target("born", Text("geboren", "born"), "born", False,
               ("geburtsdatum", "gebdatum", "geb", "gebam", "geborenam", "gebjahr", "geburtsjahr")),
        Target("sex", Text("Geschlecht", "sex"), "sex", False, ("geschl", "mw", "wm", "mwd")),
        Target("unit", Text("Einheit", "unit"), "text", False,
               ("zimmer", "wohnung", "unterkunft", "zimmernr", "raum", "platz")),
        Target("from_on", Text("Einzug", "moved in"), "day", False,
               ("ab", "seit", "eingezogenam", "einzugsdatum", "belegtab")),
        Target("until", Text("Auszug", "moved out"), "day", False,
               ("bis", "ausgezogenam", "auszugsdatum")),
        Target("arrived_on", Text("Ankunft", "arrival"), "day", False,
               ("zuweisung", "zugewiesenam", "angekommen", "einreise")),
        Target("group", Text("Gruppe", "group"), "group", False, ("status", "rechtskreis")),
    )),
    "announcements": (Text("Ankündigungen", "announcements"), (
        _ID,
        Target("expected_on", Text("erwartet am", "expected on"), "day", True,
               ("datum", "ankunft", "zuweisungam", "anreise", "termin")),
        Target("persons", Text("Personen", "persons"), "number", False,
               ("anzahl", "personenzahl", "anzahlpersonen", "pers")),
        Target("ages", Text("Alter", "ages"), "ages", False, ("altersangaben",)),
        Target("group", Text("Gruppe", "group"), "group", False, ("status", "rechtskreis")),
        Target("kind", Text("Art", "kind"), "kind", False, ("haushaltsart", "familienart")),
    )),
    "units": (Text("Einheiten", "units"), (
        Target("site", Text("Standort", "site"), "text", True,
               ("einrichtung", "unterkunft", "objekt", "haus")),
        Target("number", Text("Einheit", "unit"), "text", True,
               ("zimmer", "wohnung", "zimmernr", "nummer", "raum")),
        Target("places", Text("Plätze", "places"), "number", True,
               ("betten", "kapazitaet", "anzahlplaetze")),
        Target("kind", Text("Art", "kind"), "unit_kind", False, ("belegungsart",)),
        Target("sex", Text("Geschlecht", "sex"), "sex"),
        Target("access", Text("stufenlos", "step-free"), "yes_no", False,
               ("barrierefrei", "rollstuhl")),
        Target("floor", Text("Stockwerk", "floor"), "text", False, ("etage", "stock")),
        Target("floor_area_m2", Text("Fläche", "area"), "area", False, ("qm", "m2", "groesse")),
    )),
    "seats": (Text("Platzmeldung", "report of places"), (
        Target("unit", Text("Gruppe", "group"), "text", True,
               ("einheit", "kita", "klasse", "kurs", "nummer")),
        Target("places", Text("Plätze", "places"), "number", True, ("gesamt", "kapazitaet")),
        Target("on", Text("Stand", "as of"), "day", False, ("datum", "gemeldetam")),
    )),
}  # fmt: skip


def plain(text: str) -> str:
    """A heading without marks, blanks and case: `Geb.-Datum` is `gebdatum`."""
    text = text.casefold()
    for mark, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("²", "2")):
        text = text.replace(mark, letters)
    letters = unicodedata.normalize("NFKD", text)
    return re.sub(r"[^a-z0-9]", "", letters)


def guess(table: Table, kind: str) -> dict[str, int]:
    """Which column holds which field, by its heading; each column once, exact words first."""
    found: dict[str, int] = {}
    heads = [plain(h) for h in table.header]
    for exact in (True, False):
        for target in KINDS[kind][1]:
            if target.name in found:
                continue
            own = (target.label.de, target.label.en, target.name)
            words = [plain(w) for w in (*own, *target.words)]
            for at, head in enumerate(heads):
                fits = head in words if exact else any(
                    len(w) > 3 and head.startswith(w) for w in words
                )  # fmt: skip
                if head and fits and at not in found.values():
                    found[target.name] = at
                    break
    return found


def read_rows(
    table: Table, kind: str, mapping: Mapping[str, int], today: date, name: str = ""
) -> list[Row]:
    """Every row with its values or its complaints, all of them."""
    targets = KINDS[kind][1]
    found = []
    for number, cells in table.rows:
        values: dict[str, Any] = {}
        written: dict[str, str] = {}
        problems = []
        for target in targets:
            at = mapping.get(target.name)
            text = cells[at] if at is not None and at < len(cells) else ""
            written[target.name] = text
            if text.casefold() in UNKNOWN:
                values[target.name] = None
                if target.needed:
                    problems.append(_problem(name, number, target, "fehlt", "is missing"))
                continue
            value = _READERS[target.reads](text, today)
            if value is None:
                problems.append(_problem(
                    name, number, target, f"„{text[:40]}“ ist nicht lesbar",
                    f"“{text[:40]}” cannot be read",
                ))  # fmt: skip
            values[target.name] = value
        found.append(Row(number, values, tuple(problems), written))
    return found


def missing(kind: str, mapping: Mapping[str, int]) -> list[Target]:
    """Needed fields for which no column is named."""
    return [t for t in KINDS[kind][1] if t.needed and t.name not in mapping]


def _problem(name: str, number: int, target: Target, de: str, en: str) -> Problem:
    return Problem(
        name, f"{target.label.de}: {de}.", f"{target.label.en}: {en}.",
        "Zelle berichtigen.", "Correct the cell.", row=number, column=target.name,
    )  # fmt: skip


# ---- cells --------------------------------------------------------------------------------------


def _day(text: str, today: date) -> date | None:
    text = (text.split() or [""])[0]
    if re.fullmatch("[0-9]{5}", text):  # a spreadsheet's day number
        return date.fromordinal(date(1899, 12, 30).toordinal() + int(text))
    parts = text.split("-") if "-" in text else text.strip(".").split(".")[::-1]
    if "/" in text:
        parts = text.split("/")[::-1]
    try:
        year, month, day = (int(p) for p in parts)
        year += (2000 if year <= (today.year + 5) % 100 else 1900) if year < 100 else 0
        found = date(year, month, day)
    except (ValueError, OverflowError):
        return None
    return found if 1900 <= found.year <= 2100 else None


def _born(text: str, today: date) -> PartialDate | None:
    if re.fullmatch(r"(19|20)\d\d", text):
        return PartialDate(int(text)) if int(text) <= today.year else None
    found = _day(text, today)
    if found is not None and found > today and found.year - 100 > 1900:
        found = found.replace(year=found.year - 100) if len(text.split(".")[-1]) == 2 else None
    if found is None or found > today:
        return None
    return PartialDate(found.year, found.month, found.day)


def _number(text: str, today: date) -> int | None:
    plain_ = text.replace(" ", "").replace(".", "") if re.fullmatch(r"[\d. ]+", text) else text
    plain_ = re.sub(r"(,0+|m²|qm|m2)$", "", plain_).strip()
    return int(plain_) if plain_.isascii() and plain_.isdigit() and len(plain_) < 6 else None


def _area(text: str, today: date) -> int | None:
    """Square metres, 32,5 or 32.5; the register holds whole ones, rounded down."""
    bare = re.sub(r"\s*(m²|m2|qm)$", "", text.strip().casefold()).replace(" ", "")
    if "," in bare:
        bare = bare.replace(".", "").replace(",", ".")
    return int(float(bare)) if re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,3})?", bare) else None


_SEXES = {
    "f": ("w", "f", "weiblich", "frau", "female", "frauen"),
    "m": ("m", "maennlich", "mann", "male", "maenner"),
    "d": ("d", "divers", "diverse", "x"),
}
_GROUPS = {
    "asylum": ("asyl", "asylbewerber", "asylblg", "asylum", "gestattung"),
    "temporary": ("24", "ukraine", "24aufenthg", "temporary"),
    "reunification": ("familiennachzug", "fz", "reunification"),
    "resettlement": ("resettlement", "aufnahmeprogramm", "aufnahme"),
    "other": ("sonstige", "eu", "other", "andere"),
}
_HOMES = {
    "family": ("familie", "family"), "couple": ("paar", "couple", "ehepaar"),
    "single": ("allein", "single", "einzelperson", "alleinstehend"),
    "lone_parent": ("alleinerziehend", "loneparent"),
}  # fmt: skip
_UNITS = {
    "family": ("familie", "family", "wohnung", "haushalt"),
    "shared": ("gemeinsam", "shared", "mehrbett", "mehrbettzimmer", "zimmer"),
}


def _one_of(words: Mapping[str, tuple[str, ...]]) -> Callable[[str, date], str | None]:
    def read(text: str, today: date) -> str | None:
        wanted = plain(text)
        return next((k for k, ws in words.items() if wanted in ws or wanted == k), None)

    return read


def _ages(text: str, today: date) -> tuple[int, ...] | None:
    parts = re.split(r"[\s,;/+]+", text.strip())
    if not parts or not all(re.fullmatch("[0-9]{1,3}", p) and int(p) < 120 for p in parts):
        return None
    return tuple(int(p) for p in parts)


def _yes_no(text: str, today: date) -> int | None:
    found = {"ja": 1, "j": 1, "x": 1, "1": 1, "yes": 1, "nein": 0, "n": 0, "0": 0, "no": 0}
    return found.get(plain(text))


_READERS: dict[str, Callable[[str, date], Any]] = {
    "text": lambda text, today: text, "day": _day, "born": _born, "number": _number, "area": _area,
    "sex": _one_of(_SEXES), "group": _one_of(_GROUPS), "kind": _one_of(_HOMES),
    "unit_kind": _one_of(_UNITS), "ages": _ages, "yes_no": _yes_no,
}  # fmt: skip
