"""Help on requests."""

from vorort.vocabulary import Text

HELP = {
    "requests": (
        Text(
            "Nur die Stelle, der ein Platz gehört, sagt ihn zu. Sie sieht bis dahin Alter, "
            "Geschlecht, Gebiet und gewünschten Tag, nicht den Namen; mit der Zusage erfährt sie "
            "ihn, und beides wird als Weitergabe verzeichnet.",
            "Only the office that owns a place confirms it. Until then it sees age, sex, area and "
            "the day asked for, not the name; with its yes it learns the name, and both are "
            "recorded as transfers.",
        ),
        Text(
            "Eine Absage ändert nichts an der Unterkunft. Ein Gegenangebot nennt eine andere "
            "Gruppe oder einen anderen Tag; nimmt die anfragende Stelle es an, gilt der Platz.",
            "A refusal does not touch the home. A counter-offer names another group or day; when "
            "the asking office accepts it, the place holds.",
        ),
    ),
    "request_new": (
        Text(
            "Zuerst stehen Gruppen in dem Stadtteil, in dem der Haushalt schläft; Wege kennt "
            "Vorort nicht. Frei heißt gemeldet, weniger vergeben; offene Anfragen stehen daneben.",
            "Groups of the district the household sleeps in come first; Vorort knows no routes. "
            "Free means reported less given; open requests stand beside it.",
        ),
    ),
}
