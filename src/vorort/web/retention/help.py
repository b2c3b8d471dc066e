"""Help on deleting."""

from vorort.vocabulary import Text

HELP = {
    "retention": (
        Text(
            "Löschen heißt: nichts über die Person bleibt, auch nicht im Protokoll. Die Zahlen je "
            "Standort und Tag bleiben, damit vergangene Summen stimmen. Ohne gesetzte Frist löscht "
            "niemand von selbst; auch mit Frist löscht ein Mensch.",
            "Deleting means: nothing about the person stays, not in the audit either. The counts "
            "by site and day stay, so that past totals are right. Without a period nothing is due; "
            "and with one a person deletes.",
        ),
    ),
}
