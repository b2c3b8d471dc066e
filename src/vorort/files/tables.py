"""The tables of the scenario folder, declared once: reader, writer and page follow them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import get_args

from vorort.vocabulary import EventKind, PlacementStatus, Text

GROUPS = ("asylum", "temporary", "reunification", "resettlement", "other")
HOUSEHOLD_KINDS = ("family", "couple", "lone_parent", "single", "uam", "unknown")
SITE_KINDS = (
    "shared",
    "container",
    "hotel",
    "hall",
    "rented_flats",
    "kita",
    "school",
    "course",
    "office",
)
CERTAINTY = ("decided", "planned", "option")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: kind of cell, whether it may be blank (= unknown), what it means.

    ``refers`` names the table whose ids it holds. Numbers lie in [minimum, maximum].
    """

    name: str
    kind: str
    de: str
    en: str
    blank: bool = False
    choices: tuple[str, ...] = ()
    refers: str = ""
    minimum: int | None = 0
    maximum: int = 1_000_000_000


@dataclass(frozen=True)
class Table:
    """A file of the folder: one header row, then one row each."""

    file: str
    text: Text
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("id",)

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """Columns by name, with those that are allowed everywhere."""
        return {c.name: c for c in self.all_columns}

    @cached_property
    def all_columns(self) -> tuple[Column, ...]:
        """The declared columns, then `recorded_at` and `source` where not declared."""
        own = {c.name for c in self.columns}
        return (*self.columns, *(c for c in EVERYWHERE if c.name not in own))


def _id(de: str = "eindeutige Kennung", en: str = "unique id") -> Column:
    return Column("id", "id", de, en)


def _ref(name: str, refers: str, de: str, en: str, blank: bool = False) -> Column:
    return Column(name, "ref", de, en, blank, refers=refers)


def _choice(name: str, choices: tuple[str, ...], de: str, en: str, blank: bool = False) -> Column:
    return Column(name, "choice", de, en, blank, choices)


def _day(name: str, de: str, en: str, blank: bool = True) -> Column:
    return Column(name, "date", de, en, blank)


def _n(
    name: str, de: str, en: str, blank: bool = True, minimum: int | None = 0, maximum: int = 10**9
) -> Column:
    return Column(name, "whole", de, en, blank, minimum=minimum, maximum=maximum)


def _flag(name: str, de: str, en: str, blank: bool = True) -> Column:
    return Column(name, "flag", de, en, blank)


def _text(name: str, de: str, en: str, blank: bool = True) -> Column:
    return Column(name, "text", de, en, blank)


