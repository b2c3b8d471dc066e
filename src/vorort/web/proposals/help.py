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
    "placement": (
        Text(
            "Ein Lauf betrachtet alle offenen Bedarfe der Woche gemeinsam und schlägt vor. "
            "Entschieden wird von Menschen, Haushalt für Haushalt, neben den Gründen. "
            "Festhalten, ausschließen, tauschen und ablehnen zeigen zuerst, wer sonst umzieht.",
            "A run looks at all open needs of the week together and proposes. People decide, "
            "household by household, beside the reasons. Locking, ruling out, swapping and "
            "declining first show who else moves.",
        ),
        Text(
            "Die Obergrenze sagt, wie viel besser irgendein anderer Vorschlag höchstens sein "
            "könnte. „Etwa“ heißt: geschätzt, nicht bewiesen.",
            "The bound says how much better any other proposal could be at most. “About” means "
            "estimated, not proved.",
        ),
    ),
    "placement_rules": (
        Text(
            "Harte Regeln bricht kein Vorschlag. Ziele wägen ab, was erlaubt ist; ihre Reihenfolge "
            "gibt die Gewichte vor, einzelne lassen sich setzen. Alles gilt ab einem Tag.",
            "No proposal breaks a hard rule. Goals weigh what is allowed; their order sets the "
            "weights, single ones can be set. Everything holds from a day on.",
        ),
    ),
    "placing_wants": (
        Text(
            "Was hier steht, liest jeder Lauf. Anforderungen sind Codes mit Ende, keine Diagnosen; "
            "ein Ausschluss nennt einen Haushalt oder ein Haus, nie eine Herkunft.",
            "Every run reads what stands here. Requirements are codes with an end, not diagnoses; "
            "an exclusion names a household or a house, never an origin.",
        ),
    ),
    "letter": (
        Text(
            "Vermerk und Bescheid entstehen aus der Vorlage Ihrer Stelle und bleiben, wie sie "
            "ausgestellt wurden. Gründe und Anhörung schreiben Sie.",
            "Note and letter come from your office's template and stay as they were issued. You "
            "write grounds and hearing.",
        ),
    ),
    "placement_fairness": (
        Text(
            "Das Blatt zählt, wer in einem Lauf wartet und wem der Vorschlag passt, nach Gruppen, "
            "die die Vergabe überhaupt kennen kann. Kleine Gruppen stehen mit einer anderen "
            "zusammen, damit niemand erkennbar ist; die Zeilen ergeben trotzdem die Summe.",
            "The sheet counts who waits in a run and whom the proposal fits, by groups placement "
            "can know at all. Small groups stand together with another so that nobody can be "
            "recognised; the lines still add up.",
        ),
        Text(
            "Eine Untergrenze ist eine Frage, keine Regel: Sie sagt, was es alle zusammen kosten "
            "würde, wenn von einer Gruppe mindestens so viele untergebracht sein müssten. Sie "
            "ändert keinen Vorschlag.",
            "A floor is a question, not a rule: it says what it would cost all together if at "
            "least so many of a group had to be placed. It changes no proposal.",
        ),
    ),
    "placement_compare": (
        Text(
            "Zwei Läufe nebeneinander: was hineinging (Regeln, Haushalte, Plätze, Festlegungen), "
            "was herauskam, und zu jedem anderen Vorschlag der Grund. Werte lassen sich nur "
            "vergleichen, wenn Regeln und Gewichte dieselben sind.",
            "Two runs side by side: what went in (rules, households, places, decisions by hand), "
            "what came out, and for each other proposal the reason. Values can only be compared "
            "where rules and weights are the same.",
        ),
    ),
}
