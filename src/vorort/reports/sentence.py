"""The one plain sentence that leads: what is full when, how likely, how much is missing.

Unterkunft: mit 80 % Wahrscheinlichkeit ab der Woche vom 5. April 2027 voll, es fehlen dann 20
bis 220 Betten. Schon heute zu eng: Kita und Sprachkurs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from vorort.vocabulary import Text

MOST = 0.98  # beyond, the draws say no more than that
LIKELY = 0.5  # today: more than half of all draws are overloaded in the first month
MONTHS = {
    "de": (
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
THIN = "\u00a0"


def leading_sentence(result: Mapping[str, Any], part: str) -> Text:
    """German and English sentence for ``domains`` (decided) or ``static`` (if nothing is done)."""
    return Text(_sentence(result, part, "de"), _sentence(result, part, "en"))


def long_date(day: date, lang: str) -> str:
    """``5. April 2027`` or ``5 April 2027``."""
    dot = "." if lang == "de" else ""
    return f"{day.day}{dot} {MONTHS[lang][day.month - 1]} {day.year}"


def percent(share: float, lang: str) -> str:
    """``80 %`` with a no-break space in German; draws never make anything certain."""
    sign = f"{THIN}%" if lang == "de" else "%"
    if share > MOST:
        return f"{'mehr als' if lang == 'de' else 'more than'} {MOST * 100:.0f}{sign}"
    if 0 < share < 0.01:
        return f"{'weniger als' if lang == 'de' else 'less than'} 1{sign}"
    return f"{round(share * 100)}{sign}"


def _sentence(result: Mapping[str, Any], part: str, lang: str) -> str:
    domains: Mapping[str, Any] = result[part]
    known = {name: d for name, d in domains.items() if d["capacity"] == "known"}
    if not known:
        return (
            "Zu keinem Handlungsfeld sind Plätze hinterlegt: "
            "Es lässt sich nicht sagen, was wann voll läuft."
            if lang == "de"
            else "No domain has places on file: what runs full when cannot be said."
        )
    main = known.get("accommodation") or next(iter(known.values()))
    parts = [_main(main, result, lang)]
    tight = [d["label"][lang] for d in known.values() if d is not main and _is_tight_today(d)]
    if tight:
        parts.append(
            ("Schon heute zu eng: " if lang == "de" else "Too tight today already: ")
            + _listed(tight, lang)
            + "."
        )
    nearest = _next(known, main, lang)
    if nearest:
        parts.append(nearest)
    return " ".join(parts)


def _is_tight_today(domain: Mapping[str, Any]) -> bool:
    return bool(domain["months"][0]["overload_probability"] > LIKELY)


def _main(domain: Mapping[str, Any], result: Mapping[str, Any], lang: str) -> str:
    label, unit = domain["label"][lang], domain["unit"][lang]
    first = domain["next_overload"]
    end = date.fromisoformat(result["horizon"]["end"])
    over = result["ledger"].get("over", 0) if domain is not None else 0
    today = _too_many(over, lang) if over else ""
    if first["month"] is None:
        chance = percent(1 - first["probability"], lang)
        last = f"{MONTHS[lang][(end.month - 2) % 12]} {end.year - (end.month == 1)}"
        return (
            f"{label}: reicht mit {chance} Wahrscheinlichkeit bis {last}.{today}"
            if lang == "de"
            else f"{label}: enough until {last} with {chance} probability.{today}"
        )
    week = date.fromisoformat(first["week"])
    month = next(
        (m for m in domain["months"] if m["month"] == first["month"]), domain["months"][-1]
    )
    chance = percent(month["overload_probability"], lang)
    low, high = month["waiting"]["0.25"], month["waiting"]["0.75"]
    begins = long_date(week, lang)
    if lang == "de":
        short = f"es fehlen dann {_range(low, high, lang)} {unit}"
        return (
            f"{label}: mit {chance} Wahrscheinlichkeit ab der Woche vom {begins} zu eng, "
            f"{short}.{today}"
        )
    short = f"{_range(low, high, lang)} {unit} short"
    return f"{label}: {chance} likely too tight from the week of {begins}, {short}.{today}"


def _too_many(over: int, lang: str) -> str:
    """The people housed beyond what is open today, as a sentence of its own after a space."""
    if lang == "de":
        who = "ist 1 Person" if over == 1 else f"sind {over} Personen"
        return f" Heute {who} zu viel untergebracht."
    who = "1 person is" if over == 1 else f"{over} people are"
    return f" Today {who} housed beyond what is open."


def _range(low: int, high: int, lang: str) -> str:
    low, high = _rounded(low, high)
    word = "bis" if lang == "de" else "to"
    return (
        _grouped(low, lang)
        if low == high
        else f"{_grouped(low, lang)} {word} {_grouped(high, lang)}"
    )


def _grouped(number: int, lang: str) -> str:
    """``17.229`` or ``17,229``."""
    return f"{number:,}".replace(",", "." if lang == "de" else ",")


def _rounded(low: int, high: int) -> tuple[int, int]:
    """Rounding by the size of the band, not by habit."""
    step = 10 if high - low >= 40 else 5 if high - low >= 15 else 1
    return round(low / step) * step, round(high / step) * step


def _next(known: Mapping[str, Any], main: Mapping[str, Any], lang: str) -> str:
    """Who follows after those that are tight today."""
    later = [
        (d["next_overload"]["week"], d["label"][lang])
        for d in known.values()
        if d is not main and not _is_tight_today(d) and d["next_overload"]["week"]
    ]
    if not later:
        return ""
    week, label = min(later)
    day = long_date(date.fromisoformat(week), lang)
    return (
        f"Als Nächstes: {label} (Woche vom {day})."
        if lang == "de"
        else f"Next: {label} (week of {day})."
    )


def _listed(words: Sequence[str], lang: str) -> str:
    joint = " und " if lang == "de" else " and "
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + joint + words[-1]
