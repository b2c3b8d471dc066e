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
    ),
}
