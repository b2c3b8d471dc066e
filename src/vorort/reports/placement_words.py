"""The words of a placement report, in both languages, and what a need is called."""

from __future__ import annotations

from collections.abc import Mapping

_WORDS = {
    "title": ("Vergabevorschlag vom {day}", "Placement proposal of {day}"),
    "lead": (
        "{0} von {1} Haushalten haben einen Vorschlag, {2} von {3} Personen.",
        "{0} of {1} households have a proposal, {2} of {3} people.",
    ),
    "one_lead": (
        "{0} von {1} Haushalt hat einen Vorschlag, {2} von {3} Personen.",
        "{0} of {1} household has a proposal, {2} of {3} people.",
    ),
    "basis": ("{proof}. Startzahl {seed}, Version {version}.",
              "{proof}. Seed {seed}, version {version}."),
    "proved": ("Bewiesen: Kein Vorschlag nach diesen Regeln ist besser",
               "Proved: no proposal under these rules is better"),
    "at_most": ("Kein Vorschlag nach diesen Regeln ist um mehr als {0} besser",
                "No proposal under these rules is better by more than {0}"),
    "cancelled": ("Abgebrochen: das Beste bis dahin.", "Stopped: the best so far."),
    "decide": ("Dies ist ein Vorschlag. Bestätigt wird Haushalt für Haushalt von Menschen.",
               "This is a proposal. People confirm it, household by household."),
    "broken": ("Gegen eine Regel", "Against a rule"),
    "waiting": ("Ohne Vorschlag", "Without a proposal"),
    "homes": ("Vorschläge", "Proposals"),
    "homes_caption": ("Jeder Haushalt mit seinem Platz; die Gründe stehen weiter unten.",
                      "Each household with its place; the reasons stand below."),
    "nobody": ("Niemand hat einen Vorschlag.", "Nobody has a proposal."),
    "seats": ("Plätze bei anderen Stellen", "Seats at other offices"),
    "seats_caption": ("Aus jedem Vorschlag wird eine Anfrage; die andere Stelle entscheidet.",
                      "Each proposal becomes a request; the other office decides."),
    "reasons": ("Warum dieser Platz", "Why this place"),
    "runners_up": ("Nächstbeste Plätze", "Next best places"),
    "held": ("Für morgen vorgehalten", "Held back for tomorrow"),
    "left_out": ("Nicht im Vergabelauf", "Not in this run"),
    "notes": ("Angenommen oder unbekannt", "Assumed or unknown"),
    "record": ("Nachweis", "Record"),
    "people": ("Personen: {0}", "people: {0}"),
    "household": ("Haushalt", "household"),
    "size": ("Personen", "people"),
    "unit": ("Einheit", "unit"),
    "from": ("ab", "from"),
    "until": ("bis", "until"),
    "open_end": ("offen", "open"),
    "status": ("Stand", "state"),
    "requested": ("Anfrage an eine andere Stelle", "request to another office"),
    "proposed": ("vorgeschlagen", "proposed"),
    "person": ("Person", "person"),
    "need": ("Bedarf", "need"),
    "seat": ("Platz", "seat"),
    "no_seat": ("noch keiner", "none yet"),
    "placed": ("untergebracht", "placed"),
    "of": ("{0} {1} von {2}", "{0} {1} of {2}"),
    "class_protection": ("Schutz", "protection"),
    "class_deadline": ("Frist", "deadline"),
    "class_rest": ("übrige", "others"),
    "value": ("Wert in Punkten", "value in points"),
    "without": ("davon noch wählbar", "of it still to choose"),
    "of_at_most": ("{0} von höchstens {1} (Abstand {2})", "{0} of at most {1} (gap {2})"),
    "seats_found": ("Kita, Schule, Kurs", "Kita, school, course"),
    "seats_of": ("{0} von {1} Plätzen gefunden", "{0} of {1} seats found"),
    "seed": ("Startzahl", "seed"),
    "version": ("Version", "version"),
}  # fmt: skip
_DOMAINS = {
    "childcare": ("Kita", "Kita"), "school": ("Schule", "school"),
    "language": ("Sprachkurs", "language course"), "counselling": ("Beratung", "counselling"),
    "mentoring": ("Patenschaft", "mentoring"),
}  # fmt: skip
_POOLS = {
    "u3": ("unter 3", "under 3"), "o3": ("ab 3", "from 3"), "primary": ("Grundschule", "primary"),
    "secondary": ("Sekundarstufe", "secondary"), "vocational": ("berufliche Schule", "vocational"),
}  # fmt: skip


def words(lang: str) -> Mapping[str, str]:
    """Every text in one language."""
    return {key: pair[lang == "en"] for key, pair in _WORDS.items()}


def needs(need: str, lang: str) -> str:
    """What ``school/primary`` is called; what is not known here is read out as it is."""
    domain, _, pool = need.partition("/")
    name = _DOMAINS.get(domain, (domain, domain))[lang == "en"]
    if pool in ("", "general"):
        return name
    return f"{name}, {_POOLS.get(pool, (pool, pool))[lang == 'en']}"
