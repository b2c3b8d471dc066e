"""What a list may be needed for. German: Zweck"""

from vorort.vocabulary import Text

PURPOSES = (
    ("placing", Text("Belegung planen", "plan placements")),
    ("costs", Text("Abrechnung, Erstattung", "billing, reimbursement")),
    ("emergency", Text("Notfall, Ausfall", "emergency, outage")),
    ("report", Text("Bericht an eine Stelle", "report to an office")),
    ("check", Text("Daten prüfen", "check the records")),
)
