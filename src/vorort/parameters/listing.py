"""Rows of ``vorort parameters``: what holds, where it comes from, what it overrode."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from vorort.parameters.resolve import Resolved
from vorort.problems import Problem, Refused, near_miss
from vorort.vocabulary import LAENDER, Text, Value


@dataclass(frozen=True)
class Row:
    """One value of one parameter. ``value`` None = unknown; ``overridden`` = how many it beat."""

    name: str
    label: Text
    unit: Text
    value: float | None
    low: float | None
    high: float | None
    distribution: str
    scope: Text  # "Bund", "Land Bayern", "Kommune Musterstadt"; empty: nothing in force yet
    since: date | None
    source: str
    url: str
    published: str | None
    grade: str
    reason: str
    overridden: int


@dataclass(frozen=True)
class Story:
    """Everything about one parameter: the value in force first, then whom it overrode."""

    rows: tuple[Row, ...]  # in force on the day, each overrides the next
    later: tuple[Row, ...]  # not yet in force, by date


def rows(resolved: Resolved) -> tuple[Row, ...]:
    """One row a parameter, sorted by name."""
    return tuple(_row(resolved, name, 0) for name in sorted(resolved.choices))


def story(resolved: Resolved, name: str) -> Story:
    """All candidates of one parameter; ``Refused`` with a near miss where nobody declared it."""
    if name not in resolved.choices:
        raise Refused([_unknown(name, resolved.choices)])
    choice = resolved.choices[name]
    in_force = tuple(_row(resolved, name, at) for at in range(max(1, len(choice.candidates))))
    later = tuple(_filled(resolved, name, v, 0) for v in choice.future)
    return Story(in_force, later)


def _row(resolved: Resolved, name: str, at: int) -> Row:
    candidates = resolved.choices[name].candidates
    value = candidates[at] if candidates else None
    return _filled(resolved, name, value, max(0, len(candidates) - at - 1))


def _filled(resolved: Resolved, name: str, value: Value | None, overridden: int) -> Row:
    parameter = resolved.choices[name].parameter
    if value is None:
        return Row(name, parameter.label, parameter.unit, None, None, None, "fixed", Text("", ""),
                   None, "", "", None, "", "no value in force on this day", 0)  # fmt: skip
    source = value.source
    return Row(
        name, parameter.label, parameter.unit, value.amount, value.low, value.high,
        value.distribution, scope_words(value), value.valid_from, source.cite, source.url,
        source.published, source.grade, value.reason, overridden,
    )  # fmt: skip


def scope_words(value: Value) -> Text:
    """Who set the value, in words."""
    if value.scope == "bund":
        return Text("Bund", "Federal")
    if value.scope == "land":
        return Text(f"Land {LAENDER.get(value.scope_name, value.scope_name)}",
                    f"Land {LAENDER.get(value.scope_name, value.scope_name)}")  # fmt: skip
    return Text(f"Kommune {value.scope_name}".strip(), f"Kommune {value.scope_name}".strip())


def _unknown(name: str, known: Collection[str]) -> Problem:
    near = near_miss(name, known)
    return Problem(
        "", f"Den Kennwert „{name}“ gibt es nicht.", f"There is no parameter “{name}”.",
        f"Gemeint ist wohl „{near}“." if near else "Ohne Namen aufrufen zeigt alle.",
        f"Probably “{near}” is meant." if near else "Call it without a name to see all.",
    )  # fmt: skip
