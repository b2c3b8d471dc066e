"""``vorort place`` for the terminal: who goes where, who does not and why, and what it is worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text as Line

from vorort.reports.placement_page import sentence
from vorort.reports.placement_words import needs
from vorort.reports.placement_words import words as page_words

WORDS = {
    "de": {
        "title": "Vergabevorschlag vom",
        "home": ("Haushalt", "Personen", "Einheit", "ab", "Grund"),
        "seat": ("Person", "Bedarf", "Platz"),
        "none": "noch keiner",
        "waiting": "wartet",
        "requested": "Anfrage",
        "classes": {"protection": "Schutz", "deadline": "Frist", "rest": "übrige"},
        "placed": "Untergebracht",
        "of": "von",
        "value": "Wert {0:.1f} von höchstens {1:.1f} (Abstand {2:.2%}); ohne den festen Teil "
        "{3:.1f} von {4:.1f} (Abstand {5:.2%})",
        "proved": "bewiesen: kein Vorschlag ist besser",
        "decide": "Dies ist ein Vorschlag. Bestätigt wird Haushalt für Haushalt von Menschen.",
        "cancelled": "Abgebrochen: das Beste bis dahin.",
        "broken": "Gegen eine Regel",
        "left_out": "Nicht im Vergabelauf",
        "held": "Für morgen vorgehalten",
    },
    "en": {
        "title": "Placement proposal of",
        "home": ("household", "people", "unit", "from", "reason"),
        "seat": ("person", "need", "place"),
        "none": "none yet",
        "waiting": "waits",
        "requested": "request",
        "classes": {"protection": "protection", "deadline": "deadline", "rest": "others"},
        "placed": "Placed",
        "of": "of",
        "value": "Value {0:.1f} of at most {1:.1f} (gap {2:.2%}); without the fixed part "
        "{3:.1f} of {4:.1f} (gap {5:.2%})",
        "proved": "proved: no proposal is better",
        "decide": "This is a proposal. People confirm it, household by household.",
        "cancelled": "Stopped: the best so far.",
        "broken": "Against a rule",
        "left_out": "Not in this run",
        "held": "Held back for tomorrow",
    },
}


def placement_table(result: Mapping[str, Any], lang: str) -> Iterator[RenderableType]:
    """The parts of the page, in order."""
    words: Any = WORDS[lang]
    yield Line(f"{words['title']} {_day(result['day'], lang)}", style="bold")
    yield Line(sentence(result, page_words(lang)))
    yield _homes(result, words, lang)
    seats = [a for a in result["assignments"] if a["need"] != "accommodation"]
    if seats:
        yield _seats(seats, words, lang)
    yield Line(_placed(result, words))
    beside = result["without_constant"]
    value = words["value"].format(
        result["objective"], result["bound"], result["gap"],
        beside["objective"], beside["bound"], beside["gap"],
    )  # fmt: skip
    value = value.replace(".", ",") if lang == "de" else value
    yield Line(f"{value}; {words['proved']}" if result["is_proved"] else value)
    if result["is_cancelled"]:
        yield Line(words["cancelled"], style="yellow")
    for one in result["rules_broken"]:
        yield Line(f"{words['broken']}: {one['text'][lang]}", style="bold red")
    for one in result["left_out"]:
        yield Line(f"{words['left_out']}: {one['household']}. {one['reason'][lang]}")
    yield from _held(result, words, lang)
    for note in result["notes"]:
        yield Line(note[lang], style="dim")
    yield Line(words["decide"], style="bold")


def _held(result: Mapping[str, Any], words: Any, lang: str) -> Iterator[Line]:
    """What is held back, what it costs, what it gained; only where an outlook was given."""
    found = result.get("reserve")
    if not found:
        return
    if found["why_none"]:
        yield Line(f"{words['held']}: {found['why_none'][lang]}")
    by_reason: dict[str, list[str]] = {}
    for one in found["units"]:
        by_reason.setdefault(one["reason"][lang], []).append(one["unit"])
    for reason, units in by_reason.items():
        yield Line(f"{words['held']}: {', '.join(units)}. {reason}")
    for part in ("cost", "replay"):
        if found[part]:
            yield Line(found[part][lang])


def _homes(result: Mapping[str, Any], words: Any, lang: str) -> Table:
    table = Table(*words["home"], box=None, pad_edge=False)
    table.columns[1].justify = "right"
    by_household: dict[str, list[Mapping[str, Any]]] = {}
    for row in result["assignments"]:
        if row["need"] == "accommodation":
            by_household.setdefault(row["household"], []).append(row)
    for household, rows in by_household.items():
        units = sorted({row["unit"] for row in rows if row["unit"]})
        why = result["why"][household]["text"][lang]
        where = " + ".join(units) if units else words["waiting"]
        if rows[0]["status"] == "requested":
            where = f"{where} ({words['requested']})"
        start = _day(rows[0]["from"], lang) if rows[0]["from"] else "–"
        table.add_row(household, str(len(rows)), where, start, why)
    return table


def _seats(seats: list[Mapping[str, Any]], words: Any, lang: str) -> Table:
    table = Table(*words["seat"], box=None, pad_edge=False)
    for seat in seats:
        where = f"{seat['unit']} ({words['requested']})" if seat["unit"] else words["none"]
        table.add_row(seat["person"], needs(seat["need"], lang), where)
    return table


def _placed(result: Mapping[str, Any], words: Any) -> str:
    parts = [
        f"{words['classes'][name]} {result['placed'][name]} {words['of']} {result['asked'][name]}"
        for name in result["placed"]
        if result["asked"][name]
    ]
    return f"{words['placed']}: {', '.join(parts) or 0}."


def _day(iso: str, lang: str) -> str:
    """23.11.2026, or as it is in English."""
    return f"{date.fromisoformat(iso):%d.%m.%Y}" if lang == "de" else iso
