"""The parts of the register. A new one is named here, and nowhere else: its addresses (`urls.py`),
words (`words.py`), tables and pages are found from this list."""

# in the order in which tables refer to each other
APPS = (
    "town",
    "intake",
    "accounts",
    "placing",
    "totals",
    "requests",
    "tasks",
    "retention",
    "operations",
    "lists",
    "outlook",
    "deadlines",
    "proposals",
    "search",
)
# main navigation, in the order of the day: right, name of the address, de, en
NAV = (
    ("today.view", "today", "Heute", "Today"),
    ("household.view", "households", "Haushalte", "Households"),
    ("requests.view", "requests", "Anfragen", "Requests"),
    ("board.view", "board", "Plätze", "Places"),
    ("stay.hold", "tonight", "Heute Nacht", "Tonight"),
    ("placement.view", "placement", "Vergabe", "Placement"),
    ("board.view", "sites", "Standorte", "Sites"),
    ("tasks.view", "tasks", "Aufgaben", "Tasks"),
    ("dates.view", "deadlines", "Fristen", "Dates"),
    ("outlook.view", "outlook", "Ausblick", "Outlook"),
    ("lists.export", "lists", "Listen", "Lists"),
    ("rules.edit", "placement_rules", "Regeln", "Rules"),
    ("users.manage", "users", "Verwaltung", "Administration"),
    ("retention.manage", "retention", "Löschen", "Deleting"),
    ("health.view", "operations", "Betrieb", "Operations"),
    ("audit.view", "audit", "Protokoll", "Audit"),
)
