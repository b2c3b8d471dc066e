"""Fields of a form: read strictly, every complaint at once, and what was typed stays typed.

German: Formular. A field has a name in both languages; its complaint names it. What is left empty
is unknown, never zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from vorort.problems import Problem
from vorort.vocabulary import Text

LONGEST = 500  # letters of a line of text
YES_NO = (("1", Text("ja", "yes")), ("0", Text("nein", "no")))


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a form. ``kind``: text, number, day, yes_no, choice, long; or ``read`` reads
    what was typed, None where it cannot."""

    name: str
    label: Text
    kind: str = "text"
    needed: bool = False
    choices: tuple[tuple[str, Text], ...] = ()
    low: int = 0
    high: int = 1_000_000
    hint: Text | None = None
    offered: tuple[Any, ...] = ()  # offered, not demanded: texts, or (text, what it stands for)
    look: Text | None = None  # a link that has them looked for, where that takes a while
    read: Callable[[str], Any] | None = None
    remedy: Text | None = None  # what to type instead, with ``read``
    nothing: Text | None = None  # what leaving a choice empty means, where it is not "unknown"


@dataclass(frozen=True, slots=True)
class Bound:
    """A field with what stands in it, for the template."""

    field: Field
    value: str
    wrong: bool = False

    @property
    def choices(self) -> tuple[tuple[str, Text], ...]:
        """What may be chosen; yes, no for a question."""
        return YES_NO if self.field.kind == "yes_no" else self.field.choices

    @property
    def offered(self) -> list[tuple[str, str]]:
        """What is offered, each with what it stands for."""
        return [(o, "") if isinstance(o, str) else o for o in self.field.offered]


def read(
    fields: Iterable[Field], sent: Mapping[str, str]
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Values by name (None = unknown), and a complaint for each field that cannot be read."""
    values: dict[str, Any] = {}
    problems = []
    for field in fields:
        text = sent.get(field.name, "").strip()
        if not text:
            values[field.name] = None
            if field.needed:
                problems.append(
                    _complaint(field, "fehlt", "is missing", "Ausfüllen.", "Fill it in.")
                )
            continue
        found = _read_own(field, text) if field.read else _READERS[field.kind](field, text)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            values[field.name] = found
    return values, tuple(problems)


def bound(
    fields: Iterable[Field],
    values: Mapping[str, Any],
    sent: Mapping[str, str] | None = None,
    problems: Iterable[Problem] = (),
) -> list[Bound]:
    """Fields as the page shows them: what was sent, else what is known."""
    wrong = {p.column for p in problems}
    found = []
    for field in fields:
        value = sent.get(field.name, "") if sent is not None else written(values.get(field.name))
        found.append(Bound(field, value, field.name in wrong))
    return found


def written(value: Any) -> str:
    """A value as a form holds it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return value.isoformat() if isinstance(value, date) else str(value)


def _complaint(field: Field, de: str, en: str, remedy_de: str, remedy_en: str) -> Problem:
    return Problem(
        "", f"{field.label.de}: {de}.", f"{field.label.en}: {en}.", remedy_de, remedy_en,
        column=field.name,
    )  # fmt: skip


def _read_own(field: Field, text: str) -> Any:
    found = field.read(text) if field.read else None
    remedy = field.remedy or Text("Anders schreiben.", "Write it otherwise.")
    return found if found is not None else _complaint(
        field, f"„{text[:20]}“ ist nicht lesbar", f"“{text[:20]}” cannot be read",
        remedy.de, remedy.en,
    )  # fmt: skip


def _text(field: Field, text: str) -> Any:
    if len(text) > LONGEST or not all(c.isprintable() or c in "\r\n\t" for c in text):
        return _complaint(
            field, "zu lang oder mit Steuerzeichen", "too long or with control characters",
            f"Höchstens {LONGEST} Zeichen.", f"At most {LONGEST} characters.",
        )  # fmt: skip
    return text


def _number(field: Field, text: str) -> Any:
    plain = text.replace(".", "").replace(" ", "") if field.high > 999 else text
    digits = plain.removeprefix("-")
    is_number = digits.isascii() and digits.isdigit() and len(digits) < 19
    if is_number and field.low <= int(plain) <= field.high:
        return int(plain)
    return _complaint(
        field, f"„{text[:20]}“ ist keine Zahl von {field.low} bis {field.high}",
        f"“{text[:20]}” is no number from {field.low} to {field.high}",
        "Nur Ziffern eintragen.", "Digits only.",
    )  # fmt: skip


def day_of(text: str) -> date | None:
    """A day written JJJJ-MM-TT or TT.MM.JJJJ; None where it is neither."""
    parts = text.split("-") if "-" in text else text.split(".")[::-1]
    try:
        year, month, day = (int(p) for p in parts)
        found = date(year, month, day)
    except (ValueError, OverflowError):
        return None
    return found if 1900 <= year <= 2100 else None


def _day(field: Field, text: str) -> Any:
    return day_of(text) or _complaint(
        field, f"„{text[:20]}“ ist kein Datum", f"“{text[:20]}” is no date",
        "Als TT.MM.JJJJ eintragen.", "Write it as DD.MM.YYYY.",
    )  # fmt: skip


def _choice(field: Field, text: str) -> Any:
    if text in dict(field.choices):
        return text
    return _complaint(
        field, "diese Auswahl gibt es nicht", "there is no such choice",
        "Aus der Liste wählen.", "Choose from the list.",
    )  # fmt: skip


def _yes_no(field: Field, text: str) -> Any:
    return text == "1" if text in ("0", "1") else _choice(field, text)


_READERS: dict[str, Callable[[Field, str], Any]] = {
    "text": _text, "long": _text, "number": _number, "day": _day, "choice": _choice,
    "yes_no": _yes_no,
}  # fmt: skip