EVERYWHERE = (
    Column("recorded_at", "instant", "wann es erfasst wurde", "when it was recorded", True),
    _text("source", "woher die Angabe stammt", "where it comes from"),
)
HOUSEHOLDS = Table(
    "households.csv",
    Text("Haushalte: wer zusammengehört", "households: who belongs together"),
    (
        _id(),
        _choice(
            "kind",
            HOUSEHOLD_KINDS,
            "Art; uam = unbegleitet minderjährig",
            "kind; uam = unaccompanied minor",
        ),
        _choice("group", GROUPS, "Gruppe der Zuwanderung", "group of migration"),
        _day("arrived_on", "Ankunft in der Kommune", "arrival in the Kommune"),
        _ref("district", "district", "Stadtteil des Wohnens", "district of residence", True),
        _flag("hosted", "wohnt privat, braucht kein Bett", "lives privately, needs no bed"),
        _flag("protected", "Auskunftssperre, Schutz", "address protected", False),
        _text("responsible", "zuständige Stelle", "responsible body"),
        _day("responsible_from", "zuständig seit", "responsible since"),
        _day(
            "may_move_from",
            "darf in eine eigene Wohnung ab",
            "may move to a flat of their own from",
        ),
        _n(
            "size_stated",
            "angegebene Größe (Familie, etwa 5)",
            "stated size (family, about 5)",
            minimum=1,
            maximum=99,
        ),
        _ref(
            "announced_id",
            "announced",
            "Ankündigung, aus der er wurde",
            "announcement it came from",
            True,
        ),
    ),
)
PERSONS = Table(
    "persons.csv",
    Text("Personen und ihre Zugehörigkeit", "persons and their membership"),
    (
        _ref("household", "household", "Haushalt", "household"),
        _id("Kennung; mit member_from eindeutig", "id; unique together with member_from"),
        _day("member_from", "gehört dazu ab", "belongs from"),
        _day("member_until", "bis vor", "until before"),
        _text("reason", "Grund der Zugehörigkeit", "reason of membership"),
        Column("born", "born", "Geburt, so weit bekannt", "birth as far as known", True),
        _choice("sex", ("f", "m", "d"), "Geschlecht", "sex", True),
        _text("legal_basis", "Aufenthaltsstatus", "legal basis"),
        _day("legal_from", "gültig ab", "valid from"),
        _day("legal_until", "gültig bis vor", "valid until before"),
        _text("second_basis", "zweiter, überlappender Status", "second, overlapping basis"),
        _day("second_from", "gültig ab", "valid from"),
        _day("second_until", "gültig bis vor", "valid until before"),
        _n(
            "claim_basis",
            "welcher den Anspruch eröffnet: 1 oder 2",
            "which one opens the claim: 1 or 2",
            minimum=1,
            maximum=2,
        ),
        _day("recognised_on", "anerkannt am", "recognised on"),
        _flag("needs_access", "braucht barrierefreien Platz", "needs a step-free place"),
        _day("left_on", "fort seit", "left on"),
        _text("left_reason", "Grund", "reason"),
    ),
    ("id", "member_from"),
)
FACILITIES = Table(
    "facilities.csv",
    Text("Einrichtungen", "sites"),
    (
        _id(),
        _text("name", "Name", "name", False),
        _ref("district", "district", "Stadtteil", "district"),
        _choice("kind", SITE_KINDS, "Art", "kind"),
        _ref("owner", "office", "Stelle, die allein bestätigt", "office that alone confirms"),
        _day("opens_on", "öffnet am; leer = ist offen", "opens on; blank = is open"),
        _day(
            "lease_until", "Mietende: erster Tag ohne Plätze", "lease end: first day without places"
        ),
        _n("notice_months", "Kündigungsfrist in Monaten", "notice in months", maximum=240),
        _n("cost_month_eur", "Kosten je Monat, Euro", "cost a month, euro"),
        _n("cost_once_eur", "einmalige Kosten, Euro", "one-off cost, euro"),
        _n(
            "standby_eur", "Kosten je Monat in Bereitschaft, Euro", "cost a month on stand-by, euro"
        ),
        _n("activation_days", "Tage bis zur Inbetriebnahme", "days to put into use", maximum=3650),
    ),
)
UNITS = Table(
    "units.csv",
    Text(
        "Einheiten: Wohnung, Zimmer, Gruppe, Klasse, Schalter",
        "units: flat, room, group, class, counter",
    ),
    (
        _id(),
        _ref("facility", "facility", "Einrichtung", "site"),
        Column(
            "adjoins",
            "words",
            "verbundene Einheiten (; getrennt), gegenseitig",
            "adjoining units (;), mutual",
            True,
        ),
        _choice(
            "kind",
            ("family", "shared"),
            "family = eine Partei, shared = mehrere",
            "family = one party, shared = several",
        ),
        _choice(
            "sex",
            ("f", "m", "any", "by_first"),
            "Regel in Gemeinschaftseinheiten; leer = nach erster Person",
            "rule in shared units; blank = who is first decides",
            True,
        ),
        _ref("domain", "domain", "Handlungsfeld", "domain"),
        _ref(
            "pool",
            "pool",
            "Topf im Handlungsfeld (u3, primary, general ...)",
            "pool in the domain (u3, primary, general ...)",
        ),
        _n(
            "places",
            "Plätze, oder Zahl je Zeitraum",
            "places, or a number per period",
            False,
            maximum=100_000,
        ),
        _choice(
            "per",
            ("place", "week", "month"),
            "place = Plätze; sonst je Woche, Monat",
            "place; else per week, month",
        ),
        _choice("for", ("everyone", "newcomers"), "für wen", "for whom"),
        _flag("access", "barrierefrei", "step-free"),
        _n("floor_area_m2", "Fläche in m²", "floor area in m²", maximum=100_000),
        _day("reported_on", "gemeldet am", "reported on"),
        _ref("reported_by", "office", "gemeldet von", "reported by", True),
        _n(
            "other_places", "Zahl einer anderen Stelle", "figure of another office", maximum=100_000
        ),
        _ref("other_by", "office", "jene Stelle", "that office", True),
        _day("other_on", "deren Stand", "its date"),
        _text("building", "Gebäude", "building"),
        _text("floor", "Geschoss", "floor"),
        Column("features", "words", "Merkmale (; getrennt)", "features (;)", True),
    ),
)
PLACEMENTS = Table(
    "placements.csv",
    Text("Belegungen und Wartende, als Versionen", "placements and waiting people, as versions"),
    (
        _id(),
        _ref("person", "person", "Person", "person"),
        _ref("domain", "domain", "Handlungsfeld", "domain"),
        _ref("unit", "unit", "Einheit; leer = wartet", "unit; blank = waits", True),
        _choice("status", get_args(PlacementStatus), "Status", "status"),
        _day("requested_on", "angefragt am", "asked for on"),
        _day("from", "ab", "from"),
        _day("until", "bis vor", "until before"),
        _text("ended_reason", "Grund des Endes", "reason of the end"),
        _day(
            "kept_until",
            "freigehalten bis; bei held: Vormerkung läuft ab",
            "kept until; with held: the hold expires",
        ),
        _text("over_occupancy_reason", "Grund der Überbelegung", "reason of over-occupancy"),
        _day("over_until", "überbelegt bis", "over-occupied until"),
        _flag(
            "second_place",
            "zweiter Platz, zählt als freigehalten",
            "second place, counts as kept",
            False,
        ),
        EVERYWHERE[0],
        _ref(
            "replaces", "placement", "Version, die diese ersetzt", "version this one replaces", True
        ),
    ),
)
CAPACITY_EVENTS = Table(
    "capacity_events.csv",
    Text("datierte Änderungen der Plätze", "dated changes of places"),
    (
        _id(),
        _ref("target", "unit or facility", "Einheit oder Einrichtung", "unit or site"),
        _day("date", "Tag", "day", False),
        _choice("kind", get_args(EventKind), "Art", "kind"),
        _n(
            "places",
            "Plätze; leer = alle; bei step mit Vorzeichen",
            "places; blank = all; signed with step",
            minimum=None,
            maximum=100_000,
        ),
        _day("until", "endet am", "ends on"),
        _choice("status", CERTAINTY, "Verbindlichkeit", "how certain"),
        _n("delay_low_days", "Verzug, unten", "delay, low", minimum=None, maximum=3650),
        _n("delay_high_days", "Verzug, oben", "delay, high", minimum=None, maximum=3650),
        _text(
            "reason",
            "Grund; erstes Wort = Art der Sperrung (Reparatur, Wechsel, Reserve, geschlossen)",
            "reason; its first word names the kind of block (repair, turnaround, reserve, closed)",
        ),
    ),
)
RESIDENT_DEMAND = Table(
    "resident_demand.csv",
    Text("Bedarf der übrigen Bevölkerung", "demand of other residents"),
    (
        Column("month", "month", "Monat", "month"),
        _ref("district", "district or all", "Stadtteil oder all", "district or all"),
        _ref("domain", "domain", "Handlungsfeld", "domain"),
        _ref("pool", "pool", "Topf", "pool", True),
        *(
            Column(
                name,
                "level",
                "ganze Zahl; alle drei oder alle unknown",
                "whole number; all three or all unknown",
            )
            for name in ("low", "central", "high")
        ),
        _text("source", "woher die Angabe stammt", "where it comes from", False),
    ),
    ("month", "district", "domain", "pool"),
)
ANNOUNCED = Table(
    "announced.csv",
    Text("angekündigte Haushalte", "announced households"),
    (
        _id(),
        _day("expected_on", "erwartet am", "expected on", False),
        _choice("group", GROUPS, "Gruppe", "group"),
        _choice("kind", HOUSEHOLD_KINDS, "Art", "kind"),
        _n("persons", "Personen", "people", minimum=1, maximum=99),
        Column("ages", "words", "Alter in Jahren: 34 31 6 2", "ages in years: 34 31 6 2", True),
        Column(
            "sexes",
            "words",
            "Geschlechter, - = unbekannt: f m - f",
            "sexes, - = unknown: f m - f",
            True,
        ),
        _text("source", "woher die Angabe stammt", "where it comes from", False),
        _n(
            "probability_permille",
            "Wahrscheinlichkeit in Promille; leer = 1000",
            "probability in permille; blank = 1000",
            maximum=1000,
        ),
    ),
)
MEASURES = Table(
    "measures.csv",
    Text(
        "Maßnahmen; decided wird zum Kapazitätsereignis",
        "measures; decided ones become capacity events",
    ),
    (
        _id(),
        _text("name", "Name", "name", False),
        _day("decision_on", "Beschluss am", "decided on"),
        *(
            _n(
                f"lead_{name}_days",
                f"Vorlauf in Tagen, {de}",
                f"lead time in days, {name}",
                maximum=36_500,
            )
            for name, de in (("low", "unten"), ("mid", "Mitte"), ("high", "oben"))
        ),
        _ref("domain", "domain", "Handlungsfeld", "domain"),
        _ref("pool", "pool", "Topf", "pool"),
        _n("places", "Plätze mit Vorzeichen", "places, signed", False, None, 100_000),
        _n("lifetime_months", "Lebensdauer in Monaten", "lifetime in months", maximum=1200),
        _n("once_eur", "einmalig, Euro", "one-off, euro"),
        _n("month_eur", "je Monat, Euro", "a month, euro"),
        _text("owner", "wer sie betreibt", "who runs it"),
        _text("source", "woher", "where from", False),
        _choice("status", CERTAINTY, "Verbindlichkeit", "how certain"),
    ),
)

