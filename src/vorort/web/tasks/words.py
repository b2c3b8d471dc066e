"""Words of tasks and of the days until they arise."""

WORDS = {
    "days_change": (
        "Tage bis zu Aufgaben und Hinweisen geändert",
        "days until tasks and notices changed",
    ),
    "ahead": ("Ankünfte voraus", "arrivals ahead"),
    "missed": ("angekündigt, nicht erfasst", "announced, not registered"),
    "waits_long": ("wartet lange", "waits long"),
    "date_soon": ("Frist bald fällig", "date soon due"),
    "did_not_come": ("nicht erschienen", "did not come"),
    "turns_18": ("wird 18", "turns 18"),
}
