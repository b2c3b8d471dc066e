"""What a clerk types about a person, read kindly: dates of birth, ages, the kind of household."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from vorort.vocabulary import PartialDate, Text
from vorort.web import clock
from vorort.web.forms import Field

GROWN = 18
OLDEST = 120


def born_of(text: str, today: date) -> PartialDate | None:
    """A birth date as typed: 12.3.1992, 12031992, 1992-03-12, 3.1992, 1992, or an age (34).

    An age gives the year only. None: not readable.
    """
    text = text.strip()
    if re.fullmatch("[0-9]{1,3}", text):
        return PartialDate(today.year - int(text)) if int(text) <= OLDEST else None
    if re.fullmatch("[0-9]{4}", text):
        return _valid(int(text), None, None, today)
    if re.fullmatch("[0-9]{8}", text):
        text = f"{text[:2]}.{text[2:4]}.{text[4:]}"
    parts = text.split("-") if "-" in text else text.split(".")[::-1]
    if not 2 <= len(parts) <= 3 or not all(re.fullmatch("[0-9]{1,4}", p.strip()) for p in parts):
        return None
    year, month, *day = (int(p) for p in parts)
    if year < 100 and len(str(parts[0]).strip()) == 2:
        year += 2000 if year <= today.year % 100 else 1900
    return _valid(year, month, day[0] if day else None, today)


def _valid(year: int, month: int | None, day: int | None, today: date) -> PartialDate | None:
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    if not today.year - OLDEST <= year or first > today:
        return None
    return PartialDate(year, month, day)


def born_field() -> Field:
    """A date of birth, a year or an age, as a field of a form."""
    said = Text("TT.MM.JJJJ, Jahr oder Alter", "DD.MM.YYYY, year or age")
    return Field("born", Text("geboren", "Born"), hint=said,
                 read=lambda text: born_of(text, clock.today()),
                 remedy=Text(f"{said.de} eintragen.", f"Enter {said.en}."))  # fmt: skip


def kind_of(ages: Sequence[int | None], size: int) -> str:
    """The kind of household its members' ages speak for; unknown ages leave it open."""
    if size > len(ages) or not ages or None in ages:
        return "unknown"
    grown = sum(age is not None and age >= GROWN for age in ages)
    children = len(ages) - grown
    if not grown:
        return "uam"
    if not children:
        return "single" if grown == 1 else "couple" if grown == 2 else "family"
    return "lone_parent" if grown == 1 else "family"
