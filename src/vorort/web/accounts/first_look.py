"""A first look round the demo: who may log in and does what, and three things to try as each.

Shown by demo logins only. German: Erster Blick
"""

from __future__ import annotations

from typing import Any, NamedTuple

from vorort.vocabulary import Text
from vorort.web.accounts.models import User


class Try(NamedTuple):
    """One thing to try: where, what, and what is worth seeing there."""

    address: str  # its name
    what: Text
    why: Text


DOES = {
    "belegung": Text("Haushalte erfassen, Plätze vergeben", "registers households, gives places"),
    "schutz": Text("dasselbe, dazu geschützte Haushalte", "the same, and protected households"),
    "bereitschaft": Text("nachts und am Wochenende ein Bett finden",
                         "finds a bed at night and at weekends"),
    "fall": Text("eigene Fälle, Bedarf, unbegleitete Minderjährige",
                 "own cases, needs, unaccompanied minors"),
    "standort": Text("Einzug, Auszug und Schäden vor Ort", "moves in and out, damage on site"),
    "planung": Text("Ausblick rechnen, nichts über Einzelne",
                    "runs the outlook, nothing about anybody"),
    "verwaltung": Text("Zugänge, Rollen, Löschen, Betrieb", "logins, roles, deleting, operations"),
    "extern": Text("Plätze der eigenen Einrichtung melden", "reports the seats of its own site"),
    "revision": Text("wer hat was getan und gesehen", "who did and saw what"),
}  # fmt: skip

_REGISTER = Try(
    "register", Text("Einen Haushalt erfassen", "Register a household"),
    Text("Eine Mutter mit drei Kindern, dann „Freie Einheit suchen“, vormerken, bestätigen.",
         "A mother with three children, then find a free unit, hold it, confirm it."),
)  # fmt: skip
_BLOCK = Try(
    "sites", Text("Eine Einheit sperren", "Block a unit"),
    Text("Einen Standort öffnen und ein bewohntes Zimmer sperren: vorher steht da, wen es trifft.",
         "Open a site and block a room people live in: first you are told whom it hits."),
)  # fmt: skip
_PAST = Try(
    "board", Text("Gestern ansehen", "See yesterday"),
    Text("Den Plan auf einen vergangenen Tag stellen, oder auf das, was man damals wusste.",
         "Set the board to a past day, or to what was known then."),
)  # fmt: skip
_EMERGENCY = Try(
    "emergency", Text("Eine Notverlegung nachtragen", "Enter an emergency move"),
    Text("Am Montag eintragen, was am Freitag nach dem Brand geschah.",
         "Enter on Monday what happened on Friday after the fire."),
)  # fmt: skip
_NIGHT = Try(
    "night", Text("Nachtblatt drucken", "Print the night sheet"),
    Text("Wer wo schläft, auf Papier, für den Stromausfall.",
         "Who sleeps where, on paper, for a power failure."),
)  # fmt: skip
_WEEK = Try(
    "week", Text("Kommen und Gehen", "Coming and going"),
    Text("Die nächsten sieben Tage; Einzug mit Schlüssel und Hausordnung eintragen.",
         "The next seven days; enter who moved in, with keys and house rules."),
)  # fmt: skip
_TASKS = Try(
    "tasks", Text("Aufgaben erledigen", "Do tasks"),
    Text("Was an Ihre Stelle geht, mit Frist.", "What goes to your office, with its date."),
)  # fmt: skip
_OUTLOOK = Try(
    "outlook", Text("Den Ausblick neu rechnen", "Run the outlook"),
    Text("Hundert Verläufe genügen für den ersten Blick; dann den Bericht lesen.",
         "A hundred draws are enough for a first look; then read the report."),
)  # fmt: skip

