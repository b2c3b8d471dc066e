"""Help on sites and seats."""

from vorort.vocabulary import Text

HELP = {
    "site": (
        Text(
            "Plätze ändern sich zu einem Tag: öffnen, schließen, sperren, mehr oder weniger. Was "
            "vor dem Tag galt, bleibt stehen. Stehen Menschen im Weg, zeigt Vorort vorher, wer zu "
            "viel wäre; verhindert wird es nie, und es bleibt als Überbelegung sichtbar.",
            "Places change on a day: open, close, block, more or fewer. What was true before that "
            "day stays. Where people are in the way, Vorort shows beforehand how many would be too "
            "many; it never prevents it, and it stays visible as over-occupancy.",
        ),
    ),
    "unit": (
        Text(
            "Alles zu einer Einheit: wer da ist, wer kommt, was zu tun ist. Von hier aus wird "
            "gesperrt, freigegeben, eine Aufgabe angelegt oder vorgemerkt, wer wartet und passt.",
            "Everything about a unit: who is there, who comes, what is to be done. From here it is "
            "blocked or released, a task is made, or somebody who waits and fits is held.",
        ),
    ),
    "site_event": (
        Text(
            "Geplantes zählt nicht mit, bis es beschlossen ist. Eine Reserve wird nur mit Grund "
            "freigegeben; der Grund steht im Verlauf.",
            "What is planned does not count until it is decided. A reserve is released with a "
            "reason only; the reason stands in the history.",
        ),
    ),
    "unit_new": (
        Text(
            "Zehn gleiche Zimmer sind eine Eingabe: wie viele gleiche: 10. Die Nummern zählen "
            "weiter. Was für Betten, Kitagruppen, Klassen und Kurse gefragt wird, richtet sich "
            "nach dem Standort.",
            "Ten rooms alike are one entry: how many alike: 10. Numbers are counted on. What is "
            "asked for beds, groups, classes and courses follows the site.",
        ),
    ),
    "sites": (
        Text(
            "Alle Standorte, auch Kitas, Schulen, Kursträger und Ämter. Ändern darf nur die "
            "Stelle, der ein Standort gehört.",
            "All sites, childcare centres, schools, course providers and offices as well. Only "
            "the office that owns a site may change it.",
        ),
    ),
    "seats": (
        Text(
            "Jede Zahl trägt, wer sie wann gemeldet hat. Meldet eine andere Stelle etwas anderes, "
            "stehen beide Zahlen da, es zählt die der Eigentümerin, und die Klärung ist eine "
            "Aufgabe. Veraltete Zahlen werden weiter benutzt und sind gekennzeichnet.",
            "Each figure says who reported it when. Where another office reports a different one, "
            "both stand there, the owner's counts, and settling it is a task. Stale figures are "
            "still used and marked.",
        ),
    ),
}
