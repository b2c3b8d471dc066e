"""Help on proposals."""

from vorort.vocabulary import Text

HELP = {
    "tonight": (
        Text(
            "Für die Suche braucht es keine Namen: wer kommt, wie alt, was heute zählt. Gezeigt "
            "wird jede Einheit, die passt, die beste zuerst, mit Gründen dafür und dagegen, und "
            "jede andere mit der Regel, die dagegen steht.",
            "The search needs no names: who comes, how old, what counts tonight. Every unit that "
            "fits is shown, the best first, with reasons for and against, and every other with "
            "the rule that stands against it.",
        ),
        Text(
            "Vormerken hält die Einheit für andere zurück, bis zum Tag auf dem Knopf. Wer noch "
            "nicht erfasst ist, bekommt dabei eine Haushaltsnummer; Namen und alles Weitere "
            "ergänzen Sie später, eine Aufgabe erinnert daran. Bestätigt wird erst, wenn der "
            "Haushalt da ist.",
            "Holding keeps the unit from others until the day on the button. Whoever is not "
            "registered yet gets a household number with it; names and everything else you add "
            "later, a task reminds you. Confirm only when the household is there.",
        ),
    ),
}
