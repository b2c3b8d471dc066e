"""Help on the search."""

from vorort.vocabulary import Text

HELP = {
    "search": (
        Text(
            "Ein Wort genügt: Nummer (H-0828, auch nur 828), Name in jeder Schreibweise, auch "
            "kyrillisch, Geburtstag (12.3.1992), Name und Geburtsjahr (Kastan 1992), Name oder "
            "Nummer eines Hauses oder einer Einheit. Gefunden wird, was Ihre Rolle öffnet. Was "
            "gesucht wurde, steht in keiner Adresse und in keinem Protokoll.",
            "One word will do: a number (H-0828, or 828 alone), a name in any spelling, Cyrillic "
            "too, a day of birth (12.3.1992), a name and a year of birth (Kastan 1992), name or "
            "number of a house or unit. Found is what your role opens. What was searched for is in "
            "no address and in no log.",
        ),
    ),
}
