"""A model as text that a person can read and any solver can check: the LP format.

Columns and rows have speaking names (`home(H-0711,NR7_1)`), rows stand in blocks with the name and
the sentence of their rule. Written here and not by the solver, so that a new version of it moves no
file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import isinf

from vorort.placement.goals import all_goals, weight
from vorort.placement.program import Program
from vorort.placement.rules import all_rules
from vorort.vocabulary import Text

WIDTH = 96
SIGNS = str.maketrans({"[": "(", "]": ")", "-": "_", "+": "&", " ": "_", ":": "_", "/": "_"})
SEATS = Text("Plätze anderer Stellen", "seats of other offices")


def lp_text(program: Program) -> str:
    """The whole model, points in thousandths."""
    names = _sanitised(program.names)
    goals = ", ".join(
        f"{g.name} {weight(program.problem, g)}" for g in all_goals() if weight(program.problem, g)
    )
    lines = [
        f"\\ Placement of {program.problem.day}: who could live where, points in thousandths.",
        f"\\ Weights of goals: {goals or 'none'}.",
        "Maximize",
    ]
    lines += _wrapped(" points:", _terms(names, range(len(names)), program.points), "")
    lines.append("Subject To")
    said = {rule.name: rule.text for rule in all_rules()} | {"seats": SEATS}
    labels = _sanitised(program.labels)
    for rule in dict.fromkeys(program.rules):
        lines.append(f"\\ {rule}: {said[rule].en} / {said[rule].de}")
        for number, name in enumerate(program.rules):
            if name == rule:
                lines += _row(program, names, labels[number], number)
    lines.append("Bounds")
    lines += [
        f" 0 <= {name} <= {upper:g}"
        for name, upper in zip(names, program.upper, strict=True)
        if upper != 1
    ]
    lines += ["General", *_wrapped("", [f" {n}" for n in names], ""), "End", ""]
    one = [n for n, upper in zip(names, program.upper, strict=True) if upper == 1]
    at = lines.index("General")
    lines[at:at] = [f" 0 <= {name} <= 1" for name in one]
    return "\n".join(lines)


def _sanitised(names: Sequence[str]) -> list[str]:
    """Names the format allows; two that become alike get a number."""
    found: list[str] = []
    seen: dict[str, int] = {}
    for name in names:
        plain = name.translate(SIGNS)
        seen[plain] = seen.get(plain, 0) + 1
        found.append(plain if seen[plain] == 1 else f"{plain}~{seen[plain]}")
    return found


def _terms(names: Sequence[str], columns: Iterable[int], values: Sequence[float]) -> Iterator[str]:
    for column, value in zip(columns, values, strict=True):
        if value:
            sign = "-" if value < 0 else "+"
            size = "" if abs(value) == 1 else f"{abs(value):.12g} "
            yield f" {sign} {size}{names[column]}"


def _row(program: Program, names: Sequence[str], label: str, number: int) -> Iterator[str]:
    columns, values, low, high = program.entries(number)
    terms = list(_terms(names, columns, values))
    if low == high:
        yield from _wrapped(f" {label}:", terms, f" = {low:g}")
        return
    if not isinf(high):
        yield from _wrapped(f" {label}:", terms, f" <= {high:g}")
    needs_low = not isinf(low) and (low > 0 or any(v < 0 for v in values))
    if needs_low:
        yield from _wrapped(f" {label}_least:", terms, f" >= {low:g}")


def _wrapped(head: str, terms: Iterable[str], tail: str) -> Iterator[str]:
    line = head
    for term in [*terms, tail]:
        if len(line) + len(term) > WIDTH:
            yield line
            line = "  "
        line += term
    yield line
