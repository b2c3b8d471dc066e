"""Words of acts on stays."""

WORDS = {
    "extend": ("Vormerkung verlängert", "hold extended"),
    "keep": ("freigehalten", "kept"),
    "come_back": ("wieder da", "back again"),
    "cancel": ("abgesagt", "cancelled"),
    "no_show": ("nicht erschienen", "did not come"),
    "transfer": ("Umzug", "transfer"),
    "swap": ("Tausch", "swap"),
    "over_occupy": ("überbelegt", "over-occupied"),
    "emergency": ("Notverlegung", "emergency move"),
    "correct": ("berichtigt", "corrected"),
    "refused": ("Haushalt lehnt ab", "household declines"),
    "withdrawn": ("zurückgezogen", "withdrawn"),
    "cleaning": ("Reinigung", "cleaning"),
    "keys": ("Schlüssel", "keys"),
    "task_end": ("Aufgabe erledigt", "task done"),
}
