"""How a table of the scenario folder is declared: its columns, and what a cell of each is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from vorort.vocabulary import Text


@dataclass(frozen=True, slots=True)
class Column:
    """One column: kind of cell, whether it may be blank (= unknown), what it means.

    ``refers`` names the table whose ids it holds. Numbers lie in [minimum, maximum].
    """

    name: str
    kind: str
    de: str
    en: str
    blank: bool = False
    choices: tuple[str, ...] = ()
    refers: str = ""
    minimum: int | None = 0
    maximum: int = 1_000_000_000


@dataclass(frozen=True)
class Table:
    """A file of the folder: one header row, then one row each."""

    file: str
    text: Text
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("id",)

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """Columns by name, with those that are allowed everywhere."""
        return {c.name: c for c in self.all_columns}

    @cached_property
    def all_columns(self) -> tuple[Column, ...]:
        """The declared columns, then `recorded_at` and `source` where not declared."""
        own = {c.name for c in self.columns}
        return (*self.columns, *(c for c in EVERYWHERE if c.name not in own))


def own_id(de: str = "eindeutige Kennung", en: str = "unique id") -> Column:
    """The key of a row."""
    return Column("id", "id", de, en)


def ref(name: str, refers: str, de: str, en: str, blank: bool = False) -> Column:
    """The id of a row of another table."""
    return Column(name, "ref", de, en, blank, refers=refers)


def choice(name: str, choices: tuple[str, ...], de: str, en: str, blank: bool = False) -> Column:
    """One of some words."""
    return Column(name, "choice", de, en, blank, choices)


def day(name: str, de: str, en: str, blank: bool = True) -> Column:
    """A date."""
    return Column(name, "date", de, en, blank)


def whole(
    name: str, de: str, en: str, blank: bool = True, minimum: int | None = 0, maximum: int = 10**9
) -> Column:
    """A whole number."""
    return Column(name, "whole", de, en, blank, minimum=minimum, maximum=maximum)


def flag(name: str, de: str, en: str, blank: bool = True) -> Column:
    """0 or 1."""
    return Column(name, "flag", de, en, blank)


def text(name: str, de: str, en: str, blank: bool = True) -> Column:
    """Free text."""
    return Column(name, "text", de, en, blank)


EVERYWHERE = (
    Column("recorded_at", "instant", "wann es erfasst wurde", "when it was recorded", True),
    text("source", "woher die Angabe stammt", "where it comes from"),
)
