"""Words of tasks and of the days until they arise."""

WORDS = {
    "days_change": ("Tage bis zu einer Aufgabe geändert", "days until a task changed"),
    "did_not_come": ("nicht erschienen", "did not come"),
    "turns_18": ("wird 18", "turns 18"),
}
