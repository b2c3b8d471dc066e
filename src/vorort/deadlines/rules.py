"""The rules as data: how long a clock runs from which day on, in which Land, by which source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from vorort.vocabulary import Source, Text

Unit = Literal["days", "months", "years"]


@dataclass(frozen=True, slots=True)
class Term:
    """How long, from a day on. ``amount`` None: known for some Länder only."""

    valid_from: date
    amount: int | None
    lands: Mapping[str, int]
    source: Source


@dataclass(frozen=True, slots=True)
class Rule:
    """A legal clock. German: Frist"""

    key: str
    name: Text
    office: str
    unit: Unit
    terms: tuple[Term, ...]
    note: Text | None = None  # what the clock does not know

    def amount(self, land: str, on: date) -> int | None:
        """What holds in a Land on a day; None = unknown there."""
        found = None
        for term in self.terms:
            if term.valid_from <= on:
                found = term.lands.get(land, term.amount)
        return found

    def source(self, on: date) -> Source:
        """Where what holds on a day comes from."""
        held = [t for t in self.terms if t.valid_from <= on]
        return (held or list(self.terms))[-1].source


Rules = Mapping[str, Rule]


@cache
def read_rules() -> Rules:
    """The rules that come with Vorort."""
    text = files("vorort.deadlines").joinpath("rules.yaml").read_text("utf-8")
    return {key: _rule(key, row) for key, row in yaml.safe_load(text).items()}


def _rule(key: str, row: dict[str, Any]) -> Rule:
    terms = tuple(
        Term(
            v["from"], v.get("amount"), v.get("lands", {}),
            Source(v["source"]["cite"], v["source"]["grade"],
                   published=str(v["source"]["published"]) if "published" in v["source"] else None),
        )
        for v in sorted(row["values"], key=lambda v: v["from"])
    )  # fmt: skip
    note = Text(**row["note"]) if "note" in row else None
    return Rule(key, Text(**row["name"]), row["office"], row["unit"], terms, note)
