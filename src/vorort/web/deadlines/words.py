"""Words of dates."""

WORDS = {
    "overdue": ("überfällig", "overdue"),
    "soon": ("bald fällig", "due soon"),
    "rules_seen": ("Regeländerung zur Kenntnis genommen", "change of rules noted"),
    "later": ("später", "later"),
    "gesundheitsamt": ("Gesundheitsamt", "health office"),
    "jugendamt": ("Jugendamt", "youth office"),
    "schulamt": ("Schulamt", "school office"),
    "auslaenderbehoerde": ("Ausländerbehörde", "foreigners' office"),
    "sozialamt": ("Sozialamt", "social office"),
}
