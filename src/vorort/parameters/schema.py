"""From plain content to parameters and values; every fault becomes a complaint.

The file format is documented in docs/reference/parameters.md. A value that has a fault is
dropped after the complaint: the loader refuses the whole set in the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Literal, cast

from vorort.parameters.complaints import Complaints, Path_
from vorort.parameters.sources import check_grade, read_source
from vorort.vocabulary import Parameter, Scope, Text, Value

PARAMETER_KEYS = ("name", "unit", "minimum", "maximum", "before", "values")
VALUE_KEYS = ("from", "value", "range", "distribution", "reason", "source")
DISTRIBUTIONS = ("triangular", "uniform", "fixed")
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_REMEDY_DATE = Text(
    "Als JJJJ-MM-TT schreiben, etwa 2024-01-01.", "Write YYYY-MM-DD, as 2024-01-01."
)

Distribution = Literal["triangular", "uniform", "fixed"]


@dataclass(frozen=True)
class Head:
    """The head of a domain folder: its name, what its places are counted in, has it capacity."""

    name: str
    label: Text
    unit: Text
    capacity: Literal["known", "none"]


@dataclass(frozen=True)
class Owner:
    """For whom values are set."""

    scope: Scope
    name: str = ""


def read_head(found: Any, folder: str, complaints: Complaints) -> Head:
    """The ``domain:`` block."""
    path: Path_ = ("domain",)
    block = complaints.mapping(found, path, ("name", "unit", "capacity"))
    capacity = block.get("capacity")
    if capacity not in ("known", "none"):
        complaints.add(
            (*path, "capacity"),
            Text(
                f"„{capacity}“ ist keine Art von Kapazität.",
                f"“{capacity}” is no kind of capacity.",
            ),
            Text("known oder none schreiben.", "Write known or none."),
        )
    label = complaints.text(block.get("name"), (*path, "name"))
    unit = complaints.text(block.get("unit"), (*path, "unit"))
    return Head(folder, label, unit, "known" if capacity == "known" else "none")


def read_parameter(name: str, found: Any, complaints: Complaints) -> Parameter:
    """One declared parameter with its federal values."""
    path: Path_ = ("parameters", name)
    if not _NAME.fullmatch(name):
        complaints.add(
            path,
            Text(
                f"„{name}“ ist kein Name eines Kennwerts.", f"“{name}” is no name of a parameter."
            ),
            Text(
                "Klein und mit Punkt, etwa childcare.uptake_u3.",
                "Lower case with a point, childcare.uptake_u3.",
            ),
        )
    block = complaints.mapping(found, path, PARAMETER_KEYS)
    label = complaints.text(block.get("name"), (*path, "name"))
    unit = complaints.text(block.get("unit"), (*path, "unit"))
    low, high = (
        complaints.number(block[key], (*path, key)) if block.get(key) is not None else None
        for key in ("minimum", "maximum")
    )
    if low is not None and high is not None and low > high:
        complaints.add(
            (*path, "minimum"),
            Text("minimum ist größer als maximum.", "minimum is larger than maximum."),
            Text("Die beiden Zahlen tauschen.", "Swap the two numbers."),
        )
    before = complaints.pair(block["before"], (*path, "before")) if "before" in block else None
    bare = Parameter(name, label, unit, (), low, high, before)
    for number in before or ():
        _within(number, bare, (*path, "before"), complaints)
    values = read_values(block.get("values"), bare, Owner("bund"), (*path, "values"), complaints)
    return Parameter(name, label, unit, values, low, high, before)


def read_values(
    found: Any, parameter: Parameter, owner: Owner, path: Path_, complaints: Complaints
) -> tuple[Value, ...]:
    """The dated values of one parameter, in order of their first day."""
    if not isinstance(found, list) or not found:
        complaints.missing(
            path,
            "values",
            Text(
                "Mindestens einen datierten Wert angeben, auch unknown.",
                "Give at least one dated value, unknown if need be.",
            ),
        )
        return ()
    read = [_value(x, parameter, owner, (*path, at), complaints) for at, x in enumerate(found)]
    values = sorted((v for v in read if v is not None), key=lambda v: v.valid_from)
    for earlier, later in pairwise(values):
        if earlier.valid_from == later.valid_from:
            complaints.add(
                path,
                Text(
                    f"Zwei Werte gelten ab {later.valid_from}.",
                    f"Two values hold from {later.valid_from}.",
                ),
                Text("Einen streichen oder sein Datum ändern.", "Drop one or change its date."),
            )
    return tuple(values)


def _value(
    found: Any, parameter: Parameter, owner: Owner, path: Path_, complaints: Complaints
) -> Value | None:
    before = len(complaints.problems)
    block = complaints.mapping(found, path, VALUE_KEYS)
    if not block:
        if len(complaints.problems) == before:
            complaints.missing(
                path, "value", Text("from, value und source angeben.", "Give from, value, source.")
            )
        return None
    since = _since(block.get("from"), (*path, "from"), complaints)
    amount = _amount(block, parameter, path, complaints)
    span = complaints.pair(block["range"], (*path, "range")) if "range" in block else None
    source = read_source(block.get("source"), (*path, "source"), complaints)
    reason = _reason(block, path, complaints)
    _check_range(amount, span, parameter, path, complaints)
    if source is not None:
        check_grade(source, block, path, complaints)
    distribution = _distribution(block, span, path, complaints)
    if len(complaints.problems) > before or since is None or source is None:
        return None
    low, high = span or (None, None)
    return Value(since, amount, source, low, high, distribution, reason, owner.scope, owner.name)


def _since(found: Any, path: Path_, complaints: Complaints) -> date | None:
    if isinstance(found, date):
        return found
    complaints.add(
        path, Text(f"„{found}“ ist kein Datum.", f"“{found}” is not a date."), _REMEDY_DATE
    )
    return None


def _amount(block: Any, parameter: Parameter, path: Path_, complaints: Complaints) -> float | None:
    if "value" not in block:
        complaints.missing(
            path, "value", Text("Zahl oder unknown angeben.", "Give a number or unknown.")
        )
        return None
    if block["value"] == "unknown":
        return None
    amount = complaints.number(block["value"], (*path, "value"), or_unknown=True)
    if amount is not None:
        _within(amount, parameter, (*path, "value"), complaints)
    return amount


def _within(number: float, parameter: Parameter, path: Path_, complaints: Complaints) -> None:
    low, high = parameter.minimum, parameter.maximum
    if (low is None or number >= low) and (high is None or number <= high):
        return
    bounds = f"{'' if low is None else f'{low:g}'} … {'' if high is None else f'{high:g}'}"
    complaints.add(
        path,
        Text(
            f"{number:g} liegt außerhalb der Grenzen {bounds} von {parameter.name}.",
            f"{number:g} lies outside the bounds {bounds} of {parameter.name}.",
        ),
        Text(
            "Wert und Einheit prüfen (Anteil statt Prozent?).",
            "Check value and unit (share, not percent?).",
        ),
    )


def _check_range(
    amount: float | None,
    span: tuple[float, float] | None,
    parameter: Parameter,
    path: Path_,
    complaints: Complaints,
) -> None:
    if span is None:
        return
    for number in span:
        _within(number, parameter, (*path, "range"), complaints)
    if amount is not None and not span[0] <= amount <= span[1]:
        complaints.add(
            (*path, "value"),
            Text(
                f"{amount:g} liegt außerhalb der eigenen Spanne {span[0]:g} bis {span[1]:g}.",
                f"{amount:g} lies outside its own range {span[0]:g} to {span[1]:g}.",
            ),
            Text("Wert oder Spanne berichtigen.", "Mend the value or the range."),
        )


def _distribution(
    block: Any, span: tuple[float, float] | None, path: Path_, complaints: Complaints
) -> Distribution:
    word = block.get("distribution", "fixed" if span is None else "triangular")
    if word not in DISTRIBUTIONS:
        complaints.unknown_key((*path, "distribution"), str(word), DISTRIBUTIONS)
    elif span is None and word != "fixed":
        complaints.missing(
            path,
            "range",
            Text("Eine Verteilung braucht eine Spanne.", "A distribution needs a range."),
        )
    return cast(Distribution, word)


def _reason(block: Any, path: Path_, complaints: Complaints) -> str:
    reason = block.get("reason", "")
    if not isinstance(reason, str):
        complaints.add(
            (*path, "reason"),
            Text("Die Begründung ist kein Text.", "The reason is not a text."),
            Text("In Worten schreiben.", "Write it in words."),
        )
        return ""
    if block.get("value") == "unknown" and not reason.strip():
        complaints.missing(
            path,
            "reason",
            Text(
                "Sagen, was gesucht und nicht gefunden wurde.",
                "Say what was looked for and not found.",
            ),
        )
    return reason
