"""Help on lists."""

from vorort.vocabulary import Text

HELP = {
    "lists": (
        Text(
            "Excel, LibreOffice, CSV oder aus der Zwischenablage: Vorort sucht die Zeile mit den "
            "Spaltennamen selbst und merkt sich, welche Spalte was ist. Bevor etwas gespeichert "
            "wird, sehen Sie jede Zeile; eine übernommene Liste lässt sich zurücknehmen.",
            "Excel, LibreOffice, CSV or pasted: the row of column names is found, and which column "
            "is what is remembered. Before anything is saved you see every row; an applied list "
            "can be taken back.",
        ),
    ),
    "batch": (
        Text(
            "Fehlerhafte Zeilen bleiben draußen, der Rest kann schon hinein. Die Fehlerdatei hat "
            "dieselben Spalten und eine mit der Beanstandung: berichtigen und wieder einlesen. "
            "Was schon da ist, wird nicht doppelt.",
            "Faulty rows stay out, the rest can go in already. The file of faults has the same "
            "columns and one with the complaint: correct it and read it in again. What is on "
            "record already is not doubled.",
        ),
    ),
}
