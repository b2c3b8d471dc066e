"""What can be said of a household and its people, as fields of a form."""

from __future__ import annotations

from typing import Any

from vorort.vocabulary import Text
from vorort.web import answer
from vorort.web.forms import Field
from vorort.web.town.models import District, Office

GROUPS = (
    ("asylum", Text("Asyl", "asylum")),
    ("temporary", Text("§ 24 AufenthG", "temporary protection")),
    ("reunification", Text("Familiennachzug", "family reunification")),
    ("resettlement", Text("Aufnahmeprogramm", "resettlement")),
    ("other", Text("andere Zuwanderung", "other migration")),
)  # fmt: skip
LEGAL = (
    ("asylum_seeker", Text("Asylverfahren (Gestattung)", "asylum procedure")),
    ("temporary_protection", Text("§ 24 AufenthG", "temporary protection")),
    ("refugee_protection", Text("anerkannt", "protection granted")),
    ("resettlement", Text("Aufnahmeprogramm", "resettlement")),
    ("family_reunification", Text("Familiennachzug", "family reunification")),
    ("eu_citizen", Text("EU-Freizügigkeit", "EU citizen")),
    ("tolerated", Text("Duldung", "tolerated stay")),
    ("residence_permit", Text("andere Aufenthaltserlaubnis", "other residence permit")),
)  # fmt: skip
SEXES = (("f", Text("weiblich", "female")), ("m", Text("männlich", "male")),
         ("d", Text("divers", "diverse")))  # fmt: skip
RELATIONS = (
    ("self", Text("Bezugsperson", "head")), ("partner", Text("Partner", "partner")),
    ("child", Text("Kind", "child")), ("parent", Text("Elternteil", "parent")),
    ("sibling", Text("Geschwister", "sibling")), ("other", Text("andere", "other")),
)  # fmt: skip
# Codes of what a place must offer; the last three are also features of units.
NEEDS = (
    ("step_free", Text("stufenlos", "step-free")),
    ("ground_floor", Text("Erdgeschoss", "ground floor")),
    ("women_only", Text("Haus nur für Frauen", "women only house")),
    ("own_bath", Text("eigenes Bad", "own bath")),
    ("near_hospital", Text("nahe Klinik", "near a hospital")),
    ("quiet", Text("ruhige Unterkunft", "quiet place")),
    ("lockable", Text("abschließbar", "lockable")),
    ("screening_open", Text("Erstuntersuchung steht aus", "first examination not done")),
)  # fmt: skip
# Why somebody needs particular care; a list of this project, to be kept by the Kommune's practice.
VULNERABILITIES = (
    ("pregnant", Text("schwanger", "pregnant")),
    ("newborn", Text("Wöchnerin, Neugeborenes", "newborn")),
    ("disability", Text("Behinderung", "disability")),
    ("illness", Text("schwere Erkrankung", "serious illness")),
    ("mental", Text("seelische Belastung", "mental distress")),
    ("elderly", Text("hohes Alter", "old age")),
    ("violence", Text("Gewalt erlebt", "has suffered violence")),
    ("trafficking", Text("Menschenhandel", "trafficking")),
    ("torture", Text("Folter, schwere Gewalt", "torture, grave violence")),
    ("lgbtiq", Text("Schutz als LSBTIQ*", "protection as LGBTIQ*")),
    ("witness", Text("Bedrohung von außen", "threatened from outside")),
)  # fmt: skip
# Languages an interpreter is asked for most; any other is typed.
LANGUAGES = (
    "Albanisch", "Amharisch", "Arabisch", "Dari", "Englisch", "Französisch", "Georgisch",
    "Kurmandschi", "Mazedonisch", "Paschtu", "Persisch", "Rumänisch", "Russisch", "Serbisch",
    "Somali", "Sorani", "Spanisch", "Tigrinya", "Türkisch", "Ukrainisch", "Urdu", "Gebärdensprache",
)  # fmt: skip
KINDS = (
    ("single", Text("allein", "single")), ("couple", Text("Paar", "couple")),
    ("lone_parent", Text("alleinerziehend", "lone parent")), ("family", Text("Familie", "family")),
    ("uam", Text("unbegleitet minderjährig", "unaccompanied minor")),
    ("unknown", Text("unbekannt", "unknown")),
)  # fmt: skip
WISHES = (
    ("district", Text("Stadtteil", "District")), ("near", Text("in der Nähe von", "Near")),
    ("other", Text("anderes", "other")),
)  # fmt: skip
DEPARTURES = (
    ("left", Text("fortgezogen", "moved away")),
    ("own_flat", Text("eigene Wohnung", "own flat")),
    ("unknown", Text("unbekannt verzogen", "gone, unknown where")),
    ("died", Text("verstorben", "died")),
)
SEPARATIONS = (
    ("separation", Text("Trennung", "separation")),
    ("grown", Text("volljähriges Kind", "grown child")),
    ("violence", Text("Gewalt, Schutz", "violence, protection")),
    ("size", Text("größer als jede Einheit", "larger than any unit")),
)


def districts() -> tuple[tuple[str, Text], ...]:
    """Districts of this Kommune."""
    return answer.once("districts", lambda: _named(District.objects))


def offices() -> tuple[tuple[str, Text], ...]:
    """Offices of this Kommune."""
    return answer.once("offices", lambda: _named(Office.objects))


def _named(rows: Any) -> tuple[tuple[str, Text], ...]:
    found = rows.order_by("name").values_list("key", "name")
    return tuple((key, Text(name, name)) for key, name in found)


def language() -> Field:
    """The language of an interpreter: a service need, nothing else."""
    return Field("language", Text("Sprache für Dolmetschen", "Interpreter's language"),
                 offered=LANGUAGES)  # fmt: skip


def household_fields(may_protect: bool) -> tuple[Field, ...]:
    """The household's own lines of the form, after its people."""
    found = (
        Field("group", Text("Gruppe", "Group"), "choice", True, GROUPS),
        Field("legal_basis", Text("Aufenthalt", "Legal basis"), "choice", choices=LEGAL),
        language(),
        Field("arrived_on", Text("Ankunft", "Arrival"), "day"),
        Field("responsible", Text("zuständig", "Responsible"), "choice", choices=offices()),
        Field("wish", Text("gewünschter Stadtteil", "District they wish"), "choice",
              choices=districts()),
        Field("size_stated", Text("angegebene Größe", "Size stated"), "number", low=1, high=40,
              hint=Text("wenn nicht alle erfasst sind", "where not everybody is recorded")),
    )  # fmt: skip
    protect = Field("protected", Text("Schutzfall", "Protected"), "yes_no")
    return (*found, protect) if may_protect else found
