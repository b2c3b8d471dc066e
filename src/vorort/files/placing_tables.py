"""The tables that `place` reads as well, each only where it lies in the folder."""

from __future__ import annotations

from vorort.files.declared import Table, choice, day, ref, text, whole
from vorort.vocabulary import Text

HOUSEHOLD = "household or announced"
WHO = (
    ref("household", HOUSEHOLD, "Haushalt oder Ankündigung", "household or announcement"),
    ref("person", "person", "Person; leer = ganzer Haushalt", "person; blank = all", True),
)
NEEDS = Table(
    "needs.csv",
    Text("Anforderungen an Plätze, mit Ablaufdatum", "requirements of places, with expiry"),
    (
        *WHO,
        text(
            "code",
            "Merkmal einer Einheit, oder own_unit, protected, screening_open, interpreter",
            "feature of a unit, or own_unit, protected, screening_open, interpreter",
            False,
        ),
        choice(
            "strength",
            ("must", "should"),
            "must = muss erfüllt sein (auch wenn leer), should = soll",
            "must (also where blank) or should",
            True,
        ),
        day("until", "gilt bis vor", "holds until before"),
        text("language", "Sprache, nur bei interpreter", "language, with interpreter only"),
    ),
    ("household", "person", "code"),
)
WISHES = Table(
    "wishes.csv",
    Text("Wünsche der Haushalte", "wishes of households"),
    (
        ref("household", HOUSEHOLD, "Haushalt oder Ankündigung", "household or announcement"),
        choice("kind", ("district", "facility", "near"), "Art", "kind"),
        text(
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
        ref("household", HOUSEHOLD, "Haushalt oder Ankündigung", "household or announcement"),
        ref("other", HOUSEHOLD, "der andere Haushalt", "the other household", True),
        ref("facility", "facility", "Einrichtung", "site", True),
        text("building", "Gebäude darin; leer = alle", "building of it; blank = all"),
        day("until", "gilt bis vor", "holds until before"),
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
        ref("district", "district", "Stadtteil", "district"),
        ref("other", "district", "anderer Stadtteil", "other district"),
        whole("minutes", "Minuten", "minutes", False, maximum=600),
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
        *WHO,
        ref("domain", "domain", "Handlungsfeld", "domain"),
        day("due", "Frist", "due"),
        day("since", "offen seit", "open since"),
    ),
    ("household", "person", "domain"),
)
LOCKS = Table(
    "locks.csv",
    Text("Festlegungen für die Vergabe", "decisions that bind the placement"),
    (
        ref("household", HOUSEHOLD, "Haushalt oder Ankündigung", "household or announcement"),
        ref("unit", "unit", "Einheit", "unit"),
        choice(
            "kind",
            ("lock", "forbid"),
            "lock = genau hier, forbid = nicht hier",
            "lock = exactly here, forbid = not here",
        ),
        text("reason", "Grund", "reason"),
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
        ref("person", "person", "Person", "person"),
        ref("domain", "domain", "Handlungsfeld", "domain"),
        ref("asker", "office", "Stelle, die fragt", "office that asks"),
        ref("owner", "office", "Stelle, der der Platz gehört", "office that owns the place"),
        choice(
            "status",
            ("open", "countered", "confirmed"),
            "open = ohne Antwort, countered = Gegenangebot, confirmed = zugesagt",
            "open = no answer yet, countered = something else was offered, confirmed = given",
        ),
        day("wanted_from", "gewünscht ab", "wanted from", False),
        day("due", "Antwort erbeten bis", "answer asked for by", False),
        ref("unit", "unit", "Einheit; leer = eine der Stelle", "unit; blank = any of it", True),
        ref("offer_unit", "unit", "angebotene, zugesagte Einheit", "unit offered or given", True),
        day("offer_from", "angeboten, zugesagt ab", "offered or given from"),
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
