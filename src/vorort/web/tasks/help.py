"""Help on the tasks."""

from vorort.vocabulary import Text

HELP = {
    "tasks": (
        Text(
            "Eine Aufgabe entsteht, wenn etwas geschehen ist, das jemand entscheiden muss: ein "
            "Auszug (Reinigung, Schlüssel), eine Notverlegung, ein unbegleitetes Kind. Vorort "
            "erledigt nichts von selbst.",
            "A task arises when something has happened that somebody must decide: a move-out "
            "(cleaning, keys), an emergency move, a child alone. Vorort settles nothing by itself.",
        ),
        Text(
            "„Erledigt“ nimmt die Aufgabe von der Liste; wer es wann war, steht im Protokoll.",
            "“Done” takes it off the list; who did it and when stands in the trail.",
        ),
    ),
    "task_days": (
        Text(
            "Leer gelassen gilt die Vorgabe. Was sich ändert, gilt ab der nächsten Nacht, und was "
            "schon eine Aufgabe ist, bleibt eine.",
            "Left empty, the default holds. A change holds from the next night on, and what is a "
            "task already stays one.",
        ),
    ),
}
