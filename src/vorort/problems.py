"""Complaints as values: where, why, what to do; in German and in English.

A reader never stops at the first fault. It collects a ``Problem`` for each and raises them
together as ``Refused``, so that a clerk mends a file once and not fifteen times.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Problem:
    """One complaint. German: Beanstandung

    ``file``, ``row`` (1 is the header row, as a spreadsheet counts) and ``column`` say where.
    """

    file: str
    reason_de: str
    reason_en: str
    remedy_de: str
    remedy_en: str
    row: int | None = None
    column: str = ""

    def place(self, lang: str = "de") -> str:
        """Where it is, in words: ``units.csv, Zeile 7, Spalte places``."""
        words = {"de": ("Zeile", "Spalte"), "en": ("row", "column")}[lang]
        parts = [self.file] if self.file else []
        if self.row is not None:
            parts.append(f"{words[0]} {self.row}")
        if self.column:
            parts.append(f"{words[1]} {self.column}")
        return ", ".join(parts)

    def text(self, lang: str = "de") -> str:
        """Place, reason and remedy in one line."""
        reason, remedy = (
            (self.reason_de, self.remedy_de) if lang == "de" else (self.reason_en, self.remedy_en)
        )
        place = self.place(lang)
        return f"{place}: {reason} {remedy}".strip() if place else f"{reason} {remedy}".strip()


class Refused(ValueError):
    """The input cannot be used; ``problems`` holds every complaint. Nothing was written."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"- {p.text('de')}" for p in self.problems))


def near_miss(word: str, known: Iterable[str]) -> str:
    """The known word that looks most like ``word``, or an empty string."""
    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=0.6)), "")