_TONIGHT = Try(
    "tonight", Text("Ein Bett für heute Nacht", "A bed for tonight"),
    Text("Fünf Angaben ohne Namen, dann jede Einheit mit Gründen, auch warum nicht.",
         "Five facts without names, then every unit with reasons, also why not."),
)  # fmt: skip
_REQUESTS = Try(
    "requests", Text("Anfragen beantworten", "Answer requests"),
    Text("Was andere Stellen von Ihnen brauchen: bestätigen, ablehnen, anderes anbieten.",
         "What other offices need of you: confirm, refuse, offer something else."),
)  # fmt: skip

LOOKS: dict[str, tuple[Try, ...]] = {
    "belegung": (_REGISTER, _BLOCK, _PAST),
    "schutz": (
        _REGISTER, _PAST,
        Try("households", Text("Geschützte Haushalte", "Protected households"),
            Text("Nur diese Rolle sieht, wo sie wohnen; den anderen sagt nichts, dass es sie gibt.",
                 "Only this role sees where they live; nothing tells the others they exist.")),
    ),
    "bereitschaft": (_TONIGHT, _EMERGENCY, _NIGHT),
    "standort": (_WEEK, _BLOCK, _NIGHT),
    "fall": (
        _TASKS,
        Try("deadlines", Text("Fristen ansehen", "See dates"),
            Text("Je Person das nächste Datum, mit Rechtsgrundlage und zuständiger Stelle.",
                 "Each person's next date, with its legal basis and office.")),
        Try("households", Text("Einen Fall öffnen", "Open a case"),
            Text("Bedarf und geschützte Angaben; jeder Blick hinein wird verzeichnet.",
                 "Needs and protected facts; each look at them is recorded.")),
    ),
    "planung": (
        _OUTLOOK,
        Try("board", Text("Plätze im Voraus", "Places ahead"),
            Text("Den Plan auf April 2027 stellen: die Containeranlage Süd ist dann weg.",
                 "Set the board to April 2027: the container site Süd is gone by then.")),
        Try("sites", Text("Verträge ansehen", "See leases"),
            Text("Wann welcher Standort endet und bis wann zu kündigen ist.",
                 "When which site ends, and by when notice has to be given.")),
    ),
    "verwaltung": (
        Try("roles", Text("Rollen ansehen", "See roles"),
            Text("Wer was darf, als Tabelle, die Sie ändern können.",
                 "Who may do what, as a table that you can change.")),
        Try("retention", Text("Löschen üben", "Practise deleting"),
            Text("Fristen setzen, Probelauf, eine Person löschen, den Nachweis drucken.",
                 "Set periods, dry run, delete a person, print the certificate.")),
        Try("operations", Text("Betrieb prüfen", "Check operations"),
            Text("Sicherung, Platte, Datenbank: was jemanden braucht.",
                 "Backup, disk, database: what needs somebody.")),
    ),
    "extern": (
        _REQUESTS,
        Try("sites", Text("Die eigene Einrichtung", "The own site"),
            Text("Gruppen, Plätze und seit wann die Zahlen gelten.",
                 "Groups, seats, and since when the figures hold.")),
        _TASKS,
    ),
    "revision": (
        Try("audit", Text("Das Protokoll lesen", "Read the audit"),
            Text("Jede Änderung mit Zeit, Stelle und Grund.",
                 "Each change with time, office and reason.")),
        Try("reads", Text("Wer hat wen gesehen", "Who saw whom"),
            Text("Einsichten in geschützte Angaben, je Haushalt.",
                 "Looks at protected facts, by household.")),
        _PAST,
    ),
}  # fmt: skip


def looks_for(user: Any) -> tuple[Try, ...]:
    """What a demo login may try; nothing for anybody else."""
    if not getattr(user, "is_demo", False):
        return ()
    return LOOKS.get(user.role.key, ())


def logins() -> list[tuple[User, Text]]:
    """The demo's logins with what each does, in the order they were made."""
    found = User.objects.filter(is_demo=True, is_active=True).select_related("role", "office")
    return [(u, DOES.get(u.role.key, Text("", ""))) for u in found.order_by("pk")]
