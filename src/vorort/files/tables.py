"""The tables of the scenario folder, declared once: reader, writer and page follow them."""

from __future__ import annotations

from typing import get_args

from vorort.files.declared import (
    EVERYWHERE,
    Column,
    Table,
    choice,
    day,
    flag,
    own_id,
    ref,
    text,
    whole,
)
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

HOUSEHOLDS = Table(
    "households.csv",
    Text("Haushalte: wer zusammengehört", "households: who belongs together"),
    (
        own_id(),
        choice(
            "kind",
            HOUSEHOLD_KINDS,
            "Art; uam = unbegleitet minderjährig",
            "kind; uam = unaccompanied minor",
        ),
        choice("group", GROUPS, "Gruppe der Zuwanderung", "group of migration"),
        day("arrived_on", "Ankunft in der Kommune", "arrival in the Kommune"),
        ref("district", "district", "Stadtteil des Wohnens", "district of residence", True),
        flag("hosted", "wohnt privat, braucht kein Bett", "lives privately, needs no bed"),
        flag("protected", "Auskunftssperre, Schutz", "address protected", False),
        text("responsible", "zuständige Stelle", "responsible body"),
        day("responsible_from", "zuständig seit", "responsible since"),
        day(
            "may_move_from",
            "darf in eine eigene Wohnung ab",
            "may move to a flat of their own from",
        ),
        whole(
            "size_stated",
            "angegebene Größe (Familie, etwa 5)",
            "stated size (family, about 5)",
            minimum=1,
            maximum=99,
        ),
        ref(
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
        ref("household", "household", "Haushalt", "household"),
        own_id("Kennung; mit member_from eindeutig", "id; unique together with member_from"),
        day("member_from", "gehört dazu ab", "belongs from"),
        day("member_until", "bis vor", "until before"),
        text("reason", "Grund der Zugehörigkeit", "reason of membership"),
        Column("born", "born", "Geburt, so weit bekannt", "birth as far as known", True),
        choice("sex", ("f", "m", "d"), "Geschlecht", "sex", True),
        text("legal_basis", "Aufenthaltsstatus", "legal basis"),
        day("legal_from", "gültig ab", "valid from"),
        day("legal_until", "gültig bis vor", "valid until before"),
        text("second_basis", "zweiter, überlappender Status", "second, overlapping basis"),
        day("second_from", "gültig ab", "valid from"),
        day("second_until", "gültig bis vor", "valid until before"),
        whole(
            "claim_basis",
            "welcher den Anspruch eröffnet: 1 oder 2",
            "which one opens the claim: 1 or 2",
            minimum=1,
            maximum=2,
        ),
        day("recognised_on", "anerkannt am", "recognised on"),
        flag("needs_access", "braucht barrierefreien Platz", "needs a step-free place"),
        day("left_on", "fort seit", "left on"),
        text("left_reason", "Grund", "reason"),
    ),
    ("id", "member_from"),
)
FACILITIES = Table(
    "facilities.csv",
    Text("Einrichtungen", "sites"),
    (
        own_id(),
        text("name", "Name", "name", False),
        ref("district", "district", "Stadtteil", "district"),
        choice("kind", SITE_KINDS, "Art", "kind"),
        ref("owner", "office", "Stelle, die allein bestätigt", "office that alone confirms"),
        day("opens_on", "öffnet am; leer = ist offen", "opens on; blank = is open"),
        day(
            "lease_until", "Mietende: erster Tag ohne Plätze", "lease end: first day without places"
        ),
        whole("notice_months", "Kündigungsfrist in Monaten", "notice in months", maximum=240),
        whole("cost_month_eur", "Kosten je Monat, Euro", "cost a month, euro"),
        whole("cost_once_eur", "einmalige Kosten, Euro", "one-off cost, euro"),
        whole(
            "standby_eur", "Kosten je Monat in Bereitschaft, Euro", "cost a month on stand-by, euro"
        ),
        whole(
            "activation_days", "Tage bis zur Inbetriebnahme", "days to put into use", maximum=3650
        ),
    ),
)
UNITS = Table(
    "units.csv",
    Text(
        "Einheiten: Wohnung, Zimmer, Gruppe, Klasse, Schalter",
        "units: flat, room, group, class, counter",
    ),
    (
        own_id(),
        ref("facility", "facility", "Einrichtung", "site"),
        Column(
            "adjoins",
            "words",
            "verbundene Einheiten (; getrennt), gegenseitig",
            "adjoining units (;), mutual",
            True,
        ),
        choice(
            "kind",
            ("family", "shared"),
            "family = eine Partei, shared = mehrere",
            "family = one party, shared = several",
        ),
        choice(
            "sex",
            ("f", "m", "any", "by_first"),
            "Regel in Gemeinschaftseinheiten; leer = nach erster Person",
            "rule in shared units; blank = who is first decides",
            True,
        ),
        ref("domain", "domain", "Handlungsfeld", "domain"),
        ref(
            "pool",
            "pool",
            "Topf im Handlungsfeld (u3, primary, general ...)",
            "pool in the domain (u3, primary, general ...)",
        ),
        whole(
            "places",
            "Plätze, oder Zahl je Zeitraum",
            "places, or a number per period",
            False,
            maximum=100_000,
        ),
        choice(
            "per",
            ("place", "week", "month"),
            "place = Plätze; sonst je Woche, Monat",
            "place; else per week, month",
        ),
        choice("for", ("everyone", "newcomers"), "für wen", "for whom"),
        flag("access", "barrierefrei", "step-free"),
        whole("floor_area_m2", "Fläche in m²", "floor area in m²", maximum=100_000),
        day("reported_on", "gemeldet am", "reported on"),
        ref("reported_by", "office", "gemeldet von", "reported by", True),
        whole(
            "other_places", "Zahl einer anderen Stelle", "figure of another office", maximum=100_000
        ),
        ref("other_by", "office", "jene Stelle", "that office", True),
        day("other_on", "deren Stand", "its date"),
        text("building", "Gebäude", "building"),
        text("floor", "Geschoss", "floor"),
        Column("features", "words", "Merkmale (; getrennt)", "features (;)", True),
    ),
)
PLACEMENTS = Table(
    "placements.csv",
    Text("Belegungen und Wartende, als Versionen", "placements and waiting people, as versions"),
    (
        own_id(),
        ref("person", "person", "Person", "person"),
        ref("domain", "domain", "Handlungsfeld", "domain"),
        ref("unit", "unit", "Einheit; leer = wartet", "unit; blank = waits", True),
        choice("status", get_args(PlacementStatus), "Status", "status"),
        day("requested_on", "angefragt am", "asked for on"),
        day("from", "ab", "from"),
        day("until", "bis vor", "until before"),
        text("ended_reason", "Grund des Endes", "reason of the end"),
        day(
            "kept_until",
            "freigehalten bis; bei held: Vormerkung läuft ab",
            "kept until; with held: the hold expires",
        ),
        text("over_occupancy_reason", "Grund der Überbelegung", "reason of over-occupancy"),
        day("over_until", "überbelegt bis", "over-occupied until"),
        flag(
            "second_place",
            "zweiter Platz, zählt als freigehalten",
            "second place, counts as kept",
            False,
        ),
        EVERYWHERE[0],
        ref(
            "replaces", "placement", "Version, die diese ersetzt", "version this one replaces", True
        ),
    ),
)
CAPACITY_EVENTS = Table(
    "capacity_events.csv",
    Text("datierte Änderungen der Plätze", "dated changes of places"),
    (
        own_id(),
        ref("target", "unit or facility", "Einheit oder Einrichtung", "unit or site"),
        day("date", "Tag", "day", False),
        choice("kind", get_args(EventKind), "Art", "kind"),
        whole(
            "places",
            "Plätze; leer = alle; bei step mit Vorzeichen",
            "places; blank = all; signed with step",
            minimum=None,
            maximum=100_000,
        ),
        day("until", "endet am", "ends on"),
        choice("status", CERTAINTY, "Verbindlichkeit", "how certain"),
        whole("delay_low_days", "Verzug, unten", "delay, low", minimum=None, maximum=3650),
        whole("delay_high_days", "Verzug, oben", "delay, high", minimum=None, maximum=3650),
        text(
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
        ref("district", "district or all", "Stadtteil oder all", "district or all"),
        ref("domain", "domain", "Handlungsfeld", "domain"),
        ref("pool", "pool", "Topf", "pool", True),
        *(
            Column(
                name,
                "level",
                "ganze Zahl; alle drei oder alle unknown",
                "whole number; all three or all unknown",
            )
            for name in ("low", "central", "high")
        ),
        text("source", "woher die Angabe stammt", "where it comes from", False),
    ),
    ("month", "district", "domain", "pool"),
)
ANNOUNCED = Table(
    "announced.csv",
    Text("angekündigte Haushalte", "announced households"),
    (
        own_id(),
        day("expected_on", "erwartet am", "expected on", False),
        choice("group", GROUPS, "Gruppe", "group"),
        choice("kind", HOUSEHOLD_KINDS, "Art", "kind"),
        whole("persons", "Personen", "people", minimum=1, maximum=99),
        Column("ages", "words", "Alter in Jahren: 34 31 6 2", "ages in years: 34 31 6 2", True),
        Column(
            "sexes",
            "words",
            "Geschlechter, - = unbekannt: f m - f",
            "sexes, - = unknown: f m - f",
            True,
        ),
        text("source", "woher die Angabe stammt", "where it comes from", False),
        whole(
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
        own_id(),
        text("name", "Name", "name", False),
        day("decision_on", "Beschluss am", "decided on"),
        *(
            whole(
                f"lead_{name}_days",
                f"Vorlauf in Tagen, {de}",
                f"lead time in days, {name}",
                maximum=36_500,
            )
            for name, de in (("low", "unten"), ("mid", "Mitte"), ("high", "oben"))
        ),
        ref("domain", "domain", "Handlungsfeld", "domain"),
        ref("pool", "pool", "Topf", "pool"),
        whole("places", "Plätze mit Vorzeichen", "places, signed", False, None, 100_000),
        whole("lifetime_months", "Lebensdauer in Monaten", "lifetime in months", maximum=1200),
        whole("once_eur", "einmalig, Euro", "one-off, euro"),
        whole("month_eur", "je Monat, Euro", "a month, euro"),
        text("owner", "wer sie betreibt", "who runs it"),
        text("source", "woher", "where from", False),
        choice("status", CERTAINTY, "Verbindlichkeit", "how certain"),
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
