"""Words of deleting."""

WORDS = {
    "delete": ("gelöscht", "deleted"),
    "request": ("auf Antrag", "on request"),
    "period": ("Frist abgelaufen", "period over"),
    "restored": ("nach Wiederherstellung", "after a restore"),
    "legal_hold": ("Löschsperre", "legal hold"),
}
