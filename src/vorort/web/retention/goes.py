"""What goes when a person is deleted, counted beforehand. German: was gelöscht wird"""

from __future__ import annotations

from collections import Counter

from django.db import DEFAULT_DB_ALIAS
from django.db.models.deletion import Collector

from vorort.vocabulary import Text
from vorort.web.intake.models import Person

GOES: dict[str, Text] = {
    "Person": Text("Person", "person"),
    "Name": Text("Namen", "names"),
    "Membership": Text("Zugehörigkeiten zu Haushalten", "memberships of households"),
    "LegalBasis": Text("Aufenthalt", "legal bases"),
    "Need": Text("besonderer Bedarf", "special needs"),
    "Vulnerability": Text("Schutzbedürftigkeit", "vulnerabilities"),
    "Stay": Text("Belegungen", "placements"),
    "StayOld": Text("frühere Fassungen von Belegungen", "earlier versions of placements"),
    "Letter": Text("Vermerke und Bescheide", "decision notes and letters"),
    "Request": Text("Anfragen", "requests"),
    "Task": Text("Aufgaben", "tasks"),
    "ActValue": Text("Werte im Protokoll", "values in the audit"),
    "ReadLog": Text("Einsichten", "looks"),
    "Transfer": Text("verzeichnete Weitergaben", "recorded transfers"),
    "Line": Text("Zeilen eingelesener Listen", "rows of lists read in"),
    "OwnNumber": Text("Nummern anderer Listen", "numbers of other lists"),
    "LegalHold": Text("Löschsperren", "legal holds"),
}
REST = Text("weitere Zeilen", "further rows")


def what_goes(person: Person) -> list[tuple[Text, int]]:
    """Rows by kind that hang on a person and the records merged into it."""
    collector = Collector(using=DEFAULT_DB_ALIAS)
    collector.collect([person, *person.also.all()])
    found: Counter[str] = Counter()
    for table, rows in collector.data.items():
        found[table.__name__] += len(rows)
    for fast in collector.fast_deletes:
        found[fast.model.__name__] += fast.count()
    listed = [(text, found[name]) for name, text in GOES.items() if found[name]]
    rest = sum(n for name, n in found.items() if name not in GOES)
    return [*listed, (REST, rest)] if rest else listed
