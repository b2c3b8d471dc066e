"""Words of lists."""

WORDS = {
    "residents": ("Bewohnerliste", "resident list"),
    "announcements": ("Ankündigungen", "announcements"),
    "units": ("Einheiten", "units"),
    "seats": ("Platzmeldung", "report of places"),
    "staged": ("wartet auf Übernahme", "waits to be applied"),
    "applied": ("übernommen", "applied"),
    "undone": ("zurückgenommen", "taken back"),
    "dropped": ("verworfen", "dropped"),
    "new": ("neu", "new"),
    "same": ("schon da", "on record"),
    "doubt": ("vielleicht schon da", "perhaps on record"),
    "faulty": ("fehlerhaft", "faulty"),
    "skipped": ("ausgelassen", "left out"),
    "import": ("Liste übernommen", "list applied"),
    "import_undo": ("Liste zurückgenommen", "list taken back"),
    "import_drop": ("Liste verworfen", "list dropped"),
    "export": ("Liste ausgegeben", "list exported"),
    "placing": ("Belegung planen", "plan placements"),
    "costs": ("Abrechnung", "billing"),
    "check": ("Daten prüfen", "check the records"),
}
