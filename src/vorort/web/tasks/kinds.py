"""The kinds of tasks: what is to be done, in words. German: Aufgabenarten"""

from vorort.vocabulary import Text

KINDS: dict[str, Text] = {
    "unaccompanied_minor": Text(
        "Unbegleitet minderjährig: Jugendamt (§§ 42 ff. SGB VIII)",
        "Unaccompanied minor: youth office (§§ 42 ff. SGB VIII)",
    ),
    "emergency_follow_up": Text(
        "Notverlegung: Unterbringung prüfen", "Emergency move: look at the placement"
    ),
    "cleaning": Text("Reinigung nach Auszug", "Cleaning after move-out"),
    "repair": Text("Reparatur", "Repair"),
    "keys": Text("Schlüssel", "Keys"),
    "over_occupancy": Text("Überbelegung beenden", "End the over-occupancy"),
    "kept_overdue": Text("Freigehaltener Platz: entscheiden", "Kept place: decide"),
    "did_not_come": Text("Nicht erschienen: entscheiden", "Did not come: decide"),
    "turns_18": Text("Wird 18: Anschluss klären", "Turns 18: settle what follows"),
    "guardian": Text("Vormundschaft klären", "Settle guardianship"),
    "duplicate": Text("Vielleicht doppelt erfasst: prüfen", "Perhaps recorded twice: look"),
    "incomplete": Text("Angaben ergänzen", "Complete the record"),
    "two_figures": Text(
        "Zwei Stellen melden verschiedene Plätze: klären", "Two offices report different places"
    ),
    "lease_end": Text("Vertrag endet: Auszug planen", "Lease ends: plan the moves"),
    "handover": Text("Übergabe annehmen", "Take over"),
    "other": Text("Aufgabe", "Task"),
}
