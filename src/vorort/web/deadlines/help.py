"""Help on legal dates."""

from vorort.vocabulary import Text

HELP = {
    "deadlines": (
        Text(
            "Jede Frist hat eine Stelle, der sie gehört, und eine Fundstelle unten. Fehlt, was sie "
            "beginnen lässt (Ankunft, Geburtstag), oder ist die Regel des Landes nicht bekannt, "
            "steht sie als unbekannt am Ende; geschätzt wird nichts.",
            "Each date has an office that owns it, and a source below. Where what begins it is "
            "missing (arrival, birthday), or the rule of the Land is not known, it stands as "
            "unknown at the end; nothing is guessed.",
        ),
        Text(
            "Ändert ein Upgrade eine Regel, oder bekommt die Kommune ein anderes Land, steht oben, "
            "welche Regel es ist und bei wem sich Fristen bewegt haben, vorher und nachher, bis "
            "Ihre Stelle es zur Kenntnis genommen hat.",
            "When an upgrade changes a rule, or the Kommune gets another Land, it stands on top "
            "which rule it is and whose dates have moved, before and now, until your office has "
            "noted it.",
        ),
    ),
}
