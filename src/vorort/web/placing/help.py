"""Help on the Today page, the board and a household."""

from vorort.vocabulary import Text

HELP = {
    "today": (
        Text(
            "Links steht, was jemand entscheiden muss; jede Zeile führt dorthin, wo es erledigt "
            "wird. Vorort entscheidet nichts selbst: nur eine abgelaufene Vormerkung gibt ihren "
            "Platz von allein frei.",
            "On the left stands what somebody has to decide; every line leads to where it is "
            "settled. Vorort decides nothing: only a hold that has expired frees its place.",
        ),
        Text(
            "Gezeigt wird, was Ihre Stelle angeht und Ihre Rolle sehen darf. Kinder mit Recht auf "
            "einen Kitaplatz, die niemand angemeldet hat, stehen unter Fristen.",
            "Shown is what concerns your office and your role may see. Children with a right to "
            "childcare whom nobody has applied for stand under Dates.",
        ),
    ),
    "needs_open": (
        Text(
            "Wo ein Schutzfall lebt, bleibt unbekannt, außer für die benannte Rolle. Das Alter "
            "zählt am heutigen Tag; ist nur das Jahr bekannt, gilt das jüngste.",
            "Where a protected household lives stays unknown but for the named role. Age counts "
            "today; where only the year is known, the youngest one.",
        ),
    ),
    "board": (
        Text(
            "Die Zahl eines Tages sind die freien Plätze in der Nacht danach. Wer am selben Tag "
            "geht und wer kommt, kann dasselbe Bett haben.",
            "The figure of a day is the places free in the night after it. Who leaves and who "
            "comes on the same day may have the same bed.",
        ),
        Text(
            "Frei ist nicht dasselbe wie leer: Betten in einer Wohnung, in der schon eine Familie "
            "lebt, sind „Rest“ und für andere nicht nutzbar.",
            "Free is not the same as empty: beds in a flat where a family lives already are “rest” "
            "and of no use to others.",
        ),
    ),
    "fits": (
        Text(
            "Gezählt werden Einheiten, die alle zusammen aufnehmen. Zwei verbundene Einheiten "
            "zählen als eine, wenn keine allein reicht. Bedarf, den jemand hat, schränkt ein.",
            "Counted are units that take all of them together. Two connected units count as one "
            "where neither alone is large enough. Needs somebody has narrow it.",
        ),
    ),
    "emergency": (
        Text(
            "Haushalte bleiben zusammen: zuerst in freie Plätze, dann gleichmäßig verteilt. Vor "
            "dem Speichern steht da, wo wie viele zu viel wären.",
            "Households stay together: first into free places, then evenly. Before it is saved it "
            "says where how many would be too many.",
        ),
    ),
    "offers": (
        Text(
            "Gezeigt werden Einheiten, in die der ganze Haushalt an diesem Tag passt, die knappste "
            "zuerst. Vormerken hält den Platz; bestätigen kann nur die Stelle, der er gehört.",
            "Shown are units the whole household fits into on that day, the tightest first. A hold "
            "keeps the place; only the office that owns it can confirm.",
        ),
    ),
    "household": (
        Text(
            "Was unbekannt ist, bleibt unbekannt, bis es jemand weiß; es wird nie geschätzt.",
            "What is unknown stays unknown until somebody knows; it is never guessed.",
        ),
    ),
}
