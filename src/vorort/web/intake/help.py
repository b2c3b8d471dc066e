"""Help on registering and on people."""

from vorort.vocabulary import Text

HELP = {
    "register": (
        Text(
            "Geboren: 12.3.1992, 12031992, nur 1992 oder das Alter, zum Beispiel 34. Ohne Jahr und "
            "Geschlecht findet Vorort weniger passende Zimmer, aber erfassen geht immer.",
            "Born: 12.3.1992, 12031992, only 1992, or the age, for example 34. Without year and "
            "sex fewer fitting rooms are found, but registering always works.",
        ),
        Text(
            "Kommt ein Kind allein, erfassen Sie es hier. Vorort schlägt dann kein Bett vor und "
            "legt dem Jugendamt eine Aufgabe hin. Strittiges Alter zählt als minderjährig.",
            "If a child comes alone, register it here. No bed is proposed then, and a task goes to "
            "the youth office. A disputed age counts as a minor.",
        ),
    ),
    "twice": (
        Text(
            "Zwei, die gleich heißen und zwei sind, werden hier auseinandergehalten und nicht "
            "noch einmal gefragt. Zusammenführen steht auf der Seite der Person.",
            "Two who have the same name and are two are told apart here and not asked about "
            "again. Making one of them is on the person's page.",
        ),
    ),
    "person": (
        Text(
            "Bedarf sagt, was ein Platz bieten muss; Schutzbedarf sagt, warum jemand besondere "
            "Sorge braucht. Beides läuft ab und wird dann geprüft; jeder Blick ist verzeichnet.",
            "A need says what a place must offer; a vulnerability says why somebody needs "
            "particular care. Both expire and are then reviewed; each look is recorded.",
        ),
    ),
    "merge": (
        Text(
            "Verglichen wird, wie ein Name klingt (Mohammed, Muhammad; Олена, Olena), und ob das "
            "Geburtsdatum dagegen spricht. Entscheiden müssen Sie.",
            "Compared is how a name sounds (Mohammed, Muhammad; Олена, Olena) and whether the date "
            "of birth speaks against it. You decide.",
        ),
    ),
}
