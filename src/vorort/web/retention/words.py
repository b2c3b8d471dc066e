"""Words of deleting."""

WORDS = {
    "delete": ("gelöscht", "deleted"),
    "request": ("auf Antrag", "on request"),
    "period": ("Frist abgelaufen", "period over"),
    "duplicate": ("war zusammengeführt", "had been merged"),
    "restored": ("nach Wiederherstellung", "after a restore"),
    "legal_hold_end": ("Löschsperre aufgehoben", "legal hold lifted"),
    "forget": ("nach Frist vergessen", "forgotten by period"),
    "legal_hold": ("Löschsperre", "legal hold"),
}