TABLES = (
    HOUSEHOLDS,
    PERSONS,
    FACILITIES,
    UNITS,
    PLACEMENTS,
    CAPACITY_EVENTS,
    RESIDENT_DEMAND,
    ANNOUNCED,
    MEASURES,
)
HOUSEHOLD = "household or announced"
NEEDS = Table(
    "needs.csv",
    Text("Anforderungen an Plätze, mit Ablaufdatum", "requirements of places, with expiry"),
    (
        _ref("household", HOUSEHOLD, "Haushalt oder Ankündigung", "household or announcement"),
        _ref("person", "person", "Person; leer = ganzer Haushalt", "person; blank = all", True),
        _text(
            "code",
            "Merkmal einer Einheit, oder own_unit, protected, screening_open, interpreter",
            "feature of a unit, or own_unit, protected, screening_open, interpreter",
            False,
        ),
        _choice(
            "strength",
            ("must", "should"),
            "must = muss erfüllt sein (auch wenn leer), should = soll",
            "must (also where blank) or should",
            True,
        ),
        _day("until", "gilt bis vor", "holds until before"),
        _text("language", "Sprache, nur bei interpreter", "language, with interpreter only"),
    ),
    ("household", "person", "code"),
)
WISHES = Table(
    "wishes.csv",
    Text("Wünsche der Haushalte", "wishes of households"),
    (
        _ref("household", HOUSEHOLD, "Haushalt oder Ankündigung", "household or announcement"),
        _choice("kind", ("district", "facility", "near"), "Art", "kind"),
        _text(
            "target",
            "Stadtteil, Einrichtung, oder Haushalt in der Nähe",
            "district, site, or household to be near to",
            False,
        ),
    ),
    ("household", "kind", "target"),
)
EXCLUSIONS = Table(
    "exclusions.csv",
    Text(
        "Ausschlüsse: zwei Haushalte nicht in einem Gebäude, oder einer nicht in diesem",
        "exclusions: two households not in one building, or one not in this one",
    ),
    (
        _ref("household", HOUSEHOLD, "Haushalt oder Ankündigung", "household or announcement"),
        _ref("other", HOUSEHOLD, "der andere Haushalt", "the other household", True),
        _ref("facility", "facility", "Einrichtung", "site", True),
        _text("building", "Gebäude darin; leer = alle", "building of it; blank = all"),
        _day("until", "gilt bis vor", "holds until before"),
    ),
    ("household", "other", "facility", "building"),
)
REACH = Table(
    "reach.csv",
    Text(
        "Minuten zwischen Stadtteilen, in beide Richtungen; ohne Zeile unbekannt",
        "minutes between districts, both ways; no row = unknown",
    ),
    (
        _ref("district", "district", "Stadtteil", "district"),
        _ref("other", "district", "anderer Stadtteil", "other district"),
        _n("minutes", "Minuten", "minutes", False, maximum=600),
    ),
    ("district", "other"),
)
OPEN_NEEDS = Table(
    "open_needs.csv",
    Text(
        "offene Bedarfe für die Vergabe; ohne Datei: was im Platzbuch offen ist",
        "open needs to be placed; without the file: what is open in the ledger",
    ),
    (
        _ref("household", HOUSEHOLD, "Haushalt oder Ankündigung", "household or announcement"),
        _ref("person", "person", "Person; leer = ganzer Haushalt", "person; blank = all", True),
        _ref("domain", "domain", "Handlungsfeld", "domain"),
        _day("due", "Frist", "due"),
        _day("since", "offen seit", "open since"),
    ),
    ("household", "person", "domain"),
)
LOCKS = Table(
    "locks.csv",
    Text("Festlegungen für die Vergabe", "decisions that bind the placement"),
    (
        _ref("household", HOUSEHOLD, "Haushalt oder Ankündigung", "household or announcement"),
        _ref("unit", "unit", "Einheit", "unit"),
        _choice(
            "kind",
            ("lock", "forbid"),
            "lock = genau hier, forbid = nicht hier",
            "lock = exactly here, forbid = not here",
        ),
        _text("reason", "Grund", "reason"),
    ),
    ("household", "unit"),
)
REQUESTS = Table(
    "requests.csv",
    Text(
        "Anfragen an andere Stellen: offene, und zugesagte, deren Platz noch belegt ist",
        "requests to other offices: open ones, and confirmed ones whose place is still held",
    ),
    (
        _ref("person", "person", "Person", "person"),
        _ref("domain", "domain", "Handlungsfeld", "domain"),
        _ref("asker", "office", "Stelle, die fragt", "office that asks"),
        _ref("owner", "office", "Stelle, der der Platz gehört", "office that owns the place"),
        _choice(
            "status",
            ("open", "countered", "confirmed"),
            "open = ohne Antwort, countered = Gegenangebot, confirmed = zugesagt",
            "open = no answer yet, countered = something else was offered, confirmed = given",
        ),
        _day("wanted_from", "gewünscht ab", "wanted from", False),
        _day("due", "Antwort erbeten bis", "answer asked for by", False),
        _ref("unit", "unit", "Einheit; leer = eine der Stelle", "unit; blank = any of it", True),
        _ref("offer_unit", "unit", "angebotene, zugesagte Einheit", "unit offered or given", True),
        _day("offer_from", "angeboten, zugesagt ab", "offered or given from"),
    ),
    ("person", "domain", "status", "unit", "wanted_from", "offer_unit", "offer_from"),
)
# Read where they lie in the folder; `place` uses them, the outlook does not.
OPTIONAL = (NEEDS, WISHES, EXCLUSIONS, REACH, OPEN_NEEDS, LOCKS, REQUESTS)
RULES_FILE = "rules.yaml"
LATER = {
    **{t.file: t.text for t in OPTIONAL},
    RULES_FILE: Text("Regeln und Ziele der Vergabe", "rules and goals of placement"),
}
